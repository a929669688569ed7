import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import Method
from scoring.pace import days_left, pace
from tests.indicators import DEFAULT, table


def share(due: str, as_of: str, method: Method = DEFAULT, year: str = "2025") -> float:
    return float(pace(table(f"year | due\n{year} | {due}"), method, date.fromisoformat(as_of))[0])


@pytest.fixture
def by_day(tmp_path) -> Method:
    file = tmp_path / "method.toml"
    file.write_text('[pace]\ntitle = "序时进度"\nvalue = "day"\ntext = "{value}"\nassumed = true\n', encoding="utf-8")
    return Method.load(file)


@pytest.mark.parametrize(
    ("due", "as_of", "months", "of"),
    [
        ("2025-12-31", "2025-11-30", 11, 12),
        ("2025-11-30", "2025-10-31", 10, 11),
        ("2025-12-31", "2025-06-30", 6, 12),
        ("2025-12-31", "2025-02-28", 2, 12),
        ("2025-12-31", "2025-06-15", 5.5, 12),
        ("2025-06-15", "2025-04-15", 3.5, 5.5),
        ("2026-02-28", "2025-07-31", 7, 14),
        ("2026-02-28", "2026-01-31", 13, 14),
        ("2025-12-31", "2025-01-01", 1 / 31, 12),
    ],
)
def test_pace_is_months_gone_over_months_to_the_deadline(due, as_of, months, of):
    assert share(due, as_of) == months / of


def test_a_leap_year_has_29_days_in_february():
    assert share("2024-12-31", "2024-02-29", year="2024") == 2 / 12


def test_pace_is_nothing_before_the_year_and_all_from_the_deadline_on():
    assert share("2025-12-31", "2024-12-31") == 0
    assert share("2025-12-31", "2025-12-31") == 1
    assert share("2025-12-31", "2026-02-28") == 1


def test_a_deadline_before_the_plans_year_has_no_time_to_measure():
    assert share("2024-12-31", "2024-12-30") == 0
    assert share("2024-12-31", "2024-12-31") == 1
    assert share("2024-06-30", "2025-03-31") == 1


def test_without_a_deadline_or_a_year_pace_is_missing():
    assert math.isnan(share("", "2025-10-31"))
    assert math.isnan(share("2025-12-31", "2025-10-31", year=""))


def test_by_day_counts_days_instead_of_months(by_day):
    assert share("2025-12-31", "2025-11-30", by_day) == 334 / 365
    assert share("2024-12-31", "2024-12-30", by_day, year="2024") == 365 / 366
    assert share("2026-02-28", "2025-12-31", by_day) == 365 / (365 + 59)
    assert share("2025-12-31", "2024-12-31", by_day) == 0


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_pace_never_falls_and_is_full_exactly_at_the_deadline(as_of, due):
    today, tomorrow = (share(str(due), str(as_of + timedelta(days))) for days in (0, 1))
    assert 0 <= today <= tomorrow <= 1
    assert (today == 1) == (as_of >= due)


def test_days_left_are_nought_on_the_day_and_negative_after_it():
    left = days_left(table("due\n2025-11-02\n2025-10-31\n2025-10-14\n_"), date(2025, 10, 31))
    assert left[:3].tolist() == [2, 0, -17]
    assert math.isnan(left[3])
