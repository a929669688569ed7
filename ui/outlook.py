"""推演: what is certain, estimated and open, what is worth doing, and all of it before and after what is assumed."""

import math
from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from reports import indicator, lists, words
from reports import outlook as said
from reports.method import assumes
from reports.words import GROUPS, Sentence
from scoring import outlook
from scoring.outlook import Assumption, Opportunity
from ui import assumptions, markup, session, tables, what_if
from ui.markup import text
from ui.session import View

Assumed = tuple[Assumption, ...]


class Figure(NamedTuple):
    """One column of the outlook: its head and how a row writes it."""

    head: str
    write: Callable[[pd.Series], str]
    estimated: bool = False


def _points(name: str, places: int = 1) -> Callable[[pd.Series], str]:
    return lambda row: words.number(row[name], places)


def _of(name: str) -> Callable[[pd.Series], str]:
    """Write points with the weight they cover: 83.54／88; — where they cover none."""

    def write(row: pd.Series) -> str:
        covered = row[f"{name}_weight"]
        return f"{words.number(row[name], 2)}／{words.number(covered)}" if covered > 0 else words.MISSING

    return write


FIGURES = (
    *(Figure(group.word, _points(key)) for key, group in GROUPS.items()),
    Figure("已得", _of("certain")),
    Figure("预估", _of("estimated"), estimated=True),
    Figure("待评、未定档", _points("open_weight", 2)),
    Figure("最终得分", lambda row: said.span(row["low"], row["high"])),
    Figure("预估范围", lambda row: said.span(row["estimate_low"], row["estimate_high"]), estimated=True),
)


@session.cached
def opportunities(view: View) -> tuple[Opportunity, ...]:
    """Return what is worth doing in this view."""
    return outlook.opportunities(view.scored, view.method)


@session.cached
def answer(view: View) -> Sentence:
    """Return the page's headline, how the table stands without any assumption."""
    total = outlook.total(view.scored).iloc[0]
    return said.headline(total, view.phase, opportunities(view), view.method)


# What is worth doing


@session.cached
def worth(view: View, assumed: Assumed) -> str:
    """Return 最值得抓的几项: gaps to close, then tiers to reach, each with a link that puts it on the board."""
    found = opportunities(view)
    blocks = [
        _kind(view, assumed, kind, tuple(one for one in found if one.kind == kind))
        for kind in said.KINDS
        if any(one.kind == kind for one in found)
    ]
    mark = markup.assumed(assumes(view.method, "opportunities"))
    head = markup.heading("最值得抓的几项")
    if not blocks:
        return head + markup.note(said.NOTHING_REPORTED if view.phase == "blank" else said.NOTHING_WORTH)
    return (
        head + "".join(blocks) + f'<p class="note">{text(said.WORTH_NOTE.format(said.estimate(view.method)))}{mark}</p>'
    )


def _kind(view: View, assumed: Assumed, kind: str, found: tuple[Opportunity, ...]) -> str:
    rows = view.scored.loc[[one.index for one in found[: tables.MOST]]]
    lines = [_one(view, assumed, *pair) for pair in zip(found, indicator.lines(rows), strict=False)]
    heads = "<th>可得</th><th>指标与距离</th><th>责任科室</th><th>时限</th><th></th>"
    shown, folded = lines[: tables.FIRST], lines[tables.FIRST :]
    body = _lines(heads, shown)
    if folded:
        cut = markup.note(f"只列前{tables.MOST}项，共{len(found)}项。") if len(found) > tables.MOST else ""
        body += f'<details class="more"><summary>其余{len(found) - len(shown)}项</summary>{_lines(heads, folded)}{cut}</details>'
    mark = markup.assumed(kind == "tier" and assumes(view.method, "tier_shares"))
    return f'<h3 class="topic">{said.KINDS[kind]}{mark}</h3>{body}'


