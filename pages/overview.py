"""总览: are we on track, what may lose points, whose is it."""

import streamlit as st

from ui import overview, session

view = session.view()
st.html(overview.face(view))
