"""有新版本: an open page looks for a newer version every few seconds and shows it when the reader asks for it.

Only the newest version's row is read, twice a second for all readers together; nothing on the page moves by itself.
"""

from contextlib import suppress
from urllib.parse import urlencode

import streamlit as st

from data.versions import Version
from reports import versions as said
from scoring.errors import DashboardError
from ui import markup, session
from ui.session import View

SHARED = 0.5  # seconds for which an answer is good for all readers
EVERY = 2  # seconds; with those, a page knows within 3, and within 5 also on a busy server


def notice(view: View) -> None:
    """Draw the place that stays empty until there is a newer version than the one shown."""
    key, newest = f"newest_known_{view.version.plan}", view.versions[0].id
    known = st.session_state.setdefault(key, newest)
    if view.version.id == newest:
        known = st.session_state[key] = newest
    _look(view.version, view.plan.year, newest, known)


@st.fragment(run_every=EVERY)
def _look(shown: Version, year: int, drawn: int, known: int) -> None:
    """``drawn`` is the newest id when the page was drawn; ``known`` is the newest that this reader has had the choice of."""
    page = session.seen()  # where all of it is drawn, the store has just been asked
    newest = page.versions[0] if page else _newest(shown.plan, drawn)
    if newest is None or newest.id == shown.id:
        return
    if newest.id == known:
        st.html(_quiet(newest, shown))
        return
    with st.container(horizontal=True, vertical_alignment="center", key="news"):
        st.html(markup.notice(said.news(newest, shown, year)), width="content")
        if st.button(f"看第{newest.number}版", key="show_newest", type="primary"):
            session.choose("v", str(newest.number))
            st.rerun()


def _quiet(newest: Version, shown: Version) -> str:
    address = f"?{urlencode({'plan': newest.plan, 'v': newest.number})}"
    there = markup.link(address, f"看第{newest.number}版", "plain")
    return f'<p class="note">{markup.text(said.older(newest, shown))}{there}</p>'


def _newest(plan: str, drawn: int) -> Version | None:
    """Return the plan's newest version; None also where the store cannot answer now, for the page stands without."""
    with suppress(DashboardError):
        return _asked(plan, drawn)
    return None


@st.cache_data(ttl=SHARED, max_entries=64, show_spinner=False)
def _asked(plan: str, drawn: int) -> Version | None:  # a page drawn after a publish does not get an answer from before
    return session.source().latest(plan)
