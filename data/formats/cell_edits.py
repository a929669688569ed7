"""Single cells written into an .xlsx: every byte of the package that is not theirs stays as it was.

    <row r="5"><c r="J5" s="7" t="s"><v>12</v></c><c r="K5" s="3"/></row>         found by expat, by its offsets
                                                  └─ replaced ──┘
    <row r="5"><c r="J5" s="7" t="s"><v>12</v></c><c r="K5" s="3" t="inlineStr"><is><t>已签约</t></is></c></row>

A library that opens a workbook and saves it again loses what it does not know: drawings, charts, controls, extensions.
"""

import io
import posixpath
import re
import zipfile
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from math import isfinite
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from data.cells import address
from data.formats.packing import packed
from data.formats.sheet_xml import COLUMN_NUMBERS, STRICT, TRANSITIONAL

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST = 32_767  # characters of a cell
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # a spreadsheet would read _x000D_ as a control character
_TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
_ENCODING = re.compile(rb"((?:\xef\xbb\xbf)?<\?xml[^>]*?)\sencoding=[\"']([^\"']+)[\"']")
_BEFORE_CALCULATION = ("sheets", "functionGroups", "externalReferences", "definedNames")


@dataclass(frozen=True)
class Formula:
    """A formula without its equals sign, and without a result: whoever opens the workbook calculates it."""

    text: str


Entry = str | float | Formula
Place = tuple[str, int, int]  # sheet, row, column; 1-based
Splice = tuple[int, int, bytes]  # from, to, what stands there from now on


@dataclass(frozen=True)
class NewSheet:
    """A sheet to add behind the others, as wide as the paper in print: rows of entries, columns' widths in characters."""

    name: str
    rows: tuple[tuple[Entry | None, ...], ...]
    widths: tuple[float, ...]


def edited(content: bytes, cells: Mapping[Place, Entry], added: NewSheet | None = None) -> bytes:
    """Return the .xlsx with entries in cells, whatever stood there; the same bytes for the same arguments.

    Cells keep their styles. A sheet of the added one's name gets a number behind it. ``content`` must have been read by
    ``data.read_workbook``, which refuses what is damaged. Raise KeyError for a sheet that the workbook does not have.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        package = _Package({entry.filename: archive.read(entry) for entry in archive.infolist()})
    by_sheet: dict[str, dict[tuple[int, int], Entry]] = defaultdict(dict)
    for (sheet, row, column), entry in cells.items():
        by_sheet[sheet][row, column] = entry
    for sheet, entries in by_sheet.items():
        package.write(sheet, entries)
    if added:
        package.add(added)
    if cells or added:
        package.calculate_on_opening()
    return packed(package.parts.items())


@dataclass(frozen=True)
class _Element:
    """An element where it stands: from ``start`` to ``end``, its content from ``inner`` to ``close``."""

    name: str
    prefix: str
    attributes: dict[str, str]
    start: int
    inner: int
    close: int
    end: int

    def appended(self, xml: bytes, markup: str) -> Splice:
        """Return what puts markup behind the element's content, also where it is written as one tag, <row/>."""
        if self.close < self.end:
            return self.close, self.close, markup.encode()
        opened = xml[self.start : self.inner].rstrip(b"/>").rstrip() + b">"
        return self.start, self.end, opened + markup.encode() + f"</{self.prefix}{self.name}>".encode()


def _elements(xml: bytes, names: set[str], found: Callable[[_Element], None]) -> None:
    """Hand over every element with one of these names, whatever its prefix, when it ends."""
    opened: list[tuple[dict[str, str], int, int]] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] in names:
            tag = _TAG.match(xml, parser.CurrentByteIndex)
            assert tag is not None  # expat has just read it
            opened.append((attributes, tag.start(), tag.end()))

    def end(name: str) -> None:
        prefix, colon, bare = name.rpartition(":")
        if bare in names:
            attributes, first, inner = opened.pop()
            close = last = inner
            if xml[inner - 2 : inner] != b"/>":
                close = parser.CurrentByteIndex
                last = xml.index(b">", close) + 1
            found(_Element(bare, prefix + colon, attributes, first, inner, close, last))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(xml, True)


def _all(xml: bytes, *names: str) -> list[_Element]:
    found: list[_Element] = []
    _elements(xml, set(names), found.append)
    return found


def _spliced(xml: bytes, splices: list[Splice]) -> bytes:
    """Return the text with stretches replaced; what is put at one place stays in the order given."""
    parts, at = [], 0
    for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
        parts += [xml[at:start], new]
        at = end
    return b"".join([*parts, xml[at:]])


