"""Where every quantified target stands: what was reached, what should be by now, and the verdict (design rules 6 to 9).

Counts, amounts and documents grow over the year and are judged by the calendar; growth, decline, rates, levels and
ceilings are judged by their value on any day, and are met once their deadline has come.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring import completion
from scoring.completion import VERDICTS
from scoring.method import Method
from scoring.targets import CUMULATIVE, Actual, Target, extract_targets, match_actuals

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Row = Any  # a row of ``itertuples`` over a scored table

_COUNTABLE = ("count", "document")
_MULTIPLES = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_URGENCY = ("missing", "met", "on_pace", "behind")
_SLACK = 1e-9  # share of the target that rounding in binary may add or take


@dataclass(frozen=True)
class Standing:
    """One target today, all figures in its unit.

    ``actual`` is None where the report does not say; its span is empty where the sheet 量化目标 states it. ``should`` is
    序时应达, the target itself for what the calendar does not judge, NaN without a deadline. ``share`` is how much of a
    cumulative target is reached, NaN for all others.
    """

    target: Target
    actual: Actual | None
    should: float
    share: float
    verdict: Literal["met", "on_pace", "behind", "missing"]

    @property
    def short_of_pace(self) -> float:
        """Return how much is lacking against 序时: negative where it is ahead, NaN where nobody knows."""
        return self._short_of(self.should)

    @property
    def short_of_target(self) -> float:
        """Return how much is lacking against the target, or exceeds a ceiling; NaN where nobody knows."""
        return self._short_of(self.target.value)

    def _short_of(self, aim: float) -> float:
        if self.actual is None:
            return math.nan
        return self.actual.value - aim if is_ceiling(self.target) else aim - self.actual.value


@dataclass(frozen=True, eq=False)
class Standings:
    """The standings of a whole table: ``share`` and ``verdict`` (positions in ``VERDICTS``) for each row, as sources say.

    ``different`` holds every combination once, ``codes`` which of them a row has.
    """

    share: Floats
    verdict: npt.NDArray[np.int8]
    different: tuple[tuple[Standing, ...], ...]
    codes: Codes


# One row


def targets_of(row: Row) -> tuple[Target, ...]:
    """Return what an indicator promises: the targets that a person confirmed, else those its text gives."""
    return _promised(row.targets, row.indicator)


def reached(row: Row) -> tuple[tuple[Target, Actual | None], ...]:
    """Return the targets of a row of the table with what was reached of each, None where the report does not say."""
    targets = targets_of(row)
    return tuple(zip(targets, _reached(targets, row.completion), strict=True))


def standings(row: Row, method: Method) -> tuple[Standing, ...]:
    """Return all standings of a row of a scored table, in the order of its targets."""
    targets = targets_of(row)
    return _judged(targets, _reached(targets, row.completion), row.pace, row.days_left, method)


def furthest(judged: tuple[Standing, ...]) -> Standing | None:
    """Return the measured target that is furthest behind, by the share of it that is lacking; None without one (rule 9)."""
    measured = [one for one in judged if one.actual is not None]
    return max(measured, key=lambda one: (_URGENCY.index(one.verdict), _lag(one)), default=None)


def verdict(judged: tuple[Standing, ...]) -> completion.Verdict:
    """Return what all targets of a row say together: "" where none is measured, done only where every one is met."""
    said = {one.verdict for one in judged}
    if said <= {"missing"}:
        return ""
    return "behind" if "behind" in said else "done" if said == {"met"} else "on_pace"


def share(judged: tuple[Standing, ...]) -> float:
    """Return the share of the cumulative target that is furthest behind; NaN where no such target is measured."""
    found = furthest(tuple(one for one in judged if not math.isnan(one.share)))
    return math.nan if found is None else found.share


def is_ceiling(target: Target) -> bool:
    """Tell whether a target must not be exceeded: 不超过5起, 0起."""
    return target.comparator in ("<", "<=") or (target.kind in CUMULATIVE and target.value <= 0)


def is_cumulative(target: Target) -> bool:
    """Tell whether a target is reached over the year, so that the calendar judges it."""
    return target.kind in CUMULATIVE and not is_ceiling(target)


def holds(target: Target, value: float) -> bool:
    """Tell whether a figure keeps the promise; only 超 and 低于 ask for more than the figure itself."""
    hair = _SLACK * max(1.0, abs(target.value))
    above = target.value - value if is_ceiling(target) else value - target.value
    return above > hair if target.comparator in (">", "<") else above >= -hair


def _promised(confirmed: tuple[Target, ...], text: str) -> tuple[Target, ...]:
    return tuple(target for target in confirmed or extract_targets(text) if target.kind != "none")


def _reached(targets: tuple[Target, ...], report: str) -> tuple[Actual | None, ...]:
    """Return what was reached of each target: what the sheet 量化目标 states, else what the report says."""
    told = match_actuals(targets, report) if report else (None,) * len(targets)
    return tuple(
        said if target.actual is None else Actual(target.actual, 0, 0)
        for target, said in zip(targets, told, strict=True)
    )


def _judged(
    targets: tuple[Target, ...], reached: tuple[Actual | None, ...], pace: float, days_left: float, method: Method
) -> tuple[Standing, ...]:
    return tuple(
        _by_calendar(target, actual, pace, method) if is_cumulative(target) else _by_value(target, actual, days_left)
        for target, actual in zip(targets, reached, strict=True)
    )


def _by_calendar(target: Target, actual: Actual | None, pace: float, method: Method) -> Standing:
    should = _should(target, pace)
    if actual is None:
        return Standing(target, None, should, math.nan, "missing")
    allowed = (method.behind_tolerance + _SLACK) * target.value
    behind = actual.value < should - allowed
    said: Literal["met", "behind", "on_pace"] = (
        "met" if holds(target, actual.value) else "behind" if behind else "on_pace"
    )
    return Standing(target, actual, should, actual.value / target.value, said)


def _should(target: Target, pace: float) -> float:
    """Return what should be reached by now, countable things rounded down: of 2场, 79% are 1."""
    if target.kind not in _COUNTABLE or math.isnan(pace) or pace >= 1:
        return target.value * pace
    multiple = math.prod(_MULTIPLES[sign] for sign in takewhile(_MULTIPLES.__contains__, target.unit))  # 2万场
    return math.floor(target.value * multiple * pace * (1 + _SLACK)) / multiple


def _by_value(target: Target, actual: Actual | None, days_left: float) -> Standing:
    if actual is None:
        return Standing(target, None, target.value, math.nan, "missing")
    due = days_left <= 0
    said: Literal["met", "behind", "on_pace"] = (
        "behind" if not holds(target, actual.value) else "met" if due else "on_pace"
    )
    return Standing(target, actual, target.value, math.nan, said)


def _lag(one: Standing) -> float:
    lacking = one.short_of_pace if one.verdict == "behind" else one.short_of_target
    return lacking / (abs(one.target.value) or 1.0)


# A whole table


def of_table(
    table: pd.DataFrame, method: Method, pace: Floats | None = None, days_left: Floats | None = None
) -> Standings:
    """Judge all rows; each different text is read once. Without ``pace`` and ``days_left`` nothing is late or due."""
    unknown = np.full(len(table), np.nan)
    pace, days_left = unknown if pace is None else pace, unknown if days_left is None else days_left
    texts, reports = (table[name].fillna("") for name in ("indicator", "completion"))
    promise, first = _different(_marks(table["targets"]), pd.factorize(texts)[0])
    targets = [_promised(*pair) for pair in zip(table["targets"].iloc[first], texts.iloc[first].tolist(), strict=True)]
    rows = np.flatnonzero(_any(targets)[promise])  # all others promise nothing that could be judged
    promise, reports, pace, days_left = promise[rows], reports.iloc[rows], pace[rows], days_left[rows]
    report, first = _different(promise, pd.factorize(reports)[0])
    promises = [targets[code] for code in promise[first]]
    reached = [_reached(*pair) for pair in zip(promises, reports.iloc[first].tolist(), strict=True)]
    different, first = _different(report, pd.factorize(pace)[0], pd.factorize(days_left)[0])
    judged = (
        (),
        *(
            _judged(promises[code], reached[code], at_pace, left, method)
            for code, at_pace, left in zip(report[first], pace[first].tolist(), days_left[first].tolist(), strict=True)
        ),
    )
    codes = np.zeros(len(table), dtype=np.intp)
    codes[rows] = 1 + different
    verdicts = np.array([VERDICTS.index(verdict(each)) for each in judged], dtype="int8")
    return Standings(np.array([share(each) for each in judged], dtype="float64")[codes], verdicts[codes], judged, codes)


def _marks(column: pd.Series) -> Codes:
    """Return the same number for the same confirmed targets; hardly any row has some, so only those are hashed."""
    confirmed = _any(column.tolist())
    marks = np.zeros(len(column), dtype=np.intp)
    marks[confirmed] = 1 + pd.factorize(column[confirmed])[0]
    return marks


def _any(targets: Sequence[tuple[Target, ...]]) -> npt.NDArray[np.bool_]:
    return np.fromiter(map(bool, targets), dtype=bool, count=len(targets))


def _different(*columns: Codes) -> tuple[Codes, Codes]:
    """Return for each row which combination of codes it has, and where each combination stands first."""
    joint = np.zeros(len(columns[0]), dtype=np.intp)
    for codes in columns:
        joint = pd.factorize(joint * (len(codes) + 1) + codes + 1)[0]
    return joint, np.flatnonzero(~pd.Series(joint).duplicated())
