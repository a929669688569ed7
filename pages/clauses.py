"""依据: which documents and clauses the indicators rest on, and which have no evidence yet (迎检)."""

import streamlit as st

from reports import clauses as said
from ui import clauses, markup, session

view = session.view()

st.html(markup.headline(said.headline(clauses.index(view), len(view.scored))) + clauses.conflicts(view))
if clauses.index(view).documents:
    for document in clauses.chosen(view):
        st.html(clauses.section(view, document))
st.html(clauses.unfounded(view))
