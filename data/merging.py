"""合并科室填报表: what departments filled in, put together on the version that the sheets were made from.

Rows belong together by serial, else by text. Nothing is chosen between two departments that say different things of one
cell: that is a ``Conflict``, which a person settles. Locked texts are the version's, whatever a sheet says of them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isclose, isnan
from typing import Any, Literal

import numpy as np
import pandas as pd

from data.carry_over import WITHDRAWN
from data.findings import Finding
from data.privacy import mask
from data.reader import Reading
from data.reading.values import compact
from scoring.changes import NOWHERE, Positions, bare, matched
from scoring.standing import targets_of
from scoring.table import UNNAMED, conform
from scoring.targets import Target

TITLE = "绩效目标科室填报表"  # before the department in brackets
FIELDS = ("completion", "reported_progress", "evidence", "next_step", "self_tier")
KEPT = ("evidence", "next_step")  # texts that are the version's where nobody fills them in
ACTUAL, ACTUAL_EVIDENCE = "actual", "actual_evidence"  # of the sheet 量化目标

Value = str | float
Code = Literal[
    "other_plan", "department_unknown", "foreign_row", "unknown_row", "text_changed", "weight_changed", "target_unknown"
]


@dataclass(frozen=True)
class Place:
    """A cell to fill: ``row`` is the indicator's position in the version's table, ``target`` its target's among its own."""

    row: int
    field: str  # one of FIELDS, ACTUAL or ACTUAL_EVIDENCE
    target: int = NOWHERE


@dataclass(frozen=True)
class Answer:
    """What one file says in a cell; ``department`` is "" where the file does not tell whose it is."""

    file: str
    department: str
    value: Value


@dataclass(frozen=True)
class Conflict:
    """A cell of which files say different things; each of them once."""

    place: Place
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Remark:
    """Something in a file that was not taken; ``serial`` names its row, ``detail`` what the file says there."""

    file: str
    code: Code
    serial: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Sheet:
    """A file that was merged: whose it is, how many indicators it fills, up to which day it reports."""

    file: str
    department: str
    rows: int
    data_date: date | None


@dataclass(frozen=True, eq=False)
class Merged:
    """What the files say together. ``base`` is the version's table, its index counted from 0."""

    base: pd.DataFrame
    sheets: tuple[Sheet, ...]
    settled: tuple[tuple[Place, Value], ...]
    conflicts: tuple[Conflict, ...]
    remarks: tuple[Remark, ...]

    @property
    def data_dates(self) -> tuple[date, ...]:
        """Return the different days up to which the files report, in their order."""
        return tuple(sorted({sheet.data_date for sheet in self.sheets if sheet.data_date}))

    def table(self, chosen: Sequence[int] = ()) -> pd.DataFrame:
        """Return the version's table with what was filled in, ``chosen`` of the answers of each conflict.

        What 沿用 covers (text, progress, 实际值) is blank where nobody filled it; evidence, next step and tiers are
        the version's there. 撤回 clears evidence or next step too, and a report that is withdrawn takes its evidence along.
        """
        decided = zip(self.conflicts, chosen, strict=True)
        said = dict(self.settled) | {each.place: each.answers[at].value for each, at in decided}
        table = self.base.assign(completion="", reported_progress=float("nan"))
        for place, value in said.items():
            if place.field in FIELDS:
                table.loc[place.row, place.field] = value
        for row, field in ((place.row, place.field) for place, value in said.items() if value == WITHDRAWN):
            if field in KEPT:
                table.loc[row, field] = ""
            elif field == "completion" and Place(row, "evidence") not in said:
                table.loc[row, "evidence"] = ""
        measured = {place.row for place in said if place.target != NOWHERE}
        stated = [_stated(row, said) if row.Index in measured else () for row in _rows(self.base)]
        return conform(table.assign(targets=pd.Series(stated, table.index, dtype="object")))


