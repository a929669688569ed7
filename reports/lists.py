"""Which indicators stand in which list, and in what order: one function for each list, for screen and papers.

All take the scored table and return some of its rows, with their index.
"""

from datetime import date

import pandas as pd

from reports.words import KEYS, STATUSES
from scoring import carried_over
from scoring.table import UNNAMED

WITHIN = 60  # days: what 即将到期 means
_WORST_FIRST = ("overdue", "behind", "not_reported", "unjudged", "on_pace", "done")


def watch(scored: pd.DataFrame) -> pd.DataFrame:
    """Return 盯办事项: what has passed its deadline first, reported or not, then what is behind; by points."""
    late = _unsettled(scored) & (scored["days_left"] < 0)
    return _by(scored[late | scored["status"].isin(["overdue", "behind"])], [~late, -scored["weight"]])


def first_due(scored: pd.DataFrame) -> pd.DataFrame:
    """Return what has a deadline and is not done, what has passed it first, then the next one."""
    coming = scored[_unsettled(scored) & scored["days_left"].notna()]
    return _by(coming, [scored["days_left"], -scored["weight"]])


def unreported(scored: pd.DataFrame) -> pd.DataFrame:
    """Return what nothing is reported on, most points first."""
    return _by(scored[scored["status"] == "not_reported"], [-scored["weight"]])


def lost(scored: pd.DataFrame) -> pd.DataFrame:
    """Return what was scored below its weight, the largest loss first."""
    loss = scored["weight"] - scored["score"]
    return _by(scored[loss > 1e-9], [-loss, -scored["weight"]])


def past_due(scored: pd.DataFrame) -> pd.DataFrame:
    """Return what has passed its deadline without being done, the longest first."""
    return _by(scored[_unsettled(scored) & (scored["days_left"] < 0)], [scored["days_left"], -scored["weight"]])


def due_soon(scored: pd.DataFrame) -> pd.DataFrame:
    """Return what falls due within ``WITHIN`` days and is not done."""
    return _by(scored[_unsettled(scored) & _soon(scored)], [scored["days_left"], -scored["weight"]])


def behind_already(scored: pd.DataFrame) -> pd.DataFrame:
    """Return what is behind although its deadline is further off, most points first."""
    return _by(scored[(scored["status"] == "behind") & ~_soon(scored)], [-scored["weight"]])


def stale(scored: pd.DataFrame, data_date: date) -> pd.DataFrame:
    """Return 多日未更新: what was reported before the version's data date and is not done, the oldest report first."""
    old = scored[carried_over(scored, data_date) & ~scored["status"].isin(["done", "not_reported"])]
    days = (pd.Timestamp(data_date) - scored["reported_on"]).dt.days
    return _by(old, [-days, -scored["weight"]])


def led_by(scored: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    """Return what ``name`` leads (牵头) in ``departments`` or ``leaders``, worst first; 未写明 is what nobody leads."""
    return worst_first(scored[scored[column].map(lambda names: (names[0] if names else UNNAMED) == name)])


def joined_by(scored: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    """Return what ``name`` only takes part in (协办), worst first."""
    return worst_first(scored[scored[column].map(lambda names: name in names[1:] and names[0] != name)])


def open_points(scored: pd.DataFrame) -> pd.DataFrame:
    """Return 险 and 空, leaving out what is steady."""
    return scored[scored["status"].map(lambda key: STATUSES[key].group != "steady")]


def worst_first(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by status, the worst first, then by points."""
    return _by(scored, [scored["status"].map(_WORST_FIRST.index), -scored["weight"]])


def bar_order(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as the hundred-point bar shows them: 稳, 险, 空, each by points."""
    return _by(scored, [scored["status"].map(list(STATUSES).index), -scored["weight"]])


def ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Return a summary's rows by points at risk, then unknown, then held: where to look first, no ranking."""
    risk, unknown = table[KEYS["risk"]].sum(axis=1), table[KEYS["unknown"]].sum(axis=1)
    keys = pd.DataFrame({"risk": risk, "unknown": unknown, "weight": table["weight"]})
    return table.loc[keys.sort_values(["risk", "unknown", "weight"], ascending=False, kind="stable").index]


def _unsettled(scored: pd.DataFrame) -> pd.Series:
    return (scored["status"] != "done") & scored["score"].isna()


def _soon(scored: pd.DataFrame) -> pd.Series:
    return scored["days_left"].between(0, WITHIN)


def _by(rows: pd.DataFrame, keys: list[pd.Series]) -> pd.DataFrame:
    # as numbers: a mapped categorical would keep the order of its categories
    order = pd.DataFrame({str(place): key.reindex(rows.index).astype("float64") for place, key in enumerate(keys)})
    return rows.loc[order.sort_values([str(place) for place in range(len(keys))], kind="stable").index]
