"""The official sheet is read untouched, and so are its relatives in other units' layouts."""

import math
import pickle
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from data import Reading, WorkbookRejected, read_workbook
from scoring.table import COLUMNS
from tests.drawing import saved, xlsx
from tests.workbooks import edited, replaced

OFFICIAL = """
2025年度市直单位绩效目标考评表 | < | <
参评单位（盖章）：某市林业局 | < | <
"""
HEADER = """
项目|序号|文件依据|一级指标|二级指标|权重|完成时限|责任科室|科室负责人|分管领导|全年完成情况|自评定档|同组互评定档|考评办定档|集中考评组打分|<|<|<|<|<|<|考评结果
^|^|^|^|^|^|^|^|^|^|^|^|^|^|1|2|3|4|5|6|7|^
"""


def read(*drawings: str, name: str = "考评表.xlsx", **sheets: str) -> Reading:
    return read_workbook(xlsx(*drawings, **sheets), name)


def codes(reading: Reading) -> dict[str, str]:
    return {finding.code: finding.cell for finding in reversed(reading.findings)}


def row(reading: Reading, serial: str) -> pd.Series:
    return reading.table.set_index("serial").loc[serial]


def test_the_official_form_is_read_untouched() -> None:
    reading = read(
        OFFICIAL
        + HEADER
        + """
职能工作目标（10分）|1-1|某发〔2025〕1号|目标（10分）|造林1万亩|4|12月底前|造林科|张 三|李四光|造林|一档|二档||3.5|3.7||||||=AVERAGE(O5:U5)
^|1-2|^|^|抚育2万亩|6|6月30日前|抚育科|王五|李四光|||||||||||
小计|<|<|<|<|=SUM(F5:F6)|||||||||||
"""
        + HEADER
        + """
安全生产(2分)|4-1|森林防火|<|<|2|12月底前|防火科|王五|赵六七
绩效目标考评得分|<|<|<|<|12
单位主要领导：甲某　分管领导：乙某|<|<|<|<|<|<|经办人：丙某|联系电话：15900000686|<
"""
    )
    assert (reading.unit, reading.year) == ("某市林业局", 2025)
    assert tuple(reading.table.columns) == COLUMNS
    assert list(reading.table["serial"]) == ["1-1", "1-2", "4-1"]
    assert list(reading.table["weight"]) == [4, 6, 2]
    first, third = row(reading, "1-1"), row(reading, "4-1")
    assert (first["goal"], first["indicator"], first["basis"]) == ("目标（10分）", "造林1万亩", "某发〔2025〕1号")
    assert row(reading, "1-2")["goal"] == "目标（10分）"
    assert (first["heads"], first["leaders"]) == (("张三",), ("李四光",))
    assert (first["self_tier"], first["peer_tier"]) == (1, 2)
    assert math.isnan(first["office_tier"])
    assert (first["panel_1"], first["panel_2"]) == (3.5, 3.7)
    assert first["due"] == pd.Timestamp(2025, 12, 31)
    assert (third["indicator"], third["basis"], third["goal"], third["category"]) == ("森林防火", "", "", "安全生产")
    assert list(reading.table["row"]) == [5, 6, 10]


def test_a_plain_table_with_synonyms_reads_as_well() -> None:
    reading = read(
        """
某市交通局2026年度重点任务分解表
序号 | 工作任务 | 分值 | 完成期限 | 牵头科室 | 配合科室 | 责任领导 | 工作进展 | 完成进度
一、重点工作（60分） |<|<|<|<|<|<|<|<
1 | 新建公路20公里 | 30 | 2026年6月底前 | 建设科 | 养护科 | 王伟华 | 已完成12公里 | 60%
2 | 改造桥梁3座 | 30 | 年底前 | 建设科 | | 王伟华、李明亮 | | 50%
二、党的建设（40分） |<|<|<|<|<|<|<|<
3 | 主题党日12次 | 40 | 全年 | 机关党委 | | 李明亮 | 已完成 | 100%
合计 | | 100
"""
    )
    assert (reading.unit, reading.year) == ("某市交通局", 2026)
    table = reading.table
    assert list(table["category"]) == ["职能工作目标", "职能工作目标", "党的建设"]
    assert list(table["departments"]) == [("建设科", "养护科"), ("建设科",), ("机关党委",)]
    assert list(table["leaders"]) == [("王伟华",), ("王伟华", "李明亮"), ("李明亮",)]
    assert list(table["reported_progress"]) == [0.6, 0.5, 1.0]
    assert list(table["due"].dt.date) == [date(2026, 6, 30), date(2026, 12, 31), date(2026, 12, 31)]


