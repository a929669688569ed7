"""总览's three faces: nothing reported yet, under way, being evaluated. The lead, the bar and its legend are one HTML."""

from reports import lists, words
from ui import bars, markup, session, tables
from ui.session import View

LOST = ("lost", "scored", "name", "tier", "department", "leader")
DUE = ("weight", "name", "department", "leader", "due")
OPEN = ("weight", "name", "department", "due")
SOON = 9
FEW = 5


@session.cached
def face(view: View) -> str:
    """Return what the phase asks for: 先到期, 盯办事项 or 失分事项 beside who holds the points."""
    return {"blank": _blank, "running": _running, "evaluation": _evaluation}[view.phase](view)


def _blank(view: View) -> str:
    due = lists.first_due(view.scored)
    heading = f"先到期的{min(len(due), SOON)}项" if len(due) else "分值最大的几项"
    rows = due if len(due) else lists.unreported(view.scored)
    left = markup.heading(heading) + tables.indicators(view, rows, DUE, first=SOON)
    right = markup.heading("谁承担多少分") + bars.held(view, "department") + bars.held(view, "leader")
    return bars.hundred(view) + bars.legend(view) + markup.columns(left, right)


def _running(view: View) -> str:
    watch, blank = lists.watch(view.scored), lists.unreported(view.scored)
    left = markup.heading("盯办事项", words.amount(watch)) + tables.indicators(view, watch, first=tables.FIRST)
    right = markup.heading("责任分布") + bars.holders(view, "department") + bars.holders(view, "leader")
    below = markup.trio(
        _versions(view),
        markup.heading("类别分布") + bars.holders(view, "category"),
        markup.heading("尚未填报", words.amount(blank)) + tables.indicators(view, blank, OPEN, first=FEW),
    )
    return bars.hundred(view) + bars.legend(view) + markup.columns(left, right) + below


def _evaluation(view: View) -> str:
    lost = lists.lost(view.scored)
    left = markup.heading("失分事项") + tables.indicators(view, lost, LOST, first=12)
    right = markup.heading("类别得分") + bars.scores(view, "category")
    right += markup.heading("科室得分") + bars.scores(view, "department")
    lead = bars.earned(view) + bars.earned_legend(view)
    return lead + markup.columns(left, right) + markup.trio(_versions(view))


def _versions(view: View) -> str:
    return markup.heading("各版变化") + bars.history(view)
