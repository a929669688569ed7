"""时限: what comes due when, what has passed, what is behind already."""

import streamlit as st

from reports import deadlines, lists, words
from ui import bars, lead, markup, months, session, tables

SOON = ("status", "weight", "report", "department", "leader", "due")
DUE = ("weight", "name", "department", "leader", "due")
BEHIND = ("status", "weight", "name", "progress", "department", "leader", "due")

view = session.view()
past, soon = lists.past_due(view.scored), lists.due_soon(view.scored)
behind, coming = lists.behind_already(view.scored), lists.first_due(view.scored)

lead.show(deadlines.headline(view.summaries.by_month, view.scored, view.plan))
st.html(months.tiles(view) + bars.legend(view))
st.html(
    markup.columns(
        markup.heading("已过时限未完成", words.amount(past))
        + tables.indicators(view, past, SOON, first=12)
        + markup.heading(f"{lists.WITHIN}天内到期", words.amount(soon))
        + tables.indicators(view, soon, SOON, first=12),
        markup.heading("还没到期、现在就落后", words.amount(behind))
        + tables.indicators(view, behind, BEHIND, first=12)
        + ("" if len(behind) else markup.heading("先到期的") + tables.indicators(view, coming, DUE, first=9)),
        even=True,
    )
)
