"""Ten readers who click on and on while versions are published: no error, memory stays flat, nothing is left behind."""

import random
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.store import Store
from tests.drawing import xlsx
from tests.menu import menu
from tests.servers import ROOT, children, connections, process_of, resident, running
from tests.sockets import opened, run
from tests.stores import url

READERS = 10
PAGES = [address.strip("/") for address, _ in menu().values()]
PLAN = "某市林业局 2025"
TITLE = "2025年度绩效目标考评表\n参评单位：某市林业局\n序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 完成进度\n"
GROWTH = 40 * 2**20  # bytes; a leak of one version's tables at every click would be ten times that


def read_on(address: str, number: int, until: float, failed: list[str]) -> None:
    """Click through the pages as one reader, until a moment."""
    chance = random.Random(number)
    try:
        with opened(address, "") as page:
            while time.monotonic() < until:
                asked = chance.choice(PAGES)
                _, html = run(page.connection, asked)
                if "<h1" not in html:
                    failed.append(f"{asked}: {html[:200]}")
                time.sleep(chance.random())
    except Exception as error:  # noqa: BLE001  # a thread's exception would be lost
        failed.append(f"{type(error).__name__}: {error}")


def publish(store: Store, number: int) -> None:
    rows = "\n".join(
        f"1-{row} | 造林{row}00亩 | 2 | 12月底前 | 造林科 | {min(100, number * 7 + row)}%" for row in range(1, 40)
    )
    newest = store.latest(PLAN)
    store.publish(
        plan=PLAN,
        content=xlsx(TITLE + rows),
        filename="考评表.xlsx",
        base=newest and newest.id,
        author="某人",
        data_date=date(2025, 1, 31) + timedelta(days=number),
        note="",
        token=f"soak {number}",
    )


def soak(folder: Path, seconds: float, every: float) -> tuple[list[int], list[str], str]:
    """Let readers click and versions come; return memory after each publish, what failed, and the server's log."""
    (folder / "var").mkdir()
    store = Store.open(url(folder / "var" / "dashboard.db"))
    publish(store, 0)
    memory: list[int] = []
    failed: list[str] = []
    with running(ROOT / "dashboard.py", folder) as address:
        process, until = process_of(address), time.monotonic() + seconds
        readers = [threading.Thread(target=read_on, args=(address, number, until, failed)) for number in range(READERS)]
        for reader in readers:
            reader.start()
        while time.monotonic() < until:
            time.sleep(min(every, max(0.0, until - time.monotonic())))
            publish(store, len(memory) + 1)
            memory.append(resident(process))
        for reader in readers:
            reader.join()
        end = time.monotonic() + 20
        while time.monotonic() < end and (children(process) or connections(address)):
            time.sleep(0.2)
        assert children(process) == []
        assert connections(address) == 0
    (log,) = folder.glob("server-*.log")
    return memory, failed, log.read_text("utf-8")


def stays_well(folder: Path, seconds: float, every: float) -> None:
    memory, failed, log = soak(folder, seconds, every)
    assert failed == []
    assert "Traceback" not in log
    warm = len(memory) // 2
    assert max(memory[warm:]) - memory[warm] < GROWTH, [round(each / 2**20) for each in memory]


@pytest.mark.first
def test_ten_readers_for_five_minutes_and_a_publish_a_minute_leave_nothing_behind(tmp_path: Path) -> None:
    stays_well(tmp_path, 300, 60)


@pytest.mark.proof
def test_ten_readers_for_half_an_hour_and_a_publish_a_minute_leave_nothing_behind(tmp_path: Path) -> None:
    stays_well(tmp_path, 1800, 60)
