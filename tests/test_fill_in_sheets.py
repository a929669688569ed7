"""科室填报表: each department gets its own rows, and only what it is to fill is open."""

import io
import zipfile
from datetime import date

import pytest

from data.plan import Plan, shipped
from data.reader import read_workbook
from data.store import Store
from reports.imprint import Imprint
from reports.papers import fill_in_sheets
from reports.papers.fill_in_sheets import COLUMNS, SHEET, TARGETS
from tests import office as office_program
from tests.filling import HEAD, JUNE, PLAN, cell, day_cell, filled, name_of, of, opened, sheets, table_of, target_cell

DRAWING = """
序号 | 项目         | 二级指标     | 权重 | 完成时限 | 责任科室       | 全年完成情况    | 完成进度 | 佐证材料 | 下一步   | 自评定档
1-1  | 职能工作目标 | 造林5000亩   | 4    | 12月底前 | 造林科         | 已造林2000亩    | 40%      | 图       | 秋季补造 | 二档
1-2  | ^            | 防火培训20场 | 3    | 11月底前 | 防火科、造林科 |                 |          |          |          |
1-3  | ^            | 办理林权登记 | 3    | 12月底前 | 林权科         | 联系13900001111 |          |          |          |
1-4  | ^            | 其他事项     | 1    | 12月底前 |                |                 |          |          |          |
"""
FILLED = [column.heading for column in COLUMNS if column.fill]


def texts(content: bytes) -> list[str]:
    return [str(each.value) for sheet in opened(content) for row in sheet.iter_rows() for each in row if each.value]


def serials(content: bytes) -> list[object]:
    sheet = opened(content)[SHEET]
    rows = (sheet.cell(row, 1).value for row in range(HEAD + 1, sheet.max_row + 1))
    return [serial for serial in rows if serial and str(serial)[0].isdigit()]


def test_each_department_gets_the_rows_it_leads_and_joins_and_rows_of_nobody_stand_apart() -> None:
    made = sheets(table_of(DRAWING))
    assert {name: serials(content) for name, content in made.items()} == {
        name_of("造林科"): ["1-1", "1-2"],
        name_of("防火科"): ["1-2"],
        name_of("林权科"): ["1-3"],
        name_of("未写明"): ["1-4"],
    }


def test_a_joint_row_tells_who_leads_and_who_joins() -> None:
    sheet = opened(of(table_of(DRAWING), "造林科"))[SHEET]
    assert cell(sheet, "1-2", "责任科室").value == "防火科（牵头）、造林科（协办）"


def test_only_the_cells_to_fill_are_open_and_tinted() -> None:
    book = opened(of(table_of(DRAWING), "造林科"))
    sheet = book[SHEET]
    open_cells = {each.coordinate for row in sheet.iter_rows() for each in row if not each.protection.locked}
    expected = {cell(sheet, serial, heading).coordinate for serial in ("1-1", "1-2") for heading in FILLED}
    assert open_cells == expected | {day_cell(sheet).coordinate}
    assert {sheet[place].fill.fgColor.rgb for place in open_cells} == {"FFFFF6D6"}
    assert all(each.protection.sheet and each.protection.password is None for each in book)


def test_what_was_reported_last_stands_locked_with_its_date_and_nothing_is_prefilled() -> None:
    sheet = opened(of(table_of(DRAWING), "造林科"))[SHEET]
    before = cell(sheet, "1-1", "上次填报")
    assert before.value == "【6月30日】\n已造林2000亩\n进度40%\n佐证：图\n下一步：秋季补造\n自评二档"
    assert before.protection.locked
    assert cell(sheet, "1-2", "上次填报").value is None
    assert {cell(sheet, "1-1", heading).value for heading in FILLED} == {None}


def test_the_reader_never_takes_the_last_report_for_a_new_one() -> None:
    for name, content in sheets(table_of(DRAWING)).items():
        reading = read_workbook(content, name)
        assert list(reading.table["completion"]) == [""] * len(reading.table)
        assert (reading.unit, reading.year, reading.data_date) == ("某市林业局", 2025, None)
        assert reading.table["reported_progress"].isna().all()


def test_the_day_that_a_sheet_names_is_read() -> None:
    content = filled(of(table_of(DRAWING), "造林科"), {}, day=date(2025, 10, 31))
    assert read_workbook(content, "a.xlsx").data_date == date(2025, 10, 31)


def test_targets_stand_with_what_was_reached_last() -> None:
    sheet = opened(of(table_of(DRAWING), "造林科"))["量化目标"]
    row = {column.heading: target_cell(sheet, "造林", column.heading).value for column in TARGETS}
    assert row == {
        "序号": "1-1",
        "二级指标": "造林5000亩",
        "目标": "造林",
        "比较": "≥",
        "目标值": 5000,
        "单位": "亩",
        "上次实际值": 2000,
        "实际值": None,
        "佐证": None,
    }
    opening = {each.coordinate for line in sheet.iter_rows() for each in line if not each.protection.locked}
    assert target_cell(sheet, "造林", "实际值").coordinate in opening
    assert target_cell(sheet, "造林", "目标值").coordinate not in opening


def test_a_department_without_targets_has_no_sheet_for_them() -> None:
    assert opened(of(table_of(DRAWING), "林权科")).sheetnames == [SHEET]


