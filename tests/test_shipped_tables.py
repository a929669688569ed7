"""data/tables: what ships is what the scripts make, and the notice's table says only what the notice says."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from data import read_workbook
from data.carry_over import carry_over
from data.plan import TABLES, find, shipped
from data.tables import example, layout, quanzhou
from data.tables.layout import ABOVE, Row, Sum, Table, canonical, joined, write
from scoring import Method, score
from scoring.table import STATUSES

NOTICE = (TABLES / "source/notice-2025-5.txt").read_text("utf-8")
SERIAL = re.compile(r"\d(-\d+){1,2}")
FIELDS = {column.field: number for number, column in enumerate(layout.COLUMNS, 1)}


@pytest.fixture(scope="module")
def notice_book() -> Workbook:
    return load_workbook(TABLES / quanzhou.FILE)


@pytest.fixture(scope="module")
def form(notice_book: Workbook) -> Worksheet:
    return notice_book["考评表"]


def at(sheet: Worksheet, row: int, field: str) -> object:
    return sheet.cell(row, FIELDS[field]).value


def indicator_rows(sheet: Worksheet) -> Iterator[int]:
    for row in range(1, sheet.max_row + 1):
        serial = at(sheet, row, "serial")
        if isinstance(serial, str) and SERIAL.fullmatch(serial) and at(sheet, row, "indicator") != "小计":
            yield row


def row_of(sheet: Worksheet, serial: str) -> int:
    return next(row for row in indicator_rows(sheet) if at(sheet, row, "serial") == serial)


def test_the_notices_table_reads_to_46_serials_45_with_weight_70_points(form: Worksheet):
    weights = {at(form, row, "serial"): at(form, row, "weight") for row in indicator_rows(form)}
    weighted = [weight for weight in weights.values() if weight is not None]
    assert (len(weights), len(weighted), sum(weighted)) == (46, 45, 70)


def test_every_entered_text_occurs_in_the_notice(form: Worksheet):
    headings = {column.heading for column in layout.COLUMNS} | {layout.PANEL_HEADING}
    spaced = re.sub(r"\s+", " ", NOTICE)
    entered = [str(cell.value) for line in form.iter_rows() for cell in line if cell.value is not None]
    texts = [text for text in entered if text not in headings and not text.startswith("=")]
    names = {
        "办公室 外贸科 电商科",
        "叶冠庆 黄凯",
        "林文荣 林斌",
        "陈俊峰 林斌",
        "简国红 林斌",
    }  # joint rows put in order
    assert [text for text in texts if re.sub(r"\s+", " ", text) not in spaced and text not in names] == []


def test_no_text_of_the_notices_table_is_lost(form: Worksheet):
    entered = "".join(str(cell.value) for line in form.iter_rows() for cell in line if cell.value is not None)
    entered += "".join(str(cell.value) for line in form.parent["转录说明"].iter_rows() for cell in line)
    printed = {cell for line in NOTICE.splitlines() if line.count("\t") > 9 for cell in line.split("\t") if cell}
    whole = {cell for cell in printed if cell not in entered}
    assert whole == set()


def test_joint_rows_stand_in_order(form: Worksheet):
    def people(serial: str) -> list[object]:
        return [at(form, row_of(form, serial), field) for field in ("departments", "heads", "leaders")]

    assert people("2-2-2") == ["办公室 外贸科 电商科", "叶冠庆 黄凯", "林文荣 林斌"]
    assert people("1-2-2") == ["服务业科", "李佳", "简国红 林斌"]
    assert people("1-3-1") == ["外贸科", "张天峰", "陈俊峰 林斌"]
    assert people("1-6-1") == people("1-6-2") == ["口岸科", "黄小波", "林斌"]


def test_stray_names_are_noted_and_not_entered(notice_book: Workbook, form: Worksheet):
    entered = {str(cell.value) for line in form.iter_rows() for cell in line}
    notes = "".join(str(cell.value) for line in notice_book["转录说明"].iter_rows() for cell in line)
    for name in ("陈山阳", "黄天峰", "张红波"):
        assert not any(name in text for text in entered)
        assert name in notes


def test_what_is_odd_in_the_source_stands_as_printed(form: Worksheet):
    serials = [at(form, row, "serial") for row in indicator_rows(form)]
    assert [serials.count(f"4-{number}") for number in range(1, 8)] == [2, 2, 2, 2, 1, 1, 1]
    empty = row_of(form, "1-3-3")
    filled = [field for field in FIELDS if at(form, empty, field) is not None]
    assert filled == ["serial", "result"]
    subtotal = next(row for row in range(1, form.max_row) if at(form, row, "serial") == "2-3-2")
    assert (at(form, subtotal, "indicator"), at(form, subtotal, "weight")) == ("小计", 70)
    assert at(form, row_of(form, "1-1-1"), "due") == "12月 底前"
    assert at(form, row_of(form, "1-4-1"), "due") == "12月底前"
    assert "以上以上" in str(at(form, row_of(form, "1-2-2"), "indicator"))


def test_a_label_stands_beside_the_rows_it_is_printed_for(form: Worksheet):
    spans = {
        (at(form, first, "category"), at(form, first, "serial"), at(form, last, "serial"))
        for first, last in ((area.min_row, area.max_row) for area in form.merged_cells.ranges if area.max_col == 1)
    }
    assert {
        ("重点工作目标", "1-1-1", "1-3-3"),
        ("重点工作目标", "1-4-1", "1-6-2"),
        ("重点工作目标", "1-13-1", "1-13-3"),
        ("常规工作目标", "2-1-1", "2-2-1"),
        ("职能工作目标（70分）", "2-2-2", "2-3-1"),
        ("从严治党", "4-1", "4-4"),
        ("行政能力目标（20分）", "4-1", "4-4"),
        ("行政能力目标（20分）", "4-5", "5-6"),
        ("机关效能", "6-1", "6-5"),
        ("安全生产(1分)", "7-3", "7-4"),
    } <= spans


def test_every_evaluation_cell_of_the_notices_table_is_empty(form: Worksheet):
    fields = ["completion", *[field for field in FIELDS if field.endswith("_tier") or field.startswith("panel_")]]
    assert [row for row in indicator_rows(form) for field in fields if at(form, row, field) is not None] == []


def test_every_row_has_the_mean_of_its_own_seven_seats(form: Worksheet):
    for row in indicator_rows(form):
        assert at(form, row, "result") == f"=AVERAGE(O{row}:U{row})"


def test_the_total_adds_every_indicator_once(form: Worksheet):
    total = next(row for row in range(1, form.max_row + 1) if at(form, row, "serial") == "绩效目标考评得分")
    added = [
        row
        for first, last in re.findall(r"V(\d+):V(\d+)", str(at(form, total, "result")))
        for row in range(int(first), int(last) + 1)
    ]
    serials = [at(form, row, "serial") for row in added]
    assert len(serials) == len(set(serials)) == 46


def test_the_phone_number_is_masked(notice_book: Workbook):
    texts = [str(cell.value) for sheet in notice_book for line in sheet.iter_rows() for cell in line]
    assert any("159****0686" in text for text in texts)
    assert not any(re.search(r"1[3-9]\d{9}", text) for text in texts)


def test_every_row_that_was_moved_has_a_note(notice_book: Workbook, form: Worksheet):
    """Rows whose weight is not printed where the page's header announces it, and rows with a stray cell."""
    with (TABLES / "source/quanzhou-repairs.csv").open(encoding="utf-8", newline="") as file:
        spans = [entry["lines"].partition("-") for entry in csv.DictReader(file)]
    noted = {line for first, _, last in spans for line in range(int(first), int(last or first) + 1)}
    printed = {number for number, line in enumerate(NOTICE.splitlines(), 1) if re.match(r"[^\t]*\t[\d项序]", line)}
    assert printed - noted == set()
    notes = notice_book["转录说明"]
    assert [cell.value for cell in notes[2]] == ["序号", "行", "列", "原件", "录入", "原因"]
    for line in notes.iter_rows(min_row=3, values_only=True):
        serial, rows = str(line[0] or "").partition(" ")[0], str(line[1] or "").partition("–")[0]
        if SERIAL.fullmatch(serial):
            assert at(form, int(rows), "serial") == serial


