"""Outlook, what is worth doing, what if: the rules of ``scoring.outlook`` and the words for them."""

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.plan import parse
from reports import indicator, words
from reports import outlook as said
from scoring import outlook, score
from scoring.outlook import Assumption, Opportunity, assumed, opportunities
from scoring.panel import spreads
from scoring.table import COLUMNS, conform
from tests.indicators import DEFAULT, scored, table

YEAR_END, OCTOBER = "2025-12-31", date(2025, 10, 31)
BUREAU = """
serial | weight | departments    | leaders | office_tier | panel_1 | reported_progress | due
1-1    | 2      | 外贸科、电商科 | 赵一    | 1           | 1.8     | _                 | 2025-12-31
1-2    | 3      | 外贸科         | 赵一    | 2           | _       | 0.9               | 2025-12-31
1-3    | 4      | 电商科         | 李四    | _           | _       | 0.5               | 2025-12-31
1-4    | 1      | _              | 李四    | _           | _       | _                 | 2025-12-31
1-5    | _      | 电商科         | 李四    | 2           | _       | 0.5               | 2025-12-31
"""


def only(drawing: str, method=DEFAULT) -> Opportunity:
    found = opportunities(scored(drawing), method)
    assert len(found) == 1
    return found[0]


def serials(drawing: str, kind: str) -> list[str]:
    result = scored(drawing)
    return [result.at[one.index, "serial"] for one in opportunities(result, DEFAULT) if one.kind == kind]


# What is certain, estimated, open


def test_what_is_certain_estimated_and_open_stand_apart_each_with_the_weight_it_covers():
    row = outlook.total(scored(BUREAU)).loc["合计"]
    assert (row["certain"], row["certain_weight"]) == (1.8, 2)
    assert row["estimated"] == pytest.approx(2.7)
    assert (row["estimated_weight"], row["open_weight"]) == (3, 5)
    assert (row["indicators"], row["weight"]) == (5, 10)


def test_tiers_never_narrow_the_range_and_the_range_of_the_estimate_stands_beside_it():
    row = outlook.total(scored(BUREAU)).loc["合计"]
    assert (row["low"], row["high"]) == pytest.approx((1.8, 9.8))
    assert (row["estimate_low"], row["estimate_high"]) == pytest.approx((4.5, 9.5))
    without = outlook.total(scored(BUREAU).assign(estimate=math.nan)).loc["合计"]
    assert (without["low"], without["high"]) == (row["low"], row["high"])


def test_a_tier_beside_a_score_is_no_estimate():
    row = outlook.total(scored("weight | office_tier | panel_1\n2 | 3 | 2")).loc["合计"]
    assert math.isnan(row["estimated"])
    assert row["estimated_weight"] == 0


def test_nothing_scored_and_nothing_tiered_is_missing_and_not_zero():
    row = outlook.total(scored("weight | reported_progress\n2 | 0.5")).loc["合计"]
    assert math.isnan(row["certain"])
    assert math.isnan(row["estimated"])
    assert (row["open_weight"], row["low"], row["high"]) == (2, 0, 2)


def test_points_count_for_the_lead_alone():
    departments, leaders = outlook.by_department(scored(BUREAU)), outlook.by_leader(scored(BUREAU))
    assert departments["weight"].to_dict() == {"外贸科": 5, "电商科": 4, "未写明": 1}
    assert departments.loc["外贸科", ["certain", "estimated", "open_weight"]].tolist() == pytest.approx([1.8, 2.7, 0])
    assert leaders["open_weight"].to_dict() == {"赵一": 0, "李四": 5}


