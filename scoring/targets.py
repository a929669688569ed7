"""What an indicator promises in figures: every quantified target of its text (design rules 7 to 9).

Kinds. ``count``: things that are counted (场, 家, 1.5万个). ``amount``: what is measured and adds up over the year (money,
area, length, volume, weight; people in 万). ``growth`` and ``decline``: by how much something changes, the figure as
printed (增长5%, 占比提高2个百分点, 下降3.3%; 与去年持平 is growth 0 %). ``rate``: a percentage to be reached or held (办结率达100%,
失业率控制在5.5%以内). ``level``: a figure that stands and does not add up (浓度, 时限, 得分, 排名, 人均, 保有量, a duty for each
month: 每月不少于1篇; an index, which has no unit). 总量达到 is taken for a count or an amount. ``document``: a paper promised
without a number, 1 份.

Measures. The noun, without the verb (推动640家企业: 企业), but for nouns that alone do not tell who is meant (走访企业60家,
竣工项目30个) and where two promises of a text count the same (邀请外资企业, 外资企业). One figure said of several (办结率、满意率均为
100%; 会议、培训各2场) is a target for each; they share their span.

Comparators. ``>``: 超, 突破, 高于. ``<=``: 不超过, 以内, 控制在, 降至. ``<``: 低于, 少于. ``>=``: everything else, with the bare figure
(举办2场), 左右 and 持平: more of what was promised keeps the promise too. The word before the figure outranks the one after
it (突破2500亿元以上), but for 控制在 and 达到. A span reaches from the word before the figure to the word after it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scoring import measures, unnumbered
from scoring.actuals import match_actuals
from scoring.figures import MEASURED, PEOPLE, TIMES, Figure, comparator, figures
from scoring.measures import Noun
from scoring.quantities import (
    COMPARATORS,
    CUMULATIVE,
    DATE,
    KINDS,
    Actual,
    Quantity,
    Target,
    base,
    half_width,
    hidden,
    read,
)

__all__ = ["COMPARATORS", "CUMULATIVE", "KINDS", "Actual", "Target", "extract_targets", "match_actuals"]

_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
_UP = r"增长|增速|增幅|增加(?!值)|提升|提高|上升|上涨|涨幅|扩大|回升|递增"
_DOWN = r"下降|降低|减少|压减|压降|压缩|缩短|削减|降幅|缩减|负增长|下调|精简|降价"
_CHANGE = re.compile(
    rf"(?:(?P<down>{_DOWN})|(?P<up>{_UP}))(?:率|幅度|速度)?(?:目标|预期)?(?:了|约|均|为|在|力争|同比|实现|确保|稳定|目标|达|\s)*$"
)
_CHANGE_BEFORE = re.compile(
    rf"(?:全年|力争|确保|进一步|持续|积极|有效|切实|稳步|实现|推动|{DATE}{{1,12}}|底?前|、|比上年|同比)*"
    r"(?:(?P<down>压减|压降|压缩|降低|减少|削减|缩短|精简)|(?P<up>提升|提高|增加(?!值)|扩大))(?P<noun>[^，,、\d]{2,24}|[^，,\d]{2,30}[各均])$"
)
_CHANGE_AFTER = re.compile(r"的?(?:年均|同比)?(?:(?P<up>增长|增速|增幅)|(?P<down>降幅|下降))")
_RATE = re.compile(r"(?:率|度|比例|占比|比重|份额|水平)$")
_STANDING = frozenset({"微克/立方米", "毫克/升", "分贝", "分"})
_LEVEL = re.compile(
    r"浓度|得分|分数|分值|评分|成绩|时限|用时|人均|户均|亩均|地均|平均|均价|密度|强度|保有量|拥有量|^单位|^[百千万](?:人|车|台|户)|^[万亿]元(?=[工地产增规国G])|存栏|库存|在册|误差|提前量|人口(?:数|规模)?$"
)
_EACH = re.compile(r"每[万千百十]?\s?(?:人|户|名|亩|件|吨|次|个(?!季|月)|家|平方公里|常住|位|场|村|镇|县|所)")
_PERIOD = re.compile(r"每个?(?:季度?|月|周|星期|日|天|旬|半年|学期|两个?月|双月)|按[季月]")
_PERIOD_AFTER = re.compile(r"/(?:季度?|月|周)")
_YEARLY = re.compile(r"全年|年度|年内|每年|累计|合计|一年|总计|共")
_PART = re.compile(rf"(?:[一二三四1-4]|首|前[两二三]|{DATE})个?季度|[上下]半年|{DATE}{{2}}月")
_GRADE = re.compile(r"(?:国家|省|市|县|区|乡镇|村|校)级")
_AT_MOST = 12  # figures after one 分别
_DAYS = re.compile(r"天数|日数")
_ASCII = re.compile(r"^[\x00-\x7f]+")
_EVENTS = frozenset({"场", "期", "班"})
_LISTED = re.compile(r"(?:[、与]|和(?!谐|美|平)|及(?!时))(?![^“”]*”)")
_ALL_OF = re.compile(r"(?<![平人户亩地年日月])均(?!衡)|都|各(?![类级项界])")  # 办结率、满意率【均】达100%
_NUMBER_OF = re.compile(r"数(?:同比|[比较]上年)*$")


@dataclass(frozen=True)
class _Promise:
    """A target with what decides whether another one already holds it: a duty for each month, a part of the year."""

    target: Target
    period: bool
    part: bool
    yearly: bool


def extract_targets(text: str) -> tuple[Target, ...]:
    """Return every quantified promise of an indicator's text, in its order; spans never overlap; any text can be read."""
    half = half_width(text)
    normal = hidden(half)
    found = tuple(read(text, normal))
    targets = [*_figured(text, normal, found), *unnumbered.ranks(text, half)]
    targets += [*unnumbered.unchanged(text, normal), *unnumbered.zeros(text, half)]
    targets += [*unnumbered.never(text, normal), *unnumbered.spoken(text, normal)]
    targets += unnumbered.documents(text, normal, found)
    return tuple(_apart(targets))


