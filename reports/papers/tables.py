"""全表: every column of the scored table and the summaries, as a workbook and as .csv, for those who count further."""

import csv as separated
import io
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from data.formats.cell_edits import FORMULA_STARTS
from data.tables.layout import canonical, landscape
from reports import words
from reports.imprint import Imprint
from reports.papers.problem_list import put_text, written
from scoring import summary
from scoring.table import PANEL, STATUSES

Record = dict[Hashable, Any]
Value = str | float | date | None
SHARE = "0.0%"
FONT, HEAD = Font(name="宋体", size=10), Font(name="宋体", size=10, bold=True)
TEXT = Alignment(vertical="center", wrap_text=True)


@dataclass(frozen=True)
class Column:
    """A column of the paper: its heading, its width in characters, what it shows of a row, and its number format."""

    heading: str
    width: float
    value: Callable[[Record], Value]
    format: str = "General"


def _text(name: str) -> Callable[[Record], Value]:
    return lambda line: str(line[name])


def _number(name: str) -> Callable[[Record], Value]:
    return lambda line: float(line[name]) if isfinite(line[name]) else None


def _day(name: str) -> Callable[[Record], Value]:
    return lambda line: None if pd.isna(line[name]) else line[name].date()


def _joined(name: str, places: slice) -> Callable[[Record], Value]:
    return lambda line: "、".join(line[name][places])


def _worded(name: str, told: dict[Any, str]) -> Callable[[Record], Value]:
    return lambda line: told.get(line[name], "")


_LEAD, _REST, _ALL = slice(1), slice(1, None), slice(None)
COLUMNS = (
    Column("序号", 8, _text("serial")),
    Column("类别", 14, _text("category")),
    Column("项目", 14, _text("group")),
    Column("文件依据", 30, _text("basis")),
    Column("一级指标", 30, _text("goal")),
    Column("二级指标", 40, _text("indicator")),
    Column("简称", 16, _text("short_name")),
    Column("权重", 7, _number("weight")),
    Column("完成时限", 12, _text("due_text")),
    Column("截止日期", 11, _day("due"), "yyyy-mm-dd"),
    Column("剩余天数", 8, _number("days_left")),
    Column("责任科室", 12, _joined("departments", _LEAD)),
    Column("协办科室", 14, _joined("departments", _REST)),
    Column("科室负责人", 12, _joined("heads", _ALL)),
    Column("分管领导", 12, _joined("leaders", _ALL)),
    Column("状态", 8, _worded("status", {key: mark.word for key, mark in words.STATUSES.items()})),
    Column("进度", 8, _number("progress"), SHARE),
    Column("进度依据", 12, _worded("progress_source", words.PROGRESS_FROM)),
    Column("序时进度", 8, _number("pace"), SHARE),
    Column("全年完成情况", 40, _text("completion")),
    Column("完成进度（填报）", 9, _number("reported_progress"), SHARE),
    Column("填报日期", 11, _day("reported_on"), "yyyy-mm-dd"),
    Column("下一步", 24, _text("next_step")),
    Column("佐证材料", 20, _text("evidence")),
    Column("自评定档", 8, _worded("self_tier", words.TIERS)),
    Column("同组互评定档", 8, _worded("peer_tier", words.TIERS)),
    Column("考评办定档", 8, _worded("office_tier", words.TIERS)),
    *(Column(f"打分{seat}", 7, _number(name)) for seat, name in enumerate(PANEL, start=1)),
    Column("考评结果（表内）", 9, _number("stated_result"), "0.00"),
    Column("得分", 8, _number("score"), "0.00"),
    Column("得分依据", 16, _worded("scored_by", words.SCORED_BY)),
    Column(f"按档预估（{words.ASSUMED}）", 9, _number("estimate"), "0.00"),
    Column("最低", 7, _number("score_low"), "0.00"),
    Column("最高", 7, _number("score_high"), "0.00"),
    Column("工作表", 12, _text("sheet")),
    Column("行", 6, _number("row")),
)
_SUMMARY = (
    Column("指标数", 8, _number("indicators")),
    Column("权重", 8, _number("weight")),
    *(Column(words.STATUSES[key].word, 8, _number(key)) for key in STATUSES),
    Column("已评分值", 9, _number("scored_weight")),
    Column("得分", 8, _number("score"), "0.00"),
    Column("最低", 8, _number("score_low"), "0.00"),
    Column("最高", 8, _number("score_high"), "0.00"),
)
_JOINT = Column("协办分值（不计入权重）", 12, _number("joint_weight"))
NOTES = (
    "空白是没有数据，不是0；没有评的不计入得分，最低按0分、最高按权重算。",
    "联合承担的指标只计入牵头（排在第一位的）；状态各列是分值。",
)


