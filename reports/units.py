"""各单位 in words: who has submitted, how each unit's points stand, and what nobody knows yet.

Units are counted; their points are never added up, for a sum over units would hide whose are missing. Nothing is a
ranking: the order is the roster's, else that in which the units first published.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from data.storage.roster import Place, Roster, key
from data.storage.summaries import Summary
from data.versions import Listed
from reports import words
from reports.imprint import HASH, INTERNAL
from reports.words import EXAMPLE, Parts, Sentence, Span

State = Literal["submitted", "missing", "pending"]
STATES: dict[State, str] = {"submitted": "已报", "missing": "未报", "pending": "待汇总"}
UNLISTED = "名单以外"
UNGROUPED = "未分组"
NAMED = 3  # units that a sentence names before it only counts them
TOLD = 8  # units that the line below it names
NO_UNITS: Sentence = (Span("还没有单位报来考评表。"),)
NO_ROSTER = "还没有单位名单，看不出谁没有报。"
NOT_RANKED = "不排名：按名单或首次发布的先后排列。"
ORDERED = "各组内险分多的在前；没有报的、待汇总的险分不知道，排在后面。"
FILTERS = {"group": "组别", "state": "报送"}
HOW_TO_SUM_UP = "请维护人员运行 python -m data bulk，来源和去处都写这个版本库；现有数据没有变动。"
ONE_UNIT = "现在只有一家单位，看总览即可；有了第二家，或上传了单位名单，菜单里才有这一页。"


@dataclass(frozen=True)
class Unit:
    """A unit in a year. ``plan`` is None where it has submitted none; ``summary`` is of the plan's newest version.

    ``file`` is the name that the roster expects. An example that is on no roster is shown and not counted.
    """

    name: str
    group: str
    file: str = ""
    plan: Listed | None = None
    summary: Summary | None = None
    counted: bool = True

    @property
    def state(self) -> State:
        """Return submitted, missing (no plan) or pending (a plan without a summary under the rules in force)."""
        return "missing" if self.plan is None else "submitted" if self.summary else "pending"

    @cached_property
    def parts(self) -> Parts:
        """Return the points of 稳, 险 and 空, 0 where there is no summary."""
        return Parts(*(sum(getattr(self.summary, key, 0.0) for key in keys) for keys in words.KEYS.values()))

    @property
    def risk(self) -> float:
        """Return the points at risk, −1 where nobody knows them, so that what is unknown never leads."""
        return self.parts.risk if self.summary else -1.0


@dataclass(frozen=True)
class Query:
    """What is looked for among the units; an empty part asks for nothing."""

    text: str = ""
    group: str = ""
    state: str = ""
    by_risk: bool = False

    @property
    def narrows(self) -> bool:
        """Tell whether anything is asked for, beyond an order."""
        return bool(self.text.split() or self.group or self.state)


# Which units there are


def years(plans: Iterable[Listed]) -> tuple[int, ...]:
    """Return the years of some plans, the last one first."""
    return tuple(sorted({plan.year for plan in plans}, reverse=True))


def listed(places: Iterable[Place], summaries: Iterable[Summary], has_roster: bool) -> tuple[Unit, ...]:
    """Return the units of some places with their summaries, group by group."""
    known = {summary.plan: summary for summary in summaries}
    units = []
    for place in places:
        plan, expected = place.plan, place.expected
        group = (expected.group or UNGROUPED) if place.listed else _unlisted(plan, has_roster)
        summary = known.get(plan.name) if plan else None
        units.append(Unit(expected.unit, group, expected.filename, plan, summary, group != EXAMPLE))
    return _by_group(units)


def _unlisted(plan: Listed | None, has_roster: bool) -> str:
    return EXAMPLE if plan and plan.example else UNLISTED if has_roster else ""


def _by_group(units: list[Unit]) -> tuple[Unit, ...]:
    """Bring the units of a group together, groups as they first appear, examples last."""
    place = {group: number for number, group in enumerate(dict.fromkeys(unit.group for unit in units))}
    return tuple(sorted(units, key=lambda unit: (not unit.counted, place[unit.group])))


def found(units: tuple[Unit, ...], query: Query) -> tuple[Unit, ...]:
    """Return the units that fit; inside each group by risk where that is asked for."""
    wanted = _normal(query.text).split()
    fits = tuple(
        unit
        for unit in units
        if (not query.group or unit.group == query.group)
        and (not query.state or unit.state == query.state)
        and all(word in _normal(unit.name) for word in wanted)
    )
    if not query.by_risk:
        return fits
    place = {group: number for number, group in enumerate(dict.fromkeys(unit.group for unit in fits))}
    return tuple(sorted(fits, key=lambda unit: (place[unit.group], -unit.risk)))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def tracks(units: Iterable[Unit]) -> Parts:
    """Return the largest 稳, 险 and 空 that one unit holds, the scale of all bars."""
    held = [unit.parts for unit in units]
    return Parts(*(max((parts[place] for parts in held), default=0.0) for place in range(3)))


# In words


def headline(units: tuple[Unit, ...], has_roster: bool) -> Sentence:
    """Return 100家单位，已报97家，3家未报；已报的61家有失分风险，5家没有读全。"""
    counted = tuple(unit for unit in units if unit.counted)
    if not counted:
        return NO_UNITS
    missing = [unit for unit in counted if unit.state == "missing"]
    head: Sentence = (Span(f"{len(counted)}家单位{'全部已报' if has_roster else '已报'}"),)
    if missing:
        there = len(counted) - len(missing)
        head = (Span(f"{len(counted)}家单位，已报{there}家，"), Span(f"{len(missing)}家未报", "unknown"))
    return (*head, *_standing(tuple(unit for unit in counted if unit.plan)), Span("。"))


def _standing(units: tuple[Unit, ...]) -> Sentence:
    """Return how many of the submitted units have something at risk, are not read whole, wait for their summary."""
    summed = [unit for unit in units if unit.summary]
    told: list[Sentence] = []
    if summed:
        risk = sum(unit.risk > 0 for unit in summed)
        told.append((Span(f"{risk}家有失分风险", "risk"),) if risk else (Span(_calm(summed)),))
    short = sum(_lacks(unit.summary) for unit in summed)
    told += [(Span(f"{short}家没有读全", "unknown"),)] if short else []
    pending = len(units) - len(summed)
    told += [(Span(f"{pending}家{STATES['pending']}", "unknown"),)] if pending else []
    return tuple(span for place, part in enumerate(told) for span in (Span("；" if not place else "，"), *part))


def _calm(units: list[Unit]) -> str:
    blank = sum(unit.parts.steady == 0 for unit in units)
    return "各单位都还没有填报进展" if blank == len(units) else "已填报的暂无失分风险"


def missing(units: tuple[Unit, ...]) -> str:
    """Name the units that have not submitted: 未报的有：甲局、乙局; "" where all have."""
    names = [unit.name for unit in units if unit.state == "missing"]
    more = f"等{len(names)}家" if len(names) > TOLD else ""
    return f"未报的：{'、'.join(names[:TOLD])}{more}。" if names else ""


def group(units: Iterable[Unit]) -> str:
    """Return what stands beside a group's name: 12家，已报11家; no points, for some of them are missing."""
    held = tuple(units)
    if not all(unit.counted for unit in held):
        return f"{len(held)}家，不计入"
    if all(unit.group == UNLISTED for unit in held):
        return f"{len(held)}家"
    there = sum(unit.state != "missing" for unit in held)
    pending = sum(unit.state == "pending" for unit in held)
    waits = f"，{pending}家{STATES['pending']}" if pending else ""
    return f"{len(held)}家，{'全部已报' if there == len(held) else f'已报{there}家'}{waits}"


