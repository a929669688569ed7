"""Rows that lack what makes an indicator: a text and a weight."""

import re
from collections.abc import Iterator

from data.checks import say
from data.checks.audit import Audit, is_blank
from data.findings import Finding

_UNKNOWN = "照列，不计分，不当作0分。"
_INNER = re.compile(r"[(\[【〔《〈“][^()\[\]【】〔〕《》〈〉“”]*[)\]】〕》〉”]")
_DEEP = 4  # brackets within brackets
_CITES = re.compile(r"第[\d一二三四五六七八九十、,.]{1,40}[条项页点]|\d号|《")


def weightless(audit: Audit) -> Iterator[Finding]:
    """Rows without a weight, with or without a text."""
    rows = [line for line in audit.lines if is_blank(line.weight)]
    empty = [line for line in rows if not say.text_of(line)]
    message = "{names}只有序号，指标内容和权重都是空白。"
    yield from say.grouped(audit, empty, "indicator", "row_empty", "check", message, _UNKNOWN)
    unknown = [line for line in rows if say.text_of(line)]
    message = "{names}没有权重，{count}项不知值多少分。"
    yield from say.grouped(audit, unknown, "weight", "weight_missing", "check", message, _UNKNOWN)


def textless(audit: Audit) -> Iterator[Finding]:
    """Rows with a weight but no text."""
    rows = [line for line in audit.lines if not say.text_of(line) and not is_blank(line.weight)]
    message = "{names}有权重而没有指标内容。"
    yield from say.grouped(audit, rows, "indicator", "text_missing", "check", message, "照列，权重计入总分。")


def odd_weights(audit: Audit) -> Iterator[Finding]:
    """Weights of 0 and below."""
    zero = [line for line in audit.lines if line.weight == 0]
    yield from say.grouped(audit, zero, "weight", "weight_zero", "check", "{names}的权重是0。", "照列，不影响得分。")
    negative = [line for line in audit.lines if line.weight < 0]
    treatment = "照列，不计分；如是扣分项，请移出权重栏。"
    yield from say.grouped(audit, negative, "weight", "weight_negative", "check", "{names}的权重是负数。", treatment)


def citations(audit: Audit) -> Iterator[Finding]:
    """Indicator texts that only cite documents: what is to be done is lost."""
    rows = [line for line in audit.lines if _only_cites(line.indicator)]
    message = "{names}的指标内容只有文件出处，没有写要做什么。"
    treatment = "照列，权重计入；指标内容待补。"
    yield from say.grouped(audit, rows, "indicator", "text_is_citation", "check", message, treatment)


def _only_cites(text: str) -> bool:
    """Tell whether nothing is left of a text without its brackets and titles, and what these held were sources."""
    rest = say.bare(text)
    if not _CITES.search(rest):
        return False
    for _ in range(_DEEP):
        rest = _INNER.sub("", rest)
    return not re.sub(r"[\W\d_号和及与等的]", "", rest)
