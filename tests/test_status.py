from datetime import date

import pandas as pd
import pytest

from scoring import Method, carried_over
from scoring.table import STATUSES
from tests.indicators import DEFAULT, scored, table


def status(drawing: str, as_of: str = "2025-10-31", method: Method = DEFAULT) -> str:
    return str(scored(drawing, as_of, method)["status"].iloc[0])


def reported(progress: str, due: str, as_of: str = "2025-10-31") -> str:
    return status(f"weight | reported_progress | due\n1 | {progress} | {due}", as_of)


@pytest.mark.parametrize("text", ["_", "无", "/", "—", "-", "暂无", "／", "——", "无。", "　"])
def test_a_mark_for_nothing_is_not_a_report(text):
    assert status(f"completion | due\n{text} | 2025-12-31") == "not_reported"


@pytest.mark.parametrize(
    "column", ["reported_progress", "office_tier", "peer_tier", "self_tier", "panel_7", "stated_result"]
)
def test_any_number_in_an_evaluation_cell_is_a_report(column):
    assert status(f"weight | {column}\n1 | 1") != "not_reported"
    assert status(f"weight | {column}\n1 | -7") != "not_reported"


def test_evidence_and_next_steps_alone_are_no_report():
    assert status("evidence | next_step\n会议通知 | 尽快召开") == "not_reported"


def test_what_was_never_reported_stays_unreported_after_its_deadline():
    assert status("due\n2025-06-30") == "not_reported"


def test_done_comes_before_overdue():
    assert reported("1", "2025-06-30") == "done"
    assert reported("1.2", "2025-12-31") == "done"
    assert status("completion | due\n已完成 | 2025-06-30") == "done"


def test_a_passed_deadline_is_overdue_whatever_else_is_said():
    assert reported("0.99", "2025-10-30") == "overdue"
    assert status("completion | due\n正在推进 | 2025-06-30") == "overdue"
    assert status("completion | due\n召开了会议 | 2025-06-30") == "overdue"
    assert status("weight | panel_1 | due\n2 | 1.9 | 2025-06-30") == "overdue"


def test_on_the_day_of_the_deadline_nothing_is_overdue():
    assert reported("0.96", "2025-10-31") == "on_pace"


@pytest.mark.parametrize(
    ("progress", "fits"),
    [
        ("0.78", "behind"),
        ("0.7833", "behind"),
        (str(10 / 12 - 0.05), "on_pace"),
        ("0.79", "on_pace"),
        ("0.99", "on_pace"),
    ],
)
def test_five_points_below_the_pace_are_tolerated_and_more_are_behind(progress, fits):
    assert reported(progress, "2025-12-31") == fits


def test_exactly_five_points_below_is_tolerated_whatever_binary_rounding_does():
    for month in range(1, 12):
        as_of = (pd.Timestamp(2025, month, 1) + pd.offsets.MonthEnd()).date()
        assert reported(repr(month / 12 - 0.05), "2025-12-31", str(as_of)) == "on_pace"


def test_a_reported_nought_is_a_report_and_behind():
    assert reported("0", "2025-12-31") == "behind"
    assert reported("0", "2025-12-31", "2024-12-31") == "on_pace"


def test_without_a_deadline_nothing_is_late():
    assert reported("0.01", "_") == "on_pace"
    assert status("completion\n召开了会议") == "unjudged"


@pytest.mark.parametrize(
    ("text", "fits"), [("进度滞后", "behind"), ("正常推进", "on_pace"), ("召开了会议", "unjudged")]
)
def test_words_decide_where_no_number_does(text, fits):
    assert status(f"completion | due\n{text} | 2025-12-31") == fits


def test_a_number_decides_before_the_words():
    assert status("completion | reported_progress | due\n已完成 | 0.5 | 2025-12-31") == "behind"
    assert status("completion | reported_progress | due\n进度滞后 | 0.9 | 2025-12-31") == "on_pace"


def test_a_third_tier_is_behind_only_where_it_stands_alone():
    assert status("self_tier | due\n3 | 2025-12-31") == "behind"
    assert status("self_tier | office_tier\n3 | 2") == "on_pace"
    assert status("self_tier | office_tier\n1 | 3") == "behind"
    assert status("self_tier | completion | due\n3 | 正常推进 | 2025-12-31") == "on_pace"
    assert status("self_tier | reported_progress | due\n3 | 0.9 | 2025-12-31") == "on_pace"
    assert status("weight | self_tier | panel_1\n2 | 3 | 1.9") == "on_pace"


@pytest.mark.parametrize(
    "drawing", ["self_tier\n1", "self_tier\n2", "weight | panel_1\n2 | 1.9", "weight | stated_result\n2 | 1.9"]
)
def test_a_good_tier_or_a_score_supports_on_pace(drawing):
    assert status(drawing) == "on_pace"


@pytest.mark.parametrize(
    "drawing", ["self_tier\n5", "weight | panel_1\n2 | 95", "weight | panel_1\n_ | 1", "reported_progress\n-0.2"]
)
def test_nothing_is_on_pace_that_nothing_supports(drawing):
    assert status(drawing) == "unjudged"


def test_statuses_come_in_the_order_of_the_screen():
    assert tuple(scored("weight\n1")["status"].cat.categories) == STATUSES


def test_a_report_older_than_its_version_is_carried_over():
    drawn = table("serial | reported_on\n1 | 2025-08-31\n2 | 2025-10-31\n3 | _")
    assert carried_over(drawn, date(2025, 10, 31)).tolist() == [True, False, False]
