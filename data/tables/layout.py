"""The official form: an evaluation table written as the bureau's own workbook looks.

    ┌──────────────────── 2025年度…绩效目标考评表 ───────────────────────────────────────────┐
    │ 参评单位（盖章）：…                                                                     │
    │ 项目 │ 序号 │ 文件依据 │ 一级指标 │ 二级指标 │ 权重 │ … │ 集中考评组打分      │ 考评结果 │
    │      │      │          │          │          │      │   │ 1 │ 2 │ … │ 6 │ 7   │          │
    ├──────┼──────┼──────────┼──────────┼──────────┼──────┼───┼─────────────────────┼──────────┤
    │ 重点 │1-1-1 │ merged   │ merged   │ …        │ 2    │   │                     │=AVERAGE()│
    │      │1-1-2 │ downwards│ downwards│ …        │ 3    │   │                     │=AVERAGE()│
    │ 小计                                       │=SUM()│   │                     │=SUM()    │
    └ 绩效目标考评得分 … signatures ─────────────────────────────────────────────────────────┘

Nothing here knows which unit it writes: the lines are plain values. A text of ``ABOVE`` joins the cell above it.
"""

import io
import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from data.formats.packing import packed, unpacked

Value = str | float | int | date | None

ABOVE = None
SEATS = 7
SHEET = "考评表"
HEADER_ROWS = 2
FIRST_HEADER = 3  # below the title and the unit

POINT_TEXT = 9
LINE_HEIGHT = 13.5  # points, for 9 pt 宋体 and the wider fonts that stand in for it
NARROWEST = 16.0  # characters; a column of prose
MAX_HEIGHT = 405.0  # Excel allows 409


@dataclass(frozen=True)
class Column:
    """A column of the form: the line's field, the heading over it, its width in characters of Excel."""

    field: str
    heading: str
    width: float


COLUMNS = (
    Column("category", "项目", 10),
    Column("serial", "序号", 7.5),
    Column("basis", "文件依据", 30),
    Column("goal", "一级指标", 36),
    Column("indicator", "二级指标", 36),
    Column("weight", "权重", 6),
    Column("due", "完成时限", 9),
    Column("departments", "责任科室", 10),
    Column("heads", "科室负责人", 8),
    Column("leaders", "分管领导", 8),
    Column("completion", "全年完成情况", 24),
    Column("self_tier", "自评定档", 6),
    Column("peer_tier", "同组互评定档", 6),
    Column("office_tier", "考评办定档", 6),
    *(Column(f"panel_{seat}", str(seat), 5.5) for seat in range(1, SEATS + 1)),
    Column("result", "考评结果", 9),
)
COLUMN_ORDER = tuple(column.field for column in COLUMNS)
INDICATOR = COLUMN_ORDER.index("indicator")
EXTRAS = (
    Column("progress", "完成进度", 7),
    Column("evidence", "佐证材料", 18),
    Column("next_step", "下一步", 22),
    Column("short_name", "简称", 14),
)
PANEL_HEADING = "集中考评组打分"
PROSE = ("basis", "goal", "indicator", "completion", "evidence", "next_step")
CARRIED = ("category", "basis", "goal")


@dataclass(frozen=True)
class Row:
    """One indicator. ``spans`` names the column from which its text reaches to 二级指标 as one merged cell.

    ``result`` is a stated 考评结果; None writes the mean of the seats. A row that ``repeats`` another is in no sum.
    """

    serial: Value
    indicator: str
    weight: Value = None
    category: str | None = ABOVE
    basis: str | None = ABOVE
    goal: str | None = ABOVE
    spans: str = "indicator"
    due: Value = None
    departments: str = ""
    heads: str = ""
    leaders: str = ""
    completion: str = ""
    progress: Value = None
    evidence: str = ""
    next_step: str = ""
    short_name: str = ""
    self_tier: Value = None
    peer_tier: Value = None
    office_tier: Value = None
    panel: tuple[Value, ...] = (None,) * SEATS
    result: Value = None
    repeats: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Sum:
    """A 小计, over the rows since the one before, or the total, over all of them.

    ``text`` stands in ``column`` and reaches to 二级指标. A ``weight`` of None is written as the sum of the rows;
    ``result`` says whether 考评结果 gets a sum too.
    """

    kind: Literal["subtotal", "total"]
    text: str
    column: str = "category"
    serial: str = ""
    weight: Value = None
    result: bool = True


Line = Row | Sum


