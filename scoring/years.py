"""Two years of one unit: which indicator of the one year is which of the other, and how each stood.

From year to year serials move, figures grow and wordings change, so texts are compared without their figures; the same
serial alone tells nothing.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.changes import NOWHERE, bare, matched
from scoring.score import usable_weight

Positions = npt.NDArray[np.intp]

KINDS = ("both", "new", "gone")
ALIKE = 0.6  # share of the pairs of characters that two texts have in common (Dice's coefficient)
MOST = 1_000_000  # pairs of rows left over that are compared; in larger tables they stay new and gone
_FIGURES = r"[\d.,%〇一二三四五六七八九十百千万亿]+"


@dataclass(frozen=True, eq=False)
class Years:
    """Two scored tables of one unit, ``then`` of the earlier year.

    ``indicators`` has a row for each indicator of ``now``, in its order, then one for each that is gone: ``kind``
    (categorical, ``KINDS``), ``was`` and ``is_now`` (positions in the tables, ``NOWHERE`` where it has no such row),
    and for both years ``weight_then``, ``weight_now``, ``score_then``, ``score_now`` (points, NaN where unknown or
    unscored), ``status_then``, ``status_now`` ("" where there was no such indicator).
    """

    then: pd.DataFrame
    now: pd.DataFrame
    indicators: pd.DataFrame


def compare_years(then: pd.DataFrame, now: pd.DataFrame) -> Years:
    """Pair the indicators of two scored tables (``scoring.score``), each judged on a day of its own year."""
    was = _paired(_without_figures(then), _without_figures(now))
    gone = np.setdiff1d(np.arange(len(then)), was)
    was, here = np.concatenate([was, gone]), np.concatenate([np.arange(len(now)), np.full(len(gone), NOWHERE)])
    kind = np.select([was == NOWHERE, here == NOWHERE], ["new", "gone"], "both")
    places = pd.DataFrame({"kind": pd.Categorical(kind, categories=list(KINDS)), "was": was, "is_now": here})
    return Years(then, now, pd.concat([places, _stood(then, was, "then"), _stood(now, here, "now")], axis=1))


def _stood(table: pd.DataFrame, places: Positions, when: str) -> pd.DataFrame:
    columns = {"weight": usable_weight(table), "score": table["score"], "status": table["status"].astype("str")}
    rows = pd.DataFrame({name: np.asarray(column) for name, column in columns.items()}).reindex(places)
    return rows.fillna({"status": ""}).reset_index(drop=True).add_suffix(f"_{when}")


def _without_figures(table: pd.DataFrame) -> pd.DataFrame:
    texts = table["indicator"].where(table["indicator"] != "", table["goal"])
    return table.assign(indicator=bare(texts).str.replace(_FIGURES, "", regex=True), goal="")


def _paired(then: pd.DataFrame, now: pd.DataFrame) -> Positions:
    """Return for each row of ``now`` the position of the same indicator in ``then``, ``NOWHERE`` for a new one."""
    was = matched(then, now)
    before, after = ([_pairs_of(text) for text in table["indicator"]] for table in (then, now))
    for place in np.flatnonzero(was != NOWHERE).tolist():
        if before[was[place]] != after[place] and _likeness(before[was[place]], after[place]) < ALIKE:
            was[place] = NOWHERE  # it was the serial alone that fitted
    for new, old in _nearest(before, after, was.copy()):
        was[new] = old
    return was


def _nearest(before: list[Counter[str]], after: list[Counter[str]], was: Positions) -> Iterator[tuple[int, int]]:
    """Yield the rows left over that are alike, the nearest first, each row once."""
    rows, free = np.flatnonzero(was == NOWHERE), np.setdiff1d(np.arange(len(before)), was)
    if len(rows) * len(free) > MOST:
        return
    likeness = {(new, old): _likeness(before[old], after[new]) for new in rows.tolist() for old in free.tolist()}
    taken: set[tuple[str, int]] = set()
    for new, old in sorted(
        (pair for pair, share in likeness.items() if share >= ALIKE), key=lambda pair: -likeness[pair]
    ):
        if taken.isdisjoint({("new", new), ("old", old)}):
            taken |= {("new", new), ("old", old)}
            yield new, old


def _pairs_of(text: str) -> Counter[str]:
    return Counter(text[place : place + 2] for place in range(max(len(text) - 1, 1)))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    both = one.total() + other.total()
    return 2 * (one & other).total() / both if both else 0.0
