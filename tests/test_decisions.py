"""议定事项 in the store: kept once, by whom the session names, never overwritten, never changed unseen."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from data.decisions import Decision
from data.errors import DecisionInvalid
from data.storage import deciding, schema
from data.store import Store
from reports import decisions
from scoring.errors import DashboardError
from tests.stores import (
    OTHER,
    PLAN,
    SMALL,
    back_to_schema,
    behind,
    held,
    only_sqlite,
    opened,
    published,
    tampering,
)

pytestmark = pytest.mark.usefixtures("database")

DAY = date(2025, 10, 20)
PLANTING = Decision(0, PLAN, "1-1", "11月底前补种1500亩", "造林科", date(2025, 11, 30), DAY, "甲")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened(tmp_path)


def decided(store: Store, decision: Decision = PLANTING, token: str = "一") -> Decision:
    return store.decide(decision, token=token)


def test_a_decision_is_kept_as_it_was_made(store: Store):
    kept = decided(store)
    assert kept == replace(PLANTING, id=1)
    assert store.decisions(PLAN) == (kept,)
    assert store.decisions(OTHER) == ()


def test_the_same_token_twice_keeps_one(store: Store):
    assert decided(store) == decided(store)
    assert len(store.decisions(PLAN)) == 1


def test_a_decision_ticked_off_and_opened_again_is_one_decision(store: Store):
    kept = decided(store)
    done = store.decide(replace(kept, done_on=date(2025, 11, 20)), token="二")
    assert (done.id, done.open) == (kept.id, False)
    assert store.decisions(PLAN) == (done,)
    assert store.decide(replace(done, done_on=None), token="三").open


def test_decisions_stand_in_the_order_in_which_they_were_made(store: Store):
    first = decided(store)
    second = decided(store, replace(PLANTING, text="请财务科先垫付"), "二")
    changed = store.decide(replace(first, text="12月10日前补种1500亩"), token="三")
    assert store.decisions(PLAN) == (changed, second)


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "字" * 301])
def test_a_decision_that_says_nothing_or_too_much_is_refused(store: Store, text: str):
    with pytest.raises(DecisionInvalid, match="没有保存"):
        decided(store, replace(PLANTING, text=text))
    assert store.decisions(PLAN) == ()


def test_a_decision_that_another_plan_made_cannot_be_changed_from_this_one(store: Store):
    kept = decided(store)
    with pytest.raises(DecisionInvalid, match="没有这条"):
        store.decide(replace(kept, plan=OTHER), token="二")


def test_private_numbers_never_reach_a_decision(store: Store):
    kept = decided(store, replace(PLANTING, text="请联系13812340686", who="李明13812340686"))
    assert "13812340686" not in kept.text + kept.who


def test_the_session_names_who_noted_it_and_may_refuse(store: Store):
    class Ended(DashboardError):
        pass

    def ended(_: sa.Connection) -> str:
        raise Ended

    assert store.decide(PLANTING, token="一", session=lambda _: "乙").author == "乙"
    with pytest.raises(Ended):
        store.decide(PLANTING, token="二", session=ended)
    assert len(store.decisions(PLAN)) == 1


@pytest.mark.parametrize("statement", ["UPDATE decision_entry SET text = 'x'", "DELETE FROM decision_entry"])
def test_an_entry_can_be_neither_changed_nor_removed(store: Store, tmp_path: Path, statement: str):
    kept = decided(store)
    with behind(tmp_path / "看板.db") as connection, pytest.raises(sa.exc.DBAPIError, match="immutable"):
        connection.exec_driver_sql(statement)
    assert store.decisions(PLAN) == (kept,)


@only_sqlite
def test_an_entry_cannot_be_replaced(store: Store, tmp_path: Path):
    statement = "REPLACE INTO decision_entry SELECT * FROM decision_entry"
    test_an_entry_can_be_neither_changed_nor_removed(store, tmp_path, statement)


@pytest.mark.parametrize("column", [column.name for column in schema.DECISION_ENTRY.c])
@pytest.mark.parametrize("entry", [1, 2])
def test_a_changed_value_of_any_entry_is_found(store: Store, tmp_path: Path, column: str, entry: int):
    kept = decided(store)
    store.decide(replace(kept, done_on=date(2025, 11, 20)), token="二")
    assert store.verify() == ()
    changed = f"{column} + 7" if column in ("id", "decision") else f"coalesce({column}, '') || '0'"
    with tampering(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql(f"UPDATE decision_entry SET {column} = {changed} WHERE id = {entry}")
    assert store.verify() != ()


def test_a_removed_entry_is_found_where_another_follows(store: Store, tmp_path: Path):
    kept = decided(store)
    store.decide(replace(kept, done_on=date(2025, 11, 20)), token="二")
    with tampering(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql("DELETE FROM decision_entry WHERE id = 1")
    assert store.verify() != ()


def test_decisions_neither_lengthen_nor_change_the_versions(store: Store):
    published(store, SMALL, "2025-04-30")
    before = held(store), store.head()
    decided(store)
    assert (held(store), store.head()) == before


@only_sqlite
def test_a_store_from_before_decisions_takes_them_after_its_migration(store: Store, tmp_path: Path):
    published(store, SMALL, "2025-04-30")
    back_to_schema(tmp_path / "看板.db", 1)
    migrated = opened(tmp_path)
    assert migrated.verify() == ()
    assert held(migrated) == held(store)
    assert migrated.decisions(PLAN) == ()
    decided(migrated)
    assert migrated.verify() == ()


def test_a_backup_holds_the_decisions_too(store: Store, tmp_path: Path):
    kept = decided(store)
    store.backup(tmp_path / "备份.db")
    assert opened(tmp_path, "备份.db").decisions(PLAN) == (kept,)


def test_a_chain_covers_every_column():
    row = {column.name: 0 for column in schema.DECISION_ENTRY.c}
    chains = {deciding.chained("", row | {column.name: 1}) for column in schema.DECISION_ENTRY.c}
    assert len(chains) == len(schema.DECISION_ENTRY.c)  # each column its own; the chain's own column changes nothing


@pytest.mark.parametrize(
    ("said", "status", "shown"),
    [
        ("约谈企业", "on_pace", "约谈企业"),
        ("", "behind", "11月底前补种1500亩"),
        ("", "on_pace", "11月底前补种1500亩"),
    ],
)
def test_the_next_step_is_the_table_s_else_what_was_decided(said: str, status: str, shown: str):
    row = SimpleNamespace(serial="1-1", next_step=said, status=status)
    assert decisions.step(row, (PLANTING,)) == decisions.next_step(row, (PLANTING,)) == shown


def test_only_what_is_late_or_behind_is_left_to_the_meeting():
    late, well = (SimpleNamespace(serial="1-2", next_step="", status=status) for status in ("overdue", "on_pace"))
    assert (decisions.step(late, (PLANTING,)), decisions.step(well, (PLANTING,))) == (decisions.TO_BE_DECIDED, "")


def test_what_is_ticked_off_is_no_next_step():
    row = SimpleNamespace(serial="1-1", next_step="", status="behind")
    assert decisions.next_step(row, (replace(PLANTING, done_on=DAY),)) == decisions.TO_BE_DECIDED
