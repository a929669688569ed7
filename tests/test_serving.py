"""The store behind the pages: locked, gone, full or damaged, pages stand, and acts are refused in a sentence."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
import streamlit
from sqlalchemy.pool import NullPool

from data.errors import StoreBusy, StoreDamaged, StoreUnusable
from data.serving import Rescued, Served, opened
from data.storage import database, schema
from data.store import Store
from tests.postgres import SUPERUSER
from tests.published import markup
from tests.published import opened as opened_page
from tests.stores import (
    PLAN,
    SMALL,
    back_to_schema,
    behind,
    contents,
    draft,
    held,
    only_postgres,
    only_sqlite,
    published,
    tampering,
    url,
)
from ui import session

pytestmark = pytest.mark.usefixtures("database")

FILE = "dashboard.db"


@pytest.fixture(autouse=True)
def hasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    for name in ("WAIT", "READ_WAIT", "QUIET"):
        monkeypatch.setattr(database, name, 0.05)


@pytest.fixture
def store(tmp_path: Path) -> Served:
    """A served store with two versions, the second of which reports 3000."""
    store = serve(tmp_path)
    assert isinstance(store, Served)
    published(store, SMALL, "2025-04-30")
    backed_up(store)
    published(store, SMALL.replace("2000", "3000"), "2025-06-30")
    backed_up(store)
    return store


def backed_up(store: Served) -> None:
    """Wait for the backup of a file; make the one that a timer makes of a server's database."""
    store.backups.finish()
    if store._database.file is None:
        store.backups.make()


def serve(folder: Path) -> Store:
    return opened(url(folder / FILE), ())


def spoil(path: Path, words: str) -> None:
    """Change what a version says behind the store's back."""
    if path.is_file():
        content = path.read_bytes()
        assert words.encode() in content
        path.write_bytes(content.replace(words.encode(), words.replace("造", "坏").encode()))
        return
    with tampering(path) as connection:
        for sha256, content in connection.execute(sa.select(schema.CONTENT)).all():
            spoilt = content.replace(words.encode(), words.replace("造", "坏").encode())
            connection.execute(sa.update(schema.CONTENT).filter_by(sha256=sha256).values(bytes=spoilt))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    if not path.is_file():
        with behind(path) as connection:
            connection.exec_driver_sql("LOCK TABLE version, decision_entry IN ACCESS EXCLUSIVE MODE")
            yield
        return
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def gone(path: Path) -> Iterator[None]:
    if not path.is_file():
        renamed(path, "{}", "away")
        yield
        renamed(path, "away", "{}")
        return
    away = path.with_name("away")
    path.rename(away)
    yield
    assert not path.exists()  # nobody has begun a new one in its place
    away.rename(path)


def renamed(path: Path, before: str, after: str) -> None:
    address = sa.make_url(url(path))
    server = address.set(drivername="postgresql+psycopg", username=SUPERUSER, database="postgres")
    before, after = before.format(address.database), after.format(address.database)
    with sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.exec_driver_sql(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{before}'"
        )
        connection.exec_driver_sql(f"ALTER DATABASE {before} RENAME TO {after}")


def answers(store: Store) -> tuple[object, ...]:
    of_plan = store.versions(PLAN), store.latest(PLAN), store.decisions(PLAN)
    return store.plans(), *of_plan, store.head(), store.listed(), store.summaries(), store.roster()


# For a while


@pytest.mark.parametrize("away", [locked, gone])
def test_what_pages_ask_is_answered_while_the_database_is_away(away, store: Served, tmp_path: Path):  # type: ignore[no-untyped-def]
    before = answers(store)
    assert store.trouble == ""
    with away(tmp_path / FILE):
        assert answers(store) == before
        assert "数据库暂时没有应答" in store.trouble
        with pytest.raises((StoreBusy, StoreUnusable), match=r"没有写入|打不开|没有应答"):
            published_on(store)
    database.time.sleep(database.QUIET)
    assert answers(store) == before
    assert store.trouble == ""
    assert published_on(store) == 3


def published_on(store: Store) -> int:
    return store._keep(draft(contents(SMALL, date(2025, 8, 31)), 2, "三")).number


def test_what_nobody_has_asked_before_is_not_made_up(store: Served, tmp_path: Path):
    with gone(tmp_path / FILE), pytest.raises(StoreUnusable):
        store.versions("某市水利局 2025")


def test_while_it_is_away_a_page_does_not_wait_again_and_again(
    store: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "QUIET", 60.0)
    store.plans()
    with gone(tmp_path / FILE):
        store.plans()
        asked: list[str] = []
        with monkeypatch.context() as watched:
            watched.setattr(sa.Engine, "connect", lambda *a, **k: asked.append("connect"))
            for _ in range(20):
                store.plans()
        assert asked == []


