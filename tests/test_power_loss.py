"""The power fails: what was acknowledged is there, whole, whatever of the unsynced writes reached the disk."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data import serving
from data.store import Store
from tests import disk, disk_work
from tests.disk import Failure, Step
from tests.servers import PASSWORD
from tests.stores import PLAN, SMALL, opened, published, url

STATES = 200
SERVED = "store/看板.db"  # the others are copies: there whole, or not at all


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("beside")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("disk")


@pytest.fixture(scope="module")
def done(disk_library: Path, folder: Path, beside: Path) -> list[Step]:
    """What a process did to its disk while it published, decided, copied its store and restored the copy."""
    disk.work(disk_library, folder, beside, "recorded")
    return disk.steps(beside / "log")


def judged(failure: Failure, promised: dict[str, str], source: Path, target: Path) -> None:
    """Start again on what is left of the disk; ``promised`` is what was said of each file in the end."""
    failure.rebuild(source, target)
    for path in promised:
        there = target / Path(path).relative_to(source)
        if path.endswith(SERVED):
            goes_on(there, json.loads(failure.said.get(path, "[[], []]")), json.loads(promised[path]))
        elif there.exists():
            assert disk_work.inside(there) == json.loads(promised[path])
            assert opened(there.parent, there.name).verify() == ()
        else:
            assert path not in failure.said


def goes_on(there: Path, acknowledged: list[list[Any]], all_of_it: list[list[Any]]) -> None:
    store = opened(there.parent, there.name)
    for kept, least, most in zip(disk_work.inside(there), acknowledged, all_of_it, strict=True):
        assert len(least) <= len(kept) <= len(least) + 1  # the one that was being written may be there, whole
        assert kept == most[: len(kept)]
    assert store.verify() == ()
    number = len(store.versions(PLAN)) + 1
    assert published(store, SMALL, "2025-11-30", token="afterwards").number == number
    assert store.verify() == ()


def test_after_a_power_failure_everything_acknowledged_is_there(done: list[Step], folder: Path, tmp_path: Path) -> None:
    failures = list(disk.failures(done, STATES))
    for number, failure in enumerate(failures[:: len(failures) // 20]):
        judged(failure, disk.promised(done), folder, tmp_path / f"{number}")


@pytest.mark.proof
def test_after_two_hundred_power_failures_everything_acknowledged_is_there(
    done: list[Step], folder: Path, tmp_path: Path
) -> None:
    failures = list(disk.failures(done, STATES))
    assert len(failures) >= STATES
    for number, failure in enumerate(failures):
        judged(failure, disk.promised(done), folder, tmp_path / f"{number}")


def test_the_recorded_acts_make_the_disk_as_it_is(done: list[Step], folder: Path) -> None:
    assert Counter(step.act for step in done).keys() >= {"create", "folder", "write", "sync", "remove", "rename"}
    every = disk.Disk()
    for step in done:
        every.do(step)
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {Path(path): content for path, content in every.left().items() if content is not None} == files


def test_every_connection_of_the_product_syncs_all_that_can_be_synced(tmp_path: Path) -> None:
    seen: set[tuple[object, ...]] = set()

    def look(connection: Any, _: object) -> None:
        seen.add(tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")))

    sa.event.listen(sa.pool.Pool, "checkin", look)
    try:
        pages = serving.opened(url(tmp_path / "看板.db"), ())
        published(pages, SMALL, "2025-04-30")
        pages.accounts.add("林溪", PASSWORD, "测试")
        assert pages.plans() == (PLAN,)
        assert isinstance(pages, serving.Served)
        pages.backups.finish()
        assert Store.open(url(pages.backups.made()[0])).verify() == ()
    finally:
        sa.event.remove(sa.pool.Pool, "checkin", look)
    assert seen == {(3, "delete")}
