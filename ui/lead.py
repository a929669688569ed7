"""A page's headline: its answer in one sentence.

It is Streamlit's own title, whose script is in the browser from the start. What ``st.html`` draws waits for a script of
its own, and then, together with all else that waited, for another third of a second.
"""

from functools import lru_cache

import streamlit as st

from reports.words import INKS, Sentence
from ui import markup

_THEME = ("blue", "green", "orange", "red", "gray")


def show(sentence: Sentence, note: str = "") -> None:
    """Draw a page's H1; ``note`` stands small below it."""
    st.title("".join(_piece(piece.text, piece.tone) for piece in sentence), anchor=False)
    if note:
        st.html(markup.note(note))


def _piece(words: str, tone: str) -> str:
    return f":{_colours()[tone]}[{markup.md(words)}]" if tone else markup.md(words)


@lru_cache(maxsize=1)
def _colours() -> dict[str, str]:
    """Return the theme's name for the colour of each tone."""
    names = {st.get_option(f"theme.{name}TextColor"): name for name in _THEME}
    names[st.get_option("theme.primaryColor")] = "primary"
    return {tone: names[ink] for tone, ink in INKS.items()}
