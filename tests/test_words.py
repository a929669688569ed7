"""Numbers, dates, names and sentences as the screen and the papers write them."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.plan import Plan, parse
from reports import words
from scoring.table import STATUSES
from ui import markup

FULL = parse('unit = "某局"\nyear = 2025', "test.toml")
HUNDRED = parse('unit = "某局"\nyear = 2025\ntotal = 100', "test.toml")


def summary(*rows: dict[str, float], names: tuple[str, ...] = ("合计",)) -> pd.DataFrame:
    """A table as ``scoring.summary`` gives it, from the points that are not 0."""
    table = pd.DataFrame(rows, index=list(names)).reindex(columns=["indicators", *STATUSES, "scored_weight", "score"])
    table[[*STATUSES, "scored_weight", "indicators"]] = table[[*STATUSES, "scored_weight", "indicators"]].fillna(0.0)
    table["weight"] = table[list(STATUSES)].sum(axis=1)
    table["score_low"] = table["score"].fillna(0.0)
    table["score_high"] = table["score_low"] + table["weight"] - table["scored_weight"]
    return table


def lead(plan: Plan = FULL, **points: float) -> str:
    return words.plain(words.overview(summary(points).iloc[0], plan))


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (1.005, 2, "1.01"),
        (0.1 + 0.2, 1, "0.3"),
        (2.6749999999999998, 2, "2.68"),
        (60.0, 1, "60"),
        (16.5, 1, "16.5"),
        (-0.04, 1, "0"),
        (12345.0, 1, "12345"),
        (math.nan, 1, "—"),
    ],
)
def test_numbers_are_rounded_half_away_from_zero_and_blank_is_never_zero(
    value: float, places: int, written: str
) -> None:
    assert words.number(value, places) == written


@given(st.integers(-10_000_000, 10_000_000))
def test_a_thousandth_is_rounded_as_by_hand(thousandths: int) -> None:
    tens, rest = divmod(abs(thousandths), 10)
    by_hand = (tens + (rest >= 5)) / 100 * (1 if thousandths >= 0 else -1)
    assert float(words.rounded(thousandths / 1000, 2)) == by_hand


@pytest.mark.parametrize(("value", "written"), [(22.0, "+22"), (-6.0, "−6"), (0.0, "±0"), (0.04, "±0"), (-0.04, "±0")])
def test_a_change_has_its_sign(value: float, written: str) -> None:
    assert words.change(value) == written


def test_a_score_has_two_decimals_and_a_share_whole_percent() -> None:
    assert words.fixed(1.8) == "1.80"
    assert words.fixed(math.nan) == "—"
    assert words.percent(0.795) == "80%"
    assert words.percent(math.nan) == "—"


def test_the_year_stands_only_where_it_is_not_the_plans() -> None:
    assert words.day(date(2025, 10, 17), 2025) == "10月17日"
    assert words.day(date(2026, 2, 10), 2025) == "2026年2月10日"


@pytest.mark.parametrize(
    ("written", "when", "shown"),
    [
        ("12月 底前", date(2025, 12, 31), "12月底前"),
        ("46022", date(2025, 12, 31), "12月31日前"),
        ("", date(2025, 6, 30), "6月30日前"),
        ("", None, "未写明"),
        ("年内适时", None, "年内适时"),
    ],
)
def test_a_deadline_is_shown_as_written_without_stray_blanks(written: str, when: date | None, shown: str) -> None:
    assert words.due(written, when, 2025) == shown


@pytest.mark.parametrize(
    ("days", "shown"), [(75.0, "还剩75天"), (0.0, "今天到期"), (-17.0, "已过17天"), (math.nan, "")]
)
def test_days_left_are_told_in_words(days: float, shown: str) -> None:
    assert words.days_left(days) == shown


@pytest.mark.parametrize(
    ("short", "indicator", "shown"),
    [
        ("简称", "长长的指标", "简称"),
        ("", "精神文明建设成效。", "精神文明建设成效"),
        ("", "全面完成造林任务，新增造林面积一万亩以上，并及时上报。", "全面完成造林任务"),
        ("", "一、二、三、四、五、六、七、八、九、十、十一、十二", "一、二、三、四、五、六、七、八、九…"),
    ],
)
def test_a_name_is_the_short_one_or_the_first_clause(short: str, indicator: str, shown: str) -> None:
    assert words.short_name(short, indicator) == shown


@given(st.text(), st.text(), st.text())
def test_no_name_is_blank_or_longer_than_eighteen_characters(indicator: str, goal: str, serial: str) -> None:
    name = words.short_name("", indicator, goal, serial)
    assert name.strip()
    assert len(name) <= words.SHORT_NAME or name == f"{serial}（没有指标内容）"


def test_a_bureau_just_starting_is_told_to_look_at_who_and_when() -> None:
    assert lead(not_reported=100) == "100分全部尚未填报：方案刚印发，先看谁承担、何时到期。"


def test_a_year_under_way_is_told_in_three_numbers() -> None:
    assert lead(done=14.5, on_pace=45.5, behind=14.5, overdue=2, not_reported=23.5) == (
        "100分中，60分已完成或按序时推进，16.5分有失分风险，23.5分尚未填报。"
    )


def test_no_risk_is_claimed_only_for_what_was_reported() -> None:
    assert lead(done=60, not_reported=40) == ("100分中，60分已完成或按序时推进，已填报的暂无失分风险，40分尚未填报。")


def test_where_everything_is_reported_nothing_is_said_to_be_unknown() -> None:
    assert lead(done=80, behind=20) == "100分全部有填报：80分已完成或按序时推进，20分有失分风险。"


@pytest.mark.parametrize(
    ("points", "end"),
    [
        ({"not_reported": 10.0, "unjudged": 5.0}, "15分尚未填报或待判。"),
        ({"unjudged": 5.0}, "5分待判。"),
    ],
)
def test_what_cannot_be_judged_joins_the_unknown(points: dict[str, float], end: str) -> None:
    assert lead(done=50, **points).endswith(end)


def test_only_unjudged_reports_are_no_blank_table() -> None:
    assert words.phase(summary({"unjudged": 100}).iloc[0]) == "running"


def test_an_evaluation_gives_a_range_and_how_much_it_covers() -> None:
    assert lead(done=100, scored_weight=88, score=85.4) == (
        "已评定88分，得85.4分，失2.6分；还有12分待评，最终得分在85.4至97.4之间。"
    )
    assert lead(done=100, scored_weight=100, score=97.25) == "100分全部评定，得97.25分，失2.75分。"


def test_what_the_source_lacks_is_told_in_the_lead() -> None:
    assert lead(HUNDRED, not_reported=97) == "方案100分，读到97分，全部尚未填报；另3分没有读到。"
    assert lead(HUNDRED, done=50, not_reported=53) == (
        "方案100分，读到103分：50分已完成或按序时推进，已填报的暂无失分风险，53分尚未填报；比方案多3分。"
    )


def test_departments_are_named_by_risk_then_by_what_is_unknown() -> None:
    table = summary(
        {"behind": 5}, {"overdue": 4, "done": 1}, {"not_reported": 6}, names=("外资科", "外贸科", "服务业科")
    )
    assert words.plain(words.departments(table)) == (
        "失分风险集中在外资科（5分）和外贸科（4分）；未填报最多的是服务业科（6分）。"
    )


def test_in_an_evaluation_departments_are_named_by_what_they_lost() -> None:
    table = summary(
        {"done": 8, "scored_weight": 8, "score": 7.38},
        {"done": 8, "scored_weight": 3, "score": 3},
        names=("甲科", "乙科"),
    )
    assert words.plain(words.departments(table)) == "失分最多的是甲科（0.62分）；待评最多的是乙科（5分）。"


def test_leaders_are_told_how_much_of_the_risk_is_theirs() -> None:
    table = summary({"behind": 12.5, "done": 3}, {"overdue": 4}, names=("林越", "简书宁"))
    assert words.plain(words.leaders(table)) == "16.5分失分风险中，12.5分在林越分管范围。"
    blank = summary({"not_reported": 12}, {"not_reported": 4}, names=("林越", "简书宁"))
    assert words.plain(words.leaders(blank)) == "各分管范围都尚未填报；承担最多的是林越（12分）和简书宁（4分）。"


def test_rows_without_points_are_counted_and_not_called_zero() -> None:
    assert words.amount(pd.DataFrame({"weight": [2.0, 12.5]})) == "14.5分 2项"
    assert words.amount(pd.DataFrame({"weight": [math.nan]})) == "1项没有写明分值"
    assert words.amount(pd.DataFrame({"weight": []})) == ""
    assert words.held(pd.Series({"weight": 0.0, "indicators": 1})) == "—"


def test_every_status_has_a_word_a_shape_and_colours_of_its_own() -> None:
    marks = [words.STATUSES[key] for key in STATUSES]
    assert len({mark.word for mark in marks}) == len({mark.shape for mark in marks}) == len(STATUSES)
    assert [mark.group for mark in marks] == ["steady", "steady", "risk", "risk", "unknown", "unknown"]


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)">',
    "\u202e倒写",
    "\x00\x1b[31m",
)


@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_text_becomes_markup(cell: str) -> None:
    for made in (markup.text(cell), markup.plot(cell)):
        assert "<" not in made
        assert not {"\u202e", "\x00", "\x1b"} & set(made)
    assert '"' not in markup.text(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "[链接](https://example.com)",
        "![图](https://example.com/a.png)",
        "**粗**",
        ":red[红]",
        ":material/home:",
        "$x$",
        "`码`",
    ],
)
def test_markdown_in_a_cell_is_escaped_sign_by_sign(cell: str) -> None:
    made = markup.md(cell)
    unescaped = [sign for before, sign in zip(" " + made, made, strict=False) if sign in "[]()!*:$`" and before != "\\"]
    assert unescaped == []


def test_what_streamlit_would_turn_into_links_or_arrows_is_kept_apart() -> None:
    for live in ("->", "<-", "://", "material_", "streamlit:", "www."):
        assert live not in markup.md(f"前{live}后").replace("\\", "")
