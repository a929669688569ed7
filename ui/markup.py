"""Text from cells, made literal for each surface that would interpret it, and the few HTML pieces all pages use.

Every text goes through exactly one of three doors: ``text`` for ``st.html``, ``md`` for anything Streamlit reads as
Markdown (labels, options, captions), ``plot`` for Plotly. Canvas tables (``st.dataframe``) show text as it is.
"""

import re
from collections.abc import Iterable
from html import escape

from reports.words import ASSUMED, INKS, STATUSES, Sentence, missing

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_JOINER = "\u2060"  # invisible; keeps Streamlit's own rules (arrows, icons, links) from seeing what they look for
_LIVE = (
    (re.compile(r"(<)(-)|(-)(>)|(=)(>)"), lambda m: _JOINER.join(part for part in m.groups() if part)),
    (re.compile(r":(?=//)"), f":{_JOINER}"),
    (re.compile(r"material_", re.I), f"material{_JOINER}_"),
    (re.compile(r"streamlit:", re.I), f"streamlit{_JOINER}:"),
    (re.compile(r"(www|@)", re.I), rf"\1{_JOINER}"),
)


def text(value: object) -> str:
    """Return ``value`` as literal text inside HTML, also inside a quoted attribute."""
    return escape(_CONTROL.sub("\ufffd", str(value)))


def marked(value: str, places: Iterable[tuple[int, int]]) -> str:
    """Return ``value`` as literal text inside HTML, with some places of it (start, end) highlighted."""
    pieces, last = [], 0
    for start, end in sorted(places):
        if last <= start < end <= len(value):
            pieces += [text(value[last:start]), f"<mark>{text(value[start:end])}</mark>"]
            last = end
    return "".join(pieces) + text(value[last:])


def plot(value: object) -> str:
    """Return ``value`` as literal text inside a Plotly figure."""
    return escape(_CONTROL.sub("\ufffd", str(value)), quote=False)


def option(value: object) -> str:
    """Return ``value`` as one line for the options of a select box, which shows text as it is."""
    return re.sub(r"[\r\n]+", " ", _CONTROL.sub("\ufffd", str(value)))


def md(value: object) -> str:
    """Return ``value`` as literal text where Streamlit reads Markdown. Copies carry an invisible U+2060."""
    line = re.sub(r"[\r\n]+", " ", _CONTROL.sub("\ufffd", str(value)))
    for pattern, instead in _LIVE:
        line = pattern.sub(instead, line)
    return _PUNCTUATION.sub(r"\\\1", line)


def spans(sentence: Sentence) -> str:
    """Return a sentence with its tones as colours."""
    return "".join(_span(piece.text, piece.tone) for piece in sentence)


def _span(words: str, tone: str) -> str:
    return f'<b class="ink-{tone}">{text(words)}</b>' if tone else text(words)


def heading(words: str, aside: str = "") -> str:
    """Return a section's H2 with an aside, such as its points and items."""
    beside = f" <small>{text(aside)}</small>" if aside else ""
    return f'<h2 class="head">{text(words)}{beside}</h2>'


def statement(sentence: Sentence) -> str:
    """Return a sentence as a section's H2."""
    return f'<h2 class="head">{spans(sentence)}</h2>'


def note(words: str) -> str:
    """Return one small grey line."""
    return f'<p class="note">{text(words)}</p>'


def notice(words: str) -> str:
    """Return what the reader should know about the page itself, such as an address that could not be used."""
    return f'<p class="notice">※ {text(words)}</p>'


def assumed(is_assumed: bool) -> str:
    """Return the mark 按假设 for what nobody has said so."""
    return f'<span class="assumed">{ASSUMED}</span>' if is_assumed else ""


def link(href: str, words: str, css: str = "") -> str:
    """Return a link inside the product; ``href`` comes from ``View.link``."""
    return f'<a class="{css}" href="{text(href)}" target="_self">{text(words)}</a>'


def sign_in(page: str) -> str:
    """Return the quiet way to become an editor, which leads back to ``page``."""
    return link(f"sign-in?next={page}", "登录编辑", "plain")


def status(key: str) -> str:
    """Return a status as shape and word in its colour."""
    mark = STATUSES[key]
    return f'<span class="status ink-{key}"><i>{mark.shape}</i> {mark.word}</span>'


def bullet(share: float, pace: float, key: str, told: str) -> str:
    """Return a share as a bar in a status' colour with a tick at 序时, both NaN where unknown; ``told`` says it in words."""
    tick = "" if missing(pace) else f'<u style="left:{min(max(pace, 0.0), 1.0) * 100:.1f}%"></u>'
    done = 0.0 if missing(share) else min(max(share, 0.0), 1.0) * 100
    fill = f'<i class="fill-{key}" style="width:{done:.1f}%"></i>' if done else ""
    empty = " unknown" if missing(share) else ""
    return f'<span class="bullet{empty}" role="img" aria-label="{text(told)}">{fill}{tick}</span>'


def columns(left: str, right: str, even: bool = False) -> str:
    """Return two blocks side by side, 1.85 : 1 or ``even``, one below the other on a narrow screen."""
    css = "two even" if even else "two"
    return f'<div class="{css}"><section>{left}</section><section>{right}</section></div>'


def trio(*blocks: str) -> str:
    """Return three blocks side by side below a rule."""
    return '<hr class="thin"><div class="trio">' + "".join(f"<section>{block}</section>" for block in blocks) + "</div>"


def colours() -> str:
    """Return the status colours as CSS, so that they are declared in ``reports.words`` alone."""
    rules = [f".ink-{tone}{{color:{ink}}}" for tone, ink in INKS.items()]
    rules += [f".fill-{key}{{background-color:{mark.fill}}}" for key, mark in STATUSES.items()]
    return "".join(rules)
