"""推演: what is certain, what is estimated, where most can be gained, and what if."""

import streamlit as st

from ui import assumptions, lead, outlook, panel, session, what_if

view = session.view()
board = assumptions.asked(view)
assumed = board.assumptions

lead.show(outlook.answer(view))
st.html(outlook.whole(view, assumed))
worth, tried = st.columns([1.15, 1], gap="large")
with worth:
    st.html(outlook.worth(view, assumed))
with tried:
    what_if.draw(view, board)
st.html(outlook.holders(view, assumed, "department"))
st.html(outlook.holders(view, assumed, "leader"))
panel.section(view)
