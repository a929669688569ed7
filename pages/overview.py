"""总览: are we on track, what may lose points, whose is it."""

import streamlit as st

from reports import words
from ui import lead, overview, session

view = session.view()
lead.show(words.overview(view.total, view.plan))
st.html(overview.face(view))
