"""The slides of single indicators: the lists, one slide for each that needs a decision, who still has to report."""

from collections.abc import Iterator

import pandas as pd

from data.decisions import Decision
from data.privacy import mask
from reports import indicator, lists, standing, words
from reports.decisions import next_step, told
from reports.meeting.base import (
    NAME,
    Meeting,
    Row,
    bare,
    cell,
    cells,
    department,
    head,
    joined,
    key,
    name,
    numbered,
    pages,
    said,
)
from reports.meeting.slides import ROWS, Agenda, Agreed, Goal, Item, Line, Lines, Owed, Owing, Slide, clip, cut, fitting
from reports.words import STATUSES
from scoring.standing import standings

MOST = 5 * ROWS  # indicators that a meeting can go through one by one; the others are counted
MOST_LOST = 2 * ROWS
DECISIONS = 4  # on one slide
_OF_TARGET = {"met": "done", "on_pace": "on_pace", "behind": "behind"}
TARGET, DONE, BEFORE, NEXT, VERDICT = 76.0, 90.0, 74.0, 56.0, 42.0  # full-width characters
GOALS, GOAL = 3, 38.0


def waiting(meeting: Meeting) -> pd.DataFrame:
    """Return what needs a decision: past its deadline or behind, and not scored yet."""
    watched = lists.watch(meeting.scored)
    return watched[watched["score"].isna()]


def watch(meeting: Meeting) -> Iterator[Slide]:
    """Yield 盯办事项, what has passed its deadline first, then by points."""
    rows = waiting(meeting)
    late = int((rows["days_left"] < 0).sum())
    first = f"盯办{len(rows)}项、{words.points(rows['weight'].sum())}" + (f"，已过时限{late}项" if late else "")
    yield from _listed(
        meeting, rows, "watch", (first, f"盯办{len(rows)}项，已过时限{late}项"), "盯办事项　先列已过时限的，再按分值"
    )


def first_due(meeting: Meeting) -> Iterator[Slide]:
    """Yield what falls due first, while nothing is reported: one slide."""
    rows = lists.first_due(meeting.scored)
    slides = _listed(meeting, rows, "due", (f"先到期的{min(len(rows), ROWS)}项",), "先看谁承担、何时到期", most=ROWS)
    yield from slides


def lost(meeting: Meeting) -> Iterator[Slide]:
    """Yield what was scored below its weight, the largest loss first."""
    rows = lists.lost(meeting.scored)
    loss = (rows["weight"] - rows["score"]).sum()
    yield from _listed(
        meeting,
        rows,
        "lost",
        (f"{len(rows)}项失分，合计{words.fixed(loss)}分",),
        "失分事项　失得多的在前",
        most=MOST_LOST,
    )


