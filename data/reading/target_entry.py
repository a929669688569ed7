"""One quantified target as a person writes it, in a row of the sheet 量化目标 or on an indicator's page.

│ 目标   │ 比较 │ 目标值 │ 单位 │ 实际值 │ 佐证 │
│ 海外仓 │ >=   │ 100    │ 个   │ 87     │ 台账 │
"""

import re
from dataclasses import dataclass, replace
from math import isfinite

from data.cells import Value
from data.reading.values import BLANKS, compact
from scoring.figures import MEASURED
from scoring.quantities import base, converted, half_width, spelled
from scoring.targets import Target, extract_targets

NO_TARGET = Target("none", "=", 0.0, "", "", 0, 0)
_NONE = frozenset({"无", "文字目标", "无量化目标", "没有量化目标"})
_WORDS = {
    ">=": ">= => ≥ ≧ ⩾ 大于等于 大于或等于 不少于 不低于 不小于 至少 最少 达 达到 力争 以上 及以上 或以上 及其以上",
    ">": "> 超 超过 超出 突破 大于 高于 多于 逾",
    "<=": "<= =< ≤ ≦ ⩽ 小于等于 小于或等于 不超 不超过 不高于 不多于 不大于 不突破 至多 最多 控制在 以内 及以内 之内 以下 及以下",
    "<": "< 小于 低于 少于 不足 不到",
    "=": "= == 等于",
}
_COMPARATORS = {word: sign for sign, words in _WORDS.items() for word in words.split()}
_FIGURE = re.compile(
    r"(?P<before>[^\d一二三四五六七八九十百千零〇两+\-−]*)"
    r"(?:(?P<digits>[+\-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)|(?P<spelled>[一二三四五六七八九十百千零〇两]+))"
    r"(?P<unit>[^\d]*?)(?P<after>及其?以上|或以上|以上|及?以内|之内|及?以下)?"
)
_UP, _DOWN = re.compile("增长|增速|增幅|提高|提升"), re.compile("下降|降低|减少|压减|降幅")
_ISSUED = re.compile("出台|印发|制定")
_LEVEL = re.compile("排名|名次|浓度|得分|评分")
_LARGE = re.compile("^(?:万亿|[百千]?[万亿])")


@dataclass(frozen=True)
class Entry:
    """What is written of one target, as it stands; ``kind`` is "" where nobody chose one."""

    label: str
    comparator: str
    value: Value
    unit: str
    actual: Value
    evidence: str
    kind: str = ""


@dataclass(frozen=True)
class Entered:
    """The target that an entry means, None where it has no figure; ``faults`` names what could not be understood.

    Faults: ``value_missing``, ``value_unreadable``, ``comparator_unknown``, ``actual_unreadable``, ``actual_alone``.
    """

    target: Target | None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Figure:
    value: float
    unit: str
    comparator: str


def entered(entry: Entry, text: str) -> Entered:
    """Read an entry for an indicator with this text; spans are its places there, 0 and 0 where it does not stand there.

    What the text promises in the same words keeps the kind that it has there.
    """
    if _blank(entry.value):
        return _without_value(entry)
    figure = _figure(entry.value)
    unit = entry.unit.strip().replace("％", "%") or (figure.unit if figure else "")
    value = _in_unit(figure, unit) if figure else None
    if figure is None or value is None:
        return Entered(None, ("value_unreadable",))
    sign = comparator_of(entry.comparator or figure.comparator)
    label, kind = entry.label.strip(), entry.kind or kind_of(entry.label, unit)
    actual, faults = _actual(entry.actual, unit)
    target = Target(kind, sign or ">=", value, unit, label, 0, 0, actual, entry.evidence.strip())
    return Entered(_placed(target, text, bool(entry.kind)), (*(() if sign else ("comparator_unknown",)), *faults))


