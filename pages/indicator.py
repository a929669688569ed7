"""指标: all indicators, searched and filtered; and one of them by its address."""

import streamlit as st

from reports import indicator as said
from ui import browse, decisions, indicator, lead, papers, session, targets_form

view = session.view()
index = browse.chosen(view)

if index is not None:
    browse.walk(view, index)
    lead.show(indicator.verdict(view, index))
    st.html(indicator.facts(view, index))
    decisions.of_indicator(view, index)
    st.html(indicator.promised(view, index))
    papers.slip(view, index)
    targets_form.editing(view, index)
    st.html(indicator.body(view, index))
else:
    query = browse.asked()
    rows = browse.found(view, query)
    lead.show(said.listed(rows, query.narrows))
    browse.filters(view, query)
    st.html(indicator.rows_table(view, browse.page(rows)))
    browse.pages(len(rows))
