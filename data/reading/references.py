"""Clauses and document numbers as they are written: 第二章第5节, 第76、77条, 附件2, 泉委〔2025〕20号, 国务院令第722号.

Everything here reads a half-width text (``scoring.quantities.half_width``) and gives places in it; what is not read is left
alone. Every repetition is bounded, so that reading takes time in proportion to the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

OPEN, CLOSE = "([{〔【﹝〖", ")]}〕】﹞〗"
NOUNS = (
    "要点|报告|方案|意见|办法|条例|规定|规则|细则|清单|计划|规划|纲要|决定|决议|措施|章程|标准|制度|纪要|目录|任务书|责任书|"
    "责任状|任务分解|责任分解|分工表|任务表|目标表|文件|通知|公报|指南|规范|规程|批复|法"
)
_NUMERAL = r"(?:\d{1,4}(?:\.\d{1,3}){0,3}|[一二三四五六七八九十百零〇]{1,6})"
_UNIT = r"(?:条(?:之[一二三四五六七八九])?|款|项|目|章|节|编|篇|页|段|部分|板块|[大小]?点|大项|小项|类)"
_AND = r"\s{0,2}[、,，.．~～至到和及与—–-]{1,2}\s{0,2}"
_CLAUSE = re.compile(
    rf"第\s{{0,2}}(?:\((?P<ringed>{_NUMERAL})\)|(?P<list>{_NUMERAL}(?:{_AND}第?{_NUMERAL}){{0,40}}))\s{{0,2}}(?P<unit>{_UNIT})"
    rf"|(?P<other>附[件表录]|专栏)\s?(?P<number>{_NUMERAL})|[Pp]\.?\s?(?P<page>\d{{1,4}})(?!\d)"
)
_MORE = re.compile(rf"{_AND}(?P<list>{_NUMERAL}(?:{_AND}{_NUMERAL}){{0,40}})\s{{0,2}}(?P<unit>{_UNIT})")  # 第5条、6条
_RINGED = re.compile(rf"\s?\((?P<ringed>{_NUMERAL})\)(?P<unit>[项款点条]?)")  # 第三部分（二）
_INSIDE = re.compile(r"\s{0,2}的?\s{0,2}\(?")  # between a clause and the part of it that follows
_EACH = re.compile(rf"(?P<and>[~～至到—–-])?[、,，.．~～至到和及与—–\s-]{{0,6}}第?(?P<numeral>{_NUMERAL})")
_RANKS = {"编": 1, "篇": 1, "部分": 2, "板块": 2, "章": 2, "节": 3, "条": 4, "款": 5, "项": 6, "目": 7}
_OTHER_RANK = 8  # 点, 段, （二）: parts of anything
_WIDEST = 60  # clauses of 第5至64条 that are told one by one
_FULL_WIDTH = str.maketrans("()", "（）")
_PROSE = re.compile(r"[\u4e00-\u9fff]")
_GOES_ON = re.compile(
    r"的|中|规定|要求|所|任务|明确|提出|之|和|及|与|至|等|关于|内容|精神|有关|相关|工作|部署|附|属|见|以及"
)

_DIGIT = r"[\dOolI]"
_YEAR = rf"(?P<year>[12][09Oo]\s?{_DIGIT}\s?{_DIGIT})"
_COUNT = rf"第?\s{{0,3}}(?P<serial>{_DIGIT}(?:\s?{_DIGIT}){{0,4}})\s{{0,3}}号"
_NOT_A_PLACE = r"(?![楼院线地馆门井机泊库仓桥路厂船炉])"
_OPENED, _CLOSED = rf"[{re.escape(OPEN)}〈<]", rf"[{re.escape(CLOSE)}〉>]"
_BARE_YEAR = _YEAR.replace("year", "bare")  # its opening bracket was not printed, or not read
_BRACKETED = re.compile(
    rf"(?:{_OPENED}\s{{0,3}}{_YEAR}\s{{0,3}}年?\s?{_CLOSED}?|{_BARE_YEAR}\s{{0,3}}{_CLOSED})\s{{0,3}}{_COUNT}{_NOT_A_PLACE}"
)
_KIND = r"(?P<kind>令|公告|通告|命令)"
_CHINESE = r"(?:\d{1,5}|[一二三四五六七八九十百零〇]{1,7})"
_ORDER = re.compile(
    rf"{_KIND}\s?[{re.escape(OPEN)}]?(?:(?P<year>(?:19|20)\d\d)\s?年?[{re.escape(CLOSE)}]?\s?)?第?\s?(?P<serial>{_CHINESE})\s?号"
    rf"|(?:(?P<year_before>(?:19|20)\d\d)\s?年\s?)?第\s?(?P<serial_before>{_CHINESE})\s?号{_KIND.replace('kind', 'kind_after')}"
    rf"|(?P<only_year>20\d\d)\s?年\s?第\s?(?P<only_serial>\d{{1,4}})\s?号{_NOT_A_PLACE}"
)
_ISSUER = re.compile(r"(?P<and>(?<=[号》)])[和与及])?(?P<run>(?:(?!号)[\u4e00-\u9fff]){0,20}\s{0,2})$")
_LEADS = re.compile(
    rf".*(?:根据|按照|依据|依照|对照|参照|遵照|贯彻|落实|执行|印发|转发|详见|参见|文号[为是:]?|{NOUNS}|[的见])(?=.)|^[属和与及由](?=...)"
)
_TITLE_END = re.compile(rf"(?:{NOUNS})$")
_MINUTES = re.compile(r"(?:纪要|公告|通告|批复)$")  # 市政府常务会议纪要〔2025〕12号 has no other issuer
_LONGEST_ISSUER = 12


@dataclass(frozen=True)
class Clause:
    """One clause: ``label`` with plain digits (第28条) tells it from others, ``written`` is how it is printed (第二十八条).

    ``page`` is where it stands in its document (第4页), "" where nobody says; the span is its place in the text.
    """

    label: str
    written: str
    start: int
    end: int
    page: str = ""

    @property
    def is_page(self) -> bool:
        """Tell whether it is nothing but a page."""
        return self.label.endswith("页")


@dataclass(frozen=True)
class Number:
    """A document's number, written the one way that is official: ``text`` is 泉委〔2025〕20号, or 国务院令第722号."""

    issuer: str
    year: str
    serial: str
    text: str
    start: int
    end: int


