"""Figures as Chinese prose writes them, and what a promise and a report make of one (design rules 7 to 9).

A quantity is a number with its unit, both as written: 超3亿美元 holds 3 and 亿美元, 1.2万个 holds 1.2 and 万个, 两场 2 and
场, 十余家 10 and 家, 10-15家 10 and 家, 百分之五 5 and %. 万 and 亿 belong to the unit; 十, 百 and 千 written in characters
belong to the number (五千家 is 5000 and 家, 百余场 100 and 场); 1亿2000万元 is 12000 and 万元; an index has no unit (指数达92
以上). Numbers that count nothing are left out before reading: years, dates, document numbers (泉委〔2025〕20号), clauses
(第28条，第4页), ordinals (第二届), points ((5分)), festivals (6·18), and what stands in 《》 or, shortly, in “”.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

KINDS = ("count", "amount", "growth", "decline", "rate", "level", "document", "none")
CUMULATIVE = ("count", "amount", "document")  # grow over the year, so judged by the calendar; the others by their value
COMPARATORS = (">=", ">", "<=", "<", "=")


@dataclass(frozen=True)
class Target:
    """One quantified promise: ``value`` and ``unit`` as written, ``measure`` what is counted, its span in the text.

    ``kind`` none is a person's word that the indicator has no quantified target. ``actual`` (in ``unit``) and
    ``evidence`` are what the sheet 量化目标 states; None and "" where it says nothing.
    """

    kind: str
    comparator: str
    value: float
    unit: str
    measure: str
    start: int
    end: int
    actual: float | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Actual:
    """What a report says of one target: the figure in the target's unit, and its span in the report."""

    value: float
    start: int
    end: int


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, and where both stand in the text; ``spelled`` is a number in characters (两, 十)."""

    value: float
    unit: str
    start: int
    end: int
    spelled: bool


# What one unit is of another. Currencies stand apart: no rate is anybody's to assume.
_SCALES = {
    "元": {"元": 1.0, "元人民币": 1.0, "人民币": 1.0},
    "美元": {"美元": 1.0, "美金": 1.0},
    "欧元": {"欧元": 1.0},
    "港元": {"港元": 1.0, "港币": 1.0, "元港币": 1.0},
    "日元": {"日元": 1.0},
    "英镑": {"英镑": 1.0},
    "新台币": {"新台币": 1.0, "元新台币": 1.0},
    "平方米": {
        "平方米": 1.0, "平米": 1.0, "㎡": 1.0, "m²": 1.0, "平方公里": 1e6, "平方千米": 1e6, "公顷": 1e4, "亩": 1e4 / 15,
    },
    "米": {"米": 1.0, "公里": 1e3, "千米": 1e3, "km": 1e3},
    "海里": {"海里": 1.0},
    "立方米": {"立方米": 1.0, "方": 1.0, "m³": 1.0},
    "吨": {"吨": 1.0, "公斤": 1e-3, "千克": 1e-3, "克": 1e-6},
    "吨标准煤": {"吨标准煤": 1.0, "吨标煤": 1.0},
    "标箱": {"标箱": 1.0, "标准箱": 1.0, "TEU": 1.0},
    "千瓦": {"千瓦": 1.0, "兆瓦": 1e3},
    "千瓦时": {"千瓦时": 1.0, "度": 1.0},
    "千伏安": {"千伏安": 1.0},
    "吨/日": {"吨/日": 1.0, "吨/天": 1.0},
    "立方米/日": {"立方米/日": 1.0, "立方米/天": 1.0},
    "微克/立方米": {"微克/立方米": 1.0, "毫克/立方米": 1e3},
    "毫克/升": {"毫克/升": 1.0},
    "分贝": {"分贝": 1.0},
    "人": {"人": 1.0, "名": 1.0, "位": 1.0},
    "人次": {"人次": 1.0},
    "亩次": {"亩次": 1.0},
    "/10万": {"/10万": 1.0, "/十万": 1.0},
    "场": {"场": 1.0, "场次": 1.0, "次": 1.0},
    "小时": {"小时": 1.0, "个小时": 1.0, "分钟": 1 / 60},
    "工作日": {"工作日": 1.0, "个工作日": 1.0},
    "天": {"天": 1.0},
    "个月": {"个月": 1.0},
    "%": {"%": 1.0, "‰": 0.1, "倍": 100.0},
    "百分点": {"百分点": 1.0, "个百分点": 1.0},
    "分": {"分": 1.0},
}  # fmt: skip
_COUNTERS = (
    *"个家户件项份篇条期批处座所套台辆艘架列趟款种支组对间栋幢块宗起例单笔票本册部首集门节轮张只头羽尾株棵枚片口眼根幅盏班站村字页卷封颗",
    *(
        "家次",
        "户次",
        "件次",
        "项次",
        "批次",
        "架次",
        "班次",
        "车次",
        "台次",
        "艘次",
        "轮次",
        "篇次",
        "条次",
        "期次",
        "课时",
        "学时",
        "台套",
        "标段",
        "单位",
        "人天",
    ),
)
_BASES = {base: (name, factor) for name, bases in _SCALES.items() for base, factor in bases.items()} | {
    counter: (counter.removesuffix("次") or counter, 1.0) for counter in _COUNTERS
}
_THINGS = frozenset(_BASES[counter][0] for counter in _COUNTERS)  # 个 counts any of them
_TENS = {"": 1.0, "十": 10.0, "百": 100.0, "千": 1e3}

_DIGITS = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?(?!\d)|\d{1,15}(?:\.\d{1,6})?(?!\d)"
_SPELLED = r"[一三四五六七八九十两][一二三四五六七八九十百千零〇两]{0,8}|二[十百千][一二三四五六七八九十百零〇]{0,6}"
_SPACE = r"[ \t\xa0]{0,2}"
_MORE = rf"{_SPACE}[余多来+]?{_SPACE}"
_RANGE = rf"{_SPACE}(?:[-~—–〜至到]|——){_SPACE}"
_LONG = "|".join(re.escape(base) for base in sorted(_BASES, key=len, reverse=True) if len(base) > 1)
_SHORT = "".join(base for base in _BASES if len(base) == 1)
_ROUND = rf"[百千](?=[余多]|(?:人次|场次|家次|[{_SHORT}])及?以上)"  # 百余家, 千人以上; but 百家争鸣
_COUNTED = rf"(?!个一批|个方面|次性|件事|条龙|票否决|方[面案法针式向])(?:{_LONG}|[{_SHORT}])"
_BRACKET = rf"(?:\((?:人次|批次|场次|班次|[{_SHORT}])\)|/次)?"
_UNIT = rf"(?:(?:万亿|[十百千]?[万亿]|[百千]){_MORE})?{_COUNTED}{_BRACKET}|(?:万亿|[百千]?[万亿])(?![\d一二三四五六七八九十百千级])"
_NUMBER = (
    rf"(?:(?<![\d.第万亿])(?<!\d,)(?:(?P<hundred_millions>\d{{1,5}})亿(?=\d{{1,4}}万))?(?P<digits>{_DIGITS})"
    rf"|(?<![一二三四五六七八九十百千万亿第数几上统唯进专同单每另某逐任其])(?P<spelled>{_SPELLED}|{_ROUND}))"
)
# An index has no unit: 指数达到92以上, 万车死亡率不超过1.2.
_INDEX = re.compile(
    r"(?:指数|系数|死亡率)(?:\([^()，,。；;]{1,12}\))?[^，,。；;、\d第前位名%‰]{0,8}?"
    r"(?P<digits>(?<!\d)\d{1,6}(?:\.\d{1,6})?)(?=(?:[及或]?以[上内下]|之内|左右)|[，,。；;、)\s]|$)"
)
# The first sign alone tells where none can begin, which is nearly everywhere.
_QUANTITY = re.compile(
    rf"(?=[百−\-\d一二三四五六七八九十两千])(?P<percent>百分之)?(?P<minus>(?<=[长降速幅为是达至到率值额量减滑比(:\s])[-−])?(?<![省市国县区全入居列位统]前){_NUMBER}"
    rf"(?:(?P<scale>万亿|[万亿])?{_RANGE}(?:{_DIGITS}|{_SPELLED})(?(scale)(?=(?P=scale))))?(?(percent)|{_MORE}(?P<unit>{_UNIT}))"
    rf"(?:(?<=[^\d]){_RANGE}(?:{_DIGITS}){_MORE}(?:(?P=unit)|[万亿]{{1,2}}元))?"
)

# Numbers that count nothing: titles, short names in quotes, document numbers, ordinals, points, years, dates, times.
_NO_FIGURES = re.compile(
    r"""(?=[《“〔\[(【第\d一二三四五六])(?:(?P<name>《[^《》]{0,80}》 | “[^“”,，。；;！？\n]{1,12}”
        | (?<![\d.])\d{1,7}(?:\.\d)?万?(?:吨|千伏|千瓦|平方米|人)级
        | \d{1,5}万[-~—–至到]\d{1,5}亿元(?=[^，,、。；;\d]{0,8}(?:项目|企业|工程))
        | (?<!\d)\d{1,3}(?:小时|分钟)(?=预报|值守|值班|服务|热线|[一-龥]{0,6}圈))
    | [〔\[(【](?:19|20)\d\d[〕\])】]\s?第?\d{1,5}号
    | 第\s?\d{1,4}(?:[、,，和及至~—-]\s?\d{1,4}){0,12}\s?[一-龥]? | 第[一二三四五六七八九十百]{1,5}[一-龥]?
    | \(\s?\d{1,3}(?:\.\d)?\s?分\s?\)
    | (?<!\d)(?:19|20)\d\d(?:\s?年?\s?[-~—–至到]{1,2}\s?(?:19|20)\d\d)?\s?年度?
    | (?<!\d)(?:19|20)\d\d\s?[-~—–至到]{1,2}\s?(?:19|20)\d\d(?!\d)
    | (?<!\d)(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}(?!\d)
    | (?<![\d.])\d{1,2}(?:\s?[-~—–至、]\s?\d{1,2})?\s?月(?:份|\s?\d{1,2}\s?[日号])? | (?<![\d.])\d{1,2}\s?[日号](?![均产])
    | (?<!\d)\d{1,2}·\d{1,2}(?!\d) | (?<!\d)\d{1,2}:\d\d(?!\d) | (?<!\d)\d{1,3}[×xX*]\d{1,3}(?:小时)?
    | [一二三四五六]期(?=[)、及和至]|工程|项目|建设|厂房) | 一[一-龥]一[一-龥] | 三位一体)
    """,
    re.VERBOSE,
)
_MORE_OR_SPACE = re.compile(r"[余多来+\s]")
NAME, DATE = "〓", "□"  # what stands for a hidden name, and for any other hidden number (mostly a date)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；！？"} | {0x3000: " "}
_WIDE_THOUSANDS = re.compile(r"(?<=[0-9０-９])，(?=[0-9０-９]{3}(?![0-9０-９]))")
_VALUES = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_BRACKETED = re.compile(r"\(.{1,4}\)$|/次$")
_PARTS = re.compile(r"(万亿|[十百千]?[万亿]|[百千])?(.*)", re.DOTALL)


def half_width(text: str) -> str:
    """Return ``text``, place for place, with half-width digits, letters and brackets."""
    return _WIDE_THOUSANDS.sub(",", text).translate(_HALF_WIDTH)


def plain(text: str) -> str:
    """Return ``text``, place for place, in half width and with the numbers that count nothing hidden."""
    return hidden(half_width(text))


def hidden(half_width: str) -> str:
    """Return a text in half width, place for place, with the numbers that count nothing hidden."""
    return _NO_FIGURES.sub(lambda found: (NAME if found["name"] else DATE) * len(found[0]), half_width)


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return every number that has a unit, in the order of the text; spans are positions in ``text`` itself."""
    return tuple(read(text, plain(text)))


def read(text: str, normal: str) -> Iterator[Quantity]:
    """Yield the quantities of a text whose plain form is at hand."""
    for found in _numbers(normal):
        if found.re is _INDEX:
            yield Quantity(float(found["digits"]), "", *found.span("digits"), spelled=False)
            continue
        value = _value(found)
        if value is not None:
            written = "%" if found["percent"] else text[slice(*found.span("unit"))]
            unit = _MORE_OR_SPACE.sub("", written).replace("％", "%")
            yield Quantity(value, unit, found.start(), found.end(), spelled=found["digits"] is None)


def _numbers(normal: str) -> list[re.Match[str]]:
    """Return the numbers with a unit and those of an index, which has none, in the order of the text."""
    numbers = list(_QUANTITY.finditer(normal))
    if "数" in normal or "率" in normal:
        numbers += _INDEX.finditer(normal)
        numbers.sort(key=re.Match.end)
    return numbers


def _value(found: re.Match[str]) -> float | None:
    value = float(found["digits"].replace(",", "")) if found["digits"] else spelled(found["spelled"])
    if value and found["hundred_millions"]:  # 1亿2000万元 is 12000 and 万元
        value += 10_000 * float(found["hundred_millions"])
    return -value if value and found["minus"] else value


def spelled(numeral: str) -> float | None:
    """Return the value of 十二, 三百二十, 一百零五; None for what is no number (三五, two digits in a row)."""
    total, digit = 0, None
    for sign in numeral:
        if sign in _PLACES:
            total += (1 if digit is None else digit) * _PLACES[sign]
            digit = None
        elif digit:
            return None
        else:
            digit = _VALUES[sign]
    return float(total + (digit or 0))


def converted(value: float, unit: str, to: str) -> float | None:
    """Return ``value`` in the unit ``to``, None where the two do not measure the same.

    万 and 亿, 亩 and 平方米, 场 and 场次, 家 and 家（次） are converted; 个 stands for any counter of things (家, 项, 座); a bare
    万 or 亿 for the same of whatever is meant. Currencies never mix, nor 人 with 人次, nor % with 百分点.
    """
    scale, base, factor = _taken_apart(unit)
    to_scale, to_base, to_factor = _taken_apart(to)
    if not (base == to_base or not base or not to_base or _both_things(base, to_base)):
        return None
    if "%" in (base, to_base) and base != to_base:
        return None
    if unit == to:
        return value
    whole, to_whole = (scale * factor, to_scale * to_factor) if base and to_base else (scale, to_scale)
    return value * whole / to_whole


def base(unit: str) -> str:
    """Return what a unit measures, without 万 and 亿 and by one name: 亿元人民币 is 元, 公里 米, 家（次） 家, 万 ""."""
    return _taken_apart(unit)[1]


def _both_things(one: str, other: str) -> bool:
    return "个" in (one, other) and one in _THINGS and other in _THINGS


@lru_cache(maxsize=1024)  # a year's tables know a few dozen units
def _taken_apart(unit: str) -> tuple[float, str, float]:
    """Return a unit's 万 or 亿 as a number, the name of what it measures, and how many of that it is."""
    written = _BRACKETED.sub("", unit.translate(_HALF_WIDTH))
    if written in _BASES:
        return 1.0, *_BASES[written]
    parts = _PARTS.fullmatch(written)
    assert parts is not None  # every text has parts; the first may be missing
    name, factor = _BASES.get(parts[2], (parts[2], 1.0))
    return _scale(parts[1] or ""), name, factor


def _scale(written: str) -> float:
    if written == "万亿":
        return 1e12
    return _TENS[written.rstrip("万亿")] * {"万": 1e4, "亿": 1e8}.get(written[-1:], 1.0)
