"""Where a target stands, in words that a meeting can use: 总投资比序时少147亿元; 离目标差3.0个百分点; 圆桌会议还差1场.

比序时 compares with what should be by now, 还差 with the target itself. Figures have the target's unit and no more
decimals than the target and the report write, unless these are whole numbers and would say too little.
"""

import math
from dataclasses import replace
from typing import Any

from reports import words
from scoring import Method
from scoring.standing import Standing, furthest, is_ceiling, is_cumulative, standings
from scoring.targets import Target

Row = Any  # a row of ``itertuples`` over a scored table

UNSAID = "未写明数据"
BY_VALUE = "与目标值比，不按序时折算"
_BOUNDS = {">=": "{}及以上", ">": "超{}", "<=": "不超过{}", "<": "低于{}", "=": "{}"}
_RATES = ("growth", "decline")
_PERCENT = {"%": "个百分点", "％": "个百分点", "‰": "个千分点"}
_MOST = 2  # decimals that a conversion between units, or the calendar, may add
_LEAST = 2  # digits that count: 0.67亿美元 is not 1亿美元


# One target


def promise(target: Target) -> str:
    """Return what is promised, without the measure: 2场及以上; 超100个; 增长5%及以上; 与去年持平."""
    if target.kind == "growth" and target.value == 0 and target.comparator in (">=", "="):
        return "与去年持平"
    said = _BOUNDS[target.comparator].format(f"{_written(target.value, target)}{target.unit}")
    return {"growth": "增长", "decline": "下降"}.get(target.kind, "") + said


def reached(one: Standing) -> str:
    """Return what was reached: 1场; 增长5.3%; 下降3.1%; 未写明数据."""
    if one.actual is None:
        return UNSAID
    value, unit = one.actual.value, one.target.unit
    if one.target.kind not in _RATES:
        return f"{_written(value, one.target)}{unit}"
    rises = (value > 0) == (one.target.kind == "growth")
    return f"{'增长' if rises else '下降'}{_written(abs(value), one.target)}{unit}" if value else "持平"


def due(one: Standing) -> str:
    """Return 序时应达1场, "" for what the calendar does not judge."""
    if not is_cumulative(one.target) or math.isnan(one.should):
        return ""
    return f"序时应达{_amount(one.should, one)}"


def gap(one: Standing) -> str:
    """Return how one target stands: 比序时少147亿元; 还差1场; 离目标差3.0个百分点; 超出上限2起; 已达到目标; 未写明数据."""
    if one.actual is None:
        return UNSAID
    if is_ceiling(one.target):
        return _against_ceiling(one)
    if one.verdict == "met":
        return "已达到目标"
    return _against_pace(one) if is_cumulative(one.target) else _against_value(one)


def named(one: Standing) -> str:
    """Return the same with what is counted before it, and a rate before its gap: 出口下降3.1%，离目标差5.1个百分点."""
    told = gap(one)
    if one.actual is None or is_cumulative(one.target):
        return f"{one.target.measure}{told}"
    return f"{one.target.measure}{reached(one)}，{told}"


def _against_ceiling(one: Standing) -> str:
    above = one.short_of_target
    if one.verdict != "behind":
        return "没有超出上限"
    return f"超出上限{_apart(above, one)}" if above > _hair(one) else "到了上限，应低于它"


def _against_value(one: Standing) -> str:
    short = one.short_of_target
    if one.verdict == "behind":
        return f"离目标差{_apart(short, one)}" if short > _hair(one) else "与目标持平，没有超过"
    return f"超过目标{_apart(-short, one)}" if short < -_hair(one) else "与目标持平"


def _against_pace(one: Standing) -> str:
    if one.short_of_target <= _hair(one):
        return "与目标持平，没有超过"
    if math.isnan(one.should) or one.should >= one.target.value:
        return f"还差{_amount(one.short_of_target, one)}"
    short = one.short_of_pace
    if abs(short) <= _hair(one):
        return "与序时持平"
    return f"比序时{'少' if short > 0 else '多'}{_amount(abs(short), one)}"


def _hair(one: Standing) -> float:
    return 1e-9 * max(1.0, abs(one.target.value))


# A whole row


def verdict(row: Row, method: Method) -> str:
    """Return what the targets of a row say that is judged by them, in one clause; the furthest behind is named."""
    judged = standings(row, method)
    unsaid = missing(judged)
    rest = f"；{unsaid}{UNSAID}" if unsaid else ""
    if row.status == "done":
        return "已达到目标" if len(judged) == 1 else f"{len(judged)}个目标都已达到"
    if all(one.verdict == "met" for one in judged if one.actual is not None):
        return f"写明的目标已达到{rest}，不判已完成"
    others = sum(one.verdict == "behind" for one in judged) - 1
    more = f"（另有{others}个目标滞后）" if others > 0 else ""
    return f"{short(judged)}{more}{rest}"


