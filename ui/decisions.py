"""议定事项: noted by an editor on a slide of the meeting, ticked off there and on the indicator's page."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import streamlit as st

from data.decisions import Decision
from data.storage.deciding import LONGEST, LONGEST_NAME
from data.storage.keeping import BEIJING
from reports import decisions as said
from reports.meeting.slides import Agenda, Item, Slide
from scoring.errors import DashboardError
from ui import editor, markup, session
from ui.session import View

TOLD = "decision_told"


@dataclass(frozen=True)
class Subject:
    """What is decided about: an indicator by its serial, or "" for the whole; ``key`` names the widgets."""

    plan: str
    serial: str
    owner: str
    key: str

    def value(self, name: str) -> Any:
        """Return what was entered."""
        return st.session_state.get(f"{self.key}_{name}")


def noting(view: View, slide: Slide) -> None:
    """Draw the place where an editor notes a decision on a slide, and ticks off those that it shows."""
    if editor.current() is None:
        return
    item = slide.content if isinstance(slide.content, Item) else None
    subject = Subject(view.version.plan, item.serial if item else "", item.owner if item else "", f"note_{slide.key}")
    shown = {row.id for row in slide.content.rows} if isinstance(slide.content, Agenda) else set()
    there = [each for each in view.decisions if each.id in shown or (item and each.serial == subject.serial != "")]
    with st.popover("记议定事项", width="content"):
        _told()
        for each in there:
            _listed(view, each)
        _form(subject)


def of_indicator(view: View, index: int) -> None:
    """Draw what meetings decided about an indicator, what is open first; nothing where they decided nothing."""
    serial = view.scored.at[index, "serial"]
    about = [each for each in view.decisions if each.serial == serial != ""]
    if not about:
        return
    st.html(markup.heading("议定事项", f"{sum(each.open for each in about)}项未办结"))
    _told()
    for each in sorted(about, key=lambda each: (not each.open, -each.id)):
        _listed(view, each)


def _told() -> None:
    if TOLD in st.session_state:
        st.html(markup.notice(st.session_state.pop(TOLD)))


def _listed(view: View, decision: Decision) -> None:
    facts = said.facts(decision, view.plan.year, view.as_of)
    st.html(f'<p class="decision">{markup.text(said.told(decision))}<small>{markup.text(facts)}</small></p>')
    if editor.current():
        label = "办结" if decision.open else "改回未办结"
        st.button(label, key=f"decision_{decision.id}", on_click=_settle, args=(decision, secrets.token_hex(16)))


def _form(subject: Subject) -> None:
    st.text_area("议定什么", key=f"{subject.key}_text", max_chars=LONGEST)
    st.text_input("谁落实", value=subject.owner, key=f"{subject.key}_who", max_chars=LONGEST_NAME)
    st.date_input("什么时候前", value=None, format="YYYY-MM-DD", key=f"{subject.key}_until")
    token = st.session_state.setdefault(f"{subject.key}_token", secrets.token_hex(16))
    st.button("记下", type="primary", key=f"{subject.key}_save", on_click=_note, args=(subject, token))


def _note(subject: Subject, token: str) -> None:
    text, who, until = (subject.value(name) for name in ("text", "who", "until"))
    decision = Decision(0, subject.plan, subject.serial, str(text or ""), str(who or ""), until, _today(), "")
    if _decided(decision, token, "已记下。"):
        for name in ("text", "who", "until", "token"):
            st.session_state.pop(f"{subject.key}_{name}", None)


def _settle(decision: Decision, token: str) -> None:
    done_on = _today() if decision.open else None
    _decided(replace(decision, done_on=done_on), token, "已办结。" if done_on else "已改回未办结。")


def _decided(decision: Decision, token: str, told: str) -> bool:
    try:
        session.source().decide(decision, token=token, session=editor.session())
    except DashboardError as error:
        st.session_state[TOLD] = str(error)
        return False
    st.session_state[TOLD] = told
    return True


def _today() -> date:
    return datetime.now(BEIJING).date()  # a decision is made on the day on which it is noted
