from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.quantities import Target, converted, quantities
from scoring.reported import is_measurable
from scoring.targets import extract_targets, match_actuals
from tests.reported_sentences import Report, reports

REPORTS = reports()
STRANGERS = reports((Path(__file__).parent / "reports_of_strangers.txt").read_text(encoding="utf-8"))
NAMELESS = (Target("growth", ">=", 0.0, "%", "", 0, 5), Target("document", ">=", 1.0, "份", "", 0, 5))
PROMISED = [*NAMELESS, *(target for report in [*REPORTS, *STRANGERS] for target in report.targets)]
TARGETS = st.lists(st.sampled_from(PROMISED), max_size=5).map(tuple)
PIECES = (
    "，",
    "、",
    "。",
    "其中",
    "计划",
    "拟",
    "分别",
    "截至10月底",
    "下降",
    "（",
    "）",
    "3%",
    "2场",
    "第2位",
    "未发生",
    "\n",
)
PHRASES = st.sampled_from([*PIECES, *(report.text for report in [*REPORTS, *STRANGERS])])
TEXTS = st.text() | st.lists(PHRASES, max_size=5).map("".join)


def phrases(drawing: str) -> list[str]:
    return drawing.split()


def said(indicator: str, text: str) -> list[float | None]:
    return [actual and actual.value for actual in match_actuals(extract_targets(indicator), text)]


def found(report: Report) -> list[float | None]:
    return [actual and actual.value for actual in match_actuals(report.targets, report.text)]


def agree(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else one == pytest.approx(other)


def precision_and_recall(pairs: list[tuple[float | None, float | None]]) -> tuple[float, float]:
    right = sum(agree(*pair) for pair in pairs if None not in pair)
    expected = sum(pair[0] is not None for pair in pairs)
    read = sum(pair[1] is not None for pair in pairs)
    return right / read, right / expected


@pytest.mark.parametrize("told", [REPORTS, STRANGERS], ids=["made up", "strangers"])
def test_the_actuals_found_in_the_made_up_reports_are_those_written_by_hand(told, capsys):
    pairs = [pair for report in told for pair in zip(report.actuals, found(report), strict=True)]
    precision, recall = precision_and_recall(pairs)
    with capsys.disabled():
        print(f"\nactuals of {len(told)} reports: precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.95
    assert recall >= 0.95


@pytest.mark.parametrize("told", [REPORTS, STRANGERS], ids=["made up", "strangers"])
def test_the_actuals_of_extracted_targets_are_those_written_by_hand(told, capsys):
    pairs = [pair for report in told for pair in _of_extracted(report)]
    precision, recall = precision_and_recall(pairs)
    with capsys.disabled():
        print(f"\nactuals of extracted targets: precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.95
    assert recall >= 0.95


def _of_extracted(report: Report) -> list[tuple[float | None, float | None]]:
    """Pair the actuals written by hand with those of the extracted targets of the same figure."""
    targets = extract_targets(report.indicator)
    actuals = list(zip(targets, match_actuals(targets, report.text), strict=True))
    pairs = []
    for target, expected in zip(report.targets, report.actuals, strict=True):
        same = next((one for one in actuals if _same_promise(one[0], target)), None)
        if same:
            actuals.remove(same)
            pairs.append((expected, same[1] and same[1].value))
    return pairs


def _same_promise(one: Target, other: Target) -> bool:
    changes = ("growth", "decline")
    return (one.value, one.kind in changes) == (other.value, other.kind in changes) and converted(
        1, one.unit, other.unit
    ) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1-9月新增海外仓10个，1-10月新增海外仓12个。", 12),
        ("1-10月新增海外仓12个，1-9月新增海外仓10个。", 12),
        ("上半年新增海外仓6个，目前已新增11个。", 11),
        ("10月份新增海外仓2个，累计新增海外仓12个。", 12),
        ("2024年新增海外仓18个；2025年1-10月新增海外仓12个。", 12),
        ("新增海外仓12个，其中公共海外仓3个。", 12),
        ("10月份新增海外仓2个。", None),
        ("一季度新增海外仓2个，二季度新增海外仓3个。", None),
        ("甲区新增海外仓2个，乙区新增海外仓3个。", None),
        ("已有海外仓87个，今年新增12个。", 12),
    ],
)
def test_the_newest_figure_of_the_year_so_far_counts(text, expected):
    assert said("新增海外仓20个。", text) == [expected]


@pytest.mark.parametrize(
    "text",
    phrases(
        """
    计划新增海外仓12个。 拟新增海外仓12个。 预计全年新增海外仓12个。 力争新增海外仓12个。 下一步，将新增海外仓12个。
    全年目标20个。 目标任务20个。 尚未新增海外仓12个。 距目标还差8个。 去年同期新增海外仓12个。 新增海外仓比去年多3个。
    在建海外仓8个。 达成海外仓意向8个。 应建海外仓20个。 每季度新增海外仓3个。 新增海外仓20个的目标正在推进。 海外仓总数达87个。
    """
    ),
)
def test_what_is_planned_aimed_at_missing_or_last_years_is_no_actual(text):
    assert said("新增海外仓20个。", text) == [None]


@pytest.mark.parametrize(
    ("text", "growth", "decline"),
    [
        ("能耗同比增长1.6%。", 1.6, -1.6),
        ("能耗同比下降3.1%。", -3.1, 3.1),
        ("能耗与去年同期持平。", 0, 0),
        ("能耗增速为2%。", 2, -2),
        ("能耗实现3%的增长。", 3, -3),
        ("能耗由负转正。", None, None),
        ("能耗控制任务完成率63%。", None, None),
        ("能耗环比增长1.6%。", None, None),
        ("水耗同比增长1.6%。", None, None),
    ],
)
def test_a_growth_and_a_decline_are_each_others_opposite(text, growth, decline):
    assert said("能耗增长3%。", text) == [growth]
    assert said("能耗下降3%。", text) == [decline]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("已印发《促进低空经济发展若干措施》。", 1),
        ("《促进低空经济发展若干措施》已于9月出台。", 1),
        ("促进低空经济发展若干措施正在征求意见。", None),
        ("促进低空经济发展若干措施已送审，拟于12月印发。", None),
        ("已印发《促进会展经济若干规定》。", None),
    ],
)
def test_a_document_counts_once_it_is_out(text, expected):
    assert said("出台促进低空经济发展若干措施。", text) == [expected]


