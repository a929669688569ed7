"""Points by status, score and range: of the whole, and by category, department, leader, head and month.

Every table's ``weight`` adds up to the total's. A row without a usable weight counts in ``indicators`` and gives no
points, so a group of such rows alone has 0 readable points; ``without_weight`` says which rows they are. ``score`` is
NaN where nothing is scored: blank is not zero.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.score import usable_weight
from scoring.table import STATUSES, UNNAMED

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Phase = Literal["blank", "running", "evaluation"]

TOTAL = "合计"
COLUMNS = ("indicators", "weight", *STATUSES, "scored_weight", "score", "score_low", "score_high")
_SUMS = ("indicators", *STATUSES, "scored_weight", "score", "score_low", "score_high", "scored")
_STATUS_SUMS = slice(1, 1 + len(STATUSES))


def total(scored: pd.DataFrame) -> pd.DataFrame:
    """Return one row, 合计, for all indicators: ``COLUMNS``, points."""
    return _frame(_sums(scored, np.zeros(len(scored), dtype="intp"), 1), [TOTAL])


def by_category(scored: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each category in the order of the table: ``COLUMNS``, points."""
    codes, names = pd.factorize(scored["category"], use_na_sentinel=False)
    return _by_lead(
        _sums(scored, codes, len(names)), [(name,) if name and isinstance(name, str) else () for name in names]
    )


def by_department(scored: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each department: ``COLUMNS`` and ``joint_weight`` (points held as 协办), points."""
    return _by_names(scored, "departments", joint=True)


def by_leader(scored: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each leader (分管领导): ``COLUMNS`` and ``joint_weight`` (points held as 协办), points."""
    return _by_names(scored, "leaders", joint=True)


def by_head(scored: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each head (科室负责人), the first-named of a row: ``COLUMNS``, points."""
    return _by_names(scored, "heads", joint=False)


def by_month(scored: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each month of a deadline ("2025-12") in order of time, 未写明 last: ``COLUMNS``, points."""
    due = scored["due"].to_numpy("datetime64[M]")
    codes, months = pd.factorize(due.astype("int64"), sort=True)
    names = [UNNAMED if np.isnat(month) else str(month) for month in months.astype("datetime64[M]")]
    table = _frame(_sums(scored, codes, len(names)), names)
    return table.reindex(sorted(names, key=lambda name: (name == UNNAMED, name)))


def by_group(scored: pd.DataFrame, codes: Codes, groups: int) -> pd.DataFrame:
    """Return a row for each of 0 … ``groups`` - 1, to which ``codes`` give the rows: ``COLUMNS``, points.

    Each row is, to the last digit, what ``total`` says of the group's own rows in their order.
    """
    return _frame(_sums(scored, codes, groups), [TOTAL] * groups).reset_index(drop=True)


def phase(scored: pd.DataFrame) -> Phase:
    """Return where the year stands: nothing reported yet, running, or evaluation, which begins with the first score."""
    if scored["score"].notna().any():
        return "evaluation"
    return "running" if (scored["status"] != "not_reported").any() else "blank"


def without_weight(scored: pd.DataFrame) -> pd.Series:
    """Return where an indicator has no usable weight, so that no sum holds its points."""
    return pd.Series(np.isnan(usable_weight(scored)), index=scored.index)


def _by_names(scored: pd.DataFrame, column: str, *, joint: bool) -> pd.DataFrame:
    codes, different = pd.factorize(scored[column].to_numpy(dtype=object))
    named = [tuple(dict.fromkeys(name for name in names if name)) for names in different]
    sums = _sums(scored, codes, len(named))
    table = _by_lead(sums, named)
    return table.assign(joint_weight=_joint(sums, named, table.index)) if joint else table


def _sums(scored: pd.DataFrame, codes: Codes, groups: int) -> Floats:
    """Return ``_SUMS`` of each group, a row for each; ``scored`` counts the scored rows."""
    weight = np.nan_to_num(usable_weight(scored))
    score = scored["score"].to_numpy("float64")
    given = ~np.isnan(score)
    status = pd.Categorical(scored["status"], categories=list(STATUSES)).codes
    by_status = np.bincount(codes * len(STATUSES) + status, weight, groups * len(STATUSES))
    points = (
        weight * given,
        np.where(given, score, 0),
        *(np.nan_to_num(scored[name]) for name in ("score_low", "score_high")),
        given,
    )
    sums = [np.bincount(codes, column, groups) for column in points]
    return np.column_stack([np.bincount(codes, minlength=groups), by_status.reshape(groups, len(STATUSES)), *sums])


def _by_lead(sums: Floats, named: list[tuple[str, ...]]) -> pd.DataFrame:
    """Add up what the same name leads; a name that only joins in has a row of its own, in order of appearance."""
    leads = [names[0] if names else UNNAMED for names in named]
    everyone = dict.fromkeys(name for names in named for name in names or (UNNAMED,))
    added = pd.DataFrame(sums, columns=_SUMS).groupby(np.array(leads, dtype=object), sort=False).sum()
    added = added.reindex(list(everyone), fill_value=0)
    return _frame(added.to_numpy("float64"), list(everyone))


def _joint(sums: Floats, named: list[tuple[str, ...]], index: pd.Index) -> pd.Series:
    """Return the points that each name holds as 协办: of every row that names it after the first."""
    weights = sums[:, _STATUS_SUMS].sum(axis=1)
    held = dict.fromkeys(index, 0.0)
    for names, weight in zip(named, weights, strict=True):
        for name in names[1:]:
            held[name] += weight
    return pd.Series(held, index=index, dtype="float64")


def _frame(sums: Floats, names: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(sums, index=pd.Index(names, dtype="str"), columns=_SUMS)
    table["indicators"] = table["indicators"].astype("int64")
    table["weight"] = table[list(STATUSES)].sum(axis=1)
    table["score"] = table["score"].where(table["scored"] > 0)
    return table[list(COLUMNS)]
