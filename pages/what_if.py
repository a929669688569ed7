"""推演: what is certain, what is estimated, where most can be gained, and what if."""

import streamlit as st

from ui import outlook, session

view = session.view()
st.html(outlook.headline(view))