NAMES = st.lists(st.sampled_from(["外贸科", "电商科", ""]), max_size=3).map(tuple)
TIER = st.sampled_from([math.nan, 1, 2, 3, 7])
ROW = st.fixed_dictionaries(
    {
        "weight": st.sampled_from([math.nan, -1, 0, 0.1, 0.7, 1.5, 4]),
        "self_tier": TIER,
        "office_tier": TIER,
        "panel_1": st.sampled_from([math.nan, 0, 0.1, 0.5]),
        "stated_result": st.sampled_from([math.nan, 0.1]),
        "reported_progress": st.sampled_from([math.nan, 0, 0.5, 0.999, 1, 1.5]),
        "completion": st.sampled_from(["", "已完成", "进度滞后", "已举办1场"]),
        "indicator": st.sampled_from(["", "举办圆桌会议2场", "外资增长2%"]),
        "due": st.sampled_from([pd.NaT, pd.Timestamp("2025-06-30"), pd.Timestamp("2025-12-31")]),
        "departments": NAMES,
        "leaders": NAMES,
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=12)


def drawn(rows: list[dict[str, object]]) -> pd.DataFrame:
    return conform(pd.DataFrame(rows).assign(year=2025.0))


@given(ROWS)
def test_every_outlook_adds_up_to_the_total_and_its_parts_to_the_weight(rows):
    result = score(drawn(rows), DEFAULT, OCTOBER)
    total = outlook.total(result).loc["合计"]
    for by in (outlook.by_department, outlook.by_leader):
        groups = by(result)
        pd.testing.assert_series_equal(groups.sum(min_count=1), total, check_names=False)
        shares = groups[["certain_weight", "estimated_weight", "open_weight"]].sum(axis=1)
        pd.testing.assert_series_equal(shares, groups["weight"], check_names=False)
        parts = groups[["steady", "risk", "unknown"]].sum(axis=1)
        pd.testing.assert_series_equal(parts, groups["weight"], check_names=False)


@given(ROWS)
def test_the_estimate_lies_within_the_honest_range(rows):
    groups = outlook.by_department(score(drawn(rows), DEFAULT, OCTOBER))
    hair = 1e-9
    assert (groups["low"] <= groups["estimate_low"] + hair).all()
    assert (groups["estimate_low"] <= groups["estimate_high"] + hair).all()
    assert (groups["estimate_high"] <= groups["high"] + hair).all()


# What is worth doing


def test_a_closed_gap_turns_the_weight_steady_and_its_distance_is_what_lacks_to_the_pace():
    one = only("weight | reported_progress | due\n2 | 0.5 | 2025-12-31")
    assert (one.kind, one.gain, one.tier) == ("gap", 2, 0)
    assert one.aim == pytest.approx(10 / 12)
    assert one.distance == pytest.approx(10 / 12 - 0.5)


def test_the_gap_of_what_is_overdue_goes_up_to_the_target():
    one = only("weight | reported_progress | due\n2 | 0.5 | 2025-06-30")
    assert (one.aim, one.distance) == (1, 0.5)


def test_the_target_furthest_behind_measures_the_distance():
    drawing = "weight | targets | due\n2 | count >= 10场 会议 = 2；count >= 10家 企业 = 7 | 2025-12-31"
    assert only(drawing).distance == pytest.approx(0.6)  # 序时应达 are 8 of 10


def test_growth_is_no_share_of_a_way():
    one = only("weight | targets | due\n2 | growth >= 2% 外资 = 1.5 | 2025-12-31")
    assert math.isnan(one.distance)
    assert one.aim == 1


def test_a_plain_share_of_a_met_target_does_not_measure_the_growth_that_lacks():
    drawing = "weight | targets | due\n2 | count >= 10场 会议 = 8；growth >= 2% 外资 = 1 | 2025-12-31"
    assert math.isnan(only(drawing).distance)


@pytest.mark.parametrize(("tier", "better", "gain"), [(2, 1, 0.4), (3, 2, 0.4)])
def test_one_tier_more_brings_the_difference_of_the_shares(tier, better, gain):
    one = only(f"weight | office_tier | reported_progress | due\n4 | {tier} | 0.9 | 2025-12-31")
    assert (one.kind, one.tier) == ("tier", better)
    assert one.gain == pytest.approx(gain)
    assert one.distance == pytest.approx(0.1)


def test_the_tier_that_outranks_the_others_is_the_one_to_better():
    one = only("weight | self_tier | peer_tier | office_tier\n4 | 1 | 2 | 3")
    assert one.tier == 2


def test_a_tier_that_brings_nothing_is_passed_over():
    method = replace(DEFAULT, tier_shares=(1.0, 0.8, 0.8))
    result = scored("weight | office_tier\n4 | 3", method=method)
    (one,) = opportunities(result, method)
    assert (one.tier, one.gain) == (1, pytest.approx(0.8))


@pytest.mark.parametrize(
    "drawing",
    [
        "weight | office_tier\n2 | 1",
        "weight | reported_progress | due\n2 | 0.9 | 2025-12-31",
        "weight | reported_progress | due\n2 | 1 | 2025-06-30",
        "weight | completion | due\n2 | _ | 2025-06-30",
        "weight | office_tier | panel_1\n2 | 2 | 1",
        "weight | reported_progress | due\n_ | 0.1 | 2025-12-31",
        "weight | office_tier\n0 | 2",
    ],
)
def test_nothing_can_be_gained_where_all_is_well_unknown_scored_or_without_points(drawing):
    assert opportunities(scored(drawing), DEFAULT) == ()


def test_a_row_that_lags_and_has_a_tier_is_worth_a_tier_and_not_a_gap():
    drawing = "weight | office_tier | reported_progress | due\n2 | 2 | 0.5 | 2025-12-31"
    assert only(drawing).kind == "tier"


def test_the_gain_for_the_distance_decides_then_the_weight_and_what_nothing_measures_is_last():
    drawing = """
    serial | weight | reported_progress | completion | due
    far    | 2      | 0.1               | _          | 2025-12-31
    words  | 4      | _                 | 进度滞后   | 2025-12-31
    near   | 2      | 0.7               | _          | 2025-12-31
    worded | 5      | _                 | 进度滞后   | 2025-12-31
    heavy  | 3      | 0.1               | _          | 2025-12-31
    """
    assert serials(drawing, "gap") == ["near", "heavy", "far", "worded", "words"]


@given(ROWS)
def test_whatever_is_worth_doing_gains_something_within_the_points_that_are_open(rows):
    result = score(drawn(rows), DEFAULT, OCTOBER)
    total = outlook.total(result).loc["合计"]
    found = opportunities(result, DEFAULT)
    assert all(one.gain > 0 and not one.distance <= 0 for one in found)
    assert sum(one.gain for one in found if one.kind == "gap") <= total["risk"] + 1e-9
    assert sum(one.gain for one in found if one.kind == "tier") <= total["estimated_weight"] + 1e-9


@given(ROWS)
def test_a_gap_that_is_closed_as_proposed_turns_steady_and_a_tier_that_is_reached_adds_its_gain(rows):
    before = drawn(rows)
    result = score(before, DEFAULT, OCTOBER)
    for one in opportunities(result, DEFAULT):
        change = Assumption(one.index, one.tier or None, None if one.tier else one.aim)
        after = score(assumed(before, [change]), DEFAULT, OCTOBER)
        if one.kind == "gap":
            assert after.at[one.index, "status"] in ("done", "on_pace")
        else:
            gained = after.at[one.index, "estimate"] - result.at[one.index, "estimate"]
            assert gained == pytest.approx(one.gain)


# What if


def test_an_assumed_tier_outranks_all_and_an_assumed_progress_is_asked_first():
    before = table("weight | self_tier | office_tier | completion | due\n2 | 1 | 1 | 完成率10% | 2025-12-31")
    after = score(assumed(before, [Assumption(0, 3, 0.9)]), DEFAULT, OCTOBER).loc[0]
    assert (after["estimate"], after["scored_by"]) == (pytest.approx(1.6), "office_tier")
    assert (after["progress"], after["status"]) == (0.9, "on_pace")


def test_an_assumption_changes_its_row_alone_and_not_the_table_it_is_made_of():
    before = table(BUREAU)
    kept = before.copy(deep=True)
    after = assumed(before, [Assumption(1, tier=1), Assumption(3, progress=0.8), Assumption(2)])
    pd.testing.assert_frame_equal(before, kept)
    assert list(after.columns) == list(COLUMNS)
    differing = (after.ne(before) & ~(after.isna() & before.isna())).stack()
    assert list(differing[differing].index) == [(1, "office_tier"), (3, "reported_progress")]


def test_a_score_is_certain_whatever_tier_is_assumed():
    before = table(BUREAU)
    was, would = (
        outlook.total(score(each, DEFAULT, OCTOBER)) for each in (before, assumed(before, [Assumption(0, tier=3)]))
    )
    pd.testing.assert_frame_equal(was, would)


# The panel


def test_the_spread_is_the_highest_less_the_lowest_as_a_share_of_the_weight():
    result = scored("serial | weight | panel_1 | panel_2 | panel_3\n1-1 | 2 | 1.8 | 1.2 | _\n1-2 | 2 | _ | _ | _")
    found = spreads(result, DEFAULT)
    assert list(found.index) == [0]
    row = found.loc[0]
    assert row["given"] == (1.2, 1.8)
    assert (row["mean"], row["spread"], row["lost"], row["top"]) == pytest.approx((1.5, 0.3, 0.5, 2))


def test_a_score_outside_the_scale_is_not_shown():
    row = spreads(scored("weight | panel_1 | panel_2\n2 | 1.8 | 95"), DEFAULT).loc[0]
    assert row["given"] == (1.8,)


def test_scores_of_a_hundred_are_compared_on_their_own_scale_and_lost_points_are_points():
    method = replace(DEFAULT, panel_scale="percent")
    row = spreads(scored("weight | panel_1 | panel_2\n2 | 80 | 90", method=method), method).loc[0]
    assert (row["top"], row["mean"], row["spread"], row["lost"]) == pytest.approx((100, 85, 0.1, 0.3))


def test_who_gave_which_score_is_not_kept():
    first, second = (
        spreads(scored(f"weight | panel_1 | panel_2\n2 | {given}"), DEFAULT) for given in ("1 | 2", "2 | 1")
    )
    pd.testing.assert_frame_equal(first, second)


# In words


def answer(drawing: str, method=DEFAULT) -> str:
    result = scored(drawing)
    total = outlook.total(result).iloc[0]
    phase = words.phase(outlook.summary.total(result).iloc[0])
    return words.plain(said.headline(total, phase, opportunities(result, method), method))


@pytest.mark.parametrize(
    ("drawing", "sentence"),
    [
        ("weight | completion\n2 | _", "2分全部尚未填报：还看不出先抓哪几项。"),
        ("weight | completion\n_ | 已完成", "没有一项写明分值，还不能推演。"),
        ("weight | completion\n2 | 已完成\n1 | _", "已填报的暂无失分风险，还有1分尚未填报或待判。"),
        (
            "weight | reported_progress | due\n2 | 0.5 | 2025-12-31\n3 | 0.5 | 2025-12-31",
            "还有5分有失分风险，抓好这2项可转稳5分。",
        ),
        ("weight | completion\n2 | 进度滞后", "还有2分有失分风险，抓好下面第一项可转稳2分。"),
        (
            "weight | office_tier\n2 | 3",
            "还有2分有失分风险，都已定档。已定档2分，预估（按假设）得1.6分。",
        ),
        (
            "weight | panel_1 | office_tier\n2 | 1.8 | 1\n3 | _ | 2\n1 | _ | _",
            "已评2分，得1.8分；现有定档预估（按假设）再得2.7分，最终在1.8至5.8之间。",
        ),
        ("weight | panel_1\n2 | 1.8\n3 | _", "已评2分，得1.8分；待评3分都还没有定档，最终在1.8至4.8之间。"),
        ("weight | panel_1\n2 | 1.8", "2分全部评定，得1.8分：没有待评的可以推演。"),
    ],
)
def test_the_page_answers_in_a_sentence_for_each_phase(drawing, sentence):
    assert answer(drawing) == sentence


def test_an_estimate_is_called_assumed_only_while_nobody_has_laid_down_the_shares():
    rules = tuple(replace(rule, assumed=False) if rule.name == "tier_shares" else rule for rule in DEFAULT.rules)
    sourced = replace(DEFAULT, rules=rules)
    assert "预估得1.6分" in answer("weight | office_tier\n2 | 3", sourced)


@pytest.mark.parametrize(
    ("drawing", "far", "aim"),
    [
        (
            f"weight | reported_progress | due\n2 | 0.5 | {YEAR_END}",
            "比序时慢33个百分点",
            "补到序时83%",
        ),
        ("weight | reported_progress | due\n2 | 0.85 | 2025-09-30", "离目标还差15个百分点", "补到目标"),
        (f"weight | completion | due\n2 | 进度滞后 | {YEAR_END}", "距离不明", "补到序时83%"),
        (f"weight | targets | due\n2 | amount >= 600亿元 总投资 = 353 | {YEAR_END}", "比序时少147亿元", "补到序时83%"),
        (f"weight | targets | due\n2 | growth >= 2% 外资 = -1 | {YEAR_END}", "下降1%，离目标差3个百分点", "补到目标"),
        ("weight | office_tier | reported_progress\n2 | 2 | 0.9", "离目标还差10个百分点", "提高到一档"),
        ("weight | office_tier | reported_progress\n2 | 2 | 1.1", "目标已达到，差的不在进度，距离不明", "提高到一档"),
        ("weight | office_tier | completion\n2 | 3 | _", "距离不明", "提高到二档"),
    ],
)
def test_the_distance_is_told_in_words_that_a_meeting_can_use(drawing, far, aim):
    result = scored(drawing)
    one = only(drawing)
    row = next(indicator.lines(result))
    assert said.distance(one, row, DEFAULT) == far
    assert said.aim(one) == aim


def test_what_turns_steady_is_never_called_a_score():
    one = only("weight | completion\n2 | 进度滞后")
    assert said.gain(one) == "转稳2分"
    assert said.gain(only("weight | office_tier\n2 | 2")) == "预估+0.2分"


def test_points_that_the_plan_has_and_the_table_lacks_are_named():
    plan = parse('unit = "某市林业局"\nyear = 2025\ntotal = 12', "test.toml")
    total = outlook.total(scored("weight | completion\n10 | _")).iloc[0]
    assert "方案12分，读到10分，另2分不在内。" in said.whole(plan, total, DEFAULT)
