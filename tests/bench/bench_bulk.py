"""Bulk scoring by one process alone, by one worker and by two: a data set of ten million indicators, and workbooks.

The same job each time, the start of the processes apart; the results must be equal to the last digit. The workers have
a gigabyte each; their peak is the largest resident memory of any.
"""

import re
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from data.many import bulk, cluster
from data.many.pieces import Spread, alone
from data.plan import TABLES
from tests import datasets
from tests.bench.harness import machine, table

DAY = date(2025, 10, 31)
GROUP, GROUPS, PLAN_ROWS = 200_000, 50, 70
WORKBOOKS = 100
FORM = TABLES / "example-commerce-2025-10.xlsx"
MEMORY = "1GB"


@dataclass(frozen=True)
class Run:
    """One run of a job: seconds, and the peak of memory in MiB."""

    seconds: float
    peak: float


def main() -> None:
    print(f"Machine: {machine()}")
    with TemporaryDirectory() as place:
        folder = Path(place)
        rows = folder / "indicators.parquet"
        datasets.write(rows, datasets.indicators(GROUP), times=GROUPS, plan_rows=PLAN_ROWS, day=DAY)
        compare(f"A data set of {GROUP * GROUPS:,} indicators, {PLAN_ROWS} for a plan", rows, GROUP * GROUPS, "rows")
        books = folder / "books"
        books.mkdir()
        for number in range(WORKBOOKS):
            shutil.copy(FORM, books / f"{number}.xlsx")
        compare(f"{WORKBOOKS} workbooks of 60 indicators", books, WORKBOOKS, "workbooks")


def compare(title: str, source: Path, count: int, what: str) -> None:
    target = source.with_name(f"{source.name} alone.parquet")
    runs = {"one process alone": (by_itself(source, target), target)}
    for workers in (1, 2):
        target = source.with_name(f"{source.name} {workers}.parquet")
        runs[f"{workers} worker{'s'[: workers - 1]}"] = (by_workers(source, target, workers), target)
    results = [pd.read_parquet(target) for _, target in runs.values()]
    for other in results[1:]:
        pd.testing.assert_frame_equal(results[0], other, check_exact=True)
    first = runs["one process alone"][0].seconds
    lines = [
        (
            name,
            f"{run.seconds:.1f}",
            f"{count / run.seconds:,.{0 if count > 1000 else 1}f}",
            f"{first / run.seconds:.2f} x",
            f"{run.peak:.0f}",
        )
        for name, (run, _) in runs.items()
    ]
    table(title, ("", "s", f"{what} in a second", "against one process", "peak of a process, MiB"), lines)


def by_itself(source: Path, target: Path) -> Run:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_timed, source, target).result()


def _timed(source: Path, target: Path) -> Run:
    return Run(_seconds(source, target, alone), _peak(0))


def by_workers(source: Path, target: Path, workers: int) -> Run:
    with cluster.connected(None, workers=workers, memory=MEMORY) as spread:
        took = _seconds(source, target, spread)
        return Run(took, max(peak for _, peak in spread(_peak, range(8 * workers))))


def _seconds(source: Path, target: Path, spread: Spread) -> float:
    start = time.perf_counter()
    bulk.job(str(source), str(target), DAY).run(spread)
    return time.perf_counter() - start


def _peak(_: int) -> float:
    status = Path("/proc/self/status").read_text()  # getrusage also counts what the starting process held
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]  # Linux always tells


if __name__ == "__main__":
    main()