def test_the_scripts_make_the_shipped_workbooks_byte_for_byte(tmp_path: Path):
    quanzhou.build(tmp_path)
    example.build(tmp_path)
    built = sorted(path.name for path in tmp_path.iterdir())
    assert built == sorted(path.name for path in TABLES.glob("*.xlsx"))
    assert [name for name in built if (tmp_path / name).read_bytes() != (TABLES / name).read_bytes()] == []


def test_the_same_content_gives_the_same_bytes_on_any_day():
    book = write(Table("表", "甲局", ((Row("1", "做一件事"),),)))
    first = canonical(book)
    parts = zipfile.ZipFile(io.BytesIO(first))
    assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"2025-01-01T00:00:00Z</dcterms:modified>" in parts.read("docProps/core.xml")


def drawn(sheet: Worksheet, last: int) -> list[str]:
    """Draw the first columns of a sheet: · for a cell that another covers."""
    covered = {
        (row, column)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
        if (row, column) != (area.min_row, area.min_col)
    }
    cells = [
        ["·" if (row, column) in covered else str(sheet.cell(row, column).value or "") for column in range(1, 7)]
        for row in range(3, last + 1)
    ]
    return ["|".join(line) for line in cells]


def test_the_form_is_written_as_it_is_drawn():
    page = (
        Row("1-1-1", "甲", 2, "重点", "文一", "目标"),
        Row("1-1-2", "乙", 3),
        Sum("subtotal", "小计", "indicator"),
        Row("4-1", "丙", 1, "行政", spans="basis"),
        Row("4-2", "丁", 1, spans="basis"),
        Sum("total", "绩效目标考评得分"),
    )
    sheet = write(Table("表", "甲局", (page,))).active
    assert drawn(sheet, 10) == [
        "项目|序号|文件依据|一级指标|二级指标|权重",
        "·|·|·|·|·|·",
        "重点|1-1-1|文一|目标|甲|2",
        "·|1-1-2|·|·|乙|3",
        "||||小计|=SUM(F5:F6)",
        "行政|4-1|丙|·|·|1",
        "·|4-2|丁|·|·|1",
        "绩效目标考评得分|·|·|·|·|=SUM(F5:F6,F8:F9)",
    ]


