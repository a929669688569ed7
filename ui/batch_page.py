"""多个单位 on the screen: choosing files, the list of what each becomes, what is ticked, and what was found in them."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from data.findings import Finding
from reports import batch as said
from reports import words
from reports.papers import problem_list
from ui import batch as batches
from ui import editor, findings, markup, session, upload
from ui.batch import Batch, Line
from ui.markup import text

AT_ONCE = 50  # files on a page of the list
SHOWN = 60  # findings of one file; the list to download has them all
EVERY = "all"


def is_open() -> bool:
    """Draw the choice between one table and many, and tell which it is."""
    chosen: bool = st.session_state.setdefault("batch_open", False)
    session.hold("batch_face", said.FACES[chosen])
    st.segmented_control(
        "上传", said.FACES, key="batch_face", on_change=_choose, required=True, label_visibility="collapsed"
    )
    return chosen


def _choose() -> None:
    st.session_state["batch_open"] = st.session_state["batch_face"] == said.FACES[1]


def page() -> None:
    """Draw the place to drop the files, else what came of them."""
    batch = batches.current()
    if editor.current() is None:
        upload.step(0, said.START)
        st.html(upload.no_editor())
    elif batch is None:
        _start()
    else:
        batches.read(batch)
        batches.publish(batch)
        _show(batch)


def _start() -> None:
    upload.step(0, said.START)
    drops = st.session_state.get("batch_drops", 0)
    files, folder = st.columns(2, gap="large")
    with files, st.container(key="picker_batch_files"):
        key = f"batch_files_{drops}"
        st.file_uploader(
            "文件",
            accept_multiple_files=True,
            key=key,
            on_change=batches.take,
            args=(key,),
            label_visibility="collapsed",
        )
    with folder, st.container(key="picker_batch_folder"):
        key = f"batch_folder_{drops}"
        st.file_uploader(
            "文件夹",
            accept_multiple_files="directory",
            key=key,
            on_change=batches.take,
            args=(key,),
            label_visibility="collapsed",
        )
    st.html(markup.note(said.START_NOTE))


def _show(batch: Batch) -> None:
    every = batches.lines(batch)
    states = [line.state for line in every]
    through = "published" in states and not any(line.is_going for line in every)
    upload.step(2 if through else 1, said.headline(states), said.skipped(batch.skipped))
    if batch.lost:
        st.html(markup.notice(batch.lost))
    _form(batch, every)
    shown = _filtered(batch, every)
    if shown:
        first = (_page(batch, len(shown)) - 1) * AT_ONCE
        with st.container(gap=None):
            st.html(_heads())
            for line in shown[first : first + AT_ONCE]:
                _row(batch, line)


# What is asked once for all, and the buttons


def _form(batch: Batch, every: Sequence[Line]) -> None:
    ticked = [line for line in every if line.ticked]
    with st.container(horizontal=True, vertical_alignment="bottom", key="publish"):
        _asked(batch, every)
        dateless = sum(line.record.data_date is None for line in ticked) if batch.day is None else 0
        if any(line.is_going for line in every):
            st.button(
                f"发布选中的{len(ticked)}份",
                key=batch.name("publish"),
                type="primary",
                disabled=not ticked or bool(dateless),
                on_click=batches.intend,
                args=(batch, [line.at for line in ticked]),
            )
        st.download_button(
            said.DOWNLOAD,
            lambda: problem_list.write_all(_found(batch, every)),
            f"核对清单（{len(every)}份）.xlsx",
            on_click="ignore",
            icon=":material/download:",
        )
        st.button(said.AGAIN, key=batch.name("again"), type="tertiary", on_click=batches.forget)
    st.html(markup.note(said.lacking(len(ticked), dateless, len(batch.published))))


def _asked(batch: Batch, every: Sequence[Line]) -> None:
    """Draw the date, the year where a file lacks it, and the note; what was said stays also when another page is open."""
    going = [line for line in every if line.is_going]
    if any(line.record.data_date is None for line in going):
        session.hold(batch.name("day"), batch.day)
        st.date_input(
            said.DAY, None, key=batch.name("day"), format="YYYY-MM-DD", width=180, on_change=_say_day, args=(batch,)
        )
    if any(line.state == "unnamed" and line.record.year is None for line in every) or batch.year:
        first, last = upload.FIRST_YEAR, upload.FIRST_YEAR + 99
        session.hold(batch.name("year"), batch.year)
        st.number_input(
            said.YEAR, first, last, None, key=batch.name("year"), width=200, on_change=_say_year, args=(batch, every)
        )
    if going:
        session.hold(batch.name("note"), batch.note)
        st.text_input(said.NOTE, key=batch.name("note"), max_chars=200, width=280, on_change=_say_note, args=(batch,))


def _say_day(batch: Batch) -> None:
    batch.day = st.session_state[batch.name("day")]


def _say_note(batch: Batch) -> None:
    batch.note = st.session_state[batch.name("note")]


def _say_year(batch: Batch, every: Sequence[Line]) -> None:
    batch.year = st.session_state[batch.name("year")]
    batches.again(batch, *(line.at for line in every if line.state == "unnamed"))


def _found(batch: Batch, every: Sequence[Line]) -> list[tuple[str, str, tuple[Finding, ...], str]]:
    return [(line.path, line.record.unit, line.record.findings, line.record.refused) for line in every]


# The list


def _filtered(batch: Batch, every: Sequence[Line]) -> list[Line]:
    """Draw the choice of what is listed, with how many there are of each; return it."""
    counts = Counter(line.state for line in every)
    kinds = [EVERY, *(state for state in said.STATES if counts[state])]
    key = batch.name("filter")
    if st.session_state.get(key) not in kinds:
        st.session_state[key] = EVERY
    with st.container(horizontal=True, vertical_alignment="center", key="batch_filter"):
        st.segmented_control(
            "列出",
            kinds,
            key=key,
            format_func=lambda state: f"{said.STATES.get(state, '全部')} {counts.get(state, len(every))}",
            required=True,
            label_visibility="collapsed",
        )
        chosen = st.session_state[key]
        shown = [line for line in every if chosen in (EVERY, line.state)]
        going = [line for line in shown if line.is_going and not line.verdict.rivals]
        if going:
            st.button(
                "全部勾选", key=batch.name("every"), type="tertiary", on_click=_tick_all, args=(batch, going, True)
            )
            st.button(
                "全部不选", key=batch.name("none"), type="tertiary", on_click=_tick_all, args=(batch, going, False)
            )
    return shown


def _tick_all(batch: Batch, shown: Sequence[Line], ticked: bool) -> None:
    for line in shown:
        batches.tick(batch, line, ticked)


def _page(batch: Batch, count: int) -> int:
    pages = -(-count // AT_ONCE)
    return st.pagination(pages, key=batch.name("page")) if pages > 1 else 1


def _heads() -> str:
    cells = "".join(f"<b>{head}</b>" for head in said.HEADS)
    return f'<div class="batch heads">{cells}</div>'


def _row(batch: Batch, line: Line) -> None:
    with st.container(key=f"batch_row_{line.at}"), st.container(horizontal=True, gap="small"):
        if line.is_going:
            key = batch.name("tick", line.at)
            session.hold(key, line.ticked)
            st.checkbox(
                markup.md(f"发布{line.path}"),
                key=key,
                on_change=_tick,
                args=(batch, line),
                label_visibility="collapsed",
                width=24,
            )
        else:
            st.html("<i></i>", width=24)
        with st.container(gap=None):
            st.html(_line(batch, line) + _told(batch, line) + _problems(line))
            _unit_field(batch, line)


def _tick(batch: Batch, line: Line) -> None:
    batches.tick(batch, line, st.session_state[batch.name("tick", line.at)])


def _unit_field(batch: Batch, line: Line) -> None:
    """Ask for the unit where the file does not say it, or says a name that is almost a known one's."""
    if line.state == "unnamed" and not line.record.unit:
        key = batch.name("unit", line.at)
        st.text_input(said.UNIT, key=key, max_chars=40, width=300, on_change=_say_unit, args=(batch, line))
    elif line.record.near and line.is_going:
        label = markup.md(said.SAME_UNIT.format(line.record.near))
        st.button(label, key=batch.name("near", line.at), on_click=_set_unit, args=(batch, line, line.record.near))


