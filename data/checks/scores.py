"""Scores and tiers: outside their scale, incomplete, or in disagreement."""

import math
from collections.abc import Iterator

from data.checks import say
from data.checks.audit import Audit, Line, is_blank
from data.findings import Finding
from scoring.table import PANEL

ROUNDING = 0.005 + 1e-9  # a stated result is rounded to hundredths
_SCORES = (*PANEL, "stated_result")
_TIERS = {"self_tier": "自评", "peer_tier": "互评", "office_tier": "考评办"}


def outside_scale(audit: Audit) -> Iterator[Finding]:
    """Scores below zero or above the weight; panel scores that mostly are above it are marks out of 100."""
    odd = [(line, columns) for line in audit.filled(*_SCORES) if (columns := _outside(line))]
    marks = [(line, seat) for line, columns in odd for seat in columns if _is_mark(line, seat)]
    by_hundred = len(marks) > sum(len(_panel(line)) for line in audit.filled(*PANEL)) / 2
    if by_hundred:
        message = "集中考评组的打分大多高于权重，看来是按百分制（0至100）打的分。"
        treatment = "高于权重的分不采用；如确是百分制，请在口径里改打分标准。"
        yield say.finding(audit, *marks[0], "panel_percent", "check", message, treatment)
    for line, columns in odd:
        if rest := [column for column in columns if not (by_hundred and _is_mark(line, column))]:
            yield _outside_finding(audit, line, rest)


def _panel(line: Line) -> list[float]:
    return [getattr(line, seat) for seat in PANEL if not is_blank(getattr(line, seat))]


def _outside(line: Line) -> list[str]:
    """Return the columns whose score is outside 0…weight; without a weight only what is negative."""
    top = math.inf if is_blank(line.weight) else line.weight
    scores = [(column, getattr(line, column)) for column in _SCORES]
    return [column for column, score in scores if score < -ROUNDING or score > top + ROUNDING]


def _is_mark(line: Line, column: str) -> bool:
    return column in PANEL and 0 <= getattr(line, column) <= 100


def _outside_finding(audit: Audit, line: Line, columns: list[str]) -> Finding:
    cells = "、".join(f"{say.cell(audit, line, column)}是{say.points(getattr(line, column))}" for column in columns)
    scale = "应不小于0" if is_blank(line.weight) else f"应在0至权重{say.points(line.weight)}分之间"
    message = f"{say.called(line)}的分数超出范围：{cells}，{scale}。"
    treatment = "超出范围的分不采用，其余的照算。"
    return say.finding(audit, line, columns[0], "score_outside_scale", "check", message, treatment)


def partial_panel(audit: Audit) -> Iterator[Finding]:
    """Panels of which some members have not scored yet: told once."""
    seats = sum(audit.has(seat) for seat in PANEL)
    rows = [line for line in audit.filled(*PANEL) if len(_panel(line)) < seats]
    least = min((len(_panel(line)) for line in rows), default=0)
    message = f"集中考评组还没有打全：{{names}}，最少的只有{least}/{seats}人。"
    treatment = "按已打的分取平均，页面写明人数。"
    yield from say.grouped(audit, rows, "panel_1", "panel_partial", "check", message, treatment)


def unscored_results(audit: Audit) -> Iterator[Finding]:
    """考评结果 without any panel score."""
    rows = [line for line in audit.filled("stated_result") if not _panel(line)]
    message = "{names}有考评结果而没有集中考评组打分。"
    treatment = "采用所写的考评结果，注明没有打分可核对。"
    yield from say.grouped(audit, rows, "stated_result", "result_without_panel", "check", message, treatment)


def odd_results(audit: Audit) -> Iterator[Finding]:
    """考评结果 that is not the mean of the panel's scores, in points or out of 100."""
    for line in audit.filled("stated_result"):
        panel = _panel(line)
        if not panel:
            continue
        mean = math.fsum(panel) / len(panel)
        if not any(abs(line.stated_result - each) <= ROUNDING for each in (mean, mean * line.weight / 100)):
            said = f"{say.points(line.stated_result)}分，打分的平均数是{say.points(round(mean, 3))}分"
            message = f"{say.called(line)}的考评结果写{said}。"
            yield say.finding(audit, line, "stated_result", "result_not_mean", "check", message, "采用打分的平均数。")


def tiers_differ(audit: Audit) -> Iterator[Finding]:
    """Tiers that are not the same in all columns filled: told once."""
    rows = [line for line in audit.filled(*_TIERS) if len({value for _, value in _tiers(line)}) > 1]
    said = "；".join(
        f"{say.called(line)}{'、'.join(f'{_TIERS[column]}{value:g}档' for column, value in _tiers(line))}"
        for line in rows[: say.PIECES]
    )
    message = f"{len(rows)}项的定档不一致：{said}{'等' if len(rows) > say.PIECES else ''}。"
    treatment = "预估分依次采用考评办定档、同组互评、自评。"
    yield from say.grouped(audit, rows, "office_tier peer_tier self_tier", "tiers_differ", "check", message, treatment)


def odd_tiers(audit: Audit) -> Iterator[Finding]:
    """Tiers other than 1, 2, 3."""
    for line in audit.filled(*_TIERS):
        for column, value in _tiers(line):
            if value not in (1, 2, 3):
                message = f"{say.called(line)}的{_TIERS[column]}定档是{say.points(value)}，只有一、二、三档。"
                yield say.finding(audit, line, column, "tier_unknown", "check", message, "按未定档处理。")


def _tiers(line: Line) -> list[tuple[str, float]]:
    return [(column, getattr(line, column)) for column in _TIERS if not is_blank(getattr(line, column))]