def _apart(targets: list[Target]) -> Iterator[Target]:
    """Yield the targets in their order without those that overlap others; one figure may be said of several measures."""
    last = (0, 0)
    for target in sorted(targets, key=lambda one: one.start):
        if target.start >= last[1] or (target.start, target.end) == last:
            yield target
            last = target.start, target.end


def _figured(text: str, normal: str, found: tuple[Quantity, ...]) -> Iterator[Target]:
    """Yield the targets that have a number, sentence by sentence."""
    place = 0
    for sentence in _SENTENCE.finditer(normal):
        first = place
        while place < len(found) and found[place].end <= sentence.end():
            place += 1
        if first < place:
            yield from _of_sentence(text, normal, list(figures(normal, list(found[first:place]), *sentence.span())))


def _of_sentence(text: str, normal: str, promised: list[Figure]) -> list[Target]:
    promises: list[_Promise] = []
    names: list[str] = []  # what is left of 甲、乙 in 甲、乙分别增长5%、6%
    taken = 0  # where the noun ends that the last figure has taken from behind it
    for place, figure in enumerate(promised):
        previous = promises[-1].target if promises else None
        left = max(figure.left, taken)
        clause = measures.clause_start(normal, left, figure.start)
        head = normal[clause : figure.quantity.start]
        kind, until = _kind(normal, figure, clause, previous)
        if not kind:
            continue
        measure, taken = _measure(text, normal, figure, kind, (left, until), previous)
        meant = comparator(figure)
        if "分别" in head:
            names = _separate(_names(measure), promises, promised[place : place + _AT_MOST])
            measure = names.pop(0) if names else measure
        elif names and previous and not head.strip("、和与及"):
            measure = names.pop(0)
            meant = meant if figure.before or figure.after else previous.comparator  # 分别不高于40%、22%
        if kind in ("count", "amount") and (_stands(head, measure) or _continues(head, figure, previous)):
            kind = "level"
        value, unit = figure.quantity.value, figure.quantity.unit
        for name in _listed(measure, kind) if _ALL_OF.search(head[-8:]) else [measure]:
            target = Target(kind, meant, value, unit, name, figure.start, figure.end)
            promises.append(_promise(normal, figure, target, head))
    return _told_apart(_once(promises), normal)


