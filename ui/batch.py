"""多个单位: tables of many units at once, taken, read and published file by file; ``ui.batch_page`` draws them.

The session holds the batch, its files' bytes among it, until they are published, put away or the reader leaves; what
was read or published is noted as it comes, so that a click, another page or a lost moment does nothing twice.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data.errors import EditorNeeded
from data.many import batch as batches
from data.many.batch import Asked, Draft, Record
from data.many.intake import Item, taken
from data.many.triage import GOING, Verdict, triage
from data.store import StalePublish
from data.versions import Version
from reports import batch as said
from reports import upload as upload_words
from scoring.errors import DashboardError
from ui import editor, markup, session, upload

Tick = tuple[bool, tuple[str, ...]]  # whether it is ticked, and what it would confirm


@dataclass(eq=False)
class Batch:
    """What came together: items by position, and everything known, said and done of them so far.

    ``units`` and ``year`` are what a person says where the files do not; ``queue`` is to be published; ``failed`` says
    why a file was not published, ``lost`` why none was any more.
    """

    items: list[Item]
    skipped: tuple[str, ...]
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    records: dict[int, Record] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    year: int | None = None
    day: date | None = None
    note: str = ""
    ticks: dict[int, Tick] = field(default_factory=dict)
    queue: list[int] = field(default_factory=list)
    published: dict[int, Version] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    lost: str = ""

    @property
    def paths(self) -> list[str]:
        """Return the files' paths, by position."""
        return [item.path for item in self.items]

    def name(self, what: str, at: int = 0) -> str:
        """Return the key of a widget of this batch."""
        return f"batch_{what}_{self.key}_{at}"


@dataclass(frozen=True, eq=False)
class Line:
    """A file as it stands in the list. ``state`` is its verdict's, or what came of publishing it."""

    at: int
    path: str
    record: Record
    verdict: Verdict
    state: str
    ticked: bool

    @property
    def is_going(self) -> bool:
        """Tell whether it can be published."""
        return self.state == "failed" or self.state in GOING


# Taking files


def current() -> Batch | None:
    """Return the batch of this session, None where there is none."""
    found: Batch | None = st.session_state.get("batch")
    return found


def forget() -> None:
    """Put the batch away, bytes and all."""
    st.session_state.pop("batch", None)


def take(key: str) -> None:
    """Take what the uploader with this key was given."""
    files = [file for file in st.session_state.get(key) or () if isinstance(file, UploadedFile)]
    if not files:  # taken already: the browser may tell of them once more with a rerun that was under way
        return
    came = taken((file.name, file.getvalue()) for file in sorted(files, key=lambda file: file.name))
    st.session_state["batch"] = Batch(list(came.items), came.skipped)
    st.session_state["batch_drops"] = st.session_state.get("batch_drops", 0) + 1
    _release(files)


def _release(files: list[UploadedFile]) -> None:
    """Have Streamlit put away its own copies, which it would hold until the reader leaves."""
    context = get_script_run_ctx()
    kept = context.uploaded_file_mgr if context else None
    if context and isinstance(kept, MemoryUploadedFileManager):
        for file in files:
            kept.remove_file(context.session_id, file.file_id)


# Reading


def read(batch: Batch) -> None:
    """Read what is not read yet, telling how far it is."""
    waiting = [at for at in range(len(batch.items)) if at not in batch.records]
    if not waiting:
        return
    place, before, count = st.empty(), len(batch.records), len(batch.items)
    with place.container():
        upload.step(1, said.arrived(count), said.skipped(batch.skipped))
        bar = st.progress(before / count, said.reading(before, count))
    asked = [Asked(batch.items[at], batch.units.get(at, ""), batch.year) for at in waiting]
    for done, (number, record) in enumerate(batches.read_all(session.source(), asked), start=before + 1):
        at = waiting[number]
        batch.records[at] = record
        if record.refused:
            _drop(batch, at)
        bar.progress(done / count, f"{said.reading(done, count)}　{markup.md(batch.items[at].path)}")
    place.empty()


