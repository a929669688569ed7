"""Reading the official form against its two bare openpyxl loads, and the whole way through the child process.

In-process, so that the child's start stands apart: the same parsing as in the child, its answer written and read back,
then table and checks. A bare load is ``openpyxl.load_workbook`` alone, once for the values and once for the formulas.
"""

import io

import openpyxl

from data import read_workbook
from data.cells import Workbook
from data.formats import wire
from data.formats.parsing import parse
from data.limits import LIMITS
from data.reader import _read  # what read_workbook does with the cells; the child is left out on purpose
from data.workbook import open_workbook
from tests.bench.harness import machine, medians, seconds, table
from tests.servers import ROOT

ROUNDS = 15
AIM = 1.2
WAIT = 3.0
FORM = ROOT / "data" / "tables" / "quanzhou-commerce-2025.xlsx"
CONTENT = FORM.read_bytes()


def main() -> None:
    print(f"Machine: {machine()}")
    tasks = {
        "bare": bare_loads,
        "cells": cells,
        "checked": lambda: _read(cells(), FORM.name, None, None),
        "child": lambda: open_workbook(CONTENT, FORM.name),
        "empty child": lambda: open_workbook(b"1", "empty.csv"),
        "whole": lambda: read_workbook(CONTENT, FORM.name),
    }
    took = medians({name: lambda task=task: seconds(task) for name, task in tasks.items()}, ROUNDS)
    rows = (
        ("two bare openpyxl loads", "bare", ""),
        ("cells, in-process", "cells", ""),
        ("cells, table and checks, in-process", "checked", f"aim: at most {AIM:g} x"),
        ("open_workbook with its child", "child", ""),
        ("open_workbook of one character: the child's start", "empty child", ""),
        ("read_workbook, child and all", "whole", f"aim: within {WAIT:g} s"),
    )
    lines = [(word, f"{took[name] * 1000:.0f}", f"{took[name] / took['bare']:.2f} x", aim) for word, name, aim in rows]
    table("Reading the official form", ("", "median, ms", "ratio", ""), lines)


def bare_loads() -> None:
    openpyxl.load_workbook(io.BytesIO(CONTENT), data_only=True)
    openpyxl.load_workbook(io.BytesIO(CONTENT))


def cells() -> Workbook:
    return wire.decode(parse(CONTENT, LIMITS))


if __name__ == "__main__":
    main()
