"""Cells on their way from the child process: JSON, so that what arrives is data and nothing else.

Text, numbers, booleans and blanks stand for themselves; the other kinds are two-element lists of a letter and a text.
"""

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import orjson

from data.cells import CellError, Range, Sheet, Value, Workbook
from data.errors import WorkbookRejected

HEADER = 4096  # bytes of the header line that precedes the file, padded
EXACT = 2**53  # whole numbers up to here are exact in a spreadsheet's floating point
Positions = dict[tuple[int, int], str]

DECODERS: dict[str, Callable[[str], Value]] = {
    "e": CellError,
    "s": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
}


def plain(value: object) -> Value:
    """Return a parser's value as a cell's value: 2.0 is 2, an empty text is a blank, 30 hours are 1.25 days."""
    match value:
        case bool() | None:
            return value
        case timedelta():
            return plain(value / timedelta(days=1))
        case int() if abs(value) >= EXACT:
            return plain(float(value)) if value.bit_length() < 1024 else CellError("#NUM!")
        case float() if not math.isfinite(value):
            return CellError("#NUM!")
        case float() if value.is_integer() and abs(value) < EXACT:
            return int(value)
        case "":
            return None
    return cast(Value, value)


def _encode(value: Value) -> object:
    match value:
        case CellError():
            return ["e", str(value)]
        case datetime():
            return ["s", value.isoformat()]
        case date():
            return ["d", value.isoformat()]
        case time():
            return ["t", value.isoformat()]
    return value


def _encode_sheet(sheet: Sheet) -> dict[str, object]:
    scalars = {str, int, float, bool, type(None)}
    return {
        "name": sheet.name,
        "rows": [[value if type(value) in scalars else _encode(value) for value in row] for row in sheet.rows],
        "merges": sheet.merges,
        "formulas": [[*position, text] for position, text in sheet.formulas.items()],
        "formats": [[*position, text] for position, text in sheet.formats.items()],
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_columns": sorted(sheet.hidden_columns),
        "hidden": sheet.hidden,
    }


def encode(workbook: Workbook) -> bytes:
    """Return the workbook as JSON."""
    sheets = [_encode_sheet(sheet) for sheet in workbook.sheets]
    return orjson.dumps({"format": workbook.format, "sheets": sheets})


def _positions(entries: list[list[Any]]) -> Positions:
    return {(row, column): text for row, column, text in entries}


def _decode_sheet(fields: dict[str, Any]) -> Sheet:
    return Sheet(
        name=fields["name"],
        rows=[[DECODERS[v[0]](v[1]) if type(v) is list else v for v in row] for row in fields["rows"]],
        merges=tuple(cast(Range, tuple(merge)) for merge in fields["merges"]),
        formulas=_positions(fields["formulas"]),
        formats=_positions(fields["formats"]),
        hidden_rows=frozenset(fields["hidden_rows"]),
        hidden_columns=frozenset(fields["hidden_columns"]),
        hidden=fields["hidden"],
    )


def refusal(error: WorkbookRejected) -> bytes:
    """Return the refusal as JSON."""
    return orjson.dumps({"code": error.code, "message": str(error)})


def decode(answer: bytes) -> Workbook:
    """Return the workbook that ``encode`` wrote. Raises the WorkbookRejected that ``refusal`` wrote, or ValueError."""
    fields = orjson.loads(answer)
    if "code" in fields:
        raise WorkbookRejected(fields["code"], fields["message"])
    return Workbook(fields["format"], tuple(_decode_sheet(sheet) for sheet in fields["sheets"]))
