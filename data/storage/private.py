"""Files and folders that nobody else on the machine may read, and that a power failure does not take away again.

What is there already is left as it is: an operator may have let a group read it.
"""

import os
from contextlib import suppress
from pathlib import Path


def folder(path: Path) -> None:
    """Make a folder (mode 0700), and those above it where they are missing."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in missing:
        sync(each.parent)


def file(path: Path) -> None:
    """Make an empty file (mode 0600) where there is none; what SQLite puts beside a database has the database's mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk; Windows does the latter by itself and knows no such call."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