def write(scored: pd.DataFrame, *, as_of: date | None = None, imprint: Imprint | None = None) -> bytes:
    """Return the scored table and its summaries as .xlsx; the same bytes for the same input.

    ``as_of`` is the day by which ``scored`` was judged. Private numbers are masked; texts are texts.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "全表", COLUMNS, scored.to_dict("records"))
    named = (("科室", summary.by_department), ("分管领导", summary.by_leader), ("类别", summary.by_category))
    for title, by in named:
        groups = by(scored)
        shown = (*_SUMMARY, _JOINT) if "joint_weight" in groups else _SUMMARY
        lines = pd.concat([groups, summary.total(scored)]).rename_axis(title).reset_index().to_dict("records")
        _sheet(book, title, (Column(title, 18, _text(title)), *shown), lines)
    _told(book, as_of, imprint or Imprint())
    return canonical(book)


def csv(scored: pd.DataFrame, *, imprint: Imprint | None = None) -> bytes:
    """Return the scored table as .csv in UTF-8 with its mark, so that Excel reads it right; where it is from stands last.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    target = io.StringIO()
    writer = separated.writer(target)
    line = (imprint or Imprint()).line()
    writer.writerow([*(column.heading for column in COLUMNS), "来源"])
    for record in scored.to_dict("records"):
        writer.writerow([*(_plain(column.value(record)) for column in COLUMNS), _plain(line)])
    return target.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str:
    """Return a value as it stands in a .csv."""
    if isinstance(value, str):
        text = written(value)
        return f"'{text}" if text.startswith(FORMULA_STARTS) else text
    return "" if value is None else f"{value:.12g}" if isinstance(value, float) else value.isoformat()


def _sheet(book: Workbook, title: str, columns: tuple[Column, ...], lines: Iterable[Record]) -> None:
    sheet = book.create_sheet(title)
    for number, column in enumerate(columns, start=1):
        sheet.cell(1, number, column.heading).font = HEAD
        sheet.cell(1, number).alignment = TEXT
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for row, line in enumerate(lines, start=2):
        for number, column in enumerate(columns, start=1):
            _put(sheet, row, number, column, column.value(line))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{sheet.max_row}"
    landscape(sheet)
    sheet.print_title_rows = "1:1"


def _put(sheet: Worksheet, row: int, number: int, column: Column, value: Value) -> None:
    if value is None or value == "":
        return
    cell = sheet.cell(row, number)
    cell.font, cell.alignment = FONT, TEXT
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
        cell.number_format = column.format


def _told(book: Workbook, as_of: date | None, imprint: Imprint) -> None:
    sheet = book.create_sheet("说明")
    sheet.column_dimensions["A"].width = 100
    judged = [f"状态、剩余天数、序时进度按{as_of.year}年{as_of.month}月{as_of.day}日判断。"] if as_of else []
    for row, line in enumerate((imprint.line(), *judged, *NOTES), start=1):
        put_text(sheet.cell(row, 1), line)
        sheet.cell(row, 1).font = FONT
