"""The plans and their versions: the one interface that the pages ask.

``ShippedVersions`` answers from the workbooks that ship with the product; whatever keeps published versions answers
the same questions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from threading import Lock
from typing import Protocol

import pandas as pd

from data.carry_over import carry_over
from data.checks import against_previous
from data.findings import Finding
from data.form import Form
from data.plan import TABLES, Plan, shipped
from data.reader import Reading, read_workbook


@dataclass(frozen=True)
class Version:
    """One immutable version of a plan's table. ``base`` is the id of the version it was made from."""

    id: int
    plan: str
    number: int
    base: int | None
    data_date: date
    author: str
    note: str
    filename: str
    sha256: str
    published_at: datetime


class Versions(Protocol):
    """Plans, their versions, and what each version holds."""

    def plans(self) -> tuple[str, ...]:
        """Return the plans' names, the one to open first at the head."""

    def versions(self, plan: str) -> tuple[Version, ...]:
        """Return a plan's versions, newest first."""

    def latest(self, plan: str) -> Version | None:
        """Return a plan's newest version, None where it has none."""

    def version(self, version_id: int) -> Version:
        """Return one version. Raises KeyError for an id that does not exist."""

    def original(self, version_id: int) -> bytes:
        """Return the workbook's bytes as they came."""

    def table(self, version_id: int) -> pd.DataFrame:
        """Return the table with what was carried over from earlier versions (沿用), ``scoring.table.COLUMNS``."""

    def form(self, version_id: int) -> Form:
        """Return the table as printed: its cells, 项目 labels and sums."""

    def findings(self, version_id: int) -> tuple[Finding, ...]:
        """Return what was found in the version's workbook."""

    def plan(self, version_id: int) -> Plan:
        """Return the plan as it was kept with the version."""


class ShippedVersions:
    """The plans that ship with the product, each of its dated workbooks a version; ids count through all plans."""

    def __init__(self, plans: tuple[Plan, ...] | None = None) -> None:
        self._plans = shipped() if plans is None else plans
        self._versions = tuple(_numbered(self._plans))
        self._lock = Lock()
        self._readings: dict[int, Reading] = {}
        self._tables: dict[int, pd.DataFrame] = {}

    def plans(self) -> tuple[str, ...]:
        """Return the plans' names, the one to open first at the head."""
        return tuple(plan.name for plan in self._plans)

    def versions(self, plan: str) -> tuple[Version, ...]:
        """Return a plan's versions, newest first."""
        return tuple(version for version in reversed(self._versions) if version.plan == plan)

    def latest(self, plan: str) -> Version | None:
        """Return a plan's newest version, None where it has none."""
        return next(iter(self.versions(plan)), None)

    def version(self, version_id: int) -> Version:
        """Return one version. Raises KeyError for an id that does not exist."""
        if not 1 <= version_id <= len(self._versions):
            raise KeyError(version_id)
        return self._versions[version_id - 1]

    def original(self, version_id: int) -> bytes:
        """Return the workbook's bytes as they came."""
        return (TABLES / self.version(version_id).filename).read_bytes()

    def table(self, version_id: int) -> pd.DataFrame:
        """Return the table with what was carried over from earlier versions; the caller must not change it."""
        with self._lock:
            return self._table(version_id)

    def form(self, version_id: int) -> Form:
        """Return the table as printed; the caller must not change it."""
        with self._lock:
            return self._reading(version_id).form

    def findings(self, version_id: int) -> tuple[Finding, ...]:
        """Return what was found in the version's workbook, then what its base version tells about it."""
        with self._lock:
            base, found = self.version(version_id).base, self._reading(version_id).findings
            if base is None:
                return found
            return found + against_previous(self._reading(version_id).table, self._table(base))

    def plan(self, version_id: int) -> Plan:
        """Return the plan as it was kept with the version."""
        return next(plan for plan in self._plans if plan.name == self.version(version_id).plan)

    def _reading(self, version_id: int) -> Reading:
        if version_id not in self._readings:
            version = self.version(version_id)
            self._readings[version_id] = read_workbook(self.original(version_id), version.filename)
        return self._readings[version_id]

    def _table(self, version_id: int) -> pd.DataFrame:
        if version_id not in self._tables:
            version = self.version(version_id)
            base = None if version.base is None else self._table(version.base)
            self._tables[version_id] = carry_over(self._reading(version_id).table, base, version.data_date)
        return self._tables[version_id]


def _numbered(plans: tuple[Plan, ...]) -> Iterator[Version]:
    version_id = 0
    for plan in plans:
        for number, issue in enumerate(plan.issues, start=1):
            version_id += 1
            yield Version(
                id=version_id,
                plan=plan.name,
                number=number,
                base=version_id - 1 if number > 1 else None,
                data_date=issue.data_date,
                author=issue.author,
                note=issue.note,
                filename=issue.file,
                sha256=sha256((TABLES / issue.file).read_bytes()).hexdigest(),
                published_at=datetime.combine(issue.data_date, time()),
            )
