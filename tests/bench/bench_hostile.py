"""The others' pages while an anonymous client attacks (``tests.attack``), against the same pages without it.

Five readers click through the pages; both are measured in turn on one server. Besides the time, the processor time that
the server spends for each page is told: the attacker's own process takes its share of a small machine. The sockets are
open before the readers come; what opening so many at once takes is in ``bench_load``.
"""

import asyncio
import os
import statistics
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

from tests.bench.harness import machine, table
from tests.servers import ROOT, process_of, running
from tests.test_hostile_load import attacked, read

ROUNDS = 3
SOCKETS, SECONDS = 200, 10
AIM = 2.0


def spent(process: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(address: str, *, attack: bool) -> tuple[float, float, float]:
    """Return the median of a page, the time within which 95 of 100 came, and the server's processor time for each."""
    process = process_of(address)
    with attacked(address, SOCKETS) if attack else nullcontext():
        before = spent(process)
        took, wrong = asyncio.run(read(address, time.monotonic() + SECONDS))
        used = spent(process) - before
    if wrong:
        raise RuntimeError(wrong[0])
    took.sort()
    return statistics.median(took), took[int(0.95 * len(took))], used / len(took)


def main() -> None:
    print(f"Machine: {machine()}")
    with tempfile.TemporaryDirectory() as folder, running(ROOT / "dashboard.py", Path(folder)) as address:
        measured(address, attack=False)
        rounds = [[measured(address, attack=attack) for attack in (False, True)] for _ in range(ROUNDS)]
    alone, under = ([statistics.median(each) for each in zip(*runs, strict=True)] for runs in zip(*rounds, strict=True))
    names = ("a page, median", "a page, 95 of 100", "the server's processor time for a page")
    rows = [
        [name, f"{one * 1000:.0f} ms", f"{other * 1000:.0f} ms", f"{other / one:.2f} ×", f"≤ {AIM:g} ×"]
        for name, one, other in zip(names, alone, under, strict=True)
    ]
    title = (
        f"The others' pages under attack: {SOCKETS} sockets, floods of uploads and messages (no error, none cut off)"
    )
    table(title, ["", "alone", "under attack", "ratio", "aim"], rows)


if __name__ == "__main__":
    main()
