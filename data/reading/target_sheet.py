"""The optional sheet 量化目标: what a unit states of its targets in figures, one target in each row.

│ 序号  │ 目标       │ 比较 │ 目标值 │ 单位     │ 实际值 │ 佐证 │   anywhere in the first rows; other columns are left alone
│ 1-1-1 │ 海外仓     │ >=   │ 100    │ 个       │ 87     │ 台账 │
│       │ 海外仓面积 │ >=   │ 100    │ 万平方米 │        │      │   a blank or merged serial: the same indicator
│ 1-1-2 │ 文字目标   │      │        │          │        │      │   nothing to count
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from data import privacy
from data.cells import Sheet, Value, address
from data.reading.headings import LEVELS, header_at, heading_field, normal
from data.reading.lines import is_remark
from data.reading.notes import Note
from data.reading.target_entry import Entered, Entry, entered
from data.reading.values import compact, plain, prose, serial
from scoring.targets import Target

NAME = "量化目标"
_FIRST = 30  # rows among which the header stands
_SYNONYMS = {
    "label": "目标 量化目标 目标名称 目标内容 量化指标 目标项 计量内容",
    "comparator": "比较 比较方式 比较关系 比较符 比较符号 关系 符号",
    "value": "目标值 目标数 目标量 目标数值 计划值 计划数 年度目标值 全年目标值 指标值",
    "unit": "单位 计量单位 度量单位 数量单位",
    "actual": "实际值 实际 实际数 实际完成 实际完成值 实际完成数 完成值 完成数 当前值 累计完成 实绩 实绩值",
}
_FIELDS = {word: field for field, words in _SYNONYMS.items() for word in words.split()}
_CARRIED = ("label", "unit", "evidence")  # a merged figure is one figure
_WRITTEN = ("label", "comparator", "value", "unit", "actual", "evidence")


@dataclass(frozen=True)
class Stated:
    """A row of the sheet. ``cells`` are the addresses of its fields, as pairs; ``serial`` is "" where none is known."""

    sheet: str
    row: int
    cells: tuple[tuple[str, str], ...]
    serial: str
    entry: Entry

    def cell(self, field: str) -> str:
        """Return where a field stands; the serial's cell for a field without a column."""
        cells = dict(self.cells)
        return cells.get(field, cells["serial"])

    def read(self, text: str) -> Entered:
        """Return the target that the row means for an indicator with this text."""
        return entered(self.entry, text)


def is_target_sheet(sheet: Sheet) -> bool:
    """Tell whether a sheet states targets; a table of indicators that has 目标值 among its columns does not."""
    found = _header(sheet)
    if found is None:
        return False
    row, columns = found
    return header_at(sheet, row) is None or "comparator" in columns or NAME in sheet.name


def read(sheets: Iterable[Sheet], notes: list[Note]) -> tuple[Stated, ...]:
    """Return the rows of target sheets in their order; what was set right goes into ``notes``."""
    return tuple(row for sheet in sheets for row in _rows(sheet, notes))


def targets_of(table: pd.DataFrame, stated: tuple[Stated, ...]) -> pd.Series:
    """Return what the sheet states for each row of a table; () where it states nothing that can be read."""
    told: dict[str, list[Stated]] = {}
    for row in stated:
        if row.serial:
            told.setdefault(row.serial, []).append(row)
    found = [
        _stated(told[own], text) if own in told else ()
        for own, text in zip(table["serial"].tolist(), table["indicator"].tolist(), strict=True)
    ]
    return pd.Series(found, table.index, dtype="object")


