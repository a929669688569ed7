"""data.storage.backup: a copy is verified before it gets its name, and never takes the place of anything."""

import os
import threading
from pathlib import Path

import pytest

from data.__main__ import main
from data.errors import StoreDamaged, StoreUnusable
from data.storage import schema
from data.storage.accounts import SignInRefused, session_ticket
from data.store import Store, recover
from tests.servers import PASSWORD
from tests.stores import PLAN, SMALL, back_to_schema, held, only_sqlite, opened, published, rows, url

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = opened(tmp_path)
    published(store, SMALL, "2025-04-30")
    published(store, SMALL.replace("2000", "3000"), "2025-06-30")
    return store


def damage(path: Path) -> None:
    content = path.read_bytes()
    assert "已造林2000亩".encode() in content
    path.write_bytes(content.replace("已造林2000亩".encode(), "已造林9000亩".encode()))


def test_a_backup_holds_every_version_with_its_bytes(store: Store, tmp_path: Path):
    assert store.backup(tmp_path / "备份" / "一.db") == store.head()
    copy = opened(tmp_path / "备份", "一.db")
    assert held(copy) == held(store)
    assert copy.verify() == ()
    assert os.listdir(tmp_path / "备份") == ["一.db"]


def test_a_restored_backup_goes_on_where_it_was(store: Store, tmp_path: Path):
    store.backup(tmp_path / "一.db")
    assert recover(tmp_path / "一.db", url(tmp_path / "新" / "看板.db")) == store.head()
    fresh = opened(tmp_path / "新")
    assert held(fresh) == held(store)
    assert published(fresh, SMALL, "2025-08-31").number == 3


def test_nothing_is_ever_overwritten(store: Store, tmp_path: Path):
    (tmp_path / "一.db").write_bytes(b"somebody's")
    with pytest.raises(StoreUnusable, match="没有覆盖"):
        store.backup(tmp_path / "一.db")
    store.backup(tmp_path / "二.db")
    with pytest.raises(StoreUnusable, match="没有覆盖"):
        recover(tmp_path / "二.db", url(tmp_path / "看板.db"))
    assert (tmp_path / "一.db").read_bytes() == b"somebody's"
    assert store.verify() == ()


@only_sqlite
@pytest.mark.parametrize("ending", ["-journal", "-wal"])
def test_a_journal_left_at_the_place_is_not_mixed_into_the_restored_store(store: Store, tmp_path: Path, ending: str):
    store.backup(tmp_path / "一.db")
    (tmp_path / f"新.db{ending}").write_bytes(b"left behind")
    with pytest.raises(StoreUnusable, match=ending):
        recover(tmp_path / "一.db", url(tmp_path / "新.db"))
    assert not (tmp_path / "新.db").exists()


def test_what_an_interrupted_backup_left_is_no_obstacle(store: Store, tmp_path: Path):
    (tmp_path / "一.db.tmp").write_bytes(b"half")
    (tmp_path / "一.db.tmp-journal").write_bytes(b"half")
    store.backup(tmp_path / "一.db")
    assert {path.name for path in tmp_path.iterdir()} - {"看板.db"} == {"一.db"}


@only_sqlite
def test_a_damaged_store_is_neither_backed_up_nor_restored(store: Store, tmp_path: Path):
    store.backup(tmp_path / "一.db")
    for path in (tmp_path / "一.db", tmp_path / "看板.db"):
        damage(path)
    with pytest.raises(StoreDamaged, match="没有留下副本"):
        store.backup(tmp_path / "二.db")
    with pytest.raises(StoreDamaged, match="没有留下副本"):
        recover(tmp_path / "一.db", url(tmp_path / "三.db"))
    assert {path.name for path in tmp_path.iterdir()} == {"看板.db", "一.db"}


def test_a_backup_that_is_missing_or_no_database_is_refused(tmp_path: Path):
    with pytest.raises(StoreUnusable, match="找不到"):
        recover(tmp_path / "无.db", url(tmp_path / "看板.db"))
    (tmp_path / "表.xlsx").write_bytes(b"PK\x03\x04" * 2000)
    with pytest.raises(StoreDamaged):
        recover(tmp_path / "表.xlsx", url(tmp_path / "看板.db"))
    assert os.listdir(tmp_path) == ["表.xlsx"]


