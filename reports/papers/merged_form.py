"""合并填报: the filled-in sheets of the departments as one evaluation table, ready for the usual upload."""

import io
from datetime import date

import pandas as pd
from openpyxl import Workbook, load_workbook

from data.plan import Plan
from data.reading import target_sheet
from data.tables import layout
from reports.imprint import Imprint
from reports.papers import official_form
from reports.papers.problem_list import put_text
from reports.targets import SIGNS
from scoring import Method, score
from scoring.targets import Target

HEADINGS = ("序号", "目标", "比较", "目标值", "单位", "实际值", "佐证")


def write(table: pd.DataFrame, method: Method, plan: Plan, *, as_of: date) -> bytes:
    """Return a merged table (``data.merging.Merged.table``) as the clean official form, the same bytes for the same input.

    Targets of the table stand on a sheet 量化目标; a table without any has no such sheet. A stated 考评结果 stays as it
    was typed, also beside panel scores.
    """
    imprint = Imprint(plan.name, example=plan.example)
    scored, result = score(table, method, as_of=as_of), table["stated_result"]
    typed = {
        "scored_by": scored["scored_by"].mask(result.notna(), "stated"),
        "score": scored["score"].where(result.isna(), result),
    }
    content = official_form.write(scored.assign(**typed), method, plan=plan, imprint=imprint)
    rows = zip(table["serial"], table["targets"], strict=True)
    lines = [_line(serial, target) for serial, targets in rows for target in targets]
    if not lines:
        return content
    book: Workbook = load_workbook(io.BytesIO(content))
    sheet = book.create_sheet(target_sheet.NAME)
    for number, line in enumerate([HEADINGS, *lines], start=1):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(number, column)
            if isinstance(value, str):
                put_text(cell, value)
            else:
                cell.value = value
    layout.landscape(sheet)
    return layout.canonical(book)


def _line(serial: str, target: Target) -> tuple[object, ...]:
    sign = SIGNS[target.comparator]
    return serial, target.measure, sign, target.value, target.unit, target.actual, target.evidence
