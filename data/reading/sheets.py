"""Which sheets of a workbook hold the table, and what is said about them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from data.cells import Sheet, Workbook, address
from data.errors import WorkbookRejected
from data.reading import headings
from data.reading.lines import Line, fits, headers, read_lines
from data.reading.notes import Note
from data.reading.target_sheet import is_target_sheet
from data.reading.titles import title_of, year_of

_SAMPLE = re.compile(r"样表|示例|样例|模板|填表说明|备份")


@dataclass(frozen=True)
class Page:
    """A sheet that holds the table, or a part of it."""

    sheet: Sheet
    lines: list[Line]
    title: str
    year: int | None


def pages_of(book: Workbook, year: int | None, notes: list[Note]) -> list[Page]:
    """Return the sheets with the table, in order; what was left out goes into ``notes``. Raises WorkbookRejected."""
    found = _tables(sheet for sheet in book.sheets if not is_target_sheet(sheet)) or _tables(book.sheets)
    if not found:
        raise _no_table(book)
    found = _visible(found, notes)
    found = _of_one_year(found, year, notes)
    samples = [page for page in found if _SAMPLE.search(page.sheet.name)]
    kept = [page for page in found if page not in samples] or found
    if len(kept) > 1:
        notes.append(Note("sheets_joined", kept[0].sheet.name, "", "、".join(page.sheet.name for page in kept)))
    for page in kept:
        _note_sheet(page, notes)
    return kept


def target_sheets(book: Workbook, pages: list[Page], notes: list[Note]) -> list[Sheet]:
    """Return the sheets beside the table that state targets; hidden ones are left out and go into ``notes``."""
    tables = {page.sheet.name for page in pages}
    found = [sheet for sheet in book.sheets if sheet.name not in tables and is_target_sheet(sheet)]
    for sheet in found:
        if sheet.hidden:
            notes.append(Note("hidden_target_sheet", sheet.name, "", sheet.name))
    return [sheet for sheet in found if not sheet.hidden and not _SAMPLE.search(sheet.name)]


def _tables(sheets: Iterable[Sheet]) -> list[Page]:
    return [page for page in _with_headers(sheets) if any(line.kind == "indicator" for line in page.lines)]


def _with_headers(sheets: Iterable[Sheet]) -> list[Page]:
    pages: list[Page] = []
    for sheet in sheets:
        found = headers(sheet)
        if not found and pages and fits(sheet, pages[-1].lines[-1].header):
            found = [headings.Header(0, 0, pages[-1].lines[-1].header.columns, {})]
        if found:
            title = title_of(sheet, found[0].first)
            pages.append(Page(sheet, read_lines(sheet, found), title, year_of(title) or year_of(sheet.name)))
            if not pages[-1].lines:
                pages.pop()
    return pages


def _visible(pages: list[Page], notes: list[Note]) -> list[Page]:
    visible = [page for page in pages if not page.sheet.hidden]
    for page in pages:
        if page.sheet.hidden:
            code = "hidden_sheet" if visible else "hidden_sheet_read"
            notes.append(Note(code, page.sheet.name, "", page.sheet.name))
    return visible or pages


def _of_one_year(pages: list[Page], year: int | None, notes: list[Note]) -> list[Page]:
    years = {page.year for page in pages if page.year}
    if len(years) < 2:
        return pages
    wanted = year if year in years else max(years)
    for page in pages:
        if page.year not in (None, wanted):
            notes.append(Note("other_year_sheet", page.sheet.name, "", page.sheet.name))
    return [page for page in pages if page.year in (None, wanted)]


def _note_sheet(page: Page, notes: list[Note]) -> None:
    sheet, header = page.sheet, page.lines[0].header
    rows = sorted(line.row for line in page.lines if line.row in sheet.hidden_rows)
    if rows:
        notes.append(Note("hidden_rows", sheet.name, f"A{rows[0]}", "、".join(f"第{row}行" for row in rows)))
    columns = sorted(column for column in header.columns.values() if column in sheet.hidden_columns)
    if columns:
        names = "、".join(f"{address(1, column)[:-1]}列" for column in columns)
        notes.append(Note("hidden_columns", sheet.name, address(max(header.first, 1), columns[0]), names))
    if header.unread:
        first = address(max(header.first, 1), min(header.unread))
        notes.append(Note("unread_columns", sheet.name, first, "、".join(header.unread.values())))


def _no_table(book: Workbook) -> WorkbookRejected:
    names = "、".join(sheet.name for sheet in book.sheets) or "无"
    texts = {value for sheet in book.sheets for row in sheet.rows for value in row[:60] if isinstance(value, str)}
    named = {headings.heading_field((text,)) for text in texts if len(text) <= 24}
    wanted = {"权重": {"weight"}, "二级指标": {"indicator", *headings.LEVELS}}
    missing = "”“".join(word for word, fields in wanted.items() if not named & fields)
    what = f"文件里找不到“{missing}”列" if missing else "找到了表头，下面没有一行指标"
    return WorkbookRejected(
        "no_table",
        f"没读出考评表：{what}。已看过{len(book.sheets)}个工作表（{names}）。"
        "表头里要有“二级指标”（或指标、目标任务）和“权重”（或分值），补上后再上传。现有数据没有变动。",
    )
