"""Citations: which documents, by title and number, a text rests on, and which of their clauses.

A document is cited by its number (泉委〔2025〕20号), its title, in 《》 or bare, or both; clauses follow: 第28条，第4页.
A page only tells where a clause stands and is no clause of its own, unless nothing else is named.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_NUMERAL = r"[\d一二三四五六七八九十百零〇两]{1,6}"
_UNIT = r"(?:条|款|项|页|章|节|点|部分|类)"
_LIST = rf"{_NUMERAL}(?:[、,，.．~～至和及—–-]{_NUMERAL}){{0,40}}"
_CLAUSE = re.compile(rf"第({_LIST})({_UNIT})|附(?:件|表)({_NUMERAL})")
_JOINT = re.compile(r"[\s,，、；;和及与]*")  # what may stand between two clauses of one document
_NUMBER = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff]{0,12})\s*[〔\[(（【［﹝]\s*(?P<year>(?:19|20)\d\d)\s*[〕\])）】］﹞]\s*第?\s*(?P<serial>\d{1,5})\s*号"
)
_ORDER = re.compile(r"(?P<issuer>[\u4e00-\u9fff]{2,12}令)\s*第?\s*(?P<serial>\d{1,5})\s*号")
_ISSUERS = re.compile(r"[\u4e00-\u9fff]*[发字函办委政令报规文通厅府组党]$")
_ITEM = re.compile(r"[；;\n]|(?<![\d.])\d{1,2}\s*[.、．](?!\d)")
_TITLE = re.compile(r"《([^《》]{2,120}(?:《[^《》]{1,80}》[^《》]{0,80})*)》")
_BASED = re.compile(r"(?:按照|根据|依据|依照|落实|执行|对照|遵照)[^，。；《]{0,6}$")
_LEAD = re.compile(r"^(?:[^\w《“]|属|见|参见|按照|根据|依据|依照|对照|关于印发|印发|关于)+")
_TAIL = re.compile(r"(?:[^\w》”]|的?通知|中|的)+$")
_FILLERS = re.compile(r"\W|_|(?:19|20)\d\d(?:年度?)?|关于|印发|的?通知|贯彻|落实|实施")
_STAFFING = re.compile(
    "三定(?:方案|规定|文件)?"
)  # what offices call the document that lays down duties, sections and posts
_PAIRS = {"）": "（", ")": "(", "〕": "〔", "]": "[", "】": "【", "》": "《", "”": "“"}
_INNER = ("款", "项", "节", "点")  # parts of the clause that they directly follow
_PERIOD = re.compile(r"[〔\[(（【][\d\s年\-—–~～至.]*$")  # of a plan for several years, whose bracket is cut off
_SHORT = 8  # characters of an issuer
_LONGEST = 80  # characters of a bare title


@dataclass(frozen=True)
class Clause:
    """One clause: ``label`` with plain digits (第28条), to tell it from others; its span in the text."""

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class Citation:
    """A document that a text rests on. ``number`` is 泉委〔2025〕20号 or "", ``title`` as printed or ""."""

    title: str
    number: str
    clauses: tuple[Clause, ...]
    start: int
    end: int


def cited(text: str, *, sources: bool = False) -> tuple[Citation, ...]:
    """Return the documents that a text cites. ``sources`` tells that the text is 文件依据 and cites nothing else.

    In other texts a title counts where a clause or number goes with it, or where it says 按照《…》.
    """
    found: list[Citation] = []
    for start, end in _items(text):
        for citation in _of_item(text, start, end, sources):
            if citation.title or citation.number:
                found.append(citation)
            elif found and citation.clauses:  # 第13条 alone goes on with the document before
                before = found.pop()
                clauses = (*before.clauses, *citation.clauses)
                found.append(Citation(before.title, before.number, clauses, before.start, citation.end))
    return tuple(found)


def essence(title: str) -> str:
    """Return what tells a title from others: without signs, years, and words such as 关于印发……的通知."""
    return _FILLERS.sub("", unicodedata.normalize("NFKC", title))


def alike(one: str, other: str) -> bool:
    """Tell whether two titles may mean one document: the shorter one's characters stand in the longer one, in order."""
    short, long = sorted((_STAFFING.sub("职能配置", essence(title)) for title in (one, other)), key=len)
    if len(short) < 4:
        return False
    rest = iter(long)
    return all(char in rest for char in short)