def departments(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the departments that lead or join a row, in the order of the table; 未写明 where a row has none."""
    return tuple(dict.fromkeys(name for names in table["departments"] for name in names or (UNNAMED,)))


def belongs(names: tuple[str, ...], department: str) -> bool:
    """Tell whether a row with these departments is one of a department's, or of 未写明."""
    return department in (names or (UNNAMED,))


def merge(base: pd.DataFrame, filled: Iterable[tuple[str, Reading]], plan: str = "") -> Merged:
    """Put filled sheets together, each with its file's name, on the table of the version they were made from.

    A file of another plan than ``plan``, a row of another department and a row that the table does not have are left
    out; each is told in ``remarks``.
    """
    base = conform(base).reset_index(drop=True)
    sheets: list[Sheet] = []
    remarks: list[Remark] = []
    answers: dict[Place, list[Answer]] = {}
    for name, reading in filled:
        own = f"{reading.unit} {reading.year}" if reading.unit and reading.year else plan
        if plan and own != plan:
            remarks.append(Remark(name, "other_plan", detail=own))
            continue
        source = _Source(base, name, reading)
        said = list(source.read())
        remarks += source.remarks
        sheets.append(Sheet(name, source.department, len({place.row for place, _ in said}), reading.data_date))
        for place, value in said:
            answers.setdefault(place, []).append(Answer(name, source.department, value))
    told = {place: _different(said) for place, said in sorted(answers.items(), key=lambda pair: _order(pair[0]))}
    settled = tuple((place, said[0].value) for place, said in told.items() if len(said) == 1)
    conflicts = tuple(Conflict(place, said) for place, said in told.items() if len(said) > 1)
    return Merged(base, tuple(sheets), settled, conflicts, tuple(remarks))


def findings_of(reading: Reading) -> tuple[Finding, ...]:
    """Return what was found in the cells to fill; what an audit says of a part of a table says nothing of the whole."""
    cells = {
        (row.sheet, reading.form.cell(row.Index, field)) for row in _rows(reading.form.rows) for field in FIELDS
    } - {(sheet, "") for sheet in reading.form.sheets()}
    stated = {row.sheet for row in reading.form.stated}
    return tuple(
        finding
        for finding in reading.findings
        if finding.severity != "normalized" and ((finding.sheet, finding.cell) in cells or finding.sheet in stated)
    )


class _Source:
    """One file while it is read; ``remarks`` collects what is not taken."""

    def __init__(self, base: pd.DataFrame, file: str, reading: Reading) -> None:
        self._base = base
        self._file = file
        self._table = reading.table
        self.remarks: list[Remark] = []
        self.department = self._whose(reading.form.title)

    def read(self) -> Iterator[tuple[Place, Value]]:
        """Yield what the file fills in, cell by cell."""
        rows = _rows(self._base)
        for own, at in zip(_rows(self._table), _places(self._base, self._table), strict=True):
            if at == NOWHERE:
                self._tell("unknown_row", own.serial, own.indicator)
            elif not self.department or belongs(rows[at].departments, self.department):
                self._compare(own, rows[at])
                yield from _said(own, rows[at].Index)
                yield from self._actuals(own, rows[at])
            elif any(_said(own, at)) or any(map(_is_told, own.targets)):
                self._tell("foreign_row", own.serial, own.indicator)

    def _whose(self, title: str) -> str:
        """Return the department that the title names, "" where it names none of the table's."""
        found = re.search(rf"{TITLE}\((.+)\)$", compact(title))
        if found is None:
            self._tell("department_unknown")
            return ""
        named = {compact(mask(name)): name for name in departments(self._base)}
        if found[1] not in named:
            self._tell("department_unknown", detail=found[1])
        return named.get(found[1], "")

    def _compare(self, own: Any, row: Any) -> None:
        """Tell where a locked text or weight is not the version's any more."""
        texts = bare(pd.Series([own.indicator, row.indicator]))
        if texts[0] != texts[1]:
            self._tell("text_changed", row.serial, own.indicator)
        alike = own.weight == row.weight or (isnan(own.weight) and isnan(row.weight))
        if not alike and not isclose(own.weight, row.weight * 100):  # few small weights are read as shares of 100
            self._tell("weight_changed", row.serial, f"{own.weight:g}")

    def _actuals(self, own: Any, row: Any) -> Iterator[tuple[Place, Value]]:
        promised = [_promise(target) for target in targets_of(row)]
        for target in filter(_is_told, own.targets):
            if _promise(target) not in promised:
                self._tell("target_unknown", row.serial, f"{target.measure}{target.value:g}{target.unit}")
                continue
            at = promised.index(_promise(target))
            if target.actual is not None:
                yield Place(row.Index, ACTUAL, at), target.actual
            if target.evidence:
                yield Place(row.Index, ACTUAL_EVIDENCE, at), target.evidence

    def _tell(self, code: Code, serial: str = "", detail: str = "") -> None:
        self.remarks.append(Remark(self._file, code, serial, detail))


def _rows(table: pd.DataFrame) -> list[Any]:
    return list(table.itertuples())


def _places(base: pd.DataFrame, table: pd.DataFrame) -> Positions:
    """Return for each row of a file its position in the version's table, ``NOWHERE`` for one that it does not have."""
    serials = list(base["serial"])
    told, own = Counter(serials), Counter(table["serial"])
    by_text = matched(base, table)
    found = [
        serials.index(serial)
        if serial and told[serial] == own[serial] == 1
        else by_text[row]
        if not serial or serial in told
        else NOWHERE
        for row, serial in enumerate(table["serial"])
    ]
    return np.array(found, dtype=np.intp)


def _said(own: Any, row: int) -> Iterator[tuple[Place, Value]]:
    for field in FIELDS:
        value = getattr(own, field)
        if value != "" and value == value:  # NaN is no answer
            yield Place(row, field), value


def _is_told(target: Target) -> bool:
    return target.actual is not None or target.evidence != ""


def _promise(target: Target) -> tuple[str, str, float, str]:
    return compact(mask(target.measure)), target.comparator, round(target.value, 9), compact(target.unit)


def _stated(row: Any, said: dict[Place, Value]) -> tuple[Target, ...]:
    """Return a row's targets with the 实际值 and evidence that were filled in."""
    return tuple(_measured(target, row.Index, at, said) for at, target in enumerate(targets_of(row)))


def _measured(target: Target, row: int, at: int, said: dict[Place, Value]) -> Target:
    actual, evidence = (said.get(Place(row, field, at)) for field in (ACTUAL, ACTUAL_EVIDENCE))
    return replace(target, actual=None if actual is None else float(actual), evidence=str(evidence or ""))


def _different(answers: list[Answer]) -> tuple[Answer, ...]:
    """Return the answers that say something of their own, the first of those that say the same."""
    told: dict[Value, Answer] = {}
    for answer in answers:
        told.setdefault(_content(answer.value), answer)
    return tuple(told.values())


def _content(value: Value) -> Value:
    return compact(value) if isinstance(value, str) else round(value, 9)


def _order(place: Place) -> tuple[int, int, int]:
    return place.row, place.target, (*FIELDS, ACTUAL, ACTUAL_EVIDENCE).index(place.field)
