"""Stores for tests: fictional versions drawn as text, published without the child process that parses files."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from data.reader import Reading
from data.storage import canonical, drafting
from data.storage.keeping import Contents, Draft
from data.storage.schema import METADATA, TRIGGERS
from data.store import Store
from data.versions import Version
from scoring.targets import Target
from tests.forms import YEAR, counted_once, drawn
from tests.postgres import SUPERUSER

ADDED = {  # tables, by schema number
    2: ("decision_entry",),
    3: ("guess", "session", "editor", "journal_entry"),
    4: ("summary", "roster"),
}
PLAN = "示例市林业局 2025"
OTHER = "示例市水利局 2025"
SMALL = """
序号 | 二级指标         | 权重 | 时限     | 科室   | 完成情况       | 进度
1-1  | 造林5000亩       | 4    | 12月底前 | 造林科 | 已造林2000亩   | 40%
1-2  | 抚育森林1.2万亩  | 3    | 12月底前 | 造林科 |                |
"""


# For what is about the file itself, or about how one database and not the other behaves.
only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
only_postgres = pytest.mark.parametrize("database", ["postgres"], indirect=True)
on_server: Callable[[Path], str] | None = None  # set by the fixture ``database`` while a test runs on PostgreSQL


def url(path: Path) -> str:
    """Return the address of the store that a test calls by this path; a file that is there is always SQLite's."""
    return on_server(path) if on_server and not path.is_file() else f"sqlite:///{path}"


@contextmanager
def behind(path: Path) -> Iterator[sa.Connection]:
    """Give a transaction behind the product's back, with every right."""
    parts = sa.make_url(url(path))
    if parts.get_backend_name() == "postgresql":
        parts = parts.set(drivername="postgresql+psycopg", username=SUPERUSER)
    with sa.create_engine(parts, poolclass=NullPool).begin() as connection:
        yield connection


@contextmanager
def tampering(path: Path) -> Iterator[sa.Connection]:
    """Give a transaction without our protections, and put them back afterwards as a careful forger would."""
    with behind(path) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")  # no trigger fires in this session
            yield connection
            return
        for name in TRIGGERS:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield connection
        for statement in TRIGGERS.values():
            connection.exec_driver_sql(statement)


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that a store's tables hold."""
    with behind(path) as connection:
        every = [(name, sa.select(table).order_by(*table.primary_key)) for name, table in METADATA.tables.items()]
        return {name: [*map(tuple, connection.execute(query))] for name, query in every}


def opened(folder: Path, name: str = "看板.db") -> Store:
    """Return the store in a folder."""
    return Store.open(url(folder / name))


def contents(
    drawing: str,
    day: date,
    base: pd.DataFrame | None = None,
    original: bytes | None = None,
    stated: tuple[Target, ...] = (),
) -> Contents:
    """Return the parts of a version whose table is drawn; ``stated`` are the first row's targets in the sheet 量化目标."""
    form = drawn(drawing)
    table = counted_once(form)
    table.at[table.index[0], "targets"] = stated
    reading = Reading(table, (), None, YEAR, form)
    return drafting.contents_of(reading, original or drawing.encode(), drafting.first_plan(PLAN, day), base, day)


def draft(
    parts: Contents, base: int | None, token: str, *, plan: str = PLAN, author: str = "甲", **words: str
) -> Draft:
    """Return a draft that says only what a test is about."""
    day = date.fromisoformat(words.get("day", "2025-04-30"))
    return Draft(plan, base, day, author, words.get("note", ""), words.get("filename", "考评表.xlsx"), token, parts)


def published(store: Store, drawing: str, day: str, token: str | None = None, plan: str = PLAN) -> Version:
    """Publish what is drawn on the plan's newest version."""
    newest = store.latest(plan)
    base = None if newest is None else store.table(newest.id)
    parts = contents(drawing, date.fromisoformat(day), base)
    number = newest.number + 1 if newest else 1
    return store._keep(draft(parts, newest and newest.id, token or f"{plan} {number}", plan=plan, day=day))


def held(store: Store) -> dict[int, tuple[object, ...]]:
    """Return everything that a store gives away about its versions, by id."""
    every = [version for plan in store.plans() for version in store.versions(plan)]
    return {
        each.id: (
            each,
            store.original(each.id),
            canonical.table_bytes(store.table(each.id)),
            store.findings(each.id),
            store.plan(each.id),
            store.method(each.id),
        )
        for each in every
    }


def back_to_schema(path: Path, number: int) -> None:
    """Make a store what an earlier release left."""
    with closing(sqlite3.connect(path)) as connection:
        for table in (table for step, tables in ADDED.items() if step > number for table in tables):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE schema_number SET number = ?", (number,))
        connection.commit()
