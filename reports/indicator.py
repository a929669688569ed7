"""One indicator in words: its verdict, the tests its status went through, its five steps of evaluation.

A ``row`` is one of ``itertuples`` over the scored table.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports import standing, words
from reports.words import KEYS, MISSING, PROGRESS_FROM, SCORED_BY, STATUSES, TIERS, Sentence, Span
from scoring import Method
from scoring.standing import furthest, is_ceiling, is_cumulative, standings
from scoring.table import PANEL

ORDER = ("not_reported", "done", "overdue", "behind", "on_pace", "unjudged")  # as scoring.status asks
SEATS = len(PANEL)
BLANK_TEXT = "没有指标内容"
Row = Any


@dataclass(frozen=True)
class Test:
    """One of the six tests: ``fits`` is None where an earlier one has decided; ``rules`` are names in the method."""

    status: str
    fits: bool | None
    reason: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One of the five steps of the evaluation and what it brought; ``taken`` once it brought something."""

    title: str
    told: str
    taken: bool


def lines(table: pd.DataFrame) -> Iterator[Row]:
    """Yield the rows of a scored table; ``Index`` is the table's."""
    return iter(table.itertuples())


def called(row: Row) -> str:
    """Return the indicator's short name."""
    return words.short_name(row.short_name, row.indicator, row.goal, row.serial)


def headline(row: Row, method: Method) -> Sentence:
    """Return name and verdict: 新签亿元以上项目120个：完成63%，比序时慢20个百分点。"""
    tone = "done" if not math.isnan(row.score) else row.status
    return (Span(f"{called(row)}："), Span(verdict(row, method), tone), Span("。"))


def verdict(row: Row, method: Method) -> str:
    """Return what can be said of the indicator today, in one clause."""
    if not math.isnan(row.score):
        return _scored(row)
    if row.progress_source == "targets":
        late = f"时限{words.days_left(row.days_left)}，" if row.status == "overdue" else ""
        return late + standing.verdict(row, method)
    told, lacking = _VERDICTS[row.status](row), standing.lacking(row, method)
    return f"{told}；{lacking}" if lacking else told


def _scored(row: Row) -> str:
    told = f"得{words.number(row.score, 2)}分"
    lost = row.weight - row.score
    told += f"，失{words.number(lost, 2)}分" if lost > 1e-9 else "，没有失分"
    count = seats(row)
    return told + (f"（{count}/{SEATS}人已打分）" if row.scored_by == "panel" and count < SEATS else "")


def _not_reported(row: Row) -> str:
    if not (row.indicator or row.goal) and math.isnan(row.weight):
        return "表中只有序号，没有内容和分值"
    late = row.days_left < 0
    return f"科室尚未填报，时限{words.days_left(row.days_left)}" if late else "科室尚未填报"


def _done(row: Row) -> str:
    return "已完成" if row.progress_source == "words" or row.progress <= 1 else f"已完成{words.percent(row.progress)}"


def _overdue(row: Row) -> str:
    reached = "" if math.isnan(row.progress) else f"，完成{words.percent(row.progress)}"
    return f"时限{words.days_left(row.days_left)}{reached}，还没有完成"


def _on_the_way(row: Row) -> str:
    if not math.isnan(row.progress):
        return f"完成{words.percent(row.progress)}，{against_pace(row)}"
    if row.progress_source == "words":
        return "填报的文字表示滞后" if row.status == "behind" else "填报的文字表示正常推进"
    return f"{tier(row)}，没有填报进度"


def _unjudged(row: Row) -> str:
    return "已填报，但没有可衡量的进度，也没有写明是否按序时"


_VERDICTS: dict[str, Callable[[Row], str]] = {
    "not_reported": _not_reported,
    "done": _done,
    "overdue": _overdue,
    "behind": _on_the_way,
    "on_pace": _on_the_way,
    "unjudged": _unjudged,
}


def against_pace(row: Row, places: int = 0) -> str:
    """Return progress against 序时 in percentage points, as whole numbers the two percentages stand for."""
    if math.isnan(row.pace):
        return "没有写明时限，不比序时"
    apart = float(words.rounded(row.progress * 100, places) - words.rounded(row.pace * 100, places))
    if not apart:
        return "与序时持平"
    return f"比序时{'快' if apart > 0 else '慢'}{words.number(abs(apart), places)}个百分点"


