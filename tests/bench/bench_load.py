"""Many viewers of one process: 总览 against an empty page on stock Streamlit settings under the same load.

A viewer is a session over Streamlit's own protocol, with the look for news that a browser would send (``viewers.py``);
what a browser itself costs is in ``bench_page``. Both servers run all the time, and each load is put on them in turn.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from datetime import timedelta
from pathlib import Path

from data.store import Store
from tests.bench.harness import machine, table
from tests.bench.viewers import Viewer
from tests.servers import ROOT, process_of, resident, running

ROUNDS, CLICK_ROUNDS, MEMORY_ROUNDS = 5, 2, 3
CROWDS = (1, 10, 50, 100)
CLICKERS, SECONDS = 100, 10
WATCHERS, NEWS_SECONDS = 50, 5.0
FIRST, FURTHER = 20, 100  # viewers who come before memory is looked at, and those whose memory is counted
MEMORY_AIM = 2.0
EMPTY = Path(__file__).with_name("empty.py")
FORM = ROOT / "data" / "tables" / "quanzhou-commerce-2025.xlsx"


async def together(address: str, count: int) -> float:
    """Return the seconds until the last of ``count`` viewers who open the page at once has it."""
    async with AsyncExitStack() as stack:
        start = time.perf_counter()
        await asyncio.gather(*(opened(stack, address) for _ in range(count)))
        return time.perf_counter() - start


async def opened(stack: AsyncExitStack, address: str, page: str = "") -> Viewer:
    viewer = await stack.enter_async_context(Viewer(address))
    await viewer.run(page=page)
    well(viewer)
    return viewer


def well(*viewers: Viewer) -> None:
    """Fail where a viewer was told of an error or cut off, so that no broken page is called quick."""
    failed = [told for viewer in viewers for told in viewer.failed]
    if failed:
        raise RuntimeError(f"{len(failed)} errors, the first: {failed[0]}")


async def clicks(address: str, page: str | None = None) -> list[float]:
    """Return what one click took each of the viewers, who click evenly spread over ``SECONDS``.

    A click runs the page again, or opens the ``page`` of the menu.
    """
    async with AsyncExitStack() as stack:
        viewers = [await opened(stack, address) for _ in range(CLICKERS)]

        async def click(viewer: Viewer, wait: float) -> float:
            await asyncio.sleep(wait)
            return await viewer.run(page=page)

        waits = [SECONDS * place / CLICKERS for place in range(CLICKERS)]
        took = await asyncio.gather(*map(click, viewers, waits))
        well(*viewers)
        return list(took)


async def memory(address: str) -> float:
    """Return the bytes that each further viewer of a fresh server takes."""
    process = process_of(address)
    async with AsyncExitStack() as stack:
        for _ in range(FIRST):
            await opened(stack, address)
        before = resident(process)
        for _ in range(FURTHER):
            await opened(stack, address)
        return (resident(process) - before) / FURTHER


async def news(address: str, store: Store, number: int) -> tuple[float, float]:
    """Return the seconds from a publish until the last viewer is told of it, and until the last one has it."""
    async with AsyncExitStack() as stack:
        viewers = [await opened(stack, address) for _ in range(WATCHERS)]
        start = time.perf_counter()
        await asyncio.to_thread(publish, store, number)

        async def follow(viewer: Viewer) -> tuple[float, float]:
            await asyncio.wait_for(viewer.news.wait(), 60)
            told = time.perf_counter() - start
            (label,) = (label for label in viewer.buttons if label.startswith("看第"))
            await viewer.run(button=label)
            return told, time.perf_counter() - start

        took = await asyncio.gather(*map(follow, viewers))
        well(*viewers)
        return max(told for told, _ in took), max(there for _, there in took)


def publish(store: Store, number: int) -> None:
    plan = store.plans()[0]
    newest = store.latest(plan)
    assert newest is not None  # the server published what ships
    store.publish(
        plan=plan,
        content=FORM.read_bytes(),
        filename=FORM.name,
        base=newest.id,
        author="某人",
        data_date=newest.data_date + timedelta(days=1),
        note="",
        token=f"bench {number}",
    )


def servers(stack: ExitStack) -> tuple[str, str, Path]:
    """Start both; return the product's address, the empty page's, and the folder of what the product keeps."""
    kept, bare = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
    product = stack.enter_context(running(ROOT / "dashboard.py", kept))
    return product, stack.enter_context(running(EMPTY, bare, folder=bare)), kept  # the folder has no settings


async def in_turn(measure: Callable[[str], Awaitable[float]], addresses: tuple[str, str]) -> tuple[float, float]:
    """Return the medians of several rounds for both addresses."""
    for address in addresses:
        await measure(address)
    rounds = [[await measure(address) for address in addresses] for _ in range(ROUNDS)]
    ours, empty = (statistics.median(took) for took in zip(*rounds, strict=True))
    return ours, empty


def row(what: str, ours: float, empty: float, aim: float = 1.0, sign: str = "ms") -> list[str]:
    return [what, f"{ours:.0f} {sign}", f"{empty:.0f} {sign}", f"{ours / empty:.2f} ×", f"≤ {aim:g} ×"]


async def opening(product: str, empty: str) -> list[list[str]]:
    rows = []
    for count in CROWDS:

        async def crowd(address: str, count: int = count) -> float:
            return await together(address, count) * 1000

        rows.append(row(f"{count} open it at once: until the last has it", *await in_turn(crowd, (product, empty))))
    return rows


async def clicking(product: str, empty: str) -> list[list[str]]:
    loads = ((product, None), (empty, None), (product, "department"))
    rounds = [[await clicks(*load) for load in loads] for _ in range(CLICK_ROUNDS)]
    ours, bare, other = ([each * 1000 for took in all_took for each in took] for all_took in zip(*rounds, strict=True))
    said = f"{CLICKERS} click in {SECONDS} s"
    return [
        row(f"{said}: 总览 again, median", statistics.median(ours), statistics.median(bare)),
        row(f"{said}: 总览 again, slowest", max(ours), max(bare)),
        row(f"{said}: 科室 from the menu, median", statistics.median(other), statistics.median(bare)),
    ]


async def holding() -> list[str]:
    """Measure memory on fresh servers each time: one that has held many viewers has room for more."""
    measured = []
    for _ in range(MEMORY_ROUNDS):
        with ExitStack() as stack:
            product, empty, _kept = servers(stack)
            measured.append([await memory(address) / 1024 for address in (product, empty)])
    ours, bare = (statistics.median(each) for each in zip(*measured, strict=True))
    return row("memory of each further viewer", ours, bare, MEMORY_AIM, "KiB")


async def publishing(product: str, kept: Path) -> list[list[str]]:
    store = Store.open(f"sqlite:///{kept / 'var' / 'dashboard.db'}")
    measured = [await news(product, store, number) for number in range(ROUNDS)]
    told, there = (statistics.median(each) for each in zip(*measured, strict=True))
    aim = f"≤ {NEWS_SECONDS:g} s"
    return [
        [f"the last of {WATCHERS} is told of a new version", f"{told:.1f} s", "", "", aim],
        [f"the last of {WATCHERS} has clicked and has it", f"{there:.1f} s", "", "", aim],
    ]


async def main() -> None:
    print(f"Machine: {machine()}")
    rows = [await holding()]
    with ExitStack() as stack:
        product, empty, kept = servers(stack)
        rows = [*await opening(product, empty), *await clicking(product, empty), *rows]
        rows += await publishing(product, kept)
    headings = ["总览", "ours", "empty page, stock settings", "ratio", "aim"]
    table(f"Many viewers of one process (medians of {ROUNDS}, in turn; no error, nobody cut off)", headings, rows)


if __name__ == "__main__":
    asyncio.run(main())
