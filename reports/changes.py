"""What changed, in words: the headline of an upload, the changed targets, and the story that is read aloud."""

import re
from collections.abc import Iterable
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.findings import Finding
from reports import standing, words
from reports.words import STATUSES, Sentence, Span
from scoring import changes, phase, summary
from scoring.changes import NOWHERE, Changes
from scoring.table import PANEL, TIERS
from scoring.targets import Target

KINDS = {
    "worse": "转差",
    "better": "转好",
    "newly_reported": "新填报",
    "updated": "数字更新",
    "unchanged": "无变化",
    "added": "新增",
    "removed": "删去",
}
TARGETS = {
    "weight": "权重",
    "goal": "一级指标",
    "indicator": "指标内容",
    "targets": "量化目标",
    "due": "完成时限",
    "departments": "责任科室",
    "heads": "科室负责人",
    "leaders": "分管领导",
}
MOVED = ("worse", "better", "newly_reported", "updated")
STALE = 60  # days without a new report: what 久未更新 means
NAMED = 3  # indicators that a sentence names before it counts
BLANK = "空白"
NONE = "没有量化目标"
COMPARED = 600  # characters; longer texts are shown one after the other
ALIKE = 0.6  # of the characters; where fewer stayed, pieces would be harder to read than the two texts
_TOKENS = re.compile(r"[\d.,]+|[A-Za-z]+|.", re.DOTALL)  # a number changes as a whole
Texts = npt.NDArray[np.object_]
Row = Any  # a row of ``itertuples`` over a scored table


def headline(compared: Changes, findings: tuple[Finding, ...], incomplete: Sentence = ()) -> Sentence:
    """Return 这一版更新46项：25分转好，6分转差；7处请核对，不影响发布。

    ``incomplete`` is what stands in its place where the table lacks points (``incomplete_points``).
    """
    blocking = sum(finding.severity == "blocking" and finding.code != "points_missing" for finding in findings)
    if blocking:
        return (Span("还不能发布", "risk"), Span(f"：{blocking}处须先处理；"), *_moved(compared), Span("。"))
    if incomplete:
        return incomplete
    return (*_moved(compared), Span("；"), *_to_check(findings))


def _to_check(findings: tuple[Finding, ...]) -> Sentence:
    count = sum(finding.severity == "check" for finding in findings)
    return (Span(f"{count}处请核对", "link"), Span("，不影响发布。")) if count else (Span("没有需要核对的。"),)


def incomplete_points(read: pd.DataFrame, total: float | None, gaps: Iterable[str]) -> Sentence:
    """Return 只读到45项、70分，缺1-7至1-12，方案总分100分，少30分。"""
    weight = summary.total(read).iloc[0]
    named = f"，缺{'、'.join(gaps)}" if (gaps := tuple(gaps)) else ""
    head = (Span("只读到", "risk"), Span(f"{weight['indicators']:.0f}项、{words.points(weight['weight'])}{named}"))
    if total is None:
        return (*head, Span("，分值不全。"))
    short = words.points(total - weight["weight"])
    return (*head, Span(f"，方案总分{words.points(total)}，"), Span(f"少{short}", "risk"), Span("。"))


def moved(compared: Changes) -> Sentence:
    """Return what moved between two versions as a whole sentence."""
    return (*_moved(compared), Span("。"))


def _moved(compared: Changes) -> Sentence:
    """Return what moved, from the first version's 读到60项、100分 to 更新46项：25分转好，6分转差."""
    points = changes.points(compared)
    items, weights = points["indicators"].to_dict(), points["weight"].to_dict()
    if compared.before.empty:
        return (Span(f"第一版读到{items['added']}项、{words.points(weights['added'])}"),)
    count = sum(items[kind] for kind in MOVED)
    spans = [Span(f"这一版更新{count}项" if count else "这一版没有一项填报有变化")]
    if items["better"] or items["worse"]:
        spans += [
            Span("："),
            Span(words.points(weights["better"]), "steady" if items["better"] else ""),
            Span("转好，"),
        ]
        spans += [Span(words.points(weights["worse"]), "risk" if items["worse"] else ""), Span("转差")]
    elif items["newly_reported"]:
        spans += [Span("："), Span(words.points(weights["newly_reported"]), "steady"), Span("新填报")]
    elif count:
        spans += [Span("，状态没有变化")]
    spans += [Span(f"，{KINDS[kind]}{items[kind]}项") for kind in ("added", "removed") if items[kind]]
    return tuple(spans)


