"""The status of an indicator, first that fits: 未填报, 已完成, 逾期, 滞后, 正常, 待判 (rule 7)."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.completion import VERDICTS, Statements
from scoring.method import Method
from scoring.progress import SLACK, Progress, done
from scoring.table import PANEL, STATUSES, TIERS

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def reported(table: pd.DataFrame, statements: Statements) -> Flags:
    """Return where anything was reported: a text, a progress, a tier, a panel score or a stated result."""
    filled = statements.written.copy()
    for column in ("reported_progress", "stated_result", *TIERS, *PANEL):
        filled |= ~np.isnan(table[column].to_numpy("float64"))
    return filled


def statuses(
    reported: Flags, progress: Progress, pace: Floats, days_left: Floats, tier: Floats, scored: Flags, method: Method
) -> "pd.Categorical[str]":
    """Return the statuses, with the categories ``scoring.table.STATUSES``.

    Where the source of the progress gives a verdict, it decides; else its share is held against the pace.
    ``tier`` is the tier that counts (NaN: none); ``scored`` says where a score was given. Without a deadline
    (``pace`` and ``days_left`` NaN) nothing is late.
    """
    measured = progress.source >= 0
    behind = (progress.verdict == 0) & (progress.share < pace - method.behind_tolerance - SLACK)
    behind |= progress.verdict == VERDICTS.index("behind")
    behind |= (tier == method.behind_tier) & ~measured & ~scored
    order = {
        "not_reported": ~reported,
        "done": done(progress),
        "overdue": days_left < 0,
        "behind": behind,
        "on_pace": measured | ~np.isnan(tier) | scored,
    }
    codes = np.select(
        list(order.values()), [STATUSES.index(name) for name in order], default=STATUSES.index("unjudged")
    )
    return pd.Categorical.from_codes(codes, categories=pd.Index(STATUSES))


def carried_over(table: pd.DataFrame, data_date: date) -> pd.Series:
    """Return where a report was made before ``data_date``, the version's own (沿用)."""
    return table["reported_on"] < pd.Timestamp(data_date)
