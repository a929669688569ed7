"""The slides of the whole: 总体, and who holds how much of it, by leader or by department."""

from collections.abc import Callable, Iterator

import pandas as pd

from reports import lists, words
from reports.indicator import lines
from reports.meeting.base import DEPARTMENT, Meeting, cells, joined, name, pages
from reports.meeting.slides import ROWS, Holder, Overall, Part, Piece, Section, Sections, Slide, clip, fitting
from reports.method import assumes
from reports.words import ASSUMED, GROUPS, KEYS, STATUSES
from scoring import summary
from scoring.table import UNNAMED

TOP = 3
FEW = 5  # departments that leave room for three lines of text
SECTION = 12.0  # full-width characters of a name
WORDS = {"steady": "已完成或按序时推进", "risk": "有失分风险", "unknown": "尚未填报"}
EARNED = ("已得", "待评", "已失")
LACKING = "lacking"


def overall(meeting: Meeting) -> Slide:
    """Return 总体: the sentence that leads, the bar, the large numbers and who holds most of them."""
    build = {"blank": _blank, "running": _running, "evaluation": _evaluation}[meeting.phase]
    title, parts = build(meeting)
    day = words.day(meeting.as_of, meeting.plan.year)
    context = f"总体　数据截至{day}　{len(meeting.scored)}项"
    more = "　".join(filter(None, (unweighted(meeting), assumed(meeting))))
    content = Overall(words.overview(meeting.total, meeting.plan), _bar(meeting), parts)
    return Slide("overall", "overall", title, context, content, more, cells(meeting.scored))


def unweighted(meeting: Meeting) -> str:
    """Return how many indicators are in no sum, for want of a weight; "" where all have one."""
    count = int(summary.without_weight(meeting.scored).sum())
    return f"其中{count}项没有写明分值" if count else ""


def assumed(meeting: Meeting) -> str:
    """Return what the numbers rest on that nobody has laid down."""
    if meeting.phase == "evaluation":
        return f"打分满分{ASSUMED}" if assumes(meeting.method, "panel_scale") else ""
    rests = meeting.total["behind"] > 0 and assumes(meeting.method, "behind_tolerance")
    return f"滞后{ASSUMED}的容差{words.number(meeting.method.behind_tolerance * 100)}个百分点判断" if rests else ""


def _bar(meeting: Meeting) -> tuple[Piece, ...]:
    total = meeting.total
    if meeting.phase == "evaluation":
        pieces = earned(total)
    else:
        pieces = tuple(Piece(key, mark.word, float(total[key])) for key, mark in STATUSES.items())
    lacking = words.gap(meeting.plan, total["weight"])
    what = "原件缺失" if meeting.plan.gaps else "没有读到"
    return tuple(piece for piece in (*pieces, Piece(LACKING, what, max(lacking, 0.0))) if piece.points > 1e-9)


def earned(row: pd.Series) -> tuple[Piece, ...]:
    """Return a summary's row as points earned, still to be scored, and lost."""
    score = 0.0 if pd.isna(row["score"]) else float(row["score"])
    sizes = (score, float(row["weight"] - row["scored_weight"]), float(row["scored_weight"]) - score)
    return tuple(Piece(*each) for each in zip(("done", "not_reported", "overdue"), EARNED, sizes, strict=True))


# Nothing reported yet


def _blank(meeting: Meeting) -> tuple[str, tuple[Part, ...]]:
    table = summary.by_department(meeting.scored)
    weight = meeting.total["weight"]
    held, rest = _top(table, "weight")
    parts = [Part("unknown", words.number(weight), "分", "尚未填报，承担最多的", "", (), held, rest)]
    leaders = summary.by_leader(meeting.scored).drop(index=UNNAMED, errors="ignore")
    if meeting.names and len(leaders):
        held, rest = _top(leaders, "weight", "位")
        parts.append(Part("", str(len(leaders)), "位", "分管领导，承担最多的", "", (), held, rest))
    parts += _next_due(meeting)
    return fitting(f"{words.points(weight)}全部尚未填报", "全部尚未填报"), tuple(parts)


def _next_due(meeting: Meeting) -> list[Part]:
    coming = lists.first_due(meeting.scored)
    if coming.empty:
        return []
    first = coming[coming["due"] == coming["due"].iloc[0]]
    held, rest = _top(summary.by_department(first), "weight")
    day = words.day(first["due"].iloc[0].date(), meeting.plan.year)
    return [Part("", words.number(first["weight"].sum()), "分", f"{day}到期，最早", "", (), held, rest)]


