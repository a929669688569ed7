"""Backups by themselves: whole, few enough, and never in the way of a publish."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.storage.keeping import BEIJING
from data.storage.location import connect
from data.storage.rotation import DAYS, LAST, Rotation, needed
from data.store import Store
from tests.stores import SMALL, held, opened, published, url

NOON = datetime(2025, 6, 30, 4, tzinfo=UTC)  # 12:00 in Beijing
MOMENTS = st.lists(st.integers(0, 90 * 24).map(lambda hours: NOON - timedelta(hours=hours)), max_size=80, unique=True)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = opened(tmp_path)
    published(store, SMALL, "2025-04-30")
    return store


def test_the_last_ten_are_kept_however_close_together() -> None:
    moments = [NOON - timedelta(minutes=minute) for minute in range(40)]
    assert needed(moments) == set(moments[:LAST])


def test_of_older_days_the_last_one_is_kept_for_thirty_days() -> None:
    moments = [NOON - timedelta(hours=6 * number) for number in range(4 * 60)]
    kept = needed(moments)
    days = {moment.astimezone(BEIJING).date() for moment in kept}
    assert len(days) == DAYS
    for day in days:
        ofday = [moment for moment in moments if moment.astimezone(BEIJING).date() == day]
        assert max(ofday) in kept
    assert len(kept) < LAST + DAYS


@given(MOMENTS)
def test_what_is_kept_is_kept_again_and_the_newest_never_goes(moments: list[datetime]) -> None:
    kept = needed(moments)
    assert needed(kept) == kept
    assert kept <= set(moments)
    assert (max(moments) in kept) if moments else kept == set()
    assert len(kept) <= LAST + DAYS


def test_a_backup_is_the_store_and_lies_in_a_folder_beside_it(store: Store, tmp_path: Path) -> None:
    backups = Rotation(connect(url(tmp_path / "看板.db")))
    assert (backups.newest(), backups.made()) == (None, ())
    before = datetime.now(UTC)
    backups.make()
    (copy,) = backups.made()
    assert copy.parent == tmp_path / "backups"
    assert before <= backups.newest() <= datetime.now(UTC)  # type: ignore[operator]  # there is one
    assert held(opened(copy.parent, copy.name)) == held(store)


def test_backups_are_dropped_by_age_and_nothing_else_in_the_folder_is_touched(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    others = ["看板-20200101T000000000000Z.db.tmp", "看板-昨天.db", "dashboard-20200101T000000000000Z.db", "备忘.txt"]
    old = [f"看板-20240{month}01T000000000000Z.db" for month in range(1, 8)]
    recent = [f"看板-29250630T0000{second:02}000000Z.db" for second in range(12)]
    for name in (*others, *old, *recent):
        (folder / name).write_bytes(b"")
    Rotation(connect(url(tmp_path / "看板.db"))).make()
    left = {path.name for path in folder.iterdir()}
    assert left == {*others, *recent[-LAST:]}


def test_asked_for_often_one_backup_holds_what_was_done_meanwhile(store: Store, tmp_path: Path) -> None:
    backups = Rotation(connect(url(tmp_path / "看板.db")))
    for _ in range(6):
        published(store, SMALL, "2025-06-30")
        backups.ask()
    backups.finish()
    newest = backups.made()[0]
    assert opened(newest.parent, newest.name).head() == store.head()
    assert len(backups.made()) <= 6


def test_a_backup_that_fails_is_told_and_the_next_good_one_puts_it_right(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    backups = Rotation(connect(url(tmp_path / "看板.db")))
    (tmp_path / "backups").write_bytes(b"in the way")
    backups.make()
    assert "自动备份没有成功，版本本身已保存" in backups.trouble
    assert backups.trouble in caplog.text
    (tmp_path / "backups").unlink()
    backups.make()
    assert (backups.trouble, len(backups.made())) == ("", 1)
