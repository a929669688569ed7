"""Authenticity within one table: what is reported as done, against its evidence and its own figures."""

import re
from collections.abc import Iterator

from data.checks import say
from data.checks.audit import Audit, Line, is_blank, lines_of
from data.findings import Finding
from data.reading.values import BLANKS
from scoring import progress
from scoring.method import Method

_WORDS = {"done": "已完成", "behind": "滞后"}
_UNDONE = re.compile(r"(?:未能?|没有|没)(?:按时|按期|如期|全部|全面)?完成")


def without_evidence(audit: Audit) -> Iterator[Finding]:
    """已完成 without 佐证材料: by row where the table has the column, else once."""
    if not any(line.completion or line.reported_progress >= 1 for line in audit.lines):
        return
    done = progress.done(progress.first(progress.sources(audit.table, audit.statements, audit.standings)))
    rows = [
        line for line, is_done in zip(audit.lines, done, strict=True) if is_done and say.bare(line.evidence) in BLANKS
    ]
    if rows and not audit.has("evidence"):
        message = f"表中没有佐证材料一栏，{len(rows)}项报为已完成，无从核对。"
        yield say.whole(audit, "evidence_no_column", "check", message, "按所报情况计算。")
        return
    message = "{names}报为已完成而没有佐证材料。"
    treatment = "按所报情况计算，请补佐证材料。"
    yield from say.grouped(audit, rows, "evidence", "evidence_missing", "check", message, treatment)


def contradictions(audit: Audit) -> Iterator[Finding]:
    """完成进度, the figures of the targets, percentages and words of one row that contradict each other."""
    found = progress.contradicted(audit.table, audit.statements, audit.standings)
    apart = {line.Index: line for line in lines_of(found)}
    for line in audit.lines:
        if line.Index in apart or _is_denied(line):
            said = "，".join(_accounts(line, apart.get(line.Index)))
            message = f"{say.called(line)}所报的情况前后不一：{said}。"
            treatment = "依次采用完成进度栏、量化目标的实际数、文字中的百分数、文字。"
            fields = "reported_progress completion"
            yield say.finding(audit, line, fields, "progress_contradicts", "check", message, treatment)


def _is_denied(line: Line) -> bool:
    return line.reported_progress >= 1 and bool(_UNDONE.search(line.completion))


def _accounts(line: Line, apart: Line | None) -> Iterator[str]:
    """Yield what the row's column, its targets' figures, the percentage in its text and its words say."""
    if not is_blank(line.reported_progress):
        yield f"完成进度栏{say.points(100 * line.reported_progress)}%"
    if apart is not None and apart.standing is not None:
        yield say.measured(apart.standing)
    if apart is not None and not is_blank(apart.percent):
        yield f"文字中{say.points(100 * apart.percent)}%"
    if word := _WORDS.get(apart.words) if apart is not None else "未完成":
        yield f"文字说{word}"


def far_beyond(audit: Audit) -> Iterator[Finding]:
    """A progress, or the figure of a cumulative target, of several times the target."""
    method, standings = Method.default(), audit.standings
    times = say.points(method.far_beyond)
    for line, code in zip(audit.lines, standings.codes, strict=True):
        far = [one for one in standings.different[code] if one.share > method.far_beyond]
        said = [say.measured(one) for one in far]
        if line.reported_progress > method.far_beyond:
            said.insert(0, f"完成进度是{say.points(100 * line.reported_progress)}%")
        if said:
            message = f"{say.called(line)}的{'，'.join(said)}，超过目标的{times}倍，请核对单位和小数点。"
            fields = "completion" if far else "reported_progress"
            yield say.finding(audit, line, fields, "progress_far_beyond", "check", message, "按已完成计算。")
