"""Searching the indicators: by text and by who, what and how they stand."""

import unicodedata
from dataclasses import dataclass

import pandas as pd

from reports import lists
from scoring.table import UNNAMED

_TEXTS = (
    "serial",
    "short_name",
    "category",
    "group",
    "basis",
    "goal",
    "indicator",
    "due_text",
    "completion",
    "next_step",
    "evidence",
)
_NAMES = ("departments", "heads", "leaders")


@dataclass(frozen=True)
class Query:
    """What is looked for; an empty part asks for nothing. ``text`` may hold several words, all of which must occur."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    department: str = ""
    leader: str = ""
    category: str = ""
    worst_first: bool = True

    @property
    def narrows(self) -> bool:
        """Tell whether anything is asked for, beyond an order."""
        return bool(self.text.split() or self.statuses or self.department or self.leader or self.category)


def haystack(scored: pd.DataFrame) -> pd.Series:
    """Return every row's texts and names in one string, ready for ``find``."""
    parts = [scored[name].astype(str) for name in _TEXTS] + [scored[name].map(" ".join) for name in _NAMES]
    return pd.Series(map(normal, map("\n".join, zip(*parts, strict=True))), scored.index, dtype="str")


def find(scored: pd.DataFrame, hay: pd.Series, query: Query) -> pd.DataFrame:
    """Return the rows that fit, the worst first or in the table's order; 协办 counts as well as 牵头."""
    fits = pd.Series(True, index=scored.index)
    for word in normal(query.text).split():
        fits &= hay.str.contains(word, regex=False)
    if query.statuses:
        fits &= scored["status"].isin(query.statuses)
    if query.department:
        fits &= _named(scored["departments"], query.department)
    if query.leader:
        fits &= _named(scored["leaders"], query.leader)
    if query.category:
        fits &= scored["category"] == query.category
    rows = scored[fits]
    return lists.worst_first(rows) if query.worst_first else rows


def _named(column: pd.Series, name: str) -> pd.Series:
    return column.map(lambda names: name in names or (name == UNNAMED and not names)).astype(bool)


def normal(text: str) -> str:
    """Return a text as it is searched: half width, without capitals."""
    return unicodedata.normalize("NFKC", text).casefold()
