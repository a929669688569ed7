"""The audit of rows: numbering, rows that stand twice, rows that lack something, deadlines."""

from datetime import date

import pytest

from data.checks.serials import parts
from tests.forms import found, named, one, planned, step


@pytest.mark.parametrize(
    ("serial", "number"),
    [
        ("1-3-2", (1, 3, 2)),
        ("1.3.2", (1, 3, 2)),
        ("１－３", (1, 3)),
        ("（一）3", (1, 3)),
        ("十二、", (12,)),
        ("二十一", (21,)),
        ("①", (1,)),
        ("7", (7,)),
        ("A-1", ()),
        ("2025-1", ()),
        ("", ()),
    ],
)
def test_serials_are_counted_however_they_are_written(serial: str, number: tuple[int, ...]) -> None:
    assert parts(serial) == number


def numbered(*serials: str) -> str:
    """Draw a table with these serials, each row with a text of its own."""
    return "\n".join(
        ["序号 | 二级指标 | 权重", *(f"{serial} | 工作{place} | 1" for place, serial in enumerate(serials))]
    )


@pytest.mark.parametrize(
    ("serials", "cell", "gap"),
    [
        (("1-1", "1-2", "1-4", "1-5"), "A4", "缺序号1-3，下一行是1-4"),
        (("1.1.1", "1.1.2", "1.1.5", "1.1.6", "1.1.7"), "A4", "缺序号1.1.3至1.1.4"),
        (("1-1", "1-2", "1-3", "3-1"), "A5", "没有以2开头的序号，下一行是3-1"),
        (("1-1-1", "1-2-1", "1-4-1", "1-5-1"), "A4", "缺序号1-3，下一行是1-4-1"),
        (("1", "2", "4", "5"), "A4", "缺序号3，下一行是4"),
        (("（一）1", "（一）3", "（一）4", "（二）1"), "A3", "缺序号1-2"),
        (("1-2", "1-3", "1-4"), "A2", "缺序号1-1"),
    ],
)
def test_a_gap_in_the_numbering_is_found_at_the_row_after_it(serials: tuple[str, ...], cell: str, gap: str) -> None:
    finding = one(numbered(*serials), "serial_gap")
    assert finding.cell == cell
    assert gap in finding.message


@pytest.mark.parametrize(
    "serials",
    [
        ("1-1-1", "1-1-2", "1-2-1", "2-1"),
        (*(f"1.{number}" for number in range(1, 11)), "2.1"),
        ("1", "2", "3", "1", "2"),
        ("（一）1", "（一）2", "（二）1"),
        ("甲", "丙", "A-9"),
        ("", "", ""),
        ("3-1", "3-2"),
    ],
)
def test_numbering_without_a_gap_raises_no_question(serials: tuple[str, ...]) -> None:
    assert not {"serial_gap", "serial_order", "serial_excerpt", "duplicate_conflict"} & {
        finding.code for finding in found(numbered(*serials))
    }


def test_a_chapter_left_out_of_a_table_with_all_its_points_raises_no_question() -> None:
    drawing = "序号 | 二级指标 | 权重\n1-1 | 造林 | 40\n2-1 | 抚育 | 30\n4-1 | 党建 | 30"
    assert named(drawing, "serial_gap", planned()) == []
    assert len(named(drawing, "serial_gap", planned(total=130))) == 1


def test_a_count_may_start_again_below_another_label() -> None:
    drawing = """
    项目         | 序号 | 二级指标 | 权重
    职能工作目标 | 1-1  | 造林     | 40
                 | 1-2  | 抚育     | 30
    行政能力目标 | 1-1  | 党建     | 20
                 | 1-2  | 信访     | 10
    """
    assert not {"serial_order", "duplicate_conflict"} & {finding.code for finding in found(drawing)}


def test_an_excerpt_of_a_table_is_told_once_not_gap_by_gap() -> None:
    drawing = numbered("1-3-2", "2-1-4", "4-3", "4-9")
    assert len(named(drawing, "serial_excerpt")) == 1
    assert named(drawing, "serial_gap") == []


def test_serials_that_go_back_are_told_once() -> None:
    finding = one(numbered("1-1", "1-3", "1-2", "1-4", "1-6", "1-5"), "serial_order")
    assert finding.cell == "A4"
    assert "1-2、1-5" in finding.message


