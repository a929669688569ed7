"""Quantities with their words of comparison, and which of them promise nothing.

What is left out: qualifying thresholds (50个亿元以上项目, 10亿元以上项目1个), comparisons with others (高于全省1个百分点), where
something starts from (从80%提高到90%, 在现有50家基础上), places (在5个县区试点), points for a score, deadlines in hours or days,
and slogans in characters (三个清单).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scoring.measures import clause_start, next_verb
from scoring.quantities import DATE, Quantity, base

PEOPLE = frozenset({"人", "人次"})
TIMES = frozenset({"小时", "工作日", "天", "个月"})
MEASURED = frozenset({
    *("元", "美元", "欧元", "港元", "日元", "英镑", "新台币", "平方米", "米", "海里", "立方米", "吨", "吨标准煤", "标箱"),
    *("千瓦", "千瓦时", "千伏安", "吨/日", "立方米/日"),
})  # fmt: skip

_PREFIX = re.compile(
    r"""(?:(?P<most>≤|不(?:得|能|可|应)?(?:超过?|高于|大于|多于|突破)|至多|最多)
    | (?P<least>≥|>=|不(?:得|能|可|应)?(?:少|低|小)于|至少|最少|达到?(?:或|并|、)?超过)
    | (?P<over>>|超过|超出|超|突破|大于|多于|高于|逾)
    | (?P<under><|低于|少于|小于|不足|不到)
    | (?P<held>控制[在到]|(?:压[减缩降]|下?降低?|缩[短减]|减少?|精简|收窄)[至到])
    | (?P<reached>达到?|力争|保持在?|稳定在|维持在|(?:提[高升]|增[加长]?|扩[大展]?|拓展|上升)[到至])
    | (?P<to>(?<![做起直遇办])[到至]))
    (?:了|约|近|人民币|各|共|累计|每[万千百]?[人户亩吨月年天生床]口?度?|全年|力争|达到?|到)*\s?$""",
    re.VERBOSE,
)
_WORD_AFTER = (
    r"(?:(?P<more>(?:\(含\))?(?:及其?以上|或以上|以上)(?:\(含\)|及?以上)*)"
    r"|(?P<less>及?以[内下](?:\(含\))?|之内|及以下)|左右|上下)"
)
_LOWERED = re.compile(r"压减|压缩|压降|降低|下降|减少|缩短|精简")  # 【压缩】办理时限到3个工作日
_SUFFIX = re.compile(rf"\s?{_WORD_AFTER}")
_SUFFIX_OF_NOUN = re.compile(
    rf"(?P<noun>(?![十百千]?[亿万]{{1,2}}元)[一-龥]{{1,8}}?){_WORD_AFTER}(?=[，,。；;、)\s]|$)"
)

_SCORED = re.compile(r"得分|分数|分值|评分|成绩|测评|考评|考核|满意度|综合|评价|平均分")
_COMPARED = re.compile(
    r"(?:[高低快优好多少大]于|高出|超出|领先于?|超过?|低|高|快)"
    r"(?:全国|全省|全市|全县|全区|省|市|国家|世界|同期|上年|去年|往年|平均|预期|序时|周边|同类|GDP|经济|财政|收入)[^，,]{0,12}$"
    r"|(?<!占)[比较](?![例重率])[^，,]{1,15}(?<![提不减])(?:高|低|快|多|少)(?:出|于)?$"
)
_FROM = re.compile(r"(?:从|由)[^，,、]{0,14}$")
_CHANGES_TO = re.compile(r"(?:以上|左右)?(?:提|增|上升|下降|降|缩|压|减|扩|到|至|变|发展|[^，,、。；;\d]{0,8}中(?!心))")
_EXISTING = re.compile(r"(?:现有|已有|原有|现已|已建成|已累计|目前已?|(?<![与比较同])(?:去年|上年))[^，,比较与]{0,8}$")
_AS_A_BASE = re.compile(r"[^，,。；;]{0,8}的?基础上")
_PLACED = re.compile(r"(?<![现存潜])在(?:全市|全省|全县|我市|城区|市区|各|约)?$")
_REFERRED = re.compile(r"[这那该此前后跑]$")
_CLASSED = re.compile(
    r"的?[^，,。；;、\d的]{0,12}?(?:项目|企业|工程|产业链|产业|集群|园区|订单|合同|平台|镇|村|基地|主体|单位|家庭|农户)"
)
_NAMED_NEXT = re.compile(r"的?[^，,。；;、：:\d]{1,24}$")
_ACTS = re.compile(r"改造|建设|培训|检查|整治|治理|服务|修缮|采购|配备|更新|安装|补助|奖励|资助|扶持|解决|处置|化解")
_BEGINS = re.compile(
    r"(?:举办|承办|召开|开展|组织|新增|培育|建成|新建|引进|落地|签约|创建|申报|获评|获批|争取|推出|打造|出台|完成|印发|制定|"
    r"邀请|建立|设立|组建|培养|选派|新培育|认定)$"
)
_REDUCED = re.compile(r"(?:压减|压缩|缩短|减少|精简|提速|提前)(?:了|约)?$")
_DAYS = re.compile(r"天数|日数|时数|时长")
_SLOGAN_UNITS = frozenset("个项件条种支批组门级对张点部只块片站")  # 三项制度, 四个自信, 两支队伍


@dataclass(frozen=True)
class Figure:
    """A quantity with the words of comparison around it, which may be looked at from ``left`` to ``right``.

    ``before`` is the kind of word before it (most, least, over, under, held, reached, "") and ``after`` of the one
    after it (more, less, ""); ``noun`` is where a noun stands between figure and word (640家【企业】以上).
    """

    quantity: Quantity
    base: str
    start: int
    end: int
    before: str
    after: str
    noun: tuple[int, int] | None
    left: int
    right: int


def figures(normal: str, quantities: list[Quantity], left: int, right: int) -> Iterator[Figure]:
    """Yield the figures of a sentence (from ``left`` to ``right``) that promise something, in its order."""
    start = left
    for place, quantity in enumerate(quantities):
        following = quantities[place + 1] if place + 1 < len(quantities) else None
        end = following.start if following else right
        if following and following.start == quantity.end and base(following.unit) in MEASURED:  # 50个【10亿元以上项目】
            end = quantities[place + 2].start if place + 2 < len(quantities) else right
        figure = _figure(normal, quantity, left, end)
        if _qualifies(normal, figure, following, start if place else -1):
            continue
        if _starts_from(normal, figure):
            continue
        if not _promises_nothing(normal, figure):
            yield figure
            left = figure.end
        start = figure.end


def comparator(figure: Figure) -> str:
    """Return how the figure is meant; a bare one is a lower bound."""
    firm = {"most": "<=", "least": ">=", "over": ">", "under": "<"}.get(figure.before)
    if firm:
        return firm
    if figure.after:
        return "<=" if figure.after == "less" else ">="
    return "<=" if figure.before == "held" else ">="


def _figure(normal: str, quantity: Quantity, left: int, right: int) -> Figure:
    before = _PREFIX.search(normal, max(left, quantity.start - 14), quantity.start)
    after = _SUFFIX.match(normal, quantity.end, right)
    noun = None
    if after is None and (after := _SUFFIX_OF_NOUN.match(normal, quantity.end, right)):
        noun = after.span("noun")
    word = (before.lastgroup or "") if before else ""
    if before and word == "to":
        word = (
            "held" if _LOWERED.search(normal, clause_start(normal, left, before.start()), before.start()) else "reached"
        )
    return Figure(
        quantity,
        base(quantity.unit),
        before.start() if before else quantity.start,
        after.end() if after else quantity.end,
        word,
        (after.lastgroup or "").replace("noun", "") if after else "",
        noun,
        left,
        right,
    )


def _qualifies(normal: str, figure: Figure, following: Quantity | None, counted_to: int) -> bool:
    """Return whether a figure only says which things are counted: 10亿元以上【项目】1个, 50个【10亿元以上项目】."""
    if figure.noun or not (figure.base in MEASURED or figure.base in PEOPLE or figure.base == "%"):
        return False
    threshold = figure.after != "" or normal.startswith("的", figure.end)
    if threshold and counted_to == figure.start:
        return True
    if figure.base in MEASURED and threshold and not figure.before and _CLASSED.match(normal, figure.end, figure.right):
        return True
    if following is None or base(following.unit) in MEASURED | PEOPLE | {"%", "百分点"}:
        return False
    joined = _NAMED_NEXT.match(normal, figure.end, following.start)
    if joined is None or next_verb(normal, figure.end, following.start) < following.start:
        return False
    return threshold or not _ACTS.search(joined[0])


def _starts_from(normal: str, figure: Figure) -> bool:
    """Return whether a figure is where a change begins: 从80%提高到90%."""
    start = clause_start(normal, figure.left, figure.start)
    return bool(_FROM.search(normal, start, figure.start) and _CHANGES_TO.match(normal, figure.end))


def _promises_nothing(normal: str, figure: Figure) -> bool:
    head = normal[clause_start(normal, figure.left, figure.start) : figure.start]
    compared = normal[clause_start(normal, figure.left, figure.quantity.start) : figure.quantity.start]
    if figure.base == "分" and not _SCORED.search(head):
        return True
    if figure.base in TIMES and _only_a_deadline(head, figure):
        return True
    if figure.quantity.spelled and _slogan(normal, head, figure):
        return True
    if _COMPARED.search(compared) or _EXISTING.search(head) or _AS_A_BASE.match(normal, figure.end, figure.right):
        return True
    return not figure.before and _PLACED.search(head) is not None


def _only_a_deadline(head: str, figure: Figure) -> bool:
    if (
        figure.quantity.unit.startswith(("万", "亿"))
        or figure.before in ("most", "least", "under", "held")
        or _REDUCED.search(head)
    ):
        return False
    return not (_DAYS.search(head) and (figure.before or figure.after))


def _slogan(normal: str, head: str, figure: Figure) -> bool:
    """Return whether a number in characters is a manner of speaking: no comparison, no verb, no end of the clause."""
    if _REFERRED.search(head):
        return True
    if figure.before or figure.after or _BEGINS.search(head.rstrip()) or figure.quantity.value >= 20:
        return False
    if figure.end >= len(normal) or normal[figure.end] in "，,。；;、)\n":
        return len(head.strip(DATE)) < 2
    return figure.quantity.value < 2 or figure.quantity.unit in _SLOGAN_UNITS
