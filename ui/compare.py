"""变化: which two versions are compared, held by the address (``?from=&to=``), and what is drawn of them."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from data.versions import Version
from reports import changes as said
from reports import lists, words
from scoring import changes
from scoring.changes import Changes
from ui import changes as drawn
from ui import lead, markup, session, tables
from ui.changes import Between
from ui.session import View

PARAMS = ("from", "to")
STALE = ("stale", "status", "weight", "report", "department")


def chosen(view: View) -> tuple[Version, Version] | None:
    """Draw the two lists and return the older and the newer version to compare; None where there is only one.

    The address wins; without one, the newest is compared with the version before it.
    """
    versions = {version.number: version for version in view.versions}
    if len(versions) < 2:
        return None
    newer = versions[_number("to", versions, view.versions[0].number)]
    before = next((other for other in view.versions if other.number < newer.number), view.versions[0])
    older = versions[_number("from", versions, before.number)]
    with st.container(horizontal=True, vertical_alignment="center", key="compared"):
        for param, label, version in zip(PARAMS, ("从", "到"), (older, newer), strict=True):
            _list(view, param, label, version)
    return older, newer


def between(view: View, older: Version, newer: Version) -> Between:
    """Return two versions compared, each judged by today's rules on its own data date."""
    law = view.method.fingerprint
    compared = _compared(older.id, newer.id, law, older, newer)
    target = _newer(view, newer, compared.after)

    def href(row: Any) -> str:
        return target.indicator(row.Index)

    return Between(compared, f"第{older.number}版", f"第{newer.number}版", view.plan.year, href)


def stale(view: View, pair: Between, newer: Version) -> str:
    """Return 多日未更新: what the newer version only carries over and is not done, the longest first."""
    target = _newer(view, newer, pair.changes.after)
    rows = lists.stale(target.scored, newer.data_date)
    return markup.heading("多日未更新", words.amount(rows)) + tables.indicators(target, rows, STALE, first=tables.FIRST)


def answer(view: View, pair: Between, older: Version, newer: Version) -> None:
    """Draw the headline and, below it, which versions it speaks of."""
    year = view.plan.year
    days = f"{words.day(older.data_date, year)} → {words.day(newer.data_date, year)}"
    order = "" if older.number < newer.number else "；按从新到旧比较"
    note = f"{pair.before} → {pair.after}，数据截至{days}，各按自己的截至日判断{order}。"
    lead.show(said.moved(pair.changes), note)


def told(pair: Between, newer: Version) -> str:
    """Return the story, what was added and removed, and how the departments moved."""
    story = drawn.story(said.story(pair.changes, newer.data_date, pair.year))
    parts = (markup.heading("五句话") + story + drawn.gone(pair), drawn.departments(pair))
    return "".join(f'<div class="block">{part}</div>' for part in parts if part)


def _newer(view: View, newer: Version, scored: pd.DataFrame) -> View:
    """Return the reader's view of the newer version on its own data date, for its rows and their addresses."""
    return replace(view, version=newer, as_of=newer.data_date, scored=scored)


def _number(param: str, versions: dict[int, Version], default: int) -> int:
    asked = st.query_params.get(param)
    if asked is None or (asked.isdecimal() and int(asked) in versions):
        return int(asked) if asked else default
    st.html(markup.notice(f"没有第“{asked}”版，现在用第{default}版比较。"))
    return default


def _list(view: View, param: str, label: str, version: Version) -> None:
    titles = {
        str(other.number): f"{label}第{other.number}版（{words.day(other.data_date, view.plan.year)}）"
        for other in view.versions
    }
    st.session_state[f"{param}_version"] = str(version.number)
    st.selectbox(
        label,
        list(titles),
        key=f"{param}_version",
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        on_change=_take,
        args=(param,),
        width=220,
    )


def _take(param: str) -> None:
    st.query_params[param] = st.session_state[f"{param}_version"]


@st.cache_resource(show_spinner=False, max_entries=32)
def _compared(older_id: int, newer_id: int, law: str, _older: Version, _newer: Version) -> Changes:
    def scored(version: Version) -> pd.DataFrame:
        return session.scored(version.id, law, version.data_date)

    return changes.compare(scored(_older), scored(_newer))
