import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import Method, score
from scoring.table import COLUMNS, PANEL, SCORED_COLUMNS, TIERS, conform
from tests.indicators import DEFAULT, scored, table

AS_OF = date(2025, 10, 31)


@pytest.fixture
def percent(tmp_path) -> Method:
    file = tmp_path / "method.toml"
    entry = '[panel_scale]\ntitle = "分制"\nvalue = "percent"\ntext = "{value}"\nassumed = true\n'
    file.write_text(entry, encoding="utf-8")
    return Method.load(file)


def only(drawing: str, method: Method = DEFAULT) -> pd.Series:
    return scored(drawing, method=method).iloc[0]


def panel(weight: str, *scores: str) -> str:
    seats = " | ".join(PANEL[: len(scores)])
    return f"weight | {seats}\n{weight} | {' | '.join(scores)}"


def test_the_result_is_the_mean_of_the_filled_panel_scores_only():
    row = only(panel("2", "2", "1.5", "_", "1", "_", "_", "_"))
    assert row["score"] == 1.5
    assert row["scored_by"] == "panel"


def test_a_panel_of_one_counts():
    assert only(panel("2", "_", "_", "1.8"))["score"] == 1.8


def test_a_score_of_nought_is_a_score():
    row = only(panel("2", "0", "_"))
    assert (row["score"], row["score_low"], row["score_high"]) == (0, 0, 0)


def test_a_blank_is_never_zero():
    row = only("weight\n2")
    assert math.isnan(row["score"])
    assert math.isnan(row["estimate"])
    assert row["scored_by"] == ""
    assert (row["score_low"], row["score_high"]) == (0, 2)


@pytest.mark.parametrize("outside", ["2.1", "-0.5", "92.5", "inf"])
def test_a_panel_score_outside_the_scale_is_not_used(outside):
    assert only(panel("2", "1", outside))["score"] == 1
    assert math.isnan(only(panel("2", outside))["score"])


def test_the_full_weight_is_inside_the_scale_whatever_binary_rounding_does():
    row = only(panel("0.3", *["0.3"] * 7))
    assert row["score"] == pytest.approx(0.3)
    assert row["score"] <= row["score_high"]
    assert only(panel("0.3", str(0.1 + 0.2)))["score"] == 0.3


def test_on_the_percent_scale_points_are_mean_times_weight(percent):
    assert only(panel("2", "90", "_", "80"), percent)["score"] == pytest.approx(1.7)
    assert only(panel("2", "90", "101"), percent)["score"] == pytest.approx(1.8)
    assert only(panel("0", "90"), percent)["score"] == 0


def test_a_stated_result_counts_where_the_panel_is_blank():
    row = only("weight | stated_result\n2 | 1.9")
    assert (row["score"], row["scored_by"]) == (1.9, "stated")


def test_the_panel_wins_over_a_stated_result():
    row = only("weight | panel_1 | stated_result\n2 | 1.5 | 1.9")
    assert (row["score"], row["scored_by"]) == (1.5, "panel")


def test_a_stated_result_is_used_where_no_panel_score_can_be():
    row = only("weight | panel_1 | stated_result\n2 | 95 | 1.9")
    assert (row["score"], row["scored_by"]) == (1.9, "stated")


@pytest.mark.parametrize("outside", ["2.5", "-1"])
def test_a_stated_result_outside_the_weight_is_not_used(outside):
    row = only(f"weight | stated_result\n2 | {outside}")
    assert math.isnan(row["score"])
    assert row["scored_by"] == ""


@pytest.mark.parametrize(("tier", "points"), [("1", 2.0), ("2", 1.8), ("3", 1.6)])
def test_a_tier_gives_an_estimate_and_never_a_score(tier, points):
    row = only(f"weight | self_tier\n2 | {tier}")
    assert row["estimate"] == pytest.approx(points)
    assert math.isnan(row["score"])
    assert row["scored_by"] == "self_tier"
    assert (row["score_low"], row["score_high"]) == (0, 2)


@pytest.mark.parametrize(
    ("drawing", "points", "by"),
    [
        ("weight | self_tier | peer_tier | office_tier\n1 | 1 | 2 | 3", 0.8, "office_tier"),
        ("weight | self_tier | peer_tier\n1 | 1 | 2", 0.9, "peer_tier"),
        ("weight | self_tier | office_tier\n1 | 3 | 1", 1.0, "office_tier"),
        ("weight | self_tier | office_tier\n1 | 2 | 5", 0.9, "self_tier"),
    ],
)
def test_the_office_counts_before_the_peers_and_they_before_oneself(drawing, points, by):
    row = only(drawing)
    assert row["estimate"] == pytest.approx(points)
    assert row["scored_by"] == by


