"""版本: every version of the plan, who published it and when; its papers; for editors its original, the way back and the journal."""

import streamlit as st

from reports import versions as said
from ui import journal, lead, papers, session, versions

view = session.view()

lead.show(said.headline(view.versions, view.plan))
st.html(versions.table(view) + versions.backed_up(view))
papers.downloads(view)
versions.editing(view)
journal.draw()
