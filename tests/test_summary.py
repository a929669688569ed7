import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import phase, score, summary
from scoring.table import STATUSES, conform
from tests.indicators import DEFAULT, scored

BUREAU = """
serial | category     | weight | due        | departments      | leaders | heads | completion | panel_1
1-1    | 职能工作目标 | 2      | 2025-12-31 | 外贸科、电商科   | 赵一    | 钱二  | 已完成     | 1.8
1-2    | 职能工作目标 | 1.5    | 2025-11-30 | 电商科           | 赵一    | 孙三  | 完成率50%  | _
1-3    | 职能工作目标 | _      | _          | _                | _       | _     | _          | _
4-1    | 行政能力目标 | 1      | 2025-06-30 | 办公室、外贸科   | 李四、赵一 | 周五 | 召开会议   | _
4-2    | 行政能力目标 | 3      | 2026-02-28 | 办公室           | 李四    | 周五  | _          | _
7-1    | 安全生产     | 0.5    | _          | 市场科、办公室、外贸科 | 赵一 | 吴六 | 召开会议   | 0.5
"""
GROUPINGS = (summary.by_category, summary.by_department, summary.by_leader, summary.by_head, summary.by_month)
COLUMNS = ["indicators", "weight", *STATUSES, "scored_weight", "score", "score_low", "score_high"]


def test_the_total_is_one_row_with_every_point_in_one_status():
    total = summary.total(scored(BUREAU))
    assert list(total.index) == ["合计"]
    assert list(total.columns) == COLUMNS
    row = total.loc["合计"]
    assert (row["indicators"], row["weight"]) == (6, 8)
    assert row[list(STATUSES)].to_dict() == {
        "done": 2,
        "on_pace": 0.5,
        "behind": 1.5,
        "overdue": 1,
        "not_reported": 3,
        "unjudged": 0,
    }
    assert row["scored_weight"] == 2.5
    assert row["score"] == pytest.approx(2.3)
    assert row["score_low"] == pytest.approx(2.3)
    assert row["score_high"] == pytest.approx(7.8)


def test_a_joint_row_counts_once_for_the_first_named_department():
    departments = summary.by_department(scored(BUREAU))
    assert list(departments.columns) == [*COLUMNS, "joint_weight"]
    assert departments["weight"].to_dict() == {"外贸科": 2, "电商科": 1.5, "未写明": 0, "办公室": 4, "市场科": 0.5}
    assert departments["joint_weight"].to_dict() == {
        "外贸科": 1.5,
        "电商科": 2,
        "未写明": 0,
        "办公室": 0.5,
        "市场科": 0,
    }


def test_a_leader_named_second_holds_the_points_as_joint():
    leaders = summary.by_leader(scored(BUREAU))
    assert leaders["weight"].to_dict() == {"赵一": 4, "未写明": 0, "李四": 4}
    assert leaders["joint_weight"].to_dict() == {"赵一": 1, "未写明": 0, "李四": 0}


def test_heads_and_categories_stand_in_the_order_of_the_table():
    assert list(summary.by_head(scored(BUREAU)).index) == ["钱二", "孙三", "未写明", "周五", "吴六"]
    assert list(summary.by_category(scored(BUREAU)).index) == ["职能工作目标", "行政能力目标", "安全生产"]


def test_months_stand_in_order_of_time_and_no_deadline_last():
    months = summary.by_month(scored(BUREAU))
    assert list(months.index) == ["2025-06", "2025-11", "2025-12", "2026-02", "未写明"]
    assert months["weight"].tolist() == [1, 1.5, 2, 3, 0.5]
    assert months["indicators"].tolist() == [1, 1, 1, 1, 2]


def test_a_name_that_only_joins_in_has_a_row_of_its_own():
    departments = summary.by_department(scored("weight | departments\n2 | 外贸科、电商科"))
    assert departments.loc["电商科", ["indicators", "weight", "joint_weight"]].tolist() == [0, 0, 2]


def test_a_name_written_twice_in_a_cell_is_not_its_own_joint():
    departments = summary.by_department(scored("weight | departments\n2 | 外贸科、外贸科、电商科、电商科"))
    assert departments["weight"].tolist() == [2, 0]
    assert departments["joint_weight"].tolist() == [0, 2]