def _stated(rows: list[Stated], text: str) -> tuple[Target, ...]:
    targets = [row.read(text).target for row in rows]
    known = [target for target in targets if target is not None]
    counted = tuple(target for target in known if target.kind != "none")
    return counted or tuple(known[:1])


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Return the row of the header and the column of each field, all 1-based."""
    for number, line in enumerate(sheet.rows[:_FIRST], start=1):
        columns = _columns(line)
        if {"serial", "value"} <= columns.keys() and columns.keys() & {"comparator", "unit", "actual"}:
            return number, columns
    return None


def _columns(line: list[Value]) -> dict[str, int]:
    columns: dict[str, int] = {}
    named: list[int] = []  # columns that may name the target where none is headed so
    for column, value in enumerate(line, start=1):
        if not isinstance(value, str) or not 0 < len(value) <= 24:
            continue
        heading = heading_field((value,))
        field = _FIELDS.get(normal(value)) or (heading if heading in ("serial", "evidence") else None)
        if field:
            columns.setdefault(field, column)
        elif heading in ("indicator", *LEVELS):
            named.append(column)
    return columns if "label" in columns or not named else columns | {"label": named[-1]}


def _rows(sheet: Sheet, notes: list[Note]) -> Iterator[Stated]:
    found = _header(sheet)
    if found is None:
        return
    first, columns = found
    merged = _merged(sheet)
    own = ""
    for row in range(first + 1, len(sheet.rows) + 1):
        values = {field: sheet.value(row, column) for field, column in columns.items()}
        cells = {field: address(row, column) for field, column in columns.items()}
        own = _serial(sheet, values["serial"], cells["serial"], notes) or own
        if _is_written(sheet, row, values):
            values |= {
                field: sheet.value(*merged[row, columns[field]])
                for field in _CARRIED
                if (row, columns.get(field, 0)) in merged
            }
            entry = _entry(sheet, row, columns, values)
            yield Stated(sheet.name, row, tuple(cells.items()), own, _masked(entry, sheet, cells, own, notes))


def _is_written(sheet: Sheet, row: int, values: dict[str, Value]) -> bool:
    """Tell whether a row states something: no line left open, no signature, not the header on its next page."""
    line = sheet.rows[row - 1]
    if _columns(line).keys() >= {"serial", "value"} or any(is_remark(plain(value)) for value in line):
        return False
    return any(compact(values.get(field)) for field in _WRITTEN)


def _serial(sheet: Sheet, value: Value, cell: str, notes: list[Note]) -> str:
    text, undone = serial(value)
    if undone:
        notes.append(Note("serial_was_date", sheet.name, cell, text, text))
    return text


def _entry(sheet: Sheet, row: int, columns: dict[str, int], values: dict[str, Value]) -> Entry:
    texts = {field: prose(values.get(field)) for field in ("label", "comparator", "unit", "evidence")}
    figures = {field: _figure(sheet, row, columns.get(field, 0), values.get(field)) for field in ("value", "actual")}
    return Entry(**texts, **figures)  # type: ignore[arg-type]  # the two have their fields' types


def _figure(sheet: Sheet, row: int, column: int, value: Value) -> Value:
    """Return a figure as it is shown: 0.05 in a cell for percentages is 5%, a formula without a result is its text."""
    if value is None:
        return sheet.formulas.get((row, column))
    percent = "%" in sheet.formats.get((row, column), "") and isinstance(value, (int, float))
    return f"{round(float(value) * 100, 10):.12g}%" if percent else value  # type: ignore[arg-type]  # a number by then


def _masked(entry: Entry, sheet: Sheet, cells: dict[str, str], own: str, notes: list[Note]) -> Entry:
    shown = {field: privacy.mask(getattr(entry, field)) for field in ("label", "evidence")}
    for field, text in shown.items():
        if text != getattr(entry, field):
            notes.append(Note("private_number", sheet.name, cells[field], "", own))
    return replace(entry, **shown)


def _merged(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for the cells below the first one of a merged range, one column wide, that first cell."""
    return {
        (row, c1): (r1, c1)
        for r1, c1, r2, c2 in sheet.merges
        if c1 == c2
        for row in range(r1 + 1, min(r2, len(sheet.rows)) + 1)
    }
