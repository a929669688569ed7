"""Authenticity within one table: what is reported as done, against its evidence and its own figures."""

import re
from collections.abc import Iterator

from data.checks import say
from data.checks.audit import Audit, Line, is_blank, lines_of
from data.findings import Finding
from data.values import BLANKS
from scoring import progress
from scoring.completion import VERDICTS, read_all
from scoring.method import Method

FAR = 3  # times the target
_WORDS = {"done": "已完成", "behind": "滞后"}
_UNDONE = re.compile(r"(?:未能?|没有|没)(?:按时|按期|如期|全部|全面)?完成")


def without_evidence(audit: Audit) -> Iterator[Finding]:
    """已完成 without 佐证材料: by row where the table has the column, else once."""
    if not any(line.completion or line.reported_progress >= 1 for line in audit.lines):
        return
    said = progress.first(progress.sources(audit.table, read_all(audit.table["completion"], Method.default())))
    done = (said.share >= 1) | (said.verdict == VERDICTS.index("done"))
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
    """完成进度, percentages and words of one row that contradict each other."""
    if not any(line.completion for line in audit.lines):
        return
    apart = {line.Index: line for line in lines_of(progress.disagreements(audit.table, Method.default()))}
    for line in audit.lines:
        if line.Index in apart or _is_denied(line):
            said = "，".join(_accounts(line, apart.get(line.Index)))
            message = f"{say.called(line)}所报的情况前后不一：{said}。"
            treatment = "依次采用完成进度栏、文字中的百分数、文字。"
            fields = "reported_progress completion"
            yield say.finding(audit, line, fields, "progress_contradicts", "check", message, treatment)


def _is_denied(line: Line) -> bool:
    return line.reported_progress >= 1 and bool(_UNDONE.search(line.completion))


def _accounts(line: Line, apart: Line | None) -> Iterator[str]:
    """Yield what the row's column, the percentage in its text and its words say."""
    if not is_blank(line.reported_progress):
        yield f"完成进度栏{say.points(100 * line.reported_progress)}%"
    if apart is not None and not is_blank(apart.percent):
        yield f"文字中{say.points(100 * apart.percent)}%"
    if word := _WORDS.get(apart.words) if apart is not None else "未完成":
        yield f"文字说{word}"


def far_beyond(audit: Audit) -> Iterator[Finding]:
    """A progress of several times the target."""
    for line in audit.lines:
        if line.reported_progress > FAR:
            share = f"{say.points(100 * line.reported_progress)}%"
            message = f"{say.called(line)}的完成进度是{share}，超过目标的{FAR}倍，请核对单位和小数点。"
            treatment = "按已完成计算。"
            yield say.finding(audit, line, "reported_progress", "progress_far_beyond", "check", message, treatment)
