"""各单位 against one unit's 总览, on one server: with few and many indicators behind it, and with thousands of units.

The time is that of a run of the page for a session over Streamlit's own protocol, all of its elements received.
"""

import asyncio
import statistics
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from data.store import Store
from tests import cities
from tests.bench.harness import machine, table
from tests.bench.viewers import Viewer
from tests.servers import ROOT, running

ROUNDS = 15
GROUPS = ("第一组", "第二组", "第三组")
CITIES = (  # units, versions of each, indicators of each
    (100, 12, 2),
    (100, 12, 70),
    (3000, 2, 2),
)
AIM = 1.0


def main() -> None:
    print(f"Machine: {machine()}")
    rows = []
    for units, versions, indicators in CITIES:
        overview, city = (1000 * each for each in asyncio.run(measured(units, versions, indicators)))
        size = f"{units:,} units × {indicators} indicators × {versions} versions"
        rows.append([size, f"{city:.0f} ms", f"{overview:.0f} ms", f"{city / overview:.2f} ×", f"≤ {AIM:g} ×"])
    headings = ["", "各单位", "总览 of a unit", "ratio", "aim"]
    table(f"各单位 against 总览 (medians of {ROUNDS}, in turn)", headings, rows)


async def measured(units: int, versions: int, indicators: int) -> tuple[float, float]:
    """Return the seconds of a run of 总览 and of 各单位."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "var").mkdir()
        store = Store.open(f"sqlite:///{place}/var/dashboard.db")
        cities.filled(store, units, versions, groups=GROUPS, drawings=drawings(indicators))
        with running(ROOT / "dashboard.py", Path(place)) as address:
            async with AsyncExitStack() as stack:
                pages = ("", "units")
                viewers = [await stack.enter_async_context(Viewer(address)) for _ in pages]
                for viewer, page in zip(viewers, pages, strict=True):
                    await viewer.run(page=page)
                rounds = [[await viewer.run() for viewer in viewers] for _ in range(ROUNDS)]
    overview, city = (statistics.median(took) for took in zip(*rounds, strict=True))
    return overview, city


def drawings(indicators: int) -> tuple[str, ...]:
    """Return the tables of the city with so many indicators each, the first of them as they are."""
    more = "".join(f"2-{n} | 第{n}项工作 | 0.5 | 12月底前 | 综合科 | 正在推进 | 60% |\n" for n in range(indicators - 2))
    return tuple(drawing + more for drawing in cities.DRAWINGS)


if __name__ == "__main__":
    main()
