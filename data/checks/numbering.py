"""Serials: gaps, order, and a 小计 that bears one."""

import re
from collections.abc import Iterator
from itertools import pairwise

from data.cells import address
from data.checks import say, totals
from data.checks.audit import Audit, Line
from data.checks.serials import Parts, parts, written
from data.findings import Finding
from data.reading.form import Sum

_SERIAL = re.compile(r"\d{1,3}(?:[-.．－—–]\d{1,3}){1,4}")
_SUM_WORD = re.compile(r"小\s?计|合\s?计|总\s?计|得分")


def gaps(audit: Audit) -> Iterator[Finding]:
    """Numbers left out: 1-3-3 between 1-3-2 and 1-3-4, 1-7 to 1-12; a chapter 3 only where points are missing too."""
    taken = {number for each in audit.form.sums if (number := parts(_sum_serial(each.text)))}
    found = [gap for count in audit.counts for gap in _gaps(count, taken)]
    if totals.is_complete(audit):
        found = [(line, first, last) for line, first, last in found if len(first) == len(line.number)]
    if sum(last[-1] - first[-1] + 1 for _, first, last in found) > len(audit.lines) / 2:
        line = found[0][0]
        message = f"序号多处不连续（如{line.serial}之前），像是只摘了一部分指标。"
        yield say.finding(audit, line, "serial", "serial_excerpt", "check", message, "按读到的各行计算，不补序号。")
        return
    for line, first, last in found:
        left_out = _written(first, last, line.serial)
        chapter = len(first) == 1 < len(line.number)
        message = f"{f'没有以{left_out}开头的序号' if chapter else f'缺序号{left_out}'}，下一行是{line.serial}。"
        treatment = "不补序号；缺的指标没有读到，不计分。"
        yield say.finding(audit, line, "serial", "serial_gap", "check", message, treatment)


def _gaps(count: list[Line], taken: set[Parts]) -> Iterator[tuple[Line, Parts, Parts]]:
    """Yield each gap's first and last number with the row that stands after it."""
    first: dict[Parts, Line] = {}
    for line in count:
        for depth in range(1, len(line.number) + 1):
            first.setdefault(line.number[:depth], line)
    above: dict[Parts, int] = {}
    for number in sorted({*first, *(each for each in taken if each[:-1] in first)}):
        parent, own = number[:-1], number[-1]
        last = above.get(parent, 0 if parent else own - 1)
        above[parent] = own
        if own > last + 1 and number in first:
            yield first[number], (*parent, last + 1), (*parent, own - 1)


def _written(first: Parts, last: Parts, model: str) -> str:
    model = model if len(parts(model)) == len(first) else ""
    one, other = written(first, model), written(last, model)
    return f"{one}至{other}" if first != last else one


def order(audit: Audit) -> Iterator[Finding]:
    """Serials that go back: told once."""
    numbered = ([line for line in count if line.number] for count in audit.counts)
    back = [line for some in numbered for above, line in pairwise(some) if line.number < above.number]
    message = "序号没有按顺序排：{names}排在更大的序号之后。"
    yield from say.grouped(audit, back, "serial", "serial_order", "check", message, "按表中原有顺序列出，不影响计分。")


def sum_serials(audit: Audit) -> Iterator[Finding]:
    """A 小计 that stands in a numbered row is no indicator."""
    for each in audit.form.sums:
        if serial := _sum_serial(each.text):
            word = "小计" if each.kind == "subtotal" else "合计"
            stated = f"（{say.points(each.points)}分）" if each.points is not None else ""
            message = f"序号{serial}印的是{word}{stated}，不是指标。"
            cell, treatment = _serial_cell(audit, each), f"按{word}核对，不作为指标计分。"
            yield Finding("sum_serial", "check", each.sheet, cell, message, treatment, serial)


def _serial_cell(audit: Audit, each: Sum) -> str:
    """Return the cell of a sum row's serial, below the header of the row above it."""
    above = audit.printed[max(each.after - 1, 0)] if audit.printed else None
    column = audit.form.columns[int(above.block)].get("serial") if above is not None else None
    return address(int(re.sub(r"\D", "", each.cell)), column) if column else each.cell


def _sum_serial(text: str) -> str:
    """Return the serial that stands before the word 小计; what stands after it are points."""
    before = _SUM_WORD.split(text)[0].split()
    return next((word for word in before if _SERIAL.fullmatch(say.bare(word))), "")
