"""What other processes do to a store in the tests, and how they are started together or killed.

They are forked from a clean process that has everything imported; a plain fork would copy this process's threads.
"""

import multiprocessing
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from data.plan import shipped
from data.storage.keeping import Contents
from data.store import StalePublish, Store, publish_shipped
from tests.stores import PLAN, draft, url

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])
SECONDS = 120
SIZE = 300_000  # bytes of an original, about a real form with a few pictures

Outcome = tuple[int, str, int | None]  # round, "won" | "stale", the id of the winner


def together(workers: int, work: Callable[..., None], *arguments: Any) -> list[Any]:
    """Run the work in processes that start at one moment; return what each reported."""
    barrier, answers = PROCESSES.Barrier(workers), PROCESSES.Queue()
    processes = [PROCESSES.Process(target=work, args=(n, barrier, answers, *arguments)) for n in range(workers)]
    for process in processes:
        process.start()
    reported = [answers.get(timeout=SECONDS) for _ in processes]
    for process in processes:
        process.join(SECONDS)
    assert [process.exitcode for process in processes] == [0] * workers
    return reported


def killed(work: Callable[..., None], folder: Path, given: Any, after: float) -> tuple[list[Any], bool]:
    """Kill the work ``after`` seconds from its first answer; return all answers, and whether it died while writing."""
    answers, end = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=work, args=(end, url(folder / "看板.db"), given))
    process.start()
    end.close()
    assert answers.poll(SECONDS)
    time.sleep(after)
    assert process.is_alive()
    process.kill()
    process.join()
    acknowledged = []
    with suppress(EOFError):
        while True:
            acknowledged.append(answers.recv())
    return acknowledged, (folder / "看板.db-journal").exists()


def contend(editor: int, barrier: Barrier, answers: Any, address: str, parts: Contents, rounds: int) -> None:
    """In each round, publish on the version that was newest before anybody began."""
    store = Store.open(address)
    outcomes: list[Outcome] = []
    for turn in range(rounds):
        newest = store.latest(PLAN)
        own = replace(parts, original=f"{turn} {editor}".encode() * 2000)
        barrier.wait(SECONDS)
        try:
            version = store._keep(draft(own, newest and newest.id, f"{turn} {editor}", author=f"编辑{editor}"))
            outcomes.append((turn, "won", version.id))
        except StalePublish as stale:
            outcomes.append((turn, "stale", stale.winner and stale.winner.id))
        barrier.wait(SECONDS)
    answers.put(outcomes)


def upload(editor: int, barrier: Barrier, answers: Any, address: str, content: bytes) -> None:
    store = Store.open(address)
    words = {"plan": PLAN, "content": content, "filename": "考评表.xlsx", "data_date": date(2025, 4, 30), "note": ""}
    barrier.wait(SECONDS)
    try:
        answers.put(("won", store.publish(**words, base=None, author=f"编辑{editor}", token=str(editor)).author))
    except StalePublish as stale:
        answers.put(("stale", stale.winner and stale.winner.author))


def click(_: int, barrier: Barrier, answers: Any, address: str, parts: Contents) -> None:
    store = Store.open(address)
    barrier.wait(SECONDS)
    answers.put(store._keep(draft(parts, 1, "一次点击")))


def restart(_: int, barrier: Barrier, answers: Any, address: str) -> None:
    barrier.wait(SECONDS)
    store = Store.open(address)
    publish_shipped(store, shipped()[:1])
    answers.put(store.head())


def watch(number: int, barrier: Barrier, answers: Any, address: str, drafts: Any) -> None:
    store = Store.open(address)
    barrier.wait(SECONDS)
    if number == 0:
        store._fill(drafts)
    answers.put([store.head()[0] for _ in range(40)])


def publishes(answers: Connection, address: str, parts: Contents) -> None:
    """Publish on and on; acknowledge each version once it is kept."""
    store = Store.open(address)
    for turn in count(1):
        newest = store.latest(PLAN)
        number = newest.number if newest else 0
        original = random.Random(number).randbytes(SIZE)
        own = Contents(original, parts.table, parts.findings, parts.plan, parts.method)
        version = store._keep(draft(own, newest and newest.id, f"{number} {turn}", note=str(number)))
        answers.send((version.id, version.sha256))


def uploads(answers: Connection, address: str, content: bytes) -> None:
    """Publish a whole workbook on and on, as a page does."""
    store = Store.open(address)
    words = {"plan": PLAN, "content": content, "filename": "考评表.xlsx", "data_date": date(2025, 4, 30), "note": ""}
    for turn in count(1):
        newest = store.latest(PLAN)
        number = newest.number if newest else 0
        version = store.publish(**words, base=newest and newest.id, author="甲", token=f"{number} {turn}")
        answers.send((version.id, version.sha256))


def starts(answers: Connection, address: str, _: object) -> None:
    """Start as the app does, and then stay."""
    answers.send("begins")
    publish_shipped(Store.open(address), shipped())
    time.sleep(SECONDS)