def test_a_place_that_cannot_be_written_is_refused(store: Store, tmp_path: Path):
    (tmp_path / "文件").write_bytes(b"in the way")
    with pytest.raises(StoreUnusable):
        store.backup(tmp_path / "文件" / "一.db")


def restored_elsewhere_under_load(store: Store, tmp_path: Path, backups: int) -> None:
    """Back up while versions are published, until there are backups of so many heads; restore each at another place."""
    done, heads = threading.Event(), []

    def goes_on() -> None:
        while not done.is_set():
            published(store, SMALL, "2025-08-31")

    writer = threading.Thread(target=goes_on)
    writer.start()
    while len(set(heads)) < backups and writer.is_alive():
        heads.append(store.backup(tmp_path / f"{len(heads)}.db"))
    done.set()
    writer.join()
    chain = [version[-1] for version in rows(tmp_path / "看板.db")["version"]]
    assert [chain[count - 1] for count, _ in heads] == [head for _, head in heads]
    assert sorted(heads) == heads
    assert store.verify() == ()
    everything = held(store)
    for number, head in enumerate(heads):
        assert recover(tmp_path / f"{number}.db", url(tmp_path / f"elsewhere {number}" / "看板.db")) == head
        other = opened(tmp_path / f"elsewhere {number}")
        assert other.head() == head
        assert held(other) == {version: everything[version] for version in range(1, head[0] + 1)}


def test_every_backup_made_while_versions_are_published_is_whole_elsewhere(store: Store, tmp_path: Path):
    restored_elsewhere_under_load(store, tmp_path, 5)


@pytest.mark.proof
def test_fifty_backups_made_while_versions_are_published_are_whole_elsewhere(store: Store, tmp_path: Path):
    restored_elsewhere_under_load(store, tmp_path, 50)


def test_nobody_is_signed_in_to_a_restored_store_and_no_guess_counts(store: Store, tmp_path: Path):
    store.accounts.add("林溪", PASSWORD, "测试")
    made = store.accounts.sign_in("林溪", PASSWORD, address="127.0.0.1")
    with pytest.raises(SignInRefused):
        store.accounts.sign_in("林溪", "wrong", address="127.0.0.1")
    store.backup(tmp_path / "一.db")
    store.accounts.sign_out(session_ticket(made.token))
    recover(tmp_path / "一.db", url(tmp_path / "新" / "看板.db"))
    fresh = opened(tmp_path / "新")
    assert fresh.accounts.who(session_ticket(made.token)) is None
    assert rows(tmp_path / "新" / "看板.db")["session"] == rows(tmp_path / "新" / "看板.db")["guess"] == []
    assert fresh.verify() == ()
    assert [editor.name for editor in fresh.accounts.editors()] == ["林溪"]


@pytest.mark.parametrize("number", range(1, schema.NUMBER))
def test_a_backup_of_an_earlier_release_is_brought_up_to_date(store: Store, tmp_path: Path, number: int):
    store.backup(tmp_path / "一.db")
    back_to_schema(tmp_path / "一.db", number)
    assert recover(tmp_path / "一.db", url(tmp_path / "新" / "看板.db")) == store.head()
    fresh = opened(tmp_path / "新")
    assert held(fresh) == held(store)
    assert fresh.verify() == ()


@only_sqlite
def test_the_commands_verify_back_up_and_restore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    store = opened(tmp_path, "dashboard.db")
    published(store, SMALL, "2025-04-30")
    head = f"共1个版本，校验链到 {store.head()[1][:12]}"
    copy = str(tmp_path / "一.db")
    assert main(["verify"]) == main(["backup", copy]) == 0
    assert main(["restore", copy]) == 1
    (tmp_path / "dashboard.db").unlink()
    assert main(["restore", copy]) == 0
    said = capsys.readouterr()
    assert said.out.count(head) == 3
    assert "没有覆盖" in said.err
    assert opened(tmp_path, "dashboard.db").latest(PLAN) is not None


@only_sqlite
def test_the_commands_tell_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    assert main(["verify"]) == main(["backup", str(tmp_path / "一.db")]) == 1
    assert capsys.readouterr().err.count("还没有版本库") == 2
    assert list(tmp_path.iterdir()) == []
    published(opened(tmp_path, "dashboard.db"), SMALL, "2025-04-30")
    damage(tmp_path / "dashboard.db")
    assert main(["verify"]) == 1
    assert "与写入时不一致" in capsys.readouterr().err