def pending(units: tuple[Unit, ...]) -> str:
    """Return how the units without a summary get one, "" where all have theirs."""
    count = sum(unit.state == "pending" for unit in units)
    return f"{count}家单位还没有按现在的口径汇总。{HOW_TO_SUM_UP}" if count else ""


def listing(shown: int, every: int) -> str:
    """Return how many units the filters leave: 找到3家，共100家。"""
    return f"找到{shown}家，共{every}家。" if shown else "没有符合的单位。"


def place(first: int, most: int, every: int) -> str:
    """Return which of many units a page shows: 第51至100家，共120家。"""
    return f"第{first + 1}至{min(first + most, every)}家，共{every}家。"


def expected(unit: Unit) -> str:
    """Return what is awaited from a unit that has not submitted: 未报，应报文件：甲局.xlsx."""
    return f"{STATES['missing']}，应报文件：{unit.file}" if unit.file else STATES["missing"]


def _lacks(summary: Summary | None) -> bool:
    """Tell whether a table has other points than its plan, as far as the plan says how many."""
    if summary is None or words.missing(summary.plan_points):
        return False
    return words.rounded(summary.plan_points, 6) != words.rounded(summary.weight, 6)


def readable(summary: Summary) -> tuple[str, str]:
    """Return the points that were read and, where the plan has others or does not say, a note: 读到70分, 方案100分."""
    if words.missing(summary.plan_points):
        return words.points(summary.weight), "方案总分未写明"
    return words.points(summary.weight), f"方案{words.points(summary.plan_points)}" if _lacks(summary) else ""