def test_tiers_are_chosen_from_a_list_and_progress_is_a_percentage() -> None:
    sheet = opened(of(table_of(DRAWING), "造林科"))[SHEET]
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert rules["list"].formula1 == '"一档,二档,三档"'
    assert cell(sheet, "1-2", "自评定档").coordinate in rules["list"].sqref
    assert day_cell(sheet).coordinate in rules["date"].sqref
    assert cell(sheet, "1-1", "完成进度").number_format == "0%"
    assert all(rule.showErrorMessage and rule.error for rule in rules.values())


def test_a_sheet_prints_on_a4_landscape_with_its_header_on_every_page() -> None:
    for sheet in opened(of(table_of(DRAWING), "造林科")):
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.print_title_rows
        assert sheet.freeze_panes


def test_private_numbers_are_masked() -> None:
    told = "".join(texts(of(table_of(DRAWING), "林权科")))
    assert "139****1111" in told
    assert "13900001111" not in told


def test_no_text_becomes_a_formula() -> None:
    table = table_of("序号 | 二级指标 | 权重 | 责任科室 | 全年完成情况\n1-1 | 事项 | 2 | 甲科 | x")
    table["indicator"], table["completion"], table["departments"] = '=HYPERLINK("x")', "@SUM(1)", [("=甲科",)]
    (content,) = sheets(table).values()
    kinds = {each.data_type for sheet in opened(content) for row in sheet.iter_rows() for each in row}
    assert "f" not in kinds


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (("甲/乙科", "甲:乙科"), ["填报表（甲_乙科）.xlsx", "填报表（甲_乙科_2）.xlsx"]),
        (("ABC", "abc", "Abc"), ["填报表（ABC）.xlsx", "填报表（abc_2）.xlsx", "填报表（Abc_3）.xlsx"]),
        (("../../etc/passwd", "..", "?"), ["填报表（_.._etc_passwd）.xlsx", "填报表（_）.xlsx", "填报表（__2）.xlsx"]),
        (("张三13900001111",), ["填报表（张三139____1111）.xlsx"]),
        (("a\u202egnp.exe", "甲\n科"), ["填报表（agnp.exe）.xlsx", "填报表（甲_科）.xlsx"]),
    ],
)
def test_every_department_s_name_makes_a_file_name_of_its_own(names: tuple[str, ...], files: list[str]) -> None:
    drawing = "序号 | 二级指标 | 权重 | 责任科室\n" + "".join(
        f"{at} | 事项{at} | 2 | 甲科\n" for at in range(len(names))
    )
    table = table_of(drawing)
    table["departments"] = [(name,) for name in names]
    made = list(sheets(table))
    assert made == files
    assert not any(sign in name for name in made for sign in '\\/:*?"<>|\n')


def test_very_long_names_are_cut() -> None:
    table = table_of("序号 | 二级指标 | 权重 | 责任科室\n1 | 事项 | 2 | 甲科")
    table["departments"] = [("长" * 200,)]
    (name,) = sheets(table)
    assert len(name.encode()) < 255


def test_the_same_table_gives_the_same_bytes() -> None:
    table = table_of(DRAWING)
    imprint = Imprint(PLAN, 1, JUNE, "0a1b2c3d4e5f6789")
    made = [fill_in_sheets.write(table, imprint=imprint, ask_by=date(2025, 12, 5)) for _ in range(2)]
    assert made[0] == made[1]
    told = texts(zipfile.ZipFile(io.BytesIO(made[0])).read(name_of("造林科")))
    assert "内部资料　某市林业局 2025　第1版　数据截至2025年6月30日　校验码0a1b2c3d4e5f" in told
    assert any(text.startswith("请于12月5日前交回。") for text in told)


def test_a_table_alone_is_enough() -> None:
    assert (
        read_workbook(
            zipfile.ZipFile(io.BytesIO(fill_in_sheets.write(table_of(DRAWING)))).read(name_of("造林科")), "a.xlsx"
        ).year
        == 2025
    )


@pytest.mark.parametrize("plan", shipped(), ids=lambda plan: plan.name)
def test_the_sheets_of_shipped_tables_hold_every_row_and_read_as_they_were_written(
    plan: Plan, shipped_store: Store
) -> None:
    newest = shipped_store.latest(plan.name)
    table = shipped_store.table(newest.id)
    seen: list[str] = []
    for name, content in sheets(table).items():
        reading = read_workbook(content, name)
        seen += list(reading.table["indicator"])
        assert [finding for finding in reading.findings if finding.code == "unread_row"] == []
    assert set(seen) == set(table["indicator"])
    assert len(seen) == sum(max(1, len(names)) for names in table["departments"])


def test_an_office_program_keeps_values_locks_and_choices(office: str) -> None:
    content = filled(
        of(table_of(DRAWING), "造林科"),
        {("1-1", "全年完成情况"): "已造林4900亩", ("1-1", "完成进度"): 0.98, ("1-1", "自评定档"): "一档"},
        {("造林", "实际值"): 4900},
        date(2025, 10, 31),
    )
    back = office_program.recalculated(content)
    reading = read_workbook(back, "填报表（造林科）.xlsx")
    row = reading.table.iloc[0]
    assert (row["completion"], row["reported_progress"], row["self_tier"]) == ("已造林4900亩", 0.98, 1)
    assert row["targets"][0].actual == 4900
    assert reading.data_date == date(2025, 10, 31)
    sheet = opened(back)[SHEET]
    assert "list" in {rule.type for rule in sheet.data_validations.dataValidation}
    assert sheet.protection.sheet
    assert cell(sheet, "1-1", "二级指标").protection.locked
    assert not cell(sheet, "1-2", "全年完成情况").protection.locked
