"""Many tables at once: what each of them would become, and publishing those that a person has chosen.

Each file is read in its own child process, two at a time. Of each a small record is kept, not its table; whatever one
of them is or does, the others go on.
"""

import logging
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from math import nan
from pathlib import PurePosixPath
from typing import TypeVar

import pandas as pd

from data.carry_over import carry_over
from data.checks import against_previous
from data.errors import WorkbookRejected
from data.findings import Finding
from data.many.intake import Item
from data.reader import Reading, read_workbook
from data.reading import data_dates, titles
from data.storage import canonical
from data.storage.drafting import first_plan
from data.storage.keeping import Session, StalePublish
from data.storage.roster import key
from data.store import Store
from data.versions import Version
from scoring.changes import retargeted
from scoring.errors import DashboardError

AT_ONCE = 2  # as many children as data.workbook lets run
INCOMPLETE = "points_missing"  # the one blocking finding that a person may confirm
GRAVE = ("blocking", "check", "normalized")
NUMERALS = frozenset("〇零一二三四五六七八九十0123456789")  # 第一中学 and 第二中学 are no misspelling of each other
UNFORESEEN = (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
_log = logging.getLogger(__name__)
Job = TypeVar("Job")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Asked:
    """A file to read, and what a person says of it: ``unit`` "" and ``year`` None leave that to the file."""

    item: Item
    unit: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Known:
    """What is known before anything is read: plans by unit and year, units as they are written, units by file name.

    Units are keys as ``roster.key`` makes them. ``listed`` are those on the city's list, None where there is no list.
    """

    plans: Mapping[tuple[str, int], str]
    units: Mapping[str, str]
    files: Mapping[str, str]
    listed: frozenset[str] | None


@dataclass(frozen=True)
class Record:
    """What is kept of a file that was read; one that was refused has nothing but ``refused``, a sentence.

    ``plan`` is "" where unit or year is unknown. ``base`` is the version that it would follow, ``same`` a version with
    the very same bytes. ``points`` is NaN where no weight could be read. ``blocking`` counts what must be settled,
    ``incomplete`` is the message of points that are missing and may be confirmed. ``targets`` counts changed targets.
    ``near`` is a known unit whose name is almost this new one's; ``listed`` whether the unit is on the city's list,
    None where there is no list.
    """

    sha256: str
    refused: str = ""
    unit: str = ""
    year: int | None = None
    plan: str = ""
    base: Version | None = None
    same: Version | None = None
    rows: int = 0
    points: float = nan
    data_date: date | None = None
    blocking: int = 0
    check: int = 0
    incomplete: str = ""
    targets: int = 0
    near: str = ""
    listed: bool | None = None
    packed: bytes = b""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return everything found, the gravest first."""
        return canonical.findings_of(zlib.decompress(self.packed)) if self.packed else ()

    @property
    def number(self) -> int:
        """Return the number that the version would have."""
        return self.base.number + 1 if self.base else 1


@dataclass(frozen=True)
class Draft:
    """A file to publish: ``base`` as its reader saw it, ``token`` its own, so that it is published once."""

    plan: str
    item: Item
    base: int | None
    data_date: date
    note: str
    token: str


def known(store: Store) -> Known:
    """Return what the store knows of plans and units."""
    plans, city = store.listed(), store.roster()
    expected = city.units if city else ()
    units = [plan.unit for plan in plans if not plan.example] + [each.unit for each in expected]
    return Known(
        plans={(key(plan.unit), plan.year): plan.name for plan in plans},
        units={key(unit): unit for unit in units},
        files={_stem(each.filename): each.unit for each in expected if each.filename},
        listed=frozenset(key(each.unit) for each in expected) if city else None,
    )


def read_all(store: Store, asked: Sequence[Asked]) -> Iterator[tuple[int, Record]]:
    """Read files and yield the position of each with its record, as they are done; whoever stops early loses none."""
    told = known(store)
    return _at_once(lambda each: read(store, each, told), asked)


def read(store: Store, asked: Asked, told: Known) -> Record:
    """Return the record of one file, compared with the version that it would follow."""
    item = asked.item
    digest = sha256(item.content).hexdigest()
    if item.refused:
        return Record(digest, item.refused)
    try:
        return _read(store, asked, told, digest)
    except WorkbookRejected as error:
        return Record(digest, str(error))
    except UNFORESEEN:
        _log.exception("a file of a batch could not be read")
        return Record(digest, "这一份读到一半出了错，没有读成，不影响其他文件。请单独上传这一份，看是哪里的问题。")


def publish_all(
    store: Store, drafts: Sequence[Draft], *, author: str, session: Session | None = None
) -> Iterator[tuple[int, Version | DashboardError]]:
    """Publish drafts, each in a transaction of its own; yield the position of each with its version, or why not."""

    def publish(draft: Draft) -> Version | DashboardError:
        try:
            return store.publish(
                plan=draft.plan,
                content=draft.item.content,
                filename=draft.item.path,
                base=draft.base,
                author=author,
                data_date=draft.data_date,
                note=draft.note,
                token=draft.token,
                session=session,
            )
        except StalePublish as lost:
            return lost.winner if lost.winner and _is_of(draft, lost.winner) else lost
        except DashboardError as error:
            return error

    return _at_once(publish, drafts)


def _is_of(draft: Draft, version: Version) -> bool:
    """Tell whether a version is this draft's own, made by a publish that its reader's next click overtook."""
    return (version.base, version.sha256) == (draft.base, sha256(draft.item.content).hexdigest())


def _at_once(work: Callable[[Job], Done], jobs: Sequence[Job]) -> Iterator[tuple[int, Done]]:
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="batch")
    try:
        running = {pool.submit(work, job): at for at, job in enumerate(jobs)}
        for future in as_completed(running):
            yield running[future], future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _read(store: Store, asked: Asked, told: Known, digest: str) -> Record:
    content, path = asked.item.content, PurePosixPath(asked.item.path)
    reading = read_workbook(content, path.name, year=asked.year or titles.year_of(str(path.parent)))
    unit = asked.unit or reading.unit or told.files.get(_stem(path.name), "")
    if not unit or not reading.year:
        return _recorded(Record(digest, unit=unit, year=reading.year), reading, path.name, ())
    plan = told.plans.get((key(unit), reading.year), f"{told.units.get(key(unit), unit)} {reading.year}")
    versions = store.versions(plan)
    base = next(iter(versions), None)
    details = store.plan(base.id) if base else None
    if base and details != first_plan(plan, base.data_date):  # somebody has confirmed names or changed the plan since
        reading = read_workbook(content, path.name, year=reading.year, known=details)
    before = store.table(base.id) if base else None
    found, targets = ((), 0) if before is None else _compared(reading, before)
    record = Record(
        digest,
        unit=unit,
        year=reading.year,
        plan=plan,
        base=base,
        same=next((each for each in versions if each.sha256 == digest), None),
        targets=targets,
        near="" if base else _near(unit, told),
        listed=None if base or told.listed is None else key(unit) in told.listed,
    )
    return _recorded(record, reading, path.name, found)


def _compared(reading: Reading, before: pd.DataFrame) -> tuple[tuple[Finding, ...], int]:
    """Return what the version before tells about a new table, and how many targets it changes."""
    table = carry_over(reading.table, before, date(reading.year or 1, 1, 1))  # no day changes what is told
    told = against_previous(reading.table.assign(targets=table["targets"]), before)
    return told, len(retargeted(before, table))


def _recorded(record: Record, reading: Reading, filename: str, told: tuple[Finding, ...]) -> Record:
    """Return a record with what the reading says of its table."""
    found = sorted((*reading.findings, *told), key=lambda finding: GRAVE.index(finding.severity))
    weights = reading.table["weight"]
    return replace(
        record,
        rows=len(reading.table),
        points=float(weights.sum(min_count=1)),
        data_date=reading.data_date or data_dates.proposed(filename, reading.form.title, reading.year),
        blocking=sum(finding.severity == "blocking" and finding.code != INCOMPLETE for finding in found),
        check=sum(finding.severity == "check" for finding in found),
        incomplete=next((finding.message for finding in found if finding.code == INCOMPLETE), ""),
        packed=zlib.compress(canonical.findings_bytes(found)),
    )


def _near(unit: str, told: Known) -> str:
    """Return a known unit whose name this new one's may be a misspelling or a short form of, "" where there is none."""
    new = key(unit)
    if new in told.units:
        return ""
    return next((told.units[old] for old in told.units if _alike(new, old)), "")


def _alike(new: str, old: str) -> bool:
    if len(new) != len(old):
        return new.endswith(old) or old.endswith(new)
    apart = [pair for pair in zip(new, old, strict=True) if pair[0] != pair[1]]
    return len(apart) == 1 and not NUMERALS.issuperset(apart[0])


def _stem(filename: str) -> str:
    return key(filename.rpartition(".")[0] or filename)