def _say_unit(batch: Batch, line: Line) -> None:
    _set_unit(batch, line, st.session_state[batch.name("unit", line.at)].strip())


def _set_unit(batch: Batch, line: Line, unit: str) -> None:
    batch.units[line.at] = unit
    batches.again(batch, line.at)


def _line(batch: Batch, line: Line) -> str:
    record = line.record
    folder, _, name = line.path.rpartition("/")
    day = record.data_date or (batch.day if line.is_going else None)
    year = record.year or 0
    unit = text(record.unit or words.MISSING)
    cells = (
        f"{text(name)}<small>{text(folder)}</small>",
        f"{unit}<small>{f'{record.year}年度' if record.year else ''}</small>",
        text(said.becomes(record, line.verdict)),
        text(said.read(record)),
        text(words.day(day, year) if day else words.MISSING),
        _count(record.blocking + bool(record.incomplete), "ink-risk", bool(record.refused)),
        _count(record.check, "", bool(record.refused)),
        _state(line),
    )
    return f'<div class="batch">{"".join(f"<div>{cell}</div>" for cell in cells)}</div>'


def _count(number: int, css: str, unknown: bool) -> str:
    return words.MISSING if unknown else f'<span class="{css if number else ""}">{number}</span>'


def _state(line: Line) -> str:
    ink = {"published": "ink-steady", "ready": "ink-steady", "refused": "ink-risk", "blocked": "ink-risk"}
    return f'<b class="{ink.get(line.state, "")}">{said.STATES[line.state]}</b>'


def _told(batch: Batch, line: Line) -> str:
    made = batch.published.get(line.at)
    if made:
        return f'<p class="batch-told">{text(said.published(made))}</p>'
    failed = batch.failed.get(line.at, "")
    told = said.told(line.record, line.verdict, batch.paths, batch.day)
    return "".join(f'<p class="batch-told">{text(each)}</p>' for each in (failed, told) if each)


def _problems(line: Line) -> str:
    found = line.record.findings
    if not found:
        return ""
    rest = markup.note(f"只列前{SHOWN}处，共{len(found)}处，其余见核对清单。") if len(found) > SHOWN else ""
    head = f"看这一份的问题（{len(found)}处）"
    return (
        f'<details class="batch-found"><summary>{head}</summary>{findings.table(None, found[:SHOWN])}{rest}</details>'
    )
