"""The audit in words: the points of the plan against those of the table, and the findings by what they are about."""

import re
from dataclasses import dataclass

import pandas as pd

from data.checks.audit import audit_of
from data.checks.labels import by_category
from data.findings import Finding, Severity
from data.plan import Plan
from data.reading.form import Form
from reports import words
from reports.words import Sentence, Span
from scoring.score import usable_weight

TOTAL = "合计"
SEVERITIES: tuple[Severity, ...] = ("blocking", "check", "normalized")
_TOPICS = (  # the first pattern that a finding's code fits tells what it is about
    ("与上一版比较", r"^target_|unchanged|cumulative|_lower|removed|added"),
    ("定档与打分", r"tier|panel|^score|_score|result|average"),
    ("完成时限", r"^due"),
    ("科室与姓名", r"name|head|department|leader"),
    ("序号与重复", r"serial|duplicate"),
    ("分值", r"point|label|subtotal|^total|weight"),
    ("填报与佐证", r"evidence|progress|completion"),
    ("指标内容", r"text|row|indicator|document"),
)
_ORDER = (
    "分值",
    "序号与重复",
    "指标内容",
    "科室与姓名",
    "完成时限",
    "填报与佐证",
    "定档与打分",
    "与上一版比较",
    "文件",
)


@dataclass(frozen=True)
class Line:
    """The points of one category, None where nobody says them: by the plan, by the table's labels, by its rows.

    ``items`` counts its indicators, ``weightless`` those without usable points.
    """

    category: str
    planned: float | None
    stated: float | None
    read: float
    items: int
    weightless: int

    @property
    def difference(self) -> float | None:
        """Return by how much the rows exceed the plan, or the label where there is no plan; None without either."""
        due = self.planned if self.planned is not None else self.stated
        return None if due is None else float(words.rounded(self.read - due, 6))


@dataclass(frozen=True)
class Topic:
    """The findings of one severity about one matter."""

    title: str
    findings: tuple[Finding, ...]


def points(plan: Plan, form: Form, table: pd.DataFrame) -> tuple[Line, ...]:
    """Return a line for each category of the plan, then of the table, and 合计."""
    planned = {content.category: content.points for content in plan.contents}
    stated = by_category(audit_of(form, table, plan))
    weight = pd.Series(usable_weight(table), table.index)
    lines = []
    for category in dict.fromkeys((*planned, *table["category"])):
        own = weight[table["category"] == category]
        lines.append(
            Line(
                category,
                planned.get(category),
                stated.get(category),
                float(own.sum()),
                len(own),
                int(own.isna().sum()),
            )
        )
    every = bool(stated) and all(line.stated is not None for line in lines)
    return (*lines, _total(plan, sum(stated.values()) if every else None, weight))


def _total(plan: Plan, stated: float | None, weight: pd.Series) -> Line:
    return Line(TOTAL, plan.total, stated, float(weight.sum()), len(weight), int(weight.isna().sum()))


def headline(total: Line, findings: tuple[Finding, ...]) -> Sentence:
    """Return 表上读到45项、70分；方案总分100分，少30分；23处请核对。"""
    weighted = total.items - total.weightless
    read = f"表上读到{weighted}项、{words.points(total.read)}"
    read += f"（另{total.weightless}项没有分值）" if total.weightless else ""
    return (Span(read), *_against(total), *_to_do(findings), Span("。"))


def _against(total: Line) -> Sentence:
    if total.planned is None:
        return (Span("；没有写明方案总分"),)
    apart = total.difference or 0.0
    if not apart:
        return (Span(f"，与方案总分{words.points(total.planned)}一致"),)
    return (Span(f"；方案总分{words.points(total.planned)}，"), Span(apart_words(apart), "risk"))


def apart_words(apart: float | None) -> str:
    """Return a difference in points: 少30分, 多1分, 一致, — where nothing can be compared."""
    if apart is None:
        return words.MISSING
    return "一致" if not apart else f"{'少' if apart < 0 else '多'}{words.points(abs(apart))}"


def _to_do(findings: tuple[Finding, ...]) -> Sentence:
    blocking, check = (sum(finding.severity == kind for finding in findings) for kind in ("blocking", "check"))
    spans = []
    if blocking:
        spans += [Span("；"), Span(f"{blocking}处须先处理", "risk")]
    if check:
        spans += [Span("；"), Span(f"{check}处请核对", "link")]
    return tuple(spans) or (Span("；没有需要核对的"),)


def topics(findings: tuple[Finding, ...], severity: Severity) -> tuple[Topic, ...]:
    """Return the findings of one severity, grouped by what they are about, each group in the order they came."""
    grouped: dict[str, list[Finding]] = {title: [] for title in _ORDER}
    for finding in findings:
        if finding.severity == severity:
            grouped[_topic(finding.code)].append(finding)
    return tuple(Topic(title, tuple(found)) for title, found in grouped.items() if found)


def _topic(code: str) -> str:
    return next((title for title, pattern in _TOPICS if re.search(pattern, code)), "文件")