def test_a_group_without_any_score_has_no_score_and_not_nought():
    departments = summary.by_department(scored(BUREAU))
    assert math.isnan(departments.loc["电商科", "score"])
    assert departments.loc["电商科", ["score_low", "score_high"]].tolist() == [0, 1.5]
    assert summary.total(scored("weight | panel_1\n2 | 0"))["score"].tolist() == [0]


def test_rows_without_a_usable_weight_are_counted_and_told_and_give_no_points():
    result = scored("weight | panel_1\n2 | 1\n_ | 1\n-3 | 1\n0 | _")
    total = summary.total(result).loc["合计"]
    assert (total["indicators"], total["weight"], total["score"], total["score_high"]) == (4, 2, 1, 1)
    assert summary.without_weight(result).tolist() == [False, True, True, False]


def test_an_empty_table_has_empty_summaries_and_an_empty_total():
    empty = score(conform(pd.DataFrame()), DEFAULT, pd.Timestamp("2025-10-31").date())
    total = summary.total(empty).loc["合计"]
    assert (total["indicators"], total["weight"]) == (0, 0)
    assert math.isnan(total["score"])
    for by in GROUPINGS:
        assert len(by(empty)) == 0
        assert list(by(empty).columns)[: len(COLUMNS)] == COLUMNS


@pytest.mark.parametrize(
    ("drawing", "name"),
    [
        ("weight\n2", "blank"),
        ("weight | completion\n2 | 召开会议\n1 | _", "running"),
        ("weight | self_tier\n2 | 1", "running"),
        ("weight | panel_1\n2 | 0\n1 | _", "evaluation"),
        ("weight | stated_result\n2 | 1.9", "evaluation"),
        ("weight | panel_1\n2 | 95", "running"),
    ],
)
def test_the_evaluation_phase_begins_with_the_first_score(drawing, name):
    assert phase(scored(drawing)) == name


NAMES = st.lists(st.sampled_from(["外贸科", "电商科", "办公室", ""]), max_size=3).map(tuple)
ROW = st.fixed_dictionaries(
    {
        "weight": st.sampled_from([math.nan, -1, 0, 0.5, 1.5, 2, 4]),
        "panel_1": st.sampled_from([math.nan, 0, 0.4, 9]),
        "reported_progress": st.sampled_from([math.nan, 0, 0.5, 1]),
        "completion": st.sampled_from(["", "已完成", "进度滞后", "召开会议"]),
        "category": st.sampled_from(["职能工作目标", "安全生产", ""]),
        "due": st.sampled_from([pd.NaT, pd.Timestamp("2025-06-30"), pd.Timestamp("2025-12-31")]),
        "departments": NAMES,
        "leaders": NAMES,
        "heads": NAMES,
    }
)


@given(st.lists(ROW, min_size=1, max_size=12))
def test_every_summary_adds_up_to_the_total_and_every_status_to_the_weight(rows):
    result = score(conform(pd.DataFrame(rows).assign(year=2025.0)), DEFAULT, pd.Timestamp("2025-10-31").date())
    before = result.copy(deep=True)
    total = summary.total(result).loc["合计"]
    for by in GROUPINGS:
        groups = by(result)
        added = groups[COLUMNS].sum(min_count=1)
        pd.testing.assert_series_equal(added, total, check_names=False)
        pd.testing.assert_series_equal(groups[list(STATUSES)].sum(axis=1), groups["weight"], check_names=False)
        held = groups[groups["scored_weight"] > 0]
        assert (held["score"] <= held["scored_weight"] + 1e-9).all()
        assert (groups["score_low"] <= groups["score_high"] + 1e-9).all()
        assert (groups["score"].dropna() >= groups["score_low"][groups["score"].notna()] - 1e-9).all()
        assert groups.index.is_unique
    pd.testing.assert_frame_equal(result, before)


def test_a_scored_table_read_back_as_plain_text_sums_the_same():
    result = scored(BUREAU)
    plain = result.assign(status=result["status"].astype("str"), scored_by=result["scored_by"].astype("str"))
    pd.testing.assert_frame_equal(summary.by_department(plain), summary.by_department(result))
