"""What a slide of the meeting holds, as plain values: the meeting's page and the deck draw the same ones.

Texts are short enough for 5 m: a title has at most ``TITLE`` characters, a slide at most ``ROWS`` rows. What is cut off
says how much it is.
"""

import math
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from reports.words import Sentence

TITLE = 22  # characters
ROWS = 7
LINE = 33.0  # full-width characters of body text in one line
LINES = 11  # of sentences on one slide


@dataclass(frozen=True)
class Piece:
    """Points that share a colour; ``key`` is a status', or ``lacking`` for what the source itself lacks."""

    key: str
    word: str
    points: float


@dataclass(frozen=True)
class Holder:
    """Somebody and what he holds: 外资科, 5分."""

    name: str
    amount: str


@dataclass(frozen=True)
class Part:
    """One of the large numbers: its tone (a group's key or ""), what it counts, who holds most of it, what is left."""

    tone: str
    value: str
    unit: str
    word: str
    moved: str
    pieces: tuple[Piece, ...]
    holders: tuple[Holder, ...]
    rest: str


@dataclass(frozen=True)
class Overall:
    """The sentence that leads, the hundred-point bar from left to right, and the numbers below it."""

    sentence: Sentence
    bar: tuple[Piece, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Story:
    """Sentences to be read aloud."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Line:
    """One indicator in a list. ``index`` is its row of the scored table; ``head`` is "" where names are off."""

    index: int
    status: str
    points: str
    name: str
    department: str
    head: str
    last: str


@dataclass(frozen=True)
class Lines:
    """A list of indicators; ``points`` and ``last`` head their columns: 分值 and 时限, in the evaluation 失分 and 得分."""

    points: str
    last: str
    rows: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    """What one department holds, in as many cells as ``Sections`` has columns."""

    name: str
    held: str
    cells: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Sections:
    """Departments with their points in columns, each with its own zero line and one scale for all.

    ``below`` names what of it needs a decision, "" where nothing does.
    """

    columns: tuple[str, ...]
    rows: tuple[Section, ...]
    below: str


@dataclass(frozen=True)
class Goal:
    """One quantified target of an indicator: ``share`` is how much of it is reached, NaN for what is not counted up."""

    name: str
    told: str
    share: float
    status: str


@dataclass(frozen=True)
class Item:
    """One indicator that needs a decision. ``progress`` and ``pace`` are shares, NaN where nobody knows them."""

    index: int
    serial: str
    status: str
    target: str
    done: str
    before: str
    goals: tuple[Goal, ...]
    verdict: str
    progress: float
    progress_before: float
    pace: float
    owner: str
    leader: str
    next_step: str


@dataclass(frozen=True)
class Owing:
    """A department that still has to report, and on what."""

    department: str
    head: str
    points: str
    indicators: str


@dataclass(frozen=True)
class Owed:
    """Departments that still have to report."""

    rows: tuple[Owing, ...]


@dataclass(frozen=True)
class Agreed:
    """A decision (议定事项) that is still open; ``id`` is its own."""

    id: int
    late: bool
    text: str
    about: str
    who: str
    until: str


@dataclass(frozen=True)
class Agenda:
    """What the last meetings decided and is still open."""

    rows: tuple[Agreed, ...]


Content = Overall | Story | Lines | Sections | Item | Owed | Agenda


@dataclass(frozen=True)
class Slide:
    """One slide. ``key`` is its place in the address and stays the same while its subject does.

    ``context`` stands above the title, ``more`` says what did not fit, ``notes`` name the cells behind the numbers.
    ``kind`` is one of agenda, overall, changes, watch, due, lost, sections, item, fill-in.
    """

    key: str
    kind: str
    title: str
    context: str
    content: Content
    more: str
    notes: tuple[str, ...]


def width(text: str) -> float:
    """Return how wide a text is, in full-width characters; where scripts meet, some programs leave a gap."""
    wide = [unicodedata.east_asian_width(char) in "WFA" for char in text]
    meetings = sum(one != other for one, other in pairwise(wide))
    return sum(1.0 if each else 0.6 for each in wide) + 0.25 * meetings


def fitting(*titles: str) -> str:
    """Return the first title that is short enough, else the last one, cut."""
    return next((title for title in titles if len(title) <= TITLE), titles[-1][: TITLE - 1] + "…")


def cut(text: str, room: float) -> str:
    """Return a text in one line, not wider than ``room``; what is cut off is counted."""
    line = " ".join(text.split())
    if width(line) <= room:
        return line
    kept = line
    while kept and width(kept) > room - 7:  # …（余123字）
        kept = kept[:-1]
    return f"{kept}…（余{len(line) - len(kept)}字）"


def clip(name: str, room: float) -> str:
    """Return a name in one line, not wider than ``room``; the notes hold it whole."""
    line = " ".join(name.split())
    if width(line) <= room:
        return line
    while width(line) > room - 1:
        line = line[:-1]
    return f"{line}…"


def height(text: str, room: float) -> int:
    """Return how many lines of ``room`` a text needs; breaking at words and signs costs a character a line."""
    return max(1, math.ceil(width(text) / (room - 1)))
