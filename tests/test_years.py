"""scoring.years: which indicator of one year is which of another, and how each stood."""

import math

from scoring.years import Years, compare_years
from tests.indicators import scored

HEAD = "year | serial | indicator | weight | due | completion | reported_progress | panel_1\n"


def compared(then: str, now: str) -> Years:
    return compare_years(scored(HEAD + then, "2024-12-31"), scored(HEAD + now, "2025-06-30"))


def told(found: Years) -> list[tuple[str, str, str]]:
    """Return kind, text then and text now of each indicator."""
    text = lambda table, place: "" if place < 0 else table["indicator"].iloc[place]  # noqa: E731
    return [(row.kind, text(found.then, row.was), text(found.now, row.is_now)) for row in found.indicators.itertuples()]


def test_an_indicator_is_the_same_where_only_its_figures_and_its_serial_changed():
    found = compared(
        "2024 | 1-1 | 2024年造林5000亩以上 | 4 | 2024-12-31 | | |\n2024 | 1-2 | 创建森林村庄3个 | 3 | 2024-12-31 | | |",
        "2025 | 2-5 | 2025年造林6200亩以上 | 5 | 2025-12-31 | | |\n2025 | 1-1 | 创建森林村庄五个 | 3 | 2025-12-31 | | |",
    )
    assert told(found) == [
        ("both", "2024年造林5000亩以上", "2025年造林6200亩以上"),
        ("both", "创建森林村庄3个", "创建森林村庄五个"),
    ]
    assert list(found.indicators["weight_then"]) == [4, 3]
    assert list(found.indicators["weight_now"]) == [5, 3]


def test_the_same_serial_alone_makes_no_pair():
    found = compared(
        "2024 | 1-1 | 完成林权登记颁证 | 4 | 2024-12-31 | | |", "2025 | 1-1 | 湿地公园建设验收 | 4 | 2025-12-31 | | |"
    )
    assert told(found) == [("new", "", "湿地公园建设验收"), ("gone", "完成林权登记颁证", "")]


def test_a_reworded_indicator_is_found_and_the_nearest_one_wins():
    found = compared(
        """
        2024 | 1-1 | 推进松材线虫病防治，完成除治面积2000亩 | 4 | 2024-12-31 | | |
        2024 | 1-2 | 推进松材线虫病防治宣传 | 2 | 2024-12-31 | | |
        """,
        """
        2025 | 1-4 | 推进松材线虫病防治宣传教育 | 2 | 2025-12-31 | | |
        2025 | 1-3 | 持续推进松材线虫病防治，完成除治面积3000亩 | 4 | 2025-12-31 | | |
        """,
    )
    assert [row[1] for row in told(found)] == ["推进松材线虫病防治宣传", "推进松材线虫病防治，完成除治面积2000亩"]


def test_indicators_of_one_wording_are_paired_one_by_one():
    then = "\n".join(f"2024 | 1-{n} | 新增示范基地{n}个 | 1 | 2024-12-31 | | |" for n in (1, 2, 3))
    now = "\n".join(f"2025 | 3-{n} | 新增示范基地{n + 4}个 | 1 | 2025-12-31 | | |" for n in (1, 2, 3))
    assert sorted(compared(then, now).indicators["was"]) == [0, 1, 2]


def test_each_year_is_told_as_it_stood_and_what_was_not_there_is_unknown():
    found = compared(
        "2024 | 1-1 | 造林 | 4 | 2024-12-31 | 已完成 | 1 | 3.5",
        "2025 | 1-1 | 造林 | 4 | 2025-12-31 | | |\n2025 | 1-2 | 抚育森林 | 2 | 2025-12-31 | | |",
    )
    same, new = found.indicators.itertuples()
    assert (same.status_then, same.score_then, same.status_now) == ("done", 3.5, "not_reported")
    assert (new.status_then, new.status_now, new.weight_now) == ("", "not_reported", 2)
    assert [math.isnan(value) for value in (same.score_now, new.weight_then, new.score_then)] == [True] * 3


def test_a_year_without_any_indicator_leaves_all_new_or_gone():
    some = scored(HEAD + "2025 | 1-1 | 造林 | 4 | 2025-12-31 | | |")
    assert told(compare_years(some.iloc[:0], some)) == [("new", "", "造林")]
    assert told(compare_years(some, some.iloc[:0])) == [("gone", "造林", "")]
    assert told(compare_years(some.iloc[:0], some.iloc[:0])) == []
