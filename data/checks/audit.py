"""What every check is given: the form as printed, the plan where there is one, and the rows as plain lines.

The lines are made once. A loop over a few dozen of them costs a fraction of what small operations on a table do, and
every check stays linear on a long one.
"""

import math
from collections import namedtuple
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from data.plan import Plan
from data.reading.form import Form
from scoring.completion import Statements, read_all
from scoring.method import Method
from scoring.standing import Standings, of_table

Line = Any  # a row as a named tuple of scoring.table.COLUMNS; Index is the form's


@dataclass(frozen=True)
class Audit:
    """``lines`` are the rows that are scored, ``printed`` all rows of the form; ``table`` holds ``lines``.

    ``blocks`` has the number of the header above each row, by the row's index.
    """

    form: Form
    table: pd.DataFrame
    plan: Plan | None
    lines: tuple[Line, ...]
    printed: tuple[Line, ...]

    blocks: Mapping[Hashable, float]

    @cached_property
    def statements(self) -> Statements:
        """Return what the rows' reports say in words, by the default rules."""
        return read_all(self.table["completion"], Method.default())

    @cached_property
    def standings(self) -> Standings:
        """Return how the rows' targets stand, by the default rules and without a calendar."""
        return of_table(self.table, Method.default())

    def has(self, field: str) -> bool:
        """Tell whether some header of the form has a column for the field."""
        return any(field in block for block in self.form.columns)


def audit_of(form: Form, table: pd.DataFrame, plan: Plan | None) -> Audit:
    """Return what the checks are given."""
    lines, printed = lines_of(table), lines_of(form.rows)
    return Audit(form, table, plan, lines, printed, {line.Index: line.block for line in printed})


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