def scored(summary: Summary) -> tuple[str, str]:
    """Return 得83.54分 and 已评88分，待评12分; a score never stands without the points that it covers."""
    if words.missing(summary.score):
        return "", "待评"
    left = summary.weight - summary.scored_weight
    pending = f"，待评{words.points(left, 2)}" if left > 1e-9 else ""
    return f"得{words.points(summary.score, 2)}", f"已评{words.points(summary.scored_weight, 2)}{pending}"


def told(unit: Unit) -> str:
    """Return in words what a unit's bars show: 甲局：按序时60分，有风险16.5分，未填报23.5分."""
    steady, risk, unknown = map(words.points, unit.parts)
    points = {key: getattr(unit.summary, key, 0.0) for key in words.KEYS["unknown"]}
    return f"{unit.name}：按序时{steady}，有风险{risk}，{words.unknown_word(points)}{unknown}"


def data_dates(units: Iterable[Unit]) -> str:
    """Return up to which days the tables speak: 数据截至10月31日, 数据截至4月30日至10月31日; "" for no table."""
    days = sorted({unit.summary.data_date for unit in units if unit.summary and unit.counted})
    if not days:
        return ""
    year = days[-1].year
    first = f"{words.day(days[0], year)}至" if len(days) > 1 else ""
    return f"数据截至{first}{words.day(days[-1], year)}"


def imprint(units: tuple[Unit, ...], year: int, head: str) -> str:
    """Return what a printed page of the units says of itself. ``head`` is the store's newest chain."""
    counted = [unit for unit in units if unit.counted]
    there = sum(unit.state != "missing" for unit in counted)
    mark = INTERNAL if counted else EXAMPLE
    parts = (mark, f"各单位 {year}", f"{len(counted)}家，已报{there}家", data_dates(units))
    check = f"校验码{head[:HASH]}" if head else ""
    return "　".join(part for part in (*parts, check) if part)


# The roster

ROSTER = "单位名单"
ROSTER_NOTE = "名单是一张表：“单位”一列必须有，“组别”“文件名”两列可以有；同组互评按组别分组，没有报的列为未报。"
KEEP = "保存为单位名单"


def read(roster: Roster, plans: Iterable[Listed]) -> str:
    """Return what a roster names: 名单上有100家单位、8个组；其中97家已有考评表。"""
    there = {key(plan.unit) for plan in plans}
    known = sum(key(each.unit) in there for each in roster.units)
    groups = [group for group in roster.groups if group]
    grouped = f"、{len(groups)}个组" if groups else ""
    return f"名单上有{len(roster.units)}家单位{grouped}；其中{known}家已有考评表。"


def unlisted(roster: Roster, plans: Iterable[Listed]) -> str:
    """Name the units that have published and are not on a roster, "" where all are."""
    named = {key(each.unit) for each in roster.units}
    units = [unit for unit in dict.fromkeys(plan.unit for plan in plans if not plan.example) if key(unit) not in named]
    more = f"等{len(units)}家" if len(units) > TOLD else ""
    return f"已报而不在名单上的：{'、'.join(units[:TOLD])}{more}；仍会列出，归在“{UNLISTED}”。" if units else ""


def replaced(roster: Roster, before: Roster | None) -> str:
    """Return what a list changes on the one that counts now: 比现在的名单多3家，少1家：甲局。"""
    if before is None:
        return "这是第一份名单。"
    now, then = ({key(each.unit): each.unit for each in one.units} for one in (roster, before))
    gone = [name for unit, name in then.items() if unit not in now]
    more = f"等{len(gone)}家" if len(gone) > TOLD else ""
    fewer = f"少{len(gone)}家：{'、'.join(gone[:TOLD])}{more}" if gone else "没有少"
    return f"比现在的名单多{len(now.keys() - then.keys())}家，{fewer}。"


def in_force(roster: Roster | None) -> str:
    """Return which list counts now."""
    if roster is None:
        return "还没有名单。"
    return f"现在的名单：“{roster.filename}”，{len(roster.units)}家。重新上传一份就替换它，以前的名单留在记录里。"


def kept(roster: Roster) -> str:
    """Return what keeping a list has done."""
    return f"已保存：“{roster.filename}”，{len(roster.units)}家。"
