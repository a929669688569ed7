"""What every check is given: the form as printed, the plan where there is one, and the rows as plain lines.

The lines are made once. A loop over a few dozen of them costs a fraction of what small operations on a table do, and
every check stays linear on a long one.
"""

import math
from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Any

import pandas as pd

from data.checks.serials import Parts, parts
from data.plan import Plan
from data.reading.form import Form
from scoring.completion import Statements, read_all
from scoring.method import Method
from scoring.reported import is_measurable
from scoring.standing import Standings, of_table

Responsible = tuple[tuple[str, ...], ...]  # departments, heads, leaders
Line = Any  # a row as a named tuple of scoring.table.COLUMNS; Index is the form's


@dataclass(frozen=True)
class Audit:
    """``printed`` are all rows of the form, ``lines`` those that are scored, which ``table`` holds.

    Each has the ``number`` that its serial is and the ``block``, the number of the header above it.
    """

    form: Form
    table: pd.DataFrame
    plan: Plan | None
    lines: tuple[Line, ...]
    printed: tuple[Line, ...]

    @cached_property
    def statements(self) -> Statements:
        """Return what the rows' reports say in words, by the default rules."""
        return read_all(self.table["completion"], Method.default())

    @cached_property
    def standings(self) -> Standings:
        """Return how the rows' targets stand, by the default rules and without a calendar.

        A text's own targets are left out where the report can measure none: there they contradict nothing.
        """
        told = {report: is_measurable(report) for report in self.table["completion"].unique().tolist()}
        measured = self.table["indicator"].where(self.table["completion"].map(told), "")
        return of_table(self.table.assign(indicator=measured), Method.default())

    @cached_property
    def responsible(self) -> Mapping[Responsible, Sequence[Line]]:
        """Return the rows by who answers for them, in the order in which each combination first stands."""
        found: dict[Responsible, list[Line]] = {}
        for line in self.lines:
            found.setdefault((line.departments, line.heads, line.leaders), []).append(line)
        return found

    @cached_property
    def counts(self) -> list[list[Line]]:
        """Return the rows by the count they belong to.

        A count starts again with 1 below another label, and a plain 1, 2, 3 wherever it says 1 again.
        """
        found: list[list[Line]] = []
        last: Parts = ()
        place = ("", "", "")
        for line in self.lines:
            own = (line.sheet, line.category, line.group)
            again = bool(line.number) and set(line.number) == {1} and line.number <= last
            if not found or (again and (len(line.number) == 1 or own != place)):
                found.append([])
            last, place = line.number or last, own
            found[-1].append(line)
        return found

    def filled(self, *columns: str) -> tuple[Line, ...]:
        """Return the rows that have a number in one of the columns."""
        return tuple(compress(self.lines, self.table[list(columns)].notna().any(axis=1)))

    def has(self, field: str) -> bool:
        """Tell whether some header of the form has a column for the field."""
        return any(field in block for block in self.form.columns)


def audit_of(form: Form, table: pd.DataFrame, plan: Plan | None) -> Audit:
    """Return what the checks are given."""
    numbers = pd.Series(list(map(parts, form.rows["serial"].tolist())), form.rows.index, dtype="object")
    printed = lines_of(form.rows.assign(number=numbers))
    counted = set(table.index)
    return Audit(form, table, plan, tuple(line for line in printed if line.Index in counted), printed)


def lines_of(table: pd.DataFrame) -> tuple[Line, ...]:
    """Return a table's rows as named tuples, as ``itertuples`` would, which takes texts one by one."""
    line = namedtuple("Line", ["Index", *table.columns])  # type: ignore[misc]  # the columns are known when it runs
    return tuple(map(line._make, zip(table.index, *(table[name].tolist() for name in table), strict=True)))


def is_blank(value: float) -> bool:
    """Tell whether a number is missing."""
    return math.isnan(value)


def weight_of(lines: Iterable[Line]) -> float:
    """Return the points of the rows; as in scoring, a missing or negative weight adds nothing."""
    return math.fsum(line.weight for line in lines if line.weight > 0)
