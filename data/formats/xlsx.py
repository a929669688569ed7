"""Read an .xlsx: one pass for the outline, then the values, by openpyxl with number formats or by calamine in bulk."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.utils.datetime import from_excel

from data.cells import CellError, Sheet, Value, Workbook, address
from data.formats.container import Package, parse_xml, read_part
from data.formats.flat import calamine_rows, open_calamine, overlay
from data.formats.merges import clear_covered
from data.formats.number_formats import BUILT_IN_CHINESE
from data.formats.refusals import refused
from data.formats.sheet_xml import Outline, outline_of
from data.formats.wire import Positions, plain
from data.limits import Limits

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Listed:
    """A worksheet as the workbook lists it."""

    name: str
    part: str
    hidden: bool


def read(content: bytes, package: Package, limits: Limits) -> Workbook:
    """Return the workbook's sheets in their order. Raises WorkbookRejected."""
    listed = _list_sheets(package.archive, limits)
    outlines = []
    for sheet in listed:
        with package.archive.open(sheet.part) as part:
            outlines.append(outline_of(part, sheet.name, limits))
    _check_area(listed, outlines, limits)
    sheets = None
    if package.tags <= limits.careful_tags and not any(outline.strict for outline in outlines):
        sheets = _with_formats(content, listed, outlines)
    return Workbook("xlsx", sheets or _in_bulk(content, listed, outlines))


def _list_sheets(archive: zipfile.ZipFile, limits: Limits) -> list[Listed]:
    types = parse_xml(read_part(archive, "[Content_Types].xml", limits), "文件目录")
    mains = [e.get("PartName", "") for e in types if ".main+xml" in e.get("ContentType", "")]
    main = next((name.lstrip("/") for name in mains if name), "xl/workbook.xml")
    folder, name = posixpath.split(main)
    relations = parse_xml(read_part(archive, f"{folder}/_rels/{name}.rels".lstrip("/"), limits), "工作表目录")
    targets = {e.get("Id"): e.get("Target", "") for e in relations if e.get("Type", "").endswith("/worksheet")}
    listed = []
    for element in parse_xml(read_part(archive, main, limits), "工作簿").iter():
        target = targets.get(next((v for k, v in element.attrib.items() if k.endswith("}id")), None))
        if element.tag.endswith("}sheet") and target:
            part = _real_name(archive, posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/"))
            listed.append(Listed(element.get("name", ""), part, element.get("state", "visible") != "visible"))
    if not listed:
        raise refused("no_sheet")
    return listed


def _real_name(archive: zipfile.ZipFile, part: str) -> str:
    found = {name.lower(): name for name in archive.namelist()}.get(part.lower())
    if found is None:
        raise refused("damaged", where=f"部件“{part}”")
    return found


def _check_area(listed: list[Listed], outlines: list[Outline], limits: Limits) -> None:
    total = 0
    for sheet, outline in zip(listed, outlines, strict=True):
        total += outline.area
        if total > limits.cells:
            corner = address(outline.rows, outline.columns)
            raise refused("cells", sheet=sheet.name, cell=corner, limit=limits.cells // 10_000)


def _sheet(listed: Listed, outline: Outline, rows: list[list[Value]], formats: Positions) -> Sheet:
    clear_covered(rows, outline.merges)
    return Sheet(
        name=listed.name,
        rows=rows,
        merges=outline.merges,
        formulas=outline.formulas,
        formats=formats,
        hidden_rows=frozenset(outline.hidden_rows),
        hidden_columns=frozenset(outline.hidden_columns),
        hidden=listed.hidden,
    )


def _with_formats(content: bytes, listed: list[Listed], outlines: list[Outline]) -> tuple[Sheet, ...] | None:
    """Return the sheets with number formats, None where openpyxl cannot read what Excel may well can."""
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = []
        for entry, outline in zip(listed, outlines, strict=True):
            formats: Positions = {}
            rows = list(_rows(book[entry.name], outline, formats))
            sheets.append(_sheet(entry, outline, rows, formats))
        return tuple(sheets)
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, SyntaxError):
        return None  # the other parser decides; a file both fail at is refused there


def _rows(sheet: Any, outline: Outline, formats: Positions) -> Iterator[list[Value]]:
    if not outline.area:
        return
    cells = sheet.iter_rows(min_row=1, max_row=outline.rows, min_col=1, max_col=outline.columns)
    for number, row in enumerate(islice(cells, outline.rows), start=1):
        yield [None if c.value is None else _value(c, number, sheet.parent.epoch, formats) for c in row]


def _value(cell: Any, row: int, epoch: Any, formats: Positions) -> Value:
    """Return a cell's value and note its number format, if it has one and holds a number or a date."""
    value = cell.value
    if cell.data_type == "e":
        return CellError(value)
    if isinstance(value, str):
        return ESCAPED.sub(_unescape, value) or None
    if cell.data_type == "b":
        return bool(value)
    number = cell.style_array.numFmtId
    code = BUILT_IN_CHINESE.get(number) or cell.number_format
    if code != "General":
        formats[row, cell.column] = code
    if number in BUILT_IN_CHINESE and isinstance(value, int | float):
        value = _chinese_date(value, epoch)
    return plain(value)


def _chinese_date(serial: float, epoch: Any) -> object:
    try:
        return from_excel(serial, epoch)
    except (OverflowError, ValueError):
        return serial


def _unescape(match: re.Match[str]) -> str:
    """Undo how a spreadsheet writes control characters, such as _x000D_; half a surrogate pair is no character."""
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code < 0xE000 else chr(code)


def _in_bulk(content: bytes, listed: list[Listed], outlines: list[Outline]) -> tuple[Sheet, ...]:
    book = open_calamine(content)
    sheets = []
    for entry, outline in zip(listed, outlines, strict=True):
        rows = calamine_rows(book, entry.name)
        overlay(rows, {place: CellError(error) for place, error in outline.errors.items()})
        sheets.append(_sheet(entry, outline, rows, {}))
    return tuple(sheets)