def test_only_an_indicator_and_a_weight_are_required() -> None:
    reading = read("指标名称 | 权重\n甲项 | 60\n乙项 | 40")
    assert list(reading.table["weight"]) == [60, 40]
    assert (reading.unit, reading.year) == (None, None)
    assert {"year_unknown", "unit_unknown"} <= codes(reading).keys()
    assert reading.table["due"].isna().all()


def test_unit_and_year_come_from_the_file_name_where_the_sheet_is_silent() -> None:
    content = xlsx("指标 | 权重\n甲项 | 60")
    reading = read_workbook(content, "丙县水利局2024年度绩效考评表.xlsx", year=2020)
    assert (reading.unit, reading.year) == ("丙县水利局", 2024)
    assert read_workbook(content, "考评表.xlsx", year=2020).year == 2020


def test_a_second_header_row_below_merged_headings_is_no_row_of_the_table_whatever_it_says() -> None:
    reading = read(
        """
一级指标|指标内容|权重|责任单位|<|年度目标|<|完成情况
^|^|^|牵头处室|配合处室|一季度|全年|^
外贸|进出口增长3%|20|外贸处|综合处|1%|3%|增长2.4%
"""
    )
    (only,) = reading.table.itertuples()
    assert (only.indicator, only.weight, only.departments) == ("进出口增长3%", 20, ("外贸处", "综合处"))
    assert "年度目标一季度" in next(each.message for each in reading.findings if each.code == "unread_columns")


def test_the_year_stands_in_the_title_of_a_list_too() -> None:
    assert read("重点工作推进台账（2025）\n\n二级指标|权重\n造林1万亩|4", name="表.xlsx").year == 2025


@pytest.mark.parametrize(
    ("above", "unit"),
    [
        ("2024年度绩效考评汇总表（单位：某县水利局）", "某县水利局"),
        ("单位：某县水利局", "某县水利局"),
        ("考评单位：某县水利专班", "某县水利专班"),
        ("2024年度绩效考评汇总表\n单位：万元", None),
        ("2024年度绩效考评汇总表（单位：分）", None),
    ],
)
def test_a_unit_in_brackets_is_the_unit_and_what_is_counted_is_not(above: str, unit: str | None) -> None:
    assert read(above + "\n二级指标|权重\n造林1万亩|4", name="表.xlsx").unit == unit


def test_a_heading_of_two_things_is_the_first_of_them() -> None:
    reading = read(
        "考核指标|指标内容及目标值|分值|完成时限及要求|责任科室及配合科室\n粮食生产|播种面积12万亩|4|12月底前|种植科"
    )
    (only,) = reading.table.itertuples()
    assert (only.goal, only.indicator, only.due_text, only.departments) == (
        "粮食生产",
        "播种面积12万亩",
        "12月底前",
        ("种植科",),
    )
    assert "unread_columns" not in codes(reading)


def test_the_mean_of_the_panel_beside_its_seats_is_the_stated_result_and_no_seat() -> None:
    reading = read("序号|二级指标|权重|评委1|评委2|评委平均分\n1|造林|4|3|4|3.5\n2|抚育|6|||5")
    assert list(reading.table["panel_1"].dropna()) == [3]
    assert list(reading.table["stated_result"]) == [3.5, 5]


def test_a_header_in_two_rows_without_merges_names_the_same_columns() -> None:
    reading = read(
        """
指标 | | 责任 | | 分值 | 集中考评组打分 | | | 考评结果
一级指标 | 二级指标 | 科室 | 分管领导 | | 1 | 2 | 3 |
甲 | 甲一 | 一科 | 张三丰 | 5 | 4 | 4.5 | |
"""
    )
    first = reading.table.iloc[0]
    assert (first["goal"], first["indicator"], first["weight"]) == ("甲", "甲一", 5)
    assert (first["departments"], first["leaders"]) == (("一科",), ("张三丰",))
    assert (first["panel_1"], first["panel_2"]) == (4, 4.5)


