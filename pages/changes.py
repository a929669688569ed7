"""变化: two versions compared, by indicator and by department, and the story to read aloud; or two years of the unit."""

import streamlit as st

from reports.versions import ONE_VERSION
from ui import changes, compare, lead, session, years

view = session.view()
earlier = years.chosen(view)
versions = None if earlier else compare.chosen(view)

if earlier:
    years.show(view, earlier)
elif versions is None:
    lead.show(ONE_VERSION)
else:
    older, newer = versions
    pair = compare.between(view, older, newer)
    compare.answer(view, pair, older, newer)
    listed, told = st.columns([1.85, 1], gap="large")
    with listed:
        changes.show(pair, "changes_kind")
        st.html(compare.stale(view, pair, newer))
    with told:
        st.html(compare.told(pair, newer))
