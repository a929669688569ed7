"""What 各单位 says of units, without a screen."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from data.storage.roster import Expected, Place, Roster
from data.storage.summaries import Summary
from data.versions import Listed
from reports import units as said
from reports.units import Query, Unit
from reports.words import Parts, plain

WHOLE = Summary(
    version=1,
    plan="甲局 2025",
    number=3,
    unit="甲局",
    year=2025,
    example=False,
    data_date=date(2025, 10, 31),
    published_at=datetime(2025, 10, 31, tzinfo=UTC),
    method="",
    plan_points=100.0,
    indicators=60,
    weight=100.0,
    done=40.0,
    on_pace=20.0,
    behind=10.0,
    overdue=6.5,
    not_reported=20.0,
    unjudged=3.5,
    scored_weight=0.0,
    score=math.nan,
    score_low=0.0,
    score_high=100.0,
    blocking=0,
    check=2,
)
CALM = replace(WHOLE, done=80.0, behind=0.0, overdue=0.0, unjudged=0.0)
BLANK = replace(CALM, done=0.0, on_pace=0.0, not_reported=100.0)


def unit(name: str, group: str = "", summary: Summary | None = WHOLE, submitted: bool = True) -> Unit:
    plan = Listed(f"{name} 2025", name, 2025, False, 1) if submitted else None
    return Unit(name, group, "", plan, summary if submitted else None)


def test_the_parts_are_those_of_every_other_page() -> None:
    assert unit("甲").parts == Parts(60.0, 16.5, 23.5)
    assert said.told(unit("甲")) == "甲：按序时60分，有风险16.5分，未填报或待判23.5分"


@pytest.mark.parametrize(
    ("units", "roster", "sentence"),
    [
        ([], False, "还没有单位报来考评表。"),
        ([unit("甲")], False, "1家单位已报；1家有失分风险。"),
        ([unit("甲", summary=CALM)], True, "1家单位全部已报；已填报的暂无失分风险。"),
        ([unit("甲", summary=BLANK)], True, "1家单位全部已报；各单位都还没有填报进展。"),
        ([unit("甲", submitted=False)], True, "1家单位，已报0家，1家未报。"),
        (
            [unit("甲", summary=replace(WHOLE, weight=70.0)), unit("乙", summary=None)],
            True,
            "2家单位全部已报；1家有失分风险，1家没有读全，1家待汇总。",
        ),
        ([unit("甲", summary=replace(WHOLE, plan_points=math.nan))], True, "1家单位全部已报；1家有失分风险。"),
    ],
)
def test_the_headline_counts_units_and_never_adds_up_their_points(
    units: list[Unit], roster: bool, sentence: str
) -> None:
    assert plain(said.headline(tuple(units), roster)) == sentence


def test_an_example_counts_only_where_the_list_names_it() -> None:
    example = Listed("例局 2025", "例局", 2025, True, 1)
    own = said.listed([Place(Expected("例局"), example, listed=False)], [], True)
    named = said.listed([Place(Expected("例局", "一组"), example)], [], True)
    assert [(each.group, each.counted) for each in (*own, *named)] == [("示例数据", False), ("一组", True)]


def test_units_of_a_group_stand_together_and_examples_last() -> None:
    example = Listed("例局 2025", "例局", 2025, True, 1)
    places = [Place(Expected("例局"), example, listed=False)]
    places += [
        Place(Expected(name, group), None) for name, group in (("甲", "一"), ("乙", "二"), ("丙", "一"), ("丁", ""))
    ]
    names = [each.name for each in said.listed(places, [], True)]
    assert names == ["甲", "丙", "乙", "丁", "例局"]


def test_what_is_unknown_is_never_ahead_in_the_order_by_risk() -> None:
    calm, risky = unit("甲", summary=CALM), unit("乙")
    waiting, missing = unit("丙", summary=None), unit("丁", submitted=False)
    units = (missing, waiting, calm, risky)
    assert said.found(units, Query(by_risk=True)) == (risky, calm, missing, waiting)
    assert said.found(units, Query()) == units


@pytest.mark.parametrize(("text", "found"), [("水利", 1), ("ＡＢ局", 1), ("局 示例", 2), ("没有", 0)])
def test_units_are_found_by_pieces_of_their_names(text: str, found: int) -> None:
    units = (unit("示例市水利局"), unit("示例市ab局"))
    assert len(said.found(units, Query(text))) == found


def test_a_score_never_stands_without_the_points_that_it_covers() -> None:
    assert said.scored(WHOLE) == ("", "待评")
    assert said.scored(replace(WHOLE, scored_weight=88.0, score=83.54)) == ("得83.54分", "已评88分，待评12分")
    assert said.scored(replace(WHOLE, scored_weight=100.0, score=0.0)) == ("得0分", "已评100分")


@pytest.mark.parametrize(
    ("total", "note"), [(100.0, ""), (90.0, "方案90分"), (120.0, "方案120分"), (math.nan, "方案总分未写明")]
)
def test_the_plan_s_points_stand_beside_the_readable_ones_where_they_differ(total: float, note: str) -> None:
    assert said.readable(replace(WHOLE, plan_points=total)) == ("100分", note)


def test_many_missing_units_are_counted_after_the_first_ones() -> None:
    units = tuple(unit(f"{number}局", submitted=False) for number in range(1, 11))
    assert said.missing(units) == "未报的：1局、2局、3局、4局、5局、6局、7局、8局等10家。"


def test_a_printed_page_says_how_many_of_how_many_it_shows() -> None:
    units = (unit("甲"), unit("乙", summary=replace(WHOLE, data_date=date(2025, 4, 30))), unit("丙", submitted=False))
    told = "内部资料　各单位 2025　3家，已报2家　数据截至4月30日至10月31日　校验码0123456789ab"
    assert said.imprint(units, 2025, "0123456789abcdef") == told


def test_a_list_tells_what_it_changes_on_the_one_before() -> None:
    before = Roster((Expected("甲局", "一"), Expected("乙　局")), "旧.xlsx")
    after = Roster((Expected("乙局"), Expected("丙局")), "新.xlsx")
    assert said.replaced(after, None) == "这是第一份名单。"
    assert said.replaced(after, before) == "比现在的名单多1家，少1家：甲局。"
    assert said.replaced(before, before) == "比现在的名单多0家，没有少。"
