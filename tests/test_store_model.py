"""The store against a small model of it: whatever editors do in whatever order, both say the same."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from data.store import StalePublish
from tests.stores import OTHER, PLAN, contents, draft, opened

SERIALS = ("1-1", "1-2", "1-3")
START = date(2025, 1, 31)
Report = tuple[str, str]  # what is known of a row, and when it was said; both "" where nothing is
Rows = tuple[Report, ...]

plans = st.sampled_from([PLAN, OTHER])
texts = st.tuples(*(st.sampled_from(["", "", "撤回", "已办2期", "已完成"]) for _ in SERIALS))


@dataclass(frozen=True)
class Kept:
    """One version as the model knows it."""

    id: int
    plan: str
    number: int
    base: int | None
    rows: Rows
    original: bytes


def carried(texts: tuple[str, ...], base: Rows | None, day: str) -> Rows:
    """沿用 in three lines."""
    before = base or (("", ""),) * len(texts)
    known = zip(texts, before, strict=True)
    return tuple(("", "") if text == "撤回" else (text, day) if text else old for text, old in known)


class Model:
    """What a store promises, without a store."""

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self.tokens: dict[str, Kept] = {}

    def of(self, plan: str) -> list[Kept]:
        return [each for each in self.kept if each.plan == plan]

    def newest(self, plan: str) -> Kept | None:
        return next(reversed(self.of(plan)), None)

    def keep(self, plan: str, rows: Rows, original: bytes, token: str) -> Kept:
        newest = self.newest(plan)
        number, base = (newest.number + 1, newest.id) if newest else (1, None)
        self.tokens[token] = Kept(len(self.kept) + 1, plan, number, base, rows, original)
        self.kept.append(self.tokens[token])
        return self.tokens[token]


class Editors(RuleBasedStateMachine):
    """Editors who publish, restore, click twice, come too late and restart the product."""

    tokens = Bundle("tokens")
    opened_pages = Bundle("opened_pages")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = opened(self.folder)
        self.model = Model()
        self.turn = 0

    def teardown(self) -> None:
        try:
            assert self.store.verify() == ()
        finally:
            shutil.rmtree(self.folder)

    @rule(target=opened_pages, plan=plans)
    def open_page(self, plan: str) -> tuple[str, int | None]:
        newest = self.store.latest(plan)
        return plan, newest.id if newest else None

    @rule(target=tokens, page=consumes(opened_pages), texts=texts)
    def publish(self, page: tuple[str, int | None], texts: tuple[str, ...]) -> str:
        """Publish on what a page showed, which may be stale by now."""
        plan, base = page
        self.turn += 1
        token, day, newest = f"第{self.turn}次", START + timedelta(days=self.turn), self.model.newest(plan)
        drawing = "序号 | 二级指标 | 权重 | 完成情况\n" + "\n".join(
            f"{serial} | 指标 | 1 | {text}" for serial, text in zip(SERIALS, texts, strict=True)
        )
        original = f"{self.turn % 3} {drawing}".encode()  # sometimes the same bytes again
        table = None if base is None else self.store.table(base)
        parts = contents(drawing, day, table, original)
        attempt = draft(parts, base, token, plan=plan, day=day.isoformat())
        if base == (newest and newest.id):
            rows = carried(texts, newest and newest.rows, day.isoformat())
            assert self.store._keep(attempt).id == self.model.keep(plan, rows, original, token).id
        else:
            with pytest.raises(StalePublish) as refused:
                self.store._keep(attempt)
            assert refused.value.winner == self.store.latest(plan)
        return token

    @rule(target=tokens, data=st.data(), late=st.booleans())
    def restore(self, data: st.DataObject, late: bool) -> str:
        """Restore any version, on the newest or, too late, on the one before it."""
        self.turn += 1
        token = f"第{self.turn}次"
        if not self.model.kept:
            return token
        old = data.draw(st.sampled_from(self.model.kept))
        newest = self.model.newest(old.plan)
        assert newest is not None
        said = {"author": "乙", "note": "", "token": token}
        if late:
            with pytest.raises(StalePublish) as refused:
                self.store.restore(old.id, base=newest.base, **said)
            assert refused.value.winner == self.store.latest(old.plan)
        else:
            version = self.store.restore(old.id, base=newest.id, **said)
            assert version.id == self.model.keep(old.plan, old.rows, old.original, token).id
        return token

    @rule(token=tokens)
    def click_again(self, token: str) -> None:
        """The answer was lost, so the same publish comes once more: nothing happens, and its version is told."""
        known = self.model.tokens.get(token)
        if known:
            parts = contents("序号 | 二级指标 | 权重\n9 | 另一份 | 1", START)
            assert self.store._keep(draft(parts, known.base, token, plan=known.plan)).id == known.id

    @rule()
    def restart(self) -> None:
        self.store = opened(self.folder)

    @invariant()
    def both_know_the_same_versions(self) -> None:
        for plan in (PLAN, OTHER):
            versions = [(each.id, each.plan, each.number, each.base) for each in self.store.versions(plan)]
            assert versions == [(each.id, each.plan, each.number, each.base) for each in reversed(self.model.of(plan))]

    @invariant()
    def both_know_the_same_of_the_newest_and_the_first(self) -> None:
        for each in {*self.model.kept[:1], *self.model.kept[-1:]}:
            assert reports(self.store.table(each.id)) == each.rows
            assert self.store.original(each.id) == each.original


def reports(table: pd.DataFrame) -> Rows:
    said = table["reported_on"].dt.strftime("%Y-%m-%d").fillna("")
    return tuple(zip(table["completion"], said, strict=True))


def explored(examples: int) -> None:
    run_state_machine_as_test(
        Editors,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),  # a step is a few commits to the disk
        ),
    )


def test_the_store_does_what_its_model_does(database: str):
    explored({"sqlite": 20, "postgres": 8}[database])


@pytest.mark.proof
@pytest.mark.usefixtures("database")
def test_the_store_does_what_its_model_does_at_length():
    explored(200)
