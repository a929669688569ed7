"""科室填报表: for each department a workbook with only its rows, of which only the tinted cells can be filled.

    ┌ 2025年度绩效目标科室填报表（综合科）────────────────────────────────────────────────────────────┐
    │ 参评单位：…                                             数据截至 [ date ]                        │
    │ 只填有底色的格。留空＝沿用上次填报 …                                                             │
    │ 序号 │ 项目 │ 一级指标 │ 二级指标 │ 权重 │ … │ 上次填报 │ [全年完成情况] [完成进度] … [自评定档] │
    └ 量化目标: 序号 │ 二级指标 │ 目标 │ 比较 │ 目标值 │ 单位 │ 上次实际值 │ [实际值] [佐证] ─────────────┘

``data.read_workbook`` reads such a workbook as it reads any table, ``data.merging`` puts the filled ones together. Above
the header only the title says 表 or 目标, by which the reader finds it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.carry_over import WITHDRAWN
from data.formats.packing import packed
from data.merging import TITLE, belongs, departments
from data.reading import data_dates, target_sheet
from data.storage.drafting import plain
from data.tables import layout
from reports import words
from reports.imprint import Imprint
from reports.papers.problem_list import put_text, written
from reports.targets import SIGNS
from scoring.standing import reached

SHEET = "填报表"
LONGEST_NAME = 60  # characters of a file's name without what stands around the department's
LOWEST = 48.0  # points; a row with room to write in
_UNSAFE = re.compile(r'[\\/:*?"<>|\n]')
_DAYS = (date(2000, 1, 1), date(2099, 12, 31))
_SIZE = 10  # points of the text; layout.text_height reckons with layout.POINT_TEXT


@dataclass(frozen=True)
class Column:
    """A column of a fill-in sheet: what it holds, the heading over it, its width, whether it is to be filled."""

    field: str
    heading: str
    width: float
    fill: bool = False


COLUMNS = (
    Column("serial", "序号", 8),
    Column("category", "项目", 10),
    Column("goal", "一级指标", 18),
    Column("indicator", "二级指标", 30),
    Column("weight", "权重", 6),
    Column("due_text", "完成时限", 9),
    Column("departments", "责任科室", 11),
    Column("before", "上次填报", 28),
    Column("completion", "全年完成情况", 34, fill=True),
    Column("reported_progress", "完成进度", 8, fill=True),
    Column("evidence", "佐证材料", 16, fill=True),
    Column("next_step", "下一步", 18, fill=True),
    Column("self_tier", "自评定档", 8, fill=True),
)
TARGETS = (
    Column("serial", "序号", 8),
    Column("indicator", "二级指标", 44),
    Column("label", "目标", 24),
    Column("comparator", "比较", 6),
    Column("value", "目标值", 10),
    Column("unit", "单位", 10),
    Column("before", "上次实际值", 11),
    Column("actual", "实际值", 11, fill=True),
    Column("evidence", "佐证", 24, fill=True),
)
_AT = {column.field: number for number, column in enumerate(COLUMNS, start=1)}
_HOW = (
    f"只填有底色的格，其余锁定。留空＝沿用上次填报；在全年完成情况里写“{WITHDRAWN}”＝清掉上次填报。"
    "完成进度填百分数，超额可大于100%；写了新的完成情况，进度也请一并填。"
)
_HOW_TARGETS = "只填实际值和佐证，按写明的单位填数。全年完成情况和实际值都留空＝沿用上次。"

_THIN = Border(*[Side(style="thin", color="FF9AA3AF")] * 4)
_HEAD, _FILL = PatternFill("solid", fgColor="FFE8ECF2"), PatternFill("solid", fgColor="FFFFF6D6")
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_OPEN = Protection(locked=False)


def write(table: pd.DataFrame, *, imprint: Imprint | None = None, ask_by: date | None = None) -> bytes:
    """Return a zip with an .xlsx for each department of a table, the same bytes for the same input.

    A department gets the rows that it leads or joins; rows without one stand in the workbook of 未写明. ``ask_by`` is
    the day by which the sheets are asked back. Private numbers are masked.
    """
    names = departments(table)
    own = [table[[belongs(each, name) for each in table["departments"]]] for name in names]
    books = (_book(rows, name, imprint or Imprint(), ask_by) for rows, name in zip(own, names, strict=True))
    return packed(zip(_file_names(names), books, strict=True))


def _file_names(names: Iterable[str]) -> Iterator[str]:
    """Yield file names that every system accepts, each once, whatever a department is called."""
    taken: set[str] = set()
    for name in names:
        safe = _UNSAFE.sub("_", plain(name)).strip(" .")[:LONGEST_NAME] or "_"
        places = ("", *(f"_{number}" for number in range(2, len(taken) + 3)))
        free = next(f"填报表（{safe}{place}）.xlsx" for place in places if f"{safe}{place}".casefold() not in taken)
        taken.add(free.removeprefix("填报表（").removesuffix("）.xlsx").casefold())
        yield free


def _book(table: pd.DataFrame, department: str, imprint: Imprint, ask_by: date | None) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    year = next((int(year) for year in table["year"].dropna()), None)
    rows = list(table.itertuples(index=False))
    first = _top(sheet, department, year, imprint, ask_by)
    _fill(sheet, COLUMNS, first, [[_shown(row, column.field, year) for column in COLUMNS] for row in rows])
    _validate(sheet, first + 1, first + len(rows))
    sheet.freeze_panes = sheet.cell(first + 1, _AT["weight"])
    put_text(sheet.cell(first + len(rows) + 2, 1), imprint.line())
    targets = [line for row in rows for line in _targets(row)]
    if targets:
        _target_sheet(book, targets)
    return layout.canonical(book)


def _top(sheet: Worksheet, department: str, year: int | None, imprint: Imprint, ask_by: date | None) -> int:
    """Write what stands above the table; return the row of its header."""
    title = f"{year}年度{TITLE}" if year else TITLE
    _line(sheet, 1, f"{title}（{department}）", 16, 28)
    unit = imprint.plan.removesuffix(f" {year}")
    if unit:
        put_text(sheet.cell(2, 1), f"参评单位：{unit}")
    put_text(sheet.cell(2, _AT["before"]), data_dates.HEADING)
    sheet.cell(2, _AT["before"]).alignment = Alignment(horizontal="right", vertical="center")
    _open(sheet.cell(2, _AT["completion"]), centred=False).number_format = "yyyy-mm-dd"
    sheet.row_dimensions[2].height = 22
    asked = f"请于{words.day(ask_by, year or ask_by.year)}前交回。" if ask_by else ""
    _line(sheet, 3, asked + _HOW, 11, 22)
    return 4


def _line(sheet: Worksheet, row: int, text: str, size: int, height: float) -> None:
    put_text(sheet.cell(row, 1), text)
    sheet.cell(row, 1).font = Font(name="宋体", size=size, bold=True)
    sheet.cell(row, 1).alignment = Alignment(vertical="center")
    sheet.row_dimensions[row].height = height


def _fill(sheet: Worksheet, columns: Sequence[Column], header: int, lines: list[list[object]]) -> None:
    """Write a header and the lines below it, lock all but what is to be filled, and set the sheet up for print."""
    for number, column in enumerate(columns, start=1):
        cell = sheet.cell(header, number)
        put_text(cell, column.heading)
        cell.font, cell.fill = Font(name="宋体", size=_SIZE, bold=True), _HEAD
        cell.alignment, cell.border = _CENTRE, _THIN
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        for row, line in enumerate(lines, start=header + 1):
            _put(sheet.cell(row, number), column, line[number - 1])
    for row, line in enumerate(lines, start=header + 1):
        sheet.row_dimensions[row].height = _height(columns, line)
    layout.landscape(sheet)
    sheet.print_title_rows = f"{header}:{header}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False  # widths and heights may be changed


def _put(cell: Cell, column: Column, value: object) -> None:
    if column.fill:
        _open(cell, centred=column.field in ("reported_progress", "self_tier", "actual"))
        cell.number_format = "0%" if column.field == "reported_progress" else "General"
        return
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
    cell.font, cell.border = Font(name="宋体", size=_SIZE), _THIN
    cell.alignment = _LEFT if column.width >= 16 else _CENTRE


def _open(cell: Cell, *, centred: bool) -> Cell:
    cell.font, cell.fill, cell.border = Font(name="宋体", size=_SIZE), _FILL, _THIN
    cell.alignment = _CENTRE if centred else _LEFT
    cell.protection = _OPEN
    return cell


def _height(columns: Sequence[Column], line: list[object]) -> float:
    larger = _SIZE / layout.POINT_TEXT
    texts = (
        (written(value), column.width) for value, column in zip(line, columns, strict=True) if isinstance(value, str)
    )
    needed = max((layout.text_height(text, width / larger) for text, width in texts), default=0)
    return min(layout.MAX_HEIGHT, round(max(LOWEST, needed), 1))


def _validate(sheet: Worksheet, first: int, last: int) -> None:
    """Let a cell take only what can be read there: a day, a percentage, one of the three tiers."""
    day = DataValidation("date", operator="between", formula1=_serial(_DAYS[0]), formula2=_serial(_DAYS[1]))
    day.error = "请填日期，如 2025-10-31。"
    day.add(sheet.cell(2, _AT["completion"]).coordinate)
    progress = DataValidation("decimal", operator="between", formula1="0", formula2="100")
    progress.error = "请填百分数，如 85%。说明文字写在全年完成情况里。"
    tier = DataValidation("list", formula1=f'"{",".join(words.TIERS.values())}"')
    tier.error = f"请选{'、'.join(words.TIERS.values())}之一。"
    for rule, field in ((progress, "reported_progress"), (tier, "self_tier")):
        letter = get_column_letter(_AT[field])
        rule.add(f"{letter}{first}:{letter}{last}")
    for rule in (day, progress, tier):
        rule.allow_blank = rule.showErrorMessage = True
        sheet.add_data_validation(rule)


def _serial(day: date) -> str:
    return str((day - date(1899, 12, 30)).days)


def _shown(row: Any, field: str, year: int | None) -> object:
    """Return what a locked cell shows of a row, "" in a cell to fill."""
    match field:
        case "category":
            return "\n".join(dict.fromkeys(part for part in (row.category, row.group) if part))
        case "weight":
            return row.weight if isfinite(row.weight) else ""
        case "departments":
            return _owners(row.departments)
        case "before":
            return _before(row, year)
        case "serial" | "goal" | "indicator" | "due_text":
            return getattr(row, field)
    return ""


def _owners(names: tuple[str, ...]) -> str:
    """Return 甲科（牵头）、乙科（协办）; one name stands alone."""
    if len(names) < 2:
        return "".join(names)
    return "、".join([f"{names[0]}（牵头）", *(f"{name}（协办）" for name in names[1:])])


def _before(row: Any, year: int | None) -> str:
    """Return what the last version holds of a row and since when, "" where nobody has reported."""
    parts = (
        row.completion,
        f"进度{words.percent(row.reported_progress)}" if isfinite(row.reported_progress) else "",
        f"佐证：{row.evidence}" if row.evidence else "",
        f"下一步：{row.next_step}" if row.next_step else "",
        f"自评{words.TIERS.get(int(row.self_tier), f'{row.self_tier:g}')}" if isfinite(row.self_tier) else "",
    )
    told = [part for part in parts if part]
    if told and not pd.isna(row.reported_on):
        told.insert(0, f"【{words.day(row.reported_on.date(), year or row.reported_on.year)}】")
    return "\n".join(told)


def _targets(row: Any) -> Iterator[list[object]]:
    """Yield the lines of a row's targets; without a serial nothing would tell to which indicator they belong."""
    for target, actual in reached(row) if row.serial else ():
        last = actual.value if actual else ""
        sign = SIGNS[target.comparator]
        yield [row.serial, row.indicator, target.measure, sign, target.value, target.unit, last, "", ""]


def _target_sheet(book: Workbook, lines: list[list[object]]) -> None:
    sheet = book.create_sheet(target_sheet.NAME)
    _line(sheet, 1, _HOW_TARGETS, 11, 22)
    _fill(sheet, TARGETS, 2, lines)
    sheet.freeze_panes = "C3"
