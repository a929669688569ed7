"""What is PostgreSQL's alone: rights, preparing, restarts, crashes, and moving between it and a file."""

import logging
import random
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.__main__ import main
from data.errors import StoreBusy, StoreDamaged, StoreUnusable
from data.storage import database, location, postgres, schema
from data.storage.keeping import Contents
from data.store import Store, prepare, recover
from data.versions import Version
from scoring.errors import DashboardError
from tests.postgres import APP, OWNER, Server
from tests.servers import ROOT
from tests.stores import (
    OTHER,
    PLAN,
    SMALL,
    behind,
    contents,
    draft,
    held,
    only_postgres,
    opened,
    published,
    rows,
    tampering,
    url,
)

pytestmark = [pytest.mark.usefixtures("database"), only_postgres]

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
TABLES = sorted(schema.METADATA.tables)
KILLS, CRASHES = 10, 3
PATIENCE = 60  # seconds for one more version


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened(tmp_path)


@pytest.fixture
def name(tmp_path: Path) -> str:
    """The name of the test's database."""
    return named(tmp_path / "看板.db")


@pytest.fixture
def empty(postgres: Server) -> Iterator[str]:
    """The name of a database without tables."""
    postgres.create("without_tables", "template0")
    yield "without_tables"
    postgres.drop("without_tables")


def named(path: Path) -> str:
    return str(sa.make_url(url(path)).database)


# Rights


@pytest.mark.parametrize("table", TABLES)
def test_the_product_has_the_rights_it_needs_and_no_other(postgres: Server, name: str, table: str):
    (found,) = postgres.run(
        "SELECT " + ", ".join(f"has_table_privilege('{APP}', '{table}', '{right}')" for right in RIGHTS), name
    )
    given = {right for right, has in zip(RIGHTS, found, strict=True) if has}
    kept = {"SELECT"} if table == "schema_number" else {"SELECT", "INSERT"}
    changing = {"editor": {"UPDATE"}, "session": {"UPDATE", "DELETE"}, "guess": {"DELETE"}}
    assert given == kept | changing.get(table, set())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE version SET note = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE content CASCADE",
        "DROP TABLE guess",
        "ALTER TABLE version DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE mine (id integer)",
        "UPDATE schema_number SET number = 1",
    ],
)
def test_the_product_s_own_role_cannot_change_what_is_kept(store: Store, statement: str):
    published(store, SMALL, "2025-04-30")
    with pytest.raises(StoreUnusable, match="权限"), store._database.write() as connection:
        connection.exec_driver_sql(statement)
    assert store.verify() == ()


