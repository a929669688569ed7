"""The scored table written back into the workbook it was read from: what is blank there is filled, nothing replaced.

    ┌ … 全年完成情况 ┬ 自评定档 ┬ … ┬ 1 ┬ 2 ┬ … ┬ 考评结果 ┐
    │   blank: 沿用  │  blank: what the table says  │  blank: the mean of the seats, or the points given
    │   a text stays │  an entry stays              │  a formula stays, also one that shows #DIV/0!
    └ 绩效目标考评得分 ────────────────────────────│  blank: the sum of the rows, each counted once

A sheet 写回说明 tells which cells were filled with what, and where the workbook's own formulas say something else.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from data.formats.cell_edits import Entry, Formula, edited
from reports import words
from reports.imprint import Imprint
from reports.papers import result_formulas, written_back_notes
from reports.papers.original import Filled, Original, Printed
from scoring import Method
from scoring.table import PANEL, TIERS

FIELDS = ("completion", "reported_progress", "evidence", "next_step", "short_name", *TIERS, *PANEL)


def write(scored: pd.DataFrame, method: Method, content: bytes, original: Original, imprint: Imprint) -> bytes:
    """Return the .xlsx with its blank cells filled from the scored table; all else is the original's, byte for byte.

    ``original`` is what was read from the same bytes. An indicator printed several times is filled each time.
    """
    printed = original.printed(scored, method)
    filled = [each for row in printed for each in _row(original, row, method, imprint)]
    filled += _total(original, printed)
    told = written_back_notes.sheet(original, printed, filled, len(scored), imprint)
    return edited(content, {each.place: each.entry for each in filled}, told)


def _row(original: Original, row: Printed, method: Method, imprint: Imprint) -> Iterator[Filled]:
    for field in FIELDS:
        place, entry = original.cell(row.index, field), _entry(field, row.values[field])
        if place and entry != "" and original.blank(place):
            yield Filled(place, entry, str(entry), _why(field, row, imprint))
    place = original.cell(row.index, "stated_result")
    if place and not np.isnan(row.score) and original.blank(place):
        formula = _mean(original, row, place[1], method)
        yield Filled(place, formula or row.score, words.fixed(row.score), words.SCORED_BY[row.values["scored_by"]])


def _entry(field: str, value: object) -> Entry:
    """Return what a field's value looks like in a cell, "" for none. Progress is a text, so that no format shifts it."""
    if isinstance(value, str):
        return value
    if not isinstance(value, float) or not np.isfinite(value):
        return ""
    if field == "reported_progress":
        return f"{value * 100:.10g}%"
    if field in TIERS:
        return words.TIERS[int(value)] if value in words.TIERS else ""
    return value


def _why(field: str, row: Printed, imprint: Imprint) -> str:
    made, day = row.values["reported_on"], imprint.data_date
    if field not in ("completion", "reported_progress") or pd.isna(made) or day is None or made.date() >= day:
        return "按看板的表"
    return f"{words.carried(made.date(), made.date(), day.year)}，不是本期新报"


def _mean(original: Original, row: Printed, line: int, method: Method) -> Formula | None:
    """Return the mean of the seats that count, None where the sheet has no cells for them."""
    seats = [original.cell(row.index, seat) for seat in row.seats]
    columns = [seat[2] for seat in seats if seat]
    if row.values["scored_by"] != "panel" or len(columns) < len(seats):
        return None
    factor = f"*{row.values['weight']!r}/100" if method.panel_scale == "percent" else ""
    return Formula(result_formulas.mean(line, columns, factor))


def _total(original: Original, printed: tuple[Printed, ...]) -> Iterator[Filled]:
    """Yield the sum of 考评结果, where something is scored and the form's one total row lacks it."""
    totals = [line for line in original.form.sums if line.kind == "total"]
    given = [row.score for row in printed if not row.again and not np.isnan(row.score)]
    if len(totals) != 1 or not given:
        return
    place = original.total_cell(totals[0])
    formula = original.sum_of(printed, totals[0].sheet)
    if place and formula and original.blank(place):
        yield Filled(place, formula, words.fixed(sum(given)), "各项考评结果之和，重复印出的只计一次")
