"""Finding an indicator: the filters of the list and the walk from one to the next, all held by the address.

The widgets take their value from the address on every run and write it back when they are changed, so that a list
can be bookmarked as it is filtered.
"""

from dataclasses import replace

import pandas as pd
import streamlit as st

from reports import indicator, search
from reports.search import Query
from reports.words import STATUSES
from scoring.table import UNNAMED
from ui import markup, session
from ui.session import View

PAGE = 50  # indicators on one page of the list
MOST_LISTED = 5000  # a longer list is searched, not opened
PARAMS = ("q", "status", "department", "leader", "category", "order", "page")
LISTS = {"department": "科室", "leader": "分管领导", "category": "类别"}
LIST_WIDTH = 170  # pixels; two of them stand side by side on a telephone
ORDERS = {"worst": "先险后稳", "table": "按表内顺序"}
_ALL = ""


def asked() -> Query:
    """Return what the address looks for."""
    given = {name: st.query_params.get(name, "") for name in PARAMS}
    statuses = tuple(key for key in given["status"].split(",") if key in STATUSES)
    return Query(
        given["q"], statuses, given["department"], given["leader"], given["category"], given["order"] != "table"
    )


def found(view: View, query: Query) -> pd.DataFrame:
    """Return the indicators that fit, in the order asked for."""
    return search.find(view.scored, _haystack(view), query)


@session.cached
def _haystack(view: View) -> pd.Series:
    return search.haystack(view.scored)


def filters(view: View, query: Query) -> None:
    """Draw search, filters and order; each tells how many indicators it would leave."""
    with st.container(horizontal=True, key="filters"):
        _text(query.text)
        for name, label in LISTS.items():
            _list(view, name, f"全部{label}", getattr(query, name))
        _order(query)
    _statuses(view, query)
    if query.narrows:
        st.html(markup.link(view.link("indicator"), "清除筛选", "plain"))


def _text(text: str) -> None:
    st.session_state["q_text"] = text
    st.text_input(
        "搜索",
        key="q_text",
        placeholder="搜序号、指标、文件、姓名；几个词用空格隔开",
        label_visibility="collapsed",
        on_change=_take,
        args=("q", "q_text"),
    )


def _list(view: View, name: str, everything: str, chosen: str) -> None:
    options = [_ALL, *_names(view, name)]
    if chosen and chosen not in options:
        options.append(chosen)  # an address may ask for a name that this version does not have
    st.session_state[f"{name}_filter"] = chosen
    st.selectbox(
        everything,
        options,
        key=f"{name}_filter",
        format_func=lambda option: markup.option(option) or everything,
        label_visibility="collapsed",
        on_change=_take,
        args=(name, f"{name}_filter"),
        width=LIST_WIDTH,
    )


@session.cached
def _names(view: View, name: str) -> tuple[str, ...]:
    if name == "category":
        return tuple(dict.fromkeys(view.scored["category"]))
    column = view.scored[f"{name}s"]
    named = tuple(dict.fromkeys(each for names in column for each in names))
    return (*named, UNNAMED) if (column.map(len) == 0).any() else named


def _order(query: Query) -> None:
    st.session_state["order_list"] = "worst" if query.worst_first else "table"
    st.selectbox(
        "排列",
        list(ORDERS),
        key="order_list",
        format_func=ORDERS.__getitem__,
        label_visibility="collapsed",
        on_change=_take,
        args=("order", "order_list"),
        width=LIST_WIDTH,
    )


def _statuses(view: View, query: Query) -> None:
    counts = found(view, replace(query, statuses=()))["status"].value_counts()
    shown = [key for key in STATUSES if counts.get(key, 0) or key in query.statuses]
    st.session_state["status_pills"] = list(query.statuses)
    st.pills(
        "状态",
        shown,
        selection_mode="multi",
        key="status_pills",
        format_func=lambda key: f"{indicator.status_words(key)} {counts.get(key, 0)}",
        label_visibility="collapsed",
        on_change=_take,
        args=("status", "status_pills"),
    )


