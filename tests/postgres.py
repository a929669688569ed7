"""A PostgreSQL server of the tests' own: a cluster in a temporary folder, ended by its process id.

It runs as an unprivileged user, since initdb refuses root. Roles: ``SUPERUSER``; ``OWNER`` of the databases, who
prepares them; ``APP``, as which the product runs.
"""

import glob
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from data.storage.schema import METADATA
from data.store import prepare
from tests.servers import free_port

NO_POSTGRES = "没有 PostgreSQL"
SUPERUSER, OWNER, APP = "administrator", "bureau", "dashboard"
TEMPLATE = "prepared"
SECONDS = 60
MOST = 10  # databases that a test has at a time; the oldest but its first one goes
SETTINGS = {  # nothing of a test outlives the machine
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
    "listen_addresses": "127.0.0.1",
    "log_statement": "none",
}


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    initdb = found[-1] if found else shutil.which("initdb")
    return Path(initdb).parent if initdb else None


class Server:
    """A cluster, whose server can be stopped and started again at the same address."""

    def __init__(self, bin: Path, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.password = secrets.token_hex(16)
        self._bin = bin
        self._free: list[str] = []
        self._user = unprivileged()
        if self._user:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        (folder / "password").write_text(self.password)
        ways = ["--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        command = [bin / "initdb", "-D", folder / "data", "-U", SUPERUSER, f"--pwfile={folder / 'password'}", *ways]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **self._as_user)
        assert done.returncode == 0, done.stderr

    def url(self, database: str, role: str = APP, *, by_network: bool = False) -> str:
        """Return the address of a database: through the socket without a password, or through the network with one."""
        where = sa.URL.create("postgresql", role, database=database)
        if by_network:
            where = where.set(host="127.0.0.1", port=self.port, password=self.password)
        else:
            where = where.set(query={"host": str(self.folder), "port": str(self.port)})
        return where.render_as_string(hide_password=False)

    def start(self) -> None:
        """Start the server; return once it answers."""
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        options += [f"--port={self.port}", f"--unix_socket_directories={self.folder}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self.folder / "data", *options],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self._as_user,
            )
        end = time.monotonic() + SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: cutting connections off, or with SIGQUIT as ``pg_ctl stop -m immediate``, like a crash."""
        self._process.send_signal(how)
        self._process.wait(SECONDS)

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run a statement as the superuser; return its rows."""
        with closing(psycopg.connect(self.url(database, SUPERUSER), autocommit=True)) as connection:
            done = connection.execute(statement)
            while done.nextset():  # of several statements, the last one's rows
                pass
            return done.fetchall() if done.description else []

    def create(self, name: str, template: str = TEMPLATE) -> str:
        """Make a database with the product's tables, or an empty one; return its address for the product."""
        self.run(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def take(self) -> str:
        """Return the name of a prepared database without rows."""
        if self._free:
            return self._free.pop()
        name = f"test_{next(_numbers)}"
        self.create(name)
        return name

    def give_back(self, name: str) -> None:
        """Empty a database for another test, which is quicker than a new one; remove it where more than rows changed."""
        if self.run(f"{_ALONE}; {_DEFINED}", name) == self._defined:
            self.run(_EMPTY, name)
            self._free.append(name)
        else:
            self.drop(name)

    @cached_property
    def _defined(self) -> list[Any]:
        return self.run(_DEFINED, TEMPLATE)

    @property
    def _as_user(self) -> dict[str, Any]:
        user = self._user
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}

    def _answers(self) -> bool:
        try:
            return self.run("SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            return False


class Databases:
    """The databases of one test, by the path that a file would have."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._names: dict[Path, str] = {}

    def url(self, path: Path) -> str:
        """Return the address of a test's database, made where the test asks for the first time."""
        if path not in self._names:
            if len(self._names) == MOST:
                self._server.give_back(self._names.pop(list(self._names)[1]))
            self._names[path] = self._server.take()
        return self._server.url(self._names[path])

    def give_back(self) -> None:
        for name in self._names.values():
            self._server.give_back(name)


_numbers = count(1)
_ALONE = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_EMPTY = "SET session_replication_role = replica;" + ";".join(
    f"DELETE FROM {table}" for table in METADATA.tables if table != "schema_number"
)
_DEFINED = """
SELECT relname::text, relkind::text, relnatts::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION SELECT tgname::text, tgenabled::text, '' FROM pg_trigger WHERE NOT tgisinternal
UNION SELECT proname::text, prosrc, '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION SELECT 'schema_number', number::text, '' FROM schema_number
ORDER BY 1, 2, 3
"""


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server with its roles and a prepared template; end it and remove its folder."""
    bin = programs()
    assert bin is not None, NO_POSTGRES
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = Server(bin, folder)
        server.start()
        try:
            for role in (OWNER, APP):
                server.run(f"CREATE ROLE {role} LOGIN PASSWORD '{server.password}'")
            server.create(TEMPLATE, "template0")
            prepare(server.url(TEMPLATE, OWNER), APP)
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def unprivileged() -> pwd.struct_passwd | None:
    """Return whom to run the server as, None where this process is unprivileged itself."""
    if os.geteuid() != 0:
        return None
    there = {user.pw_name: user for user in pwd.getpwall()}
    return there.get("postgres") or there["nobody"]