@pytest.mark.parametrize("table", ["version", "content", "summary", "roster", "decision_entry", "journal_entry"])
@pytest.mark.parametrize("act", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_owner_cannot_by_mistake(postgres: Server, name: str, act: str, table: str):
    engine = sa.create_engine(sa.make_url(postgres.url(name, OWNER)).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="immutable"):
        connection.exec_driver_sql(act.format(table))
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DROP TRIGGER version_update ON version", "version_update"),
        ("ALTER TABLE content DISABLE TRIGGER content_delete", "content_delete"),
        ("CREATE TRIGGER meddling BEFORE INSERT ON version EXECUTE FUNCTION refuse_change()", "meddling"),
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "refuse_change",
        ),
    ],
)
def test_a_changed_protection_is_found(store: Store, tmp_path: Path, statement: str, told: str):
    with behind(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql(statement)
    assert [fault for fault in store.verify() if told in fault]


def test_a_record_that_is_stored_otherwise_than_written_is_not_published(store: Store, tmp_path: Path):
    with behind(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.note = 1; RETURN NEW; END'"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER meddling BEFORE INSERT ON version FOR EACH ROW EXECUTE FUNCTION meddle()"
        )
    with pytest.raises(StoreDamaged, match="读回"):
        published(store, SMALL, "2025-04-30")
    assert store.plans() == ()


def test_a_row_that_points_to_nothing_is_found(store: Store, tmp_path: Path):
    published(store, SMALL, "2025-04-30")
    with tampering(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql("DELETE FROM content")
    assert any("指向不存在的内容" in fault for fault in store.verify())


# Preparing


def test_a_database_without_tables_says_what_to_run(postgres: Server, empty: str):
    with pytest.raises(StoreUnusable, match="python -m data prepare"):
        Store.open(postgres.url(empty, OWNER))
    prepare(postgres.url(empty, OWNER), APP)
    store = Store.open(postgres.url(empty))
    published(store, SMALL, "2025-04-30")
    prepare(postgres.url(empty, OWNER), APP)
    assert store.verify() == ()


def test_a_role_that_is_missing_is_told_in_a_sentence(postgres: Server, empty: str):
    with pytest.raises(StoreUnusable, match="没有这个用户"):
        prepare(postgres.url(empty, OWNER), "nobody; DROP TABLE version")


def test_the_product_cannot_prepare(postgres: Server, empty: str):
    with pytest.raises(StoreUnusable, match="权限"):
        prepare(postgres.url(empty))


def test_an_older_schema_is_migrated_by_prepare_alone(
    store: Store, postgres: Server, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
):
    published(store, SMALL, "2025-04-30")
    with behind(tmp_path / "看板.db") as connection:
        connection.execute(sa.update(schema.SCHEMA).values(number=schema.NUMBER - 1))
    with pytest.raises(StoreUnusable, match="是旧的"):
        opened(tmp_path)
    later = sa.Table("later", sa.MetaData(), sa.Column("id", sa.Integer))
    monkeypatch.setitem(schema.MIGRATIONS, schema.NUMBER - 1, schema._add(later))
    prepare(postgres.url(name, OWNER), APP)
    assert opened(tmp_path).verify() == ()
    assert postgres.run("SELECT count(*) FROM later", name) == [(0,)]


def test_a_migration_that_fails_leaves_the_older_schema(
    postgres: Server, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
):
    def fails(connection: sa.Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE later (id integer)")
        raise RuntimeError

    with behind(tmp_path / "看板.db") as connection:
        connection.execute(sa.update(schema.SCHEMA).values(number=schema.NUMBER - 1))
    monkeypatch.setitem(schema.MIGRATIONS, schema.NUMBER - 1, fails)
    with pytest.raises(RuntimeError):
        prepare(postgres.url(name, OWNER))
    assert postgres.run("SELECT to_regclass('later')", name) == [(None,)]


def test_another_program_s_database_is_refused_and_left_alone(postgres: Server, empty: str):
    postgres.run("CREATE TABLE theirs (id integer)", empty)
    for attempt in (Store.open, prepare):
        with pytest.raises(StoreUnusable, match="别的程序"):
            attempt(postgres.url(empty, OWNER))
    assert postgres.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", empty) == [(1,)]


def test_a_database_that_cannot_hold_chinese_is_refused_in_a_sentence(postgres: Server):
    postgres.run(f"CREATE DATABASE latin OWNER {OWNER} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    prepare(postgres.url("latin", OWNER), APP)
    with pytest.raises(StoreUnusable, match="UTF8"):
        published(Store.open(postgres.url("latin")), SMALL, "2025-04-30")
    postgres.drop("latin")


def test_a_file_needs_no_preparing(tmp_path: Path):
    with pytest.raises(StoreUnusable, match="只有 PostgreSQL"):
        prepare(f"sqlite:///{tmp_path / '一.db'}")


def test_without_the_driver_it_says_what_to_install():
    script = "import sys; sys.modules['psycopg'] = None\nfrom data.storage.location import connect\nconnect('postgresql:///x')"
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "StoreUnusable: 用 PostgreSQL 要先安装 psycopg" in told.stderr


# Readers and writers


def test_a_reader_sees_one_moment_and_waits_for_no_writer(store: Store, tmp_path: Path):
    first = published(store, SMALL, "2025-04-30")
    counted = sa.select(sa.func.count()).select_from(schema.VERSION)
    with store._database.read() as reader, opened(tmp_path)._database.write():
        assert reader.execute(counted).scalar_one() == 1
    with store._database.read() as reader:
        assert reader.execute(counted).scalar_one() == 1
        published(opened(tmp_path), SMALL, "2025-06-30")
        assert reader.execute(counted).scalar_one() == 1
    assert store.versions(PLAN)[-1] == first
    assert store.head()[0] == 2


def test_who_waits_too_long_for_a_table_is_told_so(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "READ_WAIT", 0.05)
    served = Store(location.connect(url(tmp_path / "看板.db"), served=True))
    with behind(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql("LOCK TABLE version IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreBusy, match="没有变动"):
            served.head()


def test_a_statement_that_takes_too_long_is_ended(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(postgres, "STATEMENT", 0.05)
    with pytest.raises(StoreBusy), store._database.read() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(60)")


# Restarts and crashes


def test_after_a_restart_of_the_server_the_next_question_and_act_work(store: Store, postgres: Server):
    first = published(store, SMALL, "2025-04-30")
    postgres.stop()
    try:
        for refused in (lambda: store.latest(PLAN), lambda: published(store, SMALL, "2025-06-30")):
            with pytest.raises(StoreUnusable, match="没有应答"):
                refused()
    finally:
        postgres.start()
    assert store.latest(PLAN) == first
    assert published(store, SMALL, "2025-06-30").number == 2
    assert store.verify() == ()


class Editor(threading.Thread):
    """Somebody who publishes on and on, and clicks again with the same token where it was refused."""

    def __init__(self, store: Store, parts: Contents) -> None:
        super().__init__()
        self.store, self.parts = store, parts
        self.kept: list[Version] = []
        self.refused = 0
        self.done = threading.Event()

    def run(self) -> None:
        for turn in count(1):
            while not self.done.is_set():
                try:
                    newest = self.store.latest(PLAN)
                    known = self.kept[-1].id if self.kept else newest and newest.id
                    self.kept.append(self.store._keep(draft(self.parts, known, f"第{turn}次", note=f"{turn}")))
                    break
                except (StoreBusy, StoreUnusable):
                    self.refused += 1
                    time.sleep(0.01)
            if self.done.is_set():
                return


def nothing_is_lost(folder: Path, strike: Callable[[], object], strikes: int) -> int:
    """Strike at random moments of publishing: what was acknowledged is there, each once, and no number is missing.

    Return how often a strike was felt.
    """
    store, choose = opened(folder), random.Random(strikes)
    editor = Editor(opened(folder), contents(SMALL, date(2025, 4, 30)))
    editor.start()
    for _ in range(strikes):
        before, end = len(editor.kept), time.monotonic() + PATIENCE
        while len(editor.kept) == before and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(choose.uniform(0, 0.2))
        strike()
    editor.done.set()
    editor.join()
    found = {version.id: version for version in store.versions(PLAN)}
    assert {version.id: version for version in editor.kept}.items() <= found.items()
    assert len(found) - len(editor.kept) <= 1  # kept, and over before it could say so
    assert [version.note for version in reversed(found.values())] == [str(n) for n in range(1, len(found) + 1)]
    assert store.verify() == ()
    assert len(found) >= strikes
    return editor.refused


def terminating(postgres: Server, folder: Path) -> Callable[[], object]:
    statement = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{named(folder / '看板.db')}'"
    return lambda: postgres.run(statement)


def crashing(postgres: Server) -> Callable[[], object]:
    def crash() -> None:
        postgres.stop(signal.SIGQUIT)
        postgres.start()

    return crash


def test_connections_that_are_ended_while_it_publishes_lose_nothing(postgres: Server, tmp_path: Path):
    nothing_is_lost(tmp_path, terminating(postgres, tmp_path), KILLS)


def test_a_server_that_crashes_while_it_publishes_loses_nothing(postgres: Server, tmp_path: Path):
    assert nothing_is_lost(tmp_path, crashing(postgres), CRASHES) >= CRASHES


@pytest.mark.proof
def test_connections_ended_two_hundred_times_and_forty_crashes_lose_nothing(postgres: Server, tmp_path: Path):
    assert nothing_is_lost(tmp_path / "断", terminating(postgres, tmp_path / "断"), 20 * KILLS) > KILLS
    assert nothing_is_lost(tmp_path / "崩", crashing(postgres), 40) >= 40


# The password


def test_no_message_and_no_log_tells_the_password(
    postgres: Server, name: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    wrong = "出错的-password-8731"
    right = sa.make_url(postgres.url(name, by_network=True))
    assert Store.open(right.render_as_string(hide_password=False)).plans() == ()
    addresses = [
        right.set(password=wrong).render_as_string(hide_password=False),
        right.set(password=wrong, port=1).render_as_string(hide_password=False),
        right.set(password=wrong, database="nowhere").render_as_string(hide_password=False),
        f"postgresql://{APP}:{wrong}@127.0.0.1:port/{name}",
        f"postgresql://{APP}:{wrong}@127.0.0.1:{postgres.port}/{name}?nothing=known",
        f"postgresql://{APP}:{wrong}@127.0.0.1:{postgres.port}",
    ]
    told = []
    for address in addresses:
        with pytest.raises(DashboardError) as refused:
            Store.open(address)
        told.append("".join(traceback.format_exception(refused.value)))
    said = capsys.readouterr()
    assert wrong not in "".join(told) + caplog.text + said.out + said.err
    assert not any(postgres.password in each for each in (*told, caplog.text))


# Between a file and a server


def without_sessions(path: Path) -> dict[str, list[tuple[object, ...]]]:
    return {table: found for table, found in rows(path).items() if table not in ("session", "guess")}


def filled(store: Store) -> Store:
    """Let something be in every table."""
    published(store, SMALL, "2025-04-30")
    published(store, SMALL, "2025-04-30", plan=OTHER)
    published(store, SMALL.replace("2000", "3000"), "2025-06-30")
    store.accounts.add("林溪", "青石板凳 雨天写信 三月", "测试")
    store.accounts.sign_in("林溪", "青石板凳 雨天写信 三月", address="10.0.0.5")
    return store


def test_a_store_moves_up_to_a_server_and_down_again_with_everything(tmp_path: Path):
    small = filled(Store.open(f"sqlite:///{tmp_path / '小.db'}"))
    head = small.backup(tmp_path / "一.db")
    assert recover(tmp_path / "一.db", url(tmp_path / "看板.db")) == head
    big = opened(tmp_path)
    assert held(big) == held(small)
    assert without_sessions(tmp_path / "看板.db") == without_sessions(tmp_path / "小.db")
    assert published(big, SMALL, "2025-08-31").number == 3
    big.accounts.add("周舟", "青石板凳 雨天写信 三月", "测试")
    assert recover_file(big, tmp_path) == big.head()
    assert without_sessions(tmp_path / "下.db") == without_sessions(tmp_path / "看板.db")


def recover_file(store: Store, folder: Path) -> tuple[int, str]:
    store.backup(folder / "二.db")
    return recover(folder / "二.db", f"sqlite:///{folder / '下.db'}")


def test_a_server_that_holds_anything_is_not_filled(store: Store, tmp_path: Path):
    Store.open(f"sqlite:///{tmp_path / '小.db'}").backup(tmp_path / "一.db")
    store.accounts.add("林溪", "青石板凳 雨天写信 三月", "测试")
    before = rows(tmp_path / "看板.db")
    with pytest.raises(StoreUnusable, match="已经有内容"):
        recover(tmp_path / "一.db", url(tmp_path / "看板.db"))
    assert rows(tmp_path / "看板.db") == before


def test_what_a_server_stores_otherwise_is_not_restored(tmp_path: Path):
    filled(Store.open(f"sqlite:///{tmp_path / '小.db'}")).backup(tmp_path / "一.db")
    with behind(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.note = 1; RETURN NEW; END'"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER meddling BEFORE INSERT ON version FOR EACH ROW EXECUTE FUNCTION meddle()"
        )
    with pytest.raises(StoreDamaged, match="没有恢复"):
        recover(tmp_path / "一.db", url(tmp_path / "看板.db"))
    assert rows(tmp_path / "看板.db")["version"] == []


def test_a_damaged_server_gives_no_backup(store: Store, tmp_path: Path):
    filled(store)
    with tampering(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql("UPDATE version SET note = 'x' WHERE id = 2")
    with pytest.raises(StoreDamaged, match="没有留下副本"):
        store.backup(tmp_path / "一.db")
    assert list(tmp_path.iterdir()) == []


def test_the_commands_follow_the_address_in_the_environment(
    postgres: Server,
    empty: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", postgres.url(empty, OWNER))
    assert main(["verify"]) == 1
    assert main(["prepare", "--app", APP]) == 0
    monkeypatch.setenv("DATABASE_URL", postgres.url(empty))
    filled(Store.open(f"sqlite:///{tmp_path / '小.db'}"))
    assert main(["restore", str(tmp_path / "小.db")]) == main(["verify"]) == main(["editors", "list"]) == 0
    assert main(["backup"]) == main(["backup", str(tmp_path / "二.db")]) == 0
    said = capsys.readouterr()
    assert "python -m data prepare" in said.err
    assert said.out.count("共3个版本") == 4
    assert "林溪" in said.out
    (kept,) = (tmp_path / "backups").iterdir()
    assert held(Store.open(f"sqlite:///{kept}")) == held(Store.open(postgres.url(empty)))
