"""Choices that a page offers and its address holds: ``?department=``, ``?leader=``."""

import pandas as pd
import streamlit as st

from ui import markup, session


def holder(param: str, label: str, table: pd.DataFrame) -> str:
    """Draw the list of a summary's names and return the chosen one; the address wins, else the first of the table."""
    names = tuple(str(name) for name in table.index)
    chosen, note = session.pick(param, names, names[0])
    if note:
        st.html(f'<p class="notice">※ {markup.text(note)}</p>')
    session.hold(f"{param}_list", chosen)
    st.selectbox(
        label,
        names,
        key=f"{param}_list",
        format_func=markup.option,
        on_change=_listed,
        args=(param,),
        label_visibility="collapsed",
        width=320,
    )
    return chosen


def chosen(param: str, table: pd.DataFrame) -> str:
    """Return the name that the address holds, else the first of the table, without drawing a list."""
    return session.pick(param, tuple(str(name) for name in table.index), str(table.index[0]))[0]


def clicked(param: str, chart: str) -> None:
    """Take the name that was clicked in a chart; its figure carries the names as ``customdata``."""
    points = st.session_state[chart].selection.points
    if points:
        st.query_params[param] = str(points[0]["customdata"][0])


def _listed(param: str) -> None:
    st.query_params[param] = st.session_state[f"{param}_list"]
