"""The evaluation table: its columns, declared once.

One row for each indicator (二级指标), in the order of the sheet. Numbers are float64 with NaN (tiers and the year
too), dates datetime64 with NaT, missing texts ``""``, missing names ``()``. Blank is never zero.
"""

from collections.abc import Callable

import pandas as pd

PANEL = tuple(f"panel_{seat}" for seat in range(1, 8))
TIERS = ("office_tier", "peer_tier", "self_tier")  # by precedence: 考评办 > 同组互评 > 自评

TEXTS = (
    "serial",
    "category",
    "group",
    "basis",
    "goal",
    "indicator",
    "short_name",
    "due_text",
    "completion",
    "next_step",
    "evidence",
    "sheet",
)
NAMES = ("departments", "heads", "leaders")  # tuples of str; the first is the lead (牵头)
TUPLES = (*NAMES, "targets")
DATES = ("due", "reported_on")
NUMBERS = (
    "weight",  # points
    "self_tier",  # 1, 2, 3
    "peer_tier",
    "office_tier",
    *PANEL,  # points, or 0…100, as the method says
    "stated_result",  # points
    "reported_progress",  # share; may exceed 1
    "year",
    "row",
)

COLUMNS = (
    "serial",
    "category",
    "group",
    "basis",
    "goal",
    "indicator",
    "short_name",
    "weight",
    "due_text",
    "due",
    "departments",
    "heads",
    "leaders",
    "completion",
    "next_step",
    "self_tier",
    "peer_tier",
    "office_tier",
    *PANEL,
    "stated_result",
    "reported_progress",
    "evidence",
    "year",
    "reported_on",
    "targets",
    "sheet",
    "row",
)

# What a score depends on; a table that holds no more is scored the same.
SCORED_FROM = (
    "indicator",
    "weight",
    "due",
    "completion",
    *TIERS,
    *PANEL,
    "stated_result",
    "reported_progress",
    "year",
    "targets",
)

SCORED_COLUMNS = (
    "score",  # points, NaN where unscored
    "scored_by",  # panel | stated | office_tier | peer_tier | self_tier | ""
    "estimate",  # points by the tier of highest precedence
    "score_low",
    "score_high",
    "progress",  # share, NaN where it cannot be measured
    "progress_source",  # reported | targets | percent | words | ""
    "pace",  # 0…1, NaN without a deadline
    "status",
    "days_left",  # days from the as-of date to the deadline, negative once it has passed
)

CATEGORIES = ("职能工作目标", "行政能力目标", "精神文明建设成效", "平安建设成效", "安全生产")
GROUPS = ("重点工作目标", "常规工作目标", "从严治党", "依法履职", "机关效能")
UNCATEGORISED = "未分类"
UNNAMED = "未写明"

STATUSES = ("done", "on_pace", "behind", "overdue", "not_reported", "unjudged")  # the order of the screen: 稳, 险, 空


def conform(frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with exactly ``COLUMNS``, typed; what it does not hold is missing, never zero."""
    return pd.DataFrame({name: _typed(name)(frame.get(name), frame.index) for name in COLUMNS}, index=frame.index)


def _typed(name: str) -> Callable[[pd.Series | None, pd.Index], pd.Series]:
    if name in NUMBERS:
        return _numbers
    if name in DATES:
        return _dates
    return _tuples if name in TUPLES else _texts


def _numbers(column: pd.Series | None, index: pd.Index) -> pd.Series:
    return pd.Series(float("nan"), index, dtype="float64") if column is None else column.astype("float64")


def _dates(column: pd.Series | None, index: pd.Index) -> pd.Series:
    return pd.Series(pd.NaT, index, dtype="datetime64[s]") if column is None else column.astype("datetime64[s]")


def _texts(column: pd.Series | None, index: pd.Index) -> pd.Series:
    return pd.Series("", index, dtype="str") if column is None else column.fillna("").astype("str")


def _tuples(column: pd.Series | None, index: pd.Index) -> pd.Series:
    return pd.Series([()] * len(index), index, dtype="object") if column is None else column.astype("object")
