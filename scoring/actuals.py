"""What a report says of each promise: the figure by unit and measure, never a guess across measures.

How alike a measure and the words around a figure are is told by their pairs of neighbouring characters (圆桌, 桌会, 会议),
after the words any report holds (已, 举办, 1-10月) are taken from both. A figure fits a measure

* where its own clause holds half of the measure's pairs, the last one among them, or three quarters;
* where its clause's words are the measure's, in order, with some left out: 社零 for 社会消费品零售总额, 普惠率;
* where its clause names a part of the measure and what was counted before in the sentence the rest: 海外仓87个、面积92万平方米;
* where its clause names nothing (已举办3场) and the report names no other measure in this unit.

The one thing promised (出台…办法, 论坛1场) is also read from words: 已印发《…办法》, 论坛于11月27日举办.

It never fits where the two name different ones of a kind (省级, 市级; 进口, 出口), where a word says that it is only under
way (在建, 意向) that the measure does not hold, and where another target fits it better. Of several that fit, the newest
time counts (1-10月 before 1-9月, 累计 before 三季度); two figures for one time say nothing certain, so the target is missing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scoring import reported
from scoring.quantities import Actual, Target, base, converted, half_width
from scoring.reported import ANY_UNIT, PERCENT, RANK, Reported, essence

_HALF = 0.5
_MOST = 0.75
_BARE = 0.1  # the score of a figure whose clause names nothing; what was named before in its sentence gives more, up to _HALF
_NARROWER = 0.3  # so much more that is not the measure's, and it is a part of it: 农产品网络零售额, 网络零售额
_EVENTS = frozenset("场次期届轮份")  # dated by a month, such a figure is whole: 6月举办圆桌会议1场

_IN_BRACKETS = re.compile(r"\([^()]{1,6}\)")
_SHARE = re.compile(r"占|比[例重]|完成率|达成率|进度")

# Of each row at most one can be meant.
_KINDS = re.compile(
    r"(国家级|省级|市级|县级|区级|镇级|村级)|(线上|线下)|(进出口|进口|出口)|(签约|开工|投产|竣工)|(城镇|城市|农村|乡村)|"
    r"(公办|民办)|(公共|私人)|(外贸|内贸)|(外资|内资|台资)|(境内外|境内|境外|国内|国外)|(入境|出境)|(上行|下行)|(男性?|女性?)|"
    r"(小学|中学|高中|幼儿园)|((?:\d{1,5}|[十百千])?[万亿]{1,2}元)|([A-Za-z]+\d[\d.]*|\d[A-Z])"
)
# What a great many measures end with; alone it does not tell one from another.
_GENERAL = re.compile(
    "企业|项目|活动|单位|会议|会|机构|人员|文件|信息|面积|投资|收入|人数|数量|服务|问题|平台|基地|中心|品牌|材料|资金|政策|率"
)
# Of these it matters what was done with them: companies visited are not companies invited.
_WHOSOEVER = re.compile("企业|单位|机构|人员|项目|商户")


@dataclass(frozen=True, slots=True)
class _Measure:
    """What is counted; ``whole`` where a shorter name is another figure: 网络零售额 is more than 农产品网络零售额."""

    words: str
    pairs: frozenset[str]
    kinds: dict[int, set[str]]
    whosoever: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class _Fit:
    """A figure that may be a target's actual: its value in the target's unit and how well its words fit."""

    figure: Reported
    value: float
    score: float
    precise: float


def match_actuals(targets: tuple[Target, ...], completion: str) -> tuple[Actual | None, ...]:
    """Return for each target the reported figure in the target's unit, None where the report does not say."""
    if not targets or not completion:
        return (None,) * len(targets)
    figures = reported.results(completion)
    fits = _fits(targets, figures)
    return tuple(_newest(found) or _single(target, completion) for target, found in zip(targets, fits, strict=True))


