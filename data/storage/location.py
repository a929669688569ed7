"""Where the store lies, by its address.

::

    connect(url) ─► data.storage.sqlite    one file, made where it is missing
                 ─► data.storage.postgres  a server, prepared by its owner (docs/decisions/0015-postgresql.md)
"""

from pathlib import Path

import sqlalchemy as sa

from data.errors import StoreUnusable
from data.storage.database import Database
from data.storage.postgres import Postgres
from data.storage.sqlite import SQLite


def connect(url: str, *, served: bool = False) -> Database:
    """Return the database at an address, without asking it anything yet; raise StoreUnusable for an address of no use."""
    try:
        parts = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # which may quote the password
        parts = sa.URL.create("unknown")
    file = parts.database or ""
    if parts.get_backend_name() == "postgresql" and file:
        return Postgres(parts, served=served)
    if parts.get_backend_name() != "sqlite" or file.startswith((":", "file:")) or not file:
        raise StoreUnusable(
            "数据库地址无法使用：请写成 sqlite:///文件夹/文件名.db 的样子，指向一个文件；"
            "或写成 postgresql://用户:密码@主机/库名。"
        )
    return SQLite(Path(file).absolute(), mode="rw" if served else "rwc", served=served)
