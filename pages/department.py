"""科室: which section, which items."""

import streamlit as st

from reports import lists, words
from ui import bars, figures, filters, lead, markup, session, tables

COLUMNS = ("status", "weight", "report", "progress", "leader", "due")

view = session.view()
table = lists.ranked(view.summaries.by_department)
sentence = words.departments(view.summaries.by_department)
name = filters.chosen("department", table)

lead.show(sentence)
chart, detail = st.columns([1, 1.25], gap="large")
with chart:
    figures.show(
        figures.holders(view, "department", name), "departments", bars.described(sentence, table), "department"
    )
    st.html(bars.instead(view, "department"))
    st.html(markup.note(words.JOINT_NOTE))
with detail:
    filters.holder("department", "科室", table)
    rows, joint = lists.led_by(view.scored, "departments", name), lists.joined_by(view.scored, "departments", name)
    heads = words.heads(rows)
    st.html(markup.statement(words.holder(name, table.loc[name], heads)) + tables.indicators(view, rows, COLUMNS))
    if len(joint):
        aside = f"{words.points(joint['weight'].sum())} {len(joint)}项，分值计在牵头科室"
        st.html(markup.heading("协办", aside) + tables.indicators(view, joint, COLUMNS))