def _fits(targets: tuple[Target, ...], figures: tuple[Reported, ...]) -> list[list[_Fit]]:
    """Return the fits of each target; a figure goes to the target it fits best, of equals to none."""
    measures = [_measure(target.measure, _is_whole(target)) for target in targets]
    fits: list[list[_Fit]] = [[] for _ in targets]
    rivals = [False] * len(targets)
    for figure in figures:
        tried = []
        for place, target in enumerate(targets):
            value = _value(target, figure)
            if value is not None:
                tried.append((place, _Fit(figure, value, *_likeness(measures[place], figure))))
        best = max((fit.score for _, fit in tried), default=0.0)
        chosen = [(place, fit) for place, fit in tried if fit.score == best > 0]
        if len({(targets[place].measure, targets[place].value) for place, _ in chosen}) == 1:
            for place, fit in chosen:
                fits[place].append(fit)
        for place, fit in tried:
            rivals[place] = rivals[place] or not fit.score
    return [_certain(found, rival) for found, rival in zip(fits, rivals, strict=True)]


def _certain(fits: list[_Fit], rival: bool) -> list[_Fit]:
    """Return the fits that name the measure; those that name nothing only where nothing else has its unit."""
    named = [fit for fit in fits if fit.score > _BARE]
    return named or ([] if rival else fits)


def _value(target: Target, figure: Reported) -> float | None:
    """Return the figure in the target's unit, None where the two do not measure the same."""
    if figure.unit == ANY_UNIT:
        return 0.0 if target.kind in ("count", "amount", "level") else None
    if not figure.unit and target.unit:
        return None
    rank = target.kind == "level" and target.unit in ("名", "位")
    if rank or figure.unit == RANK:
        return figure.value if rank and figure.unit == RANK else None
    value = figure.value if figure.unit == target.unit else converted(figure.value, figure.unit, target.unit)
    if target.kind in ("growth", "decline"):
        if value is None or not figure.change:
            return None
        growth = value if figure.change > 0 else -abs(value)
        return growth + 0.0 if target.kind == "growth" else 0.0 - growth
    changed = figure.change and (figure.unit in PERCENT or target.kind == "level")
    if changed or (figure.way and not _SHARE.search(target.measure)):
        return None
    return value


def _is_whole(target: Target) -> bool:
    return target.kind in ("growth", "decline") or "元" in target.unit


@lru_cache(maxsize=4096)
def _measure(text: str, whole: bool = False) -> _Measure:
    text = _IN_BRACKETS.sub("", half_width(text))
    named = text[max(0, text.rfind("等") + 1) :]  # 广交会、进博会等【重点展会】
    words = essence(named if len(named) > 1 else text) or text
    return _Measure(words, _pairs(words), _kinds(text), bool(_WHOSOEVER.fullmatch(words)), whole)


@lru_cache(maxsize=8192)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(max(1, len(text) - 1))) if text else frozenset()


def _kinds(text: str) -> dict[int, set[str]]:
    kinds: dict[int, set[str]] = {}
    for found in _KINDS.finditer(text):
        kinds.setdefault(found.lastindex or 0, set()).add(found[0])
    return kinds


def _likeness(measure: _Measure, figure: Reported) -> tuple[float, float]:
    """Return how much of the measure the figure's words name, and how much of its words the measure does."""
    if figure.stage not in measure.words or _contrary(measure, figure.own):
        return 0.0, 0.0
    before = f"{figure.topic} {figure.lead}".strip()
    if not measure.words:
        return (0.0, 0.0) if figure.own or before else (_BARE, 0.0)
    if not figure.own or figure.own in before:
        return _inherited(measure, figure, before)
    own, pairs = _pairs(figure.own), measure.pairs
    recall, precise = len(own & pairs) / len(pairs), len(own & pairs) / len(own)
    if measure.whosoever:
        exact = figure.head == measure.words or (not figure.head and figure.tail.startswith(measure.words))
        return (1.0, 1.0) if exact else (0.0, 0.0)
    if measure.whole and figure.own != measure.words and measure.words.endswith(figure.own):
        return _continued(measure, own, before) or (0.0, 0.0)
    if recall >= _MOST or (recall > _HALF and measure.words[-2:] in own):
        return recall + precise, precise
    if figure.part:
        return 0.0, 0.0
    short = _shortened(figure.head or figure.tail, measure.words)
    if (short and not _GENERAL.fullmatch(figure.own)) or (precise >= _HALF and _shortened(measure.words, figure.own)):
        return _HALF + recall, 1.0
    return _continued(measure, own, before) or ((_BARE, 1.0) if short else (0.0, 0.0))


def _contrary(measure: _Measure, words: str) -> bool:
    """Whether the two name different ones of a kind."""
    if not measure.kinds:
        return False
    named = _kinds(words)
    return any(kind in named and not ones & named[kind] for kind, ones in measure.kinds.items())


