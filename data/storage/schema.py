"""The tables of the store, and the way from an older schema to this one, in SQLite and PostgreSQL.

::

    version ─ base ─► version            content
    id 1, 2, 3 … through all plans       sha256 ─► bytes: originals, tables, findings, plans, methods,
    number 1, 2, 3 … of its plan                   each stored once, however many versions name it
    *_sha256 ──────────────────────────► content
    chain: hash over the row and over the chain of the version before it

    decision_entry: id 1, 2, 3 …; the newest entry of a decision is how it stands; a chain of its own
    journal_entry: id 1, 2, 3 …; who did what when with which result; a chain of its own
    summary: how a version stands under a method, with a digest; can be worked out again
    roster: id 1, 2, 3 …; lists of units as they were uploaded, the newest one counts; a chain of its own
    editor ◄─ session; guess: what changes and is forgotten again; only hashes of passwords and tokens
"""

from collections.abc import Callable

import sqlalchemy as sa

from data.errors import StoreDamaged, StoreUnusable
from scoring.table import STATUSES

NUMBER = 4
PARTS = ("original", "table", "findings", "plan", "method")

METADATA = sa.MetaData()
SCHEMA = sa.Table("schema_number", METADATA, sa.Column("number", sa.Integer, nullable=False), sqlite_strict=True)
CONTENT = sa.Table(
    "content",
    METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
    sqlite_strict=True,
)
VERSION = sa.Table(
    "version",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("base", sa.ForeignKey("version.id"), unique=True),
    sa.Column("data_date", sa.Text, nullable=False),  # 2025-06-30
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("published_at", sa.Text, nullable=False),  # UTC, to the microsecond
    sa.Column("token", sa.Text, nullable=False, unique=True),
    *(sa.Column(f"{part}_sha256", sa.ForeignKey("content.sha256"), nullable=False) for part in PARTS),
    sa.Column("chain", sa.Text, nullable=False),
    sa.UniqueConstraint("plan", "number"),
    sqlite_strict=True,
)

DECISION_ENTRY = sa.Table(
    "decision_entry",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("decision", sa.ForeignKey("decision_entry.id"), nullable=False),  # its first entry
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("serial", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("until", sa.Text),  # 2025-11-30
    sa.Column("decided_on", sa.Text, nullable=False),
    sa.Column("done_on", sa.Text),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("noted_at", sa.Text, nullable=False),  # UTC, to the microsecond
    sa.Column("token", sa.Text, nullable=False, unique=True),
    sa.Column("chain", sa.Text, nullable=False),
    sqlite_strict=True,
)

JOURNAL_ENTRY = sa.Table(
    "journal_entry",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),  # UTC, to the microsecond
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False, index=True),  # where somebody signed in from, else ""
    sa.Column("chain", sa.Text, nullable=False),
    sqlite_strict=True,
)

# REAL is how a strict table of SQLite calls the same 64 bits.
_POINTS: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
SUMMARY = sa.Table(
    "summary",
    METADATA,
    sa.Column("version", sa.ForeignKey("version.id"), primary_key=True),
    sa.Column("method", sa.Text, primary_key=True),  # its fingerprint
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("year", sa.Integer),
    sa.Column("example", sa.Integer, nullable=False),  # 0 or 1
    sa.Column("data_date", sa.Text, nullable=False),
    sa.Column("published_at", sa.Text, nullable=False),
    sa.Column("plan_points", _POINTS),
    sa.Column("indicators", sa.Integer, nullable=False),
    *(sa.Column(name, _POINTS, nullable=False) for name in ("weight", *STATUSES, "scored_weight")),
    sa.Column("score", _POINTS),
    sa.Column("score_low", _POINTS, nullable=False),
    sa.Column("score_high", _POINTS, nullable=False),
    sa.Column("blocking", sa.Integer, nullable=False),
    sa.Column("check", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sqlite_strict=True,
)
ROSTER = sa.Table(
    "roster",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("units", sa.Text, nullable=False),  # JSON: a list of unit, group and file name for each
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("kept_at", sa.Text, nullable=False),  # UTC, to the microsecond
    sa.Column("token", sa.Text, nullable=False, unique=True),
    sa.Column("chain", sa.Text, nullable=False),
    sqlite_strict=True,
)

EDITOR = sa.Table(
    "editor",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # the name as it is looked up
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),  # argon2id, with its salt and parameters
    sa.Column("added_at", sa.Text, nullable=False),
    sa.Column("disabled_at", sa.Text),
    sqlite_strict=True,
)
SESSION = sa.Table(
    "session",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),  # SHA-256 of the token in the browser's cookie
    sa.Column("editor", sa.ForeignKey("editor.id"), nullable=False),
    sa.Column("started_at", sa.Text, nullable=False),
    sa.Column("seen_at", sa.Text, nullable=False),
    sqlite_strict=True,
)
GUESS = sa.Table(
    "guess",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False, index=True),  # keyed hash of the name that was tried
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sqlite_strict=True,
)

