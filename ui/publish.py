"""Publishing a checked file: what must be said and confirmed first, the act itself, and what came of it.

The button carries the version that its reader compared with, so that nobody publishes over a version unseen; the
drop's token makes a double click or a lost answer one version.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from data.store import StalePublish
from data.versions import Version
from reports import upload as said
from scoring.errors import DashboardError
from ui import editor, markup, session, upload
from ui.markup import text
from ui.upload import Checked


@dataclass(frozen=True)
class Tick:
    """Something to confirm: its name in keys, what the reader confirms, and what is still missing without it."""

    name: str
    words: str
    lacking: str


def form(found: Checked) -> None:
    """Draw what is asked before publishing, the buttons, and what is still missing; publish where that was clicked."""
    if found.shown is None:
        _plan_fields(found)
    _news(found)
    with st.container(horizontal=True, vertical_alignment="bottom", key="publish"):
        day_key = f"upload_date_{found.file.token}"
        st.date_input("数据截至", value=None, key=day_key, format="YYYY-MM-DD", width=180)
        note = st.text_input("说明（可不填）", key=f"upload_note_{found.file.token}", max_chars=200, width=300)
        button = st.empty()
        upload.downloads(found)
        st.button("换一个文件", key="upload_other", type="tertiary", on_click=upload.forget)
    with st.container(key="ticks"):
        lacking = [
            tick.lacking for tick in _ticks(found) if not st.checkbox(markup.md(tick.words), key=found.key(tick.name))
        ]
    if found.data_date is None:
        lacking.insert(0, "填数据截至")
    if not found.plan:
        lacking.insert(0, "写明单位和年度")
    _button(found, lacking, button)
    if "upload_intent" in st.session_state:
        _publish(found, note)


def _plan_fields(found: Checked) -> None:
    """Ask for what a first file does not say; once asked, a field stays, for it holds the answer."""
    with st.container(horizontal=True):
        if not found.reading.unit:
            st.text_input("参评单位（表里没有写）", key="upload_unit", max_chars=40, width=300)
        if not found.reading.year or "upload_year" in st.session_state:
            first, last = upload.FIRST_YEAR, upload.FIRST_YEAR + 99
            st.number_input("考评年度（表里没有写）", first, last, None, key="upload_year", width=200)


def _news(found: Checked) -> None:
    """Say that a publish was refused, or that the version to compare with has changed meanwhile."""
    base = found.base.id if found.base else 0
    compared = st.session_state.setdefault("upload_base", base)
    told = st.session_state.get("upload_lost", "")
    if not told and compared != base and found.base:
        told = said.moved_on(found.base, found.details.year)
    if told:
        st.html(markup.notice(told))


def _ticks(found: Checked) -> Iterator[Tick]:
    year, known = found.details.year, found.base is not None
    elsewhere = said.elsewhere(found.reading, found.plan, found.shown, known)
    if elsewhere and found.shown:
        yield Tick("plan", elsewhere, "确认发布到哪个方案")
    if found.same:
        yield Tick("same", said.same_bytes(found.same, found.base, year), "确认再发布同一份文件")
    if len(found.changes.targets):
        yield Tick("targets", said.retargeted(len(found.changes.targets)), "确认目标改动")
    if found.incomplete:
        yield Tick("incomplete", said.incomplete(found.incomplete), "确认表不完整")
    backwards = said.backwards(found.data_date, found.base, year) if found.data_date else ""
    if backwards:
        yield Tick("backwards", backwards, "确认数据截至")


def _button(found: Checked, lacking: list[str], place: "st.delta_generator.DeltaGenerator") -> None:
    blocking = said.blocking(found.findings)
    if editor.current() is None:
        st.html(upload.no_editor())
        return
    place.button(
        f"发布为第{found.number}版",
        key="upload_publish",
        type="primary",
        disabled=bool(blocking or lacking),
        on_click=_intend,
        args=(found.base.id if found.base else 0,),
    )
    st.html(markup.note(said.before(blocking, lacking)))


def _intend(base: int) -> None:
    st.session_state["upload_intent"] = base
    st.session_state.pop("upload_lost", None)


def _publish(found: Checked, note: str) -> None:
    base, who, day = st.session_state.pop("upload_intent"), editor.current(), found.data_date
    if who is None or day is None or not found.plan:
        return
    with st.spinner("正在发布…"):
        try:
            version = session.source().publish(
                plan=found.plan,
                content=found.file.content,
                filename=found.file.name,
                base=base or None,
                author=who.name,
                data_date=day,
                note=said.note(note, upload.heads_checked(found), len(found.asked)),
                token=found.file.token,
                session=editor.session(),
            )
        except StalePublish as lost:
            st.session_state["upload_lost"] = said.lost(lost)
        except DashboardError as error:
            st.session_state["upload_lost"] = str(error)
        else:
            st.session_state["upload_done"] = version.id
            session.choose("plan", version.plan)
    st.rerun()


def done() -> Version | None:
    """Return the version that was made of this session's file, None before that."""
    made = st.session_state.get("upload_done")
    return None if made is None else session.source().version(made)


def receipt(version: Version) -> None:
    """Draw that it is published, where to look, and how to take it back."""
    view = session.view()
    facts = "".join(f"<span>{text(part)}</span>" for part in said.done_facts(version, view.plan.year))
    links = (("", "看总览"), ("changes", "看变化"), ("versions", "到版本页（可恢复上一版）"))
    there = "　".join(markup.link(view.link(page), words, "plain") for page, words in links)
    upload.step(2, said.done(version))
    st.html(f'<p class="context">{facts}</p><p class="facts">{there}</p>')
    st.button("再传一个文件", key="upload_again", on_click=upload.forget)