def comparator_of(text: str) -> str:
    """Return the comparator that a sign or word means, ">=" for a blank; "" where it is not understood."""
    word = re.sub(r"\(.*?\)|[…·.]+", "", compact(text))
    return _COMPARATORS.get(word, "") if word else ">="


def kind_of(label: str, unit: str) -> str:
    """Return what kind of target a label with a unit is, as ``scoring.targets`` calls them."""
    if unit in ("%", "％", "‰") or base(unit) == "百分点":
        return "growth" if _UP.search(label) else "decline" if _DOWN.search(label) else "rate"
    if _LEVEL.search(label):
        return "level"
    if unit == "份" and _ISSUED.search(label):
        return "document"
    return "amount" if base(unit) in MEASURED or _LARGE.match(unit) else "count"


def spanned(target: Target, text: str) -> Target:
    """Return the target with its place in a text: where it is promised, by figure or name, else where either stands."""
    promises = extract_targets(text)
    promised = next((one for same in (_same_figure, _same_measure) for one in promises if same(one, target)), None)
    name = text.find(target.measure) if target.measure else -1
    if promised:
        return replace(target, start=promised.start, end=promised.end)
    if name >= 0:
        return replace(target, start=name, end=name + len(target.measure))
    written = re.escape(f"{target.value:.12g}{target.unit}")
    figure = re.search(rf"(?<![\d.]){written}", half_width(text))
    return replace(target, start=figure.start(), end=figure.end()) if figure else replace(target, start=0, end=0)


def _placed(target: Target, text: str, chosen: bool) -> Target:
    alike = (one for one in extract_targets(text) if _same_figure(one, target) and _same_name(one, target))
    promised = next(alike, None)
    if promised is None:
        return spanned(target, text)
    kind = target.kind if chosen else promised.kind
    measure = target.measure or promised.measure
    return replace(target, kind=kind, measure=measure, start=promised.start, end=promised.end)


def _same_figure(one: Target, other: Target) -> bool:
    return one.kind != "none" and (one.value, one.unit) == (other.value, other.unit)


def _same_measure(one: Target, other: Target) -> bool:
    return one.measure != "" and (one.measure, one.unit) == (other.measure, other.unit)


def _same_name(one: Target, other: Target) -> bool:
    return one.measure in other.measure or other.measure in one.measure


def _without_value(entry: Entry) -> Entered:
    if not _blank(entry.actual):
        return Entered(None, ("actual_alone",))
    none = compact(entry.label) in _NONE or entry.kind == "none"
    return Entered(replace(NO_TARGET, evidence=entry.evidence.strip())) if none else Entered(None, ("value_missing",))


def _actual(value: Value, unit: str) -> tuple[float | None, tuple[str, ...]]:
    if _blank(value):
        return None, ()
    figure = _figure(value)
    read = _in_unit(figure, unit) if figure and not figure.comparator else None
    return read, ("actual_unreadable",) if read is None else ()


def _figure(value: Value) -> _Figure | None:
    """Read 100, "1,200", "63%", "超100个", "1.2万", "两场及以上"; None for what is no figure."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
        return _Figure(float(value), "", "")
    found = _FIGURE.fullmatch(compact(value)) if isinstance(value, str) else None
    words = [found["before"], found["after"]] if found else []
    if found is None or not all(comparator_of(word or "") for word in words):
        return None
    written = spelled(found["spelled"]) if found["spelled"] else _number(found["digits"])
    return None if written is None else _Figure(written, found["unit"], next(filter(None, words), ""))


def _number(digits: str) -> float:
    return float(digits.replace(",", "").replace("−", "-"))


def _in_unit(figure: _Figure, unit: str) -> float | None:
    """Return the figure in a unit, None where its own measures something else; without one of its own it is in it."""
    if not unit or not figure.unit:
        return figure.value
    value = converted(figure.value, figure.unit, unit)
    return None if value is None else round(value, 10)


def _blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and compact(value) in BLANKS)
