"""Read an .xlsx: one pass for the outline of each sheet, then the values by calamine."""

import posixpath
import zipfile
from dataclasses import dataclass
from typing import Any

from data.cells import CellError, Sheet, Workbook, address
from data.formats.container import Package, parse_xml, read_part
from data.formats.flat import calamine_rows, open_calamine, overlay
from data.formats.merges import clear_covered
from data.formats.number_formats import codes_by_style
from data.formats.refusals import refused
from data.formats.sheet_xml import Outline, outline_of
from data.limits import Limits


@dataclass(frozen=True)
class Listed:
    """A worksheet as the workbook lists it."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Contents:
    """What a workbook holds: its worksheets, and the part with the cells' styles, "" without one."""

    sheets: list[Listed]
    styles: str


def read(content: bytes, package: Package, limits: Limits) -> Workbook:
    """Return the workbook's sheets in their order. Raises WorkbookRejected."""
    contents = _contents(package.archive, limits)
    codes = _number_formats(package.archive, contents.styles, limits)
    outlines = []
    for sheet in contents.sheets:
        with package.archive.open(sheet.part) as part:
            outlines.append(outline_of(part, sheet.name, codes, limits))
    _check_area(contents.sheets, outlines, limits)
    book = open_calamine(content)
    return Workbook("xlsx", tuple(_sheet(book, *pair) for pair in zip(contents.sheets, outlines, strict=True)))


def _contents(archive: zipfile.ZipFile, limits: Limits) -> Contents:
    types = parse_xml(read_part(archive, "[Content_Types].xml", limits), "文件目录")
    mains = [e.get("PartName", "") for e in types if ".main+xml" in e.get("ContentType", "")]
    main = next((name.lstrip("/") for name in mains if name), "xl/workbook.xml")
    folder, name = posixpath.split(main)
    relations = parse_xml(read_part(archive, f"{folder}/_rels/{name}.rels".lstrip("/"), limits), "工作表目录")

    def targets(kind: str) -> dict[str | None, str]:
        found = (each for each in relations if each.get("Type", "").endswith(f"/{kind}") and each.get("Target"))
        return {each.get("Id"): _part(folder, each.get("Target", "")) for each in found}

    worksheets = targets("worksheet")
    listed = []
    for element in parse_xml(read_part(archive, main, limits), "工作簿").iter():
        target = worksheets.get(next((v for k, v in element.attrib.items() if k.endswith("}id")), None))
        if element.tag.endswith("}sheet") and target:
            hidden = element.get("state", "visible") != "visible"
            listed.append(Listed(element.get("name", ""), _real_name(archive, target), hidden))
    if not listed:
        raise refused("no_sheet")
    return Contents(listed, next(iter(targets("styles").values()), ""))


def _part(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")


def _real_name(archive: zipfile.ZipFile, part: str) -> str:
    found = {name.lower(): name for name in archive.namelist()}.get(part.lower())
    if found is None:
        raise refused("damaged", where=f"部件“{part}”")
    return found


def _number_formats(archive: zipfile.ZipFile, part: str, limits: Limits) -> dict[str, str]:
    if part.lower() not in map(str.lower, archive.namelist()):
        return {}
    return codes_by_style(parse_xml(read_part(archive, part, limits), "单元格样式"))


def _check_area(listed: list[Listed], outlines: list[Outline], limits: Limits) -> None:
    total = 0
    for sheet, outline in zip(listed, outlines, strict=True):
        total += outline.area
        if total > limits.cells:
            corner = address(outline.rows, outline.columns)
            raise refused("cells", sheet=sheet.name, cell=corner, limit=limits.cells // 10_000)


def _sheet(book: Any, listed: Listed, outline: Outline) -> Sheet:
    rows = calamine_rows(book, listed.name)
    overlay(rows, {place: CellError(error) for place, error in outline.errors.items()})
    clear_covered(rows, outline.merges)
    return Sheet(
        name=listed.name,
        rows=rows,
        merges=outline.merges,
        formulas=outline.formulas,
        formats=outline.formats,
        hidden_rows=frozenset(outline.hidden_rows),
        hidden_columns=frozenset(outline.hidden_columns),
        hidden=listed.hidden,
    )
