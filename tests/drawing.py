"""Forms drawn as text, turned into workbooks.

Columns are parted by ``|``. ``^`` is merged with the cell above, ``<`` with the cell to its left. A number is a number
unless it is quoted ('4); ``=`` starts a formula; ``_`` is an empty cell where a blank would be overlooked; ``↵`` is a
line break inside a cell.
"""

import io

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet


def xlsx(*drawings: str, names: tuple[str, ...] = (), **titled: str) -> bytes:
    """Return a workbook's bytes with a sheet for each drawing."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = dict(zip(names or [f"Sheet{n}" for n in range(1, len(drawings) + 1)], drawings, strict=True)) | titled
    for name, drawing in sheets.items():
        draw(book.create_sheet(name), drawing)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def draw(sheet: Worksheet, drawing: str) -> None:
    """Fill a sheet with what is drawn."""
    grid = cells(drawing)
    for row, line in enumerate(grid, start=1):
        for column, text in enumerate(line, start=1):
            if text not in ("", "^", "<", "_"):
                sheet.cell(row, column, typed(text))
    for row, line in enumerate(grid, start=1):
        for column, text in enumerate(line, start=1):
            _merge(sheet, grid, row, column) if text not in ("^", "<") else None


def cells(drawing: str) -> list[list[str]]:
    """Return the drawn texts, line by line."""
    lines = [line for line in drawing.strip("\n").splitlines() if line.strip()]
    return [[text.strip().replace("↵", "\n") for text in line.split("|")] for line in lines]


def typed(text: str) -> str | float | int:
    """Return a drawn text as the value that a clerk would have typed."""
    if text.startswith("'"):
        return text[1:]
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _merge(sheet: Worksheet, grid: list[list[str]], row: int, column: int) -> None:
    right, below = column, row
    while right < len(grid[row - 1]) and grid[row - 1][right] == "<":
        right += 1
    while below < len(grid) and len(grid[below]) >= column and grid[below][column - 1] == "^":
        below += 1
    if (right, below) != (column, row):
        sheet.merge_cells(start_row=row, start_column=column, end_row=below, end_column=right)
