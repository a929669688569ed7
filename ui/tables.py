"""Tables of indicators as HTML: real tables that wrap, print, and link every indicator to its own page.

A column is a name of ``_CELLS``; a table is a list of them over some rows of the scored table.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from reports import decisions, standing, words
from scoring.standing import standings
from ui import markup
from ui.markup import text
from ui.session import View

FIRST = 6  # rows before 其余n项
MOST = 120  # rows; what is cut off is counted below
WATCH = ("status", "weight", "report", "progress", "department", "leader", "due")
Row = Any  # a row of ``itertuples`` over the scored table


def indicators(view: View, rows: pd.DataFrame, columns: tuple[str, ...] = WATCH, first: int = MOST) -> str:
    """Return a table of indicators; the rows after ``first`` fold away under 其余n项."""
    if rows.empty:
        return markup.note("没有。")
    shown, folded = rows.head(first), rows.iloc[first:MOST]
    rest = len(rows) - len(shown)
    body = f'<table class="tb">{_head(columns)}<tbody>{_body(view, shown, columns)}</tbody></table>'
    if not rest:
        return body
    cut = markup.note(f"只列前{MOST}项，全部{len(rows)}项见指标页。") if len(rows) > MOST else ""
    if folded.empty:
        return body + cut
    more = f'<table class="tb">{_head(columns)}<tbody>{_body(view, folded, columns)}</tbody></table>{cut}'
    return f'{body}<details class="more"><summary>其余{rest}项</summary>{more}</details>'


def _head(columns: tuple[str, ...]) -> str:
    cells = "".join(f'<th class="c-{name}">{_CELLS[name][0]}</th>' for name in columns)
    return f"<thead><tr>{cells}</tr></thead>"


def _body(view: View, rows: pd.DataFrame, columns: tuple[str, ...]) -> str:
    return "".join(
        "<tr>" + "".join(f'<td class="c-{name}">{_CELLS[name][1](view, row)}</td>' for name in columns) + "</tr>"
        for row in rows.itertuples()
    )


def name(view: View, row: Row) -> str:
    """Return an indicator's short name as a link to its page, the whole text as its tooltip."""
    words_ = words.short_name(row.short_name, row.indicator, row.goal, row.serial)
    serial = f'<small class="serial">{text(row.serial)}</small>' if row.serial else ""
    href, title = text(view.indicator(row.Index)), text(row.indicator)
    return f'<a class="what" href="{href}" target="_self" title="{title}">{text(words_)}</a>{serial}'


def _status(view: View, row: Row) -> str:
    return markup.status(row.status)


def _weight(view: View, row: Row) -> str:
    got = "" if words.missing(row.score) else f"<small>得{words.fixed(row.score)}</small>"
    return f"<b>{words.number(row.weight)}</b>{got}"


def _report(view: View, row: Row) -> str:
    said = text(row.completion) if row.completion else ("科室尚未填报" if row.status == "not_reported" else "")
    tag = f"<em>（{carried(view, row)}）</em>" if carried(view, row) else ""
    told = decisions.step(row, view.decisions)
    step = f'<span class="step">下一步：{text(told)}</span>' if told else ""
    return f'{name(view, row)}<span class="said">{said}{tag}</span>{step}'


def carried(view: View, row: Row) -> str:
    """Return since when a report made before this version stands: 沿用9月19日填报，已28天未更新; "" for a new one."""
    made = row.reported_on
    if words.missing(made) or made.date() >= view.version.data_date or row.status == "not_reported":
        return ""
    return words.carried(made.date(), view.as_of, view.plan.year)


def _stale(view: View, row: Row) -> str:
    made = row.reported_on.date()
    return f"<b>{(view.as_of - made).days}天</b><small>{words.day(made, view.plan.year)}填报</small>"


def _progress(view: View, row: Row) -> str:
    """Return progress as a bar with a tick at 序时, and how it stands or how that was found where nothing is measured."""
    if words.missing(row.progress):
        how = {"words": "按文字判断", "targets": ""}.get(row.progress_source, words.MISSING)
        return f'<span class="how">{text(_target(view, row) or ("" if row.status == "not_reported" else how))}</span>'
    told = f"完成{words.percent(row.progress)}，序时{words.percent(row.pace)}"
    said = "　".join(part for part in (words.percent(row.progress), _target(view, row)) if part)
    return f'{markup.bullet(row.progress, row.pace, row.status, told)}<span class="how">{text(said)}</span>'


def _target(view: View, row: Row) -> str:
    """Return how the target furthest behind stands, where the row is judged by its targets or lacks something of them."""
    if row.progress_source == "targets" and row.status != "done":
        return standing.short(standings(row, view.method))
    return standing.lacking(row, view.method)


def _department(view: View, row: Row) -> str:
    joint = f"<small>{text('、'.join(row.departments[1:]))} 协办</small>" if len(row.departments) > 1 else ""
    return f"{text(words.lead(row.departments))}<small>{text('、'.join(row.heads))}</small>{joint}"


def _leader(view: View, row: Row) -> str:
    others = "".join(f"<small>{text(other)}</small>" for other in row.leaders[1:])
    return f"{text(words.lead(row.leaders))}{others}"


def _due(view: View, row: Row) -> str:
    when = None if words.missing(row.due) else row.due.date()
    left = words.days_left(row.days_left)
    return f"{text(words.due(row.due_text, when, view.plan.year))}<small>{left}</small>"


def _lost(view: View, row: Row) -> str:
    return f'<b class="ink-overdue">−{words.fixed(row.weight - row.score)}</b>'


def _scored(view: View, row: Row) -> str:
    return f"{words.fixed(row.score)}／{words.number(row.weight)}"


def _tier(view: View, row: Row) -> str:
    tiers = [tier for tier in (row.office_tier, row.peer_tier, row.self_tier) if not words.missing(tier)]
    return text(words.TIERS.get(int(tiers[0]), words.MISSING)) if tiers else words.MISSING


_CELLS: dict[str, tuple[str, Callable[[View, Row], str]]] = {
    "status": ("状态", _status),
    "weight": ("分值", _weight),
    "name": ("指标", name),
    "report": ("指标与进展", _report),
    "progress": ("完成率（竖线＝序时）", _progress),
    "department": ("责任科室", _department),
    "leader": ("分管领导", _leader),
    "due": ("时限", _due),
    "stale": ("未更新", _stale),
    "lost": ("失分", _lost),
    "scored": ("得分／分值", _scored),
    "tier": ("定档", _tier),
}
