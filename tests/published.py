"""Versions of tables that a test draws, behind the same interface that the pages ask; and the pages that show them."""

import itertools
import re
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.carry_over import carry_over
from data.decisions import Decision
from data.findings import Finding
from data.plan import Plan, parse
from data.reader import Reading, read_workbook
from data.reading.form import Form
from data.versions import Listed, Version
from tests.drawing import xlsx
from ui import session

FRAME = Path(__file__).resolve().parent.parent / "ui" / "frame.py"
UNIT, YEAR = "某市林业局", 2025
BARE = f'unit = "{UNIT}"\nyear = {YEAR}'
TITLE = f"{YEAR}年度绩效目标考评表\n参评单位：{UNIT}\n"
_ids = itertools.count(9001)  # far from those of the shipped versions, whose scored tables the server keeps


class Published:
    """One plan, ``BARE`` or what its TOML says, and a version for each drawing, a month apart from 30 June."""

    trouble = ""

    def __init__(self, *drawings: str, plan: str = BARE) -> None:
        self._plan: Plan = parse(plan, "test.toml")
        self._readings: dict[int, Reading] = {}
        self._tables: dict[int, pd.DataFrame] = {}
        self._versions: list[Version] = []
        for drawing in drawings:
            self._publish(xlsx(TITLE + drawing))

    def _publish(self, content: bytes) -> None:
        before = self._versions[-1] if self._versions else None
        version = Version(
            id=next(_ids),
            plan=self._plan.name,
            number=before.number + 1 if before else 1,
            base=before.id if before else None,
            data_date=(pd.Timestamp(before.data_date) + pd.offsets.MonthEnd()).date() if before else date(YEAR, 6, 30),
            author="某人",
            note="",
            filename="table.xlsx",
            sha256=sha256(content).hexdigest(),
            published_at=datetime(YEAR, 6, 30),
        )
        reading = read_workbook(content, version.filename)
        base = self._tables[before.id] if before else None
        self._readings[version.id] = reading
        self._tables[version.id] = carry_over(reading.table, base, version.data_date)
        self._versions.append(version)

    def add(self, finding: Finding, count: int = 1) -> None:
        """Add findings to the newest version."""
        newest = self._versions[-1].id
        reading = self._readings[newest]
        self._readings[newest] = replace(reading, findings=(*reading.findings, *[finding] * count))

    def moment(self) -> AbstractContextManager[None]:
        return nullcontext()

    def head(self) -> tuple[int, str]:
        return len(self._versions), ""

    def listed(self) -> tuple[Listed, ...]:
        plan = self._plan
        return tuple(Listed(plan.name, plan.unit, plan.year, plan.example, each.id) for each in self._versions[-1:])

    def roster(self) -> None:
        return None

    def versions(self, plan: str) -> tuple[Version, ...]:
        return tuple(reversed(self._versions))

    def latest(self, plan: str) -> Version | None:
        return next(iter(self.versions(plan)), None)

    def version(self, version_id: int) -> Version:
        return next(version for version in self._versions if version.id == version_id)

    def original(self, version_id: int) -> bytes:
        raise NotImplementedError("no page shows the bytes")

    def table(self, version_id: int) -> pd.DataFrame:
        return self._tables[version_id]

    def form(self, version_id: int) -> Form:
        return self._readings[version_id].form

    def decisions(self, plan: str) -> tuple[Decision, ...]:
        return ()

    def findings(self, version_id: int) -> tuple[Finding, ...]:
        return self._readings[version_id].findings

    def plan(self, version_id: int) -> Plan:
        return self._plan


def publish(monkeypatch: pytest.MonkeyPatch, versions: Published) -> Published:
    """Let the pages ask these versions instead of the shipped ones."""
    monkeypatch.setattr(session, "source", lambda: versions)
    return versions


def opened(address: str) -> AppTest:
    """Open a page by its address, inside the frame, and return it once it stands without an exception."""
    parts = urlsplit(address)
    app = AppTest.from_file(str(FRAME), default_timeout=60).run()
    app.query_params.clear()  # of what the first run chose
    for name, value in parse_qsl(parts.query):
        app.query_params[name] = value
    return stands(app.switch_page(f"../pages/{parts.path.strip('/') or 'overview'}.py").run())


def stands(app: AppTest) -> AppTest:
    assert [error.value for error in app.exception] == []
    return app


def markup(app: AppTest) -> str:
    """Return all HTML of a page."""
    return "\n".join(element.proto.body for element in app.main if element.type == "html")


def headline(app: AppTest) -> str:
    """Return the page's H1 without its colours."""
    (title,) = app.title
    bare = re.sub(r":[a-z]+\[((?:\\.|[^\\\]])*)\]", r"\1", title.value)
    return re.sub(r"\\(.)", r"\1", bare).replace("\u2060", "")
