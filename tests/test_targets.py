from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import read_workbook
from scoring.quantities import converted, quantities
from scoring.targets import COMPARATORS, KINDS, Target, extract_targets
from tests.servers import ROOT

NOTICE = ROOT / "data" / "tables" / "quanzhou-commerce-2025.xlsx"
HERE = Path(__file__).parent
ENOUGH = 0.95

Promise = tuple[str, str, float, str, str]


def drawn(name: str) -> dict[str, list[Promise]]:
    """Return what is expected of each serial or sentence of a table drawn as text."""
    table: dict[str, list[Promise]] = {}
    lines = [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    for line in lines:
        if not line.startswith(" "):
            expected = table.setdefault(line, [])
            continue
        kind, comparator, value, unit, measure = (word.replace("-", "") if word == "-" else word for word in line.split())
        expected.append((kind, comparator, float(value), unit, measure))
    return table


def promises(text: str) -> list[Promise]:
    return [(one.kind, one.comparator, one.value, one.unit, one.measure) for one in extract_targets(text)]


@dataclass
class Agreement:
    hits: int = 0
    found: int = 0
    expected: int = 0

    def add(self, text: str, expected: list[Promise]) -> None:
        found = promises(text)
        hits = (Counter(found) & Counter(expected)).total()
        self.hits, self.found, self.expected = self.hits + hits, self.found + len(found), self.expected + len(expected)
        for sign, those in (("+", Counter(found) - Counter(expected)), ("-", Counter(expected) - Counter(found))):
            for one in those:
                print(sign, one, "in", text)

    def told(self) -> tuple[float, float]:
        precision, recall = self.hits / self.found, self.hits / self.expected
        print(f"precision {precision:.3f}, recall {recall:.3f} of {self.expected} targets")
        return precision, recall
