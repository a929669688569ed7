"""Evaluation tables drawn as text, turned into typed tables and scored.

The first line names columns of ``scoring.table``; a blank cell (``_`` where a blank
would be overlooked) is missing; several names in a cell are parted by 、.
Where no year is drawn it is 2025. A confirmed target is drawn ``count >= 2场 圆桌会议 = 1``: kind, comparator, value with
unit, measure and, where the sheet 量化目标 states it, the actual; several are parted by ；.
"""

import re
from datetime import date

import pandas as pd

from scoring import Method, score
from scoring.table import DATES, NAMES, NUMBERS, conform
from scoring.targets import Target
from tests.drawing import cells

DEFAULT = Method.default()
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_TARGET = re.compile(rf"(\w+) (>=|>|<=|<|=) {_NUMBER}(\S+) (\S+)(?: = {_NUMBER})?")


def table(drawing: str) -> pd.DataFrame:
    """Return the table that is drawn."""
    heading, *lines = cells(drawing)
    drawn = pd.DataFrame(lines, columns=heading, dtype="object").replace("_", "")
    if "year" not in drawn:
        drawn["year"] = "2025"
    return conform(pd.DataFrame({name: _typed(name, drawn[name]) for name in drawn}, index=drawn.index))


def scored(drawing: str, as_of: str = "2025-10-31", method: Method = DEFAULT) -> pd.DataFrame:
    """Return the drawn table scored on a day."""
    return score(table(drawing), method, date.fromisoformat(as_of))


def promised(drawing: str) -> tuple[Target, ...]:
    """Return the confirmed targets that are drawn."""
    return tuple(_target(part.strip()) for part in drawing.split("；") if part.strip())


def _target(drawing: str) -> Target:
    kind, comparator, value, unit, measure, actual = _TARGET.fullmatch(drawing).groups()
    return Target(kind, comparator, float(value), unit, measure, 0, 0, None if actual is None else float(actual))


def _typed(name: str, column: pd.Series) -> pd.Series:
    if name in NAMES:
        return pd.Series([tuple(filter(None, text.split("、"))) for text in column], index=column.index, dtype="object")
    if name == "targets":
        return pd.Series([promised(text) for text in column], index=column.index, dtype="object")
    if name in NUMBERS:
        return pd.to_numeric(column.replace("", None))
    return pd.to_datetime(column.replace("", None)) if name in DATES else column
