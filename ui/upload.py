"""A file that somebody wants to publish: taken, read, audited, compared with the version it would follow.

The session keeps what names the file (its SHA-256, its name, a token made for this drop); its bytes and everything
made of them lie in caches. Nothing here changes what other people see; that is ``ui.publish``.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

import streamlit as st
from streamlit.elements.lib.mutable_status_container import StatusContainer

from data.carry_over import carry_over
from data.checks import against_previous
from data.errors import WorkbookRejected
from data.findings import Finding
from data.plan import Plan
from data.reader import Reading, read_workbook
from data.reading.data_dates import proposed
from data.storage.drafting import first_plan
from data.versions import Version
from reports import changes as said_of_changes
from reports import upload as said
from reports.papers import marked_copy, problem_list
from reports.upload import AUTHENTICITY
from reports.words import Sentence
from scoring import changes, score
from scoring.changes import Changes
from ui import changes as change_tables
from ui import editor, findings, lead, markup, session
from ui.markup import text

HELD = 12  # files whose bytes and readings are kept for those who are looking at them
FIRST_YEAR = 2000  # that a unit's table without a year may be asked for
MOST_ASKED = 30  # findings of 真实性核查 with a tick of their own


@dataclass(frozen=True, eq=False)
class Dropped:
    """A file as it was dropped; ``token`` names this drop, so that it is published once."""

    name: str
    sha256: str
    content: bytes
    token: str


@dataclass(frozen=True, eq=False)
class Checked:
    """A file that was read, and what it would change as the next version of ``plan``.

    ``reading`` also holds what the version before tells. ``data_date`` is None until somebody says it; ``judged`` is
    the day by which the statuses are judged meanwhile. ``carried`` counts the rows that are 沿用; ``same`` is the
    version that has the very same bytes.
    """

    file: Dropped
    reading: Reading
    plan: str
    details: Plan
    base: Version | None
    same: Version | None
    shown: str | None
    data_date: date | None
    judged: date
    changes: Changes
    carried: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return everything found, the gravest first."""
        return self.reading.findings

    @property
    def asked(self) -> tuple[Finding, ...]:
        """Return the findings of 真实性核查."""
        return tuple(finding for finding in self.findings if finding.code in AUTHENTICITY)

    @property
    def number(self) -> int:
        """Return the number that the version would have."""
        return self.base.number + 1 if self.base else 1

    @property
    def incomplete(self) -> Sentence:
        """Return that points are missing, () where none are."""
        gaps = (gap.serials for gap in self.details.gaps)
        if not said.is_incomplete(self.findings):
            return ()
        return said_of_changes.incomplete_points(self.changes.after, self.details.total, gaps)

    def key(self, what: str) -> str:
        """Return the key of a widget that starts anew with another file or another version to compare with."""
        return f"upload_{what}_{self.file.token}_{self.base.id if self.base else 0}"


# Taking a file


def dropped() -> Dropped | None:
    """Return the file that this session is looking at, None where there is none (any more)."""
    digest = st.session_state.get("upload_sha256")
    if digest is None:
        return None
    try:
        content = _held(digest, None)
    except LookupError:
        forget()
        return None
    return Dropped(st.session_state["upload_name"], digest, content, st.session_state["upload_token"])


def forget() -> None:
    """Put the file away, and everything that was ticked for it."""
    drops = st.session_state.get("upload_drops", 0)
    for key in [key for key in st.session_state if str(key).startswith("upload_")]:
        del st.session_state[key]
    st.session_state["upload_drops"] = drops + 1


def no_editor() -> str:
    """Return why a reader finds nothing to do here, and the way in."""
    return f'<p class="notice">※ {text(said.NO_EDITOR)}　{markup.sign_in("upload")}</p>'


def picker() -> None:
    """Draw the place to drop a file, whose English words the style sheet replaces; the server takes editors' files only."""
    if editor.current() is None:
        st.html(no_editor())
        return
    key = f"upload_drop_{st.session_state.get('upload_drops', 0)}"
    with st.container(key="picker"):
        st.file_uploader("考评表", key=key, on_change=_take, args=(key,), label_visibility="collapsed")
    st.html(markup.note(said.START_NOTE))


def _take(key: str) -> None:
    file = st.session_state.get(key)
    if file is None:  # taken already: the browser may tell of it once more with a rerun that was under way
        return
    take(file.name, file.getvalue())


