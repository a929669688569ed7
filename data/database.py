"""One SQLite file: connections, transactions, and its errors as Chinese sentences.

Rollback journal and ``synchronous=EXTRA``: the SQLite of many a Python loses committed writes in WAL mode
(docs/decisions/0009-store.md).
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from data.errors import StoreBusy, StoreDamaged, StoreUnusable
from scoring.errors import DashboardError

WAIT = 10.0  # seconds for another process to finish writing
READ_WAIT = 2.0  # seconds for it where a page waits
QUIET = 3.0  # seconds after a failed read in which none is tried
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
    "SQLITE_CANTOPEN": (StoreUnusable, "数据库文件打不开。请检查所在文件夹是否存在、是否可写，再试一次。"),
}
_DAMAGED = "数据库已损坏，读不出可信的内容。请保留原文件，另用 python -m data restore 恢复最近的备份。"


class Database:
    """A SQLite file. No connection is kept open, so that nothing is shared between threads or processes."""

    def __init__(self, path: Path, *, mode: Mode = "rwc") -> None:
        """``mode`` is read-only, for a file that is there, or for one that may have to be made."""
        self.path = path
        self._engine = _engine(path, mode, WAIT)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one moment of the database."""
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Give the only writing connection; what happened in it is kept whole, or, after any exception, not at all."""
        with _translated(), self._engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
            yield connection


class ServedDatabase(Database):
    """The database behind open pages: who reads waits but shortly, and after a failure nobody asks again for a moment.

    A file that is gone is not made anew.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, mode="rw")
        self._reading = _engine(path, "rw", READ_WAIT)
        self._failed: tuple[float, DashboardError] | None = None

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection as above; raise StoreBusy or StoreUnusable at once where the last one did just now."""
        if self._failed and time.monotonic() - self._failed[0] < QUIET:
            raise type(self._failed[1])(*self._failed[1].args)
        try:
            with _translated(), self._reading.connect() as connection:
                yield connection
        except (StoreBusy, StoreUnusable) as error:
            self._failed = (time.monotonic(), error)
            raise


def path_of(url: str) -> Path:
    """Return the file that an address like ``sqlite:///folder/name.db`` means; raise StoreUnusable for others."""
    try:
        parts = sa.make_url(url)
    except sa.exc.ArgumentError:
        parts = sa.URL.create("unknown")
    file = parts.database or ""
    if parts.get_backend_name() != "sqlite" or file.startswith((":", "file:")) or not file:
        raise StoreUnusable("数据库地址无法使用：请写成 sqlite:///文件夹/文件名.db 的样子，指向一个文件。")
    return Path(file).absolute()


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


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.IntegrityError, sa.exc.InternalError) as error:
        raise _sentence(error.orig) from error
    except sa.exc.DatabaseError as error:
        if type(error) is not sa.exc.DatabaseError:
            raise  # a mistake in our own statement
        raise _sentence(error.orig) from error
    except UnicodeDecodeError as error:  # the driver cannot even read what the damaged file makes SQLite say
        raise StoreDamaged(_DAMAGED) from error


def _sentence(error: BaseException | None) -> DashboardError:
    """Our statements are fixed, so whatever is neither place, rights nor space is damage."""
    name = getattr(error, "sqlite_errorname", "")
    found = (kind(sentence) for code, (kind, sentence) in _ERRORS.items() if name.startswith(code))
    return next(found, StoreDamaged(_DAMAGED))