def again(batch: Batch, *files: int) -> None:
    """Have files read again, for something has changed by which they are read."""
    for at in files:
        batch.records.pop(at, None)
        batch.ticks.pop(at, None)


def _drop(batch: Batch, at: int) -> None:
    batch.items[at] = replace(batch.items[at], content=b"")


def lines(batch: Batch) -> tuple[Line, ...]:
    """Return every file as it stands, in the order in which they came."""
    records = [batch.records[at] for at in range(len(batch.items))]
    verdicts = triage(records, batch.day)
    return tuple(_line(batch, at, record, verdicts[at]) for at, record in enumerate(records))


def _line(batch: Batch, at: int, record: Record, verdict: Verdict) -> Line:
    state: str = verdict.state
    if at in batch.published:
        state = "published"
    elif at in batch.failed and state in GOING:
        state = "failed"
    ticked, asked = batch.ticks.get(at, (state == "ready", verdict.asks))
    going = state in (*GOING, "failed")
    return Line(at, batch.items[at].path, record, verdict, state, going and ticked and asked == verdict.asks)


def tick(batch: Batch, line: Line, ticked: bool) -> None:
    """Tick a file, or take its tick away; of the files of one plan, one at most is ticked."""
    batch.ticks[line.at] = (ticked, line.verdict.asks)
    for other in line.verdict.rivals if ticked else ():
        batch.ticks[other] = (False, ())


# Publishing


def intend(batch: Batch, files: Sequence[int]) -> None:
    """Have files published from now on, those that are not yet."""
    batch.queue = [at for at in files if at not in batch.published]
    batch.lost = ""


def publish(batch: Batch) -> None:
    """Publish what is waiting for it and is still ticked, telling how far it is."""
    who = editor.current()
    if not batch.queue or who is None:
        return
    drafts = [draft for line in lines(batch) if line.at in batch.queue and line.ticked for draft in _draft(batch, line)]
    upload.step(2, said.leaving(len(drafts)))
    bar = st.progress(0.0, said.publishing(0, len(drafts)))
    publishing = batches.publish_all(
        session.source(), [draft for _, draft in drafts], author=who.name, session=editor.session()
    )
    for done, (number, came) in enumerate(publishing, start=1):
        _note(batch, drafts[number][0], came)
        if isinstance(came, EditorNeeded):
            break
        bar.progress(done / len(drafts), said.publishing(done, len(drafts)))
    batch.queue = []
    st.rerun()


def _draft(batch: Batch, line: Line) -> Iterator[tuple[int, Draft]]:
    """Yield a file's place and what is published of it, nothing as long as nobody has said its data date."""
    record, day = line.record, line.record.data_date or batch.day
    if day is None:
        return
    asked = sum(finding.code in upload_words.AUTHENTICITY for finding in record.findings)
    base, note = record.base.id if record.base else None, upload_words.note(batch.note, 0, asked)
    yield line.at, Draft(record.plan, batch.items[line.at], base, day, note, f"{batch.key}_{line.at}")


def _others(batch: Batch, plan: str) -> list[int]:
    """Return the files of a plan that are not published; its new version is what they would follow now."""
    return [at for at, record in batch.records.items() if record.plan == plan and at not in batch.published]


def _note(batch: Batch, at: int, came: Version | DashboardError) -> None:
    """Note what came of one file; somebody else's newer version is one to compare with first."""
    batch.queue.remove(at)
    batch.failed.pop(at, None)
    if isinstance(came, Version):
        batch.published[at] = came
        _drop(batch, at)
        again(batch, *_others(batch, came.plan))
    elif isinstance(came, EditorNeeded):
        batch.lost = str(came)
    elif isinstance(came, StalePublish):
        batch.failed[at] = upload_words.lost(came)
        again(batch, at)
    else:
        batch.failed[at] = str(came)
