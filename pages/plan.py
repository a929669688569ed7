"""方案: what the notice asks for, who evaluates it, and by when."""

import streamlit as st

from reports import plan as said
from ui import lead, markup, plan, plan_edit, session

view = session.view()

lead.show(said.headline(view.plan, view.as_of, len(view.scored), view.total["weight"]))
st.html(plan.facts(view))
st.html(
    markup.columns(
        plan.contents(view) + plan.steps(view),
        plan.organisation(view) + plan.background(view),
    )
)
plan_edit.editing(view)