def take(name: str, content: bytes, data_date: date | None = None) -> None:
    """Look at a file from now on; ``data_date`` is what is already known of it."""
    digest = sha256(content).hexdigest()
    token = secrets.token_hex(16)
    _held(digest, content)
    forget()
    kept: dict[str, object] = {"upload_sha256": digest, "upload_name": name, "upload_token": token}
    if data_date:
        kept[f"upload_date_{token}"] = data_date
    for key, value in kept.items():
        st.session_state[key] = value


@st.cache_resource(show_spinner=False, max_entries=HELD)
def _held(digest: str, _content: bytes | None) -> bytes:
    if _content is None:
        raise LookupError(digest)
    return _content


# Reading and comparing


def checked(file: Dropped) -> Checked | WorkbookRejected:
    """Read, audit and compare a file, telling how far it is; return why where it is no evaluation table."""
    place = st.empty()
    try:
        if st.session_state.get("upload_checked") == file.token:
            return _checked(file, None)
        name = markup.md(file.name)
        return _checked(file, place.status(f"正在读“{name}”：打开文件、找表头、逐行读", type="step"))
    except WorkbookRejected as error:
        return error
    finally:
        st.session_state["upload_checked"] = file.token
        place.empty()


def _checked(file: Dropped, progress: StatusContainer | None) -> Checked:
    view = session.current()
    shown = view.version.plan if view else None
    year = view.plan.year if view else st.session_state.get("upload_year")
    reading = _read(file.sha256, file.name, year, 0, file.content, None)
    if progress:
        progress.update(label=f"读到{len(reading.table)}项，正在核对并与上一版比较")
    plan = _plan_of(reading, shown)
    store = session.source()
    base = store.latest(plan)
    details = store.plan(base.id) if base else None
    if base and details != first_plan(plan, base.data_date):  # somebody has confirmed names or changed the plan since
        reading = _read(file.sha256, file.name, year, base.id, file.content, details)
    chosen = _chosen_date(file, reading)
    judged = chosen or (base.data_date if base else date(reading.year or FIRST_YEAR, 1, 1))
    law = session.method().fingerprint
    compared, told, carried = _compared(
        file.sha256, file.name, year, base.id if base else 0, judged, law, reading, base
    )
    return Checked(
        file=file,
        reading=replace(reading, findings=_in_order((*reading.findings, *told))),
        plan=plan,
        details=details or first_plan(plan, judged),
        base=base,
        same=next((each for each in store.versions(plan) if each.sha256 == file.sha256), None),
        shown=shown,
        data_date=chosen,
        judged=judged,
        changes=compared,
        carried=carried,
    )


def _plan_of(reading: Reading, shown: str | None) -> str:
    """Return whose table it is; where the file does not say, the plan that is open, else what somebody writes."""
    if reading.unit and reading.year:
        return f"{reading.unit} {reading.year}"
    if shown:
        return shown
    unit = reading.unit or str(st.session_state.get("upload_unit", "")).strip()
    return f"{unit} {reading.year}" if unit and reading.year else ""


def _chosen_date(file: Dropped, reading: Reading) -> date | None:
    key = f"upload_date_{file.token}"
    if key not in st.session_state:
        told = reading.data_date or proposed(file.name, reading.form.title, reading.year)
        st.session_state[key] = told
    chosen: date | None = st.session_state[key]
    return chosen


@st.cache_resource(show_spinner=False, max_entries=HELD)
def _read(digest: str, name: str, year: int | None, known_by: int, _content: bytes, _known: Plan | None) -> Reading:
    return read_workbook(_content, name, year=year, known=_known)


@st.cache_resource(show_spinner=False, max_entries=HELD)
def _compared(
    digest: str,
    name: str,
    year: int | None,
    base_id: int,
    judged: date,
    law: str,
    _reading: Reading,
    _base: Version | None,
) -> tuple[Changes, tuple[Finding, ...], int]:
    """Return the changes, what the version before tells about the new table, and how many rows are 沿用."""
    before = session.source().table(_base.id) if _base else None
    table = carry_over(_reading.table, before, judged)
    blank = (_reading.table["completion"] == "") & _reading.table["reported_progress"].isna()
    filled = (table["completion"] != "") | table["reported_progress"].notna()
    then = session.scored(_base.id, law, _base.data_date) if _base else None
    compared = changes.compare(then, score(table, session.method(), as_of=judged))
    told = () if before is None else against_previous(_reading.table.assign(targets=table["targets"]), before)
    return compared, told, int((blank & filled).sum())


