"""Sources: which citations of a table mean one document, and which document numbers contradict each other.

One number is one document, however its title is printed. A citation without a number belongs to the document whose
title it shortens (市委工作要点 for 市委常委会2025年工作要点); where several fit, to the one that is named in the same row or
most lately before it; otherwise it stands for itself. Numbers that differ are never joined here.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice
from typing import Any

from data.reading.citations import Citation, cited
from data.reading.references import parts

_YEARS = re.compile(r"((?:19|20)\d\d)年?(?:度)?")
_FILLERS = re.compile(r"\W|_|关于|印发|转发|的?通知|贯彻|落实")
_STAFFING = re.compile("三定(?:方案|规定|文件)?")  # offices' word for what lays down duties, sections and posts
_LAW = re.compile(r"(?:法|条例|规定|办法|规则)$")  # 条例 does not mean the 办法 that carries it out
_SHORTEST = 4  # signs of a title that can stand for a longer one
_BLOCKS = 3  # pieces of a longer title that a short one is made of
_SIMILAR = 0.55  # likeness of two titles of one document, where their numbers differ in one part only
_UNLIKE = 0.2  # less is another document
_TELLING = 5  # signs of a title that two documents do not share by chance
_CANDIDATES = 50  # documents that one short title is compared with
_PAIRS = 200  # numbers that are compared within one group of look-alikes
_USUAL = frozenset("中国省市县区委政府党人办厅局函发字文综规组纪监检法")  # signs in which true issuers differ


@dataclass(frozen=True)
class Mention:
    """A citation, the place of its row in the table, and the column that it stands in."""

    row: int
    column: str
    citation: Citation


@dataclass(frozen=True)
class Source:
    """One document: its number as it is official, the title that is printed most, other titles, and who cites it.

    Number or title may be ""; ``mentions`` are in the order of the table.
    """

    number: str
    title: str
    others: tuple[str, ...]
    mentions: tuple[Mention, ...]

    @property
    def name(self) -> str:
        """Return title and number as one line."""
        return f"{self.title}（{self.number}）" if self.title and self.number else self.title or self.number


@dataclass(frozen=True)
class Group:
    """What is known of a document while citations are being put together."""

    key: str
    numbered: bool
    titles: frozenset[str]
    rows: tuple[int, ...]


_SIGNS = re.compile("[《第号附专PpＰｐ]")  # without any of these a sentence names no title, clause or number
TEXTS = ("goal", "indicator")  # besides 文件依据, where the grounds of an indicator are told
REPORTS = ("completion", "evidence")  # what is cited here is no ground, unless another column names the document


def founded(lines: Iterable[tuple[int, Any]]) -> Iterator[Mention]:
    """Yield what the rows of a table, with their places, name as their grounds."""
    for row, line in lines:
        yield from (Mention(row, "basis", citation) for citation in _grounds(line.basis))
        for column in TEXTS:
            yield from (Mention(row, column, citation) for citation in _told(getattr(line, column)))


def reported(lines: Iterable[tuple[int, Any]]) -> Iterator[Mention]:
    """Yield what the rows' reports and evidence cite."""
    for row, line in lines:
        for column in REPORTS:
            yield from (Mention(row, column, citation) for citation in _told(getattr(line, column)))


@lru_cache(maxsize=4096)
def _grounds(text: str) -> tuple[Citation, ...]:
    return cited(text, sources=True)


@lru_cache(maxsize=4096)
def _told(text: str) -> tuple[Citation, ...]:
    return cited(text) if _SIGNS.search(text) else ()


def gather(mentions: Sequence[Mention]) -> tuple[Source, ...]:
    """Return the documents that the mentions mean, in the order in which the table names them first."""
    keys = _with_issuers(mentions)
    homes = _homes(mentions, keys)
    together: dict[str, list[Mention]] = {}
    for mention, key in zip(mentions, keys, strict=True):
        home = key or homes[mention.row, mention.citation.title]
        together.setdefault(home, []).append(mention)
    return tuple(_source(found) for found in together.values())


def _source(found: list[Mention]) -> Source:
    numbers = Counter(mention.citation.number for mention in found if mention.citation.number)
    full = [number for number in numbers if parts(number)[0]] or list(numbers)
    # a title that stands with its number says more than a short one
    with_it = (mention.citation for mention in found if full and mention.citation.number == full[0])
    own = Counter(citation.title for citation in with_it if citation.title)
    titles = own or Counter(mention.citation.title for mention in found if mention.citation.title)
    title = max(titles, key=lambda each: titles[each], default="")
    others = dict.fromkeys(mention.citation.title for mention in found if mention.citation.title not in ("", title))
    return Source(full[0] if full else "", title, tuple(others), tuple(found))