def lacking(row: Row, method: Method) -> str:
    """Return what a row lacks that is at risk, whatever its status rests on; "" where no target is behind."""
    judged = standings(row, method) if row.status in ("behind", "overdue") else ()
    worst = furthest(judged)
    return short(judged) if worst is not None and worst.verdict == "behind" else ""


def short(judged: tuple[Standing, ...]) -> str:
    """Return how the target furthest behind stands, named where there are several."""
    worst = furthest(judged)
    if worst is None:
        return UNSAID
    return named(worst if len(judged) > 1 else _unnamed(worst))


def finished(row: Row, method: Method) -> str:
    """Return why a row judged by its targets is done, or which of them prevents it."""
    judged = standings(row, method)
    if row.status == "done":
        return f"{len(judged)}个目标全部达到" if len(judged) > 1 else told(judged[0])
    if unsaid := missing(judged):
        return f"{unsaid}{UNSAID}，不判已完成"
    unmet = furthest(tuple(one for one in judged if one.verdict != "met"))
    if unmet is None:
        return UNSAID
    held = unmet.verdict == "on_pace" and not is_cumulative(unmet.target)
    return f"{told(unmet)}，时限未到" if held else told(unmet)


def lagging(row: Row, method: Method) -> str:
    """Return the figures by which the target furthest behind is behind, or is not."""
    worst = furthest(standings(row, method))
    if worst is None:
        return UNSAID
    tolerated = worst.verdict == "on_pace" and is_cumulative(worst.target) and worst.short_of_pace > _hair(worst)
    return f"{told(worst)}，在容差以内" if tolerated else told(worst)


def told(one: Standing) -> str:
    """Return one target's figures in full: 圆桌会议0场，序时应达1场，比序时少1场."""
    figures = (f"{one.target.measure}{reached(one)}", due(one), gap(one))
    return "，".join(part for part in figures if part)


def notes(row: Row, judged: tuple[Standing, ...]) -> tuple[str, ...]:
    """Return what to know about a row's targets: where they come from, and what the report does not say."""
    if not judged:
        return ("已由人确认：这一项没有量化目标。",) if row.targets else ()
    origin = "目标已由人确认。" if row.targets else f"目标按文字读出（{words.ASSUMED}），可能有误，编辑可在此确认。"
    decides, unsaid = row.progress_source == "targets", missing(judged)
    if row.status == "not_reported":
        return (origin,)
    other = f"状态取{words.PROGRESS_FROM[row.progress_source]}，不取上面的目标。" if row.progress_source else ""
    lacking = f"未见数据：{unsaid}{'，所以不判已完成' if decides else ''}。" if unsaid else ""
    return tuple(note for note in (origin, lacking, "" if decides else other) if note)


def missing(judged: tuple[Standing, ...]) -> str:
    """Name the targets that the report does not speak of: 签约项目、参展企业; "" where it speaks of all."""
    return "、".join(one.target.measure or promise(one.target) for one in judged if one.actual is None)


def _unnamed(one: Standing) -> Standing:
    return replace(one, target=replace(one.target, measure=""))


# Figures


def _written(value: float, target: Target) -> str:
    """Return a figure as it stands in a text; what was converted from another unit is rounded."""
    return words.number(value, max(_decimals(target.value), min(_decimals(value), max(_MOST, _counting(value)))))


def _apart(value: float, one: Standing) -> str:
    """Return how far two figures are apart that were both written: with their decimals for percentages."""
    unit = _PERCENT.get(one.target.unit)
    if unit is None:
        return _amount(value, one)
    return f"{words.rounded(abs(value), _places(one))}{unit}"


def _amount(value: float, one: Standing) -> str:
    """Return what is made of two figures: with their decimals; more only where whole numbers would say too little."""
    places = _places(one) or min(_MOST, _counting(value))
    known = words.rounded(value, places) or not value
    return f"{words.number(value, places if known else _counting(value))}{one.target.unit}"


def _places(one: Standing) -> int:
    """Return the decimals that the target or the report writes."""
    own = _decimals(one.target.value)
    return own if one.actual is None else max(own, min(_decimals(one.actual.value), max(own, _MOST)))


def _counting(value: float) -> int:
    """Return the decimals that leave a figure two digits that count."""
    return max(0, _LEAST - 1 - math.floor(math.log10(abs(value)))) if abs(value) > 1e-6 else 0


def _decimals(value: float) -> int:
    return len(f"{value:.6f}".rstrip("0").partition(".")[2])