@dataclass(frozen=True)
class Table:
    """A form. Each of ``pages`` starts with a header of its own; ``extras`` names the fields of EXTRAS it shows."""

    title: str
    unit: str
    pages: tuple[tuple[Line, ...], ...]
    signatures: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A line and the 1-based row of the sheet it stands in."""

    row: int
    line: Line


def joined(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows with every 项目, 文件依据 and 一级指标 that repeats the row above joined to it."""
    result: list[Row] = []
    above: Row | None = None
    for row in rows:
        category, basis, goal = (_unless_same(row, above, field) for field in CARRIED)
        result.append(replace(row, category=category, basis=basis, goal=goal))
        above = row
    return tuple(result)


def _unless_same(row: Row, above: Row | None, field: str) -> str | None:
    text: str | None = getattr(row, field)
    return ABOVE if above and text == getattr(above, field) else text


def columns(table: Table) -> tuple[Column, ...]:
    """Return the columns of the table's sheet: the official ones, and the extra ones where they belong.

    文件依据 and the indicators are as wide as their longest text needs in four lines, so that short texts print larger.
    """
    rows = [line for page in table.pages for line in page if isinstance(line, Row)]
    return tuple(_fitted(column, rows) for column in _shown(table))


def _fitted(column: Column, rows: list[Row]) -> Column:
    if column.field not in ("basis", "goal", "indicator"):
        return column
    longest = max(
        (_units(getattr(row, column.field) or "") for row in rows if not _covers(row, column.field)), default=0
    )
    return replace(column, width=min(column.width, max(NARROWEST, longest / 4 + 2)))


def _covers(row: Row, field: str) -> bool:
    """Return whether a text reaching over several columns takes the place of a field."""
    return row.spans != "indicator" and COLUMN_ORDER.index(field) >= COLUMN_ORDER.index(row.spans)


def _shown(table: Table) -> tuple[Column, ...]:
    shown = {column.field: column for column in EXTRAS if column.field in table.extras}
    middle = [shown[field] for field in ("progress", "evidence", "next_step") if field in shown]
    cut = COLUMN_ORDER.index("completion") + 1
    last = [shown["short_name"]] if "short_name" in shown else []
    return (*COLUMNS[:cut], *middle, *COLUMNS[cut:], *last)


def place(table: Table) -> tuple[tuple[Placed, ...], ...]:
    """Return every page's lines with the rows they stand in; a page's header is right above its first line."""
    pages, row = [], FIRST_HEADER
    for page in table.pages:
        row += HEADER_ROWS
        pages.append(tuple(Placed(row + n, line) for n, line in enumerate(page)))
        row += len(page)
    return tuple(pages)


def write(table: Table) -> Workbook:
    """Return a workbook whose only sheet is the table in the official layout."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _Form(book.create_sheet(SHEET), table).write()
    return book


def landscape(sheet: Worksheet) -> None:
    """Set a sheet to print on A4 landscape, as wide as the paper, with page numbers."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.3
    sheet.page_margins.top = sheet.page_margins.bottom = 0.4
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def canonical(book: Workbook) -> bytes:
    """Return the workbook as .xlsx, the same bytes for the same content on any day and machine."""
    epoch = datetime(2025, 1, 1)
    book.properties.creator = book.properties.lastModifiedBy = "绩效考评看板"
    book.properties.created = epoch
    raw = io.BytesIO()
    book.save(raw)
    saved = book.properties.modified
    return packed((name, _undated(content, name, saved, epoch)) for name, content in unpacked(raw.getvalue()))


def _undated(content: bytes, name: str, saved: datetime, epoch: datetime) -> bytes:
    if name != "docProps/core.xml":
        return content
    before, after = (f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode() for moment in (saved, epoch))
    return content.replace(before, after)