@pytest.mark.parametrize(
    "headings",
    [
        "自评定档|同组互评定档|考评办定档",
        "定档情况|考评互定档|考评为定档",
        "定档正互评情况|同组互评档定|考评定档",
        "自评|互评|考评办",
    ],
)
def test_the_tiers_are_found_under_every_heading_of_the_notice(headings: str) -> None:
    reading = read(
        f"序号|二级指标|权重|{headings}|集中考评组打分1|集中考评组打分2|考评结果\n1|甲项|5|一档|2|第三档|4|5|"
    )
    first = reading.table.iloc[0]
    assert [first["self_tier"], first["peer_tier"], first["office_tier"]] == [1, 2, 3]
    assert [first["panel_1"], first["panel_2"]] == [4, 5]


def test_sums_and_signatures_are_no_indicators_wherever_they_stand() -> None:
    reading = read(
        """
序号 | 一级指标 | 二级指标 | 权重 | 责任科室
1 | 甲 | 甲一 | 5 | 一科
2 | | 小计 | 5 |
小  计 | | | 5 |
2 | 乙 | 乙一 | 5 | 二科
 | 合计 | | 10 |
总得分 | | | 10 |
单位负责人（签字）： | | 填表人： | | 联系电话：
注：本表一式两份 |<|<|<|<
"""
    )
    assert list(reading.table["indicator"]) == ["甲一", "乙一"]
    assert [(each.kind, each.points, each.after) for each in reading.form.sums] == [
        ("subtotal", 5, 1),
        ("subtotal", 5, 1),
        ("subtotal", 10, 2),
        ("total", 10, 2),
    ]


def test_a_section_row_with_points_is_a_label_and_not_counted_twice() -> None:
    reading = read(
        """
序号 | 项目 | 指标 | 权重 | 责任科室
一 | 职能工作 | | 60
1 | | 甲项 | 20 | 一科
2 | | 乙项 | 40 | 二科
二 | 行政能力 | | 40
1 | | 丙项 | 40 | 一科
"""
    )
    assert reading.table["weight"].sum() == 100
    assert list(reading.table["category"]) == ["职能工作目标", "职能工作目标", "行政能力目标"]
    assert [(label.points, label.rows) for label in reading.form.labels] == [(60, (0, 1)), (40, (2,))]


def test_chinese_serials_in_brackets_are_the_parts_of_those_without() -> None:
    reading = read(
        """
序号 | 主要工作任务 | 分值（100） | 责任科室
一 | 健康县创建 | 40 |
（一） | 创建健康乡镇2个 | 20 | 疾控科
（二） | 健康素养水平达30% | 20 | 健教科
二 | 医疗服务 | 60 |
（一） | 医院竣工 | 60 | 规财科
"""
    )
    assert reading.table["weight"].sum() == 100
    assert list(reading.table["category"]) == ["健康县创建", "健康县创建", "医疗服务"]
    assert [label.points for label in reading.form.labels] == [40, 60]


def test_three_levels_of_serials_are_label_parent_and_indicator() -> None:
    reading = read(
        "序号|任务|分值|科室\n一|创建|10|\n（一）|乡镇|10|\n1|甲|4|一科\n2|乙|6|二科\n二|服务|5|\n1|丙|5|一科"
    )
    assert list(reading.table["indicator"]) == ["甲", "乙", "丙"]
    assert list(reading.table["goal"]) == ["乡镇", "乡镇", ""]
    assert list(reading.table["category"]) == ["创建", "创建", "服务"]
    assert reading.table["weight"].sum() == 15


def test_points_that_stand_above_alone_are_not_lost() -> None:
    reading = read("序号|任务|分值|科室\n一|健康县创建|40|\n（一）|创建乡镇||疾控科\n（二）|健康素养||健教科")
    assert reading.table["weight"].sum() == 40


