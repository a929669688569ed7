"""The audit of what is reported: scores, tiers, evidence, and a version against the one before it."""

import pandas as pd
import pytest

from data.checks import against_previous
from data.findings import Finding
from tests.forms import counted_once, drawn, found, named, one

PANEL = "序号 | 二级指标 | 权重 | 分1 | 分2 | 分3 | 结果 | 自评 | 互评 | 考评办\n"


def scored(*rows: str) -> str:
    """Draw a table with a panel of three, results and tiers."""
    return PANEL + "\n".join(f"{place} | 工作{place} | {row}" for place, row in enumerate(rows, 1))


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [("2 | 2.5 | 2 | 1", "D2", "D2是2.5"), ("2 | 2 | -1 | 2", "E2", "E2是-1"), ("2 | 2 | 2 | 250", "F2", "F2是250")],
)
def test_a_score_outside_the_scale_is_found_at_its_cell(row: str, cell: str, said: str) -> None:
    finding = one(scored(row, "2 | 2 | 1 | 0"), "score_outside_scale")
    assert finding.cell == cell
    assert said in finding.message


def test_marks_out_of_a_hundred_are_told_once() -> None:
    drawing = scored("2 | 90 | 95 | 92 | 1.85", "2 | 88 | 85 | 91 | 1.76")
    assert one(drawing, "panel_percent").cell == "D2"
    assert named(drawing, "score_outside_scale") == named(drawing, "result_not_mean") == []


def test_scores_inside_the_scale_with_their_mean_raise_no_question() -> None:
    codes = {
        finding.code for finding in found(scored("50 | 50 | 45 | 0 | 31.67 | 1 | 1 | 1", "50 | 48 | 48 | 48 | 48"))
    }
    assert codes == {"due_no_column"}


def test_a_panel_that_is_not_full_is_told_once() -> None:
    finding = one(scored("2 | 2 | 1 | ", "2 | 2 | | ", "2 | 2 | 2 | 2", "2 | | |"), "panel_partial")
    assert "1、2" in finding.message
    assert "1/3人" in finding.message


def test_a_result_without_scores_is_found() -> None:
    assert one(scored("2 | | | | 1.8", "2 | 2 | 2 | 2 | 2"), "result_without_panel").cell == "G2"


@pytest.mark.parametrize(("result", "times"), [("1.67", 0), ("1.666", 0), ("1.7", 1), ("0", 1)])
def test_a_result_that_is_not_the_mean_is_found_rounding_apart(result: str, times: int) -> None:
    assert len(named(scored(f"2 | 2 | 2 | 1 | {result}"), "result_not_mean")) == times


def test_tiers_that_disagree_are_told_once_and_equal_ones_not_at_all() -> None:
    finding = one(scored("2 | | | | | 1 | 1 | 2", "2 | | | | | 1 | | 1", "2 | | | | | 2 | 1 |"), "tiers_differ")
    assert "1自评1档、互评1档、考评办2档；3自评2档、互评1档" in finding.message


def test_a_fourth_tier_is_found_at_its_cell() -> None:
    assert one(scored("2 | | | | | 1 | 4 | 1"), "tier_unknown").cell == "I2"


REPORTED = "序号 | 二级指标 | 权重 | 完成情况 | 进度 | 佐证\n"


def test_what_is_done_without_evidence_is_told_once() -> None:
    rows = ["已完成 | |", "| 100% |", "已完成 | | 文件", "推进中 | 60% |", "已完成 | | 无"]
    drawing = REPORTED + "\n".join(f"{place} | 工作{place} | 1 | {row}" for place, row in enumerate(rows, 1))
    finding = one(drawing, "evidence_missing")
    assert finding.cell == "F2"
    assert finding.message.startswith("1、2、5报为")


def test_a_table_without_a_column_for_evidence_says_so_once() -> None:
    drawing = "序号 | 二级指标 | 权重 | 完成情况\n1 | 甲 | 1 | 已完成\n2 | 乙 | 1 | 已完成"
    assert "2项" in one(drawing, "evidence_no_column").message
    assert named(drawing.replace("已完成", "推进中"), "evidence_no_column") == []


@pytest.mark.parametrize(
    ("text", "progress", "times"),
    [
        ("完成全年目标的63%", "80%", 1),
        ("未完成", "100%", 1),
        ("完成全年目标的63%", "63%", 0),
        ("同比增长5.5%", "63%", 0),
        ("正在推进", "63%", 0),
        ("已完成", "", 0),
    ],
)
def test_a_progress_that_its_own_text_contradicts_is_found(text: str, progress: str, times: int) -> None:
    drawing = REPORTED + f"1 | 甲 | 1 | {text} | {progress} | 文件"
    assert [finding.cell for finding in named(drawing, "progress_contradicts")] == ["E2"] * times


def test_a_progress_of_several_times_the_target_is_found() -> None:
    assert one(REPORTED + "1 | 甲 | 1 | | 650% | 文件", "progress_far_beyond").cell == "E2"
    assert named(REPORTED + "1 | 甲 | 1 | | 130% | 文件", "progress_far_beyond") == []


FIGURES = "序号 | 二级指标 | 权重 | 完成情况 | 进度 | 佐证\n1 | {} | 1 | {} | {} | 文件"


