"""What a meeting is about, and the few words that all its slides use."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from data.decisions import Decision
from data.plan import Plan, parse
from data.privacy import mask
from reports import words
from reports.indicator import called, lines
from reports.meeting.slides import clip, cut, width
from reports.words import STATUSES
from scoring import Method, summary
from scoring.changes import NOWHERE, matched

Row = Any  # a row of ``itertuples`` over a scored table
NAME, DEPARTMENT, HEAD = 18.0, 8.0, 4.0  # full-width characters
MOST_NOTES = 100


@dataclass(frozen=True, eq=False)
class Meeting:
    """One version of a plan, judged on one day, before those who decide; ``previous`` is the scored version before.

    ``names`` tells whether people may be named, which on a wall in public they may not.
    """

    scored: pd.DataFrame
    method: Method
    as_of: date
    plan: Plan
    previous: pd.DataFrame | None
    decisions: tuple[Decision, ...]
    names: bool

    @cached_property
    def total(self) -> pd.Series:
        """Return the summary of all indicators."""
        return summary.total(self.scored).iloc[0]

    @cached_property
    def phase(self) -> str:
        """Return blank, running or evaluation."""
        return words.phase(self.total)

    @cached_property
    def before(self) -> dict[int, Row]:
        """Return, by the index of this version, the rows of the version before that tell of the same indicator."""
        if self.previous is None:
            return {}
        rows = list(lines(self.previous))
        places = zip(self.scored.index, matched(self.previous, self.scored), strict=True)
        return {index: rows[place] for index, place in places if place != NOWHERE}


def plan_of(scored: pd.DataFrame, as_of: date) -> Plan:
    """Return a plan that says no more than the table's year, for a table that came without one."""
    years = scored["year"].dropna()
    return parse(f'unit = ""\nyear = {int(years.mode().iloc[0]) if len(years) else as_of.year}', "plan.toml")


def said(text: str, room: float) -> str:
    """Return a text of the table in one line, masked; what does not fit is counted."""
    return cut(mask(text), room)


def name(row: Row) -> str:
    """Return an indicator's short name, at most ``NAME`` wide."""
    return clip(mask(called(row)), NAME)


def department(row: Row) -> str:
    """Return who leads, and how many there are where several share it: 外贸科等3个."""
    lead = clip(words.lead(row.departments), DEPARTMENT)
    return f"{lead}等{len(row.departments)}个" if len(row.departments) > 1 else lead


def head(meeting: Meeting, row: Row) -> str:
    """Return who answers for it, "" where nobody may be named."""
    if not meeting.names or not row.heads:
        return ""
    return clip(row.heads[0], HEAD) + (f"等{len(row.heads)}人" if len(row.heads) > 1 else "")


def key(meeting: Meeting, row: Row) -> str:
    """Return what names an indicator in an address: its serial, its place where the serial is not its own."""
    own = row.serial and (meeting.scored["serial"] == row.serial).sum() == 1
    return f"item-{row.serial}" if own else f"row-{list(meeting.scored.index).index(row.Index) + 1}"


def cells(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return a line for each indicator: which cells its numbers come from."""
    shown = tuple(map(cell, lines(rows.head(MOST_NOTES))))
    rest = len(rows) - len(shown)
    return (*shown, f"其余{rest}项没有列出。") if rest else shown


def cell(row: Row) -> str:
    """Return 1-6-1 建成…平台（考评表第20行）：2分，逾期，完成85%（取自文字中的百分数）."""
    place = f"{row.sheet}第{row.row:.0f}行" if not words.missing(row.row) else row.sheet
    facts = [words.points(row.weight, 2), STATUSES[row.status].word]
    if not words.missing(row.progress):
        facts.append(f"完成{words.percent(row.progress)}（{words.PROGRESS_FROM[row.progress_source]}）")
    if not words.missing(row.score):
        facts.append(f"得{words.number(row.score, 2)}分（{words.SCORED_BY[row.scored_by]}）")
    where = f"（{place}）" if place else ""
    return mask(f"{row.serial} {called(row)}{where}：".lstrip() + "，".join(facts))


def joined(names: list[str], room: float) -> str:
    """Return names, as many as are not wider than ``room``, and how many there are."""
    shown = list(names)
    while len(shown) > 1 and width("、".join(shown)) > room:
        shown.pop()
    return "、".join(shown) + (f"等{len(names)}项" if len(shown) < len(names) else "")


def pages(count: int, size: int) -> Iterator[tuple[int, slice]]:
    """Yield the number of each page, from 1, with the part of a list of ``count`` that stands on it."""
    for first in range(0, count, size):
        yield first // size + 1, slice(first, min(first + size, count))


def numbered(key: str, page: int) -> str:
    """Return a key for each page of the same list; the first has the list's own."""
    return key if page == 1 else f"{key}-{page}"


def bare(text: str) -> str:
    """Return a text without blanks, for comparing two of them."""
    return re.sub(r"\s+", "", text)