def _told_apart(targets: list[Target], normal: str) -> list[Target]:
    """Return the targets with their verbs where two count the same: 邀请外资企业50家次，新设外资企业120家."""
    counted = Counter((target.measure, base(target.unit)) for target in targets if target.kind == "count")
    return [
        replace(target, measure=_with_verb(target, normal))
        if target.measure and counted[target.measure, base(target.unit)] > 1
        else target
        for target in targets
    ]


def _with_verb(target: Target, normal: str) -> str:
    name = normal.rfind(target.measure, max(0, target.start - 60), target.start)
    return measures.with_verb(target.measure, normal, 0, name) if name >= 0 else target.measure


def _listed(measure: str, kind: str) -> list[str]:
    """Return the measures that stand in a list: of rates only what is one (建议、提案办结率 is a single one)."""
    names = _names(measure)
    for place in range(len(names) - 2, -1, -1):
        if kind == "rate" and not _RATE.search(names[place]):
            names[place : place + 2] = ["、".join(names[place : place + 2])]
    return names


def _names(measure: str) -> list[str]:
    names = _LISTED.split(measure)
    shared = _ASCII.sub("", names[-1])
    return [name + shared if name.isascii() else name for name in names]  # PM10、PM2.5【年均浓度】


def _separate(listed: list[str], promises: list[_Promise], rest: list[Figure]) -> list[str]:
    """Return what the figures after 分别 are said of, one by one: the names before it, else the promises before it."""
    if len(listed) > 1:
        return listed
    alike = [figure for figure in rest if figure.base == rest[0].base]
    return [one.target.measure for one in promises[-len(alike) :]]


def _kind(normal: str, figure: Figure, clause: int, previous: Target | None) -> tuple[str, int]:
    """Return the kind of a figure ("" for no promise) and where the words before its noun's end: 利用外资【增长】2%."""
    if figure.base in ("%", "百分点"):
        return _percent_kind(normal, figure, clause, previous)
    if figure.base == "/10万":
        return "rate", figure.start
    if figure.base in TIMES and (change := _CHANGE.search(normal, clause, figure.start)):
        return "decline" if change["down"] else "growth", change.start()
    if figure.base == "天" and _DAYS.search(normal, clause, figure.start):
        return "count", figure.start
    large = figure.quantity.unit.startswith(("万", "亿"))
    if figure.base in _STANDING or not figure.quantity.unit or (figure.base in TIMES and not large):
        return "level", figure.start
    measured = figure.base in MEASURED or figure.base in TIMES or not figure.base
    in_ten_thousands = figure.base in PEOPLE and any(sign in figure.quantity.unit for sign in "万亿")
    change = _CHANGE.search(normal, clause, figure.start)
    if change and change["down"] and _NUMBER_OF.search(normal, clause, change.start()):
        return "decline", change.start()
    return "amount" if measured or in_ten_thousands else "count", change.start() if change else figure.start


def _percent_kind(normal: str, figure: Figure, clause: int, previous: Target | None) -> tuple[str, int]:
    change = _CHANGE.search(normal, clause, figure.start)
    if change:
        return _direction(change), change.start()
    if after := _CHANGE_AFTER.match(normal, figure.end, figure.right):
        return _direction(after), figure.start
    change = _CHANGE_BEFORE.match(normal, clause, figure.start) if figure.before != "reached" else None
    if change and (figure.base == "百分点" or change["down"] or not _RATE.search(change["noun"])):
        return _direction(change), figure.start
    same = previous is not None and base(previous.unit) == figure.base
    if (
        same
        and previous
        and previous.kind in ("growth", "decline")
        and not normal[clause : figure.start].strip("、和与及")
    ):
        return previous.kind, figure.start
    standing = "level" if figure.quantity.unit == "倍" else "rate"
    return (standing if figure.base == "%" else ""), figure.start


def _direction(change: re.Match[str]) -> str:
    return "decline" if change["down"] else "growth"