def value(field: str, what: Any, year: int) -> str:
    """Return one side of a changed target: 2分, 12月31日, 外贸科、外资科, 海外仓超100个; 空白 where nothing is written."""
    if field == "weight":
        return BLANK if pd.isna(what) else words.points(what, 2)
    if field == "targets":
        return promises(what) or BLANK
    if isinstance(what, date):
        return words.day(what, year)
    return (what if isinstance(what, str) else "、".join(what)).strip() or BLANK


def promises(targets: tuple[Target, ...]) -> str:
    """Return targets in words: 圆桌会议2场及以上、利用外资增长2%及以上; 没有量化目标; "" for none."""
    told = (NONE if one.kind == "none" else f"{one.measure}{standing.promise(one)}" for one in targets)
    return "、".join(told)


def name(row: Row) -> str:
    """Return an indicator's short name."""
    return words.short_name(row.short_name, row.indicator, row.goal, row.serial)


def lines(table: pd.DataFrame, positions: Iterable[int]) -> list[Row]:
    """Return the rows of a scored table at some positions; None for ``NOWHERE``."""
    places = list(positions)
    rows = table.iloc[[place for place in places if place != NOWHERE]].itertuples()
    return [None if place == NOWHERE else next(rows) for place in places]


class Edit(NamedTuple):
    """A piece of a text that was changed: kept, only in the old one, or only in the new one."""

    text: str
    mark: Literal["same", "old", "new"]


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """Return the way from one text to another: in pieces where most of it stayed, else the old one, then the new one."""
    whole = tuple(edit for edit in (Edit(old, "old"), Edit(new, "new")) if edit.text)
    if old == new or max(len(old), len(new)) > COMPARED:
        return whole if old != new else (Edit(new, "same"),)
    then, now = _TOKENS.findall(old), _TOKENS.findall(new)
    matcher = SequenceMatcher(None, then, now, autojunk=False)
    if matcher.ratio() < ALIKE:
        return whole
    pieces: list[Edit] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Edit("".join(now[new_start:new_end]), "same"))
        else:
            pieces += [Edit("".join(then[start:end]), "old"), Edit("".join(now[new_start:new_end]), "new")]
    return tuple(piece for piece in pieces if piece.text)


def reports(was: Row, now: Row) -> tuple[tuple[str, str, str], ...]:
    """Return what else was reported otherwise, as name, old and new: 完成进度 40% 60%; 实际值; 定档; 打分; 考评结果 …."""
    sides = [_reported(row) for row in (was, now)]
    return tuple((what, sides[0][what], sides[1][what]) for what in sides[0] if sides[0][what] != sides[1][what])


def _reported(row: Row) -> dict[str, str]:
    tiers = {column: words.TIERS.get(value, BLANK) for column in TIERS for value in [getattr(row, column)]}
    seats = [words.number(getattr(row, seat), 2) for seat in PANEL]
    panel = "、".join(seats) if set(seats) != {words.MISSING} else BLANK
    return {
        "完成进度": BLANK if words.missing(row.reported_progress) else words.percent(row.reported_progress),
        "实际值": _actuals(row.targets) or BLANK,
        "自评定档": tiers["self_tier"],
        "同组互评定档": tiers["peer_tier"],
        "考评办定档": tiers["office_tier"],
        "打分": panel,
        "考评结果": BLANK if words.missing(row.stated_result) else words.points(row.stated_result, 2),
        "佐证材料": row.evidence or BLANK,
        "下一步": row.next_step or BLANK,
    }


def _actuals(targets: tuple[Target, ...]) -> str:
    return "、".join(
        f"{one.measure}{words.number(one.actual, 4)}{one.unit}" for one in targets if one.actual is not None
    )


# The change story


def story(compared: Changes, data_date: date, year: int) -> tuple[Sentence, ...]:
    """Return five sentences for reading aloud: 新完成, 转差, 目标改动, 久未更新, 得分区间."""
    return (
        _newly_done(compared),
        _worse(compared),
        _retargeted(compared, year),
        _stale(compared.after, data_date, year),
        _range(compared),
    )