def test_every_page_starts_with_its_own_header():
    pages = ((Row("1", "甲", 1),), (Row("2", "乙", 1),))
    sheet = write(Table("表", "甲局", pages)).active
    assert [sheet.cell(row, 1).value for row in (3, 6)] == ["项目", "项目"]
    assert [mark.id for mark in sheet.row_breaks.brk] == [5]


def test_a_single_page_repeats_its_header_in_print():
    sheet = write(Table("表", "甲局", ((Row("1", "甲", 1),),))).active
    assert sheet.print_title_rows == "$3:$4"


def test_what_repeats_the_row_above_is_joined_to_it():
    rows = joined([Row("1", "甲", 1, "重点", "文", ""), Row("2", "乙", 1, "重点", "文", "目标")])
    assert (rows[1].category, rows[1].basis, rows[1].goal) == (ABOVE, ABOVE, "目标")


def example_rows() -> list[Row]:
    return [line for page in example.table("10").pages for line in page if isinstance(line, Row)]


def test_the_example_is_worth_exactly_100_points_over_the_five_contents():
    points: dict[str, float] = {}
    for row in example_rows():
        content = row.serial if row.serial.startswith("7") else "职能" if row.serial < "4" else "行政"
        points[content] = points.get(content, 0) + row.weight
    assert len(example_rows()) == 60
    assert points == {"职能": 70, "行政": 20, "7-1": 4, "7-2": 4, "7-3": 1, "7-4": 1}