def clauses(text: str) -> list[Clause]:
    """Return the clauses of a half-width text in its order; 第3条第2款 is one, 第76、77条 are two."""
    found: list[Clause] = []
    for match in _CLAUSE.finditer(text):
        if found and match.start() < found[-1].end:
            continue
        found.extend(_more(text, _nested(found, _named(match), text)))
    return [replace(each, written=each.written.translate(_FULL_WIDTH)) for each in found]


def is_prose(text: str, clause: Clause) -> bool:
    """Tell whether what follows makes the clause something that is counted: 第3条生产线."""
    return bool(_PROSE.match(text, clause.end)) and not _GOES_ON.match(text, clause.end)


def _named(match: re.Match[str]) -> list[Clause]:
    """Return the clauses of one expression, as if nothing stood before it."""
    start, end = match.span()
    if match["page"]:
        return [Clause(f"第{int(match['page'])}页", f"第{match['page']}页", start, end)]
    if match["other"]:
        return [Clause(f"{match['other']}{digits(match['number'])}", match[0], start, end)]
    if match["ringed"]:
        return [Clause(f"第{digits(match['ringed'])}{match['unit']}", match[0], start, end)]
    return _listed(match)


def _listed(match: re.Match[str]) -> list[Clause]:
    """Return 第76、77条 as two clauses and 第5至7条 as three; each one's span is its own number's."""
    unit, offset = match["unit"], match.start("list")
    each = list(_EACH.finditer(match["list"]))
    if len(each) == 1:
        start = match.start() if match[0].startswith("第") else offset
        return [Clause(f"第{digits(match['list'])}{unit}", f"第{match['list']}{unit}", start, match.end())]
    found: list[Clause] = []
    for before, one in pairwise([None, *each]):
        assert one is not None  # only the first has nothing before it
        span = offset + one.start("numeral"), offset + one.end("numeral")
        if before is not None and one["and"]:
            found += [
                Clause(f"第{n}{unit}", f"第{n}{unit}", *span) for n in _between(before["numeral"], one["numeral"])
            ]
        found.append(Clause(f"第{digits(one['numeral'])}{unit}", f"第{one['numeral']}{unit}", *span))
    return [*found[:-1], replace(found[-1], end=match.end())]


def _between(first: str, last: str) -> range:
    low, high = digits(first), digits(last)
    known = low.isdecimal() and high.isdecimal() and int(high) - int(low) <= _WIDEST
    return range(int(low) + 1, int(high)) if known else range(0)


