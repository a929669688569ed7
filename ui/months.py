"""Hanging tiles: what falls due in each month, a tile's width its points, worst first; with today and the plan's steps."""

import calendar

from reports import deadlines, words
from reports.deadlines import Month
from reports.words import STATUSES
from ui import bars, session
from ui.markup import text
from ui.session import View
from ui.tables import Row

EM_FOR_A_POINT = 1.35
TILES = 400  # a month; what is left out is counted below
LABEL = 28  # percent of a narrow column that half of a date's words take
LEAST, MOST = 7.5, 52.0  # how much of the line a month's column may ask for, in em


@session.cached
def tiles(view: View) -> str:
    """Return the months as columns of tiles, each tile a link to its indicator."""
    months = deadlines.months(view.scored, view.plan, view.as_of)
    body = "".join(_month(view, month) for month in months)
    return f'<div class="months scroll"><div>{body}</div></div>'


def _month(view: View, month: Month) -> str:
    points = float(month.rows["weight"].sum())
    told = words.amount(month.rows) or "无到期"
    share = min(max(points * EM_FOR_A_POINT, LEAST), MOST)
    name = words.month(month.first, view.plan.year) if month.first else "没有写明时限"
    css = "month" if len(month.rows) else "month empty"
    tiles = "".join(_tile(view, row) for row in month.rows.head(TILES).itertuples())
    rest = len(month.rows) - TILES
    more = f'<p class="note">另有{rest}项未画出</p>' if rest > 0 else ""
    head = f"<b>{text(name)}</b><small>{told}</small>"
    drawn = bars.statuses_told(month.rows.groupby("status")["weight"].sum())
    body = f'<div class="hang" role="group" aria-label="{text(drawn)}">{_today(view, month)}{tiles}</div>{more}{_steps(view, month)}'
    return f'<section class="{css}" style="flex:{share:.1f} 1 0">{head}{body}</section>'


def _tile(view: View, row: Row) -> str:
    mark = STATUSES[row.status]
    name = words.short_name(row.short_name, row.indicator, row.goal, row.serial)
    told = f"{name}｜{mark.word} {words.points(row.weight)}｜{words.lead(row.departments)}"
    width = 0.5 if words.missing(row.weight) else max(row.weight * EM_FOR_A_POINT, 0.5)
    href = text(view.indicator(row.Index))
    style = f"width:{width:.2f}em"
    return f'<a class="fill-{mark.key}" style="{style}" href="{href}" target="_self" tabindex="-1" title="{text(told)}"></a>'


def _today(view: View, month: Month) -> str:
    if month.first is None or (view.as_of.year, view.as_of.month) != (month.first.year, month.first.month):
        return ""
    days = calendar.monthrange(view.as_of.year, view.as_of.month)[1]
    share = 100 * view.as_of.day / days
    beside = min(max(share, LABEL), 100 - LABEL)
    day = words.day(view.as_of, view.plan.year)
    return f'<u style="left:{share:.1f}%"></u><em style="left:{beside:.1f}%">{day}</em>'


def _steps(view: View, month: Month) -> str:
    return "".join(f'<p class="step-due">◇ {text(step.due_text)}<br>{text(step.title)}</p>' for step in month.steps)
