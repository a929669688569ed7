"""Outlook: what is certain, what a tier would bring, what is open; where most can be gained; and what if.

Points given are certain. A tier gives an estimate (预估) beside them and never narrows the range of the result (rules 2
and 5). Nothing here is kept or published.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring import standing, summary
from scoring.method import Method
from scoring.score import usable_weight
from scoring.standing import Standing
from scoring.table import TIERS, UNNAMED

Floats = npt.NDArray[np.float64]

PARTS = ("steady", "risk", "unknown")
COLUMNS = (
    "indicators",
    "weight",
    *PARTS,
    "certain",
    "certain_weight",
    "estimated",
    "estimated_weight",
    "open_weight",
    "low",
    "high",
    "estimate_low",
    "estimate_high",
)
_STATUSES = {
    "steady": ["done", "on_pace"],
    "risk": ["behind", "overdue"],
    "unknown": ["not_reported", "unjudged"],
}
_HAIR = 1e-9


@dataclass(frozen=True)
class Opportunity:
    """One thing worth doing: a ``gap`` closed turns ``gain`` points at risk steady, a ``tier`` higher adds an estimate.

    ``index`` is the row's in the table. ``aim`` is the progress to reach: 序时 for a gap, the target (1) once that is past
    or where the calendar does not judge, and for a tier. ``distance`` is the share of the target that is still to go up
    to it, NaN where nothing measures it. ``tier`` is the tier to reach, 0 for a gap.
    """

    index: int
    kind: Literal["gap", "tier"]
    gain: float
    aim: float
    distance: float
    weight: float
    tier: int


@dataclass(frozen=True)
class Assumption:
    """What if: one indicator, by its index in the table, with another tier or progress (a share); None leaves it."""

    index: int
    tier: int | None = None
    progress: float | None = None


# What is certain, estimated, open


def total(scored: pd.DataFrame) -> pd.DataFrame:
    """Return one row, 合计: ``COLUMNS``, points.

    ``certain`` (NaN where nothing is scored) was given for ``certain_weight``; ``estimated`` (NaN where no unscored row
    has a tier) is what tiers would bring for ``estimated_weight``; ``open_weight`` has neither. The three weights add up
    to ``weight``, as do ``PARTS``. ``low`` and ``high`` are the honest range; ``estimate_low`` and ``estimate_high`` the
    range if the estimate came true.
    """
    return _outlook(summary.total(scored), scored, [summary.TOTAL] * len(scored))


def by_department(scored: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each department, points with the lead: ``COLUMNS``, as ``total``."""
    return _outlook(summary.by_department(scored), scored, _leads(scored["departments"]))