def test_target_value_unit_and_value_reached_in_columns_of_their_own_are_read_with_the_indicator() -> None:
    reading = read(
        """
序号 | 目标名称 | 年度目标值 | 计量单位 | 权重 | 1-10月完成值
1 | 建设用地报批 | 1200 | 亩 | 8 | 960
2 | 抽检合格率 | ≥98% | | 6 | 99.1%
3 | 综合楼建设 | 建成投用 | | 4 | 主体封顶
4 | 植树节活动 | | 场 | 2 |
5 | 3月底前培训13次 | 3 | | 2 |
6 | 新增企业20家 | 20 | | 2 |
"""
    )
    assert list(reading.table["indicator"]) == [
        "建设用地报批1200亩",
        "抽检合格率≥98%",
        "综合楼建设：建成投用",
        "植树节活动",
        "3月底前培训13次3",
        "新增企业20家",
    ]
    assert list(reading.table["completion"]) == ["建设用地报批960亩", "抽检合格率99.1%", "主体封顶", "", "", ""]
    assert codes(reading)["target_value_joined"] == "C2"


def test_a_column_named_unit_without_values_to_count_is_told_as_unused() -> None:
    reading = read("序号|二级指标|权重|单位\n1|甲项|5|一科")
    assert "单位" in next(finding.message for finding in reading.findings if finding.code == "unread_columns")


def test_a_parent_row_above_its_parts_is_their_goal_and_not_counted_twice() -> None:
    reading = read("序号|任务|分值|科室\n1|甲|10|一科\n'1.1|甲一|4|一科\n'1.2|甲二|6|一科\n2|乙|5|二科")
    assert list(reading.table["serial"]) == ["1.1", "1.2", "2"]
    assert list(reading.table["goal"]) == ["甲", "甲", ""]
    assert reading.table["weight"].sum() == 15


def test_a_line_that_only_adds_names_belongs_to_the_row_above() -> None:
    reading = read("二级指标|权重|责任科室|分管领导\n甲项|5|一科|李四光\n^|^|二科|王五魁\n乙项|3|一科|李四光")
    assert list(reading.table["departments"]) == [("一科", "二科"), ("一科",)]
    assert list(reading.table["leaders"]) == [("李四光", "王五魁"), ("李四光",)]
    assert codes(reading)["continued_row"]


def test_a_table_split_over_sheets_is_joined_and_other_sheets_are_left_alone() -> None:
    head = "序号|二级指标|权重|责任科室\n"
    reading = read(
        封面="2025年度绩效考评|材料\n请按要求|填写",
        一=head + "1|甲项|5|一科",
        二=head + "2|乙项|3|二科",
        三="3|丙项|2|三科\n4|丁项|1|三科",
    )
    assert list(reading.table["serial"]) == ["1", "2", "3", "4"]
    assert list(reading.table["sheet"]) == ["一", "二", "三", "三"]
    assert codes(reading)["sheets_joined"] == ""


def test_last_years_table_in_the_same_workbook_is_not_mixed_in() -> None:
    head = "序号|二级指标|权重\n"
    reading = read(a="2024年度考评表\n" + head + "1|旧项|9", b="2025年度考评表\n" + head + "1|新项|5")
    assert list(reading.table["indicator"]) == ["新项"]
    assert "other_year_sheet" in codes(reading)


def test_hidden_rows_columns_and_sheets_are_read_or_reported() -> None:
    book = openpyxl.load_workbook(pd.io.common.BytesIO(xlsx("序号|二级指标|权重\n1|甲项|5\n2|乙项|3")))
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.copy_worksheet(book.active).sheet_state = "hidden"
    reading = read_workbook(saved(book), "a.xlsx")
    assert list(reading.table["weight"]) == [5, 3]
    assert codes(reading)["hidden_rows"] == "A3"
    assert codes(reading)["hidden_columns"] == "C1"
    assert "hidden_sheet" in codes(reading)


@pytest.mark.parametrize(
    ("typed", "weight"), [("'４", 4), ("'4分", 4), ("' 4 ", 4), ("'４．５ 分", 4.5), ("'1,200", 1200)]
)
def test_numbers_typed_as_text_are_read_and_told(typed: str, weight: float) -> None:
    reading = read(f"二级指标|权重\n甲项|{typed}")
    assert reading.table["weight"].iloc[0] == weight
    assert codes(reading)["weight_as_text"] == "B2"


