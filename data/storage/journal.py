"""操作记录 in the store: who did what when with which result. Only added to; no cell values, no secrets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from data.errors import StoreDamaged
from data.storage import canonical
from data.storage.drafting import plain
from data.storage.keeping import WAY_OUT
from data.storage.schema import JOURNAL_ENTRY

OK = "ok"  # every other result is the name of what refused


@dataclass(frozen=True)
class Entry:
    """One act; ``who`` is "" where nobody known did it, ``address`` is told where somebody signed in.

    ``at`` is given by the store.
    """

    act: str
    who: str
    about: str = ""
    result: str = OK
    address: str = ""
    at: datetime | None = None


def add(connection: sa.Connection, entry: Entry, at: datetime) -> None:
    """Write an entry below the newest one."""
    newest = sa.select(JOURNAL_ENTRY).order_by(JOURNAL_ENTRY.c.id.desc()).limit(1)
    last = connection.execute(newest).mappings().first()
    if last:
        _checked(last)
    row = {
        "id": last["id"] + 1 if last else 1,
        "at": written(at),
        "who": plain(entry.who),
        "act": entry.act,
        "about": plain(entry.about),
        "result": entry.result,
        "address": entry.address,
    }
    row["chain"] = chained(last["chain"] if last else "", row)
    connection.execute(sa.insert(JOURNAL_ENTRY).values(row))


def entries(connection: sa.Connection, skip: int, count: int) -> tuple[Entry, ...]:
    """Return ``count`` entries, newest first, after the ``skip`` newest."""
    query = sa.select(JOURNAL_ENTRY).order_by(JOURNAL_ENTRY.c.id.desc()).offset(skip).limit(count)
    return tuple(map(_entry, connection.execute(query).mappings()))


def length(connection: sa.Connection) -> int:
    """Return how many entries there are."""
    return connection.execute(sa.select(sa.func.count()).select_from(JOURNAL_ENTRY)).scalar_one()


def faults(connection: sa.Connection) -> Iterator[str]:
    """Yield a sentence for every entry that is not as it was written."""
    chain = ""
    for place, row in enumerate(rows(connection), start=1):
        if row["id"] != place or row["chain"] != chained(chain, row):
            yield f"第{row['id']}条操作记录与校验链不符：这一条或它之前的记录被改动、缺失。"
        chain = row["chain"]


def rows(connection: sa.Connection) -> Iterator[sa.RowMapping]:
    """Yield all entries, oldest first; raise StoreDamaged where a value is not of its column's kind."""
    for row in connection.execute(sa.select(JOURNAL_ENTRY).order_by(JOURNAL_ENTRY.c.id)).mappings():
        yield _checked(row)


def chained(previous: str, row: Any) -> str:
    """Return the hash over an entry and the chain of the entry before it."""
    return canonical.link(previous, [row[column.name] for column in JOURNAL_ENTRY.c if column.name != "chain"])


def written(moment: datetime) -> str:
    """Return a moment as it is kept, so that later ones sort behind earlier ones."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _checked(row: sa.RowMapping) -> sa.RowMapping:
    if not all(isinstance(row[column.name], column.type.python_type) for column in JOURNAL_ENTRY.c):
        raise StoreDamaged(f"数据库里有操作记录读不通。{WAY_OUT}")
    return row


def _entry(row: sa.RowMapping) -> Entry:
    try:
        at = datetime.fromisoformat(_checked(row)["at"])
    except ValueError as error:
        raise StoreDamaged(f"第{row['id']}条操作记录的时间读不通。{WAY_OUT}") from error
    return Entry(row["act"], row["who"], row["about"], row["result"], row["address"], at)
