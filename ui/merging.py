"""合并科室填报表: several filled-in sheets become one workbook, which then goes the way of any uploaded file.

The session keeps what names the files; their bytes and everything made of them lie in caches, as in ``ui.upload``.
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import streamlit as st

from data.errors import WorkbookRejected
from data.many.bundle import files_of
from data.merging import Conflict, Merged, Sheet, findings_of, merge
from data.plan import Plan
from data.reader import Reading, read_workbook
from data.versions import Version
from reports import merging as said
from reports import upload as upload_words
from reports import words
from reports.papers import merged_form
from ui import editor, markup, papers, session, upload
from ui.markup import text

HELD = 4  # batches whose files and readings are kept for those who are looking at them
Files = tuple[tuple[str, bytes], ...]
Outcome = tuple[str, Reading | str]  # a file's name, and what was read or why it was not


@dataclass(frozen=True, eq=False)
class Batch:
    """Files that were dropped together, put on the newest version of the plan that they are of."""

    key: str
    base: Version
    plan: Plan
    outcomes: tuple[Outcome, ...]
    merged: Merged

    def choice(self, number: int) -> str:
        """Return the key of a conflict's choice, which starts anew with another version."""
        return f"merge_choice_{self.key}_{self.base.id}_{number}"


# Taking files


def entry() -> None:
    """Draw the way to the merge and the sheets to hand out, below the place for one file."""
    view = session.current()
    if view is None:
        return
    st.html(markup.heading(said.ENTRY))
    with st.container(horizontal=True, key="merge_entry"):
        papers.fill_in_sheets(view)
        if editor.current():
            st.button(said.OPEN, on_click=st.session_state.__setitem__, args=("merge_open", True))


def is_open() -> bool:
    """Tell whether this session merges sheets."""
    return bool(st.session_state.get("merge_open"))


def forget() -> None:
    """Put the files away, with everything that was chosen for them."""
    drops = st.session_state.get("merge_drops", 0)
    for key in [key for key in st.session_state if str(key).startswith("merge_")]:
        del st.session_state[key]
    st.session_state["merge_drops"] = drops + 1


def page() -> None:
    """Draw the place to drop the files, else what came of them."""
    if editor.current() is None:
        upload.step(0, said.START)
        st.html(upload.no_editor())
        return
    batch = _batch()
    if batch:
        _show(batch)
        return
    upload.step(0, said.START)
    key = f"merge_drop_{st.session_state.get('merge_drops', 0)}"
    with st.container(key="picker_merge"):
        st.file_uploader(
            "科室填报表",
            accept_multiple_files=True,
            key=key,
            on_change=_take,
            args=(key,),
            label_visibility="collapsed",
        )
    st.html(markup.note(said.START_NOTE))
    st.button(said.BACK, type="tertiary", on_click=forget)


def _take(key: str) -> None:
    files = tuple((file.name, file.getvalue()) for file in st.session_state.get(key) or ())
    if files:
        digest = sha256(b"".join(sha256(name.encode() + b"\0" + content).digest() for name, content in files))
        _held(digest.hexdigest(), files)
        forget()
        st.session_state["merge_open"], st.session_state["merge_key"] = True, digest.hexdigest()


@st.cache_resource(show_spinner=False, max_entries=HELD)
def _held(key: str, _files: Files | None) -> Files:
    if _files is None:
        raise LookupError(key)
    return _files


# Reading and merging


def _batch() -> Batch | None:
    """Return what this session's files say together, None where there are none (any more)."""
    key, view = st.session_state.get("merge_key"), session.current()
    if key is None or view is None:
        return None
    try:
        files = _held(key, None)
    except LookupError:
        st.session_state.pop("merge_key")
        return None
    with st.spinner(f"正在读{len(files)}个文件…"):
        outcomes = _read(key, view.plan.year, files)
    store = session.source()
    base = store.latest(_plan_of(outcomes, view.version.plan))
    assert base is not None  # the plan is one that has versions
    return Batch(key, base, session.plan_of(base.id), outcomes, _merged(key, base.id, base.plan, outcomes))


@st.cache_resource(show_spinner=False, max_entries=HELD)
def _read(key: str, year: int, _files: Files) -> tuple[Outcome, ...]:
    """Read every file by itself: one that cannot be read holds up none of the others."""
    outcomes: list[Outcome] = []
    for name, content in _files:
        try:
            inside = files_of(name, content)
        except WorkbookRejected as error:
            outcomes.append((name, str(error)))
            continue
        outcomes += [_reading(own, part, year) for own, part in inside]
    return tuple((_apart(outcomes, at), reading) for at, (_, reading) in enumerate(outcomes))


def _apart(outcomes: list[Outcome], at: int) -> str:
    """Return a file's name, with its place among those of the same name."""
    name = outcomes[at][0]
    before = sum(each == name for each, _ in outcomes[:at])
    return f"{name}（第{before + 1}份）" if before else name


