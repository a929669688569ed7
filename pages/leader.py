"""分管领导: how much of it is mine."""

import streamlit as st

from reports import lists, words
from ui import bars, figures, filters, lead, markup, session, tables

COLUMNS = ("status", "weight", "report", "progress", "department", "due")

view = session.view()
table = lists.ranked(view.summaries.by_leader)
sentence = words.leaders(view.summaries.by_leader)
name = filters.chosen("leader", table)

lead.show(sentence)
figures.show(figures.holders(view, "leader", name, 36), "leaders", bars.described(sentence, table), "leader")
st.html(bars.instead(view, "leader"))
st.html(markup.heading("分管领导与类别") + bars.matrix(view) + markup.note(words.MATRIX_NOTE))
filters.holder("leader", "分管领导", table)
rows = lists.led_by(view.scored, "leaders", name)
joint = lists.joined_by(view.scored, "leaders", name)
st.html(
    markup.statement(words.holder(name, table.loc[name])) + tables.indicators(view, lists.open_points(rows), COLUMNS)
)
if len(joint):
    aside = f"{words.points(joint['weight'].sum())} {len(joint)}项，分值计在排在第一位的领导"
    st.html(markup.heading("协办", aside) + tables.indicators(view, lists.open_points(joint), COLUMNS))
st.html(markup.note(words.JOINT_NOTE))
