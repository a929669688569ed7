"""What a process does on a disk of ``tests.disk``: acts of the store that are recorded, or that find the disk full."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, takewhile
from pathlib import Path
from random import Random

from argon2 import PasswordHasher

from data.decisions import Decision
from data.serving import Served, opened
from data.storage import database
from data.storage.accounts import Accounts
from data.storage.keeping import Contents
from data.store import Store, recover
from scoring.errors import DashboardError
from tests.disk import Space, say
from tests.stores import PLAN, SMALL, back_to_schema, contents, draft, url

PARTS = contents(SMALL, date(2025, 4, 30))
NAME, PASSWORD = "林溪", "青石板凳 雨天写信 三月"
NOON = datetime(2025, 6, 30, 4, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SIZE = 20_000  # bytes of an original


def own(number: int) -> Contents:
    return replace(PARTS, original=Random(number).randbytes(SIZE))


def inside(path: Path) -> list[list[object]]:
    """Return what can only grow: the versions and the decisions of a store."""
    store = Store.open(url(path))
    versions = [[version.id, version.sha256] for version in reversed(store.versions(PLAN))]
    return [versions, [[decision.id, decision.text] for decision in store.decisions(PLAN)]]


class Work:
    """A store in a folder, and what is done to it; the same number twice is the same click, or the same command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "store" / "看板.db"
        self.store = Store.open(url(self.path))

    def publish(self, number: int) -> None:
        newest = self.store.latest(PLAN)
        self.store._keep(draft(own(number), newest and newest.id, f"{number}"))

    def decide(self, number: int) -> None:
        decision = Decision(0, PLAN, "1-1", f"补种{number}亩", "造林科", None, date(2025, 10, 20), "甲")
        self.store.decide(decision, token=f"{number}")

    def sign_in(self, number: int) -> None:
        """Sign in at a store that has no secret yet, a quarter of an hour after the last time."""
        self.path.with_name("secret").unlink(missing_ok=True)
        clock = NOON + number * timedelta(minutes=16)
        self.accounts(clock).sign_in(NAME, PASSWORD, address="127.0.0.1")

    def back_up(self, number: int) -> None:
        self.store.backup(self.folder / f"copy-{number}" / "看板.db")

    def restore(self, number: int) -> None:
        recover(self.folder / "一.db", url(self.folder / f"restored-{number}" / "看板.db"))

    def migrate(self, number: int) -> None:
        """Open what an earlier release left."""
        Store.open(url(self.folder / f"old-{number}" / "看板.db"))

    def start(self, number: int) -> None:
        Store.open(url(self.folder / f"new-{number}" / "看板.db"))

    def leave_an_older_one(self, number: int) -> None:
        (self.folder / f"old-{number}").mkdir(exist_ok=True)
        shutil.copy(self.folder / "old.db", self.folder / f"old-{number}" / "看板.db")

    def accounts(self, now: datetime = NOON) -> Accounts:
        return Accounts(self.store._database, clock=lambda: now, hasher=CHEAP)

    def prepare(self) -> None:
        """Leave two versions, an editor, a copy and what an earlier release left of the same."""
        self.publish(-2)
        self.publish(-1)
        self.accounts().add(NAME, PASSWORD, "测试")
        self.store.backup(self.folder / "一.db")
        self.store.backup(self.folder / "old.db")
        back_to_schema(self.folder / "old.db", 2)


ACTS: dict[str, Callable[[Work, int], None]] = {
    act.__name__: act
    for act in (Work.publish, Work.decide, Work.sign_in, Work.back_up, Work.restore, Work.migrate, Work.start)
}


def recorded(folder: Path) -> None:
    """Begin a store, publish and decide, copy it, publish on, restore the copy elsewhere; say what is kept each time."""
    work, copy, other = Work(folder), folder / "copies" / "一.db", folder / "other" / "看板.db"
    for number in range(1, 9):
        work.publish(number)
        kept(work.path)
        if number % 3 == 0:
            work.decide(number)
            kept(work.path)
        if number == 4:
            work.store.backup(copy)
            kept(copy)
    recover(copy, url(other))
    kept(other)


def kept(path: Path) -> None:
    say(Path(os.environ["DISK_LOG"]), path, json.dumps(inside(path)))


def filled(folder: Path, copying: str, every: str, *acts: str) -> None:
    """Do each act again and again on a disk that is full at its first write, at a later one and so on; print what was said.

    Each time: who reads goes on reading, nothing is half there, and the same click works once there is space again.
    """
    database.QUIET = 0.0
    work, said = Work(folder), {}
    work.prepare()
    pages = opened(url(work.path), ())
    assert isinstance(pages, Served)
    pages.backups.finish()
    for act in acts:
        tries = (full_after(work, act, pages, number, bool(copying)) for number in count(0, int(every)))
        said[act] = list(takewhile(bool, tries))
    print(json.dumps(said))


def full_after(work: Work, act: str, pages: Served, number: int, copying: bool) -> str:
    """Do an act while there is space for so many writes; return what it was refused with, "" where it was done."""
    space = Space(Path(os.environ["DISK_SPACE"]))
    before = look(pages)
    work.leave_an_older_one(number)
    space.only(number, copying=copying)
    said = refusal(work, act, number)
    assert look(pages) == before or not said
    assert pages.trouble == "" or copying
    space.endless()
    assert work.store.verify() == ()
    assert look(pages) == before or not said
    again = said and refusal(work, act, number)
    assert again == "", again
    assert faults(work.folder, number) == []
    return said


def look(pages: Served) -> tuple[object, ...]:
    return pages.plans(), pages.versions(PLAN), pages.decisions(PLAN), pages.head()


def refusal(work: Work, name: str, number: int) -> str:
    """Return what an act is refused with, "" where it is done; it leaves nothing half made either way."""
    try:
        ACTS[name](work, number)
    except DashboardError as error:
        made = {"back_up": "copy", "restore": "restored"}.get(name)
        assert not (work.folder / f"{made}-{number}" / "看板.db").exists()
        return str(error)
    return ""


def faults(folder: Path, number: int) -> list[str]:
    """Return what is wrong with what was made, and what was left lying about."""
    names = [path.name for path in folder.rglob("*") if path.is_file()]
    stray = [name for name in names if name.endswith((".tmp", "-journal")) or name.startswith("secret.")]
    return stray + [fault for path in folder.glob(f"*-{number}/看板.db") for fault in Store.open(url(path)).verify()]


if __name__ == "__main__":
    {"recorded": recorded, "filled": filled}[sys.argv[2]](Path(sys.argv[1]), *sys.argv[3:])
