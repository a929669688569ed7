"""文件依据: document numbers that contradict each other."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

from data.checks import say
from data.checks.audit import Audit, Line
from data.citations import Citation, alike, cited, essence, parts
from data.findings import Finding

_SIMILAR = 0.6  # share of a title's characters that two scans of it have in common


def document_numbers(audit: Audit) -> Iterator[Finding]:
    """Numbers of which one part differs, with titles that may mean one document: 泉政办〔2025〕2号, 泉政报〔2025〕2号."""
    first: dict[str, tuple[Line, Citation]] = {}
    for line in audit.lines:
        for citation in cited(line.basis, sources=True):
            if citation.number:
                first.setdefault(citation.number, (line, citation))
    for (line, one), (other_line, other) in combinations(first.values(), 2):
        if _near(one, other):
            message = (
                f"{say.called(line)}依据“{one.number}”，{say.called(other_line)}依据“{other.number}”，"
                "标题相近，文号只差一处，像是同一份文件。"
            )
            treatment = "按各自所写分列两份文件；请对照原件改正。"
            yield say.finding(audit, other_line, "basis", "document_numbers", "check", message, treatment)


def _near(one: Citation, other: Citation) -> bool:
    """Tell whether two numbers may be one: neighbours in a register have other serials, so these need one title."""
    (issuer, year, serial), (other_issuer, other_year, other_serial) = parts(one.number), parts(other.number)
    if serial != other_serial:
        return (issuer, year) == (other_issuer, other_year) and essence(one.title) == essence(other.title) != ""
    return (issuer != other_issuer) != (year != other_year) and (
        alike(one.title, other.title) or _similar(one.title, other.title)
    )


def _similar(one: str, other: str) -> bool:
    return SequenceMatcher(None, essence(one), essence(other)).ratio() >= _SIMILAR
