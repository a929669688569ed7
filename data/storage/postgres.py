"""A database on a PostgreSQL server, through psycopg 3 (docs/decisions/0015-postgresql.md).

::

    read    BEGIN REPEATABLE READ, READ ONLY: one snapshot
    write   BEGIN ─► advisory lock: one writer at a time, so that numbers and chains have no gap ─► COMMIT
"""

import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager

import sqlalchemy as sa

from data.errors import StoreBusy, StoreDamaged, StoreUnusable
from data.storage import database, schema
from data.storage.database import DAMAGED, Database, home
from scoring.errors import DashboardError

LOCK = 20_250_401  # any number, the same in every process
STATEMENT = 30.0  # seconds for one statement
IDLE = 60.0  # seconds after which the server ends the transaction of a process that has stopped
RECYCLE = 1800  # seconds
ALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
RIGHTS = {
    "schema_number": "SELECT",
    "editor": "SELECT, INSERT, UPDATE",
    "session": "SELECT, INSERT, UPDATE, DELETE",
    "guess": "SELECT, INSERT, DELETE",
}  # of the product, by table; in all others SELECT, INSERT
_LOST = (
    "数据库服务器没有应答：连不上，或连接中断。没有收到写入成功的答复；恢复后请刷新页面核对，"
    "同一次发布再点一遍也只存一份。若一直连不上，请维护人员检查 DATABASE_URL 和服务器。"
)
_BUSY = "数据库正被占用，这次没有写入，现有数据没有变动。请稍等片刻再试。"
_ERRORS: dict[str, tuple[type[DashboardError], str]] = {  # by SQLSTATE, or how it begins
    "55P03": (StoreBusy, _BUSY),
    "57014": (StoreBusy, _BUSY),
    "40": (StoreBusy, _BUSY),
    "53300": (StoreBusy, "数据库服务器的连接数已满，这次没有写入，现有数据没有变动。请稍等片刻再试。"),
    "53100": (StoreUnusable, "数据库服务器的磁盘已满，这次没有写入，现有数据没有变动。请腾出空间后再试。"),
    "53": (StoreUnusable, "数据库服务器资源不足，这次没有写入，现有数据没有变动。请维护人员检查后再试。"),
    "58": (StoreUnusable, "数据库服务器读写磁盘出错，这次没有写入。请维护人员检查磁盘后再试。"),
    "25006": (StoreUnusable, "数据库服务器只读（可能是备机），没有写入。请维护人员检查 DATABASE_URL。"),
    "42501": (
        StoreUnusable,
        "这个数据库用户没有所需的权限，没有写入。请数据库所有者运行 python -m data prepare --app 用户名。",
    ),
    "57": (StoreUnusable, _LOST),
    "08": (StoreUnusable, _LOST),
    "25P03": (StoreUnusable, _LOST),
    "42704": (
        StoreUnusable,
        "数据库服务器上没有这个用户，没有授权。请管理员先建好它（createuser 用户名），再运行 prepare。",
    ),
    "22P05": (StoreUnusable, "数据库的编码存不下中文，没有写入。请另建一个 UTF8 编码的数据库，再运行 prepare。"),
    "42P01": (StoreDamaged, DAMAGED),
    "42703": (StoreDamaged, DAMAGED),
}