def test_a_weight_that_is_no_number_stays_missing_and_is_told() -> None:
    reading = read("序号|二级指标|权重\n1|甲项|约4\n2|乙项|\n3|丙项|0\n4|丁项|—")
    assert reading.table["weight"].isna().tolist() == [True, True, False, True]
    assert codes(reading)["unreadable_number"] == "C2"


def test_a_score_typed_as_text_does_not_count_because_no_average_counts_it() -> None:
    reading = read(HEADER + "职能|1|||甲项|100|||||||||90|'92.5|80|||||")
    first = reading.table.iloc[0]
    assert (first["panel_1"], first["panel_3"]) == (90, 80)
    assert math.isnan(first["panel_2"])
    finding = next(finding for finding in reading.findings if finding.code == "score_as_text")
    assert finding.cell == "P3"
    assert "85" in finding.message
    assert "87.5" in finding.message


def test_percent_weights_become_points() -> None:
    book = openpyxl.Workbook()
    for line in (["二级指标", "权重"], ["甲项", 0.6], ["乙项", 0.4]):
        book.active.append(line)
    for cell in ("B2", "B3"):
        book.active[cell].number_format = "0%"
    assert list(read_workbook(saved(book), "a.xlsx").table["weight"]) == [60, 40]
    reading = read("二级指标|权重\n甲项|60%\n乙项|40%\n合计|100%")
    assert list(reading.table["weight"]) == [60, 40]
    assert [each.points for each in reading.form.sums] == [100]
    assert not [finding for finding in reading.findings if finding.code.startswith("points_")]


def test_shares_that_add_up_to_one_become_points_and_are_told() -> None:
    reading = read("二级指标|权重\n甲|0.2\n乙|0.2\n丙|0.2\n丁|0.2\n戊|0.2\n合计|1")
    assert list(reading.table["weight"]) == [20] * 5
    assert codes(reading)["weights_as_share"] == "B2"
    assert [each.points for each in reading.form.sums] == [100]


@pytest.mark.parametrize(
    ("column", "shares", "mixed"),
    [
        (["0.5", "1", "1.2"], [0.5, 1, 1.2], False),
        (["50", "100", "0"], [0.5, 1, 0], False),
        (["50%", "0.5", "'７５％"], [0.5, 0.5, 0.75], False),
        (["0.5", "80", "100"], [0.005, 0.8, 1], True),
    ],
)
def test_plain_progress_is_shares_where_all_are_small_else_percent(
    column: list[str], shares: list[float], mixed: bool
) -> None:
    reading = read("二级指标|权重|完成进度\n" + "\n".join(f"项{n}|5|{text}" for n, text in enumerate(column)))
    assert list(reading.table["reported_progress"]) == pytest.approx(shares)
    assert ("progress_mixed" in codes(reading)) == mixed


def test_a_serial_that_became_a_date_is_undone_and_told() -> None:
    book = openpyxl.Workbook()
    for line in (["序号", "二级指标", "权重"], [datetime(2025, 4, 1), "甲项", 1], [datetime(2001, 2, 3), "乙项", 1]):
        book.active.append(line)
    reading = read_workbook(saved(book), "a.xlsx")
    assert list(reading.table["serial"]) == ["4-1", "1-2-3"]
    assert codes(reading)["serial_was_date"] == "A2"


def test_an_average_of_nothing_is_awaited_and_any_other_error_is_told() -> None:
    reading = read(HEADER + "职能|1|||甲项|4|||||#REF!|||||||||||#DIV/0!\n职能|2|||乙项|#N/A")
    assert math.isnan(row(reading, "1")["stated_result"])
    assert row(reading, "1")["completion"] == ""
    assert math.isnan(row(reading, "2")["weight"])
    assert [finding.cell for finding in reading.findings if finding.code == "error_value"] == ["K3", "F4"]
    assert "average_of_nothing" in codes(reading)


def test_the_text_na_is_kept() -> None:
    reading = read("序号|二级指标|权重|完成情况\n1|NA|4|NA\n2|null|3|None")
    assert list(reading.table["indicator"]) == ["NA", "null"]
    assert list(reading.table["completion"]) == ["NA", "None"]