def seats(row: Row) -> int:
    """Return how many of the panel have scored."""
    return sum(not math.isnan(getattr(row, seat)) for seat in PANEL)


def tier(row: Row) -> str:
    """Return the tier that counts and who gave it: 考评办定档二档; "" without one."""
    for field in ("office_tier", "peer_tier", "self_tier"):
        if getattr(row, field) in TIERS:
            return f"{SCORED_BY[field]}{TIERS[int(getattr(row, field))]}"
    return ""


# How the status came about


def tests(row: Row, method: Method) -> tuple[Test, ...]:
    """Return the six tests in their order: those that did not fit, the one that did, those no longer asked."""
    decided = ORDER.index(row.status)
    asked = []
    for place, key in enumerate(ORDER[: decided + 1]):
        reason, rules = _REASONS[key](row, method)
        asked.append(Test(key, place == decided, reason, rules))
    return (*asked, *(Test(key, None, "", ()) for key in ORDER[decided + 1 :]))


Reason = tuple[str, tuple[str, ...]]


def _reported(row: Row, method: Method) -> Reason:
    given = {
        "完成情况": bool(row.completion),
        "完成进度": not math.isnan(row.reported_progress),
        "定档": bool(tier(row)),
        "打分": seats(row) > 0,
        "考评结果": not math.isnan(row.stated_result),
    }
    filled = [name for name, there in given.items() if there]
    if row.status != "not_reported":
        return f"已填{'、'.join(filled)}", ("reported",)
    if row.completion:
        return f"完成情况只写“{row.completion.strip()}”，不算填报", ("reported",)
    return "完成情况、完成进度、定档、打分都是空白", ("reported",)


def _finished(row: Row, method: Method) -> Reason:
    source = ("progress_order",)
    if row.progress_source == "targets":
        return standing.finished(row, method), (*source, "several_targets")
    if row.progress_source == "words":
        return ("文字写明完成" if row.status == "done" else "文字没有写明完成"), (*source, "done_words")
    if math.isnan(row.progress):
        return "没有可衡量的进度，文字也没有写明完成", (*source, "done_words")
    return f"进度{exact(row.progress)}，{'达到' if row.status == 'done' else '未到'}100%", source


def _late(row: Row, method: Method) -> Reason:
    if math.isnan(row.days_left):
        return "没有写明完成时限，不判逾期", ("pace",)
    return f"完成时限{words.days_left(row.days_left)}" if row.days_left else "今天到期，还没有过", ("status_order",)


def _lagging(row: Row, method: Method) -> Reason:
    behind = row.status == "behind"
    if row.progress_source == "targets":
        return standing.lagging(row, method), ("several_targets", *_judged_by(row, method))
    if row.progress_source == "words":
        return f"文字{'' if behind else '不'}表示滞后", ("behind_words",)
    if not math.isnan(row.progress):
        return _against_tolerance(row, method), ("pace", "behind_tolerance")
    if tier(row):
        return f"没有进度，{tier(row)}", ("behind_tier",)
    return "没有可比的进度，文字也不表示滞后", ("behind_words",)


def _judged_by(row: Row, method: Method) -> tuple[str, ...]:
    """Return the rules that judge the target furthest behind."""
    worst = furthest(standings(row, method))
    if worst is None or is_cumulative(worst.target):
        return ("cumulative_targets", "pace", "behind_tolerance")
    return ("ceiling_targets",) if is_ceiling(worst.target) else ("value_targets",)


def _against_tolerance(row: Row, method: Method) -> str:
    if math.isnan(row.pace):
        return f"进度{exact(row.progress)}；没有写明时限，不比序时"
    told = f"进度{exact(row.progress)}，序时{exact(row.pace)}，{against_pace(row, 1)}"
    if row.progress >= row.pace:
        return told
    allowed = f"容差{words.number(method.behind_tolerance * 100)}个百分点"
    return f"{told}，{'超过' if row.status == 'behind' else '在'}{allowed}{'' if row.status == 'behind' else '以内'}"