def _in_order(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    grave = ("blocking", "check", "normalized")
    return tuple(sorted(found, key=lambda finding: grave.index(finding.severity)))


# Showing it


def start() -> None:
    """Draw the first step: choose a file."""
    step(0, said.START)
    picker()
    st.html(markup.note(said.UNTOUCHED))


def refused(error: WorkbookRejected) -> None:
    """Draw why a file was not read, and the place for another one."""
    sentence, note = said.refused(str(error))
    step(0, sentence)
    st.html(f'<p class="facts">{text(note)}</p>')
    picker()


def head(found: Checked) -> None:
    """Draw the answer: what this version would change, whether it can be published, what it is compared with."""
    holds = any(finding.code == "points_missing" and finding.severity == "blocking" for finding in found.findings)
    sentence = said_of_changes.headline(found.changes, found.findings, found.incomplete if holds else ())
    elsewhere = found.shown is not None and found.plan != found.shown
    facts = said.facts(found.file.name, found.reading, found.base, found.carried, elsewhere)
    if found.data_date is None:
        facts = (*facts, said.provisional(found.judged, found.base, found.details.year))
    lines = "".join(f"<span>{text(part)}</span>" for part in facts)
    step(1, sentence)
    st.html(f'<p class="context">{lines}</p>')


def step(current: int, sentence: Sentence, note: str = "") -> None:
    """Draw which of the three steps this is, and the headline."""
    st.html(steps(current))
    lead.show(sentence, note)


def steps(current: int) -> str:
    """Return 1 选文件 → 2 看变化、核问题 → 3 发布 with the current step bold."""
    told = [f"{place} {name}" for place, name in enumerate(said.STEPS, start=1)]
    marked = [f"<b>{step}</b>" if place == current else step for place, step in enumerate(told)]
    return f'<p class="steps">{"<i>→</i>".join(marked)}</p>'


def downloads(found: Checked) -> None:
    """Draw the downloads: the findings as a list, and marked in a copy of the workbook."""
    stem = found.file.name.rpartition(".")[0] or found.file.name
    st.download_button(
        "下载核对清单",
        lambda: problem_list.write(found.reading),
        f"{stem}-核对清单.xlsx",
        on_click="ignore",
        icon=":material/download:",
    )
    if marked_copy.can_mark(found.file.content):
        st.download_button(
            "下载标注副本",
            lambda: marked_copy.write(found.file.content, found.findings),
            f"{stem}-标注.xlsx",
            on_click="ignore",
            help="原表的副本，有问题的格已着色，批注写明问题和系统暂时的处理。",
        )


def changed(found: Checked) -> None:
    """Draw what changed, kind by kind, and for each department."""
    before = f"第{found.base.number}版" if found.base else ""
    between = change_tables.Between(found.changes, before, f"第{found.number}版", found.details.year)
    st.html(markup.heading("这一版变了什么"))
    change_tables.show(between, found.key("kind"))
    below = change_tables.gone(between) + change_tables.departments(between)
    if below:
        st.html(below)


def problems(found: Checked) -> None:
    """Draw 真实性核查 with a tick for each, then everything else that was found."""
    if found.asked:
        st.html(markup.heading("真实性核查", f"{len(found.asked)}处"))
        st.html(markup.note(said.ASKED))
        for place, finding in enumerate(found.asked[:MOST_ASKED]):
            _asked(found, place, finding)
    others = tuple(finding for finding in found.findings if finding.code not in AUTHENTICITY)
    st.html(markup.heading("需要核对", f"{len(others)}处" if others else "没有"))
    if others:
        st.html(findings.table(None, others))


def _asked(found: Checked, place: int, finding: Finding) -> None:
    where = text("　".join(part for part in (finding.sheet, finding.cell) if part))
    with st.container(horizontal=True, vertical_alignment="top", key=f"asked_{place}"):
        st.html(f'<p class="asked">{text(finding.message)}<small>{where}　{text(finding.treatment)}</small></p>')
        st.checkbox("科室负责人已核", key=found.key(f"asked_{place}"))


def heads_checked(found: Checked) -> int:
    """Return how many findings of 真实性核查 are ticked."""
    return sum(bool(st.session_state.get(found.key(f"asked_{place}"))) for place in range(len(found.asked)))
