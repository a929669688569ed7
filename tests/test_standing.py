"""Targets judged one by one, then row by row. Targets are drawn as ``tests.indicators`` says; dates are of 2025."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import score
from scoring.standing import Standing, furthest, of_table, standings
from scoring.targets import Actual, Target
from tests.indicators import DEFAULT, promised, scored, table

OCTOBER, NOVEMBER, YEAR_END = "2025-10-31", "2025-11-30", "2025-12-31"  # 10/12, 11/12 and all of the time has gone


def rows(drawing: str, as_of: str = OCTOBER, due: str = YEAR_END) -> pd.DataFrame:
    """Return a scored table with one row, whose targets are drawn."""
    return scored(f"targets | due\n{drawing} | {due}", as_of)


def judged(drawing: str, as_of: str = OCTOBER, due: str = YEAR_END) -> tuple[Standing, ...]:
    return standings(next(rows(drawing, as_of, due).itertuples()), DEFAULT)


def verdict(drawing: str, as_of: str = OCTOBER, due: str = YEAR_END) -> str:
    return judged(drawing, as_of, due)[0].verdict


def status(drawing: str, as_of: str = OCTOBER, due: str = YEAR_END) -> str:
    return str(rows(drawing, as_of, due)["status"].iloc[0])


# One target


@pytest.mark.parametrize(
    ("target", "as_of", "should"),
    [
        ("count >= 2场 圆桌会议", OCTOBER, 1),
        ("count >= 12期 简报", OCTOBER, 10),
        ("count >= 12期 简报", NOVEMBER, 11),
        ("count >= 80家 企业", OCTOBER, 66),
        ("count >= 2万场 直播", OCTOBER, 1.6666),
        ("document >= 1份 办法", NOVEMBER, 0),
        ("document >= 1份 办法", YEAR_END, 1),
        ("amount >= 3亿美元 外资", OCTOBER, 2.5),
        ("growth >= 5% 零售额", OCTOBER, 5),
        ("rate >= 95% 办结率", OCTOBER, 95),
        ("count <= 3起 事故", OCTOBER, 3),
    ],
)
def test_what_should_be_by_now_is_the_share_of_the_time_and_countable_things_are_rounded_down(target, as_of, should):
    assert judged(target, as_of)[0].should == pytest.approx(should)


def test_without_a_deadline_nothing_should_be_by_now_and_nothing_is_late():
    one = judged("amount >= 3亿美元 外资 = 0.1", due="_")[0]
    assert math.isnan(one.should)
    assert math.isnan(one.short_of_pace)
    assert one.verdict == "on_pace"
    assert one.short_of_target == pytest.approx(2.9)


@pytest.mark.parametrize(
    ("actual", "said"),
    [(0, "behind"), (61, "behind"), (62, "on_pace"), (66, "on_pace"), (79, "on_pace"), (80, "met"), (86, "met")],
)
def test_what_grows_is_behind_by_more_than_the_tolerance_of_its_target(actual, said):
    assert verdict(f"count >= 80家 企业 = {actual}") == said


@pytest.mark.parametrize(("actual", "said"), [(2.34, "behind"), (2.35, "on_pace"), (2.99, "on_pace"), (3, "met")])
def test_an_amount_exactly_at_the_tolerance_is_tolerated_whatever_binary_rounding_does(actual, said):
    assert verdict(f"amount >= 3亿美元 外资 = {actual}") == said


def test_of_two_meetings_none_is_due_in_april_and_one_in_october():
    assert verdict("count >= 2场 圆桌会议 = 0", "2025-04-30") == "on_pace"
    assert verdict("count >= 2场 圆桌会议 = 0") == "behind"
    assert verdict("count >= 2场 圆桌会议 = 1") == "on_pace"
    assert judged("count >= 2场 圆桌会议 = 0")[0].short_of_pace == 1


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("count > 100个 海外仓 = 100", "on_pace"),
        ("count > 100个 海外仓 = 101", "met"),
        ("count = 4份 文件 = 4", "met"),
        ("count = 4份 文件 = 5", "met"),
        ("amount > 200亿元 成交额 = 200", "on_pace"),
        ("amount > 200亿元 成交额 = 200.01", "met"),
        ("growth > 2% 外资 = 2", "behind"),
        ("growth > 2% 外资 = 2.1", "on_pace"),
    ],
)
def test_more_than_means_more_than(target, said):
    assert verdict(target) == said


@pytest.mark.parametrize(
    ("target", "before", "due"),
    [
        ("growth >= 2% 外资 = 2", "on_pace", "met"),
        ("growth >= 2% 外资 = 1.9", "behind", "behind"),
        ("growth >= 2% 外资 = -3.1", "behind", "behind"),
        ("growth >= 0% 出口 = 0", "on_pace", "met"),
        ("growth >= 0% 出口 = -0.1", "behind", "behind"),
        ("decline >= 3% 能耗 = 3.4", "on_pace", "met"),
        ("decline >= 3% 能耗 = 2.1", "behind", "behind"),
        ("rate >= 95% 办结率 = 96.2", "on_pace", "met"),
        ("rate >= 95% 办结率 = 94.9", "behind", "behind"),
        ("level >= 90分 测评 = 91", "on_pace", "met"),
        ("count <= 3起 事故 = 3", "on_pace", "met"),
        ("count <= 3起 事故 = 4", "behind", "behind"),
        ("count < 3起 事故 = 3", "behind", "behind"),
        ("count = 0起 事故 = 0", "on_pace", "met"),
        ("count = 0起 事故 = 1", "behind", "behind"),
        ("amount <= 500万元 经费 = 480", "on_pace", "met"),
        ("rate <= 5% 投诉率 = 5.1", "behind", "behind"),
    ],
)
def test_rates_and_ceilings_are_held_against_their_value_and_met_once_their_deadline_has_come(target, before, due):
    assert verdict(target, "2025-02-28") == verdict(target, OCTOBER) == before
    assert verdict(target, YEAR_END) == verdict(target, "2026-01-15") == due


def test_a_growth_rate_is_short_by_percentage_points_and_never_by_a_share():
    one = judged("growth >= 2% 外资 = -3.1")[0]
    assert one.short_of_target == pytest.approx(5.1)
    assert math.isnan(one.share)


def test_what_exceeds_a_ceiling_is_counted_above_it():
    assert judged("count <= 3起 事故 = 5")[0].short_of_target == 2
    assert judged("count <= 3起 事故 = 1")[0].short_of_target == -2


def test_what_the_report_does_not_say_is_missing_and_no_nought():
    one = judged("count >= 2场 圆桌会议")[0]
    assert (one.verdict, one.actual) == ("missing", None)
    assert math.isnan(one.share)
    assert math.isnan(one.short_of_target)


# Several targets of one row


MEETINGS, VISITS, GROWTH = "count >= 2场 圆桌会议", "count >= 60家 走访", "growth >= 5% 增加值"


@pytest.mark.parametrize(
    ("drawing", "as_of", "fits", "share"),
    [
        (f"{MEETINGS} = 2；{VISITS} = 64", OCTOBER, "done", 1.0),
        (f"{MEETINGS} = 2；{VISITS} = 30", OCTOBER, "behind", 0.5),
        (f"{MEETINGS} = 1；{VISITS} = 64", OCTOBER, "on_pace", 0.5),
        (f"{MEETINGS} = 2；{VISITS}", OCTOBER, "on_pace", 1.0),
        (f"{MEETINGS} = 0；{VISITS}", OCTOBER, "behind", 0.0),
        (f"{MEETINGS} = 2；{GROWTH} = 5.3", OCTOBER, "on_pace", 1.0),
        (f"{MEETINGS} = 2；{GROWTH} = 5.3", YEAR_END, "done", 1.0),
        (f"{MEETINGS} = 2；{GROWTH} = 4.9", YEAR_END, "behind", 1.0),
        (f"{MEETINGS} = 2；{GROWTH} = 4.9", "2026-01-15", "overdue", 1.0),
        (f"{GROWTH} = 5.3", OCTOBER, "on_pace", None),
        (f"{GROWTH} = 5.3", YEAR_END, "done", None),
        (MEETINGS, OCTOBER, "not_reported", None),
    ],
)
def test_a_row_is_behind_where_one_target_is_and_done_only_where_every_one_is_met(drawing, as_of, fits, share):
    row = rows(drawing, as_of).iloc[0]
    assert row["status"] == fits
    assert row["progress"] == pytest.approx(share) if share is not None else math.isnan(row["progress"])
    assert row["progress_source"] == ("" if fits == "not_reported" else "targets")


@pytest.mark.parametrize(
    ("drawing", "named"),
    [
        (f"{MEETINGS} = 1；{VISITS} = 20", "走访"),
        (f"{MEETINGS} = 0；{VISITS} = 30", "圆桌会议"),
        ("amount >= 500亿元 总投资 = 300；count >= 100个 项目 = 70", "总投资"),
        (f"{VISITS} = 61；{MEETINGS} = 1", "圆桌会议"),
        (f"{MEETINGS} = 2；{VISITS}", "圆桌会议"),
        (f"{VISITS} = 54；{GROWTH} = 4.9", "增加值"),
        (f"{VISITS} = 20；{GROWTH} = 4.9", "走访"),
    ],
)
def test_the_target_furthest_behind_is_the_one_that_lacks_the_largest_share_of_itself(drawing, named):
    assert furthest(judged(drawing)).target.measure == named


def test_nothing_is_furthest_behind_where_nothing_is_measured():
    assert furthest(judged(f"{MEETINGS}；{VISITS}")) is None


def test_a_person_s_word_that_there_is_no_target_leaves_nothing_to_measure():
    drawn = table("completion | due\n已召开会议3场 | 2025-12-31")
    drawn["targets"] = [(Target("none", "=", 0.0, "", "", 0, 0),)]
    row = score(drawn, DEFAULT, pd.Timestamp(OCTOBER).date())
    assert row["progress_source"].tolist() == [""]
    assert standings(next(row.itertuples()), DEFAULT) == ()


def test_a_stated_actual_is_a_report_and_outranks_the_text():
    row = scored(f"targets | completion | due\n{MEETINGS} = 2 | 已举办圆桌会议1场 | {YEAR_END}")
    assert row["status"].tolist() == ["done"]
    assert standings(next(row.itertuples()), DEFAULT)[0].actual == Actual(2, 0, 0)
    assert status(f"{MEETINGS} = 2") == "done"


# Among the sources of progress


@pytest.mark.parametrize(
    ("line", "source", "fits"),
    [
        (f"{MEETINGS} = 2 | _ | 0.5", "reported", "behind"),
        (f"{MEETINGS} = 0 | 完成全年目标的90% | _", "targets", "behind"),
        (f"{MEETINGS} = 0 | 已完成 | _", "targets", "behind"),
        (f"{MEETINGS} = 1 | 进度滞后 | _", "targets", "on_pace"),
        (f"{MEETINGS} | 完成全年目标的90% | _", "percent", "on_pace"),
        (f"{MEETINGS} | 已完成 | _", "words", "done"),
        (f"{MEETINGS} | 情况见附件 | _", "", "unjudged"),
    ],
)
def test_targets_come_after_the_reported_column_and_before_percentages_and_words(line, source, fits):
    row = scored(f"targets | completion | reported_progress | due\n{line} | {YEAR_END}").iloc[0]
    assert (row["progress_source"], row["status"]) == (source, fits)


def test_more_than_a_hundred_is_not_done_at_a_hundred():
    assert status("count > 100个 海外仓 = 100", YEAR_END) == "on_pace"
    assert status("count > 100个 海外仓 = 100", "2026-01-01") == "overdue"


# Whole tables


def test_a_table_is_judged_row_by_row_as_each_row_alone():
    drawing = f"""
        targets                          | completion | due
        {MEETINGS} = 1                   | 已举办     | 2025-12-31
        {MEETINGS} = 1；{VISITS} = 20    | _          | 2025-11-30
        _                                | 正常推进   | 2025-11-30
        {GROWTH} = 5.3                   | _          | 2025-10-31
        {MEETINGS} = 1                   | 已举办     | 2025-09-30
        """
    whole = scored(drawing)
    found = of_table(whole, DEFAULT, whole["pace"].to_numpy(), whole["days_left"].to_numpy())
    alone = [standings(row, DEFAULT) for row in whole.itertuples()]
    assert [found.different[code] for code in found.codes] == alone
    assert whole["progress_source"].tolist() == ["targets", "targets", "words", "targets", "targets"]


def test_an_empty_table_has_no_standings():
    assert len(of_table(table("serial\n1").iloc[:0], DEFAULT).share) == 0


amounts = st.floats(min_value=0, max_value=1e6, allow_nan=False)


@given(
    kind=st.sampled_from(["count", "amount", "growth", "decline", "rate", "level", "document"]),
    comparator=st.sampled_from([">=", ">", "<=", "<", "="]),
    value=amounts,
    actual=amounts,
    as_of=st.sampled_from(["2024-12-31", "2025-06-15", OCTOBER, YEAR_END, "2026-03-01"]),
)
def test_no_target_is_done_that_does_not_hold_and_none_is_late_before_its_year(kind, comparator, value, actual, as_of):
    drawn = table(f"due\n{YEAR_END}")
    drawn["targets"] = [(Target(kind, comparator, value, "个", "物", 0, 0, actual),)]
    row = next(score(drawn, DEFAULT, pd.Timestamp(as_of).date()).itertuples())
    one = standings(row, DEFAULT)[0]
    if one.verdict == "met":
        assert one.short_of_target <= 1e-9 * max(1.0, value)
    if one.verdict == "behind" and not math.isnan(one.share):
        assert one.short_of_pace > 0.05 * value
    assert row.status in ("done", "on_pace", "behind", "overdue")


def test_the_drawn_targets_are_what_they_say():
    assert promised("count >= 2场 圆桌会议 = 1；growth > -3.5% 出口") == (
        Target("count", ">=", 2.0, "场", "圆桌会议", 0, 0, 1.0),
        Target("growth", ">", -3.5, "%", "出口", 0, 0, None),
    )