class _Form:
    """The sheet while it is written."""

    def __init__(self, sheet: Worksheet, table: Table) -> None:
        self.sheet = sheet
        self.table = table
        self.columns = columns(table)
        self.at = {column.field: number for number, column in enumerate(self.columns, 1)}
        self.pages = place(table)

    def write(self) -> None:
        self._widths()
        self._top()
        for page in self.pages:
            self._header(page[0].row - HEADER_ROWS)
            self._page(page)
        self._sums()
        last = self.pages[-1][-1].row
        self._signatures(last + 2)
        self._print(last)

    def _widths(self) -> None:
        for number, column in enumerate(self.columns, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = column.width

    def _top(self) -> None:
        self._merge(1, 1, 1, len(self.columns))
        title = self._put(1, 1, self.table.title, border=False)
        title.font = Font(name="宋体", size=18, bold=True)
        self.sheet.row_dimensions[1].height = 32
        self._merge(2, 1, 2, len(self.columns))
        unit = self._put(2, 1, f"参评单位（盖章）：{self.table.unit}", left=True, border=False)
        unit.font = Font(name="宋体", size=11)
        self.sheet.row_dimensions[2].height = 20

    def _header(self, row: int) -> None:
        first, last = self.at["panel_1"], self.at[f"panel_{SEATS}"]
        for number, column in enumerate(self.columns, 1):
            seat = first <= number <= last
            self._put(row + seat, number, int(column.heading) if seat else column.heading).font = BOLD
            self._frame(row + 1 - seat, number)
            if not seat:
                self._merge(row, number, row + 1, number)
        self._put(row, first, PANEL_HEADING).font = BOLD
        self._merge(row, first, row, last)
        self.sheet.row_dimensions[row].height = 26
        self.sheet.row_dimensions[row + 1].height = 18

    def _page(self, page: tuple[Placed, ...]) -> None:
        for placed in page:
            if isinstance(placed.line, Row):
                self._row(placed.row, placed.line)
            else:
                self._sum_text(placed.row, placed.line)
        for field in CARRIED:
            for first, last in _runs(page, field):
                self._merge(first, self.at[field], last, self.at[field])
        for row, height in _heights(page, self.columns).items():
            self.sheet.row_dimensions[row].height = height

    def _row(self, row: int, line: Row) -> None:
        for number, column in enumerate(self.columns, 1):
            self._put(row, number, _content(line, column.field), left=column.field in PROSE)
        if line.result is None:
            seats = f"{self._name(row, 'panel_1')}:{self._name(row, f'panel_{SEATS}')}"
            self.sheet.cell(row, self.at["result"], f"=AVERAGE({seats})").number_format = "0.00"
        if line.spans != "indicator":
            self._merge(row, self.at[line.spans], row, self.at["indicator"])
        self.sheet.row_dimensions[row].hidden = line.hidden

    def _sum_text(self, row: int, line: Sum) -> None:
        for number in range(1, len(self.columns) + 1):
            self._frame(row, number)
        if line.serial:
            self._put(row, self.at["serial"], line.serial)
        self._put(row, self.at[line.column], line.text).font = BOLD
        self._put(row, self.at["weight"], line.weight).font = BOLD
        if line.column != "indicator":
            self._merge(row, self.at[line.column], row, self.at["indicator"])

    def _sums(self) -> None:
        """Write the sums' formulas: a 小计 adds the rows since the one before, the total adds them all."""
        every: list[int] = []
        since: list[int] = []
        for placed in (placed for page in self.pages for placed in page):
            if isinstance(placed.line, Row):
                counted = [] if placed.line.repeats else [placed.row]
                every, since = every + counted, since + counted
                continue
            self._sum_formulas(placed.row, placed.line, since if placed.line.kind == "subtotal" else every)
            since = []

    def _sum_formulas(self, row: int, line: Sum, added: list[int]) -> None:
        fields = [field for field, wanted in (("weight", line.weight is None), ("result", line.result)) if wanted]
        for field in fields:
            ranges = ",".join(
                f"{self._name(first, field)}:{self._name(last, field)}" for first, last in stretches(added)
            )
            cell = self.sheet.cell(row, self.at[field], f"=SUM({ranges})")
            cell.font = BOLD
            cell.number_format = "0.00" if field == "result" else "General"

    def _signatures(self, row: int) -> None:
        for offset, text in enumerate(self.table.signatures):
            self._merge(row + offset, 1, row + offset, len(self.columns))
            self._put(row + offset, 1, text, left=True, border=False).font = Font(name="宋体", size=11)
            self.sheet.row_dimensions[row + offset].height = 22

    def _print(self, last: int) -> None:
        sheet = self.sheet
        landscape(sheet)
        sheet.print_area = f"A1:{get_column_letter(len(self.columns))}{last + 1 + len(self.table.signatures)}"
        sheet.freeze_panes = self._name(FIRST_HEADER + HEADER_ROWS, "basis")
        if len(self.pages) == 1:  # several pages bring their own headers
            sheet.print_title_rows = f"{FIRST_HEADER}:{FIRST_HEADER + HEADER_ROWS - 1}"
        for page in self.pages[1:]:
            sheet.row_breaks.append(Break(id=page[0].row - HEADER_ROWS - 1))

    def _put(self, row: int, column: int, value: Value, *, left: bool = False, border: bool = True) -> Cell:
        cell = self.sheet.cell(row, column)
        cell.value = None if value == "" else value
        cell.font = _PLAIN
        cell.alignment = _LEFT if left else _CENTRE
        if border:
            cell.border = _THIN
        return cell

    def _frame(self, row: int, column: int) -> None:
        self._put(row, column, None)

    def _merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        self.sheet.merge_cells(None, first_row, first_column, last_row, last_column)

    def _name(self, row: int, field: str) -> str:
        return f"{get_column_letter(self.at[field])}{row}"


_PLAIN = Font(name="宋体", size=POINT_TEXT)
BOLD = Font(name="宋体", size=POINT_TEXT, bold=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_THIN = Border(*[Side(style="thin")] * 4)


def _content(line: Row, field: str) -> Value:
    """Return what a row's cell holds; a text that reaches over columns stands in the first of them."""
    if field.startswith("panel_"):
        return line.panel[int(field.removeprefix("panel_")) - 1]
    spanned = COLUMN_ORDER[COLUMN_ORDER.index(line.spans) : INDICATOR + 1]
    if field in spanned:
        return line.indicator if field == line.spans else None
    value: Value = getattr(line, field)
    return value


def _runs(page: tuple[Placed, ...], field: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last row of every cell that reaches downwards; sums and spanning texts end one."""
    start: int | None = None
    end = 0
    for placed in page:
        line = placed.line
        own = isinstance(line, Sum) or getattr(line, field) is not ABOVE or _spanned(line, field)
        if not own and start is not None:
            end = placed.row
            continue
        if start is not None and end > start:
            yield start, end
        blocked = isinstance(line, Sum) or _spanned(line, field) or not getattr(line, field)
        start, end = (None, 0) if blocked else (placed.row, placed.row)
    if start is not None and end > start:
        yield start, end


def _spanned(line: Row, field: str) -> bool:
    return field in COLUMN_ORDER[COLUMN_ORDER.index(line.spans) : INDICATOR]


def stretches(rows: list[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as stretches without a gap: 5, 6, 7, 11 is (5, 7), (11, 11)."""
    groups = groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0])
    found = [[row for _, row in group] for _, group in groups]
    return [(stretch[0], stretch[-1]) for stretch in found]


def _heights(page: tuple[Placed, ...], shown: tuple[Column, ...]) -> dict[int, float]:
    """Return row heights in points in which every text fits, a text merged downwards in all its rows together."""
    heights = {placed.row: 24.0 for placed in page}
    for placed in page:
        if isinstance(placed.line, Row):
            texts = ((_content(placed.line, column.field), column) for column in shown if column.field not in CARRIED)
            heights[placed.row] = max([24.0, *(text_height(value, column.width) for value, column in texts)])
    widths = {column.field: column.width for column in shown}
    for field in CARRIED:
        for first, last in _cells(page, field):
            line = next(placed.line for placed in page if placed.row == first)
            value = _content(line, field) if isinstance(line, Row) else None
            room = text_height(value, _width(line, field, widths)) - sum(heights[row] for row in range(first, last + 1))
            for row in range(first, last + 1):
                heights[row] += max(0.0, room) / (last - first + 1)
    return {row: min(MAX_HEIGHT, round(height, 1)) for row, height in heights.items()}


def _cells(page: tuple[Placed, ...], field: str) -> list[tuple[int, int]]:
    """Return the rows of every 项目, 文件依据 or 一级指标 cell, also of those in one row only."""
    runs = dict(_runs(page, field))
    covered = {row for first, last in runs.items() for row in range(first + 1, last + 1)}
    return [(placed.row, runs.get(placed.row, placed.row)) for placed in page if placed.row not in covered]


def _width(line: Line, field: str, widths: dict[str, float]) -> float:
    if isinstance(line, Row) and field == line.spans:
        return sum(widths[name] for name in COLUMN_ORDER[COLUMN_ORDER.index(field) : INDICATOR + 1])
    return widths[field]


def text_height(value: Value, width: float) -> float:
    """Return the height in points that a text needs in a cell of the given width."""
    if not isinstance(value, str):
        return 0.0
    room = max(1.0, (width - 1.5) * 10 / POINT_TEXT)  # a width counts digits of the 11 pt default font
    lines = sum(max(1, math.ceil(_units(part) / room)) for part in value.split("\n"))
    return lines * LINE_HEIGHT + 5


def _units(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