def _with_issuers(mentions: Sequence[Mention]) -> list[str]:
    """Return the mentions' numbers; 〔2024〕31号 as the one number of this year and serial whose title fits."""
    keys = [mention.citation.number for mention in mentions]
    whole: dict[tuple[str, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for mention, key in zip(mentions, keys, strict=True):
        if key and parts(key)[0]:
            whole[parts(key)[1:]][key].add(mention.citation.title)
    told = []
    for mention, key in zip(mentions, keys, strict=True):
        wanted, title = whole.get(parts(key)[1:], {}) if key and not parts(key)[0] else {}, mention.citation.title
        fits = [number for number, titles in wanted.items() if not title or any(akin(title, one) for one in titles)]
        told.append(fits[0] if len(fits) == 1 else key)
    return told


def _homes(mentions: Sequence[Mention], keys: list[str]) -> dict[tuple[int, str], str]:
    """Return for every row and title without a number the key of its document."""
    groups = _Groups(_groups(mentions, keys))
    asked = dict.fromkeys(
        (mention.row, mention.citation.title) for mention, key in zip(mentions, keys, strict=True) if not key
    )
    return {(row, title): groups.home(row, title) for row, title in asked}


def _groups(mentions: Sequence[Mention], keys: list[str]) -> Iterator[Group]:
    titles: dict[str, set[str]] = defaultdict(set)
    rows: dict[str, list[int]] = defaultdict(list)
    for mention, key in zip(mentions, keys, strict=True):
        own = key or essence(mention.citation.title) or mention.citation.title
        titles[own].add(mention.citation.title)
        rows[own].append(mention.row)
    numbered = {key for key in keys if key}
    for key, printed in titles.items():
        yield Group(key, key in numbered, frozenset(printed), tuple(sorted(rows[key])))


class _Groups:
    """All documents of a table, found by two neighbouring signs of their titles."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._all = {group.key: group for group in groups}
        self._with: dict[str, list[Group]] = defaultdict(list)
        self._fitting: dict[str, list[Group]] = {}
        for group in self._all.values():
            for pair in {each for title in group.titles for each in _pairs(essence(title))}:
                self._with[pair].append(group)

    def home(self, row: int, title: str) -> str:
        """Return the key of the document that a title without a number means in a row."""
        own = essence(title) or title
        fitting = self._fitting.get(title)
        if fitting is None:
            fitting = self._fitting[title] = list(self._longer(own, title))
        if len(fitting) == 1:
            return fitting[0].key
        latest = [(bisect_right(group.rows, row), group) for group in fitting]
        named = [(group.rows[count - 1], group.key) for count, group in latest if count]
        last = max(named, default=(0, ""))[0]
        nearest = [key for at, key in named if at == last]
        return nearest[0] if len(nearest) == 1 else own

    def _longer(self, own: str, title: str) -> Iterator[Group]:
        # where pieces meet, a pair need not stand in the longer title; of three pairs one stands inside a piece
        pairs = sorted((self._with.get(pair, []) for pair in sorted(_pairs(own))), key=len)[:_BLOCKS]
        near = {group.key: group for groups in pairs for group in groups[:_CANDIDATES] if group.key != own}
        fitting = [group for group in near.values() if any(shortens(title, one) for one in group.titles)]
        numbered = [group for group in fitting if group.numbered]
        yield from numbered or fitting


@lru_cache(maxsize=65536)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))


# Titles


@lru_cache(maxsize=65536)
def essence(title: str) -> str:
    """Return what tells a title from others: no signs, no years, no 关于印发……的通知, no sign printed twice in a row."""
    text = unicodedata.normalize("NFKC", title)
    text = _STAFFING.sub("职能配置内设机构和人员编制规定", _FILLERS.sub("", _YEARS.sub("", text)))
    return re.sub(r"(.)\1+", r"\1", text)


@lru_cache(maxsize=65536)
def years(title: str) -> frozenset[str]:
    """Return the years in a title."""
    return frozenset(_YEARS.findall(unicodedata.normalize("NFKC", title)))


@lru_cache(maxsize=65536)
def shortens(short: str, long: str) -> bool:
    """Tell whether a title may stand for a longer one: it is made of at most three pieces of it, in their order.

    市委工作要点 for 市委常委会2025年工作要点, “三定”方案 for 职能配置、内设机构和人员编制规定. Other years are another
    document, and so is what carries out a law.
    """
    one, other = essence(short), essence(long)
    if not _SHORTEST <= len(one) <= len(other) or not _same_years(short, long):
        return False
    if _LAW.search(one) and not other.endswith(one[-2:]):
        return False
    at = taken = 0
    for _ in range(_BLOCKS):
        length = _longest(one, taken, other, at)
        if not length:
            return False
        at = other.find(one[taken : taken + length], at) + length
        taken += length
        if taken == len(one):
            return True
    return False


def _longest(one: str, taken: int, other: str, at: int) -> int:
    """Return how many signs of ``one`` from ``taken`` on stand in one piece in ``other``, from ``at`` on."""
    length = 0
    while taken + length < len(one) and other.find(one[taken : taken + length + 1], at) >= 0:
        length += 1
    return length


def _same_years(one: str, other: str) -> bool:
    return not years(one) or not years(other) or bool(years(one) & years(other))


def likeness(one: str, other: str) -> float:
    """Return how many pairs of neighbouring signs two titles have in common, 0 to 1 (Dice); 0 where years differ."""
    if not _same_years(one, other):
        return 0.0
    first, second = _pairs(essence(one)), _pairs(essence(other))
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 0.0


def akin(one: str, other: str) -> bool:
    """Tell whether two titles may be two scans of one, or one a short form of the other."""
    short, long = sorted((one, other), key=lambda title: len(essence(title)))
    return likeness(one, other) >= _SIMILAR or shortens(short, long)


# Contradictions


@dataclass(frozen=True)
class Writing:
    """A number or title as some mentions have it."""

    text: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class Conflict:
    """Writings that do not go together: ``kind`` number (one title, several numbers), title (one number, several
    titles) or issuer (numbers without one); ``about`` is the title, else the number, that they share.
    """

    kind: str
    about: str
    writings: tuple[Writing, ...]


def conflicts(sources: Sequence[Source]) -> Iterator[Conflict]:
    """Yield what contradicts itself in the numbers and titles of a table's documents."""
    numbered = [source for source in sources if source.number]
    for family in _families(numbered):
        about = max((source.title for source in family), key=len)
        yield Conflict("number", about, tuple(_writing(source, "number", source.number) for source in family))
    for source in numbered:
        printed = dict.fromkeys(mention.citation.number for mention in source.mentions)
        bare = [number for number in printed if number not in ("", source.number)]
        if bare:
            yield Conflict("issuer", source.number, tuple(_writing(source, "number", number) for number in bare))
        if unlike := _unlike(source):
            yield Conflict("title", source.number, tuple(_writing(source, "title", title) for title in unlike))


def _writing(source: Source, part: str, text: str) -> Writing:
    return Writing(text, tuple(mention for mention in source.mentions if getattr(mention.citation, part) == text))


def _families(numbered: Sequence[Source]) -> Iterator[tuple[Source, ...]]:
    """Yield the documents that look like one, all together: 泉委办〔2025〕7号, 泉委办〔2024〕7号, 省委办〔2024〕7号."""
    family = {source.number: [source] for source in numbered}
    for one, other in _suspects(numbered):
        first, second = family[one.number], family[other.number]
        if first is not second and _looks_like(one, other):
            first += second
            family |= {source.number: first for source in second}
    told = {id(members): members for members in family.values() if len(members) > 1}
    yield from map(tuple, told.values())


def _suspects(numbered: Sequence[Source]) -> Iterator[tuple[Source, Source]]:
    """Yield the pairs that agree in two of issuer, year and serial: no document meets every other."""
    alike: dict[tuple[str, ...], list[Source]] = defaultdict(list)
    for source in numbered:
        issuer, year, serial = parts(source.number)
        for key in (("serial", issuer, year), ("year", issuer, serial), ("issuer", year, serial)):
            alike[key].append(source)
    for together in alike.values():
        yield from islice(combinations(together, 2), _PAIRS)


def _looks_like(one: Source, other: Source) -> bool:
    """Tell whether two numbers that differ in one part are one number, by their titles."""
    titles, others = _titles(one), _titles(other)
    if not titles or not others:
        return _slip(parts(one.number)[0], parts(other.number)[0])
    if parts(one.number)[2] != parts(other.number)[2]:  # a unit's papers of one year often have titles alike
        return any(_whole(a) == _whole(b) and len(essence(a)) >= _TELLING for a in titles for b in others)
    if _of_its_year(one, other) or _of_its_year(other, one):
        return False
    return any(akin(a, b) for a in titles for b in others)


def _of_its_year(one: Source, other: Source) -> bool:
    """Tell whether a yearly document, 2024年工作要点（示委〔2024〕2号）, is not the other's for another year."""
    named = frozenset[str]().union(*map(years, _titles(one)))
    return parts(one.number)[1] in named and parts(other.number)[1] not in named


def _titles(source: Source) -> list[str]:
    own = (mention.citation.title for mention in source.mentions if mention.citation.number and mention.citation.title)
    return list(dict.fromkeys(own))[:8]


def _whole(title: str) -> tuple[str, frozenset[str]]:
    return essence(title), years(title)


def _slip(one: str, other: str) -> bool:
    """Tell whether two issuers differ in one sign in which true ones do not: 泉政办, 泉政报 (泉政办, 泉委办 are two)."""
    apart = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    return len(one) == len(other) >= 3 and len(apart) == 1 and one[0] == other[0] and not set(apart[0]) <= _USUAL


def _unlike(source: Source) -> tuple[str, ...]:
    """Return two titles of one number that cannot mean one document, () where all may."""
    titles = [title for title in _titles(source) if len(essence(title)) >= _TELLING]
    for one, other in combinations(titles, 2):
        if likeness(one, other) < _UNLIKE and not akin(one, other) and not _contained(one, other):
            return one, other
    return ()


def _contained(one: str, other: str) -> bool:
    short, long = sorted((essence(one), essence(other)), key=len)
    return short in long