def _newly_done(compared: Changes) -> Sentence:
    rows = compared.indicators[compared.indicators["now"] != NOWHERE]
    before = _statuses(compared.before, rows["was"])
    done = rows[(_statuses(compared.after, rows["now"]) == "done") & (before != "done")]
    if done.empty:
        return (Span("没有新完成的指标。"),)
    named = _named([name(row) for row in lines(compared.after, _largest(done)["now"])], len(done))
    return (Span(f"新完成{len(done)}项、"), Span(words.points(done["weight"].sum()), "done"), Span(f"：{named}。"))


def _worse(compared: Changes) -> Sentence:
    worse = compared.of("worse")
    if worse.empty:
        return (Span("没有转差的指标。"),)
    top = _largest(worse)
    pairs = zip(lines(compared.before, top["was"]), lines(compared.after, top["now"]), strict=True)
    told = [f"{name(now)}由{_word(was)}转为{_word(now)}（{words.lead(now.departments)}）" for was, now in pairs]
    head = Span(f"转差{len(worse)}项、"), Span(words.points(worse["weight"].sum()), "risk")
    return (*head, Span(f"：{_named(told, len(worse), '；')}。"))


def _retargeted(compared: Changes, year: int) -> Sentence:
    targets = compared.targets
    if targets.empty:
        return (Span("目标没有改动。" if len(compared.before) else "这是第一版，目标没有可比的上一版。"),)
    top = targets.head(NAMED)
    told = [
        _told(line, row, year) for line, row in zip(top.itertuples(), lines(compared.after, top["now"]), strict=True)
    ]
    return (Span(f"目标改动{len(targets)}处，须经审定：{_named(told, len(targets), '；')}。"),)


def _told(line: Row, row: Row, year: int) -> str:
    who = row.serial or name(row)
    if line.field in ("goal", "indicator"):
        return f"{who}的{TARGETS[line.field]}文字有改动"
    old, new = (value(line.field, side, year) for side in (line.old, line.new))
    return f"{who}的{TARGETS[line.field]}由{old}改为{new}"


def _stale(after: pd.DataFrame, data_date: date, year: int) -> Sentence:
    days = (pd.Timestamp(data_date) - after["reported_on"]).dt.days
    stale = after[(days >= STALE) & ~after["status"].isin(["done", "not_reported"])]
    never = after[after["status"] == "not_reported"]
    silent = f"；{len(never)}项、{words.points(never['weight'].sum())}从未填报" if len(never) else ""
    if stale.empty:
        return (Span(f"没有超过{STALE}天未更新的指标{silent}。"),)
    oldest = stale.loc[stale["reported_on"].idxmin()]
    who = words.short_name(oldest["short_name"], oldest["indicator"], oldest["goal"], oldest["serial"])
    since = words.day(oldest["reported_on"].date(), year)
    return (Span(f"{len(stale)}项超过{STALE}天未更新，最久的是{who}（停在{since}）{silent}。"),)


def _range(compared: Changes) -> Sentence:
    total = summary.total(compared.after).iloc[0]
    if phase(compared.after) != "evaluation":
        steady, risk, unknown = words.parts(total)
        empty = words.unknown_word(total)
        aims = f"{words.points(steady)}完成或按序时，{words.points(risk)}有风险，{words.points(unknown)}{empty}"
        return (Span(f"还没有打分，得分区间仍是0至{words.points(total['score_high'], 2)}；其中{aims}。"),)
    low, high = (words.number(total[side], 2) for side in ("score_low", "score_high"))
    before = ""
    if len(compared.before):
        then = summary.total(compared.before).iloc[0]
        before = f"，上一版是{words.number(then['score_low'], 2)}至{words.number(then['score_high'], 2)}"
    pending = total["weight"] - total["scored_weight"]
    left = f"，还有{words.points(pending, 2)}待评" if pending > 0 else ""
    return (Span("最终得分在"), Span(f"{low}至{high}", "done"), Span(f"分之间{before}{left}。"))


def _statuses(table: pd.DataFrame, positions: pd.Series) -> Texts:
    """Return the statuses at some positions; "" for ``NOWHERE``."""
    known = np.array([*table["status"].astype(object), ""], dtype=object)
    found: Texts = known[positions.to_numpy()]
    return found


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("weight", ascending=False, kind="stable").head(NAMED)


def _named(told: list[str], count: int, joint: str = "、") -> str:
    return joint.join(told) + (f"等{count}项" if count > len(told) else "")


def _word(row: Row) -> str:
    return STATUSES[row.status].word
