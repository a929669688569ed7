"""Stores for tests: fictional versions drawn as text, published without the child process that parses files."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pandas as pd

from data import canonical, drafting
from data.keeping import Contents, Draft
from data.reader import Reading
from data.store import Store
from data.versions import Version
from scoring.targets import Target
from tests.forms import YEAR, counted_once, drawn

ADDED = {2: ("decision_entry",), 3: ("guess", "session", "editor", "journal_entry")}  # tables, by schema number
PLAN = "示例市林业局 2025"
OTHER = "示例市水利局 2025"
SMALL = """
序号 | 二级指标         | 权重 | 时限     | 科室   | 完成情况       | 进度
1-1  | 造林5000亩       | 4    | 12月底前 | 造林科 | 已造林2000亩   | 40%
1-2  | 抚育森林1.2万亩  | 3    | 12月底前 | 造林科 |                |
"""


def url(path: Path) -> str:
    """Return the address of a database file."""
    return f"sqlite:///{path}"


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
