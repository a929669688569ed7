"""口径: the rules in force and how to read the screen; it needs no table."""

import streamlit as st

from reports import method as said
from ui import lead, markup, method, session

rules = session.method()

lead.show(said.headline(rules))
st.html(markup.columns(method.rules(rules), method.statuses() + method.conventions()))
