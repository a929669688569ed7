"""What calamine does not tell of an .xls or .et: errors, formulas, number formats, texts of formulas, hidden lines.

An .xls is a small file system (a header, sectors of 512 bytes, a table of which sector follows which) that holds the
stream "Workbook": records of a number, a length and a body; [MS-CFB] and [MS-XLS] name every field used here.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from data.cells import CellError, Value
from data.formats.number_formats import BUILT_IN, tells
from data.formats.wire import Positions
from data.limits import Limits

ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
BOF, EOF, CONTINUE, BOUNDSHEET, FORMAT, XF = 0x809, 0x0A, 0x3C, 0x85, 0x41E, 0xE0
ROW, COLINFO, FORMULA, STRING, BOOLERR, NUMBER, RK, MULRK = 0x208, 0x7D, 0x06, 0x207, 0x205, 0x203, 0x27E, 0xBD
MOST_RECORDS = 2_000_000  # more than a file within the limits has
END_OF_CHAIN = 0xFFFFFFFA  # this and the numbers above stand for no sector


@dataclass
class Extras:
    """One sheet's details; ``values`` has the errors and the texts of formulas."""

    values: dict[tuple[int, int], Value] = field(default_factory=dict)
    formulas: Positions = field(default_factory=dict)
    formats: Positions = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def extras_of(content: bytes, limits: Limits) -> list[Extras]:
    """Return the details of each worksheet in order; none of them where the file is not laid out as expected."""
    try:
        return _Scanner(_workbook_stream(content), limits).sheets()
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return []


def _workbook_stream(content: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    sectors = [content[at : at + size] for at in range(size if size > 512 else 512, len(content), size)]
    (directory, _, cutoff, mini_first) = struct.unpack_from("<4I", content, 48)
    listed = list(struct.unpack_from("<109I", content, 76))
    (more,) = struct.unpack_from("<I", content, 68)
    while more < END_OF_CHAIN and len(listed) <= len(sectors) + 109:
        *part, more = struct.unpack(f"<{size // 4}I", sectors[more])
        listed += part
    table = [n for sector in listed if sector < END_OF_CHAIN for n in struct.unpack(f"<{size // 4}I", sectors[sector])]
    entries = _chain(directory, table, sectors)
    root = entries[:128]
    for entry in (entries[at : at + 128] for at in range(0, len(entries), 128)):
        if entry[:64].decode("utf-16-le").rstrip("\0") == "Workbook":
            first, length = struct.unpack_from("<II", entry, 116)
            if length >= cutoff:
                return _chain(first, table, sectors)[:length]
            return _small_stream(first, length, root, mini_first, table, sectors)
    raise ValueError("no Workbook stream")


def _chain(first: int, table: list[int], sectors: list[bytes]) -> bytes:
    found: list[bytes] = []
    at = first
    while at < END_OF_CHAIN and len(found) < len(sectors):
        found.append(sectors[at])
        at = table[at]
    return b"".join(found)


def _small_stream(
    first: int, length: int, root: bytes, mini_first: int, table: list[int], sectors: list[bytes]
) -> bytes:
    """Return a stream below the cut-off: it lies in sectors of 64 bytes inside the root entry's stream."""
    chain = _chain(mini_first, table, sectors)
    mini_table = list(struct.unpack(f"<{len(chain) // 4}I", chain))
    holder = _chain(struct.unpack_from("<I", root, 116)[0], table, sectors)
    minis = [holder[at : at + 64] for at in range(0, len(holder), 64)]
    return _chain(first, mini_table, minis)[:length]


class _Scanner:
    """Goes through the records of the workbook, then of each worksheet."""

    def __init__(self, stream: bytes, limits: Limits) -> None:
        self.stream, self.limits = stream, limits
        self.left = MOST_RECORDS
        self.starts: list[int] = []
        self.codes = dict(BUILT_IN)
        self.styles: list[int] = []
        self.extras = Extras()
        self.formula_at: tuple[int, int] | None = None
        self.readers = {
            ROW: self.row,
            COLINFO: self.columns,
            FORMULA: self.formula,
            STRING: self.formula_text,
            BOOLERR: self.error,
            NUMBER: self.number,
            RK: self.number,
            MULRK: self.numbers,
        }

    def sheets(self) -> list[Extras]:
        self.globals()
        return [self.sheet(start) for start in self.starts]

    def records(self, at: int) -> Iterator[tuple[int, bytes]]:
        while at + 4 <= len(self.stream):
            self.left -= 1
            if not self.left:
                raise ValueError("sheets that share their records")
            number, length = struct.unpack_from("<HH", self.stream, at)
            yield number, self.stream[at + 4 : at + 4 + length]
            at += 4 + length

    def globals(self) -> None:
        for number, body in self.records(0):
            if number == EOF:
                return
            if number == BOUNDSHEET and body[5] == 0:  # a worksheet, not a chart or a macro sheet
                self.starts.append(struct.unpack_from("<I", body)[0])
            elif number == FORMAT:
                self.codes[struct.unpack_from("<H", body)[0]] = _text(body[2:])
            elif number == XF:
                self.styles.append(struct.unpack_from("<H", body, 2)[0])

    def sheet(self, start: int) -> Extras:
        self.extras, depth = Extras(), 0
        for number, body in self.records(start):
            depth += (number == BOF) - (number == EOF)
            if depth == 0:
                break
            if depth == 1 and number in self.readers:  # deeper is a chart drawn in the sheet
                self.readers[number](body)
        return self.extras

    def row(self, body: bytes) -> None:
        if body[12] & 0x20:
            self.extras.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)

    def columns(self, body: bytes) -> None:
        first, last, _, _, flags = struct.unpack_from("<5H", body)
        if flags & 1:
            self.extras.hidden_columns.update(range(first + 1, min(last + 1, self.limits.columns) + 1))

    def formula(self, body: bytes) -> None:
        row, column, style = struct.unpack_from("<3H", body)
        place = self.formula_at = row + 1, column + 1
        self.extras.formulas[place] = "="
        if body[12:14] != b"\xff\xff":
            self.note_format(place, style)
        elif body[6] == 2:
            self.extras.values[place] = CellError(ERRORS.get(body[8], "#N/A"))

    def formula_text(self, body: bytes) -> None:
        if self.formula_at:
            self.extras.values[self.formula_at] = _text(body) or None

    def error(self, body: bytes) -> None:
        row, column, _, code, is_error = struct.unpack_from("<3HBB", body)
        if is_error:
            self.extras.values[row + 1, column + 1] = CellError(ERRORS.get(code, "#N/A"))

    def number(self, body: bytes) -> None:
        row, column, style = struct.unpack_from("<3H", body)
        self.note_format((row + 1, column + 1), style)

    def numbers(self, body: bytes) -> None:
        row, first = struct.unpack_from("<2H", body)
        for index, at in enumerate(range(4, len(body) - 2, 6)):
            self.note_format((row + 1, first + 1 + index), struct.unpack_from("<H", body, at)[0])

    def note_format(self, place: tuple[int, int], style: int) -> None:
        code = self.codes.get(self.styles[style], "") if style < len(self.styles) else ""
        if tells(code):
            self.extras.formats[place] = code


def _text(body: bytes) -> str:
    """Return a text that starts with its length and a flag for two bytes a character; one cut by its record is cut."""
    length, wide = struct.unpack_from("<HB", body)
    return body[3 : 3 + length * 2].decode("utf-16-le") if wide & 1 else body[3 : 3 + length].decode("latin-1")
