"""核查: do the points add up, and what should a person check."""

import streamlit as st

from reports import audit
from ui import findings, lead, markup, session

view = session.view()
total = findings.audited(view)[-1]

lead.show(audit.headline(total, view.findings))
st.html(
    markup.columns(
        findings.severity(view, "blocking") + findings.severity(view, "check"),
        findings.points(view) + findings.severity(view, "normalized"),
    )
)