def _lines(heads: str, lines: list[str]) -> str:
    return f'<table class="tb worth"><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def _one(view: View, assumed: Assumed, one: Opportunity, row: tables.Row) -> str:
    when = None if words.missing(row.due) else row.due.date()
    far = f'<span class="said">{text(said.distance(one, row, view.method))}；{said.aim(one)}</span>'
    cells = (
        f"<b>{said.gain(one)}</b>",
        f"{tables.name(view, row)}{far}",
        text(words.lead(row.departments)),
        f"{text(words.due(row.due_text, when, view.plan.year))}<small>{words.days_left(row.days_left)}</small>",
        _try(view, assumed, one),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _try(view: View, assumed: Assumed, one: Opportunity) -> str:
    """Return the link that assumes it done, or that it is on the board already."""
    if any(other.index == one.index for other in assumed):
        return '<span class="muted">已在推演中</span>'
    if len(assumed) >= assumptions.MOST:
        return ""
    change = {"tier": one.tier} if one.kind == "tier" else {"progress": math.ceil(one.aim * 100 - 1e-9) / 100}
    return markup.link(assumptions.link(view, assumptions.changed(assumed, one.index, **change)), "放进推演", "plain")


# Before and after


@session.cached
def whole(view: View, assumed: Assumed) -> str:
    """Return the outlook of all indicators in one line: as it is, what an assumption moves marked, now → then."""
    was, would = (outlook.total(table).iloc[0] for table in (view.scored, what_if.rescored(view, assumed)))
    line = _line(view, f"全部{len(view.scored)}项", was, would)
    return _table(view, "", [line]) + markup.note(said.whole(view.plan, was, view.method))


@session.cached
def holders(view: View, assumed: Assumed, which: str) -> str:
    """Return the outlook of each ``department`` or ``leader`` that leads something; what an assumption moves is marked."""
    build = {"department": outlook.by_department, "leader": outlook.by_leader}[which]
    title = {"department": "科室", "leader": "分管领导"}[which]
    was, would = build(view.scored), build(what_if.rescored(view, assumed))
    leading = set(was.index[was["indicators"] > 0])
    names = [str(name) for name in lists.ranked(getattr(view.summaries, f"by_{which}")).index if name in leading]
    lines = [
        _line(view, markup.link(view.link(which, **{which: name}), name), was.loc[name], would.loc[name])
        for name in names[: tables.MOST]
    ]
    rest = len(names) - tables.MOST
    cut = markup.note(f"只列前{tables.MOST}个，另有{rest}个。") if rest > 0 else ""
    return markup.heading(f"按{title}", said.MOVED if assumed else "") + _table(view, title, lines) + cut


def _table(view: View, title: str, lines: list[str]) -> str:
    mark = markup.assumed(assumes(view.method, "tier_shares"))
    heads = "".join(f"<th>{figure.head}{mark if figure.estimated else ''}</th>" for figure in FIGURES)
    head = f"<thead><tr><th>{title}</th><th>承担</th>{heads}</tr></thead>"
    return (
        f'<div class="scroll"><div><table class="tb outlook">{head}<tbody>{"".join(lines)}</tbody></table></div></div>'
    )


def _line(view: View, name: str, was: pd.Series, would: pd.Series) -> str:
    cells = "".join(_cell(_head(view, figure), figure.write(was), figure.write(would)) for figure in FIGURES)
    return f'<tr><td>{name}</td><td data-head="承担">{words.held(was)}</td>{cells}</tr>'


def _head(view: View, figure: Figure) -> str:
    assumed = figure.estimated and assumes(view.method, "tier_shares")
    return f"{figure.head}（{words.ASSUMED}）" if assumed else figure.head


def _cell(head: str, now: str, then: str) -> str:
    """Return a figure; its head is written beside it where a narrow screen shows no columns."""
    if now == then:
        return f'<td data-head="{head}">{now}</td>'
    return f'<td data-head="{head}" class="moved"><s>{now}</s> → {then}</td>'
