"""Citations: which documents, by title and number, a text rests on, and which of their clauses.

A document is cited by its number (泉委〔2025〕20号), its title, in 《》 or bare, or both in either order; clauses follow
(第28条，第4页). A page tells where the clause before it stands; it is a clause of its own where nothing else is named.
Which citations mean one document is the matter of ``data.reading.sources``.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from data.reading.references import CLOSE, NOUNS, OPEN, Clause, Number, clauses, is_prose, numbers
from data.reading.values import BLANKS
from scoring.quantities import half_width

_TITLE = re.compile(r"《[^《》；;\n]{1,120}(?:《[^《》]{1,80}》[^《》；;\n]{0,80}){0,4}》")
_FILLED = "囗"  # stands for every character inside 《》: nothing in a title is a citation of its own
_POINTS = re.compile(r"\(\s?\d{1,3}(?:\.\d)?\s?分\s?\)")
_WRAP = re.compile(
    r"(?<![；;。)〕》号条款项页点、,，:：\s])\n(?!\s{0,4}[《\d(一二三四五六七八九十])"
)  # a line that only runs on
_ITEM = re.compile(r"(?:(?<=[；;。\n\s)〕])|^)\(?\d{1,2}(?:\)|[.．、](?!\d))")
_LINE = re.compile(r"[；;。\n]")
_SENTENCE = re.compile(r"[。\n]")
_PHRASE = re.compile(r"[，,。；;：:\n？?！!]")
_BETWEEN = re.compile(rf"(?:》|{NOUNS})[”\"’)]?\s?[、,，;；]|》(?=\s?《)")  # the end of one name before another
_AND = re.compile(r"》\s?(?:和|及|以及|与)(?=\s?《)")
_LEAD = re.compile(
    r"(?:[\s，,、；;：:。．.…·\-—)\]〕】]|属于?(?!地)|详?见|参见|根据|按照|依据|依照|对照|对应|出自|来源于?|其中|以及|同时"
    r"|[和及与](?=[《我省市])|\(?\d{1,2}(?:\)|[.．、](?!\d)))+"
)
_LAST = re.compile(
    rf"[\s，,、；;：:。．.…·\-—{re.escape(OPEN)}]|(?<=.)的?通知|第\d{{0,3}}|(?<=[{re.escape(OPEN)}，,；;。])[属见]于?"
)
_TAIL = re.compile(rf"(?:{_LAST.pattern})+\Z")
_NOISE = re.compile(
    r"(?:\W|文件|通知|精神|有关|相关|要求|规定|工作|部署|内容|部分|条款|任务|明确|提出|所列|执行|印发|落实|等|中|和|及|与|的|其|号)*"
)
_ISSUED = re.compile(
    r"(?:关于)?(?:印发|转发)(?:关于)?《([^《》]+(?:《[^《》]*》[^《》]*)*)》(?:的?通知)?|《([^《》]+(?:《[^《》]*》[^《》]*)*)》"
)
_ISSUING = re.compile(r"^(?:关于)?(?:印发|转发)(?=..)")
_NOUN = re.compile(rf"(?:{NOUNS})[”\"]?(?:[(〔\[][\d\s年\-—–~～至.]{{4,14}}[)〕\]])?\Z")
_BASED = re.compile(r"(?:按照|根据|依据|依照|落实|执行|对照|遵照|贯彻|参照|遵守|属|见)[^，。；《]{0,6}\Z")
_VERB = re.compile(r".*(?:按照|根据|依据|依照|落实|执行|对照|遵照|贯彻|参照|遵守|完成)")
_JOINT = re.compile(
    rf"[\s，,、；;和及与的中{re.escape(OPEN + CLOSE)}]{{0,6}}(?:文件|通知)?[\s，,的中{re.escape(OPEN + CLOSE)}]{{0,3}}[属见]?"
)
_CLOSED = re.compile(rf"\s?[{re.escape(CLOSE)}]")
_TIGHT = re.compile(rf"[\s:：{re.escape(CLOSE)}]*")
_LONGEST = 200  # characters before a number or clause in which a title is looked for


@dataclass(frozen=True)
class Citation:
    """A document that a text rests on: ``title`` as printed or "", ``number`` as 泉委〔2025〕20号 or "", its clauses."""

    title: str
    number: str
    clauses: tuple[Clause, ...]
    start: int
    end: int


def cited(text: str, *, sources: bool = False) -> tuple[Citation, ...]:
    """Return the documents that a text cites. ``sources`` tells that the text is 文件依据 and cites nothing else.

    In other texts a title counts where a clause or number goes with it, or where it says 按照《…》.
    """
    if sources and "".join(text.split()) in BLANKS:
        return ()
    walk = _Walk(text, sources)
    walk.go()
    return tuple(_finished(draft) for draft in walk.drafts if draft.firm or draft.clauses or draft.number)


@dataclass
class _Draft:
    """A citation while it is being read. ``firm``: it counts although nothing but a title is named."""

    title: str
    start: int
    end: int
    number: str = ""
    clauses: list[Clause] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    firm: bool = False


def _finished(draft: _Draft) -> Citation:
    own = [clause for clause in draft.clauses if not clause.is_page] or draft.clauses
    return Citation(draft.title, draft.number, tuple(own), draft.start, draft.end)


class _Walk:
    """From sign to sign through a text: each number and clause goes to the title before it, or begins a new citation.

    ``searched`` is the text place for place in half width and without the inside of 《》; ``at`` is how far it is read.
    """

    def __init__(self, text: str, sources: bool) -> None:
        self.text, self.sources = text, sources
        self.searched = _searched(text)
        self.drafts: list[_Draft] = []
        self.at = 0
        self.begun = 0  # drafts before the piece that is being read

    def go(self) -> None:
        signs: list[Clause | Number | re.Match[str]] = [*numbers(self.searched)]
        signs += _apart(clauses(self.searched), [number for number in signs if isinstance(number, Number)])
        signs += [] if self.sources else list(_TITLE.finditer(self.searched))
        signs.sort(key=_start)
        self.opened = _opened(self.searched, [_start(sign) for sign in signs])
        places = [_start(sign) for sign in signs]
        for start, end in _pieces(self.searched, self.sources):
            self.at, self.begun = start, len(self.drafts)
            for sign in signs[bisect_left(places, start) : bisect_left(places, end)]:
                self._take(sign)
            if self.sources:
                self._rest(end)

    def _take(self, sign: Clause | Number | re.Match[str]) -> None:
        if isinstance(sign, Number):
            self._number(sign)
        elif isinstance(sign, Clause):
            self._clause(sign)
        else:
            self._title(*sign.span())

    def _title(self, start: int, end: int) -> None:
        """Take a title in a text that is no list of sources."""
        last = self._last()
        if last and last.number and not last.title and _TIGHT.fullmatch(self.searched, self.at, start):
            last.title, last.end = self._shown(start, end), end
        else:
            firm = bool(_BASED.search(self.searched, max(self.at, start - 12), start))
            self.drafts.append(_Draft(self._shown(start, end), start, end, firm=firm))
        self.at = end

    def _number(self, number: Number) -> None:
        names = self._names(number.start)
        self._number_first(names)
        self._add(names[:-1])
        last, gap = self._last(), (self.at, number.start)
        if names:
            self.drafts.append(_Draft(self._shown(*names[-1]), names[-1][0], number.end, number.text))
        elif (last := last or self._above(number)) and _lacks_number(last) and _JOINT.fullmatch(self.searched, *gap):
            last.number, last.end = number.text, number.end
        else:
            self.drafts.append(_Draft("", number.start, number.end, number.text))
        closed = _CLOSED.match(self.searched, number.end)
        self.at = closed.end() if closed else number.end

    def _clause(self, clause: Clause) -> None:
        inside = self._inside(clause.start)
        if not self.sources and not inside and is_prose(self.searched, clause):
            return
        names = self._names(clause.start)
        self._number_first(names)
        self._add(names[:-1])
        if names:
            self.drafts.append(_Draft(self._shown(*names[-1]), names[-1][0], clause.end, firm=True))
        elif not (self.drafts if self.sources or inside else self._last()) or not self._joint(clause.start, inside):
            return
        _put(self.drafts[-1], clause)
        self.at = clause.end

    def _joint(self, end: int, inside: bool) -> bool:
        return self.sources or inside or bool(_JOINT.fullmatch(self.searched, self.at, end))

    def _number_first(self, names: list[tuple[int, int]]) -> None:
        """Give 泉委〔2025〕20号《工作要点》 the title that follows its number at once."""
        last = self._last()
        waits = last is not None and last.number and not last.title and not last.clauses
        if last and waits and names and _TIGHT.fullmatch(self.searched, self.at, names[0][0]):
            last.title, last.end = self._shown(*names[0]), names.pop(0)[1]

    def _add(self, names: list[tuple[int, int]]) -> None:
        self.drafts += [_Draft(self._shown(*name), *name, firm=True) for name in names]

    def _above(self, number: Number) -> _Draft | None:
        """Return the source in the line above, where the number stands below its title."""
        above = self.drafts[-1] if self.sources and self.drafts else None
        return above if above and not self.text[above.end : number.start].strip(" \n（(") else None

    def _last(self) -> _Draft | None:
        """Return the citation that the piece has come to."""
        return self.drafts[-1] if len(self.drafts) > self.begun else None

    def _rest(self, end: int) -> None:
        """Take what a source says after its last sign; without a sign it is a title as a whole."""
        names = self._names(end)
        self._number_first(names)
        if self._last() is not None:
            names = [
                name for name in names if _NOUN.search(self.searched, *name) or "《" in self.searched[slice(*name)]
            ]
        self._add(names)

    # Where a title stands before a place

    def _inside(self, place: int) -> bool:
        return self.opened.get(place, -1) >= 0

    def _names(self, place: int) -> list[tuple[int, int]]:
        """Return the places of the titles between what is read and ``place``; the last one stands right before it."""
        text, start = self.searched, max(self.at, place - _LONGEST)
        end = _without_tail(text, start, place)
        bracket = _unclosed(text, start, end)
        inside = self.sources or bracket >= 0 or 0 <= self.opened.get(place, -1) < self.at
        start = max(start, bracket + 1)
        if not self.sources:
            start = _since(text, start, end, _LINE if inside else _PHRASE)
        if not inside:
            start = _since(text, start, end, _VERB)
        names = [_trimmed(text, *part) for part in _parts(text, start, end)]
        names = [name for name in names if name[1] - name[0] > 1 and not _NOISE.fullmatch(text, *name)]
        return names if inside or (names and _NOUN.search(text, *names[-1])) else []

    def _shown(self, start: int, end: int) -> str:
        """Return a title without the blanks of the print, and without 《》 and 关于印发……的通知 around the whole of it."""
        printed = "".join(self.text[start:end].split())
        around = _ISSUED.fullmatch(printed)
        return (around[1] or around[2]) if around else _ISSUING.sub("", printed)


def _lacks_number(draft: _Draft) -> bool:
    return bool(draft.title) and not draft.number and not draft.clauses


def _start(sign: Clause | Number | re.Match[str]) -> int:
    return sign.start() if isinstance(sign, re.Match) else sign.start


def _searched(text: str) -> str:
    """Return the text place for place as it is searched; points and line breaks that mean nothing are out of the way."""
    half = _WRAP.sub(" ", half_width(text).replace("\r", " "))
    half = _POINTS.sub(lambda points: "；" * len(points[0]), half)
    return _TITLE.sub(_filled, half)


def _filled(title: re.Match[str]) -> str:
    return title[0] if numbers(title[0]) else f"《{_FILLED * (len(title[0]) - 2)}》"


def _apart(found: list[Clause], from_numbers: list[Number]) -> Iterator[Clause]:
    """Yield the clauses that are no part of a document number: 公告2024年第12号 has none."""
    spans = iter([*from_numbers, None])
    number = next(spans)
    for clause in found:
        while number is not None and number.end <= clause.start:
            number = next(spans)
        if number is None or clause.end <= number.start:
            yield clause


def _opened(text: str, places: list[int]) -> dict[int, int]:
    """Return for each of the ``places``, in order, the first bracket that is open there; a new sentence closes all."""
    opened: dict[int, int] = {}
    open_now: list[int] = []
    at = 0
    for place in places:
        for here in range(at, place):
            if text[here] in OPEN:
                open_now.append(here)
            elif text[here] in CLOSE and open_now:
                open_now.pop()
            elif text[here] in "。\n":
                open_now = []
        at = max(at, place)
        opened[place] = open_now[0] if open_now else -1
    return opened


def _pieces(text: str, sources: bool) -> Iterator[tuple[int, int]]:
    """Yield the parts that are read on their own: items of a list of sources, else sentences."""
    numbered = [mark.start() for mark in _ITEM.finditer(text)] if sources else []
    whole = bool(numbered) and not text[: numbered[0]].strip()
    ends = numbered if whole else [mark.end() for mark in (_LINE if sources else _SENTENCE).finditer(text)]
    yield from ((start, end) for start, end in pairwise([0, *ends, len(text)]) if text[start:end].strip("；;。\n "))


def _without_tail(text: str, start: int, end: int) -> int:
    tail = _TAIL.search(text, start, end)
    return tail.start() if tail else end


def _unclosed(text: str, start: int, end: int) -> int:
    """Return the last bracket that is opened and not closed in a part, −1 where none is."""
    closed = 0
    for place in range(end - 1, start - 1, -1):
        if text[place] in CLOSE:
            closed += 1
        elif text[place] in OPEN:
            if not closed:
                return place
            closed -= 1
    return -1


def _since(text: str, start: int, end: int, mark: re.Pattern[str]) -> int:
    """Return where the part begins that follows the last ``mark``."""
    return max((found.end() for found in mark.finditer(text, start, end)), default=start)


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the single titles of 《甲》、《乙》和《丙》, 市委工作要点，市政府工作报告; 《甲》和《乙》任务清单 is one."""
    cuts = [found.end() for found in _BETWEEN.finditer(text, start, end)]
    if text[end - 1 : end] == "》":
        cuts += [found.end() for found in _AND.finditer(text, start, end)]
    return list(pairwise([start, *sorted(cuts), end]))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a part without the words that lead to a title, the signs after it, and brackets that have no partner."""
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    end = _without_tail(text, start, end)
    if text[end - 1 : end] in tuple(CLOSE) and _unpaired(text[start:end]):
        return _trimmed(text, start, end - 1)
    return start, end


def _unpaired(part: str) -> bool:
    return sum(part.count(sign) for sign in CLOSE) > sum(part.count(sign) for sign in OPEN)


def _put(draft: _Draft, clause: Clause) -> None:
    """Add a clause to a citation; a page tells where the clauses before it stand."""
    if clause.is_page and draft.clauses and not draft.clauses[-1].is_page:
        for place in range(len(draft.clauses) - 1, -1, -1):
            if draft.clauses[place].page or draft.clauses[place].is_page:
                break
            draft.clauses[place] = replace(draft.clauses[place], page=clause.written)
    elif clause.label not in draft.labels:
        draft.clauses.append(clause)
        draft.labels.add(clause.label)
    draft.end = max(draft.end, clause.end)
