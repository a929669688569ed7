"""The scored table on a clean official form: the notice's layout, each indicator once, texts masked and literal."""

from collections.abc import Hashable, Iterator
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from data.plan import Plan
from data.reading.labels import canonical
from data.tables import layout
from data.tables.layout import EXTRAS, Row, Sum, Table, Value
from reports import words
from reports.imprint import Imprint
from reports.papers import result_formulas
from reports.papers.problem_list import put_text, written
from scoring import Method
from scoring.score import usable_scores
from scoring.table import PANEL

TITLE = "绩效目标考评表"
TOTAL = "绩效目标考评得分"
SIGNATURES = (
    f"单位主要领导（签字）：{'　' * 8}分管领导：{'　' * 8}经办人：{'　' * 8}联系电话：{'　' * 8}日期：{'　' * 6}"
)
PERCENT = "注：集中考评组按百分制打分，考评结果＝打分平均×权重÷100。"
FOOT = 0.6, 0.25  # inches: what the footer needs, and its distance from the edge
_SOURCE = {"progress": "reported_progress"}  # the table's column of a field of the layout, where they differ

Record = dict[Hashable, Any]


def write(scored: pd.DataFrame, method: Method, plan: Plan | None, imprint: Imprint) -> bytes:
    """Return the form as .xlsx, the same bytes for the same input."""
    table = _table(scored, method, plan, imprint)
    book = layout.write(table)
    sheet = book.worksheets[0]
    at = {column.field: number for number, column in enumerate(layout.columns(table), start=1)}
    *placed, total = layout.place(table)[0]
    _make_literal(sheet, total.row)
    for each, line, seats in zip(placed, scored.to_dict("records"), _seats(scored, method), strict=True):
        _finish(sheet, each.row, line, [at[seat] for seat in seats], at, method)
    results = [(layout.SHEET, each.row, at["result"]) for each in placed]
    if placed:
        _put_total(sheet.cell(total.row, at["result"]), result_formulas.total(results, layout.SHEET, errors=False))
    sheet.oddFooter.left.text = written(imprint.line()).replace("&", "&&")
    sheet.page_margins.bottom, sheet.page_margins.footer = FOOT
    return layout.canonical(book)


def _table(scored: pd.DataFrame, method: Method, plan: Plan | None, imprint: Imprint) -> Table:
    year = next((f"{year:.0f}" for year in scored["year"].dropna()), "")
    unit = plan.unit if plan else imprint.plan.removesuffix(f" {year}")
    title = f"{year}年度{unit}{TITLE}" if year else f"{unit}{TITLE}"
    rows = layout.joined(_row(line) for line in scored.to_dict("records"))
    total = Sum("total", TOTAL, weight=None if rows else "", result=False)
    below = [SIGNATURES, written(imprint.line())]
    if method.panel_scale == "percent":
        below.insert(0, PERCENT)
    shown = tuple(extra.field for extra in EXTRAS if _said(scored[_SOURCE.get(extra.field, extra.field)]))
    mark = f"（{words.EXAMPLE}）" if imprint.example else ""
    return Table(written(title + mark), written(unit), ((*rows, total),), tuple(below), shown)


def _said(column: pd.Series) -> bool:
    return bool((column.notna() & (column != "")).any())


def _row(line: Record) -> Row:
    """Return a row without its 考评结果, of which only its cell's address makes a formula."""
    return Row(
        serial=written(line["serial"]),
        indicator=written(line["indicator"]),
        weight=_number(line["weight"]),
        category=written(_label(line["category"], line["group"])),
        basis=written(line["basis"]),
        goal=written(line["goal"]),
        due=written(line["due_text"]),
        departments=_names(line["departments"]),
        heads=_names(line["heads"]),
        leaders=_names(line["leaders"]),
        completion=written(line["completion"]),
        progress=_number(line["reported_progress"]),
        evidence=written(line["evidence"]),
        next_step=written(line["next_step"]),
        short_name=written(line["short_name"]),
        self_tier=_tier(line["self_tier"]),
        peer_tier=_tier(line["peer_tier"]),
        office_tier=_tier(line["office_tier"]),
        panel=tuple(_number(line[seat]) for seat in PANEL),
        result="",
    )


def _label(category: str, group: str) -> str:
    """Return a 项目 text that is read as this category and group: 重点工作目标 is one of 职能工作目标."""
    return group if canonical(group) == (category, group) else category + group


def _names(names: tuple[str, ...]) -> str:
    return written("、".join(names))


def _number(value: float) -> Value:
    if not isfinite(value):
        return None
    return int(value) if value == int(value) else value


def _tier(value: float) -> Value:
    return words.TIERS[int(value)] if value in words.TIERS else _number(value)


def _make_literal(sheet: Worksheet, total: int) -> None:
    """Make every text a text, whatever it begins with; the layout's own formulas are the sums of the total row."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and not (cell.row == total and cell.data_type == "f"):
                put_text(cell, cell.value)


def _seats(scored: pd.DataFrame, method: Method) -> Iterator[list[str]]:
    """Yield for each row the seats that may count: the empty ones and those with a score on the panel's scale."""
    given = scored[list(PANEL)].notna().to_numpy()
    usable = ~np.isnan(usable_scores(scored, method))
    for filled, counts in zip(given, usable, strict=True):
        yield [seat for seat, out in zip(PANEL, filled & ~counts, strict=True) if not out]


def _finish(sheet: Worksheet, row: int, line: Record, seats: list[int], at: dict[str, int], method: Method) -> None:
    """Write progress and 考评结果 of a row."""
    if "progress" in at:
        progress = line["reported_progress"]
        sheet.cell(row, at["progress"]).number_format = "0%" if round(progress * 100, 9) % 1 == 0 else "0.0%"
    cell = sheet.cell(row, at["result"])
    cell.number_format = "0.00"
    if line["scored_by"] != "panel" and isfinite(line["stated_result"]):
        _put_stated(cell, line)
    elif seats:
        factor = f"*{get_column_letter(at['weight'])}{row}/100" if method.panel_scale == "percent" else ""
        cell.value = f"={result_formulas.mean(row, seats, factor)}"


def _put_stated(cell: Any, line: Record) -> None:
    """Write a stated result; one that is no score, such as one above the weight, as a text, which no sum adds."""
    if isfinite(line["score"]):
        cell.value = line["score"]
    else:
        put_text(cell, f"{line['stated_result']:.12g}")


def _put_total(cell: Any, formula: str) -> None:
    cell.value = f"={formula}"
    cell.number_format = "0.00"
    cell.font = layout.BOLD