def _top(table: pd.DataFrame, column: str, counter: str = "个") -> tuple[tuple[Holder, ...], str]:
    """Return who holds most of a column of a summary, and how much the others hold together."""
    held = table[table[column] > 1e-9].sort_values(column, ascending=False, kind="stable")[column]
    top, rest = held.head(TOP), held.iloc[TOP:]
    holders = tuple(Holder(clip(str(name), DEPARTMENT), words.points(value, 2)) for name, value in top.items())
    return holders, f"其余{len(rest)}{counter}{words.points(rest.sum(), 2)}" if len(rest) else ""


# Under way


def _running(meeting: Meeting) -> tuple[str, tuple[Part, ...]]:
    _, risk, unknown = words.parts(meeting.total)
    empty = words.unknown_word(meeting.total)
    danger = f"{words.points(risk)}有风险" if risk else "暂无失分风险"
    waiting = f"{words.points(unknown)}{empty}" if unknown else "全部有填报"
    parts = tuple(_group(meeting, group) for group in GROUPS)
    return fitting(f"{danger}，{waiting}", danger), parts


def _group(meeting: Meeting, group: str) -> Part:
    total, keys = meeting.total, KEYS[group]
    points = float(total[keys].sum())
    table = summary.by_department(meeting.scored).assign(held=lambda each: each[keys].sum(axis=1))
    held, rest = _news(meeting) if group == "steady" else _top(table, "held")
    pieces = tuple(Piece(key, STATUSES[key].word, float(total[key])) for key in keys if total[key] > 0)
    word = f"尚{words.unknown_word(total)}".replace("尚待判", "待判") if group == "unknown" else WORDS[group]
    return Part(group, words.number(points), "分", word, _moved(meeting, keys, points), pieces, held, rest)


def _moved(meeting: Meeting, keys: list[str], points: float) -> str:
    if meeting.previous is None:
        return ""
    return f"较上版{words.change(points - float(summary.total(meeting.previous).iloc[0][keys].sum()))}"


def _news(meeting: Meeting) -> tuple[tuple[Holder, ...], str]:
    """Return how many indicators were met since the version before."""
    done = meeting.scored.index[meeting.scored["status"] == "done"]
    before = {index: row.status for index, row in meeting.before.items()}
    count = sum(before.get(index) != "done" for index in done)
    return ((Holder("本版新完成", f"{count}项"),) if meeting.previous is not None and count else ()), ""


# The evaluation


def _evaluation(meeting: Meeting) -> tuple[str, tuple[Part, ...]]:
    got, pending, lost = earned(meeting.total)
    table = summary.by_department(meeting.scored).fillna({"score": 0.0})
    table = table.assign(
        lost=(table["scored_weight"] - table["score"]).round(9),
        pending=(table["weight"] - table["scored_weight"]).round(9),
    )
    parts = (
        Part("steady", words.number(got.points, 2), "分", "已得", "", (), (), ""),
        Part("unknown", words.number(pending.points, 2), "分", "待评", "", (), *_top(table, "pending")),
        Part("risk", words.number(lost.points, 2), "分", "已失", "", (), *_top(table, "lost")),
    )
    told = f"已得{words.points(got.points, 2)}，失{words.points(lost.points, 2)}"
    return fitting(told, "考评进行中"), parts


# Who holds what


def leaders(meeting: Meeting) -> Iterator[Slide]:
    """Yield a slide for each leader in the bureau's own order, with his departments; those who only join in have none."""
    by_leader = summary.by_leader(meeting.scored)
    for leader in in_order(meeting, list(by_leader.index)):
        rows = lists.led_by(meeting.scored, "leaders", leader)
        if len(rows):
            yield _leader(meeting, leader, by_leader.loc[[leader]].iloc[0], rows)


def in_order(meeting: Meeting, names: list[str]) -> list[str]:
    """Return leaders as the plan lists them (组长, 副组长), then in the order of the table; 未写明 last."""
    own = [name for name in (meeting.plan.chair, *meeting.plan.deputies) if name in names]
    rest = [name for name in names if name not in own and name != UNNAMED]
    return list(dict.fromkeys([*own, *rest, *(name for name in names if name == UNNAMED)]))


def _leader(meeting: Meeting, leader: str, held: pd.Series, rows: pd.DataFrame) -> Slide:
    table = summary.by_department(rows)
    content, more = _sections(meeting, _ranked(meeting, table[table["indicators"] > 0]), rows)
    joint = f"　另协办{words.points(held['joint_weight'])}" if held["joint_weight"] > 0 else ""
    context = f"分管领导　承担{_amount(held)}{joint}"
    who = "没有写明分管领导" if leader == UNNAMED else clip(leader, DEPARTMENT)
    title = fitting(f"{who}：{_standing(meeting, held)}", who)
    return Slide(f"leader-{leader}", "sections", title, context, content, more, cells(rows))