class Postgres(Database):
    """A database of a server. Connections are kept, and looked at before use: the server may have been restarted."""

    def __init__(self, url: sa.URL, *, served: bool = False) -> None:
        host = url.host or url.query.get("host", "")
        super().__init__(f"PostgreSQL {host} {url.database}", None, home(), served=served)
        self._wait = database.READ_WAIT if served else database.WAIT
        self._engine = _engine(url, self._wait)
        weakref.finalize(self, self._engine.dispose).atexit = False

    def structure(self, connection: sa.Connection) -> Iterator[str]:
        """Yield where rows point to nothing, as they can once somebody has dropped or disabled what prevents it."""
        astray = 0
        for table in schema.METADATA.sorted_tables:
            for key in table.foreign_keys:
                there = key.column.table.alias()
                found = sa.select(sa.func.count()).select_from(
                    table.outerjoin(there, key.parent == there.c[key.column.name])
                )
                lost = found.where(key.parent.is_not(None), there.c[key.column.name].is_(None))
                astray += connection.execute(lost).scalar_one()
        if astray:
            yield f"有{astray}处记录指向不存在的内容。"

    def guards(self, connection: sa.Connection) -> dict[str, str]:
        """Return the triggers of our tables, and the function that they call."""
        return {row.name: row.told for row in connection.exec_driver_sql(_GUARDS)}

    def grant(self, connection: sa.Connection, role: str) -> None:
        """Give a role what the product needs, and nothing else of our tables."""
        name = connection.dialect.identifier_preparer.quote_identifier(role)
        where = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {where} TO {name}")
        for table in schema.METADATA.sorted_tables:
            connection.exec_driver_sql(f"REVOKE ALL ON {table.name} FROM {name}")
            connection.exec_driver_sql(f"GRANT {RIGHTS.get(table.name, 'SELECT, INSERT')} ON {table.name} TO {name}")

    def _reading(self) -> AbstractContextManager[sa.Connection]:
        return self._engine.execution_options(begin=_begins("REPEATABLE READ, READ ONLY", self._wait)).begin()

    def _writing(self) -> AbstractContextManager[sa.Connection]:
        # READ COMMITTED: each statement sees what was written before the lock was ours
        begin = _begins("READ COMMITTED, READ WRITE", database.WAIT)
        locked = f"{begin}; SET LOCAL synchronous_commit = on; SELECT pg_advisory_xact_lock({LOCK})"
        return self._engine.execution_options(begin=locked).begin()

    def _sentence(self, error: sa.exc.SQLAlchemyError) -> DashboardError | None:
        """Our statements are fixed, so whatever is neither place, rights, space nor time is damage."""
        if isinstance(error, sa.exc.TimeoutError):  # all connections of this process are in use
            return StoreBusy(_BUSY)
        if not isinstance(error, sa.exc.DBAPIError):
            return None
        state = getattr(error.orig, "sqlstate", None) or ""
        connecting = error.statement is None
        if not state and (connecting or isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError)):
            return StoreUnusable(_LOST)
        found = (kind(sentence) for code, (kind, sentence) in _ERRORS.items() if state.startswith(code))
        if isinstance(error, sa.exc.ProgrammingError | sa.exc.DataError | sa.exc.NotSupportedError):
            return next(found, None)
        return next(found, StoreDamaged(DAMAGED))


_GUARDS = """
SELECT tgname AS name,
       pg_get_triggerdef(pg_trigger.oid, true) || CASE tgenabled WHEN 'O' THEN '' ELSE ' disabled' END AS told
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
UNION ALL
SELECT proname, 'CREATE FUNCTION ' || proname || '() RETURNS trigger LANGUAGE plpgsql AS $$' || prosrc || '$$'
FROM pg_proc WHERE proname = 'refuse_change' AND pronamespace = current_schema()::regnamespace
"""


def _engine(url: sa.URL, wait: float) -> sa.Engine:
    try:
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": max(2, round(wait)), "client_encoding": "utf8", **ALIVE},
            hide_parameters=True,  # an error's text may reach a log
            pool_pre_ping=True,
            pool_recycle=RECYCLE,
            pool_timeout=wait,
        )
    except ImportError as error:
        raise StoreUnusable(
            "用 PostgreSQL 要先安装 psycopg：请运行 python -m pip install -r requirements-many.txt，再启动。"
        ) from error
    sa.event.listen(engine, "begin", _begin)
    return engine


def _begins(isolation: str, wait: float) -> str:
    limits = {"lock_timeout": wait, "statement_timeout": STATEMENT, "idle_in_transaction_session_timeout": IDLE}
    said = "".join(f"; SET LOCAL {name} = {round(seconds * 1000)}" for name, seconds in limits.items())
    return f"SET TRANSACTION ISOLATION LEVEL {isolation}{said}"


def _begin(connection: sa.Connection) -> None:
    begin = connection.get_execution_options()["begin"]
    connection.exec_driver_sql(begin, execution_options={"no_parameters": True})  # else only one statement may be sent