def test_a_figure_is_never_used_for_two_measures():
    assert said("举办推介会2场、研讨会3场。", "已举办3场。") == [None, None]
    assert said("举办推介会2场、研讨会3场。", "研讨会2场，推介会1场。") == [1, 2]


def test_after_分别_order_decides_only_where_there_are_as_many_names_as_figures():
    assert said("举办推介会2场、研讨会3场。", "推介会、研讨会分别举办4场、5场。") == [4, 5]
    assert said("举办推介会2场、研讨会3场。", "推介会、研讨会、论坛分别举办4场、5场。") == [None, None]
    assert said("举办推介会2场、研讨会3场。", "分别") == [None, None]


def test_one_event_counts_once_it_is_said_to_have_been_held():
    assert said("举办数字贸易论坛1场。", "数字贸易论坛于11月27日举办，参会嘉宾210人。") == [1]
    assert said("举办数字贸易论坛1场。", "数字贸易论坛定于11月27日举办。") == [None]


def test_a_target_without_a_measure_takes_only_a_figure_without_one():
    assert [one and one.value for one in match_actuals(NAMELESS[:1], "同比增长1.6%。")] == [1.6]
    assert [one and one.value for one in match_actuals(NAMELESS[:1], "出口同比增长1.6%。")] == [None]


def test_a_place_in_a_ranking_is_compared_with_places_alone():
    assert said("群众满意度位居全省前三。", "群众满意度居全省第2位，走访群众260名。") == [2]
    assert said("群众满意度位居全省前三。", "走访群众260名。") == [None]


def test_zero_is_read_only_where_it_is_said_of_the_measure():
    assert said("较大以上事故零发生。", "未发生较大以上事故。") == [0]
    assert said("较大以上事故零发生。", "未发生重大舆情。") == [None]


@given(TARGETS, TEXTS)
def test_any_text_can_be_matched_and_every_actual_shows_where_it_was_read(targets, text):
    actuals = match_actuals(targets, text)
    assert len(actuals) == len(targets)
    read = {(one.start, one.end): one for one in quantities(text)}
    for target, actual in zip(targets, actuals, strict=True):
        if actual is None:
            continue
        assert 0 <= actual.start < actual.end <= len(text)
        figure = read.get((actual.start, actual.end))
        if figure and target.unit:
            assert abs(actual.value) == pytest.approx(abs(converted(figure.value, figure.unit, target.unit)))
        else:
            assert actual.value in (0, 1)


@given(st.integers(1, 10**9))
def test_a_figure_is_read_in_the_unit_of_its_target(tenths):
    target = Target("amount", ">=", 1.0, "亿元", "网络零售额", 0, 0)
    text = f"网络零售额{tenths / 10:.1f}万元。"
    [actual] = match_actuals((target,), text)
    assert actual.value == pytest.approx(tenths / 1e5)
    assert text[actual.start : actual.end] == f"{tenths / 10:.1f}万元"


@given(TARGETS, TEXTS)
def test_a_report_that_measures_nothing_says_nothing_of_any_target(targets, text):
    assert is_measurable(text) or match_actuals(targets, text) == (None,) * len(targets)


@pytest.mark.parametrize("text", phrases("正在推进 已完成 有序开展 按序时进度推进，下步举办3场"))
def test_a_report_in_words_measures_nothing(text):
    assert not is_measurable(text)
