"""Read with calamine: .xls, WPS's .et, and the values of an .xlsx."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import python_calamine

from data.cells import Sheet, Value, Workbook
from data.formats.biff import Extras, extras_of
from data.formats.merges import clear_covered, within_content
from data.formats.refusals import refused
from data.formats.wire import plain
from data.limits import Limits


def open_calamine(content: bytes) -> Any:
    """Return calamine's workbook. Raises WorkbookRejected."""
    try:
        return python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    except python_calamine.PasswordError as error:
        raise refused("password") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise refused("damaged", where="工作簿") from error


def calamine_rows(book: Any, name: str) -> list[list[Value]]:
    """Return a sheet's values from A1 on, each row without the blanks at its end."""
    try:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except OverflowError as error:  # of a timedelta, which is what calamine makes of durations
        raise refused("duration", sheet=name) from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise refused("damaged", where=f"工作表“{name}”") from error
    return [trimmed([value if type(value) is str and value else plain(value) for value in row]) for row in rows]


def trimmed(row: list[Value]) -> list[Value]:
    """Return the row without the blanks at its end."""
    width = len(row)
    while width and row[width - 1] is None:
        width -= 1
    return row[:width]


def read_xls(content: bytes, limits: Limits) -> Workbook:
    """Return an .xls or .et workbook's sheets; a formula's text is "=" alone, as only its value can be read."""
    book = open_calamine(content)
    listed = [entry for entry in book.sheets_metadata if entry.typ == python_calamine.SheetTypeEnum.WorkSheet]
    if not listed:
        raise refused("no_sheet")
    extras = extras_of(content, limits)
    if len(extras) != len(listed):
        extras = [Extras() for _ in listed]
    return Workbook("xls", tuple(_xls_sheet(book, *pair, limits) for pair in zip(listed, extras, strict=True)))


def _xls_sheet(book: Any, entry: Any, extras: Extras, limits: Limits) -> Sheet:
    rows = calamine_rows(book, entry.name)
    overlay(rows, extras.values)
    while rows and not rows[-1]:
        rows.pop()
    width = max(map(len, rows), default=0)
    ranges = book.get_sheet_by_name(entry.name).merged_cell_ranges or []
    if len(ranges) > limits.merges:
        raise refused("merges", sheet=entry.name, limit=limits.merges)
    found = [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges]
    merges = within_content(found, len(rows), width, entry.name, limits)
    clear_covered(rows, merges)
    return Sheet(
        name=entry.name,
        rows=rows,
        merges=merges,
        formulas=extras.formulas,
        formats=extras.formats,
        hidden_rows=frozenset(row for row in extras.hidden_rows if row <= len(rows)),
        hidden_columns=frozenset(column for column in extras.hidden_columns if column <= width),
        hidden=entry.visible != python_calamine.SheetVisibleEnum.Visible,
    )


def overlay(rows: list[list[Value]], values: Mapping[tuple[int, int], Value]) -> None:
    """Put values in their places, lengthening rows where calamine saw blanks at their end."""
    for (row, column), value in values.items():
        if row <= len(rows):
            line = rows[row - 1]
            line += [None] * (column - len(line))
            line[column - 1] = value
