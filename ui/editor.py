"""Who is an editor: what pages ask of the signed-in browser, whose ticket the middleware put into ``st.user``.

Never the session state, which whoever knows a session's id could take over. Whether the ticket is still good is asked
of the store each time (``data.storage.accounts``).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

import ui.session
from data.errors import EditorNeeded
from data.storage.accounts import PERSON, Accounts
from data.storage.keeping import Session
from scoring.errors import DashboardError
from ui.doors import settings

USER_KEY = "editor_ticket"  # in st.user
__all__ = ["Editor", "EditorNeeded", "accounts", "allowed", "current", "may_look", "name_of", "seen", "session"]


@dataclass(frozen=True)
class Editor:
    """A person who may publish. ``name`` goes into the record."""

    name: str


def accounts() -> Accounts:
    """Return the editors of the store behind the pages."""
    return ui.session.source().accounts


def current() -> Editor | None:
    """Return the editor who looks at this page, None for everybody else."""
    name = name_of(_ticket())
    return Editor(name) if name else None


def name_of(ticket: str) -> str | None:
    """Return the editor whose ticket this is; None also where the store cannot answer now, for pages stand without."""
    with suppress(DashboardError):
        return accounts().who(ticket) if ticket else None
    return None


def may_look() -> bool:
    """Tell whether this browser may still see the pages; an open one outlives its session."""
    if not settings.access().signed_in_only:
        return True
    ticket = _ticket()
    return ticket.startswith(PERSON) or name_of(ticket) is not None


def seen() -> None:
    """Note that the browser is in use: its script runs, by a click or by a key in the meeting."""
    ticket = _ticket()
    with suppress(DashboardError):  # no reason not to show the page
        if ticket:
            accounts().seen(ticket)


def session() -> Session:
    """Return what ``Store.publish`` asks inside its transaction: the editor's name, or EditorNeeded.

    It may be called in another thread, such as a download's.
    """
    return accounts().guard(_ticket())


def allowed(make: Callable[[], bytes], about: str) -> Callable[[], bytes]:
    """Return ``make`` behind a check that is made, and noted, when it is called: EditorNeeded for others.

    ``about`` says in the journal what was taken.
    """
    ticket = _ticket()

    def checked() -> bytes:
        accounts().note("original", ticket, about)
        return make()

    return checked


def _ticket() -> str:
    return str(st.user.get(USER_KEY) or "")
