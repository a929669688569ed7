"""序时进度: how much of the time to an indicator's deadline has gone (rule 6)."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.method import Method

Floats = npt.NDArray[np.float64]
Dates = npt.NDArray[np.datetime64]


def pace(table: pd.DataFrame, method: Method, as_of: date) -> Floats:
    """Return the share 0…1 of the time since January of the plan's year; NaN without a deadline or a year.

    By month, 30 November against 31 December is exactly 11/12; a deadline on 15 June is 5.5 months. A deadline
    before the plan's year leaves no time to measure: 0 before it, 1 from it on.
    """
    due = table["due"].to_numpy("datetime64[D]")
    today = np.datetime64(as_of, "D")
    gone, granted = spans(table, method, as_of)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(granted > 0, np.clip(gone / granted, 0, 1), (today >= due).astype("float64"))
    return np.where(np.isnan(gone) | np.isnat(due), np.nan, share)


def spans(table: pd.DataFrame, method: Method, as_of: date) -> tuple[Floats, Floats]:
    """Return the time from January of the plan's year to the as-of date and to the deadline, what pace divides.

    In months or days, as the method says; NaN without a year, and the second also without a deadline.
    """
    year = table["year"].to_numpy("float64")
    elapsed = _months if method.pace == "month" else _days
    return elapsed(np.array([np.datetime64(as_of, "D")]), year), elapsed(table["due"].to_numpy("datetime64[D]"), year)


def days_left(table: pd.DataFrame, as_of: date) -> Floats:
    """Return the days from the as-of date to the deadline: 0 on the day, negative afterwards, NaN without one."""
    due = table["due"].to_numpy("datetime64[D]")
    return _number(due - np.datetime64(as_of, "D"))


def _months(day: Dates, year: Floats) -> Floats:
    """Return the months from the start of ``year`` to the end of ``day``, the last one in fractions of its days."""
    month = day.astype("datetime64[M]")
    first, following = month.astype("datetime64[D]"), (month + np.timedelta64(1, "M")).astype("datetime64[D]")
    whole = _number(month - np.datetime64("1970-01", "M")) - (year - 1970) * 12
    return whole + (_number(day - first) + 1) / _number(following - first)


def _days(day: Dates, year: Floats) -> Floats:
    """Return the days from the start of ``year`` to the end of ``day``."""
    return _number(day - np.datetime64("1970-01-01", "D")) + 1 - _january(year)


def _january(year: Floats) -> Floats:
    """Return the days from 1970 to the first of January by the Gregorian rule, in floats so that no year overflows."""
    past = year - 1
    return 365 * (year - 1970) + (past // 4 - past // 100 + past // 400) - 477


def _number(span: npt.NDArray[np.timedelta64]) -> Floats:
    return np.where(np.isnat(span), np.nan, span.astype("int64").astype("float64"))
