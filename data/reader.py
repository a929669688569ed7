"""From the cells of a file to the evaluation table: nothing is invented, nothing is dropped in silence."""

import re
from dataclasses import dataclass
from datetime import date

import pandas as pd

from data import checks, plan
from data.cells import Workbook, address
from data.errors import WorkbookRejected
from data.findings import Finding
from data.garbage import uncollected
from data.plan import Plan
from data.reading import data_dates, target_sheet
from data.reading.columns import Row, table_of
from data.reading.form import Form, Sum
from data.reading.labels import Labels
from data.reading.lines import Line, stated_weight
from data.reading.notes import Note, as_findings
from data.reading.scale import WeightScale, weight_scale
from data.reading.sheets import Page, pages_of, target_sheets
from data.reading.titles import unit_of, year_of
from data.workbook import open_workbook
from scoring.table import conform


@dataclass(frozen=True)
class Reading:
    """What was read.

    ``table`` has ``scoring.table.COLUMNS``, one row for each indicator, counted once; ``findings`` stand blocking
    first, below that in the order of the sheet; ``unit`` and ``year`` are None where nobody says them; ``form`` is the
    table as printed; ``data_date`` is what a line 数据截至 above the table says.
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...]
    unit: str | None
    year: int | None
    form: Form
    data_date: date | None = None


def read_workbook(content: bytes, filename: str, *, year: int | None = None, known: Plan | None = None) -> Reading:
    """Read an evaluation table in any layout of the official form.

    ``year`` fills in where neither sheet nor file name tells it. ``known`` tells what serial prefixes and confirmed
    aliases mean; without it, the plan that ships for the unit and year. Raises nothing but ``WorkbookRejected``.
    """
    book = open_workbook(content, filename)
    try:
        with uncollected():
            return _read(book, filename, year, known)
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise WorkbookRejected(
            "unreadable_table",
            "考评表的排列方式读不懂。请把表格复制到空白工作簿中，另存为 .xlsx 再上传。现有数据没有变动。",
        ) from error


def _read(book: Workbook, filename: str, year: int | None, known: Plan | None) -> Reading:
    notes: list[Note] = []
    pages = pages_of(book, year, notes)
    own_year = next(filter(None, (page.year for page in pages)), None) or year_of(filename) or year
    unit = next(filter(None, (unit_of(page.sheet, page.title) for page in pages)), None) or unit_of(None, filename)
    if known is None and unit and own_year:
        known = plan.find(unit, own_year)
    if own_year is None:
        notes.append(Note("year_unknown", pages[0].sheet.name, ""))
    if unit is None:
        notes.append(Note("unit_unknown", pages[0].sheet.name, ""))
    scale = weight_scale(line for page in pages for line in page.lines)
    labels = Labels(known, scale)
    rows, columns, sums = _rows(pages, labels, scale, notes)
    stated = target_sheet.read(target_sheets(book, pages, notes), notes)
    printed = table_of(rows, labels, known, own_year, scale, book.format != "csv", notes)
    printed["targets"] = target_sheet.targets_of(printed, stated)
    form = Form(printed, columns, labels.found(), sums, pages[0].title, unit, own_year, stated)
    table = _counted_once(form.rows)
    findings = [*as_findings(notes), *checks.run(form, table, known)]
    days = (data_dates.stated(page.sheet, page.lines[0].header.first, own_year) for page in pages)
    return Reading(table, _in_order(findings, form), unit, own_year, form, next(filter(None, days), None))


def _rows(
    pages: list[Page], labels: Labels, scale: WeightScale, notes: list[Note]
) -> tuple[list[Row], tuple[dict[str, int], ...], tuple[Sum, ...]]:
    """Sort the lines of all sheets into indicators, labels and sums."""
    rows: list[Row] = []
    sums: list[Sum] = []
    columns: list[dict[str, int]] = []
    for page in pages:
        labels.next_sheet(page.sheet)
        for line in page.lines:
            if line.header.columns not in columns[-1:]:
                columns.append(line.header.columns)
            if line.kind == "indicator":
                label, goal = labels.of(line, len(rows)), labels.goal(line, len(rows))
                rows.append(Row(page.sheet, line, len(columns) - 1, label, goal, []))
            elif line.kind == "subtotal" or line.kind == "total":
                cell = address(line.row, line.header.columns["weight"])
                points = scale.points(stated_weight(line))
                sums.append(Sum(line.kind, line.text, points, page.sheet.name, cell, len(rows)))
            else:
                _aside(page, line, rows, labels, notes)
    return rows, tuple(columns), tuple(sums)


def _aside(page: Page, line: Line, rows: list[Row], labels: Labels, notes: list[Note]) -> None:
    sheet = page.sheet.name
    where = address(line.row, min(line.header.columns.values()))
    if line.kind == "continued" and rows and rows[-1].sheet is page.sheet:
        rows[-1].more.append(line)
        notes.append(Note("continued_row", sheet, where, line.text[:40]))
    elif line.kind == "label":
        labels.section(line, where)
    elif line.kind == "parent":
        labels.parent(line, where)
    else:
        notes.append(Note("unread_row", sheet, where, line.text[:60]))


def _counted_once(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that repeat another, identical but for 项目 and 文件依据, stand once (rule 13)."""
    same = rows.drop(columns=["category", "group", "basis", "sheet", "row", "block"]).duplicated()
    return conform(rows[~same])


def _in_order(findings: list[Finding], form: Form) -> tuple[Finding, ...]:
    severities = {"blocking": 0, "check": 1, "normalized": 2}
    sheets = {name: at for at, name in enumerate(form.sheets())}

    def place(finding: Finding) -> tuple[int, int, int]:
        row = int(re.sub(r"\D", "", finding.cell) or 0)
        return severities[finding.severity], sheets.get(finding.sheet, -1), row

    return tuple(sorted(findings, key=place))
