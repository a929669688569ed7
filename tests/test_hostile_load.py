"""An anonymous client in the others' way: sockets, caches, messages, uploads; their pages come all the same.

How quick they come is measured by ``make bench``, which a test that must hold on any machine cannot judge.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.attack import READY
from tests.bench.viewers import Viewer
from tests.servers import ROOT, process_of, resident, running
from tests.sockets import done

PAGES = ("", "department", "deadline", "indicator", "audit", "clauses")
READERS = 5
ROOM = 150 * 2**20  # bytes for 200 sessions and what is on its way; ten refused files alone would be more if kept


@contextmanager
def attacked(address: str, sockets: int) -> Iterator[None]:
    """Run the attack from a process of its own."""
    command = [sys.executable, "-m", "tests.attack", address, str(sockets)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip() == READY
        yield
    finally:
        process.kill()
        process.communicate()


async def read(address: str, until: float) -> tuple[list[float], list[str]]:
    """Let readers click through the pages; return what each page took and everything that was not as it should be."""
    took: list[float] = []
    wrong: list[str] = []

    async def reader(number: int) -> None:
        async with Viewer(address) as viewer:
            while time.monotonic() < until:
                page = PAGES[(number + len(took)) % len(PAGES)]
                took.append(await viewer.run(page=page))
                if not any("<h1" in html for html in viewer.html):
                    wrong.append(f"{page}: {viewer.html[:1]}")
                await asyncio.sleep(0.2)
            wrong.extend(viewer.failed)

    await asyncio.gather(*map(reader, range(READERS)))
    return took, wrong


def holds(folder: Path, sockets: int, seconds: float) -> None:
    with running(ROOT / "dashboard.py", folder) as address:
        done(read(address, time.monotonic() + 2))
        before = resident(process_of(address))
        with attacked(address, sockets):
            took, wrong = done(read(address, time.monotonic() + seconds))
            assert wrong == []
            assert len(took) >= 2 * READERS
            assert resident(process_of(address)) - before < ROOM
    (log,) = folder.glob("server-*.log")
    said = log.read_text("utf-8")
    assert "Traceback" not in said
    assert len(said) < 200 * 1024  # a flood does not fill the disk with its log


def test_a_client_who_floods_fifty_sockets_keeps_no_page_from_the_others(tmp_path: Path) -> None:
    holds(tmp_path, 50, 5)


@pytest.mark.proof
def test_a_client_who_floods_two_hundred_sockets_for_a_minute_keeps_no_page_from_the_others(tmp_path: Path) -> None:
    holds(tmp_path, 200, 60)