def _reading(name: str, content: bytes, year: int) -> Outcome:
    try:
        return name, read_workbook(content, name, year=year)
    except WorkbookRejected as error:
        return name, str(error)


def _plan_of(outcomes: tuple[Outcome, ...], shown: str) -> str:
    """Return the plan that most files name, the one that is open where none names one that is kept."""
    readings = [reading for _, reading in outcomes if isinstance(reading, Reading)]
    named = Counter(f"{reading.unit} {reading.year}" for reading in readings)
    kept = session.plans()
    return next((plan for plan, _ in named.most_common() if plan in kept), shown)


@st.cache_resource(show_spinner=False, max_entries=HELD)
def _merged(key: str, base_id: int, plan: str, _outcomes: tuple[Outcome, ...]) -> Merged:
    filled = [(name, reading) for name, reading in _outcomes if isinstance(reading, Reading)]
    return merge(session.source().table(base_id), filled, plan)


# Showing it


def _show(batch: Batch) -> None:
    refused = sum(isinstance(reading, str) for _, reading in batch.outcomes)
    compared = upload_words.version(batch.base, batch.plan.year)
    upload.step(0, said.headline(batch.merged, refused), f"对到“{batch.base.plan}”{compared}的各行。")
    st.html(_table(batch))
    chosen = _conflicts(batch)
    with st.container(horizontal=True, key="merge_actions"):
        left = chosen.count(None)
        lacking = said.lacking(left, bool(batch.merged.settled or batch.merged.conflicts))
        args = (batch, tuple(at for at in chosen if at is not None))
        st.button(said.ENTER, type="primary", disabled=bool(lacking), on_click=_enter, args=args)
        st.button(said.AGAIN, type="tertiary", on_click=_again)
    told = lacking or said.dates(batch.merged.data_dates, batch.plan.year)
    st.html(markup.note(told + upload_words.UNTOUCHED))


def _table(batch: Batch) -> str:
    """Return every file as a row: whose it is, what it fills in, what is to be looked at."""
    sheets = iter(batch.merged.sheets)
    left_out = {remark.file for remark in batch.merged.remarks if remark.code == "other_plan"}
    rows = "".join(
        _line(batch, name, reading, None if isinstance(reading, str) or name in left_out else next(sheets))
        for name, reading in batch.outcomes
    )
    heads = "".join(f"<th>{head}</th>" for head in ("文件", "科室", "填了", "数据截至", "要看的"))
    return f'<div class="scroll"><table class="tb"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _line(batch: Batch, name: str, reading: Reading | str, sheet: Sheet | None) -> str:
    day = words.day(sheet.data_date, batch.plan.year) if sheet and sheet.data_date else words.MISSING
    filled = f"{sheet.rows}项" if sheet else words.MISSING
    cells = (name, (sheet and sheet.department) or words.MISSING, filled, day)
    told = "<br>".join(text(each) for each in _told(batch, name, reading))
    return f"<tr>{''.join(f'<td>{text(cell)}</td>' for cell in cells)}<td>{told}</td></tr>"


def _told(batch: Batch, name: str, reading: Reading | str) -> list[str]:
    if isinstance(reading, str):
        return [reading]
    remarks = [each for each in batch.merged.remarks if each.file == name]
    told = [said.remark(each, batch.base.plan) for each in remarks]
    if any(each.code == "other_plan" for each in remarks):
        return told
    found = [each for each in findings_of(reading) if each.code not in upload_words.AUTHENTICITY]
    return [*told, *(f"{each.message}{each.treatment}" for each in found)]


def _conflicts(batch: Batch) -> list[int | None]:
    """Draw each conflict with its answers, none of them chosen by itself; return the choices."""
    if batch.merged.conflicts:
        st.html(markup.heading("说法不一", f"{len(batch.merged.conflicts)}处"))
    return [
        st.radio(
            markup.md(said.place(batch.merged, conflict)),
            range(len(conflict.answers)),
            index=None,
            key=batch.choice(number),
            format_func=partial(_answer, batch, conflict),
        )
        for number, conflict in enumerate(batch.merged.conflicts)
    ]


def _answer(batch: Batch, conflict: Conflict, at: int) -> str:
    return markup.md(said.answer(batch.merged, conflict, conflict.answers[at]))


def _again() -> None:
    forget()
    st.session_state["merge_open"] = True


def _enter(batch: Batch, chosen: tuple[int, ...]) -> None:
    """Go on with the merged workbook as if it had been dropped."""
    days = batch.merged.data_dates
    table = batch.merged.table(chosen)
    content = merged_form.write(table, session.method(), batch.plan, as_of=batch.base.data_date)
    upload.take(said.file_name(batch.merged), content, days[0] if len(days) == 1 else None)
