"""操作记录 for editors: who did what when with which result, newest first, a page at a time."""

import streamlit as st

from data.storage.journal import Entry
from reports import journal as said
from ui import editor, markup

ON_A_PAGE = 20
SKIP = "journal_skip"
_HEADS = ("时间", "谁", "做了什么", "对象", "结果")


def draw() -> None:
    """Draw the journal for an editor; nothing for others."""
    if editor.current() is None:
        return
    accounts = editor.accounts()
    length = accounts.journal_length()
    skip = min(int(st.session_state.get(SKIP, 0)), max(length - 1, 0) // ON_A_PAGE * ON_A_PAGE)
    entries = accounts.journal(skip, ON_A_PAGE)
    st.html(markup.heading(said.TITLE, said.place(skip, len(entries), length)) + _table(entries))
    with st.container(horizontal=True):
        _turn("更新的", skip - ON_A_PAGE, skip > 0)
        _turn("更早的", skip + ON_A_PAGE, skip + ON_A_PAGE < length)


def _table(entries: tuple[Entry, ...]) -> str:
    heads = "".join(f"<th>{head}</th>" for head in _HEADS)
    rows = "".join(
        f"<tr>{''.join(f'<td>{markup.text(cell)}</td>' for cell in said.line(entry))}</tr>" for entry in entries
    )
    return f'<div class="scroll"><table class="tb journal"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _turn(label: str, skip: int, there: bool) -> None:
    if there:
        st.button(label, key=f"journal_{label}", type="tertiary", on_click=_turned, args=(skip,))


def _turned(skip: int) -> None:
    st.session_state[SKIP] = skip