class _Package:
    """The parts of a workbook while it is changed."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        types = _all(self.text("[Content_Types].xml"), "Override")
        mains = (each.attributes["PartName"] for each in types if ".main+xml" in each.attributes["ContentType"])
        self.main = self.real_name(next(mains, "/xl/workbook.xml"))
        self.folder, name = posixpath.split(self.main)
        self.relations = self.real_name(f"{self.folder}/_rels/{name}.rels")
        listed = _all(self.text(self.relations), "Relationship")
        self.related = {each.attributes["Id"]: each.attributes for each in listed}
        self.sheets = [each for each in _all(self.text(self.main), "sheet") if self.kind(each) == "worksheet"]

    def real_name(self, part: str) -> str:
        return next(name for name in self.parts if name.lower() == part.lstrip("/").lower())

    def text(self, part: str) -> bytes:
        """Return a part as UTF-8, the encoding in which it is spliced."""
        xml = self.parts[self.real_name(part)]
        declared = _ENCODING.match(xml)
        if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
            xml = xml.decode("utf-16").encode()
        elif declared and declared[2].lower() != b"utf-8":
            xml = xml.decode(declared[2].decode()).encode()
        else:
            return xml
        return _ENCODING.sub(rb"\1", xml, count=1)

    def relation(self, sheet: _Element) -> dict[str, str]:
        key = next((value for name, value in sheet.attributes.items() if name.endswith(":id")), "")
        return self.related.get(key, {})

    def kind(self, sheet: _Element) -> str:
        return self.relation(sheet).get("Type", "").rpartition("/")[2]

    def part_of(self, relation: dict[str, str]) -> str:
        return self.real_name(posixpath.normpath(posixpath.join("/", self.folder, relation["Target"])))

    def write(self, name: str, entries: dict[tuple[int, int], Entry]) -> None:
        """Write cells of a worksheet."""
        listed = {sheet.attributes["name"]: sheet for sheet in self.sheets}
        part = self.part_of(self.relation(listed[name]))
        xml = self.text(part)
        self.parts[part] = _spliced(xml, _Cells(xml, entries, self.quoted).splices)

    def add(self, sheet: NewSheet) -> None:
        """Add a worksheet behind the others."""
        relation = self.relation(self.sheets[0])
        folder = posixpath.dirname(self.part_of(relation))
        part = next(name for number in count(1) if (name := f"{folder}/added{number}.xml") not in self.parts)
        key = next(name for number in count(1) if (name := f"rIdAdded{number}") not in self.related)
        space = STRICT if relation["Type"].startswith("http://purl.oclc.org/") else TRANSITIONAL
        self.parts[part] = _sheet_xml(sheet, space, self.quoted)
        number = 1 + max(int(each.attributes["sheetId"]) for each in _all(self.text(self.main), "sheet"))
        related = f'xmlns:r="{relation["Type"].rpartition("/")[0]}" r:id="{key}"'
        listing = f'sheet name={quoteattr(self.free_name(sheet.name))} sheetId="{number}" {related}/>'
        self.append(self.main, "sheets", listing)
        self.append(
            self.relations, "Relationships", f'Relationship Id="{key}" Type="{relation["Type"]}" Target="/{part}"/>'
        )
        self.append("[Content_Types].xml", "Types", f'Override PartName="/{part}" ContentType="{SHEET_TYPE}"/>')

    def free_name(self, wanted: str) -> str:
        taken = {each.attributes["name"].lower() for each in _all(self.text(self.main), "sheet")}
        names = (f"{wanted}{number if number > 1 else ''}" for number in count(1))
        return next(name for name in names if name.lower() not in taken)

    def append(self, part: str, name: str, tag: str) -> None:
        """Append a tag, without its opening, to the part's element of a name; it takes that element's prefix."""
        xml = self.text(part)
        (element,) = _all(xml, name)
        self.parts[self.real_name(part)] = _spliced(xml, [element.appended(xml, f"<{element.prefix}{tag}")])

    def calculate_on_opening(self) -> None:
        """Say that the results kept in the workbook are not to be believed."""
        xml = self.text(self.main)
        settings = _all(xml, "calcPr")
        if settings:
            tag = re.sub(rb"\sfullCalcOnLoad=[\"'][^\"']*[\"']", b"", xml[settings[0].start : settings[0].inner])
            new = re.sub(rb"(?=\s*/?>$)", b' fullCalcOnLoad="1"', tag, count=1)
            splice = (settings[0].start, settings[0].inner, new)
        else:
            last = max(_all(xml, *_BEFORE_CALCULATION), key=lambda element: element.end)
            splice = (last.end, last.end, f'<{last.prefix}calcPr fullCalcOnLoad="1"/>'.encode())
        self.parts[self.main] = _spliced(xml, [splice])

    def quoted(self, style: int) -> int:
        """Return a style like another that keeps a text a text, also after somebody edits the cell."""
        styles = next((each for each in self.related.values() if each["Type"].endswith("/styles")), None)
        if styles is None:
            return style
        part = self.part_of(styles)
        xml = self.text(part)
        (formats,) = _all(xml, "cellXfs")
        known = [each for each in _all(xml, "xf") if formats.inner <= each.start < formats.close]
        tags = [xml[each.start : each.end] for each in known]
        opened = re.sub(rb"\squotePrefix=[\"'][^\"']*[\"']", b"", tags[style])
        new = re.sub(rb"^(<[\w:]+)", rb'\1 quotePrefix="1"', opened)
        if new in tags:
            return tags.index(new)
        counted = re.sub(rb"\scount=[\"']\d+[\"']", b"", xml[formats.start : formats.inner])
        counted = re.sub(rb"^(<[\w:]+)", rf'\1 count="{len(tags) + 1}"'.encode(), counted)
        splices = [(formats.start, formats.inner, counted), (formats.close, formats.close, new)]
        self.parts[part] = _spliced(xml, splices)
        return len(tags)


Quoted = Callable[[int], int]


@dataclass
class _Row:
    cells: list[_Element] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)


class _Cells:
    """The splices that write entries into a sheet's cells; cells and rows need not say where they stand."""

    def __init__(self, xml: bytes, entries: dict[tuple[int, int], Entry], quoted: Quoted) -> None:
        self.xml, self.quoted = xml, quoted
        self.wanted: dict[int, dict[int, Entry]] = defaultdict(dict)
        for (row, column), entry in entries.items():
            self.wanted[row][column] = entry
        self.splices: list[Splice] = []
        self.number = 0
        self.row = _Row()
        _elements(xml, {"row", "c", "sheetData"}, self.take)

    def take(self, element: _Element) -> None:
        if element.name == "c":
            letters = element.attributes.get("r", "").rstrip("0123456789")
            self.row.columns.append(COLUMN_NUMBERS[letters] if letters else (self.row.columns or [0])[-1] + 1)
            self.row.cells.append(element)
        elif element.name == "row":
            self.number = int(element.attributes.get("r", self.number + 1))
            self.end_row(element, self.wanted.pop(self.number, {}))
            self.row = _Row()
        elif self.wanted:
            raise ValueError(f"no rows {sorted(self.wanted)}")

    def end_row(self, element: _Element, entries: dict[int, Entry]) -> None:
        behind = ""
        for column, entry in sorted(entries.items()):
            at = bisect_left(self.row.columns, column)
            cell = self.row.cells[at] if at < len(self.row.cells) else None
            if cell and self.row.columns[at] == column:
                style = int(cell.attributes.get("s", 0))
                self.splices.append((cell.start, cell.end, self.cell(column, style, entry, element.prefix).encode()))
                continue
            style = int(element.attributes.get("s", 0))
            new = self.cell(column, style, entry, element.prefix)
            if cell:
                self.splices.append((cell.start, cell.start, new.encode()))
            else:
                behind += new
        if behind:
            self.splices.append(element.appended(self.xml, behind))

    def cell(self, column: int, style: int, entry: Entry, prefix: str) -> str:
        return _cell(address(self.number, column), style, entry, prefix, self.quoted)


