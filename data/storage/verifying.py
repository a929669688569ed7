"""Is everything kept as it was written? Each fault is a sentence; the database's own check sees but few of them."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import sqlalchemy as sa

from data.storage import accounts, canonical, deciding, journal, keeping, roster, schema, summaries
from data.storage.database import Database
from data.storage.schema import CONTENT, PARTS, VERSION
from data.versions import Version
from scoring.errors import DashboardError

READERS: dict[str, Callable[[bytes], object]] = {
    "original": bytes,
    "table": canonical.table_of,
    "findings": canonical.findings_of,
    "plan": canonical.plan_of,
    "method": bytes.decode,
}


def faults(database: Database) -> tuple[str, ...]:
    """Return what is wrong with a store; empty: all is well. What is published meanwhile may be left for next time."""
    return tuple(
        fault
        for check in (structure, _guards, _rows, _contents, _summaries, _decisions, _accounts)
        for fault in _told(check, database)
    )


def head(database: Database) -> tuple[int, str]:
    """Return the number of versions and the newest chain ("" without one), to be written down outside the database."""
    with database.read() as connection:
        last = connection.execute(sa.select(VERSION).order_by(VERSION.c.id.desc()).limit(1)).mappings().first()
    return (keeping.checked(last)["id"], last["chain"]) if last else (0, "")


def whole(database: Database) -> tuple[Version, ...]:
    """Return the versions, oldest first, whose record, chain and parts are as they were written, however bad the rest."""
    found: list[Version] = []
    with suppress(DashboardError), database.read() as connection:
        chain = ""
        for row in connection.execute(sa.select(VERSION).order_by(VERSION.c.id)).mappings():
            if keeping.checked(row)["chain"] != keeping.chained(chain, row):
                break  # from here on nothing is certain
            chain = row["chain"]
            if all(_reads(database, part, row[f"{part}_sha256"]) for part in PARTS):
                found.append(keeping.as_version(row))
    return tuple(found)


def structure(database: Database) -> Iterator[str]:
    """Yield what the database itself finds wrong, whatever its schema."""
    with database.read() as connection:
        yield from database.structure(connection)


def _told(check: Callable[[Database], Iterator[str]], database: Database) -> Iterator[str]:
    try:
        yield from check(database)
    except DashboardError as error:
        yield str(error)


def _guards(database: Database) -> Iterator[str]:
    with database.read() as connection:
        there, expected = database.guards(connection), schema.guards(connection)
    for name in sorted(expected.keys() | there.keys(), key=str):  # damage can make a name bytes
        if there.get(name) != expected.get(name):
            yield f"防止改写版本的保护（触发器 {name}）被增删或改动了。"


def _rows(database: Database) -> Iterator[str]:
    newest: dict[str, tuple[int, int | None]] = {}
    chain = ""
    rows = _all(database)
    for place, row in enumerate(rows, start=1):
        number, base = newest.get(row["plan"], (0, None))
        if (row["id"], row["number"], row["base"]) != (place, number + 1, base):
            yield f"{_called(row)}的编号接不上前一版：有版本缺失，或编号被改动。"
        if row["chain"] != keeping.chained(chain, row):
            yield f"{_called(row)}的记录与校验链不符：这一版或它之前的记录被改动。"
        newest[row["plan"]], chain = (row["number"], row["id"]), row["chain"]
    named = {row[f"{part}_sha256"] for row in rows for part in PARTS}
    with database.read() as connection:
        kept = set(connection.execute(sa.select(CONTENT.c.sha256)).scalars())
    if len(kept - named) and len(rows) == len(_all(database)):  # else a version came in between the two questions
        yield f"有{len(kept - named)}份内容不属于任何版本：有版本的记录缺失。"


def _contents(database: Database) -> Iterator[str]:
    seen: set[str] = set()
    for row in _all(database):
        for part in PARTS:
            sha256 = row[f"{part}_sha256"]
            if sha256 not in seen and not _reads(database, part, sha256):
                yield f"{_called(row)}的{part}内容缺失，或与写入时不一致。"
            seen.add(sha256)


def _summaries(database: Database) -> Iterator[str]:
    with database.read() as connection:
        yield from summaries.faults(connection)
        yield from roster.faults(connection)


def _decisions(database: Database) -> Iterator[str]:
    with database.read() as connection:
        yield from deciding.faults(connection)


def _accounts(database: Database) -> Iterator[str]:
    with database.read() as connection:
        yield from journal.faults(connection)
        yield from accounts.faults(connection)


def _reads(database: Database, part: str, sha256: str) -> bool:
    try:
        with database.read() as connection:
            content = keeping.content(connection, sha256)
        READERS[part](content)
    except (DashboardError, LookupError, TypeError, ValueError):
        return False
    return True


def _all(database: Database) -> list[keeping.Row]:
    with database.read() as connection:
        return list(map(keeping.checked, connection.execute(sa.select(VERSION).order_by(VERSION.c.id)).mappings()))


def _called(row: keeping.Row) -> str:
    return f"第{row['id']}号版本（{row['plan']} 第{row['number']}版）"
