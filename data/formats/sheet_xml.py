"""One pass over a sheet's XML: how far its values reach, merged ranges, formulas, errors, formats and what is hidden.

It holds no values and allocates by what is there, never by what a coordinate claims; so it bounds a sheet before a
parser that would allocate the whole rectangle sees it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError

from data.cells import Range, address
from data.formats.merges import within_content
from data.formats.refusals import refused
from data.formats.wire import Positions
from data.limits import Limits

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
NUMERIC = ("n", "d")  # types of cells that a number format shows: numbers, and dates written out
MALFORMED = (expat.ExpatError, ValueError, KeyError, LookupError)
Attributes = dict[str, str]


@dataclass
class Outline:
    """What a sheet holds besides its values. ``rows`` and ``columns`` reach to the last cell with any content."""

    rows: int = 0
    columns: int = 0
    merges: tuple[Range, ...] = ()
    formulas: Positions = field(default_factory=dict)
    errors: Positions = field(default_factory=dict)
    formats: Positions = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    @property
    def area(self) -> int:
        """Return the number of cells from A1 to the last one with content."""
        return self.rows * self.columns


class ColumnNumbers(dict[str, int]):
    """Column numbers by letters, worked out once for each."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter) + 1
        if not 0 < number <= 16384:
            raise ValueError(letters)
        self[letters] = number
        return number


COLUMN_NUMBERS = ColumnNumbers()


def position(reference: str) -> tuple[int, int]:
    """Return row and column of a reference like F12. Raises ValueError."""
    letters = reference.replace("$", "").rstrip("0123456789")
    return int(reference.replace("$", "")[len(letters) :]), COLUMN_NUMBERS[letters]


def area_of(reference: str) -> Range:
    """Return the range of a reference like A1:B2, its corners in order. Raises ValueError."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = position(first), position(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


class _Scanner:
    """Handlers for expat. A cell counts as soon as it has a value, an inline text or a formula; a style is nothing."""

    def __init__(self, sheet: str, codes: Mapping[str, str], limits: Limits) -> None:
        self.sheet, self.codes, self.limits, self.outline = sheet, codes, limits, Outline()
        self.row = self.column = 0
        self.cell_type, self.style = "n", ""
        self.text: list[str] = []
        self.merges: list[Range] = []
        self.shared: dict[str, Translator] = {}
        self.formula: Attributes = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.StartDoctypeDeclHandler = self.doctype
        handlers: dict[str, Callable[[Attributes], None]] = {
            "c": self.cell,
            "v": self.value,
            "f": self.start_formula,
            "is": self.content,
            "row": self.start_row,
            "col": self.columns,
            "mergeCell": self.merge,
        }
        self.handlers = {f"{space} {tag}": do for space in (TRANSITIONAL, STRICT) for tag, do in handlers.items()}

    def start(self, name: str, attributes: Attributes) -> None:
        handler = self.handlers.get(name)
        if handler is not None:
            handler(attributes)

    def doctype(self, *_: object) -> None:
        raise refused("dtd", part=self.sheet)

    def start_row(self, attributes: Attributes) -> None:
        number = int(attributes["r"]) if "r" in attributes else self.row + 1
        if number <= self.row:
            raise ValueError("rows out of order")
        self.row, self.column = number, 0
        if attributes.get("hidden") in ("1", "true"):
            self.outline.hidden_rows.add(number)

    def cell(self, attributes: Attributes) -> None:
        self.cell_type, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        letters = attributes.get("r", "").rstrip("0123456789")
        self.column = COLUMN_NUMBERS[letters] if letters else self.column + 1

    def content(self, _: Attributes) -> None:
        if self.row > self.outline.rows or self.column > self.outline.columns:
            self.extend()

    def extend(self) -> None:
        limits, outline = self.limits, self.outline
        if self.row > limits.rows or self.column > limits.columns:
            cell = address(self.row, self.column)
            raise refused("far_cell", sheet=self.sheet, cell=cell, rows=limits.rows, columns=limits.columns)
        outline.rows, outline.columns = max(outline.rows, self.row), max(outline.columns, self.column)

    def value(self, attributes: Attributes) -> None:
        self.content(attributes)
        if self.cell_type == "e":
            self.collect(self.end_error)
        elif self.style in self.codes and self.cell_type in NUMERIC:
            self.outline.formats[self.row, self.column] = self.codes[self.style]

    def start_formula(self, attributes: Attributes) -> None:
        self.content(attributes)
        self.formula = attributes
        self.collect(self.end_formula)

    def collect(self, end: Callable[[str], None]) -> None:
        """Gather the text of the element just opened and hand over to ``end`` when it closes."""
        self.text = []
        self.parser.CharacterDataHandler = self.text.append
        self.parser.EndElementHandler = end

    def release(self) -> str:
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None
        return "".join(self.text)

    def end_error(self, _: str) -> None:
        self.outline.errors[self.row, self.column] = self.release()

    def end_formula(self, _: str) -> None:
        text, shared = "=" + self.release(), self.formula.get("si")
        if self.formula.get("t") == "shared" and shared is not None:
            text = self.shared_formula(text, shared)
        self.outline.formulas[self.row, self.column] = text

    def shared_formula(self, text: str, index: str) -> str:
        """Write out a formula that a fill-down stored once; where that fails it is still a formula, "="."""
        here = address(self.row, self.column)
        try:
            if text != "=":
                self.shared[index] = Translator(text, here)
            elif index in self.shared:
                return str(self.shared[index].translate_formula(here))
        except (TranslatorError, TokenizerError, IndexError, ValueError):
            self.shared.pop(index, None)
        return text

    def columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.outline.hidden_columns.update(range(first, min(last, self.limits.columns) + 1))

    def merge(self, attributes: Attributes) -> None:
        if len(self.merges) == self.limits.merges:
            raise refused("merges", sheet=self.sheet, limit=self.limits.merges)
        self.merges.append(area_of(attributes["ref"]))


def outline_of(part: IO[bytes], sheet: str, codes: Mapping[str, str], limits: Limits) -> Outline:
    """Return a sheet's outline, cut to where it holds content. Raises WorkbookRejected.

    ``codes`` has the number format of each cell style whose format tells, by the style's index.
    """
    scanner = _Scanner(sheet, codes, limits)
    try:
        while chunk := part.read(2**18):
            scanner.parser.Parse(chunk)
        scanner.parser.Parse(b"", True)
    except MALFORMED as error:
        raise refused("damaged", where=f"工作表“{sheet}”") from error
    return _within_content(scanner, sheet, limits)


def _within_content(scanner: _Scanner, sheet: str, limits: Limits) -> Outline:
    """Cut merged ranges and hidden lines to the rows and columns that hold content."""
    outline = scanner.outline
    outline.merges = within_content(scanner.merges, outline.rows, outline.columns, sheet, limits)
    outline.hidden_rows = {row for row in outline.hidden_rows if row <= outline.rows}
    outline.hidden_columns = {column for column in outline.hidden_columns if column <= outline.columns}
    return outline