def _amount(row: pd.Series) -> str:
    held, count = words.held(row), f"{row['indicators']:.0f}项"
    return f"{held}分、{count}" if held != words.MISSING else f"{count}，没有写明分值"


def _standing(meeting: Meeting, row: pd.Series) -> str:
    if meeting.phase == "evaluation":
        _, pending, lost = earned(row)
        told = f"失{words.points(lost.points, 2)}" if lost.points > 1e-9 else "没有失分"
        return told + (f"，待评{words.points(pending.points, 2)}" if pending.points > 1e-9 else "")
    steady, risk, unknown = words.parts(row)
    empty = words.unknown_word(row)
    if risk:
        return f"{words.points(risk)}有风险" + (f"，{words.points(unknown)}{empty}" if unknown else "")
    if unknown:
        return f"{words.points(unknown)}{empty}" + ("，暂无失分风险" if steady else "")
    return "暂无失分风险" if steady else f"{row['indicators']:.0f}项没有写明分值"


def _ranked(meeting: Meeting, table: pd.DataFrame) -> pd.DataFrame:
    if meeting.phase != "evaluation":
        return lists.ranked(table)
    loss = (table["scored_weight"] - table["score"].fillna(0)).round(9)
    order = pd.DataFrame({"loss": loss, "weight": table["weight"]})
    return table.loc[order.sort_values(["loss", "weight"], ascending=False, kind="stable").index]


def _sections(meeting: Meeting, table: pd.DataFrame, rows: pd.DataFrame) -> tuple[Sections, str]:
    shown, rest = table.head(ROWS), table.iloc[ROWS:]
    more = f"其余{len(rest)}个科室：{_standing(meeting, rest.sum(numeric_only=True))}" if len(rest) else ""
    return _columns(meeting, shown, _below(meeting, rows, len(shown))), more


def _below(meeting: Meeting, rows: pd.DataFrame, used: int) -> str:
    """Return which of some indicators need a decision, or fall due first: as many as fit below ``used`` departments."""
    if meeting.phase == "blank":
        found, word = lists.first_due(rows), "先到期的"
    else:
        watched = lists.watch(rows)
        found, word = watched[watched["score"].isna()], "盯办"
    names = [name(row) for row in lines(found)]
    told = joined(names, 70 if used <= FEW else 34)
    return f"{word}：{told}" if names else ""


def _columns(meeting: Meeting, table: pd.DataFrame, below: str) -> Sections:
    columns: tuple[str, ...] = EARNED
    split: Callable[[pd.Series], tuple[tuple[Piece, ...], ...]] = _by_score
    if meeting.phase == "blank":
        columns, split = ("尚未填报",), _unreported
    elif meeting.phase == "running":
        columns, split = ("完成或按序时", "有失分风险", words.unknown_word(table.sum(numeric_only=True))), _by_group
    rows = [Section(clip(str(who), SECTION), words.held(row), split(row)) for who, row in table.iterrows()]
    return Sections(columns, tuple(rows), below)


def _by_group(row: pd.Series) -> tuple[tuple[Piece, ...], ...]:
    return tuple(tuple(Piece(key, STATUSES[key].word, float(row[key])) for key in keys) for keys in KEYS.values())


def _unreported(row: pd.Series) -> tuple[tuple[Piece, ...], ...]:
    return ((Piece("not_reported", STATUSES["not_reported"].word, float(row["not_reported"])),),)


def _by_score(row: pd.Series) -> tuple[tuple[Piece, ...], ...]:
    return tuple((piece,) for piece in earned(row))


def departments(meeting: Meeting) -> Iterator[Slide]:
    """Yield all departments, for where people may not be named."""
    table = _ranked(meeting, summary.by_department(meeting.scored))
    table = table[table["indicators"] > 0]
    for page, place in pages(len(table), ROWS):
        part = table.iloc[place]
        context = f"按科室　{len(table)}个，第{place.start + 1}至{place.stop}个"
        title = fitting(_standing(meeting, part.sum(numeric_only=True)), "各科室")
        content = _columns(meeting, part, "")
        rows = meeting.scored[meeting.scored["departments"].map(words.lead).isin(part.index)]
        yield Slide(f"departments-{page}", "sections", title, context, content, "", cells(rows))
