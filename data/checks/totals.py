"""小计, totals and the whole table: how many of its points can be read.

A figure is compared with each set of rows that a person could mean by it, and one that fits any is fine. But it is
only ever compared with rows above it or of its own category: that all readable rows together happen to equal one
category's 小计 proves nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from data.checks import labels, say
from data.checks.audit import Audit, Line, is_blank, weight_of
from data.checks.points import difference, grand_totals, printed_total
from data.findings import Finding
from data.reading.form import Sum

Span = tuple[int, int]  # rows from … to below …
Running = tuple[
    tuple[float, ...], tuple[float, ...]
]  # points so far, as printed and with repeated rows once: SUM() adds both


@dataclass(frozen=True)
class Expected:
    """The points that the whole table should have, and who says so; ``printed`` where the table itself does."""

    points: float
    source: str
    printed: Sum | None = None


def subtotals(audit: Audit) -> Iterator[Finding]:
    """小计 that fit no sensible reading of the rows around them."""
    if not audit.form.sums:
        return
    marks, whole, running = sorted(_boundaries(audit)), grand_totals(audit), _running(audit)
    for each in audit.form.sums:
        if each in whole or each.points is None or _fits(each.points, _spans(each, audit, marks), running):
            continue
        rows = _between(running[1], _category_above(audit, each.after))
        said = f"{'合计' if '合计' in each.text else '小计'}写{say.points(each.points)}分"
        message = f"{said}，以上同类指标合计{say.points(rows)}分，{difference(rows, each.points)}。"
        yield say.whole(audit, "subtotal", "check", message, "按各行权重计算，不采用这个小计。", beside=each)


def totals(audit: Audit) -> Iterator[Finding]:
    """Totals that are neither the sum of the rows nor what the whole table should have."""
    expected, rows, running = _expected(audit), weight_of(audit.lines), _running(audit)
    for each in grand_totals(audit):
        if each.points is None or (expected and say.same(each.points, expected.points)):
            continue
        if not _fits(each.points, [(0, each.after), (0, len(audit.printed))], running):
            said = f"合计写{say.points(each.points)}分，各行合计{say.points(rows)}分"
            message = f"{said}，{difference(rows, each.points)}。"
            yield say.whole(audit, "total", "check", message, "按各行权重计算，不采用这个合计。", beside=each)


def _running(audit: Audit) -> Running:
    counted = {line.Index for line in audit.lines}
    printed = [0.0 if is_blank(line.weight) else line.weight for line in audit.printed]
    once = [weight if line.Index in counted else 0.0 for weight, line in zip(printed, audit.printed, strict=True)]
    return tuple(accumulate(printed, initial=0.0)), tuple(accumulate(once, initial=0.0))


def _between(running: tuple[float, ...], span: Span) -> float:
    return running[span[1]] - running[span[0]]


def _fits(said: float, spans: list[Span], running: Running) -> bool:
    return any(say.same(said, _between(kind, span)) for span in spans for kind in running)


def _spans(each: Sum, audit: Audit, marks: list[int]) -> list[Span]:
    """A 小计 may mean the rows since any boundary above it, all of its category, or those just below it."""
    below = next((mark for mark in marks if mark > each.after), len(audit.printed))
    above = [(mark, each.after) for mark in marks if mark < each.after]
    return [*above, (each.after, below), _category_above(audit, each.after)]


def _category_above(audit: Audit, after: int) -> Span:
    """Return the unbroken rows above that share the last one's category."""
    first = after
    while first and audit.printed[first - 1].category == audit.printed[after - 1].category:
        first -= 1
    return first, after


def _boundaries(audit: Audit) -> set[int]:
    """Return the row counts at which something begins: after a sum, at a label, a category, a chapter, a sheet."""
    own = [(line.sheet, line.category, line.group, line.number[:1]) for line in audit.printed]
    begins = {place for place, (above, here) in enumerate(pairwise(own), start=1) if above != here}
    starts = {min(label.rows) for label in audit.form.labels if label.rows}  # the form's index counts from 0
    return {mark for mark in (0, *begins, *starts, *(each.after for each in audit.form.sums)) if mark <= len(own)}


