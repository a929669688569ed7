"""The workbook that a table was read from: where each indicator stands in it, and what stands there already."""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.cells import CellError, Sheet, Value, Workbook
from data.formats.cell_edits import Entry, Formula, Place
from data.reading.form import Form, Sum
from reports.papers import result_formulas
from scoring import Method
from scoring.score import usable_scores
from scoring.table import PANEL

_REPEATED_BUT_FOR = ["category", "group", "basis", "sheet", "row", "block"]  # as data.reader counts rows once


@dataclass(frozen=True)
class Printed:
    """An indicator of the scored table in a row of the form.

    ``values`` are its scored columns; ``seats`` names the panel scores that count; ``again`` marks a row that only
    repeats another and is in no sum.
    """

    index: int
    values: dict[Hashable, Any]
    seats: tuple[str, ...]
    again: bool

    @property
    def score(self) -> float:
        """Return the points given, NaN where nothing is scored."""
        return float(self.values["score"])


@dataclass(frozen=True)
class Filled:
    """An entry for a blank cell: what it shows, and why it stands there."""

    place: Place
    entry: Entry
    shown: str
    why: str


class Original:
    """The cells of a workbook by the fields of its form."""

    def __init__(self, book: Workbook, form: Form) -> None:
        self.form = form
        self.sheets = {sheet.name: sheet for sheet in book.sheets}
        self._covered = {sheet.name: _covered(sheet) for sheet in book.sheets}
        self._lines = dict(zip(form.rows.index, form.rows.to_dict("records"), strict=True))

    def cell(self, index: int, field: str) -> Place | None:
        """Return where a field of a printed row stands, None where the sheet has no such column."""
        line = self._lines[index]
        column = self.form.columns[line["block"]].get(field)
        return (line["sheet"], int(line["row"]), column) if column else None

    def value(self, place: Place) -> Value:
        """Return what a cell shows, as far as the file tells."""
        return self.sheets[place[0]].value(*place[1:])

    def formula(self, place: Place) -> str:
        """Return a cell's formula, "" where it has none."""
        return self.sheets[place[0]].formulas.get(place[1:], "")

    def blank(self, place: Place) -> bool:
        """Tell whether a cell may be filled: no value, no formula, and not below a merged one."""
        value = self.value(place)
        empty = value is None or (isinstance(value, str) and not isinstance(value, CellError) and not value.strip())
        return empty and not self.formula(place) and place[1:] not in self._covered[place[0]]

    def total_cell(self, line: Sum) -> Place | None:
        """Return where 考评结果 of a sum's row stands, None where the sheet has no such column."""
        above = self.form.rows["block"].iloc[max(line.after, 1) - 1]
        column = self.form.columns[above].get("stated_result")
        return (line.sheet, int(re.sub(r"\D", "", line.cell)), column) if column else None

    def sum_of(self, printed: tuple[Printed, ...], sheet: str) -> Formula | None:
        """Return the sum of 考评结果, each indicator once, as it stands in a sheet; None where it cannot be written."""
        cells = [self.cell(row.index, "stated_result") for row in printed if not row.again]
        places = [place for place in cells if place]
        if not places or len(places) < len(cells):
            return None
        errors = any(self.formula(each) or isinstance(self.value(each), CellError) for each in places)
        text = result_formulas.total(places, sheet, errors=errors)
        return Formula(text) if text else None

    def printed(self, scored: pd.DataFrame, method: Method) -> tuple[Printed, ...]:
        """Return every row of the form in which an indicator of the scored table stands, in the table's order.

        An indicator whose row says another serial or another text now stands nowhere.
        """
        rows = self.form.rows
        kept = rows.drop(columns=_REPEATED_BUT_FOR)
        alike = kept.groupby(list(kept.columns), dropna=False, sort=False).ngroup()
        together = {number: list(rows) for number, rows in alike.groupby(alike).groups.items()}
        at = {(line["sheet"], line["row"]): index for index, line in self._lines.items()}
        counting = ~np.isnan(usable_scores(scored, method))
        found = []
        for values, counts in zip(scored.to_dict("records"), counting, strict=True):
            first = at.get((values["sheet"], values["row"]))
            if first is None or any(values[name] != self._lines[first][name] for name in ("serial", "indicator")):
                continue
            seats = tuple(seat for seat, used in zip(PANEL, counts, strict=True) if used)
            found += [Printed(index, values, seats, index != first) for index in together[alike[first]]]
        return tuple(found)


def _covered(sheet: Sheet) -> frozenset[tuple[int, int]]:
    return frozenset(
        (row, column)
        for top, left, bottom, right in sheet.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    )
