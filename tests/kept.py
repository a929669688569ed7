"""A store of a test's own behind the pages, and pages opened by an editor."""

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.storage.accounts import session_ticket
from data.store import Store, default_url
from data.versions import Version
from tests.drawing import xlsx
from tests.published import FRAME, TITLE, UNIT, YEAR, stands
from tests.servers import PASSWORD
from ui import editor, session

PLAN = f"{UNIT} {YEAR}"
_tokens = itertools.count(1)


def forget() -> None:
    """Drop what the server keeps by version id: the ids of every store count from 1."""
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store in a folder of its own, from which the pages are drawn."""
    forget()
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    kept = Store.open(default_url())
    monkeypatch.setattr(session, "source", lambda: kept)
    yield kept
    forget()


def published(store: Store, drawing: str, day: str, author: str = "某人", note: str = "") -> Version:
    """Publish a drawn table on the plan's newest version."""
    newest = store.latest(PLAN)
    return store.publish(
        plan=PLAN,
        content=xlsx(TITLE + drawing),
        filename=f"考评表{day}.xlsx",
        base=newest.id if newest else None,
        author=author,
        data_date=date.fromisoformat(day),
        note=note,
        token=f"test {next(_tokens)}",
    )


def ticket(name: str) -> str:
    """Return the ticket of a session of an editor, who is added to the store behind the pages."""
    accounts = editor.accounts()
    if name not in [each.name for each in accounts.editors()]:
        accounts.add(name, PASSWORD, "测试")
    return session_ticket(accounts.sign_in(name, PASSWORD, address="127.0.0.1").token)


def opened_by(name: str, address: str) -> AppTest:
    """Open a page by its address as an editor; "" is a reader."""
    parts = urlsplit(address)
    app = AppTest.from_file(str(FRAME), default_timeout=60)
    if name:
        app.user[editor.USER_KEY] = ticket(name)
    app.run()
    app.query_params.clear()  # of what the first run chose
    for key, value in parse_qsl(parts.query):
        app.query_params[key] = value
    return stands(app.switch_page(f"../pages/{parts.path.strip('/')}.py").run())


def text(app: AppTest) -> str:
    """Return all HTML of a page without its tags."""
    bodies = (element.proto.body for element in app.main if element.type == "html")
    pieces = (piece.split(">", 1)[-1] for body in bodies for piece in body.split("<"))
    return "".join(pieces)


def button(app: AppTest, label: str):  # type: ignore[no-untyped-def]  # whatever kind AppTest makes of it
    """Return the button whose label starts so."""
    return next(each for each in app.button if each.label.startswith(label))
