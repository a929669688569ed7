"""依据: which documents and clauses the indicators rest on, and which have no evidence yet (迎检)."""

import streamlit as st

from reports import clauses as said
from ui import clauses, lead, session

view = session.view()
found = clauses.index(view)

lead.show(said.headline(found, len(view.scored)))
clauses.conflicts(view)
documents = clauses.filters(view) if found.documents else ()
if documents:
    st.html(clauses.found(view, documents))
if len(documents) == len(found.documents):
    st.html(clauses.unfounded(view))