@pytest.mark.parametrize(
    ("target", "text", "progress", "said"),
    [
        ("举办培训4期以上", "已举办培训3期", "40%", "完成进度栏40%，培训3期（目标4期）"),
        ("举办培训4期以上", "已举办培训3期", "100%", "完成进度栏100%，培训3期（目标4期）"),
        ("举办培训4期以上", "已完成，举办培训3期", "", "培训3期（目标4期），文字说已完成"),
        ("零售额增长5%以上", "零售额增长4.2%", "100%", "完成进度栏100%，零售额4.2%（目标5%）"),
    ],
)
def test_a_figure_that_its_own_row_contradicts_is_told_with_its_target(
    target: str, text: str, progress: str, said: str
) -> None:
    finding = one(FIGURES.format(target, text, progress), "progress_contradicts")
    assert finding.message == f"1所报的情况前后不一：{said}。"


@pytest.mark.parametrize(
    ("target", "text", "progress"),
    [
        ("举办培训4期以上", "已举办培训3期", "75%"),
        ("举办培训4期以上", "已举办培训3期", "72%"),
        ("举办培训4期以上", "已举办培训5期", "100%"),
        ("举办培训4期以上，展会10场以上", "已举办培训4期、展会5场", "75%"),
        ("举办培训4期以上，展会10场以上", "已举办培训1期", "60%"),
        ("举办培训4期以上，零售额增长5%以上", "已举办培训2期，零售额增长5.1%", "80%"),
        ("举办培训4期以上", "已完成，举办培训4期", ""),
        ("零售额增长5%以上", "零售额增长5.3%，已达标", ""),
    ],
)
def test_an_average_of_several_targets_and_a_rounded_share_contradict_nothing(
    target: str, text: str, progress: str
) -> None:
    assert named(FIGURES.format(target, text, progress), "progress_contradicts") == []


def test_a_figure_of_several_times_its_target_is_found() -> None:
    finding = one(FIGURES.format("举办培训4期以上", "已举办培训40期", ""), "progress_far_beyond")
    assert finding.message == "1的培训40期（目标4期），超过目标的3倍，请核对单位和小数点。"
    assert finding.cell == "D2"
    for target, text in (("举办培训4期以上", "已举办培训12期"), ("零售额增长1%以上", "零售额增长9%")):
        assert named(FIGURES.format(target, text, ""), "progress_far_beyond") == []


def compared(now: str, before: str) -> dict[str, Finding]:
    tables = [
        counted_once(drawn(f"序号 | 二级指标 | 权重 | 时限 | 科室 | 完成情况 | 进度\n{rows}")) for rows in (now, before)
    ]
    return {finding.code: finding for finding in against_previous(tables[0], tables[1])}


def test_a_cumulative_figure_lower_than_before_is_found() -> None:
    finding = compared("1 | 甲 | 1 | 12月底前 | 造林科 | 新 | 50%", "1 | 甲 | 1 | 12月底前 | 造林科 | 旧 | 62.5%")[
        "progress_fell"
    ]
    assert finding.cell == "A2"
    assert "由62.5%降为50%" in finding.message


@pytest.mark.parametrize(
    ("before", "now", "fell"),
    [
        ("已挂钩服务企业86家", "已挂钩服务企业82家", "由86家降为82家"),
        ("已挂钩服务企业82家", "已挂钩服务企业86家", ""),
        ("已挂钩服务企业86家", "正常推进", ""),
        ("已挂钩服务企业86家", "_", ""),
    ],
)
def test_a_figure_in_the_text_lower_than_before_is_told_with_both(before: str, now: str, fell: str) -> None:
    line = "1 | 挂钩服务企业80家以上 | 1 | | | {} | "
    told = [
        finding.message for code, finding in compared(line.format(now), line.format(before)).items() if "fell" in code
    ]
    assert len(told) == bool(fell)
    assert all(fell in message and message.endswith("累计数不应减少。") for message in told)


def test_a_growth_rate_may_fall() -> None:
    line = "1 | 零售额增长5%以上 | 1 | | | 零售额增长{}% | "
    assert "figure_fell" not in compared(line.format(5.1), line.format(6.2))


def test_a_changed_target_is_found_with_what_it_was() -> None:
    found = compared("1 | 甲 | 2 | 11月底前 | 防火科 | | ", "1 | 甲 | 1.5 | 12月底前 | 造林科 | | ")
    message = found["target_changed"].message
    assert "权重由1.5分改为2分；完成时限由2025-12-31改为2025-11-30；责任科室由造林科改为防火科" in message


def test_texts_left_as_they_were_are_told_once_and_finished_ones_not_at_all() -> None:
    rows = (
        "1 | 甲 | 1 | | | 推进中 | 50%\n2 | 乙 | 1 | | | 已开工 | \n3 | 丙 | 1 | | | 已验收 | 100%\n4 | 丁 | 1 | | | |"
    )
    found = compared(rows, rows)
    assert list(found) == ["text_unchanged"]
    assert found["text_unchanged"].message.startswith("1、2的完成情况")


def test_a_text_that_was_carried_over_is_no_matter() -> None:
    table = counted_once(drawn("序号 | 二级指标 | 权重 | 完成情况\n1 | 甲 | 1 | 推进中"))
    carried = table.assign(reported_on=pd.Timestamp(2025, 6, 30))
    assert against_previous(carried, carried) == ()
    assert len(against_previous(table, carried)) == 1


def test_rows_without_serials_are_matched_by_their_text() -> None:
    found = compared(" | 甲 | 2 | | | |\n | 乙 | 1 | | | | ", " | 乙 | 1 | | | | \n | 甲 | 1 | | | |")
    assert found["target_changed"].cell == "A2"
