"""The run of the meeting: which slides there are, in which order.

上次会议议定事项 → 总体 → 变化 → 盯办事项 → 按分管领导 → one slide for each item that needs a decision → 会后请这些科室补填.
A slide that has nothing to say is left out.
"""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from data.decisions import Decision
from data.plan import Plan
from reports import changes, words
from reports.meeting import items, numbers
from reports.meeting.base import Meeting, cells, numbered, plan_of
from reports.meeting.slides import LINE, LINES, Slide, Story, cut, fitting, height
from reports.words import NO_TABLE, Sentence, Span
from scoring import Method
from scoring.changes import compare


def run(
    scored: pd.DataFrame,
    method: Method,
    *,
    as_of: date,
    plan: Plan | None = None,
    previous: pd.DataFrame | None = None,
    decisions: tuple[Decision, ...] = (),
    names: bool = True,
) -> tuple[Slide, ...]:
    """Return the slides of a meeting about a scored table; every key stands once.

    ``previous`` is the scored version before, each judged on its own day; ``decisions`` are what meetings have decided
    on this plan; without ``names`` no person is named, and departments stand in the place of leaders.
    """
    if scored.empty:
        return (Slide("overall", "overall", words.plain(NO_TABLE), "总体", Story((NO_TABLE,)), "", ()),)
    meeting = Meeting(scored, method, as_of, plan or plan_of(scored, as_of), previous, decisions, names)
    return tuple(_slides(meeting))


def _slides(meeting: Meeting) -> Iterator[Slide]:
    yield from items.agenda(meeting)
    yield numbers.overall(meeting)
    yield from _changes(meeting)
    if meeting.phase == "blank":
        yield from items.first_due(meeting)
    if meeting.phase == "evaluation":
        yield from items.lost(meeting)
    yield from items.watch(meeting)
    yield from (numbers.leaders if meeting.names else numbers.departments)(meeting)
    yield from items.items(meeting)
    yield from items.owed(meeting)


def _changes(meeting: Meeting) -> Iterator[Slide]:
    """Yield what happened since the version before, in sentences; nothing for a first version."""
    if meeting.previous is None:
        return
    compared = compare(meeting.previous, meeting.scored)
    title = words.plain(changes.moved(compared)).rstrip("。")
    told = [_fitting(sentence) for sentence in changes.story(compared, meeting.as_of, meeting.plan.year)]
    now = compared.indicators.loc[~compared.indicators["kind"].isin(["unchanged", "removed"]), "now"]
    notes = cells(meeting.scored.iloc[now])
    for page, sentences in enumerate(_by_height(told), start=1):
        shown = fitting(title, title.split("：")[0], "较上一版的变化")
        yield Slide(numbered("changes", page), "changes", shown, "较上一版的变化", Story(sentences), "", notes)


def _fitting(sentence: Sentence) -> Sentence:
    """Return the sentence; one that would fill more than a slide is cut."""
    text = words.plain(sentence)
    return sentence if height(text, LINE) <= LINES else (Span(cut(text, (LINE - 1) * LINES)),)


def _by_height(sentences: list[Sentence]) -> list[tuple[Sentence, ...]]:
    """Return the sentences in slides of at most ``LINES`` lines."""
    found: list[tuple[Sentence, ...]] = []
    room = 0
    for sentence in sentences:
        lines = height(words.plain(sentence), LINE)
        if not found or lines > room:
            found.append(())
            room = LINES
        found[-1] = (*found[-1], sentence)
        room -= lines
    return found