def _take(name: str, widget: str) -> None:
    value = st.session_state[widget]
    text = ",".join(value) if isinstance(value, list) else str(value)
    st.query_params.pop("page", None)
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)


def page(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the page of the list that the address asks for."""
    start = first(len(rows))
    return rows.iloc[start : start + PAGE]


def first(count: int) -> int:
    """Return the place of the first of ``count`` rows that the page asked for shows."""
    return (_page(count) - 1) * PAGE


def pages(count: int) -> None:
    """Draw the page numbers below a list of ``count`` rows, where it has more than one page."""
    last, current = -(-count // PAGE), _page(count)
    if last > 1:
        key = f"page_{current}"  # a new widget for each page, so that the address alone decides where it stands
        st.pagination(last, default=current, key=key, on_change=_take_page, args=(key,))


def _take_page(key: str) -> None:
    st.query_params["page"] = str(st.session_state[key])


def _page(count: int) -> int:
    asked_for = st.query_params.get("page", "")
    number = int(asked_for) if asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 9 else 1
    return min(max(number, 1), max(-(-count // PAGE), 1))


# One indicator


def chosen(view: View) -> int | None:
    """Return the index of the indicator that the address names, None where it names none, after saying so."""
    serial, row = st.query_params.get("serial"), st.query_params.get("row")
    if serial is None and row is None:
        return None
    if serial is not None:
        fits = view.scored.index[view.scored["serial"] == serial]
        note = f"这张表里没有序号“{serial}”，下面是全部指标。"
        several = f"这张表里有{len(fits)}行的序号是“{serial}”，现在显示第一行。" if len(fits) > 1 else ""
    else:
        place = int(row) if row and row.isascii() and row.isdigit() and len(row) < 9 else 0
        fits = view.scored.index[place - 1 : place] if place else view.scored.index[:0]
        note, several = f"这张表里没有第“{row}”项，下面是全部指标。", ""
    if len(fits) != 1:
        st.html(markup.notice(note if not len(fits) else several))
    return int(fits[0]) if len(fits) else None


def walk(view: View, index: int) -> None:
    """Draw the list of all indicators and the buttons to the one before and the one after; ← and → do the same."""
    order = list(view.scored.index)
    place = order.index(index)
    with st.container(horizontal=True, vertical_alignment="center", key="walk"):
        if len(order) <= MOST_LISTED:
            _choice(view, order, index)
        _step("上一项", "Left", view, order, place - 1)
        _step("下一项", "Right", view, order, place + 1)
        st.html(
            f'<p class="walked">第{place + 1}项，共{len(order)}项　{markup.link(view.link("indicator"), "全部指标")}</p>'
        )


def _choice(view: View, order: list[int], index: int) -> None:
    named = titles(view)
    st.session_state["indicator_list"] = index
    st.selectbox(
        "指标",
        order,
        key="indicator_list",
        format_func=named.__getitem__,
        label_visibility="collapsed",
        on_change=lambda: _open(view, st.session_state["indicator_list"]),
        width=520,
    )


@session.cached
def titles(view: View) -> dict[int, str]:
    """Return every indicator's serial and name, as the lists of a page show them."""
    rows = indicator.lines(view.scored)
    return {row.Index: markup.option(_title(row.serial, indicator.called(row))) for row in rows}


def _title(serial: str, name: str) -> str:
    return name if not serial or name.startswith(serial) else f"{serial}　{name}"


def _step(label: str, key: str, view: View, order: list[int], place: int) -> None:
    there = 0 <= place < len(order)
    target = order[place] if there else order[0]
    st.button(label, key=f"walk_{key}", shortcut=key, disabled=not there, on_click=_open, args=(view, target))


def _open(view: View, index: int) -> None:
    for name in ("serial", "row"):
        st.query_params.pop(name, None)
    for name, value in view.place(index).items():
        st.query_params[name] = str(value)