def _listed(
    meeting: Meeting, rows: pd.DataFrame, kind: str, titles: tuple[str, ...], context: str, most: int = MOST
) -> Iterator[Slide]:
    """Yield a list in slides of ``ROWS``; what comes after ``most`` is counted on the last one."""
    shown = rows.head(most)
    last = -(-len(shown) // ROWS)
    for page, place in pages(len(shown), ROWS):
        part = shown.iloc[place]
        own = titles if page == 1 else (f"第{place.start + 1}至{place.stop}项，共{len(rows)}项",)
        more = f"其余{len(rows) - most}项没有列出" if page == last and len(rows) > most else ""
        content = _lost(meeting, part) if kind == "lost" else _open(meeting, part)
        yield Slide(f"{kind}-{page}", kind, fitting(*own), context, content, more, cells(part))


def _open(meeting: Meeting, rows: pd.DataFrame) -> Lines:
    found = tuple(_line(meeting, row, words.number(row.weight), _left(meeting, row)) for row in indicator.lines(rows))
    return Lines("分值", "时限", found)


def _left(meeting: Meeting, row: Row) -> str:
    return words.days_left(row.days_left) or clip(words.due(row.due_text, None, meeting.plan.year), 6)


def _lost(meeting: Meeting, rows: pd.DataFrame) -> Lines:
    found = tuple(
        _line(
            meeting,
            row,
            f"−{words.fixed(row.weight - row.score)}",
            f"{words.fixed(row.score)}／{words.number(row.weight, 2)}",
        )
        for row in indicator.lines(rows)
    )
    return Lines("失分", "得分／分值", found)


def _line(meeting: Meeting, row: Row, points: str, last: str) -> Line:
    return Line(row.Index, row.status, points, name(row), department(row), head(meeting, row), last)


# One indicator


def items(meeting: Meeting) -> Iterator[Slide]:
    """Yield a slide for each indicator that needs a decision."""
    rows = waiting(meeting)
    for row in indicator.lines(rows.head(MOST)):
        mark = STATUSES[row.status]
        facts = (f"{mark.shape} {mark.word}", words.points(row.weight), said(row.serial, 12), _due(meeting, row))
        context = "　".join(filter(None, facts))
        yield Slide(key(meeting, row), "item", name(row), context, _item(meeting, row), "", (cell(row),))


def _due(meeting: Meeting, row: Row) -> str:
    when = None if words.missing(row.due) else row.due.date()
    told = said(words.due(row.due_text, when, meeting.plan.year), 14)
    return "，".join(filter(None, (told, words.days_left(row.days_left))))


def _item(meeting: Meeting, row: Row) -> Item:
    before, goals = meeting.before.get(row.Index), _goals(meeting, row)
    return Item(
        index=row.Index,
        serial=row.serial,
        status=row.status,
        target=said(row.indicator or row.goal or "（没有指标内容）", TARGET),
        done=said(row.completion, DONE)
        if row.completion.strip()
        else "科室尚未填报"
        if row.status == "not_reported"
        else "没有文字说明",
        before=_before(before, row, BEFORE if len(goals) < 2 else BEFORE / 2) if before is not None else "",
        goals=goals,
        verdict=said(indicator.verdict(row, meeting.method), VERDICT),
        progress=row.progress,
        progress_before=float("nan") if before is None else before.progress,
        pace=row.pace,
        owner="　".join(filter(None, (department(row), head(meeting, row)))),
        leader=clip("、".join(row.leaders), NAME / 2) if meeting.names else "",
        next_step=cut(next_step(row, meeting.decisions), NEXT),
    )


def _goals(meeting: Meeting, row: Row) -> tuple[Goal, ...]:
    """Return where the quantified targets stand that the report speaks of, at most ``GOALS``."""
    found = [one for one in standings(row, meeting.method) if one.verdict != "missing"]
    return tuple(
        Goal(clip(one.target.measure or "目标", 8), said(standing.told(one), GOAL), one.share, _OF_TARGET[one.verdict])
        for one in found[:GOALS]
    )


def _before(before: Row, row: Row, room: float) -> str:
    """Return how it stood in the version before: ◎ 正常，完成40%：已新增5个."""
    mark = STATUSES[before.status]
    reached = "" if words.missing(before.progress) else f"，完成{words.percent(before.progress)}"
    same = bare(before.completion) == bare(row.completion)
    text = (
        "，填报没有变化"
        if same and row.completion.strip()
        else f"：{before.completion}"
        if before.completion.strip()
        else ""
    )
    return said(f"{mark.shape} {mark.word}{reached}{text}", room)


# Who still has to report, and what was decided


def owed(meeting: Meeting) -> Iterator[Slide]:
    """Yield 会后请这些科室补填; in the evaluation what is still to be scored."""
    scored = meeting.scored
    if meeting.phase == "evaluation":
        open_, title, what = scored[scored["score"].isna()], "这些事项还没有评分", "待评"
    else:
        open_, title, what = lists.unreported(scored), "会后请这些科室补填", "尚未填报"
    context = f"{what}　{words.amount(open_)}"
    rows = open_.assign(lead=open_["departments"].map(words.lead))
    order = rows.groupby("lead", sort=False)["weight"].sum().sort_values(ascending=False, kind="stable").index
    for page, place in pages(len(order), ROWS - 2):
        names = order[place]
        part = rows[rows["lead"].isin(names)]
        content = Owed(tuple(_owing(meeting, str(each), part[part["lead"] == each]) for each in names))
        yield Slide(numbered("fill-in", page), "fill-in", title, context, content, "", cells(part))


def _owing(meeting: Meeting, lead: str, rows: pd.DataFrame) -> Owing:
    heads = words.heads(rows).split("、")[0] if meeting.names else ""
    known = rows["weight"].sum(min_count=1)
    return Owing(
        clip(lead, 8), clip(heads, 4), words.number(known), joined([name(row) for row in indicator.lines(rows)], 43)
    )


def agenda(meeting: Meeting) -> Iterator[Slide]:
    """Yield 上次会议议定事项: what was decided and is not done, what is late first."""
    far = pd.Timestamp.max.date()
    still = [each for each in meeting.decisions if each.open]
    still.sort(key=lambda each: (not each.late(meeting.as_of), each.until or far, each.id))
    late = sum(each.late(meeting.as_of) for each in still)
    context = f"{len(still)}项没有办结" + (f"，{late}项已过期限" if late else "")
    known = {row.serial: row for row in reversed(list(indicator.lines(meeting.scored))) if row.serial} if still else {}
    for page, place in pages(len(still), DECISIONS):
        part = still[place]
        rows = tuple(_agreed(meeting, each, known.get(each.serial)) for each in part)
        notes = tuple(_record(meeting, each) for each in part)
        yield Slide(numbered("agenda", page), "agenda", "上次会议议定事项", context, Agenda(rows), "", notes)


def _agreed(meeting: Meeting, each: Decision, row: Row | None) -> Agreed:
    until = "" if each.until is None else f"{words.day(each.until, meeting.plan.year)}前"
    about = name(row) if row is not None else each.serial
    who = clip(mask(each.who), 8) if meeting.names else ""
    return Agreed(each.id, each.late(meeting.as_of), cut(told(each), 52), about, who, until)


def _record(meeting: Meeting, each: Decision) -> str:
    by = f"，{each.author}记" if meeting.names else ""
    return f"{each.serial} {told(each)}（{words.day(each.decided_on, meeting.plan.year)}议定{by}）".lstrip()