def test_names_are_split_by_marks_and_by_the_names_that_stand_alone() -> None:
    reading = read(
        """
二级指标|权重|责任科室|科室负责人
甲|1|机关党委（人教科）|李　佳
乙|1|办公室|叶　青 黄大海
丙|1|机关党委（人教科）办公室|李佳/黄大海
丁|1|办公室↵机关党委↵（人教科）|叶青；李佳，黄大海
"""
    )
    assert list(reading.table["departments"]) == [
        ("机关党委（人教科）",),
        ("办公室",),
        ("机关党委（人教科）", "办公室"),
        ("办公室", "机关党委（人教科）"),
    ]
    assert list(reading.table["heads"]) == [
        ("李佳",),
        ("叶青", "黄大海"),
        ("李佳", "黄大海"),
        ("叶青", "李佳", "黄大海"),
    ]


def test_a_private_number_is_masked_in_the_table_and_told() -> None:
    reading = read("二级指标|权重|完成情况\n甲|1|联系人王某15912340686")
    assert reading.table["completion"].iloc[0] == "联系人王某159****0686"
    assert codes(reading)["private_number"] == "C2"


def test_rows_identical_but_for_project_and_basis_stand_once() -> None:
    reading = read(
        "项目|序号|文件依据|二级指标|权重\n从严治党|4-1|a|甲项|1\n行政能力|4-1|b|甲项|1\n行政能力|4-2|b|乙项|1"
    )
    assert list(reading.table["serial"]) == ["4-1", "4-2"]
    assert len(reading.form.rows) == 3


def test_a_file_without_a_weight_column_is_refused_with_what_was_looked_for_and_where() -> None:
    with pytest.raises(WorkbookRejected) as refusal:
        read(人员="姓名|科室\n张三|一科", 指标="二级指标|责任科室\n甲|一科")
    assert refusal.value.code == "no_table"
    assert "权重" in str(refusal.value)
    assert "人员、指标" in str(refusal.value)


def test_every_column_that_was_not_used_is_named() -> None:
    reading = read("序号|二级指标|评分标准|权重|备注\n1|甲项|每少一次扣1分|5|无")
    message = next(finding.message for finding in reading.findings if finding.code == "unread_columns")
    assert "评分标准、备注" in message


def test_a_deadline_in_a_built_in_chinese_date_format_is_undone_and_told() -> None:
    book = openpyxl.Workbook()
    for line in (["二级指标", "权重", "完成时限"], ["甲项", 5, 46022], ["乙项", 5, 46022]):
        book.active.append(line)
    book.active["C2"].number_format = "mm-dd-yy"
    content = edited(saved(book), {"xl/styles.xml": replaced('numFmtId="14"', 'numFmtId="57"')})
    reading = read_workbook(content, "2025年.xlsx")
    assert list(reading.table["due"].dt.date) == [date(2025, 12, 31), date(2025, 12, 31)]
    finding = next(finding for finding in reading.findings if finding.code == "due_was_number")
    assert "C2、C3" in finding.message


def test_a_sum_and_a_label_stand_in_the_order_of_the_sheet_and_keep_their_cells() -> None:
    reading = read("项目|序号|二级指标|权重\n职能工作目标（5分）|1|甲|2\n^|2|乙|3\n小计|||5\n行政能力（1分）|3|丙|1")
    assert [(label.text, label.points, label.cell, label.rows) for label in reading.form.labels] == [
        ("职能工作目标（5分）", 5, "A2", (0, 1)),
        ("行政能力（1分）", 1, "A5", (2,)),
    ]
    assert [(each.cell, each.points, each.after) for each in reading.form.sums] == [("D4", 5, 2)]
    assert reading.form.cell(2, "weight") == "D5"
    assert reading.form.cell(2, "evidence") == ""


def test_a_refusal_survives_the_way_between_processes() -> None:
    refusal = pickle.loads(pickle.dumps(WorkbookRejected("no_table", "没读出考评表。")))
    assert (refusal.code, str(refusal)) == ("no_table", "没读出考评表。")