@pytest.mark.parametrize("away", [locked, gone])
def test_a_page_stands_and_says_so_while_the_database_is_away(  # type: ignore[no-untyped-def]
    away, store: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    streamlit.cache_resource.clear()
    monkeypatch.setattr(session, "source", lambda: store)
    good = markup(opened_page("/department"))
    with away(tmp_path / FILE):
        told = markup(opened_page("/department"))
    assert "数据库暂时没有应答" in told
    assert good.count("<tr") == told.count("<tr") > 0


# Backups


@only_sqlite
def test_what_has_no_backup_yet_gets_one_at_the_start(store: Served, tmp_path: Path):
    shutil.rmtree(tmp_path / "backups")
    again = serve(tmp_path)
    assert isinstance(again, Served)
    again.backups.finish()
    assert held(opened(url(again.backups.made()[0]), ())) == held(store)


def test_a_backup_holds_all_that_was_done(store: Served, tmp_path: Path):
    newest = store.backups.made()[0]
    assert held(opened(url(newest), ())) == held(store)
    assert len(store.backups.made()) == 2


@only_postgres
def test_each_process_on_a_server_leaves_backups_to_the_timer(store: Served):
    before = store.backups.made()
    assert published_on(store) == 3
    store.backups.finish()
    assert store.backups.made() == before


@only_sqlite
def test_a_backup_that_fails_fails_no_publish_and_is_told_on_the_page(
    store: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.rmtree(tmp_path / "backups")
    (tmp_path / "backups").write_bytes(b"in the way")
    assert published_on(store) == 3
    store.backups.finish()
    streamlit.cache_resource.clear()
    monkeypatch.setattr(session, "source", lambda: store)
    assert "自动备份没有成功，版本本身已保存" in markup(opened_page("/versions"))


# Damaged


def test_a_damaged_store_gives_what_its_backup_has_and_takes_nothing(store: Served, tmp_path: Path):
    whole = held(store)
    spoil(tmp_path / FILE, "已造林3000亩")
    found = serve(tmp_path)
    assert isinstance(found, Rescued)
    assert held(found) == whole
    assert "数据库已损坏" in found.trouble
    assert "的备份，只能看" in found.trouble
    with pytest.raises(StoreUnusable, match="只能看"):
        published_on(found)


def test_without_a_backup_the_versions_that_are_whole_are_shown(store: Served, tmp_path: Path):
    first = held(store)[1]
    shutil.rmtree(tmp_path / "backups")
    spoil(tmp_path / FILE, "已造林3000亩")
    found = serve(tmp_path)
    assert held(found) == {1: first}
    assert "库里仍然完好的版本" in found.trouble
    with pytest.raises(KeyError):
        found.version(2)


def test_an_older_backup_is_not_shown_before_newer_versions_that_are_whole(store: Served, tmp_path: Path):
    store.backups.made()[0].unlink()  # the one with the second version
    spoil(tmp_path / FILE, "已造林2000亩")
    found = serve(tmp_path)
    assert [version.number for version in found.versions(PLAN)] == [2]


@only_sqlite
def test_a_file_that_is_no_database_any_more_gives_what_its_backup_has(store: Served, tmp_path: Path):
    whole = held(store)
    (tmp_path / FILE).write_bytes(b"\0" * 8192)
    assert held(serve(tmp_path)) == whole


@only_sqlite
def test_behind_a_damaged_backup_a_whole_one_is_found(store: Served, tmp_path: Path):
    whole = held(store)
    store.backups.make()
    spoil(store.backups.made()[0], "已造林3000亩")
    spoil(tmp_path / FILE, "已造林3000亩")
    assert held(serve(tmp_path)) == whole


@only_sqlite
def test_a_backup_of_an_earlier_release_is_shown_too(store: Served, tmp_path: Path):
    whole = held(store)
    for path in store.backups.made():
        back_to_schema(path, schema.NUMBER - 1)
    (tmp_path / FILE).write_bytes(b"\0" * 8192)
    found = serve(tmp_path)
    assert held(found) == whole
    assert answers(found)[0] == (PLAN,)


def test_a_backup_that_is_damaged_itself_is_passed_over(store: Served, tmp_path: Path):
    first = held(store)[1]
    spoil(store.backups.made()[0], "已造林3000亩")
    spoil(tmp_path / FILE, "已造林3000亩")
    assert held(serve(tmp_path)) == {1: first}


@only_sqlite
def test_where_nothing_is_whole_it_says_so(store: Served, tmp_path: Path):
    shutil.rmtree(tmp_path / "backups")
    (tmp_path / FILE).write_bytes(b"\0" * 8192)
    with pytest.raises(StoreDamaged):
        serve(tmp_path)


def test_pages_of_a_damaged_store_stand_below_a_banner(store: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    streamlit.cache_resource.clear()
    spoil(tmp_path / FILE, "已造林3000亩")
    found = serve(tmp_path)
    monkeypatch.setattr(session, "source", lambda: found)
    for page in ("/", "/versions", "/changes", "/upload"):
        assert "只能看，不能发布" in markup(opened_page(page))
