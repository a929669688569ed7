"""Rows that stand twice."""

from collections.abc import Iterator
from itertools import groupby

from data.checks import say
from data.checks.audit import Audit, Line, is_blank
from data.findings import Finding


def repeated(audit: Audit) -> Iterator[Finding]:
    """Rows identical but for 项目 and 文件依据, which the table holds once."""
    counted = {line.Index for line in audit.lines}
    first = {_key(line): line for line in reversed(audit.lines)}
    for is_counted, some in groupby(audit.printed, lambda line: line.Index in counted):
        if is_counted:
            continue
        stretch = list(some)
        above = first.get(_key(stretch[0]))
        earlier = f"{say.cell(audit, above, 'serial')}起" if above is not None else "前面"
        here = f"{say.cell(audit, stretch[0], 'serial')}起的{len(stretch)}行"
        message = f"{say.names(stretch)}印了不止一次：{here}与{earlier}的各行除项目、文件依据外完全相同。"
        treatment = "只计一次，保留先出现的。"
        yield say.finding(audit, stretch[0], "serial", "duplicate_rows", "normalized", message, treatment)


def _key(line: Line) -> tuple[str, ...]:
    return (line.serial, line.goal, line.indicator, str(line.weight))


def conflicting(audit: Audit) -> Iterator[Finding]:
    """The same serial with another weight, text or owner: in one count, or in two where the text is the same."""
    seen: dict[tuple[str, object], Line] = {}
    for number, count in enumerate(audit.counts):
        for line in count:
            keys = [(line.serial, number), (line.serial, say.bare(say.text_of(line)))]
            above = seen.get(keys[0]) or (seen.get(keys[1]) if keys[1][1] else None)
            for key in keys if line.serial else []:
                seen.setdefault(key, line)
            if above is not None:
                yield _conflict(audit, above, line)


def _conflict(audit: Audit, above: Line, line: Line) -> Finding:
    fields, what = "serial", "文字"
    if say.bare(say.text_of(above)) == say.bare(say.text_of(line)):
        same = above.weight == line.weight or (is_blank(above.weight) and is_blank(line.weight))
        fields, what = ("serial", "其他栏") if same else ("weight", f"权重（{_weight(above)}、{_weight(line)}）")
    message = f"序号{line.serial}出现两次而{what}不同，先见于{say.cell(audit, above, fields)}。"
    treatment = "两行都照列、都计分；请删去一行或改正序号。"
    return say.finding(audit, line, fields, "duplicate_conflict", "blocking", message, treatment)


def _weight(line: Line) -> str:
    return "空白" if is_blank(line.weight) else f"{say.points(line.weight)}分"