def _supported(row: Row, method: Method) -> Reason:
    if row.status == "unjudged":
        return "没有进度、定档、打分，文字也不表示正常", ("on_pace_words",)
    if row.progress_source == "words":
        return "文字表示正常推进", ("on_pace_words",)
    if row.progress_source in ("reported", "targets", "percent"):
        return f"有进度支持（{PROGRESS_FROM[row.progress_source]}）", ("progress_order",)
    return ("已有打分" if not math.isnan(row.score) else f"有定档支持（{tier(row)}）"), ("status_order",)


def _open(row: Row, method: Method) -> Reason:
    return "填了内容，但无从衡量；请补完成进度，或写明已完成、正常、滞后", ("status_order",)


_REASONS: dict[str, Callable[[Row, Method], Reason]] = {
    "not_reported": _reported,
    "done": _finished,
    "overdue": _late,
    "behind": _lagging,
    "on_pace": _supported,
    "unjudged": _open,
}


def exact(share: float) -> str:
    """Return a share as percent with one decimal, for where two of them are compared."""
    return MISSING if math.isnan(share) else f"{words.number(share * 100, 1)}%"


def progress_from(row: Row) -> str:
    """Return where the progress comes from, or what is missing for one."""
    if row.progress_source:
        told = PROGRESS_FROM[row.progress_source]
        return f"取自{told}" if row.progress_source != "words" else told
    return "科室尚未填报，没有进度可比" if row.status == "not_reported" else "填报中没有可衡量的进度"


# The evaluation


def steps(row: Row) -> tuple[Step, ...]:
    """Return the five steps 科室自评 → 同组互评 → 考评办定档 → 集中考评组打分 → 考评结果."""
    given = (("科室自评", row.self_tier), ("同组互评", row.peer_tier), ("考评办定档", row.office_tier))
    tiers = [Step(title, TIERS.get(value, "待评"), value in TIERS) for title, value in given]
    count, scored = seats(row), not math.isnan(row.score)
    result = f"{words.fixed(row.score)}／{words.number(row.weight)}" if scored else "待评"
    return (
        *tiers,
        Step("集中考评组打分", f"{count}/{SEATS}人", count > 0),
        Step("考评结果", result, scored),
    )


def evaluated(row: Row) -> str:
    """Return the sentence below the five steps."""
    if not math.isnan(row.score):
        rest = "；没有打分可核对" if row.scored_by == "stated" else ""
        return f"得分{words.fixed(row.score)}分，取自{SCORED_BY[row.scored_by]}{rest}。"
    if not math.isnan(row.estimate):
        return f"{tier(row)}，按档预估{words.number(row.estimate, 2)}分（{words.ASSUMED}）；预估不是得分，打分以后才有得分。"
    return "年终考评开始后逐格点亮。表中“#DIV/0!”是打分为空时的公式结果，按“待评”处理，不是错误。"


def spread(scores: list[float], top: float, mean: float) -> str:
    """Return the panel's scores as a sentence; who gave which is not told."""
    told = f"{len(scores)}人打分，平均{words.number(mean, 2)}"
    if len(scores) > 1:
        told += f"，最低{words.number(min(scores), 2)}，最高{words.number(max(scores), 2)}"
    return f"{told}；满分{words.number(top, 2)}"


def listed(rows: pd.DataFrame, filtered: bool) -> Sentence:
    """Return the sentence above a list: how many indicators with how many points, and what is open among them."""
    if rows.empty:
        return (Span("没有符合条件的指标。"),)
    counts = rows["status"].value_counts()
    risk = sum(int(counts.get(key, 0)) for key in KEYS["risk"])
    unreported, unjudged = (int(counts.get(key, 0)) for key in ("not_reported", "unjudged"))
    head = Span(f"{'筛出' if filtered else '全部'}{len(rows)}项、{words.points(rows['weight'].sum())}：")
    clauses = (
        Span(f"{risk}项有失分风险", "risk"),
        Span("全部尚未填报" if unreported == len(rows) else f"{unreported}项尚未填报", "not_reported"),
        Span(f"{unjudged}项待判", "unjudged"),
    )
    said = [clause for clause, count in zip(clauses, (risk, unreported, unjudged), strict=True) if count]
    said = said or [Span("都已完成或按序时推进", "steady")]
    joined = [piece for clause in said for piece in (clause, Span("，"))]
    return (head, *joined[:-1], Span("。"))


def status_words(key: str) -> str:
    """Return a status as shape and word, for lists that show no colour."""
    return f"{STATUSES[key].shape} {STATUSES[key].word}"