def parts(number: str) -> tuple[str, str, str]:
    """Return issuer, year and serial of a document number; "" for what it lacks."""
    found = _NUMBER.fullmatch(number) or _ORDER.fullmatch(number)
    return (found["issuer"], found.groupdict().get("year") or "", found["serial"]) if found else ("", "", "")


def _items(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _ITEM.finditer(text):
        yield start, mark.start()
        start = mark.end()
    yield start, len(text)


def _of_item(text: str, start: int, end: int, sources: bool) -> Iterator[Citation]:
    """Yield one citation for each run of clauses in an item, and one for what follows the last."""
    for run in _runs(text, start, end):
        yield _citation(text[start : run[0].start], start, _named(run), run[-1].end)
        start = run[-1].end
    rest = text[start:end]
    if _number(rest) or _titled(rest, sources):
        yield _citation(rest, start, (), end)


def _runs(text: str, start: int, end: int) -> Iterator[list[Clause]]:
    """Yield the clauses that follow each other with nothing but signs between them."""
    run: list[Clause] = []
    for clause in _clauses(text, start, end):
        if run and clause.start > run[-1].end and not _JOINT.fullmatch(text, run[-1].end, clause.start):
            yield run
            run = []
        run.append(clause)
    if run:
        yield run


def _named(run: list[Clause]) -> tuple[Clause, ...]:
    """Return a run without its pages, unless it names nothing else."""
    return tuple(clause for clause in run if not clause.label.endswith("页")) or tuple(run)


def _clauses(text: str, start: int, end: int) -> list[Clause]:
    """Return the clauses of an item; 第3条第2款 is one, 第76、77条 are two."""
    found: list[Clause] = []
    for match in _CLAUSE.finditer(text, start, end):
        if match[3]:
            found.append(Clause(f"附件{_digits(match[3])}", match.start(), match.end()))
            continue
        inside = found.pop() if found and match[2] in _INNER and found[-1].end == match.start() else None
        for numeral in re.findall(_NUMERAL, match[1]):
            label = f"{inside.label if inside else ''}第{_digits(numeral)}{match[2]}"
            found.append(Clause(label, inside.start if inside else match.start(), match.end()))
    return found


def _digits(numeral: str) -> str:
    """Return 十二 as 12; digits as they are."""
    if numeral.isdecimal():
        return str(int(numeral))
    total, last = 0, 0
    for char in numeral:
        if char in "十百":
            total += (last or 1) * (10 if char == "十" else 100)
            last = 0
        else:
            last = (
                int(char)
                if char.isdecimal()
                else "零一二三四五六七八九".find(char.replace("〇", "零").replace("两", "二"))
            )
    return str(total + last)


def _citation(head: str, start: int, clauses: tuple[Clause, ...], end: int) -> Citation:
    number = _number(head)
    titled = _TITLE.search(head)
    title = titled[1] if titled else _bare(head)
    return Citation(title, number, clauses, start, end)


def _number(text: str) -> str:
    found = _NUMBER.search(text) or _ORDER.search(text)
    if not found:
        return ""
    issuer = _issuer(found)
    year = found.groupdict().get("year")
    return f"{issuer}〔{year}〕{int(found['serial'])}号" if year else f"{found['issuer']}第{int(found['serial'])}号"


def _issuer(found: re.Match[str]) -> str:
    """Return who issued a document, "" where the word before the bracket is the end of a title."""
    return found["issuer"] if _ISSUERS.match(found["issuer"]) and len(found["issuer"]) <= _SHORT else ""


def _titled(text: str, sources: bool) -> bool:
    if sources:
        return bool(_bare(text))
    return any(_BASED.search(text, 0, found.start()) for found in _TITLE.finditer(text))


def _bare(head: str) -> str:
    """Return the title that stands at the end of ``head``, without its number and the words that lead to it."""
    text = _NUMBER.sub(lambda found: "" if _issuer(found) else found["issuer"], head)
    text = _since_open(_ORDER.sub("", text))
    return _PERIOD.sub("", _TAIL.sub("", _LEAD.sub("", text)))[-_LONGEST:].strip()


def _since_open(text: str) -> str:
    """Return what follows the last bracket that is opened and not closed, and the last full stop."""
    wanted: list[str] = []
    for place in range(len(text) - 1, -1, -1):
        char = text[place]
        if char in _PAIRS and char != "”":
            wanted.append(_PAIRS[char])
        elif wanted and char == wanted[-1]:
            wanted.pop()
        elif not wanted and (char in "（(〔[【。" or (char in "，," and place < len(text) - 1)):
            return text[place + 1 :]
    return text
