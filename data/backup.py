"""Copies of a store: made whole, verified before they get their name, never over anything that is there."""

import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from data import verifying
from data.database import Database
from data.errors import StoreDamaged, StoreUnusable

Check = Callable[[Database], Iterable[str]]


def copy(source: Path, target: Path, check: Check = verifying.faults) -> None:
    """Copy a database while it is in use; the copy gets its name once ``check`` finds no fault in it.

    Raise StoreUnusable where the source is missing or the target is there, StoreDamaged for a copy with faults.
    """
    if not source.is_file():
        raise StoreUnusable(f"找不到 {source}：请核对路径。")
    _refuse_what_is_there(target)
    try:
        _make(source, target, check)
    except OSError as error:
        raise StoreUnusable(f"写不进 {target}（{error.strerror}）：请检查文件夹、权限和磁盘空间。") from error


def _make(source: Path, target: Path, check: Check) -> None:
    draft = target.with_name(f"{target.name}.tmp")
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove(draft)
    try:
        _copy(source, draft)
        _verify(draft, check)
        _sync(draft)
        _refuse_what_is_there(target)
        draft.rename(target)
        _sync(target.parent)
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


def _copy(source: Path, draft: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(draft)) as other:
            one.backup(other)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StoreDamaged(f"{source} 读不出来，或磁盘已满，没有复制。请检查磁盘空间，或换一个备份再试。") from error


def _verify(draft: Path, check: Check) -> None:
    for fault in check(Database(draft)):
        raise StoreDamaged(f"核对没有通过，没有留下副本：{fault}")


def _sync(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk; Windows does the latter by itself and knows no such call."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