def _cell(reference: str, style: int, entry: Entry, prefix: str, quoted: Quoted) -> str:
    """Return a cell's markup; a text stays a text, whatever it begins with."""
    if isinstance(entry, str) and entry.startswith(FORMULA_STARTS):
        style = quoted(style)
    head = f'{prefix}c r="{reference}"' + (f' s="{style}"' if style else "")
    if isinstance(entry, Formula):
        return f"<{head}><{prefix}f>{escape(entry.text)}</{prefix}f></{prefix}c>"
    if isinstance(entry, str):
        text = f'<{prefix}t xml:space="preserve">{escape(_writable(entry))}</{prefix}t>'
        return f'<{head} t="inlineStr"><{prefix}is>{text}</{prefix}is></{prefix}c>'
    if not isfinite(entry):
        raise ValueError(entry)
    return f"<{head}><{prefix}v>{entry!r}</{prefix}v></{prefix}c>"


def _writable(text: str) -> str:
    return _ESCAPE_LIKE.sub("_x005F_", _UNWRITABLE.sub("\ufffd", text))[:LONGEST]


def _sheet_xml(sheet: NewSheet, space: str, quoted: Quoted) -> bytes:
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width:g}" customWidth="1"/>'
        for number, width in enumerate(sheet.widths, start=1)
    )
    rows = []
    for number, entries in enumerate(sheet.rows, start=1):
        cells = (
            _cell(address(number, column), 0, entry, "", quoted)
            for column, entry in enumerate(entries, start=1)
            if entry is not None
        )
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    fit = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    paper = '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    body = f"{fit}<cols>{widths}</cols><sheetData>{''.join(rows)}</sheetData>{paper}"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{space}">{body}</worksheet>'.encode()