def by_leader(scored: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each leader (分管领导), points with the first-named: ``COLUMNS``, as ``total``."""
    return _outlook(summary.by_leader(scored), scored, _leads(scored["leaders"]))


def _leads(names: pd.Series) -> list[str]:
    return [next(filter(None, each), UNNAMED) for each in names]


def _outlook(sums: pd.DataFrame, scored: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    waiting = (scored["score"].isna() & scored["estimate"].notna()).to_numpy()
    tiered = pd.DataFrame({"estimated": scored["estimate"], "estimated_weight": usable_weight(scored)})
    given = tiered[waiting].groupby(np.array(groups, dtype=object)[waiting]).sum().reindex(sums.index)
    estimated, covered = given["estimated"].fillna(0), given["estimated_weight"].fillna(0)
    # of figures that differ by rounding alone, none is open
    open_weight = (sums["weight"] - sums["scored_weight"] - covered).round(9).clip(lower=0)
    table = sums.assign(
        **{part: sums[names].sum(axis=1) for part, names in _STATUSES.items()},
        certain=sums["score"],
        certain_weight=sums["scored_weight"],
        estimated=given["estimated"],
        estimated_weight=covered,
        open_weight=open_weight,
        low=sums["score_low"],
        high=sums["score_high"],
        estimate_low=sums["score_low"] + estimated,
        estimate_high=sums["score_low"] + estimated + open_weight,
    )
    return table[list(COLUMNS)]


# Where most can be gained


def opportunities(scored: pd.DataFrame, method: Method) -> tuple[Opportunity, ...]:
    """Return what is worth doing, gaps before tiers: what turns steady is no score, so the two are not compared.

    Only unscored rows with points count. A gap is 滞后 or 逾期 without a tier and gains its weight; a row whose tier has
    a better one above it gains the difference of the tiers' shares. Within each kind the gain for the distance that is
    left decides, then the weight; what nothing measures comes last.
    """
    rows = scored[scored["score"].isna().to_numpy() & (usable_weight(scored) > 0)]
    tiered = rows["estimate"].notna()
    gaps = _gaps(rows[~tiered & rows["status"].isin(_STATUSES["risk"])], method)
    return (*_ordered(gaps), *_ordered(_tiers(rows[tiered], method)))


def _gaps(rows: pd.DataFrame, method: Method) -> list[Opportunity]:
    pace = rows["pace"].fillna(1).to_numpy("float64")
    distances = _distances(rows, method, pace, "short_of_pace")
    by_value = (rows["progress_source"] == "targets").to_numpy() & np.isnan(distances)
    columns = (rows.index, rows["weight"].tolist(), np.where(by_value, 1.0, pace).tolist(), distances)
    return [
        Opportunity(index, "gap", weight, aim, distance, weight, 0)
        for index, weight, aim, distance in zip(*columns, strict=True)
    ]


def _tiers(rows: pd.DataFrame, method: Method) -> list[Opportunity]:
    distances = _distances(rows, method, np.ones(len(rows)), "short_of_target")
    columns = (rows.index, rows["weight"].tolist(), _tier(rows), distances)
    found = []
    for index, weight, tier, distance in zip(*columns, strict=True):
        better = next((other for other in range(tier - 1, 0, -1) if _gain(method, tier, other) > _HAIR), 0)
        if better:
            found.append(
                Opportunity(index, "tier", weight * _gain(method, tier, better), 1.0, distance, weight, better)
            )
    return found


def _tier(rows: pd.DataFrame) -> list[int]:
    """Return the tier that counts of rows that have one and no score."""
    given = np.select([rows["scored_by"] == name for name in TIERS], [rows[name] for name in TIERS])
    return [int(tier) for tier in given]


def _gain(method: Method, tier: int, better: int) -> float:
    return method.tier_shares[better - 1] - method.tier_shares[tier - 1]


def _distances(rows: pd.DataFrame, method: Method, aim: Floats, lacking: str) -> list[float]:
    """Return the share of the target that each row still has to go up to ``aim``; NaN where nothing measures it.

    A row judged by its targets goes by the one furthest behind, if the calendar judges that one: growth, rates and
    levels are not shares of a way.
    """
    left = aim - rows["progress"].to_numpy("float64")
    by_targets = np.flatnonzero(rows["progress_source"] == "targets")
    some = rows.iloc[by_targets]
    judged = standing.of_table(some, method, *(some[name].to_numpy("float64") for name in ("pace", "days_left")))
    shares = np.array([_lacking(standing.furthest(each), lacking) for each in judged.different], dtype="float64")
    left[by_targets] = shares[judged.codes]
    return [float(share) if share > _HAIR else math.nan for share in left]


def _lacking(worst: Standing | None, lacking: str) -> float:
    if worst is None or not standing.is_cumulative(worst.target):
        return math.nan
    return float(getattr(worst, lacking)) / worst.target.value


def _ordered(found: list[Opportunity]) -> list[Opportunity]:
    def key(one: Opportunity) -> tuple[bool, float, float]:
        unknown = math.isnan(one.distance)
        return unknown, 0.0 if unknown else -one.gain / one.distance, -one.weight

    return sorted(found, key=key)


# What if


def assumed(table: pd.DataFrame, changes: Iterable[Assumption]) -> pd.DataFrame:
    """Return the table (``scoring.table.COLUMNS``) as it would be: ``office_tier``, which outranks the others, and
    ``reported_progress``, which is asked first, replaced where an assumption says so. The input is not changed.
    """
    tiers, progress = table["office_tier"].copy(), table["reported_progress"].copy()
    for change in changes:
        if change.tier is not None:
            tiers.at[change.index] = float(change.tier)
        if change.progress is not None:
            progress.at[change.index] = change.progress
    return table.assign(office_tier=tiers, reported_progress=progress)