def total_points(audit: Audit) -> Iterator[Finding]:
    """How many points of the whole cannot be read, or are too many."""
    read, expected = weight_of(audit.lines), _expected(audit)
    if expected is None:
        yield from _unlike_hundred(audit, read)
    elif say.same(read, expected.points):
        return
    elif read > expected.points:
        said = f"{expected.source}{say.points(expected.points)}分，各行合计{say.points(read)}分"
        message = f"{said}，{difference(read, expected.points)}。"
        treatment = "按各行权重计算；如有加分项或重复项，请核对。"
        yield say.whole(audit, "points_exceeded", "check", message, treatment, beside=expected.printed)
    else:
        yield _missing(audit, expected, read)


def is_complete(audit: Audit) -> bool:
    """Tell whether the rows have all points that anybody states for the whole."""
    expected = _expected(audit)
    return expected is not None and say.same(expected.points, weight_of(audit.lines))


def _missing(audit: Audit, expected: Expected, read: float) -> Finding:
    where = "；".join(_shortfalls(audit))
    message = (
        f"{expected.source}{say.points(expected.points)}分，只读到{say.points(read)}分，"
        f"有{say.points(expected.points - read)}分读不到{'：' if where else ''}{where}。"
    )
    treatment = f"按读到的{say.points(read)}分计算，各处写明其余读不到。"
    if audit.plan is not None and audit.plan.gaps:
        gaps = "、".join(gap.serials for gap in audit.plan.gaps)
        return say.whole(audit, "points_missing", "check", message, f"方案已注明原件缺{gaps}；{treatment}")
    return say.whole(audit, "points_missing", "blocking", message, treatment, beside=expected.printed)


def _shortfalls(audit: Audit) -> Iterator[str]:
    """Yield where the points are missing: 职能工作目标70分中只读到40分."""
    read = _by_category(audit)
    contents = audit.plan.contents if audit.plan is not None else ()
    planned = {each.category: each.points for each in contents if each.points is not None}
    for name, value in {**labels.by_category(audit), **planned}.items():
        if read[name] < value and not say.same(read[name], value):
            yield f"{name}{say.points(value)}分中只读到{say.points(read[name])}分"


def _by_category(audit: Audit) -> dict[str, float]:
    rows: dict[str, list[Line]] = defaultdict(list)
    for line in audit.lines:
        rows[line.category].append(line)
    return defaultdict(float, {name: weight_of(some) for name, some in rows.items()})


def _unlike_hundred(audit: Audit, read: float) -> Iterator[Finding]:
    """百分制 is only an assumption where nothing speaks; 200 or 1000 points are a habit too, and so are shares of 1."""
    beyond = read % 100
    if read > 0 and not say.same(min(beyond, 100 - beyond), 0) and not say.same(read, 1):
        message = f"各行权重合计{say.points(read)}分，表中没有写明总分；按百分制应为100分，请核对是否有遗漏。"
        yield say.whole(audit, "points_not_100", "check", message, f"按读到的{say.points(read)}分计算，不折算。")


def _expected(audit: Audit) -> Expected | None:
    """By the plan; else the greater of what the labels and the printed total state."""
    if audit.plan is not None and audit.plan.total is not None:
        return Expected(audit.plan.total, "方案总分")
    claims = [claim for claim in (_by_labels(audit), _by_total(audit)) if claim is not None]
    return max(claims, key=lambda claim: claim.points, default=None)


def _by_total(audit: Audit) -> Expected | None:
    """A total that only adds up what is printed knows nothing of what is missing, unless it is a round one."""
    printed = printed_total(audit)
    total = printed.points or 0.0 if printed is not None else 0.0
    added = say.same(total, weight_of(audit.printed)) and not say.same(total % 100, 0)
    return None if total <= 0 or added else Expected(total, "表中合计", printed)


def _by_labels(audit: Audit) -> Expected | None:
    """Each category counts with its label's points, or with its rows' where these are more or no label speaks."""
    said, read = labels.by_category(audit), _by_category(audit)
    counted = {name: max(read[name], said.get(name, 0.0)) for name in {**read, **said}}
    return Expected(sum(counted.values()), "按项目栏标注应有") if said else None
