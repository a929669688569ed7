"""Merged ranges, whatever the format: cut to where there is content, bounded, and empty but for their first cell."""

from collections.abc import Iterable

from data.cells import Range, Value
from data.formats.refusals import refused
from data.limits import Limits


def within_content(merges: Iterable[Range], height: int, width: int, sheet: str, limits: Limits) -> tuple[Range, ...]:
    """Return the ranges cut to the rows and columns that hold content; what lies beyond joins nothing.

    Raises WorkbookRejected where they still cover too much, as overlapping ones can.
    """
    ends = ((top, left, min(bottom, height), min(right, width)) for top, left, bottom, right in merges)
    cut = sorted({m for m in ends if m[0] <= m[2] and m[1] <= m[3] and m[:2] != m[2:]})
    if sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in cut) > limits.covered:
        raise refused("covered", sheet=sheet, limit=limits.covered // 10_000)
    return tuple(cut)


def clear_covered(rows: list[list[Value]], merges: Iterable[Range]) -> None:
    """Empty the cells under merged ranges: some files keep old values there, which no spreadsheet shows."""
    for top, left, bottom, right in merges:
        for number in range(top, min(bottom, len(rows)) + 1):
            row = rows[number - 1]
            first = left + 1 if number == top else left
            covered = range(first - 1, min(right, len(row)))
            row[covered.start : covered.stop] = [None] * len(covered)
