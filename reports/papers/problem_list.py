"""核对清单: every finding of a reading as a workbook, for those who set the table right at its source."""

from collections.abc import Iterable, Iterator
from itertools import islice

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from data.findings import Finding
from data.formats.cell_edits import FORMULA_STARTS
from data.privacy import mask
from data.reader import Reading
from data.tables.layout import canonical, landscape
from reports.words import SEVERITIES

COLUMNS = (("级别", 12), ("工作表", 16), ("单元格", 9), ("问题", 70), ("系统暂这样处理", 46))
MOST = 20_000  # rows of a list over many files
LONGEST = 32_000  # characters; a cell holds 32 767
_THIN = Border(*[Side(style="thin")] * 4)


def write(reading: Reading) -> bytes:
    """Return the findings of a reading as .xlsx, one a row, in their order; the same bytes for the same findings."""
    return _book(COLUMNS, map(_row, reading.findings))


def write_all(files: Iterable[tuple[str, str, Iterable[Finding], str]]) -> bytes:
    """Return what is to be looked at in many files as .xlsx: path, unit, findings, and why it was not read, "" if it was.

    What was only put in order (已规范) is left out, and so is what goes beyond ``MOST`` rows, which the last row says.
    """
    rows = list(islice((row for file in files for row in _rows_of(*file)), MOST + 1))
    if len(rows) > MOST:
        rows[MOST:] = [("", "", "", "", "", f"只列前{MOST}处，其余请分批再看。", "")]
    return _book((("文件", 34), ("单位", 22), *COLUMNS), rows)


def _rows_of(path: str, unit: str, found: Iterable[Finding], refused: str) -> Iterator[tuple[str, ...]]:
    if refused:
        yield path, unit, "读不了", "", "", refused, "这一份没有发布。"
    for finding in found:
        if finding.severity != "normalized":
            yield path, unit, *_row(finding)


def _book(columns: tuple[tuple[str, int], ...], body: Iterable[tuple[str, ...]]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "核对清单"
    rows = [tuple(heading for heading, _ in columns), *body]
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            put_text(cell, value)
            cell.font = Font(name="宋体", size=11, bold=number == 1)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            cell.border = _THIN
    for column, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows)}"
    landscape(sheet)
    sheet.print_title_rows = "1:1"
    return canonical(book)


def _row(finding: Finding) -> tuple[str, ...]:
    level = SEVERITIES[finding.severity]
    return level, finding.sheet, finding.cell, finding.message, finding.treatment


def put_text(cell: Cell, value: str) -> None:
    """Write a text that stays text, also where it begins as a formula would, and after somebody edits it."""
    cell.value = written(value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(FORMULA_STARTS)


def written(value: str) -> str:
    """Return a text as a cell may hold it: without control characters, private numbers masked, not too long."""
    return mask(ILLEGAL_CHARACTERS_RE.sub("\ufffd", value))[:LONGEST]