def _stands(head: str, measure: str) -> bool:
    return bool(_LEVEL.search(measure) or _EACH.search(head) or _PERIOD.search(head))


def _continues(head: str, figure: Figure, previous: Target | None) -> bool:
    """Return whether a figure goes on with a list of standing ones: 每千人口医师3.1人、【护士3.8人】."""
    level = previous is not None and previous.kind == "level" and base(previous.unit) == figure.base
    return level and head.startswith("、") and not _YEARLY.search(head)


def _promise(normal: str, figure: Figure, target: Target, head: str) -> _Promise:
    period = bool(_PERIOD.search(head) or _PERIOD_AFTER.match(normal, figure.end))
    return _Promise(target, period, bool(_PART.search(head)), bool(_YEARLY.search(head)))


def _once(promises: list[_Promise]) -> list[Target]:
    """Return the targets without a figure for each month or a part of the year that stands beside one for the year."""
    whole = {base(one.target.unit) for one in promises if not (one.period or one.part)}
    yearly = {base(one.target.unit) for one in promises if one.yearly and not (one.period or one.part)}
    return [
        one.target
        for one in promises
        if not (one.period or one.part) or base(one.target.unit) not in (whole if one.part else yearly)
    ]


def _measure(
    text: str, normal: str, figure: Figure, kind: str, span: tuple[int, int], previous: Target | None
) -> tuple[str, int]:
    """Return what is counted: the noun before the figure, else the one after it, else what the sentence counted last.

    With it stands where the noun after the figure ends, if it was taken, else 0.
    """
    before = measures.subject if kind in ("growth", "decline", "rate") else measures.before
    head = before(normal, *_noun_span(normal, *span))
    tail = Noun(*figure.noun, False) if figure.noun else measures.after(normal, figure.end, figure.right)
    noun, behind = measures.named(text, head), measures.named(text, tail)
    if behind and (figure.noun or not noun or head.verbal or (figure.base in PEOPLE and figure.after)):
        return measures.acted_on(behind, normal, span[0], figure.start), max(tail.end, figure.end)
    if noun and head.verbal and previous and base(previous.unit) == figure.base and not head.led:
        return ("" if figure.base in _EVENTS else previous.measure) + noun, 0  # 新开工项目100个，竣工80个
    if noun and _GRADE.fullmatch(noun):
        return noun + _inherited(figure, previous), 0
    if noun:
        return measures.acted_on(noun, normal, span[0], head.start), 0
    if measures.again(normal, *span):
        return "", 0
    return _without_noun(text, normal, figure, span, previous), 0


def _without_noun(text: str, normal: str, figure: Figure, span: tuple[int, int], previous: Target | None) -> str:
    verb, inherited = measures.verb(text, normal, *span), _inherited(figure, previous)
    if previous and figure.base in PEOPLE and not normal[span[0] : figure.start].strip("(、 "):
        return previous.measure  # 外宾团组60批800人次
    return inherited + verb if inherited and verb.startswith("建成") else inherited or verb


def _noun_span(normal: str, start: int, end: int) -> tuple[int, int]:
    """Return where to look for the noun: before the bracket where a figure stands in one, 宣讲（不少于10场）."""
    clause = measures.clause_start(normal, start, end)
    opens = clause > start and normal[clause - 1] == "("
    return (start, clause - 1) if opens and not normal[clause:end].strip() else (start, end)


def _inherited(figure: Figure, previous: Target | None) -> str:
    """Return what a figure without a noun is said of: 海外仓超100个、超100万平方米 is 海外仓面积."""
    if previous is None or not previous.measure:
        return ""
    same = base(previous.unit) == figure.base
    if same or figure.base in ("%", "百分点"):
        return _GRADE.sub("", previous.measure) if same else previous.measure
    if previous.kind in ("growth", "decline"):
        return previous.measure
    if previous.kind != "count":
        return ""
    if figure.base == "平方米":
        return previous.measure.removesuffix("面积") + "面积"
    return previous.measure + "金额" if figure.base in ("元", "美元") else ""
