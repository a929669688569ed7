"""What the benches share: interleaved rounds, medians, the machine's name, one way to print a table."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def seconds(call: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def medians(tasks: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Return the median of what each task measures, one of each in every round, so that all see the same machine."""
    for task in tasks.values():
        task()
    measured = [{name: task() for name, task in tasks.items()} for _ in range(rounds)]
    return {name: statistics.median(one[name] for one in measured) for name in tasks}


def machine() -> str:
    cores = os.cpu_count() or 0
    return f"{_processor()}, {cores} cores, {_memory()}, {platform.system()}, Python {platform.python_version()}"


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table as Markdown, ready for docs/benchmarks.md."""
    print(f"\n### {title}\n")
    for line in (headings, ["---"] * len(headings), *rows):
        print(f"| {' | '.join(line)} |")
    print(flush=True)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _memory() -> str:
    info = Path("/proc/meminfo")
    if not info.exists():
        return "memory unknown"
    return f"{round(int(info.read_text().split()[1]) / 2**20)} GiB"
