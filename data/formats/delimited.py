"""Read a text table: the encoding by its mark or by trial, the separator by what its lines have in common."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from data.cells import CellError, Sheet, Value, Workbook, address
from data.formats.refusals import refused
from data.limits import Limits

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?", re.ASCII)  # 001 is a text, as is what would lose digits
SHEET = "CSV"  # a text table has one sheet, and no name for it
LAST_COLUMN = 16_384  # beyond it a column has no letters
ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}


def read(content: bytes, limits: Limits) -> Workbook:
    """Return the one sheet of a text table, plain numbers as numbers, as a spreadsheet would open it."""
    text = _decode(content)
    rows: list[list[Value]] = []
    for line in _lines(text, limits):
        if len(rows) == limits.rows or len(line) > limits.columns:
            cell = address(len(rows) + 1, min(len(line), LAST_COLUMN) or 1)
            raise refused("far_cell", sheet=SHEET, cell=cell, rows=limits.rows, columns=limits.columns)
        rows.append([_value(field) for field in line])
    if not any(value is not None for row in rows for value in row):
        raise refused("empty_table")
    return Workbook("csv", (Sheet(SHEET, rows),))


def _lines(text: str, limits: Limits) -> Iterator[list[str]]:
    csv.field_size_limit(limits.file)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=_separator(text))
    except csv.Error as error:
        raise refused("damaged", where="文本表格") from error


def _decode(content: bytes) -> str:
    marked = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("encoding")


def _separator(text: str) -> str:
    """Return the separator that is most frequent outside of quotes in the first lines; a comma where there is none."""
    sample = re.sub(r'"[^"]*"', "", text[:20_000])
    return max(",\t;", key=sample.count)


def _value(field: str) -> Value:
    if field in ERRORS:
        return CellError(field)
    if NUMBER.fullmatch(field):
        return float(field) if "." in field else int(field)
    return field or None
