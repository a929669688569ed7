"""Evaluation tables drawn as text, turned into typed tables and scored.

The first line names columns of ``scoring.table``; a blank cell (``_`` where a blank
would be overlooked) is missing; several names in a cell are parted by 、.
Where no year is drawn it is 2025.
"""

from datetime import date

import pandas as pd

from scoring import Method, score
from scoring.table import DATES, NAMES, NUMBERS, conform
from tests.drawing import cells

DEFAULT = Method.default()


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


def _typed(name: str, column: pd.Series) -> pd.Series:
    if name in NAMES:
        return pd.Series([tuple(filter(None, text.split("、"))) for text in column], index=column.index, dtype="object")
    if name in NUMBERS:
        return pd.to_numeric(column.replace("", None))
    return pd.to_datetime(column.replace("", None)) if name in DATES else column
