"""The board of 推演: which indicators are assumed to stand otherwise. The address holds all of it, nothing is kept."""

import pandas as pd
import streamlit as st

from reports import indicator
from reports import outlook as said
from reports.words import TIERS
from scoring import outlook, score
from scoring.outlook import Assumption
from scoring.table import COLUMNS
from ui import assumptions, browse, markup, session, tables
from ui.assumptions import Board
from ui.markup import text
from ui.session import View

ADD = "what_add"
WIDTH = 116  # pixels of a choice on the board
_UNCHANGED = 0  # in the place of a tier: to a list, None means that nothing is chosen


def draw(view: View, board: Board) -> None:
    """Draw the board: a list to add from, a row for each assumption, and the way back to the table as it is."""
    st.html(markup.heading("推演", said.tried(len(board.assumptions))) + "".join(map(markup.notice, board.notes)))
    _add(view, board)
    after = rescored(view, board.assumptions)
    for one in board.assumptions:
        _line(view, one, after)
    if board.assumptions:
        st.button("清空推演", key="what_clear", on_click=assumptions.put, args=(view, ()))
    st.html(markup.note(said.NOT_PUBLISHED))


def rescored(view: View, assumed: tuple[Assumption, ...]) -> pd.DataFrame:
    """Return the view's scored table as it would be; the table itself where nothing is assumed."""
    return _rescored(view.key, assumed, view) if assumed else view.scored


@st.cache_resource(show_spinner=False, max_entries=16)
def _rescored(key: tuple[object, ...], assumed: tuple[Assumption, ...], _view: View) -> pd.DataFrame:
    return score(outlook.assumed(_view.scored[list(COLUMNS)], assumed), _view.method, _view.as_of)


def _add(view: View, board: Board) -> None:
    chosen = {one.index for one in board.assumptions}
    options = [index for index in view.scored.index if index not in chosen]
    if len(view.scored) > browse.MOST_LISTED or len(chosen) >= assumptions.MOST:
        few = len(view.scored) <= browse.MOST_LISTED
        st.html(
            markup.note(f"已有{len(chosen)}项，先移出再放。" if few else "指标太多，列表从略；从左边的链接放进来。")
        )
        return
    titles = browse.titles(view)
    st.selectbox(
        "放进推演的指标",
        options,
        index=None,
        key=ADD,
        format_func=titles.__getitem__,
        placeholder="选一项指标放进来，可以打字找",
        label_visibility="collapsed",
        on_change=_added,
        args=(view,),
    )


def _line(view: View, one: Assumption, after: pd.DataFrame) -> None:
    keys = {name: f"what_{name}_{one.index}" for name in ("tier", "progress", "remove")}
    session.hold(keys["tier"], one.tier or _UNCHANGED)
    session.hold(keys["progress"], None if one.progress is None else round(one.progress * 100))
    with st.container(horizontal=True, vertical_alignment="center", key=f"what_row_{one.index}"):
        st.html(_told(view, one, after))
        _tier(view, one, keys["tier"])
        st.number_input(
            "进度（%）",
            min_value=0,
            max_value=assumptions.HIGHEST,
            value=None,
            key=keys["progress"],
            placeholder="进度不变",
            label_visibility="collapsed",
            on_change=_changed,
            args=(view, one.index, "progress", keys["progress"]),
            width=WIDTH,
        )
        st.button("移出", key=keys["remove"], type="tertiary", on_click=_removed, args=(view, one.index))


def _tier(view: View, one: Assumption, key: str) -> None:
    st.selectbox(
        "定档",
        [_UNCHANGED, *TIERS],
        key=key,
        format_func=lambda tier: TIERS.get(tier, "定档不变"),
        label_visibility="collapsed",
        on_change=_changed,
        args=(view, one.index, "tier", key),
        width=WIDTH,
    )


def _told(view: View, one: Assumption, after: pd.DataFrame) -> str:
    """Return an indicator's name, and how it stands now and would stand."""
    was, would = (next(indicator.lines(table.loc[[one.index]])) for table in (view.scored, after))
    states = [markup.status(row.status) for row in (was, would)]
    moved = states[0] if was.status == would.status else " → ".join(states)
    extra = said.stands(would, view.method)
    return f'<p class="tried">{tables.name(view, was)}<span>{moved}　{text(extra)}</span></p>'


def _added(view: View) -> None:
    index = st.session_state[ADD]
    st.session_state[ADD] = None
    if index is not None:
        assumptions.put(view, assumptions.changed(assumptions.asked(view).assumptions, index))


def _changed(view: View, index: int, name: str, key: str) -> None:
    value = st.session_state[key]
    if name == "tier":
        value = None if value == _UNCHANGED else value
    elif value is not None:
        value = value / 100
    assumptions.put(view, assumptions.changed(assumptions.asked(view).assumptions, index, **{name: value}))


def _removed(view: View, index: int) -> None:
    kept = tuple(one for one in assumptions.asked(view).assumptions if one.index != index)
    assumptions.put(view, kept)
