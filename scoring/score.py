"""Points of every indicator: what was given, what a tier would bring, and between what the result must lie."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring import completion, pace, progress, standing, status
from scoring.method import Method
from scoring.table import PANEL, TIERS

Floats = npt.NDArray[np.float64]

_SCORERS = pd.Index(["", "panel", "stated", *TIERS])  # what scored_by may hold
_FIRST_TIER = 3  # the position of TIERS[0] in it
_SOURCES = pd.Index(["", *progress.SOURCES])


@dataclass(frozen=True)
class Points:
    """Points given and estimated. ``scorer`` is a position in ``_SCORERS``, ``tier`` the tier that counts (NaN: none)."""

    score: Floats
    estimate: Floats
    tier: Floats
    scorer: npt.NDArray[np.intp]


def score(table: pd.DataFrame, method: Method, as_of: date) -> pd.DataFrame:
    """Return ``table`` (``scoring.table.COLUMNS``) with ``scoring.table.SCORED_COLUMNS`` added, on the same index.

    Points are the notice's 分. ``status``, ``scored_by`` and ``progress_source`` are categorical. The input is not
    changed. A weight that is missing, infinite or negative gives neither a score nor a range.
    """
    weight = usable_weight(table)
    points = _points(table, weight, method)
    statements = completion.read_all(table["completion"], method)
    at_pace, left = pace.pace(table, method, as_of), pace.days_left(table, as_of)
    standings = standing.of_table(table, method, at_pace, left)
    reported = status.reported(table, statements) | (standings.verdict > 0)
    measured = progress.first(progress.sources(table, statements, standings))
    unscored = np.isnan(points.score)
    return table.assign(
        score=points.score,
        scored_by=pd.Categorical.from_codes(points.scorer, categories=_SCORERS),
        estimate=points.estimate,
        score_low=np.where(unscored, weight * 0, points.score),
        score_high=np.where(unscored, weight, points.score),
        progress=measured.share,
        progress_source=pd.Categorical.from_codes(measured.source + 1, categories=_SOURCES),
        pace=at_pace,
        status=status.statuses(reported, measured, at_pace, left, points.tier, ~unscored, method),
        days_left=left,
    )


def usable_weight(table: pd.DataFrame) -> Floats:
    """Return the weights in points, NaN where a weight is missing, infinite or negative; 0 stays 0."""
    weight = table["weight"].to_numpy("float64")
    return np.where(np.isfinite(weight) & (weight >= 0), weight, np.nan)


def _points(table: pd.DataFrame, weight: Floats, method: Method) -> Points:
    panel = panel_points(table, method)
    stated = table["stated_result"].to_numpy("float64")
    stated = np.where(_within(stated, weight), np.clip(stated, 0, weight), np.nan)
    tier, by_tier = _tier(table)
    estimate = weight * np.array([*method.tier_shares, np.nan])[np.where(np.isnan(tier), 4, tier).astype("intp") - 1]
    scorer = np.select(
        [~np.isnan(panel), ~np.isnan(stated), ~np.isnan(estimate)],
        [1, 2, by_tier + _FIRST_TIER],
        default=0,
    )
    return Points(np.where(np.isnan(panel), stated, panel), estimate, tier, scorer)


def panel_points(table: pd.DataFrame, method: Method) -> Floats:
    """Return the plain mean of the filled panel scores in points (rule 2), NaN where none can be used (rule 4)."""
    weight, top = usable_weight(table), panel_top(table, method)
    total, filled = np.zeros(len(table)), np.zeros(len(table))
    for seat in PANEL:
        given = table[seat].to_numpy("float64")
        used = _within(given, top)
        total += np.where(used, given, 0)
        filled += used
    mean: Floats = np.divide(total, filled, out=np.full(len(table), np.nan), where=filled > 0)
    mean = np.clip(mean, 0, top)  # rounding alone may carry a mean past its scale
    return mean if method.panel_scale == "points" else mean * weight / 100


def panel_top(table: pd.DataFrame, method: Method) -> Floats:
    """Return the highest score that the panel's scale admits: the weight or 100, NaN without a usable weight."""
    weight = usable_weight(table)
    return weight if method.panel_scale == "points" else weight * 0 + 100


def usable_scores(table: pd.DataFrame, method: Method) -> Floats:
    """Return the panel scores as given (rows × seats), NaN for the empty ones and those outside the scale."""
    given = table[list(PANEL)].to_numpy("float64")
    return np.where(_within(given, panel_top(table, method)[:, np.newaxis]), given, np.nan)


def _within(given: Floats, top: Floats) -> npt.NDArray[np.bool_]:
    return (given >= -progress.SLACK) & (given <= top + progress.SLACK)


def _tier(table: pd.DataFrame) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return the tier of highest precedence that is 1, 2 or 3, and which of ``TIERS`` it is."""
    tier = np.full(len(table), np.nan)
    which = np.zeros(len(table), dtype="intp")
    for position, column in reversed(list(enumerate(TIERS))):
        given = table[column].to_numpy("float64")
        valid = np.isin(given, (1, 2, 3))
        np.copyto(tier, given, where=valid)
        np.copyto(which, position, where=valid)
    return tier, which
