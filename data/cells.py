"""What a file holds, before anybody asks what it means: sheets of values that keep their addresses."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from openpyxl.utils import get_column_letter

Value = str | float | int | bool | datetime | date | time | None
Range = tuple[int, int, int, int]  # first row, first column, last row, last column; 1-based, inclusive


class CellError(str):
    """A spreadsheet error such as ``#DIV/0!``: told apart from a text that looks like one, and from a blank."""


@dataclass(frozen=True)
class Sheet:
    """One sheet. ``rows[r - 1][c - 1]`` is the value at row r, column c; rows may differ in length.

    A merged range holds its value in its first cell, the covered cells are None. ``formulas`` has every formula's
    text, also where no value was cached (the value is None then); ``formats`` has the number formats that
    say what a number alone does not, a share shown as 63% or a date in a Chinese format (``formats/number_formats.py``).
    """

    name: str
    rows: list[list[Value]]
    merges: tuple[Range, ...] = ()
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False

    def value(self, row: int, column: int) -> Value:
        """Return the value at a 1-based address, None outside of what the sheet holds."""
        line = self.rows[row - 1] if row <= len(self.rows) else []
        return line[column - 1] if column <= len(line) else None


@dataclass(frozen=True)
class Workbook:
    """A file's sheets in their order; ``format`` is xlsx, xls, ods or csv, as its first bytes tell."""

    format: str
    sheets: tuple[Sheet, ...]


def address(row: int, column: int) -> str:
    """Return the cell's name as a spreadsheet shows it: (12, 6) is F12."""
    return f"{get_column_letter(column)}{row}"
