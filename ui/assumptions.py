"""What a what-if assumes, as its address says it: ``?what=1-2-2:t1,2-1-1:p80``, or ``@12:t1p80`` for the 12th row.

A row is named by its serial where that is its own. ``t`` is a tier, ``p`` a progress in percent; a row without either
stands on the board unchanged. Whatever cannot be read is told in a sentence and left out.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote

import streamlit as st

from scoring.outlook import Assumption
from ui.session import View

PARAM = "what"
MOST = 30  # indicators on the board
HIGHEST = 999  # percent
_TOLD = 3  # notes; more are counted
_NAME = 24  # characters of a text from the address
_ESCAPED = {sign: f"%{ord(sign):02X}" for sign in "%,:@"}
_CHANGE = re.compile(r"(?:t([123]))?(?:p([0-9]{1,3}))?")


@dataclass(frozen=True)
class Board:
    """What the address assumes, in its order, and what in it could not be used."""

    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]


def asked(view: View) -> Board:
    """Return what the address assumes."""
    found: dict[int, Assumption] = {}
    notes = []
    tokens = [token for token in st.query_params.get(PARAM, "").split(",") if token.strip()]
    for token in tokens:
        read = _read(view, token.strip())
        if isinstance(read, str):
            notes.append(read)
        elif read.index in found:
            notes.append(f"地址里的“{_short(token)}”是重复的一项，以前面的为准。")
        else:
            found[read.index] = read
    if len(found) > MOST:
        notes.insert(0, f"一次最多推演{MOST}项，地址里后面的{len(found) - MOST}项没有放进来。")
    more = (f"地址里另有{len(notes) - _TOLD}处没有用上。",) if len(notes) > _TOLD else ()
    return Board(tuple(found.values())[:MOST], (*notes[:_TOLD], *more))


def written(view: View, assumptions: tuple[Assumption, ...]) -> str:
    """Return assumptions as the address says them."""
    return ",".join(f"{_place(view, one.index)}{_change(one)}" for one in assumptions)


def link(view: View, assumptions: tuple[Assumption, ...]) -> str:
    """Return the address of the board with these assumptions."""
    return view.link("what-if", **{PARAM: written(view, assumptions)})


def changed(assumptions: tuple[Assumption, ...], index: int, **change: float | None) -> tuple[Assumption, ...]:
    """Return the assumptions with one of them changed: ``tier`` or ``progress``; a new one is added at the end."""
    kept = {one.index: one for one in assumptions}
    kept[index] = replace(kept.get(index, Assumption(index)), **change)
    return tuple(kept.values())


def put(view: View, assumptions: tuple[Assumption, ...]) -> None:
    """Write assumptions into the address."""
    if assumptions:
        st.query_params[PARAM] = written(view, assumptions)
    else:
        st.query_params.pop(PARAM, None)


def _read(view: View, token: str) -> Assumption | str:
    """Return what a part of the address assumes, or a sentence that says why it cannot be used."""
    name, _, change = token.partition(":")
    fits = _CHANGE.fullmatch(change)
    if not fits or not name:
        return f"地址里的“{_short(token)}”读不懂，没有放进推演；写法如“1-2-2:t1”（一档）、“1-2-2:p80”（进度80%）。"
    indices = _named(view, name)
    if len(indices) != 1:
        said = unquote(name)
        why = f"在表中有{len(indices)}行，请从列表里选" if indices else "不在这张表中"
        return f"地址里的“{_short(said)}”{why}，没有放进推演。"
    tier, percent = fits.groups()
    return Assumption(indices[0], int(tier) if tier else None, int(percent) / 100 if percent else None)


def _named(view: View, name: str) -> list[int]:
    index = view.scored.index
    if name.startswith("@"):
        place = int(name[1:]) if re.fullmatch("[0-9]{1,8}", name[1:]) else 0
        return [int(each) for each in index[place - 1 : place]] if place else []
    return [int(each) for each in index[view.scored["serial"] == unquote(name)]]


def _place(view: View, index: int) -> str:
    named = view.place(index)
    if "row" in named:
        return f"@{named['row']}"
    return "".join(_ESCAPED.get(sign, sign) for sign in str(named["serial"]))


def _change(one: Assumption) -> str:
    tier = f"t{one.tier}" if one.tier is not None else ""
    progress = f"p{round(one.progress * 100)}" if one.progress is not None else ""
    return f":{tier}{progress}" if tier or progress else ""


def _short(text: str) -> str:
    return text if len(text) <= _NAME else f"{text[:_NAME]}…"
