"""A table against the version before it. Tables know rows but no columns, so a finding stands at its row's cell A."""

from collections.abc import Iterator

import pandas as pd

from data.cells import address
from data.checks import say
from data.checks.audit import Line, lines_of
from data.findings import Finding
from scoring.changes import NOWHERE, matched
from scoring.standing import is_cumulative, reached
from scoring.targets import Actual, Target

Pair = tuple[Line, Line]  # a row and what it was

LAPSED = "targets_lapsed"
COMPARED = {
    "progress_fell",
    "figure_fell",
    "target_changed",
    "text_unchanged",
    LAPSED,
}  # codes of what only a version before can tell
HAIR = 1e-9  # share of a figure that a conversion between units may add or take
_TARGETS = {
    "weight": "权重",
    "due": "完成时限",
    "departments": "责任科室",
    "heads": "科室负责人",
    "leaders": "分管领导",
}


def against_previous(table: pd.DataFrame, previous: pd.DataFrame) -> tuple[Finding, ...]:
    """Return what a new version changes that nobody should change unseen; matched as ``scoring.changes`` does."""
    pairs = list(_pairs(table, previous))
    return (*_fallen(pairs), *_fewer(pairs), *_retargeted(pairs), *_lapsed(pairs), *_unchanged(pairs))


def _pairs(table: pd.DataFrame, previous: pd.DataFrame) -> Iterator[Pair]:
    before = lines_of(previous)
    for line, place in zip(lines_of(table), matched(previous, table), strict=True):
        if place != NOWHERE:
            yield line, before[place]


def _fallen(pairs: list[Pair]) -> Iterator[Finding]:
    for line, before in pairs:
        if line.reported_progress < before.reported_progress:
            was, now = (f"{say.points(100 * each.reported_progress)}%" for each in (before, line))
            message = f"{say.called(line)}的完成进度由{was}降为{now}，累计数不应减少。"
            yield _finding(line, "progress_fell", message, "按这一版的进度计算。")


def _fewer(pairs: list[Pair]) -> Iterator[Finding]:
    """Figures of cumulative targets that were higher in the version before."""
    for line, before in pairs:
        if (line.completion, line.targets) == (before.completion, before.targets):
            continue
        then = {_promise(target): actual.value for target, actual in _reached(before)}
        for target, actual in _reached(line) if then else ():
            was = then.get(_promise(target), 0.0)
            if was > actual.value + HAIR * abs(was):
                fell = f"由{say.figure(was, target)}降为{say.figure(actual.value, target)}"
                message = f"{say.called(line)}的{target.measure}{fell}，累计数不应减少。"
                yield _finding(line, "figure_fell", message, "按这一版的数计算。")


def _reached(line: Line) -> list[tuple[Target, Actual]]:
    """Return the cumulative targets of a row that are measured, with their figures."""
    return [(target, actual) for target, actual in reached(line) if actual is not None and is_cumulative(target)]


def _promise(target: Target) -> tuple[str, str, str, float]:
    """Return what makes two versions' targets the same one: 640家企业 beside 40家企业 are two."""
    return target.kind, target.measure, target.unit, target.value


def _retargeted(pairs: list[Pair]) -> Iterator[Finding]:
    for line, before in pairs:
        changed = [column for column in _TARGETS if _shown(line, column) != _shown(before, column)]
        if changed:
            said = "；".join(f"{_TARGETS[name]}由{_shown(before, name)}改为{_shown(line, name)}" for name in changed)
            yield _finding(
                line, "target_changed", f"{say.called(line)}的{said}。", "按这一版计算；目标改动须经审定，请核对。"
            )


def _lapsed(pairs: list[Pair]) -> Iterator[Finding]:
    """Confirmed targets of a text that says something else now."""
    for line, before in pairs:
        if before.targets and not line.targets and say.bare(line.indicator) != say.bare(before.indicator):
            message = f"{say.called(line)}的目标文字有改动，上版确认的量化目标不再沿用，请重新确认。"
            yield _finding(line, LAPSED, message, "按新的文字读出的目标计算。")


def _unchanged(pairs: list[Pair]) -> Iterator[Finding]:
    """Texts taken over word for word by hand; what the store carried over (沿用) keeps its date and is no matter."""
    same = [
        line
        for line, before in pairs
        if line.completion and say.bare(line.completion) == say.bare(before.completion) and not _settled(line, before)
    ]
    if same:
        message = f"{say.names(same)}的完成情况与上一版一字不差，请核对是否已更新。"
        yield _finding(same[0], "text_unchanged", message, "按所写情况计算。")


def _settled(line: Line, before: Line) -> bool:
    carried = not pd.isna(line.reported_on) and line.reported_on == before.reported_on
    return carried or bool(before.reported_progress >= 1)


def _shown(line: Line, column: str) -> str:
    value = getattr(line, column)
    if column == "due":
        return line.due_text or "空白" if pd.isna(value) else f"{value:%Y-%m-%d}"
    if column == "weight":
        return "空白" if pd.isna(value) else f"{say.points(value)}分"
    return "、".join(value) or "空白"


def _finding(line: Line, code: str, message: str, treatment: str) -> Finding:
    return Finding(code, "check", line.sheet, address(int(line.row), 1), message, treatment, line.serial)
