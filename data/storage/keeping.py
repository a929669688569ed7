"""What happens to a version between BEGIN and COMMIT: nothing is parsed, drawn or asked of a person here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa

from data.errors import StoreDamaged
from data.storage import canonical
from data.storage.schema import CONTENT, PARTS, VERSION
from data.versions import Version
from scoring.errors import DashboardError

Row = sa.RowMapping
Session = Callable[[sa.Connection], str]
WAY_OUT = "请另用 python -m data restore 恢复最近的备份。"
BEIJING = timezone(timedelta(hours=8))  # the time on the clerks' clocks, wherever the server stands


class StalePublish(DashboardError):
    """Somebody published first. ``winner`` is the plan's newest version, None where it has none yet."""

    def __init__(self, plan: str, winner: Version | None) -> None:
        super().__init__(plan, winner)  # the arguments as they are, so that it can be sent between processes
        self.plan = plan
        self.winner = winner

    def __str__(self) -> str:
        if self.winner is None:
            return f"“{self.plan}”还没有任何版本，不能从旧版本往下发布。这次没有发布，请重新打开页面再发布。"
        when = self.winner.published_at.astimezone(BEIJING)
        return (
            f"“{self.plan}”已有更新的版本：{self.winner.author}于{when:%Y-%m-%d %H:%M}发布了第{self.winner.number}版。"
            "这次没有发布，请与新版重新比对后再发布。"
        )


@dataclass(frozen=True)
class Contents:
    """The five parts of a version as bytes, in the forms of ``data.storage.canonical``; the method is its TOML text."""

    original: bytes
    table: bytes
    findings: bytes
    plan: bytes
    method: bytes


@dataclass(frozen=True)
class Draft:
    """A version before its transaction, which adds id, number, moment and chain."""

    plan: str
    base: int | None
    data_date: date
    author: str
    note: str
    filename: str
    token: str
    contents: Contents


def keep(connection: sa.Connection, draft: Draft, session: Session | None = None) -> Version:
    """Write a draft as its plan's next version and read it back; the same token twice gives the same version.

    Raise StalePublish where ``draft.base`` is not the plan's newest version.
    """
    author = session(connection) if session else draft.author
    published = by_token(connection, draft.token)
    if published:
        return published
    newest = latest(connection, draft.plan)
    if draft.base != (newest.id if newest else None):
        raise StalePublish(draft.plan, newest)
    hashes = {f"{part}_sha256": _put(connection, getattr(draft.contents, part)) for part in PARTS}
    row = _described(draft, author, newest.number + 1 if newest else 1) | hashes
    last = connection.execute(sa.select(VERSION).order_by(VERSION.c.id.desc()).limit(1)).mappings().first()
    row |= {"id": checked(last)["id"] + 1 if last else 1}
    row |= {"chain": chained(last["chain"] if last else "", row)}
    connection.execute(sa.insert(VERSION).values(row))
    return _read_back(connection, row, draft.contents)


def chained(previous: str, row: Any) -> str:
    """Return the hash over a version's row and the chain of the version before it."""
    return canonical.link(previous, [row[column.name] for column in VERSION.c if column.name != "chain"])


def by_token(connection: sa.Connection, token: str) -> Version | None:
    """Return the version that was published with a token."""
    return next(_versions(connection, VERSION.c.token == token), None)


def latest(connection: sa.Connection, plan: str) -> Version | None:
    """Return a plan's newest version, None where it has none."""
    return next(versions(connection, plan), None)


def versions(connection: sa.Connection, plan: str) -> Iterator[Version]:
    """Yield a plan's versions, newest first."""
    return _versions(connection, VERSION.c.plan == plan)


def row_of(connection: sa.Connection, version_id: int) -> Row:
    """Return a version's row. Raise KeyError for an id that does not exist."""
    row = connection.execute(sa.select(VERSION).where(VERSION.c.id == version_id)).mappings().first()
    if row is None:
        raise KeyError(version_id)
    return checked(row)


def checked(row: Row) -> Row:
    """Return the row; raise StoreDamaged where a value is not of its column's kind, as a flipped bit can make it."""
    for column in VERSION.c:
        value = row[column.name]
        if not isinstance(value, column.type.python_type) and not (value is None and column.nullable):
            raise StoreDamaged(f"数据库里有版本的记录读不通（{column.name}）。{WAY_OUT}")
    return row


def content(connection: sa.Connection, sha256: str) -> bytes:
    """Return bytes by their hash; raise StoreDamaged where they are gone or have changed."""
    stored = connection.execute(sa.select(CONTENT.c.bytes).where(CONTENT.c.sha256 == sha256)).scalar()
    if not isinstance(stored, bytes) or canonical.digest(stored) != sha256:
        raise StoreDamaged(f"数据库里编号 {sha256[:12]} 的内容与写入时不一致。{WAY_OUT}")
    return stored


def as_version(row: Row) -> Version:
    """Return a row as the version that it describes."""
    checked(row)
    try:
        return Version(
            id=row["id"],
            plan=row["plan"],
            number=row["number"],
            base=row["base"],
            data_date=date.fromisoformat(row["data_date"]),
            author=row["author"],
            note=row["note"],
            filename=row["filename"],
            sha256=row["original_sha256"],
            published_at=datetime.fromisoformat(row["published_at"]),
        )
    except ValueError as error:
        raise StoreDamaged(f"数据库里第{row['id']}号版本的日期读不通。{WAY_OUT}") from error


def _versions(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> Iterator[Version]:
    rows = connection.execute(sa.select(VERSION).where(condition).order_by(VERSION.c.number.desc())).mappings()
    return map(as_version, rows)


def _described(draft: Draft, author: str, number: int) -> dict[str, object]:
    return {
        "plan": draft.plan,
        "number": number,
        "base": draft.base,
        "data_date": draft.data_date.isoformat(),
        "author": author,
        "note": draft.note,
        "filename": draft.filename,
        "published_at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "token": draft.token,
    }


def _put(connection: sa.Connection, part: bytes) -> str:
    sha256 = canonical.digest(part)
    there = connection.execute(sa.select(CONTENT.c.sha256).where(CONTENT.c.sha256 == sha256)).first()
    if there is None:
        connection.execute(sa.insert(CONTENT).values(sha256=sha256, bytes=part))
    return sha256


def _read_back(connection: sa.Connection, row: dict[str, object], contents: Contents) -> Version:
    stored = row_of(connection, int(str(row["id"])))
    same = [content(connection, stored[f"{part}_sha256"]) == getattr(contents, part) for part in PARTS]
    if dict(stored) != row or not all(same):
        raise StoreDamaged("写入后读回的内容不一致，这次没有发布，现有数据没有变动。请检查磁盘后再试。")
    return as_version(stored)