def test_every_version_of_the_example_has_the_same_indicators():
    texts = {
        version: [line.indicator for page in example.table(version).pages for line in page if isinstance(line, Row)]
        for version in example.VERSIONS
    }
    assert all(each == texts["10"] for each in texts.values())


def test_every_shipped_workbook_is_an_issue_of_a_plan_in_order_of_its_dates():
    issues = [issue for plan in shipped() for issue in plan.issues]
    assert sorted(issue.file for issue in issues) == sorted(path.name for path in TABLES.glob("*.xlsx"))
    for plan in shipped():
        dates = [issue.data_date for issue in plan.issues]
        assert dates == sorted(set(dates))


def test_nobody_of_the_notice_is_named_in_the_example():
    with (TABLES / "source/quanzhou-lines.csv").open(encoding="utf-8", newline="") as file:
        cells = [entry[field] for entry in csv.DictReader(file) for field in ("heads", "leaders")]
    real = {name for cell in cells for name in cell.split()} | {"张小红", "杨华"}
    named = "".join(str(getattr(row, field)) for row in example_rows() for field in ("heads", "leaders"))
    named += example.SIGNATURE + (TABLES / "example-commerce-2025.toml").read_text("utf-8")
    assert [name for name in real if name in named] == []


@pytest.mark.parametrize("version", example.VERSIONS)
def test_the_example_reads_whole_and_nothing_in_it_blocks(version: str):
    name = f"example-commerce-2025-{version}.xlsx"
    reading = read_workbook((TABLES / name).read_bytes(), name)
    assert (reading.unit, reading.year, len(reading.table)) == ("示例市商务局", 2025, 60)
    assert reading.table["weight"].sum() == 100
    assert [finding for finding in reading.findings if finding.severity == "blocking"] == []


def test_october_shows_every_status_in_mixed_progress():
    statuses = example_status("10")
    assert set(statuses.index) == set(STATUSES)
    stable, at_risk = statuses[["done", "on_pace"]].sum(), statuses[["behind", "overdue"]].sum()
    assert 55 <= stable <= 65
    assert 12 <= at_risk <= 20
    assert stable + at_risk + statuses[["not_reported", "unjudged"]].sum() == 100


def example_status(last: str) -> pd.Series:
    """Return the points for each status in a version of the example, with what was carried over into it."""
    table = None
    plan = find("示例市商务局", 2025)
    for issue, version in zip(plan.issues, example.VERSIONS, strict=True):
        reading = read_workbook((TABLES / issue.file).read_bytes(), issue.file)
        table = carry_over(reading.table, table, issue.data_date)
        if version == last:
            scored = score(table, Method.default(), as_of=issue.data_date)
            return scored.groupby("status", observed=True)["weight"].sum()
    raise AssertionError(last)


def test_december_is_scored_for_88_points():
    reading = read_workbook((TABLES / "example-commerce-2025-12.xlsx").read_bytes(), "example-commerce-2025-12.xlsx")
    scored = score(reading.table, Method.default(), as_of=date(2025, 12, 31))
    assert scored.loc[scored["score"].notna(), "weight"].sum() == 88
    assert set(scored["scored_by"]) >= {"panel", "stated", "office_tier", ""}


def test_every_quirk_of_the_example_says_what_it_shows():
    with (TABLES / "source/example-quirks.csv").open(encoding="utf-8", newline="") as file:
        quirks = list(csv.DictReader(file))
    serials = {row.serial for row in example_rows()}
    assert [quirk for quirk in quirks if quirk["serial"] not in serials or not quirk["shows"]] == []
