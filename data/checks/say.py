"""How a finding names its number, its row and its cell; every check speaks through this."""

import unicodedata
from collections.abc import Iterator, Sequence

from data.cells import address
from data.checks.audit import Audit, Line
from data.checks.serials import follows, parts
from data.findings import Finding, Severity
from data.reading.form import Sum
from scoring.standing import Standing
from scoring.targets import Target

PIECES = 8  # a longer list is cut and counted
HAIR = 0.005  # half a hundredth of a point: less is a matter of rounding


def points(value: float) -> str:
    """Return points without noise: 2, 1.5, 0.05."""
    return f"{value:.4f}".rstrip("0").rstrip(".") if round(value, 4) else "0"


def same(one: float, other: float) -> bool:
    """Tell whether two sums of points are equal but for the noise of binary fractions."""
    return abs(one - other) < HAIR


def bare(text: str) -> str:
    """Return the text half width and without blanks, as patterns expect it."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def text_of(line: Line) -> str:
    """Return what the indicator says: its own text, else what stands in 一级指标 or 文件依据 instead."""
    return str(line.indicator or line.goal or line.basis)


def called(line: Line) -> str:
    """Return a row's name for a sentence: its serial, else the beginning of its text."""
    text = str(line.short_name or bare(text_of(line)))
    return str(line.serial) or (f"“{text[:12]}{'…' if text[12:] else ''}”" if text else f"第{line.row:.0f}行")


def measured(one: Standing) -> str:
    """Return a target with its figure: 圆桌会议1场（目标2场）; ``one`` has an actual."""
    reached = "" if one.actual is None else figure(one.actual.value, one.target)
    return f"{one.target.measure}{reached}（目标{figure(one.target.value, one.target)}）"


def figure(value: float, target: Target) -> str:
    """Return a target's value or its actual with the unit: 2场, 1.72亿美元."""
    return f"{points(value)}{target.unit}"


def names(lines: Sequence[Line]) -> str:
    """Return the rows' names as a list, serials in a row as a span: 1-3-3、4-1至4-4; a long one is cut."""
    pieces: list[list[Line]] = []
    for line in lines:
        if pieces and follows(parts(pieces[-1][-1].serial), parts(line.serial)):
            pieces[-1].append(line)
        else:
            pieces.append([line])
    said = [_span(piece) for piece in pieces]
    return "、".join(said) if len(said) <= PIECES else f"{'、'.join(said[:PIECES])}等{len(lines)}项"


def _span(piece: list[Line]) -> str:
    first, last = called(piece[0]), called(piece[-1])
    return first if first == last else f"{first}至{last}" if len(piece) > 2 else f"{first}、{last}"


def cell(audit: Audit, line: Line, fields: str) -> str:
    """Return the cell of the first of the ``fields`` that the row's sheet has, else the row's first cell."""
    columns = audit.form.columns[int(line.block)]
    column = next((columns[field] for field in (*fields.split(), "serial", "indicator") if field in columns), 1)
    return address(int(line.row), column)


def finding(
    audit: Audit, line: Line, fields: str, code: str, severity: Severity, message: str, treatment: str
) -> Finding:
    """Return a finding about a row, at the first of the ``fields`` that the sheet has."""
    return Finding(code, severity, line.sheet, cell(audit, line, fields), message, treatment, line.serial)


def grouped(
    audit: Audit, lines: Sequence[Line], fields: str, code: str, severity: Severity, message: str, treatment: str
) -> Iterator[Finding]:
    """Yield one finding for all rows, at the first; ``{names}`` and ``{count}`` in the message are filled in."""
    if lines:
        said = message.format(names=names(lines), count=len(lines))
        yield finding(audit, lines[0], fields, code, severity, said, treatment)


def whole(
    audit: Audit, code: str, severity: Severity, message: str, treatment: str, beside: Sum | None = None
) -> Finding:
    """Return a finding about the whole table: at the sum it is told ``beside``, else on the first sheet."""
    sheet = audit.printed[0].sheet if audit.printed else ""
    where = (beside.sheet, beside.cell) if beside is not None else (sheet, "")
    return Finding(code, severity, *where, message, treatment)
