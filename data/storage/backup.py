"""Copies of a store: made whole, verified before they get their name, never over anything that is there.

A copy is a SQLite file, also where the store is on a server; ``fill`` puts one there.
"""

import errno
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from data.errors import StoreDamaged, StoreUnusable
from data.storage import private, schema, verifying
from data.storage.database import Database
from data.storage.sqlite import SQLite

Check = Callable[[Database], Iterable[str]]
Change = Callable[[Database], None]
_AT_ONCE = 16  # rows; a part of a version may have megabytes


def copy(
    source: Database, target: Path, check: Check = verifying.faults, change: Change = lambda database: None
) -> None:
    """Copy a database while it is in use; the copy, changed, gets its name once ``check`` finds no fault in it.

    Raise StoreUnusable where the source is missing or the target is there, StoreDamaged for a copy with faults.
    """
    if source.file and not source.file.is_file():
        raise StoreUnusable(f"找不到 {source.file}：请核对路径。")
    _refuse_what_is_there(target)
    try:
        _make(source, target, check, change)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(target) from error
        raise StoreUnusable(f"写不进 {target}（{error.strerror}）：请检查文件夹、权限和磁盘空间。") from error


def fill(target: Database, source: Database) -> None:
    """Copy all rows of a store into one on a server that has none yet, and verify them there, in one transaction.

    Both have the same schema. Raise StoreUnusable where the target has rows, StoreDamaged for a copy with faults.
    """
    with source.read() as there, target.write() as here:
        for table in schema.METADATA.sorted_tables:
            if (
                table is not schema.SCHEMA
                and here.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
            ):
                raise StoreUnusable(f"{target.place} 里已经有内容，没有覆盖它。请换一个空的数据库再恢复。")
        _copy_rows(there, here)
        for fault in verifying.faults(target.within(here)):
            raise StoreDamaged(f"核对没有通过，没有恢复：{fault}")


def _make(source: Database, target: Path, check: Check, change: Change) -> None:
    draft = target.with_name(f"{target.name}.tmp")
    private.folder(target.parent)
    _remove(draft)
    try:
        private.file(draft)
        if source.file:
            _copy_file(source.file, draft)
        else:
            _copy_server(source, draft)
        change(SQLite(draft))
        _verify(draft, check)
        private.sync(draft)
        _refuse_what_is_there(target)
        draft.rename(target)
        private.sync(target.parent)
    finally:
        _remove(draft)


def _remove(draft: Path) -> None:
    for path in (draft, *_beside(draft)):
        path.unlink(missing_ok=True)


def _refuse_what_is_there(target: Path) -> None:
    """A journal left beside the target would be rolled back into whatever gets the target's name."""
    for path in (target, *_beside(target)):
        if path.exists():
            raise StoreUnusable(f"{path} 已经存在，没有覆盖它。请先把它移到别处，或换一个文件名。")


def _beside(path: Path) -> list[Path]:
    return [path.with_name(f"{path.name}{ending}") for ending in ("-journal", "-wal", "-shm")]


def _copy_file(source: Path, draft: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(draft)) as other:
            one.backup(other)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
            raise _full(draft) from error
        raise StoreDamaged(f"{source} 读不出来，或磁盘已满，没有复制。请检查磁盘空间，或换一个备份再试。") from error


def _copy_server(source: Database, draft: Path) -> None:
    with source.read() as there, SQLite(draft).write() as here:
        schema.create(here)
        _copy_rows(there, here)


def _copy_rows(there: sa.Connection, here: sa.Connection) -> None:
    for table in schema.METADATA.sorted_tables:
        if table is not schema.SCHEMA:
            rows = sa.select(table).order_by(*table.primary_key).execution_options(yield_per=_AT_ONCE)
            for some in there.execute(rows).mappings().partitions():
                here.execute(sa.insert(table), [dict(row) for row in some])


def _verify(draft: Path, check: Check) -> None:
    for fault in check(SQLite(draft)):
        raise StoreDamaged(f"核对没有通过，没有留下副本：{fault}")


def _full(place: Path) -> StoreUnusable:
    return StoreUnusable(f"磁盘已满，{place.parent} 里没有留下副本，现有数据没有变动。请腾出空间后再试。")