# INSERT OR REPLACE deletes rows without firing DELETE triggers, so a row that is there already is guarded at INSERT.
_THERE = {
    "content": "sha256 = NEW.sha256",
    "version": "id = NEW.id OR token = NEW.token OR base = NEW.base OR (plan = NEW.plan AND number = NEW.number)",
    "decision_entry": "id = NEW.id OR token = NEW.token",
    "journal_entry": "id = NEW.id",
    "summary": "version = NEW.version AND method = NEW.method",
    "roster": "id = NEW.id OR token = NEW.token",
}
TRIGGERS = {
    f"{table}_{event.lower()}": (
        f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, 'versions are immutable'); END"
    )
    for table, there in _THERE.items()
    for event, condition in (
        ("UPDATE", ""),
        ("DELETE", ""),
        ("INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {there}) "),
    )
}

# PostgreSQL cannot write a trigger's body into the trigger. Each statement reads as pg_get_triggerdef tells it.
_POSTGRES = {
    "refuse_change": (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'versions are immutable'; END$$"
    )
} | {
    f"{table}_{event.lower()}": (
        f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for table in _THERE
    for event in ("DELETE", "TRUNCATE", "UPDATE")
}


def guards(connection: sa.Connection) -> dict[str, str]:
    """Return the statements that make what refuses changes of what is kept, by the name of each."""
    return TRIGGERS if connection.dialect.name == "sqlite" else _POSTGRES


def _add(*tables: sa.Table) -> Callable[[sa.Connection], None]:
    def added(connection: sa.Connection) -> None:
        for table in tables:
            table.create(connection)
            for name, statement in guards(connection).items():
                if name.startswith(table.name):
                    connection.exec_driver_sql(statement)

    return added


MIGRATIONS: dict[int, Callable[[sa.Connection], None]] = {  # by the number they start from; each goes one step up
    1: _add(DECISION_ENTRY),
    2: _add(JOURNAL_ENTRY, EDITOR, SESSION, GUESS),
    3: _add(SUMMARY, ROSTER),
}


def stored_number(connection: sa.Connection) -> int | None:
    """Return the schema's number, None in an empty database. Raise StoreUnusable where it is not ours."""
    tables = sa.inspect(connection).get_table_names()
    if not tables:
        return None
    if SCHEMA.name not in tables:
        raise StoreUnusable("这是别的程序的数据库，里面没有考评数据。请改用另一个文件名、文件夹或库名。")
    numbers = connection.execute(sa.select(SCHEMA.c.number)).scalars().all()
    if len(numbers) != 1 or not isinstance(numbers[0], int):
        raise StoreDamaged("数据库里没有写明它的结构，已损坏。请另用 python -m data restore 恢复最近的备份。")
    return numbers[0]


def create(connection: sa.Connection) -> None:
    """Create the tables in an empty database."""
    METADATA.create_all(connection)
    for statement in guards(connection).values():
        connection.exec_driver_sql(statement)
    connection.execute(sa.insert(SCHEMA).values(number=NUMBER))


def check(number: int) -> None:
    """Raise StoreUnusable for a schema that this release cannot read or bring up to date."""
    if number > NUMBER:
        raise StoreUnusable(
            f"数据库是更新版本的产品写的（结构{number}，本产品只认到{NUMBER}）。请改用新版产品打开；数据没有变动。"
        )
    if any(step not in MIGRATIONS for step in range(number, NUMBER)):
        raise StoreUnusable(
            f"数据库的结构太旧（结构{number}），本产品无法升级它。请先用较早的版本打开一次；数据没有变动。"
        )


def migrate(connection: sa.Connection, number: int) -> None:
    """Bring an older schema up to date, step by step."""
    for step in range(number, NUMBER):
        MIGRATIONS[step](connection)
    connection.execute(sa.update(SCHEMA).values(number=NUMBER))