def _nested(found: list[Clause], new: list[Clause], text: str) -> list[Clause]:
    """Put 第2款 into the 第3条 that it directly follows; a page never is a part of anything."""
    if not found or not new or new[0].is_page or found[-1].is_page:
        return new
    above = found[-1]
    if not _INSIDE.fullmatch(text, above.end, new[0].start) or _rank(above.label) >= _rank(new[0].label):
        return new
    found.pop()
    own = [replace(each, label=above.label + each.label, written=above.written + each.written) for each in new]
    return [replace(own[0], start=above.start), *own[1:]]


def _rank(label: str) -> int:
    label = label.partition("之")[0]
    rank = _RANKS.get(label[-2:]) or _RANKS.get(label[-1:])
    return rank or (0 if label.startswith("附") else _OTHER_RANK)


def _more(text: str, found: list[Clause]) -> Iterator[Clause]:
    """Yield the clauses, with （二） that follows the last, and 6条 that goes on after 第5条、."""
    last = found[-1]
    if not last.is_page and (ringed := _RINGED.match(text, last.end)) and text[last.end - 1] != ")":
        own = f"({digits(ringed['ringed'])}){ringed['unit']}"
        last = Clause(last.label + own, last.written + ringed[0].strip(), last.start, ringed.end())
    yield from (*found[:-1], last)
    while more := _MORE.match(text, last.end):
        listed = _listed(more)
        yield from listed
        last = listed[-1]


def digits(numeral: str) -> str:
    """Return 十二 as 12 and 二〇 as 20; digits without leading zeros; what is neither as it is."""
    if numeral.isdecimal():
        return str(int(numeral))
    if not all(char in _VALUES or char in "十百" for char in numeral):
        return numeral
    if not set(numeral) & set("十百"):
        return str(int("".join(str(_VALUES[char]) for char in numeral)))
    total, last = 0, 0
    for char in numeral:
        if char in "十百":
            total += (last or 1) * (10 if char == "十" else 100)
            last = 0
        else:
            last = _VALUES[char]
    return str(total + last)


_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_MISREAD = str.maketrans("OolI", "0011")


def numbers(text: str) -> list[Number]:
    """Return the document numbers of a half-width text, in its order; none overlaps another."""
    found = [_bracketed(text, match) for match in _BRACKETED.finditer(text)]
    found += [_order(text, match) for match in _ORDER.finditer(text)]
    kept: list[Number] = []
    for number in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept


def _bracketed(text: str, match: re.Match[str]) -> Number:
    issuer, start = _issuer(text, match.start())
    year = re.sub(r"\s", "", match["year"] or match["bare"]).translate(_MISREAD)
    serial = str(int(re.sub(r"\s", "", match["serial"]).translate(_MISREAD)))
    return Number(issuer, year, serial, f"{issuer}〔{year}〕{serial}号", start, match.end())


def _order(text: str, match: re.Match[str]) -> Number:
    issuer, start = _issuer(text, match.start())
    kind = match["kind"] or match["kind_after"] or ""
    year = match["year"] or match["year_before"] or match["only_year"] or ""
    serial = digits(match["serial"] or match["serial_before"] or match["only_serial"])
    name = f"{issuer}{kind}{year}年第{serial}号" if year else f"{issuer}{kind}第{serial}号"
    return Number(issuer + kind, year, serial, name, start, match.end())


def _issuer(text: str, end: int) -> tuple[str, int]:
    """Return who issued the document, "" where what stands before ``end`` is a title, and where the number begins."""
    before = _ISSUER.search(text, max(0, end - 22), end)
    run = before["run"] if before else ""
    cut = _LEADS.match(run) if not _MINUTES.search(run.rstrip()) else None
    issuer = run[cut.end() if cut else 0 :].strip()
    named = not _TITLE_END.search(issuer) or _MINUTES.search(issuer)
    if not issuer or len(issuer) > _LONGEST_ISSUER or not named:
        return "", end
    return issuer, end - len(run) + (cut.end() if cut else 0)


_TEXT = re.compile(
    r"(?P<issuer>.*)〔(?P<year>\d{4})〕(?P<serial>\d+)号|(?P<name>.*?)(?P<of>\d{4}年)?第(?P<count>\d+)号"
)


def parts(number: str) -> tuple[str, str, str]:
    """Return issuer, year and serial of a ``Number.text``; "" for what it lacks."""
    found = _TEXT.fullmatch(number)
    if not found:
        return "", "", ""
    if found["serial"]:
        return found["issuer"], found["year"], found["serial"]
    return found["name"], (found["of"] or "").rstrip("年"), found["count"]
