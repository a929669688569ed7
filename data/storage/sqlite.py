"""One SQLite file.

Rollback journal and ``synchronous=EXTRA``: the SQLite of many a Python loses committed writes in WAL mode
(docs/decisions/0009-store.md).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from data.errors import StoreBusy, StoreDamaged, StoreUnusable
from data.storage import database
from data.storage.database import DAMAGED, Database
from scoring.errors import DashboardError

Mode = Literal["ro", "rw", "rwc"]
PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)
_ERRORS: dict[str, tuple[type[DashboardError], str]] = {
    "SQLITE_BUSY": (StoreBusy, "数据库正被占用，这次没有写入，现有数据没有变动。请稍等片刻再试。"),
    "SQLITE_LOCKED": (StoreBusy, "数据库正被占用，这次没有写入，现有数据没有变动。请稍等片刻再试。"),
    "SQLITE_FULL": (StoreUnusable, "磁盘已满，这次没有写入，现有数据没有变动。请腾出空间后再试。"),
    "SQLITE_IOERR": (
        StoreUnusable,
        "磁盘读写出错，这次没有写入。请检查磁盘空间和连接后再试；若一再出现，请告诉管理员。",
    ),
    "SQLITE_READONLY": (StoreUnusable, "数据库所在的文件夹或文件只读，没有写入。请检查权限后再试。"),
    "SQLITE_PERM": (StoreUnusable, "没有权限读写数据库，没有写入。请检查文件夹和文件的权限后再试。"),
    "SQLITE_CANTOPEN": (
        StoreUnusable,
        "数据库文件打不开。请检查所在文件夹是否存在、是否可写，磁盘是否已满，再试一次。",
    ),
}


class SQLite(Database):
    """A SQLite file. No connection is kept open, so that nothing is shared between threads or processes."""

    def __init__(self, path: Path, *, mode: Mode = "rwc", served: bool = False) -> None:
        """``mode`` is read-only, for a file that is there, or for one that may have to be made."""
        super().__init__(str(path), path, path.parent, served=served)
        self._engine = _engine(path, mode, database.WAIT)
        self._for_pages = _engine(path, mode, database.READ_WAIT) if served else self._engine

    def structure(self, connection: sa.Connection) -> Iterator[str]:
        """Yield what SQLite's own checks say."""
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        astray = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if said != ["ok"]:
            yield f"数据库文件的内部结构有损坏（{said[0]}）。"
        if astray:
            yield f"有{len(astray)}处记录指向不存在的内容。"

    def guards(self, connection: sa.Connection) -> dict[str, str]:
        """Return the triggers."""
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {row.name: row.sql for row in found}

    def _reading(self) -> AbstractContextManager[sa.Connection]:
        return self._for_pages.connect()

    def _writing(self) -> AbstractContextManager[sa.Connection]:
        return self._engine.execution_options(begin="BEGIN IMMEDIATE").begin()

    def _sentence(self, error: sa.exc.SQLAlchemyError) -> DashboardError | None:
        """Our statements are fixed, so whatever is neither place, rights nor space is damage."""
        damage = (sa.exc.OperationalError, sa.exc.IntegrityError, sa.exc.InternalError)
        if not isinstance(error, damage) and type(error) is not sa.exc.DatabaseError:
            return None
        name = getattr(error.orig, "sqlite_errorname", "")
        found = (kind(sentence) for code, (kind, sentence) in _ERRORS.items() if name.startswith(code))
        return next(found, StoreDamaged(DAMAGED))


def _engine(path: Path, mode: Mode, wait: float) -> sa.Engine:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=wait)

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
    sa.event.listen(engine, "connect", _configure)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