def _shortened(words: str, measure: str) -> bool:
    """Whether the words are the measure with characters left out."""
    rest = iter(measure)
    return len(words) > 1 and (len(words) < 5 or words[-1] in measure[-2:]) and all(sign in rest for sign in words)


def _inherited(measure: _Measure, figure: Reported, before: str) -> tuple[float, float]:
    """Return the likeness of a figure whose clause names nothing new, by what was named before in its sentence."""
    if not before:
        return _BARE, 0.0
    if measure.whole and before != measure.words and measure.words.endswith(before):
        return 0.0, 0.0
    named = _pairs(before)
    shared = len(named & measure.pairs)
    if shared / len(measure.pairs) >= _HALF or _shortened(before, measure.words):
        precise = max(
            len(_pairs(said) & measure.pairs) / len(_pairs(said)) for said in (figure.topic, figure.lead) if said
        )
        return 2 * _BARE + 2 * _BARE * shared / len(measure.pairs), precise
    elsewhere = figure.lead or figure.change or figure.own
    return (0.0, 0.0) if elsewhere and shared / len(named) < _HALF else (_BARE, 0.0)


def _continued(measure: _Measure, own: frozenset[str], before: str) -> tuple[float, float] | None:
    """Return the likeness of words that name a part of the measure after the rest of it was named before."""
    shared = own & measure.pairs
    if not shared or not before:
        return None
    together = own | _pairs(before)
    common = len(together & measure.pairs)
    recall, precise = common / len(measure.pairs), len(shared) / len(own)
    if common > len(shared) and precise >= _HALF and (recall >= _HALF or common / len(together) > _HALF):
        return 2 * _BARE + 3 * _BARE * recall, precise
    return None


def _newest(fits: list[_Fit]) -> Actual | None:
    """Return the figure of the newest time; None where two different ones are as good."""
    if not fits:
        return None
    precise = max(fit.precise for fit in fits) - _NARROWER
    latest = max(_time(fit) for fit in fits if fit.precise >= precise)
    best = [fit for fit in fits if fit.precise >= precise and _time(fit) == latest]
    top = max(fit.score for fit in best)
    values = {fit.value for fit in best if fit.score == top or fit.figure.new}  # 累计87个，新增12个: which is meant?
    figure = next(fit.figure for fit in best if fit.score == top)
    if len(values) > 1 or not (_whole_year(figure, fits) or _dated(figure, fits)):
        return None
    return Actual(values.pop(), figure.start, figure.end)


def _time(fit: _Fit) -> tuple[bool, bool, int, int]:
    period = fit.figure.period
    return not fit.figure.part, period.whole, period.year, period.month


def _whole_year(figure: Reported, fits: list[_Fit]) -> bool:
    """Whether the figure reaches from January to the last time the report speaks of; 一季度1次，二季度2次 does not."""
    until = figure.period
    return until.whole and all(
        fit.figure.period.month <= until.month for fit in fits if fit.figure.period.year == until.year
    )


def _dated(figure: Reported, fits: list[_Fit]) -> bool:
    """Whether a month dates the only event there was; the figure of a month is else no more than a part."""
    return len(fits) == 1 and figure.period.month > 0 and bool(_EVENTS.intersection(figure.unit))


def _single(target: Target, completion: str) -> Actual | None:
    """Return 1 where the one thing promised is said to be done without a number: a document is out, an event was held."""
    unit = base(target.unit)
    if target.kind == "document" or (_is_one(target) and unit == "份"):
        return _done(target, reported.issued(completion), bare=True)
    return _done(target, reported.held(completion), bare=False) if _is_one(target) and unit in _EVENTS else None


def _is_one(target: Target) -> bool:
    return target.kind == "count" and target.value == 1


def _done(target: Target, clauses: Iterator[tuple[str, int, int]], *, bare: bool) -> Actual | None:
    """Return 1 with the first clause that names the measure; one that names nothing will do where ``bare``."""
    measure = _measure(target.measure)
    for words, start, end in clauses:
        shared = len(_pairs(words) & measure.pairs) / max(1, len(measure.pairs))
        if shared >= _HALF or _shortened(words, measure.words) or (bare and not words):
            return Actual(1.0, start, end)
    return None
