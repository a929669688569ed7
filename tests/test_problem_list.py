"""The papers of the audit: the list of findings, and the workbook with its cells marked."""

import io
import time
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from data import Finding, Reading, read_workbook
from reports.papers import marked_copy, problem_list
from tests.drawing import xlsx
from tests.workbooks import with_furniture

FORM = xlsx(
    考评表="""
    2025年度绩效目标考评表 | <          | <    | <         | <
    序号                   | 二级指标   | 权重 | 完成时限  | 责任科室
    1-1                    | 造林       | '2   | 12月 底前 | 造林科
    ^                      | 抚育       | 3    | 12月底前  | 造林科
    1-4                    | =1+1       | 3    | 某个时候  | 造林科
    合计                   |            | =SUM(C3:C5) | |
    """
)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_workbook(FORM, "表.xlsx")


def sheet_of(content: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def rows(content: bytes) -> list[tuple[object, ...]]:
    return list(sheet_of(content).values)


def found(message: str, **more: str) -> Finding:
    return replace(Finding("some", "check", "考评表", "B3", message, "照列。"), **more)


def test_every_finding_is_a_row_with_its_place_and_treatment(reading: Reading):
    heading, *listed = rows(problem_list.write(reading))
    assert heading == ("级别", "工作表", "单元格", "问题", "系统暂这样处理")
    assert len(listed) == len(reading.findings) > 3
    assert {row[0] for row in listed} == {"※ 请核对", "已规范"}
    assert [(row[1] or "", row[2] or "") for row in listed] == [(each.sheet, each.cell) for each in reading.findings]


@pytest.mark.parametrize("text", ["=1+1", "+8613800000000x", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
def test_a_text_stays_a_text(reading: Reading, text: str):
    sheet = sheet_of(problem_list.write(replace(reading, findings=(found(text, cell="D2"),))))
    cell = sheet["D2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert not [each for row in sheet.iter_rows() for each in row if each.data_type == "f"]


def test_control_characters_and_private_numbers_do_not_reach_the_list(reading: Reading):
    (_, row) = rows(problem_list.write(replace(reading, findings=(found("电话15900000686\x07"),))))
    assert row[3] == "电话159****0686\ufffd"


def test_the_same_findings_give_the_same_bytes(reading: Reading):
    papers = []
    for _ in range(2):
        papers.append((problem_list.write(reading), marked_copy.write(FORM, reading.findings)))
        time.sleep(1.1)  # a date inside would have moved on
    assert papers[0] == papers[1]


def test_found_cells_are_filled_and_say_why(reading: Reading):
    before, after = (openpyxl.load_workbook(io.BytesIO(each))["考评表"] for each in (FORM, _marked(reading)))
    placed = {finding.cell or "A1" for finding in reading.findings}
    marked = {cell.coordinate: cell for row in after.iter_rows() for cell in row if cell.comment}
    assert set(marked) == placed
    for finding in reading.findings:
        assert finding.message in marked[finding.cell or "A1"].comment.text
    assert all(cell.fill.fgColor.rgb in marked_copy.FILLS.values() for cell in marked.values())
    assert [[cell.value for cell in row] for row in after.iter_rows()] == [
        [cell.value for cell in row] for row in before.iter_rows()
    ]


def _marked(reading: Reading) -> bytes:
    return marked_copy.write(FORM, reading.findings)


def test_a_finding_inside_a_merged_range_stands_at_its_first_cell():
    marked = sheet_of(marked_copy.write(FORM, (found("看这里。", cell="A4"), found("还有这里。", cell="A3"))))
    assert "看这里。" in marked["A3"].comment.text
    assert "还有这里。" in marked["A3"].comment.text


def test_a_comment_that_stands_there_is_kept():
    marked = sheet_of(marked_copy.write(with_furniture(), (found("看这里。", sheet="Sheet", cell="A1"),)))
    assert marked["A1"].comment.text.startswith("批注")
    assert "看这里。" in marked["A1"].comment.text


def test_the_marked_copy_is_read_as_the_same_table(reading: Reading):
    assert read_workbook(_marked(reading), "表.xlsx").table.equals(reading.table)


@pytest.mark.parametrize(
    ("content", "can"), [(FORM, True), (b"\xd0\xcf\x11\xe0", False), ("序号,权重".encode(), False)]
)
def test_only_an_xlsx_workbook_can_be_marked(content: bytes, can: bool):
    assert marked_copy.can_mark(content) is can
