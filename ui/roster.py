"""单位名单 for editors, on the page 各单位: a list is read and shown before it is kept."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

import streamlit as st

from data.errors import WorkbookRejected
from data.storage.roster import Roster, key, read_roster
from reports import units as said
from reports import words
from scoring.errors import DashboardError
from ui import editor, markup, session
from ui.editor import Editor
from ui.markup import text
from ui.units import City

HELD = 8  # lists that are kept for those who are looking at them
FIRST = 10  # units before 其余n家
MOST = 300  # units; what is cut off is counted below
DROPS, TOLD = "roster_drops", "roster_told"
_HEADS = ("单位", "组别", "应报文件", "现有考评表")


@dataclass(frozen=True, eq=False)
class Dropped:
    """A list as it was dropped, or why it is none; ``token`` makes a double click keep it once."""

    roster: Roster | WorkbookRejected
    token: str


def editing(city: City) -> None:
    """Draw the list that counts and the place to drop another one, for an editor; nothing for others."""
    who = editor.current()
    if who is None:
        return
    with st.container(key="roster"):
        st.html(markup.heading(said.ROSTER) + markup.note(said.in_force(city.roster)))
        if TOLD in st.session_state:
            st.html(markup.notice(st.session_state.pop(TOLD)))
        found = _dropped()
        if found and isinstance(found.roster, Roster):
            _read(found.roster, found.token, city, who)
        else:
            _picker(str(found.roster) if found else "")


def _picker(refused: str) -> None:
    if refused:
        st.html(markup.notice(refused))
    name = f"roster_drop_{st.session_state.get(DROPS, 0)}"
    with st.container(key="picker_roster"):
        st.file_uploader(said.ROSTER, key=name, on_change=_take, args=(name,), label_visibility="collapsed")
    st.html(markup.note(said.ROSTER_NOTE))


def _take(name: str) -> None:
    file = st.session_state.get(name)
    if file is None:  # taken already
        return
    content = file.getvalue()
    digest = sha256(content + file.name.encode()).hexdigest()
    _held(digest, file.name, content)
    _forget()
    st.session_state["roster_digest"], st.session_state["roster_token"] = digest, secrets.token_hex(16)


def _forget() -> None:
    drops = st.session_state.get(DROPS, 0)
    for name in [name for name in st.session_state if str(name).startswith("roster_")]:
        del st.session_state[name]
    st.session_state[DROPS] = drops + 1


def _dropped() -> Dropped | None:
    """Return the list that this session is looking at, None where there is none (any more)."""
    digest = st.session_state.get("roster_digest")
    if digest is None:
        return None
    try:
        return Dropped(_held(digest, "", None), st.session_state["roster_token"])
    except LookupError:
        _forget()
        return None


@st.cache_resource(show_spinner="正在读单位名单…", max_entries=HELD)
def _held(digest: str, _name: str, _content: bytes | None) -> Roster | WorkbookRejected:
    if _content is None:
        raise LookupError(digest)
    try:
        return read_roster(_content, _name)
    except WorkbookRejected as error:
        return error


def _read(roster: Roster, token: str, city: City, who: Editor) -> None:
    """Draw what was read, what it would change, and the two ways on."""
    notes = (said.read(roster, city.plans), said.replaced(roster, city.roster), said.unlisted(roster, city.plans))
    st.html("".join(f'<p class="facts">{text(note)}</p>' for note in notes if note) + _table(roster, city))
    with st.container(horizontal=True):
        st.button(said.KEEP, type="primary", on_click=_keep, args=(roster, token, who.name))
        st.button("换一个文件", on_click=_forget)


def _table(roster: Roster, city: City) -> str:
    years: dict[str, list[str]] = {}
    for plan in city.plans:
        years.setdefault(key(plan.unit), []).append(str(plan.year))
    rows = [
        f"<tr><td>{text(each.unit)}</td><td>{text(each.group) or words.MISSING}</td>"
        f"<td>{text(each.filename) or words.MISSING}</td>"
        f"<td>{'、'.join(years.get(key(each.unit), [])) or '没有'}</td></tr>"
        for each in roster.units[:MOST]
    ]
    head = f"<thead><tr>{''.join(f'<th>{head}</th>' for head in _HEADS)}</tr></thead>"
    shown = f'<table class="tb roster">{head}<tbody>{"".join(rows[:FIRST])}</tbody></table>'
    rest = len(roster.units) - FIRST
    if rest <= 0:
        return shown
    cut = markup.note(f"只列前{MOST}家，共{len(roster.units)}家。") if len(roster.units) > MOST else ""
    more = f'<table class="tb roster">{head}<tbody>{"".join(rows[FIRST:])}</tbody></table>{cut}'
    return f'{shown}<details class="more"><summary>其余{rest}家</summary>{more}</details>'


def _keep(roster: Roster, token: str, author: str) -> None:
    try:
        session.source().keep_roster(roster, author=author, token=token, session=editor.session())
    except DashboardError as error:
        st.session_state[TOLD] = str(error)
        return
    _forget()
    st.session_state[TOLD] = said.kept(roster)
