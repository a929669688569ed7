"""The figures that a report states as results, each with the words it stands among and the time it is said of.

No results are plans and expectations (计划, 拟, 预计, 力争, what follows 下一步), aims (全年目标100个), shortfalls and leads
(还差3个, 超目标101亿元), increments over another time (比上年增加12家), last year's figures (去年同期1.2亿元) and what is denied
(尚未举办2场). What is only under way (在建8个, 签约意向18个) keeps the word that says so, for a target that promises just that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from scoring.quantities import Quantity, half_width, quantities, spelled

ANY_UNIT = "无"  # 未发生, 零发生: none of whatever is counted
RANK = "第"  # the unit of a place in a ranking
PERCENT = ("%", "百分点", "个百分点")
NOW = 13  # a month later than any: 目前, 累计, or no time given
THIS_YEAR = 9999  # later than any that is named

_WINDOW = 60  # characters looked at on either side of a figure, so that a text of any length takes linear time
_COLON = str.maketrans("：％", ":%")
_ASIDE = re.compile(
    r"(?<=[一-龥])\([一-龥]{1,6}\)(?=[一-龥])|(?<=[一-龥])\((?!含)[一-龥]{1,2}\)(?=\d)"
)  # 校(园)长, 文化馆(站)覆盖率: within a name
_HIDDEN = "\N{GETA MARK}"
_AFTERWARDS = re.compile(r"下一?步|下一?阶段|接下来")
_SENTENCE_END = "。；;！!？?\n"
_PAUSE = re.compile(r"[，,()、:]")
_TAIL = re.compile(r"(?:以上|左右|多|余|的)*([^。；;！!？?\n，,()、:]{0,30})")

_NOTHING = re.compile(
    r"(?:未|没有|没|无|零)(?:发生|出现|产生)[一任各]?(?:[起例何类])?|零(?=事故|伤亡|死亡|投诉|感染|案件)"
)
_LEVEL = re.compile(r"(?:[与同和较比](?:去年|上年)|同比)(?:同期)?(?:水平|相比)?(?:基本|大体)?持平|零增长")

# A threshold is part of a name: 10亿元以上项目27个.
_CLASSED = re.compile(
    r"\d[\d.]*[百千万亿]*(?:美元|元|人|平方米|吨)(?:人民币)?(?:及?以上|级)"
    r"(?=[^，,、。；;\d]{0,10}(?:项目|企业|工程|产业|合同|订单|平台|主体|园区|镇|村))"
)

_RANKED = re.compile(
    r"(?:居|列|排名?|位次|名次)[^，,。；;、\d第(]{0,10}第\s?(\d{1,3}|[一二三四五六七八九十]{1,3})(?![\d%季期届批])"
)

_MOOD = re.compile(
    r"(?P<planned>(?<!按)(?<!照)(?<!科技)计划(?!项目|任务|目标|生育|单列|完成率|进度|[的内数，,。；;、]|$)|预计|(?<![虚模])拟(?![定订])|"
    r"(?<!已)将(?!乐)|有望|可望|打算|即将)|(?P<stated>已|实际(?!使用|利用|到)|目前|截[至止]|累计|现有|今年以来|完成了)|"
    r"(?P<since>(?<!\d)1月?[-—–~～至到]{1,2}\d{1,2}月|上半年|前三季度)"
)
_NO_RESULT = re.compile(
    r"(?<!供)应[建办完新培开]|各(?:举办|召开|开展|组织|完成|新增|新建|检查)|每个?[季月周年次家县]|"
    r"争取(?!到|新增|国家|上级|中央|省|资金|专项|补助|政策)|力争|确保|努力|筹备|准备(?!金)|(?<!而)未(?!来|成年)|没有|尚无|没能|无法|"
    r"(?:目标|任务|指标|计划)(?:任务)?(?:[数值量]|总?额)?[为是:]?(?:完成|实现|达到?)?[超约]?$|"
    r"(?:[还尚仍相]差|差距|缺口|剩|[还尚仍]需|余下|(?<!不)[低高少多]于|超出|"
    r"落后(?!产能|工艺|设备|地区)|领先|超(?:年度|全年)?(?:目标|任务|计划))[^，,]{0,10}$|(?<!误)差[了约]?$|"
    r"(?:^|[^较比与同和])(?:去年|上年|上一年|往年|同期)(?:新增|[^，,较比增减降升长]){0,12}$|环比"
)
_NEW = re.compile(r"新增|净增|今年新")
_FROM = re.compile(r"[由从][^，,]{0,12}$")
_TO = re.compile(r"[^，,。；;\d]{0,8}[到至为]")
_AIM_AFTER = re.compile(r"的(?:年度|全年)?(?:目标|任务|计划|指标)")
_INCREMENT = re.compile(
    r"(?:[同环]比|[较比])[^，,]{0,20}(?:增加|增长|减少|多|少|提高|提升|上升|下降|(?<!新)增|减|降)[了约近]?$|(?:增长|下降)[了约近]?$"
)
_UNDER_WAY = re.compile(
    r"意向|在建|在谈|储备|申报|申请|推荐|摸底|摸排|排查|正在|起草|征求意见|待[建开批验]|立项|入库|候选|初审|注销|取消|"
    r"总投资|计划投资|已有|现有|拥有|总数|总量|存量|保有量"
)

_UP = re.compile(
    r"(?:增长|增速|增幅|涨幅|增加|提高|上升|提升|上涨|[增升](?!率))(?:[率了约近为是超:]|达到?)*+$|(?:增速|增幅|增长率)[^，,]{0,8}[到至为达]$"
)
_DOWN = re.compile(
    r"(?:负增长|下降|减少|降低|下滑|降幅|压减|压缩|削减|压降|缩减|下跌|[减降跌](?!率))(?:[率了约近为是超:]|达到?)*+$|降幅[^，,]{0,8}[到至为达]$"
)
_GROWTH_AFTER = re.compile(r"(?:以上|左右)?的?(?:增长|增速|增幅)")
_OF_THE_WAY = re.compile(
    r"(?:完成|占|为|达到?|实现|达成|相当于)了?(?:全年|年度|年初|本年|既定|目标|任务|计划|省定|市定)+[^，,%]{0,8}$|"
    r"(?:完成率?|达成率?|进度|进展)(?:[已约为仅超:]|达到?)*+$|占[^，,]*$|(?:占比|比重)(?:[已约为仅超:]|达到?)*+$"
)

_TIME = re.compile(
    r"(?P<first>\d{1,2})月?[-—–~～至到]{1,2}(?P<last>\d{1,2})月|截[至止][^，,]{0,6}?(?P<until>\d{1,2})月|(?P<month>\d{1,2})月(?:(?P<end>[底末])|(?P<day>\d{1,2}日))?|"
    r"(?P<half>上半年)|(?P<three>前三季度|[1一][-—至]+[3三]季度)|(?P<second>二季度)|(?P<third>三季度)|(?P<fourth>四季度|下半年)|"
    r"(?P<part>[本当上]月(?![一-龥]{0,4}率)|[本当]季|本周|[首第][一二三]?批)|"
    r"(?P<quarter>一季度)|(?P<year>全年|年底|年末)|(?P<now>目前|累计|至今|以来|现已|迄今|总计|合计)"
)
_NAMES = re.compile(r"以及|[、与]|和(?!谐|美|平)|及(?!时)")
_ALL_OF = re.compile(r"(?:(?<![平人户亩地年日月])均(?!衡)|都)[^，,、。；;\d]{0,8}$")  # 办结率、满意率【均】达100%
_CLAUSE_END = re.compile(r"[。；;！!？?\n，,()]")
_JOINT = re.compile(r"[、，,和及]")

_CLAUSE = re.compile(r"(?:《[^《》\n]*》|[^。；;！!？?\n，,])+")
_ISSUED = re.compile(r"印发|出台|发布|公布|颁布|下发|已制定|已修订|修订完成|已编制|编制完成")
_HELD = re.compile(
    r"(?:已|[成顺圆][功利满]|(?<![定拟])于\d{1,2}月\d{1,2}日[^，,]{0,6})(?:[成顺圆如][功利满期])?(?:举办|召开|举行)|[圆顺][满利](?:落幕|闭幕)"
)
_NO_TITLE = str.maketrans("", "", "《》")
_NOT_OUT = re.compile(r"正在|起草|草案|初稿|征求|送审|报审|审核|立项|[\d两三四五六七八九十][份个项件场次届期]")

_MONTHS = {
    "half": 6,
    "three": 9,
    "quarter": 3,
    "year": 12,
    "now": NOW,
    "second": 6,
    "third": 9,
    "fourth": 12,
    "part": 0,
}
_PARTS = ("second", "third", "fourth", "part")  # of the year, not since January
_YEAR = re.compile(r"20\d\d(?=年)")

# Words that name nothing counted: times, places, and the verbs of any report.
_LIGHT = re.compile(
    r"20\d\d年度?|\d{1,2}月?[-—–~～至到]{1,2}\d{1,2}月|\d{1,2}月(?:\d{1,2}日|[底末份初]|[上中下]旬)?|(?<![A-Za-z\d.])\d{1,2}[.、)]|"
    r"[上下]半年|前三季度|[一二三四]季度|全年|今年以来|今年|本年度?|年度|目前|截至|截止|至今|累计|迄今|现已|已经|共计|总计|合计|全部|全面|"
    r"全[市县区省]|[我本][市县区局省]|各[类项级地]|已[建办开](?![设理发展])|举办|召开|开展|组织|筹集|编[发印报制]|"
    r"印发|出台|发布|创建|培育|引进|制定|修订|完成|实现|新增|新建|建成|打造|推动|推进|实施|超过|突破|达到?|"
    r"实际|顺利|有序|稳步|扎实|正常|积极|进展|任务|工作(?![室站者])|全社会|外贸(?=进出口|进口|出口)|按计划|按序时|左右|以上|其中|分别|净增|累积|情况|"
    r"同比|环比|[较比与](?:去年|上年)(?:同期)?(?:相比)?|去年|上年|同期|增长率?|增速|增幅|下降|减少|降低|下滑|降幅|提高|提升|上升|压缩|缩短|压减|提速|控制在|保持在?|稳定在"
)
_SINGLE = "，,()已共约近为是有于在了的和及与并新再又等各均由从到至超 ·:.．、。〓-—'\"”"


@dataclass(frozen=True, slots=True)
class Period:
    """The time a figure is said of: its year (unsaid is this), the last month, and whether that is all since January.

    ``day`` is whether a single day was told, which says nothing of the clauses that follow.
    """

    year: int = THIS_YEAR
    month: int = NOW
    whole: bool = True
    day: bool = False


@dataclass(frozen=True, slots=True)
class Reported:
    """One figure of a report.

    ``head`` and ``tail`` are the essential words around it in its clause, ``lead`` those of the clauses before that
    hold no figure, ``topic`` those of the figure before it in the sentence. ``change`` is 1 for a growth, -1 for a
    decline (下降3%, 减少7人), else 0; ``new`` tells 新增12个 from 累计87个; ``stage`` is the word that says it is only under way; ``part``
    marks what stands after 其中 or in brackets, ``way`` a percentage of a whole or of the way. ``planned`` is carried on
    to what follows in the sentence; only where ``result`` is true the figure is a result.
    """

    value: float
    unit: str
    start: int
    end: int
    head: str
    tail: str
    lead: str
    topic: str
    period: Period
    change: int
    new: bool
    stage: str
    part: bool
    way: bool
    planned: bool
    result: bool

    @property
    def own(self) -> str:
        """What its own clause names."""
        return f"{self.head} {self.tail}".strip()


@lru_cache(maxsize=8192)  # reports of one year repeat their words from version to version
def essence(text: str) -> str:
    """Return what ``text`` names, without the words of time, place and doing that any report holds."""
    return _LIGHT.sub("", text.replace(_HIDDEN, "")).strip(_SINGLE)


def results(text: str) -> tuple[Reported, ...]:
    """Return the figures stated as results, in the order of the text, with their spans in it."""
    figures = tuple(_figures(readable(text)))
    if "分别" in text or "均" in text:
        figures = tuple(_distributed(figures, text))
    return tuple(figure for figure in figures if figure.result)


def is_measurable(text: str) -> bool:
    """Tell whether a report may say how far a target is: it holds a figure, or the word of a paper or an event."""
    said = readable(text)
    return bool(_ISSUED.search(said) or _HELD.search(said) or _marks(said))


def readable(text: str) -> str:
    """Return ``text``, place for place, in half width and without what is said of times to come."""
    text = half_width(text).translate(_COLON)
    later = _AFTERWARDS.search(text)
    return text[: later.start()] if later else text


def _figures(text: str) -> Iterator[Reported]:
    previous, read = None, 0
    marks = _marks(text)
    text = _ASIDE.sub(lambda aside: _HIDDEN * len(aside[0]), text)
    ends = [*(mark.start for mark in marks), len(text)][1:]
    for mark, following in zip(marks, ends, strict=True):
        gap = text[max(read, mark.start - _WINDOW) : mark.start].replace(" ", "")
        ended = max(map(gap.rfind, _SENTENCE_END))
        if ended >= 0:
            previous, gap = None, gap[ended + 1 :]
        elif previous and (pause := _PAUSE.search(gap)):
            gap = gap[pause.start() :]
        previous = _figure(mark, gap, text[mark.end : min(following, mark.end + _WINDOW)], previous)
        yield previous
        read = mark.end


def _marks(text: str) -> list[Quantity]:
    """Return the quantities, with 持平 as 0 %, 未发生 as none of anything and 居全省第3位, in the order of the text."""
    words = [Quantity(0.0, ANY_UNIT, *found.span(), spelled=True) for found in _NOTHING.finditer(text)]
    words += [Quantity(0.0, "%", *found.span(), spelled=True) for found in _LEVEL.finditer(text)]
    words += [
        Quantity(rank, RANK, *found.span(1), True) for found in _RANKED.finditer(text) if (rank := _rank(found[1]))
    ]
    classes = {found.start() for found in _CLASSED.finditer(text)}
    numbers = [mark for mark in quantities(text) if mark.start not in classes]
    if not words:
        return numbers
    marks = sorted([*numbers, *words], key=lambda mark: mark.start)
    return [mark for mark, before in zip(marks, [None, *marks], strict=False) if not before or mark.start >= before.end]


def _rank(written: str) -> float | None:
    return float(written) if written.isdecimal() else spelled(written)


def _figure(mark: Quantity, gap: str, after: str, previous: Reported | None) -> Reported:
    """Return what stands at ``mark``, between what was said since ``previous``, the figure before, and what follows."""
    tail = _tail(after)
    comma = max(map(gap.rfind, "，,()"))
    clause = gap[comma + 1 :]
    lead = essence(gap[:comma]) if comma > 0 else ""
    beside = previous if gap.startswith("、") and comma < 0 else None  # 海外仓87个、面积92.5万平方米
    stage = _UNDER_WAY.search(clause + " " + tail)
    planned = _planned(gap, previous)
    percent = mark.unit in PERCENT
    inherited = beside and not beside.result and "已" not in clause
    return Reported(
        value=mark.value,
        unit=mark.unit,
        start=mark.start,
        end=mark.end,
        head=essence(clause),
        tail=essence(tail),
        lead=lead,
        topic=(previous.own or previous.topic) if previous else "",
        period=_period(clause)
        or _period(gap[: comma + 1], whole=bool(lead))
        or (previous.period if previous and (beside or not previous.period.day) else Period()),
        change=_change(clause, tail, mark),
        new=bool(_NEW.search(clause)),
        stage=stage[0] if stage else "",
        part="其中" in gap or gap.rfind("(") > gap.rfind(")") or (beside is not None and beside.part),
        way=percent and bool(_OF_THE_WAY.search(clause)),
        planned=planned,
        result=not (planned or inherited or _is_none(clause, after, percent)),
    )


def _tail(after: str) -> str:
    tail = _TAIL.match(after)
    return tail[1] if tail else ""


def _is_none(clause: str, after: str, percent: bool) -> bool:
    """Whether the figure between the two is no result: planned, aimed at, missing, denied, or of another time."""
    if _NO_RESULT.search(clause) or _AIM_AFTER.match(after):
        return True
    if not percent and _INCREMENT.search(clause):
        return True
    return bool(_FROM.search(clause) and _TO.match(after))


def _planned(gap: str, previous: Reported | None) -> bool:
    """Whether a word of planning still holds: the last one said counts, 计划 or 已; a time since January ends it too."""
    planned, since = previous is not None and previous.planned, 0
    for mood in _MOOD.finditer(gap):
        if mood.lastgroup != "since" or "，" in gap[since : mood.start()]:
            planned = mood.lastgroup == "planned"
        since = mood.end()
    return planned


def _change(clause: str, tail: str, mark: Quantity) -> int:
    if mark.spelled and mark.value == 0 and mark.unit != ANY_UNIT:
        return 1
    if _DOWN.search(clause):
        return -1
    return 1 if _UP.search(clause) or _GROWTH_AFTER.match(tail) else 0


def _period(gap: str, *, whole: bool = False) -> Period | None:
    """Return the last time said, None without one; ``whole`` passes over what is only a part of the year."""
    if not gap:
        return None
    period = None
    for found in _TIME.finditer(gap):
        if found["now"] and period:
            period = replace(period, whole=True)
        else:
            month, since_january = _months(found)
            period = Period(month=month, whole=since_january, day=found["day"] is not None)
    if year := _YEAR.search(gap):
        period = replace(period or Period(), year=int(year[0]))
    return None if whole and period and not period.whole else period


def _months(found: re.Match[str]) -> tuple[int, bool]:
    """Return the last month a time reaches, and whether it begins in January."""
    if found["last"]:
        return int(found["last"]), int(found["first"]) == 1
    if found["until"]:
        return int(found["until"]), True
    if found["month"]:
        return int(found["month"]), found["end"] is not None
    name = str(found.lastgroup)
    return _MONTHS[name], name not in _PARTS


def _distributed(figures: tuple[Reported, ...], text: str) -> Iterator[Reported]:
    """Give each figure after 分别 its name, where there are as many names as figures (A、B分别为3场、126家), 均 each name."""
    listed: list[Reported] = []
    names: list[str] = []
    for figure, following in zip(figures, [*figures, None][1:], strict=True):
        respectively = text.rfind("分别", max(0, figure.start - 10), figure.start)
        if respectively >= 0 and not names:
            names, listed = _names_before(text, respectively), []
        if not names:
            yield figure
            yield from _of_all(figure, text)
            continue
        listed.append(figure)
        told = len(listed) == len(names)
        if told or following is None or not _JOINT.fullmatch(text, figure.end, following.start):
            yield from _named(listed, names)
            names = []


def _names_before(text: str, end: int) -> list[str]:
    return _NAMES.split(_CLAUSE_END.split(text[max(0, end - _WINDOW) : end])[-1])


def _of_all(figure: Reported, text: str) -> Iterator[Reported]:
    """Yield the figure again for each of the names before 均: 办结率、面商率均为100%."""
    found = _ALL_OF.search(text, max(0, figure.start - 12), figure.start)
    names = _names_before(text, found.start()) if found else []
    for name in names if len(names) > 1 else ():
        yield replace(figure, head=essence(name), tail="", lead="", topic="")


def _named(figures: list[Reported], names: list[str]) -> Iterator[Reported]:
    for place, figure in enumerate(figures):
        if len(figures) == len(names):
            change = figures[0].change if figure.unit == "%" else 0
            stage = "" if any(figure.stage in name for name in names) else figure.stage  # 甲、乙总量分别为3吨、4吨
            head = essence(names[place])
            yield replace(figure, head=head, tail="", lead="", topic="", change=change, stage=stage)
        else:
            yield replace(figure, result=False)


def issued(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the essence and the span of each clause that says a document is out: 已印发《…办法》, 预案已印发."""
    return _said(text, _ISSUED)


def held(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the essence and the span of each clause that says an event took place, unnumbered: 论坛于11月27日举办."""
    return _said(text, _HELD)


def _said(text: str, done: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    for clause in _CLAUSE.finditer(readable(text)):
        said = clause[0]
        if done.search(said) and not (_NOT_OUT.search(said) or _NO_RESULT.search(said) or _planned(said, None)):
            yield essence(done.sub("", said)).translate(_NO_TITLE), *clause.span()
