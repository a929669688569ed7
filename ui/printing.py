"""Paper: the button 打印, the line at the foot of every printed page, and what the printed page leaves out."""

import streamlit as st

from reports.imprint import Imprint
from ui import session
from ui.session import View

# The handler is a property, so that every change of the data, which calls the function again, replaces it.
_PRINT = (
    "export default ({ parentElement }) => { parentElement.querySelector('button').onclick = () => window.print(); }"
)
_STYLE = """
button { font: inherit; font-size: 14px; min-height: 40px; padding: 4px 14px; cursor: pointer; }
button { color: #16202E; background: #fff; border: 1px solid #DDE2E9; border-radius: 6px; }
button:hover { color: #1F4FA3; border-color: #1F4FA3; }
button:focus-visible { outline: 2px solid #1F4FA3; outline-offset: 1px; }
"""
_COMPONENT = st.components.v2.component(
    "print_button", html='<button type="button">打印</button>', css=_STYLE, js=_PRINT
)


def button() -> None:
    """Draw 打印, which opens the browser's own dialog."""
    _COMPONENT(key="print_button", width="content")


def foot(said: str) -> str:
    """Return the line at the foot of the printed page; @page takes it from a property of the root element."""
    return f"<style>:root{{--imprint:{quoted(said)}}}</style>"


def imprint(view: View) -> Imprint:
    """Return what a paper or a printed page of the version shown says of itself."""
    version = view.version
    return Imprint(version.plan, version.number, version.data_date, session.source().head()[1], view.plan.example)


def quoted(words: str) -> str:
    """Return words as a CSS string in which every character is its number, so that none can end it."""
    return '"' + "".join(f"\\{ord(character):x} " for character in words) + '"'
