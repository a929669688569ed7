"""The line above every page: whose table, which version, judged on which day; and what stands where there is none."""

from functools import lru_cache
from typing import Any

import streamlit as st

from data.versions import Version
from reports import words
from scoring.status import carried_over
from ui import lead, markup, printing, session
from ui.session import View

SWITCH_UP_TO = 2  # plans; more of them stand in a list, for there is no more room beside the menu


def trouble() -> None:
    """Draw what readers should know about the store, where there is something."""
    told = session.trouble()
    if told:
        st.html(f'<div role="alert">{markup.notice(told)}</div>')


def line(view: View) -> None:
    """Draw the context line with plan switch, version and as-of date."""
    _plan_switch(view)
    with st.container(horizontal=True, vertical_alignment="center", key="context"):
        st.html(facts(view))
        _version_list(view)
        _as_of_date(view)
        printing.button()
    for note in view.notes:
        st.html(f'<p class="notice">※ {markup.text(note)}</p>')


@session.cached
def facts(view: View) -> str:
    """Return the context line: unit and year, data date, items reported and carried over, share of the year, 口径.

    On paper it ends with the version, which the screen shows in a list beside it.
    """
    plan, year = view.plan, view.plan.year
    parts = [
        markup.text(f"{plan.unit}　{year}年度绩效目标"),
        markup.text(f"数据截至{words.day(view.version.data_date, year)}"),
        markup.text(_reported(view)),
        markup.text(_judged_on(view)),
        f'<b class="example">{words.EXAMPLE}</b>' if plan.example else "",
        markup.link(view.link("method"), "口径"),
    ]
    shown = "".join(f"<span>{part}</span>" for part in parts if part)
    foot = printing.foot(printing.imprint(view).line())
    return f'<p class="context">{shown}<span class="paper">第{view.version.number}版</span></p>{foot}'


def _reported(view: View) -> str:
    if view.phase == "evaluation":
        return ""
    table = view.scored
    reported = table["status"] != "not_reported"
    carried = reported & carried_over(table, view.version.data_date)
    words_for_carried = f"、{carried.sum()}项沿用上版" if carried.any() else ""
    return f"{len(table)}项中{reported.sum()}项已填报{words_for_carried}"


def _judged_on(view: View) -> str:
    if view.as_of != view.version.data_date:
        return f"按{words.day(view.as_of, view.plan.year)}判断"
    days = (view.as_of.replace(month=12, day=31) - view.as_of.replace(month=1, day=1)).days + 1
    gone = view.as_of.timetuple().tm_yday / days
    return f"全年时间已过{words.percent(gone)}" if view.as_of.year == view.plan.year else ""


def _plan_switch(view: View) -> None:
    plans = view.plans
    if len(plans) < 2:
        return
    session.hold("plan_switch", view.version.plan)
    few = len(plans) <= SWITCH_UP_TO
    draw: Any = st.segmented_control if few else st.selectbox
    with st.container(key="plans"):
        draw(
            "方案",
            plans,
            key="plan_switch",
            format_func=markup.md if few else _titles(plans).__getitem__,
            label_visibility="collapsed",
            on_change=_chosen,
            args=("plan", "plan_switch"),
        )


@lru_cache(maxsize=4)
def _titles(plans: tuple[str, ...]) -> dict[str, str]:
    """Return how the list shows each plan: made once for thousands of them, not for each run."""
    return {plan: markup.option(plan) for plan in plans}


def _version_list(view: View) -> None:
    titles = {str(version.number): _version_title(version, view.plan.year) for version in view.versions}
    session.hold("version_list", str(view.version.number))
    st.selectbox(
        "版本",
        list(titles),
        key="version_list",
        format_func=lambda number: markup.md(titles[number]),
        label_visibility="collapsed",
        on_change=_chosen,
        args=("v", "version_list"),
        width=200,
    )


def _version_title(version: Version, year: int) -> str:
    return f"第{version.number}版（{words.day(version.data_date, year)}）"


def _as_of_date(view: View) -> None:
    session.hold("as_of_date", view.as_of)
    st.date_input(
        "判断日期",
        key="as_of_date",
        format="YYYY-MM-DD",
        label_visibility="collapsed",
        on_change=_chosen,
        args=("as_of", "as_of_date"),
        width=140,
    )


def _chosen(name: str, widget: str) -> None:
    value = st.session_state[widget]
    if value is not None:  # a switch clicked off keeps what it showed
        session.choose(name, str(value))


def signed_out() -> None:
    """Draw what stands where only the signed-in may look and this browser no longer is."""
    lead.show(words.SIGNED_OUT)
    st.html(f'<p class="note">{markup.sign_in("")}</p>')


def no_table() -> None:
    """Draw what stands where there is no table yet."""
    lead.show(words.NO_TABLE, "有了考评表以后，这里会用一句话说明全部分值现在的情况：哪些稳、哪些险、哪些还空着。")
