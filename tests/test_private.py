"""What the product puts on the disk is for its own user alone; what an operator put there stays as he made it."""

import os
import stat
from pathlib import Path

import pytest

from data.serving import Served, opened
from data.storage.accounts import Accounts
from data.store import Store, recover
from tests.servers import PASSWORD
from tests.stores import SMALL, published, url

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")


def modes(folder: Path) -> dict[str, str]:
    """Return the mode of everything below a folder."""
    return {
        str(path.relative_to(folder)): f"{stat.S_IMODE(path.stat().st_mode):o}" for path in sorted(folder.rglob("*"))
    }


def test_store_backups_and_secret_are_for_nobody_else(tmp_path: Path) -> None:
    before = os.umask(0)  # the most careless there is
    try:
        store = opened(url(tmp_path / "home" / "看板.db"), ())
        assert isinstance(store, Served)
        published(store, SMALL, "2025-04-30")
        store.backups.finish()
        Accounts(store._database).add("林溪", PASSWORD, "测试")
        Accounts(store._database).sign_in("林溪", PASSWORD, address="127.0.0.1")
        store.backup(tmp_path / "usb" / "一.db")
        recover(tmp_path / "usb" / "一.db", url(tmp_path / "new" / "看板.db"))
    finally:
        os.umask(before)
    made = modes(tmp_path)
    assert {path for path, mode in made.items() if mode == "700"} == {"home", "home/backups", "usb", "new"}
    assert {mode for path, mode in made.items() if "." in path or path.endswith("secret")} == {"600"}
    assert {"home/看板.db", "home/secret", "usb/一.db", "new/看板.db"} < made.keys()


def test_while_a_version_is_written_its_journal_is_for_nobody_else_either(tmp_path: Path) -> None:
    store = Store.open(url(tmp_path / "home" / "看板.db"))
    with store._database.write() as connection:
        connection.exec_driver_sql("INSERT INTO content VALUES ('x', x'00')")
        assert modes(tmp_path)["home/看板.db-journal"] == "600"
        connection.rollback()


def test_who_was_let_in_by_the_operator_stays_let_in(tmp_path: Path) -> None:
    Store.open(url(tmp_path / "home" / "看板.db"))
    (tmp_path / "home").chmod(0o750)
    (tmp_path / "home" / "看板.db").chmod(0o640)
    published(Store.open(url(tmp_path / "home" / "看板.db")), SMALL, "2025-04-30")
    assert modes(tmp_path) == {"home": "750", "home/看板.db": "640"}