def test_a_subtotal_with_a_serial_is_no_indicator_and_leaves_no_gap() -> None:
    drawing = """
    序号  | 二级指标 | 权重
    1-1-1 | 造林     | 2
    1-1-2 | 小计     | 2
    1-1-3 | 抚育     | 2
    """
    assert one(drawing, "sum_serial").cell == "A3"
    assert named(drawing, "serial_gap") == []


TWICE = """
项目         | 序号 | 二级指标 | 权重
从严治党     | 4-1  | 党建     | 1
             | 4-2  | 信访     | 1
行政能力目标 | 4-1  | 党建     | 1
             | 4-2  | {text}   | {weight}
"""


def test_rows_that_stand_twice_are_told_once_with_both_places() -> None:
    finding = one(TWICE.format(text="信访", weight=1), "duplicate_rows")
    assert (finding.cell, finding.severity) == ("B4", "normalized")
    assert "4-1、4-2印了不止一次：B4起的2行与B2起的各行" in finding.message


@pytest.mark.parametrize(
    ("text", "weight", "cell", "what"),
    [("信访", 2, "D5", "权重（1分、2分）"), ("政务公开", 1, "B5", "文字"), ("信访", "", "D5", "权重（1分、空白）")],
)
def test_one_serial_with_another_weight_or_text_blocks(text: str, weight: object, cell: str, what: str) -> None:
    finding = one(TWICE.format(text=text, weight=weight), "duplicate_conflict")
    assert (finding.cell, finding.severity) == (cell, "blocking")
    assert f"序号4-2出现两次而{what}不同" in finding.message


CONTENT = """
序号 | 一级指标 | 二级指标 | 权重
1    |          | {text}   | {weight}
2    |          | 抚育     | 2
"""


def test_a_row_with_nothing_but_a_serial_is_told_and_does_not_hold_up_the_rest() -> None:
    finding = one(CONTENT.format(text="", weight=""), "row_empty")
    assert (finding.cell, finding.severity) == ("C2", "check")


@pytest.mark.parametrize(
    ("text", "weight", "code", "cell"),
    [
        ("造林", "", "weight_missing", "D2"),
        ("造林", "0", "weight_zero", "D2"),
        ("造林", "-2", "weight_negative", "D2"),
        ("", "2", "text_missing", "C2"),
        ("〔属市委工作要点第2条，第5项；行动方案（2024-2025）第71、72条〕", "2", "text_is_citation", "C2"),
        ("《某市计划》（某发〔2025〕1号）", "2", "text_is_citation", "C2"),
    ],
)
def test_a_row_that_lacks_something_is_found(text: str, weight: str, code: str, cell: str) -> None:
    assert one(CONTENT.format(text=text, weight=weight), code).cell == cell


@pytest.mark.parametrize(
    "text", ["造林（见某市计划第2条）", "贯彻《某市计划》第2条，造林1万亩", "完成第3项改革", "落实《条例》，开展督查"]
)
def test_a_whole_row_raises_no_question(text: str) -> None:
    codes = {finding.code for finding in found(CONTENT.format(text=text, weight=98))}
    assert codes == {"due_no_column"}


DUE = """
序号 | 二级指标 | 权重 | 时限
6-4  | 减负     | 1    | 12月底前
6-5  | 改革创新 | 3    | {due}
"""


@pytest.mark.parametrize(
    ("due", "code"),
    [("", "due_missing"), ("2024年12月底前", "due_outside_year"), ("2026年6月底前", "due_outside_year")],
)
def test_a_deadline_that_is_missing_or_of_another_year_is_found(due: str, code: str) -> None:
    assert one(DUE.format(due=due), code).cell == "D3"


@pytest.mark.parametrize("due", ["1月底前", "12月底前", "2026年2月底前"])
def test_a_deadline_within_the_year_and_its_closing_months_is_fine(due: str) -> None:
    assert not any(finding.code.startswith("due") for finding in found(DUE.format(due=due)))


def test_a_deadline_that_is_not_the_plans_own_is_found() -> None:
    plan = planned(steps=(step("6-5", date(2025, 11, 30), "11月底前"),))
    finding = one(DUE.format(due="12月底前"), "due_against_plan", plan)
    assert (finding.cell, finding.serial) == ("D3", "6-5")
    assert "“12月底前”，方案四（三）要求“11月底前”" in finding.message
    assert named(DUE.format(due="11月底前"), "due_against_plan", plan) == []


def test_a_table_without_deadlines_says_so_once() -> None:
    finding = one(CONTENT.format(text="造林", weight=2), "due_no_column")
    assert finding.cell == ""
