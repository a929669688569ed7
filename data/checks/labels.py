"""Points stated beside 项目, 职能工作目标（70分）, against the rows that the label names, wherever it stands."""

from collections.abc import Iterator

from data.checks import say
from data.checks.audit import Audit, Line, weight_of
from data.checks.points import KEPT, difference, printed_total
from data.findings import Finding
from data.reading.form import Label
from data.reading.labels import canonical
from scoring.table import UNCATEGORISED


def label_points(audit: Audit) -> Iterator[Finding]:
    """A label's points that fit neither the rows it names nor those beside it."""
    for label, said, named in _stating(audit):
        total, beside = weight_of(named), weight_of(_beside(label, audit))
        if say.same(total, said) or say.same(beside, said):
            continue
        rows = f"属于它的{len(named)}行合计{say.points(total)}分" if named else "没有读到属于它的指标"
        message = f"项目栏写“{say.bare(label.text)}”，{rows}，{difference(total, said)}。"
        yield Finding("label_points", "check", label.sheet, label.cell, message, KEPT)


def labels_total(audit: Audit) -> Iterator[Finding]:
    """Labels of all categories that do not add up to the total."""
    said, printed = by_category(audit), printed_total(audit)
    total = audit.plan.total if audit.plan is not None else printed.points if printed is not None else None
    every = {line.category for line in audit.lines} <= said.keys()
    if total is None or len(said) < 2 or not every or say.same(sum(said.values()), total):
        return
    terms = "+".join(say.points(value) for value in said.values())
    rest = difference(sum(said.values()), total)
    message = f"项目栏各标注合计{say.points(sum(said.values()))}分（{terms}），总分是{say.points(total)}分，{rest}。"
    last = [label for label in audit.form.labels if label.points is not None][-1]
    yield Finding("labels_total", "check", last.sheet, last.cell, message, KEPT)


def by_category(audit: Audit) -> dict[str, float]:
    """Return the points that labels state for each category; those of its groups add up where it has none itself."""
    whole: dict[str, float] = {}
    part: dict[str, float] = {}
    for label, said, named in _stating(audit):
        category, inside = _meant(label.text, audit)[0], {line.category for line in named}
        if category:
            whole.setdefault(category, said)
        elif len(inside) == 1:
            part[next(iter(inside))] = part.get(next(iter(inside)), 0.0) + said
    return {**part, **whole}


def _stating(audit: Audit) -> Iterator[tuple[Label, float, list[Line]]]:
    """Yield every label that states points, once, with its points and the rows that it names."""
    seen: set[tuple[str, float]] = set()
    for label in audit.form.labels:
        key = (say.bare(label.text), label.points or 0.0)
        if label.points is not None and key not in seen:
            seen.add(key)
            yield label, label.points, _named(label, audit)


def _named(label: Label, audit: Audit) -> list[Line]:
    """Return the rows that the label's words name; where they name nothing we know, the rows beside it."""
    category, group = _meant(label.text, audit)
    if category or group:
        return [line for line in audit.lines if (line.group if group else line.category) == (group or category)]
    return _beside(label, audit)


def _beside(label: Label, audit: Audit) -> list[Line]:
    rows = frozenset(label.rows)
    return [line for line in audit.lines if line.Index in rows]


def _meant(text: str, audit: Audit) -> tuple[str, str]:
    """Return the category, or else the group, that a label's words name; a unit's own names stand in the table."""
    word = say.bare(text)
    category, group = canonical(word)
    if category and not group:
        return category, ""
    known = {line.category for line in audit.lines} - {"", UNCATEGORISED}
    printed = sorted((name for name in known if name in word), key=len)
    return (printed[-1], "") if printed else ("", group)
