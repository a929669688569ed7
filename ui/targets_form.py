"""An indicator's targets for editors: as read from its text or confirmed before, to be corrected and confirmed.

Confirming makes a new version of the same bytes; nothing is kept from one version's form to the next one's.
"""

import math
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from data.reading.target_entry import NO_TARGET, Entry, entered
from data.storage.drafting import plain
from reports import indicator as words
from reports import targets as said
from scoring.errors import DashboardError
from scoring.standing import targets_of
from scoring.targets import Target
from ui import editor, indicator, markup, session
from ui.editor import Editor
from ui.indicator import Row
from ui.session import View

LONGEST = 100  # characters of a cell
TOLD = "targets_told"
COLUMNS = {
    "label": st.column_config.TextColumn("目标", width="medium", max_chars=LONGEST),
    "comparator": st.column_config.SelectboxColumn("比较", width=70, options=list(said.SIGNS.values())),
    "value": st.column_config.NumberColumn("目标值", width=100, format="localized"),
    "unit": st.column_config.TextColumn("单位", width=100, max_chars=LONGEST),
    "kind": st.column_config.SelectboxColumn("类别", width=90, options=list(said.KINDS.values())),
    "actual": st.column_config.NumberColumn("实际值", width=100, format="localized"),
    "evidence": st.column_config.TextColumn("佐证", width="medium", max_chars=LONGEST),
}
BLANK = Entry("", "", None, "", None, "")
_KINDS = {word: kind for kind, word in said.KINDS.items()}


class NotConfirmed(DashboardError):
    """What was entered cannot be confirmed; nothing has changed."""


@dataclass(frozen=True)
class Base:
    """What is confirmed, by whom, on which version; ``token`` makes a double click confirm once."""

    row: Row
    version: int
    who: Editor
    token: str


def editing(view: View, index: int) -> None:
    """Draw the form for an editor on the newest version; nothing for others."""
    who = editor.current()
    if who is None:
        return
    row = indicator.row_of(view, index)
    st.html(markup.heading(said.heading(row.targets)))
    if TOLD in st.session_state:
        st.html(markup.notice(st.session_state.pop(TOLD)))
    newest = view.versions[0]
    if view.version.id != newest.id:
        st.html(markup.note(said.from_newest(newest.number)))
        return
    token = st.session_state.setdefault(f"targets_token_{newest.id}_{index}", secrets.token_hex(16))
    _form(Base(row, newest.id, who, token), newest.number + 1)


def _form(base: Base, number: int) -> None:
    name = f"targets_{base.version}_{base.row.Index}"
    with st.form(f"{name}_form"):
        written = st.data_editor(
            frame(targets_of(base.row)),
            key=name,
            column_config=COLUMNS,
            num_rows="dynamic",
            hide_index=True,
            placeholder="",
        )
        st.html(markup.note(said.HELP) + markup.note(said.to_save(number)))
        with st.container(horizontal=True):
            confirmed = st.form_submit_button(said.CONFIRM, type="primary")
            without = st.form_submit_button(said.NO_TARGETS)
    if confirmed or without:
        _confirm(base, None if without else written)


def frame(targets: tuple[Target, ...]) -> pd.DataFrame:
    """Return targets as the form's rows."""
    lines = [
        (one.measure, said.SIGNS[one.comparator], one.value, one.unit, said.KINDS[one.kind], one.actual, one.evidence)
        for one in targets
    ]
    numbers = dict.fromkeys(("value", "actual"), "float64")
    return pd.DataFrame(lines, columns=list(COLUMNS)).astype(dict.fromkeys(COLUMNS, "str") | numbers)


def written_targets(written: pd.DataFrame, text: str) -> tuple[Target, ...]:
    """Return the targets that the form's rows mean for an indicator's text. Raise NotConfirmed where a row means none."""
    targets = []
    for number, entry in enumerate(_entries(written), start=1):
        if entry == BLANK:
            continue  # a line added and left open
        read = entered(entry, text)
        if read.target is None or read.faults:
            raise NotConfirmed(f"没有确认：第{number}行{said.FAULTS[read.faults[0]]}。")
        targets.append(read.target)
    if not targets:
        raise NotConfirmed(f"没有确认：一个目标也没有写。如果本来就没有，请按“{said.NO_TARGETS}”。")
    return tuple(targets)


def _entries(written: pd.DataFrame) -> Iterator[Entry]:
    for line in written.itertuples():
        texts = {name: _text(getattr(line, name)) for name in ("label", "comparator", "unit", "kind", "evidence")}
        texts["kind"] = _KINDS.get(texts["kind"], "")
        yield Entry(**texts, value=_number(line.value), actual=_number(line.actual))


def _text(value: object) -> str:
    return plain(str(value)).strip() if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def _confirm(base: Base, written: pd.DataFrame | None) -> None:
    try:
        targets = (NO_TARGET,) if written is None else written_targets(written, base.row.indicator)
        if targets == base.row.targets:
            raise NotConfirmed("没有确认：与已经确认的一样，没有改动。")
        note = said.note(base.row.serial or words.called(base.row), targets)
        version = session.source().confirm(
            base.row.Index,
            targets,
            base=base.version,
            author=base.who.name,
            note=note,
            token=base.token,
            session=editor.session(),
        )
    except DashboardError as error:
        st.html(markup.notice(str(error)))
        return
    st.session_state[TOLD] = said.saved(note, version.number)
    session.choose("v", str(version.number))
    st.rerun()
