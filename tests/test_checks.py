"""The audit as a whole: the notice's own table, and tables that nobody would draw."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import Reading, checks, read_workbook
from data.findings import Finding
from data.reading.form import Form, Label, Sum
from scoring.table import conform
from tests.drawing import xlsx
from tests.forms import found, planned

NOTICE = Path(__file__).parent.parent / "data" / "tables" / "quanzhou-commerce-2025.xlsx"


@cache
def notice() -> Reading:
    return read_workbook(NOTICE.read_bytes(), NOTICE.name)


def about(code: str) -> dict[str, Finding]:
    return {finding.cell: finding for finding in notice().findings if finding.code == code}


def cell_of(serial: str, field: str) -> str:
    """Return the cell of a field of the first row with this serial."""
    rows = notice().form.rows
    return notice().form.cell(rows.index[rows["serial"] == serial][0], field)


def label_cell(text: str) -> str:
    return next(label.cell for label in notice().form.labels if label.text == text)


def test_the_notice_says_that_30_of_100_points_cannot_be_read() -> None:
    (finding,) = about("points_missing").values()
    assert "100分，只读到70分，有30分读不到：职能工作目标70分中只读到40分" in finding.message


def test_without_its_plan_the_notice_says_the_same_and_blocks() -> None:
    form, table = notice().form, notice().table
    (finding,) = (each for each in checks.run(form, table, None) if each.code == "points_missing")
    assert finding.severity == "blocking"
    assert "100分，只读到70分，有30分读不到：职能工作目标70分中只读到40分" in finding.message


def test_the_notices_70_readable_points_do_not_pass_for_its_subtotal_of_70() -> None:
    labels, sums = about("label_points"), about("subtotal")
    assert "合计40分，少30分" in labels[label_cell("职能工作目标（70分）")].message
    assert ["小计写70分，以上同类指标合计40分" in finding.message for finding in sums.values()] == [True]


@pytest.mark.parametrize(
    ("code", "serial", "field", "said"),
    [
        ("duplicate_rows", "4-1", "serial", "4-1至4-4"),
        ("row_empty", "1-3-3", "indicator", "1-3-3"),
        ("text_is_citation", "1-3-2", "indicator", "1-3-2"),
        ("serial_gap", "1-13-1", "serial", "1-7至1-12"),
        ("serial_gap", "4-1", "serial", "以3开头"),
        ("group_points_conflict", "2-1-1", "goal", "（3分）、（4分）"),
        ("group_points", "2-3-1", "goal", "少2分"),
        ("due_against_plan", "6-5", "due_text", "11月底前"),
        ("names_alike", "2-2-1", "heads", "施纯洲"),
        ("names_alike", "7-2", "leaders", "陈清文"),
        ("names_alike", "2-1-1", "leaders", "黄金波"),
        ("names_alike", "5-5", "heads", "许海峰"),
        ("two_heads", "5-1", "heads", "叶冠庆"),
        ("two_heads", "5-5", "heads", "叶刚勇"),
        ("departments_alike", "5-5", "departments", "法规科"),
        ("departments_alike", "4-6", "departments", "机关党委（人教科）"),
    ],
)
def test_the_notices_faults_are_found_at_their_cells(code: str, serial: str, field: str, said: str) -> None:
    if code == "duplicate_rows":
        rows = notice().form.rows
        cell = notice().form.cell(rows.index[rows["serial"] == serial][1], field)
    else:
        cell = cell_of(serial, field)
    assert said in about(code)[cell].message


def test_the_notices_labels_are_found_to_miss_the_total_by_a_point() -> None:
    assert "多1分" in about("label_points")[label_cell("安全生产(1分)")].message
    assert ["70+20+4+4+1" in finding.message for finding in about("labels_total").values()] == [True]


def test_the_notices_subtotal_with_a_serial_is_told() -> None:
    assert [finding.serial for finding in about("sum_serial").values()] == ["2-3-2"]


def test_groups_of_the_notice_that_agree_raise_no_question() -> None:
    said = "".join(
        finding.message for code in ("group_points", "group_points_conflict") for finding in about(code).values()
    )
    assert not any(group in said for group in ("1-1-", "1-2-", "1-4-", "1-5-", "1-6-", "2-2-"))


def test_findings_stand_in_the_order_of_the_sheet() -> None:
    drawing = """
    序号 | 二级指标 | 权重 | 时限
    1    | 造林     | 0    | 12月底前
    3    | 抚育     | -1   |
    4    |          |      |
    """
    assert [finding.cell for finding in found(drawing)] == ["C2", "A3", "C3", "D3", "B4"]


def test_a_sound_table_raises_no_question_at_all() -> None:
    drawing = """
    项目                 | 序号  | 一级指标    | 二级指标 | 权重 | 时限     | 科室   | 负责人 | 分管
    职能工作目标（70分） | 1-1-1 | 造林（70分）| 新造     | 40   | 12月底前 | 造林科 | 张三   | 李四
                         | 1-1-2 |             | 抚育     | 30   | 12月底前 | 造林科 | 张三   | 李四
                         |       |             | 小计     | 70   |          |        |        |
    行政能力目标（30分） | 2-1   |             | 党建     | 30   | 12月底前 | 办公室 | 王五   | 李四
                         |       |             | 合计     | 100  |          |        |        |
    """
    assert found(drawing) == found(drawing, planned()) == ()


LAYOUTS = {
    "sections across the sheet": """
        某市交通局2026年度重点任务分解表
        序号 | 工作任务 | 分值 | 完成期限 | 牵头科室 | 责任领导
        一、重点工作（60分） |<|<|<|<|<
        1 | 新建公路20公里 | 30 | 2026年6月底前 | 建设科 | 王伟华
        2 | 改造桥梁3座 | 30 | 年底前 | 养护科 | 李明亮
        二、党的建设（40分） |<|<|<|<|<
        3 | 主题党日12次 | 40 | 全年 | 机关党委 | 李明亮
        合计 | | 100
        """,
    "three levels with points, no serials": """
        2025年某县卫健局目标责任考核表
        一级指标 | 二级指标 | 三级指标 | 分值 | 完成时限 | 责任股室
        党的建设（20分） | 党风廉政（12分） | 廉政教育4次 | 6 | 12月底前 | 办公室
        ^ | ^ | 专题党课2次 | 6 | 12月底前 | 办公室
        ^ | 意识形态（8分） | 研判2次 | 8 | 11月底前 | 宣传股
        业务工作（80分） | 疾控（50分） | 疫苗接种率95% | 50 | 12月底前 | 疾控股
        ^ | 医政（30分） | 三甲1家 | 30 | 12月底前 | 医政股
        总分 | | | 100
        """,
    "a hundred points for each category": """
        2025年某区教育局考评表
        项目 | 序号 | 考评内容 | 标准分 | 时限 | 责任科室 | 责任人
        党建（100分） | 1 | 抓党建 | 60 | 12月底 | 办公室 | 张三
        ^ | 2 | 抓廉政 | 40 | 12月底 | 办公室 | 张三
        业务（100分） | 1 | 抓教学 | 100 | 12月底 | 教学科 | 李四
        """,
}


@pytest.mark.parametrize("drawing", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_sound_tables_of_other_units_raise_no_question(drawing: str) -> None:
    reading = read_workbook(xlsx(drawing), "某市某局考评表.xlsx")
    assert checks.run(reading.form, reading.table, None) == ()


def test_another_units_missing_points_are_found_without_a_plan() -> None:
    reading = read_workbook(xlsx(LAYOUTS["a hundred points for each category"].replace("| 60 |", "| 50 |")), "表.xlsx")
    found = {finding.code: finding for finding in reading.findings}
    assert "200分，只读到190分，有10分读不到：党建100分中只读到90分" in found["points_missing"].message
    assert found["label_points"].cell == "A3"


TEXTS = st.sampled_from(
    ["", "1-1", "1-3-2", "（5分）", "造林（3分）", "小计", "《计划》第2条", "12月底前", "（" * 50, "一", "9" * 40]
)
NAMES = st.lists(
    st.sampled_from(["施纯洲", "施纯州", "办公室", "机关党委（人教科）", "人教科", "", "（"]), max_size=3
).map(tuple)
NUMBERS = st.sampled_from([float("nan"), 0.0, 1.0, -3.0, 0.2, 70.0, 1e15])
DATES = st.sampled_from([pd.NaT, pd.Timestamp(2025, 12, 31), pd.Timestamp(1900, 1, 1)])


@st.composite
def odd_forms(draw: st.DrawFn) -> Form:
    count = draw(st.integers(0, 6))
    kinds = {"serial": TEXTS, "category": TEXTS, "goal": TEXTS, "indicator": TEXTS, "basis": TEXTS, "due_text": TEXTS}
    kinds |= {
        "completion": TEXTS,
        "departments": NAMES,
        "heads": NAMES,
        "leaders": NAMES,
        "weight": NUMBERS,
        "due": DATES,
    }
    kinds |= {"panel_1": NUMBERS, "panel_2": NUMBERS, "stated_result": NUMBERS, "reported_progress": NUMBERS}
    kinds |= {"self_tier": NUMBERS, "office_tier": NUMBERS}
    data = {name: [draw(kind) for _ in range(count)] for name, kind in kinds.items()}
    places = {"sheet": ["表"] * count, "row": [float(row) for row in range(2, 2 + count)]}
    rows = conform(pd.DataFrame(data | places, index=range(count))).assign(block=0)
    points = draw(st.none() | st.floats(allow_nan=False, allow_infinity=False))
    label = Label(draw(TEXTS), points, "表", "A2", tuple(draw(st.lists(st.integers(0, 9), max_size=3))))
    kind = draw(st.sampled_from(["subtotal", "total"]))
    total = Sum(kind, draw(TEXTS), points, "表", "F9", draw(st.integers(0, count)))
    columns = draw(st.sampled_from([{}, {"serial": 1, "weight": 6, "panel_1": 7, "evidence": 9}]))
    return Form(rows, (columns,), (label,), (total,), "", None, draw(st.sampled_from([None, 2025])))


@given(odd_forms(), st.sampled_from([None, planned(), replace(planned(), total=None)]))
def test_no_table_is_too_odd_to_be_audited(form: Form, plan: object) -> None:
    table = conform(form.rows.loc[~form.rows["serial"].duplicated()])
    findings = checks.run(form, table, plan)
    assert all(finding.message.endswith("。") and finding.treatment.endswith("。") for finding in findings)
    assert not any(noise in finding.message for finding in findings for noise in ("nan", "None", "NaT", ".0分"))
    checks.against_previous(table, form.rows)
