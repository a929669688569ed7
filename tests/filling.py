"""Fill-in sheets as departments fill them in: written from a drawn table, filled cell by cell, read again."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date

import openpyxl
import pandas as pd
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from data.carry_over import carry_over
from data.reader import Reading, read_workbook
from reports.imprint import Imprint
from reports.papers import fill_in_sheets
from reports.papers.fill_in_sheets import COLUMNS, SHEET, TARGETS
from tests.drawing import saved, xlsx
from tests.published import TITLE, UNIT, YEAR

PLAN = f"{UNIT} {YEAR}"
JUNE = date(YEAR, 6, 30)
HEAD, TARGET_HEAD = 4, 2  # the headers' rows
Said = Mapping[tuple[str, str], object]  # by serial, or by the target's name, and heading


def table_of(drawing: str, day: date = JUNE) -> pd.DataFrame:
    """Return what the store would hold of a first version with this form."""
    return carry_over(read_workbook(xlsx(TITLE + drawing), "考评表.xlsx").table, None, day)


def sheets(table: pd.DataFrame) -> dict[str, bytes]:
    """Return the fill-in sheets of a table by their files' names."""
    return unzipped(fill_in_sheets.write(table, imprint=Imprint(PLAN, 1, JUNE)))


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def of(table: pd.DataFrame, department: str) -> bytes:
    """Return the fill-in sheet of one department."""
    return sheets(table)[name_of(department)]


def name_of(department: str) -> str:
    return f"填报表（{department}）.xlsx"


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def filled(content: bytes, said: Said, actuals: Said | None = None, day: date | None = None) -> bytes:
    """Return the sheet with texts and figures typed into cells that are open for it."""
    book = opened(content)
    for (serial, heading), value in said.items():
        _type(cell(book[SHEET], serial, heading), value)
    for (target, heading), value in (actuals or {}).items():
        _type(target_cell(book["量化目标"], target, heading), value)
    if day:
        _type(day_cell(book[SHEET]), day)
    return saved(book)


def _type(into: Cell, value: object) -> None:
    assert not into.protection.locked
    into.value = value


def cell(sheet: Worksheet, serial: str, heading: str) -> Cell:
    """Return the cell of a row below a heading."""
    row = next(row for row in range(HEAD + 1, sheet.max_row + 1) if sheet.cell(row, 1).value == serial)
    return sheet.cell(row, [column.heading for column in COLUMNS].index(heading) + 1)


def target_cell(sheet: Worksheet, target: str, heading: str) -> Cell:
    headings = [column.heading for column in TARGETS]
    named = headings.index("目标") + 1
    row = next(row for row in range(TARGET_HEAD + 1, sheet.max_row + 1) if sheet.cell(row, named).value == target)
    return sheet.cell(row, headings.index(heading) + 1)


def day_cell(sheet: Worksheet) -> Cell:
    return sheet.cell(2, [column.heading for column in COLUMNS].index("全年完成情况") + 1)


def reading(content: bytes, department: str) -> tuple[str, Reading]:
    """Return a filled sheet as the merge takes it."""
    name = name_of(department)
    return name, read_workbook(content, name)


def answered(
    table: pd.DataFrame, department: str, said: Said, actuals: Said | None = None, day: date | None = None
) -> tuple[str, Reading]:
    """Return what one department sends back."""
    return reading(filled(of(table, department), said, actuals, day), department)
