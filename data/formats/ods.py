"""Read an .ods: one streaming pass over content.xml, where a repeated blank costs nothing however far it is said to go.

No parser at hand gives an .ods file's merged ranges and hidden rows, without which the official form cannot be read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from xml.parsers import expat

from data.cells import CellError, Range, Sheet, Value, Workbook, address
from data.formats.container import Package
from data.formats.merges import clear_covered, within_content
from data.formats.refusals import refused
from data.formats.wire import Positions, plain
from data.limits import Limits

SPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
# What stands inside a sheet and is none of its cells: comments, drawings, the history of changes, others' sheets.
ASIDE = {"office:annotation", "draw:frame", "draw:custom-shape", "table:shapes", "table:tracked-changes"}
ERRORS = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:\d+")
DURATION = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.ASCII)
REFERENCE = re.compile(r"\[([^\]]*)\]")
QUOTED = re.compile(r'("[^"]*")')
LONGEST_GAP = 1000  # spaces that one text:s may stand for
Attributes = dict[str, str]


@dataclass
class _Table:
    """A sheet in the making; ``row`` and ``column`` count what has been passed."""

    name: str
    hidden: bool
    rows: list[list[Value]] = field(default_factory=list)
    merges: list[Range] = field(default_factory=list)
    formulas: Positions = field(default_factory=dict)
    formats: Positions = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    row: int = 0
    column: int = 0
    columns_defined: int = 0
    width: int = 0
    line: list[Value] = field(default_factory=list)


def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{SPACES.get(space, space)}:{local}"


def _repeat(attributes: Attributes, what: str) -> int:
    return max(1, int(attributes.get(f"table:number-{what}", "1")))


class _Scanner:
    """Handlers for expat: sheets, rows and cells as they open and close."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.tables: list[_Table] = []
        self.area = 0
        self.aside = self.depth = 0
        self.invisible: set[str] = set()
        self.style = ""
        self.attributes: Attributes = {}
        self.row_attributes: Attributes = {}
        self.paragraphs: list[list[str]] = []
        self.in_paragraph = False
        self.opening: dict[str, Callable[[Attributes], None]] = {
            "style:style": self.start_style,
            "style:table-properties": self.table_properties,
            "table:table": self.start_table,
            "table:table-column": self.columns,
            "table:table-row": self.start_row,
            "table:table-cell": self.start_cell,
            "table:covered-table-cell": self.start_cell,
            "text:p": self.start_paragraph,
            "text:s": self.spaces,
            "text:tab": lambda _: self.text("\t"),
            "text:line-break": lambda _: self.add("\n"),
        }
        self.closing: dict[str, Callable[[], None]] = {
            "table:table-row": self.end_row,
            "table:table-cell": self.end_cell,
            "table:covered-table-cell": self.end_covered,
            "text:p": self.end_paragraph,
        }

    def parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self.doctype
        return parser

    def doctype(self, *_: object) -> None:
        raise refused("dtd", part="content.xml")

    def start(self, name: str, attributes: Attributes) -> None:
        short = _short(name)
        self.depth += 1
        if not self.aside and short in ASIDE:
            self.aside = self.depth
        handler = self.opening.get(short)
        if handler and not self.aside:
            handler({_short(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        handler = self.closing.get(_short(name))
        if handler and not self.aside:
            handler()
        if self.aside == self.depth:
            self.aside = 0
        self.depth -= 1

    @property
    def table(self) -> _Table:
        if not self.tables:
            raise ValueError("cells outside of a sheet")
        return self.tables[-1]

    def start_style(self, attributes: Attributes) -> None:
        self.style = attributes.get("style:name", "")

    def table_properties(self, attributes: Attributes) -> None:
        if attributes.get("table:display") == "false":
            self.invisible.add(self.style)

    def start_table(self, attributes: Attributes) -> None:
        hidden = attributes.get("table:style-name") in self.invisible
        self.area += len(self.tables[-1].rows) * self.tables[-1].width if self.tables else 0
        self.tables.append(_Table(attributes.get("table:name", ""), hidden))

    def columns(self, attributes: Attributes) -> None:
        table, count = self.table, _repeat(attributes, "columns-repeated")
        first = table.columns_defined + 1
        table.columns_defined += count
        if attributes.get("table:visibility", "visible") != "visible":
            table.hidden_columns.update(range(first, min(table.columns_defined, self.limits.columns) + 1))

    def start_row(self, attributes: Attributes) -> None:
        self.table.line, self.table.column = [], 0
        self.row_attributes = attributes

    def end_row(self) -> None:
        table, count = self.table, _repeat(self.row_attributes, "rows-repeated")
        first = table.row + 1
        table.row += count
        if self.row_attributes.get("table:visibility", "visible") != "visible":
            table.hidden_rows.update(range(first, min(table.row, self.limits.rows) + 1))
        if table.line:
            self.check_reach(table.row, len(table.line))
            table.rows += [[]] * (first - 1 - len(table.rows))
            table.rows += [list(table.line) for _ in range(count)]

    def check_reach(self, row: int, width: int) -> None:
        """Refuse what lies too far out, before it is spread."""
        table, limits = self.table, self.limits
        table.width = max(table.width, width)
        cell = address(min(row, 2**20), min(width, 2**14))
        if row > limits.rows or width > limits.columns:
            raise refused("far_cell", sheet=table.name, cell=cell, rows=limits.rows, columns=limits.columns)
        if self.area + row * table.width > limits.cells:
            raise refused("cells", sheet=table.name, cell=cell, limit=limits.cells // 10_000)

    def start_cell(self, attributes: Attributes) -> None:
        self.attributes, self.paragraphs = attributes, []

    def end_cell(self) -> None:
        table, attributes = self.table, self.attributes
        count, value = _repeat(attributes, "columns-repeated"), _value(attributes, self.paragraphs)
        first = table.column + 1
        table.column += count
        if "table:formula" in attributes:
            table.formulas[table.row + 1, first] = _formula(attributes["table:formula"])
        if value is not None or "table:formula" in attributes:
            self.check_reach(table.row + 1, table.column)
            table.line += [None] * (first - 1 - len(table.line)) + [value] * count
            if attributes.get("office:value-type") == "percentage":
                table.formats |= {(table.row + 1, column): "0%" for column in range(first, table.column + 1)}
        self.note_merge(first)

    def note_merge(self, column: int) -> None:
        table, top = self.table, self.table.row + 1
        height, width = (_repeat(self.attributes, f"{kind}-spanned") for kind in ("rows", "columns"))
        if height * width > 1:
            if len(table.merges) == self.limits.merges:
                raise refused("merges", sheet=table.name, limit=self.limits.merges)
            table.merges.append((top, column, top + height - 1, column + width - 1))

    def end_covered(self) -> None:
        self.table.column += _repeat(self.attributes, "columns-repeated")

    def start_paragraph(self, _: Attributes) -> None:
        self.paragraphs.append([])
        self.in_paragraph = True

    def end_paragraph(self) -> None:
        self.in_paragraph = False

    def spaces(self, attributes: Attributes) -> None:
        self.add(" " * min(int(attributes.get("text:c", "1")), LONGEST_GAP))

    def text(self, text: str) -> None:
        self.add(text.replace("\n", " "))

    def add(self, text: str) -> None:
        if self.in_paragraph and not self.aside:
            self.paragraphs[-1].append(text)


def _value(attributes: Attributes, paragraphs: list[list[str]]) -> Value:
    """Return a cell's value by its declared type, its text where it declares none or what does not fit."""
    text = "\n".join("".join(parts) for parts in paragraphs)
    kind = attributes.get("office:value-type", "")
    if attributes.get("calcext:value-type") == "error" or ("table:formula" in attributes and ERRORS.fullmatch(text)):
        return CellError(text)
    try:
        match kind:
            case "float" | "percentage" | "currency":
                return plain(float(attributes["office:value"]))
            case "boolean":
                return attributes["office:boolean-value"] == "true"
            case "date":
                return _date(attributes["office:date-value"])
            case "time":
                return _time(attributes["office:time-value"])
    except (KeyError, ValueError, OverflowError):
        pass
    return text or attributes.get("office:string-value") or None


def _date(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _time(text: str) -> Value:
    """Return a time of day, or days where the length is not one."""
    match = DURATION.fullmatch(text)
    if not match:
        raise ValueError(text)
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups()[1:])
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if match[1] or length >= timedelta(days=1):
        return plain(-length if match[1] else length)
    return (datetime.min + length).time()


def _formula(text: str) -> str:
    """Return of:=AVERAGE([.C3:.E3];[.G3]) as the other formats have it: =AVERAGE(C3:E3,G3)."""
    body = text[text.find("=") + 1 :]
    pieces = QUOTED.split(body)
    pieces[::2] = [REFERENCE.sub(_reference, piece).replace(";", ",") for piece in pieces[::2]]
    return "=" + "".join(pieces)


def _reference(match: re.Match[str]) -> str:
    ends = [end.rpartition(".") for end in match[1].split(":")]
    return ":".join(f"{sheet.lstrip('$')}!{cell}" if sheet else cell for sheet, _, cell in ends)


def read(package: Package, limits: Limits) -> Workbook:
    """Return the workbook's sheets in their order. Raises WorkbookRejected."""
    scanner = _Scanner(limits)
    parser = scanner.parser()
    try:
        with package.archive.open("content.xml") as part:
            while chunk := part.read(2**18):
                parser.Parse(chunk)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise refused("damaged", where="content.xml") from error
    tables = [table for table in scanner.tables if not table.name.startswith("'file:")]  # what others' files last said
    if not tables:
        raise refused("no_sheet")
    return Workbook("ods", tuple(_sheet(table, limits) for table in tables))


def _sheet(table: _Table, limits: Limits) -> Sheet:
    height, width = len(table.rows), table.width
    merges = within_content(table.merges, height, width, table.name, limits)
    clear_covered(table.rows, merges)
    return Sheet(
        name=table.name,
        rows=table.rows,
        merges=merges,
        formulas=table.formulas,
        formats=table.formats,
        hidden_rows=frozenset(row for row in table.hidden_rows if row <= height),
        hidden_columns=frozenset(column for column in table.hidden_columns if column <= width),
        hidden=table.hidden,
    )