@pytest.mark.parametrize("tier", ["0", "4", "1.5", "-1", "inf"])
def test_a_tier_that_does_not_exist_gives_no_estimate(tier):
    row = only(f"weight | office_tier\n2 | {tier}")
    assert math.isnan(row["estimate"])
    assert row["scored_by"] == ""


def test_a_score_keeps_the_estimate_beside_it():
    row = only("weight | office_tier | panel_1\n2 | 2 | 1.5")
    assert (row["score"], row["scored_by"]) == (1.5, "panel")
    assert row["estimate"] == pytest.approx(1.8)


@pytest.mark.parametrize("weight", ["_", "-2", "inf"])
def test_without_a_usable_weight_there_are_no_points_at_all(weight):
    row = only(f"weight | office_tier | panel_1 | stated_result\n{weight} | 1 | 1 | 1")
    assert row[["score", "estimate", "score_low", "score_high"]].isna().all()
    assert row["scored_by"] == ""


def test_a_weight_of_nought_stays_and_can_be_scored_nought():
    row = only("weight | panel_1 | office_tier\n0 | 0 | 2")
    assert (row["score"], row["estimate"], row["score_high"]) == (0, 0, 0)


def test_the_scored_table_is_the_table_and_the_scored_columns():
    drawn = table("serial | weight\n1-1 | 2\n1-2 | 1").set_axis([7, 3])
    result = score(drawn, DEFAULT, AS_OF)
    assert list(result.columns) == [*COLUMNS, *SCORED_COLUMNS]
    assert list(result.index) == [7, 3]
    pd.testing.assert_frame_equal(result[list(COLUMNS)], drawn)


def test_an_empty_table_is_scored_to_an_empty_table():
    result = score(conform(pd.DataFrame()), DEFAULT, AS_OF)
    assert list(result.columns) == [*COLUMNS, *SCORED_COLUMNS]
    assert len(result) == 0


def numbers(*special: float) -> st.SearchStrategy[float]:
    return st.one_of(st.just(math.nan), st.sampled_from(special), st.floats(-1e12, 1e12), st.just(math.inf))


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    length = draw(st.integers(0, 6))
    columns: dict[str, list] = {"weight": numbers(0, 1, 2, 1.5), "stated_result": numbers(0, 1.9)}
    columns |= dict.fromkeys(PANEL[:3], numbers(0, 1, 1.8, 90)) | dict.fromkeys(TIERS, numbers(1, 2, 3))
    columns |= {"reported_progress": numbers(0, 0.5, 1), "year": numbers(2025), "completion": st.text(max_size=12)}
    columns |= {"due": st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2200, 1, 1)))}
    drawn = {name: draw(st.lists(each, min_size=length, max_size=length)) for name, each in columns.items()}
    return conform(pd.DataFrame(drawn | {"due": pd.to_datetime(pd.Series(drawn["due"], dtype="object"))}))


@given(tables(), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_whatever_is_in_a_table_its_points_lie_in_their_range(frame, as_of):
    before = frame.copy(deep=True)
    result = score(frame, DEFAULT, as_of)
    pd.testing.assert_frame_equal(frame, before)
    weighted = result[result["score_high"].notna()]
    assert (weighted["score_low"] >= 0).all()
    assert (weighted["score_high"] <= weighted["weight"]).all()
    given_points = result[result["score"].notna()]
    assert (given_points["score_low"] == given_points["score"]).all()
    assert (given_points["score_high"] == given_points["score"]).all()
    assert result["pace"].dropna().between(0, 1).all()
    assert result["status"].notna().all()


def test_scoring_a_scored_table_again_gives_the_same():
    once = scored("weight | panel_1 | due\n2 | 1.5 | 2025-12-31\n1 | _ | 2025-11-30")
    pd.testing.assert_frame_equal(score(once, DEFAULT, AS_OF), once)


def test_changing_the_result_does_not_change_the_input():
    drawn = table("weight\n2")
    result = score(drawn, DEFAULT, AS_OF)
    result.loc[0, "weight"] = np.nan
    assert drawn["weight"].tolist() == [2]
