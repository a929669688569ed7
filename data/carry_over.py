"""沿用: what a version leaves blank is what the version before it said (design rule 10)."""

from datetime import date

import pandas as pd

from scoring.changes import matched
from scoring.table import conform

WITHDRAWN = "撤回"


def carry_over(table: pd.DataFrame, base: pd.DataFrame | None, data_date: date) -> pd.DataFrame:
    """Return ``table`` with the reports that it leaves blank taken from ``base``, with the date they were made at.

    Rows are matched as ``scoring.changes`` matches them, so that a report goes with its indicator where serials moved.
    A new text outranks an older number, so a progress is carried over only where the text is blank too. The text 撤回
    clears what was reported before.
    """
    table = conform(table)
    told = (table["completion"] != "") | table["reported_progress"].notna()
    withdrawn = table["completion"].str.strip() == WITHDRAWN
    table["reported_on"] = table["reported_on"].mask(told, pd.Timestamp(data_date).as_unit("s"))
    if base is not None:
        before = _aligned(base, table)
        silent = table["completion"] == ""
        table["reported_on"] = table["reported_on"].mask(~told, before["reported_on"])
        table["reported_progress"] = table["reported_progress"].mask(~told, before["reported_progress"])
        table["completion"] = table["completion"].mask(silent, before["completion"])
    table.loc[withdrawn, "completion"] = ""
    table.loc[withdrawn, "reported_on"] = pd.NaT
    table.loc[withdrawn, "reported_progress"] = float("nan")
    return table


def _aligned(base: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the base version's reports in the order of ``table``; missing where it has no such row."""
    places = matched(base, table)
    reports = conform(base)[["completion", "reported_progress", "reported_on"]].reset_index(drop=True)
    found = reports.reindex(places).set_axis(table.index)  # there is no row NOWHERE
    return found.assign(completion=found["completion"].fillna(""))
