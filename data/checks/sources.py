"""文件依据: documents whose numbers and titles contradict each other."""

from collections.abc import Iterator

from data.checks import say
from data.checks.audit import Audit
from data.findings import Finding
from data.reading.sources import Conflict, Mention, Writing, conflicts, founded, gather

_WORDS = {  # kind: code, message, treatment
    "number": (
        "document_numbers",
        "“{about}”写了不同的文号：{writings}，像是同一份文件。",
        "按各自所写分列为不同文件，不自动合并；请对照原件改正。",
    ),
    "title": ("document_titles", "同一文号“{about}”写了不同的文件名：{writings}。", "按文号归为一份文件；请核对文号。"),
    "issuer": (
        "document_issuer",
        "文号{writings}没有写发文机关，按文件名应是“{about}”。",
        "归入“{about}”；请补写发文机关。",
    ),
}
_SHOWN = 30  # signs of a title in a message


def documents(audit: Audit) -> Iterator[Finding]:
    """One title below several numbers (泉政办〔2025〕2号, 泉政报〔2025〕2号), one number below several titles, no issuer."""
    mentions = list(founded(enumerate(audit.lines)))
    for conflict in conflicts(gather(mentions)):
        yield _finding(audit, conflict)


def _finding(audit: Audit, conflict: Conflict) -> Finding:
    code, message, treatment = _WORDS[conflict.kind]
    said = "、".join(f"“{one.text[:_SHOWN]}”（{_where(audit, one)}）" for one in conflict.writings)
    rarest = min(conflict.writings, key=lambda one: (len(_rows(one)), -one.mentions[0].row)).mentions[0]
    about = conflict.about if len(conflict.about) <= _SHOWN else f"{conflict.about[: _SHOWN - 1]}…"
    words = {"about": about, "writings": said}
    line = audit.lines[rarest.row]
    return say.finding(audit, line, rarest.column, code, "check", message.format(**words), treatment.format(**words))


def _where(audit: Audit, writing: Writing) -> str:
    count, cell = len(_rows(writing)), _cell(audit, writing.mentions[0])
    return f"{cell}等，{count}项" if count > 1 else f"{cell}，1项"


def _rows(writing: Writing) -> set[int]:
    return {mention.row for mention in writing.mentions}


def _cell(audit: Audit, mention: Mention) -> str:
    return say.cell(audit, audit.lines[mention.row], mention.column)
