"""The store: a plan's versions, kept for ever (design section 6).

content, filename ─► read_workbook ─► 沿用 from the base version ─► findings ─► bytes    outside the transaction
BEGIN ─► session ─► token ─► is the base the newest? ─► write, chain, read back ─► COMMIT
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import sqlalchemy as sa

from data.decisions import Decision
from data.errors import EditorNeeded, StoreUnusable
from data.findings import Finding
from data.plan import Plan
from data.reader import read_workbook
from data.reading.form import Form
from data.storage import (
    backup,
    canonical,
    deciding,
    drafting,
    journal,
    keeping,
    private,
    roster,
    schema,
    summaries,
    verifying,
)
from data.storage.accounts import Accounts
from data.storage.database import Database, home
from data.storage.journal import Entry
from data.storage.keeping import Contents, Draft, Session, StalePublish
from data.storage.location import connect
from data.storage.postgres import Postgres
from data.storage.roster import Roster
from data.storage.schema import PARTS, VERSION
from data.storage.sqlite import SQLite
from data.storage.summaries import Summary
from data.versions import Listed, Version
from scoring import Method
from scoring.errors import DashboardError
from scoring.targets import Target

__all__ = ["Session", "StalePublish", "Store", "default_url", "prepare", "publish_shipped", "recover"]

_AT_ONCE = 50  # summaries kept in one transaction


class Store:
    """Versions in a database. Every question and every act is a transaction of its own; threads may share a store.

    A ``session`` given to an act is called with the connection, inside the transaction: it returns the editor's name
    for the record, or raises a DashboardError where the session has ended; then nothing is published. ``accounts`` are
    the editors; their ``guard`` makes such sessions. What is done, and what is refused, stands in the journal.
    ``trouble`` is what readers should know about the store, "" where all is well.
    """

    trouble = ""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.accounts = Accounts(database)

    @staticmethod
    def open(url: str) -> "Store":
        """Open ``sqlite:///path.db``, creating it where it is missing, or ``postgresql://…``; publishes nothing.

        A file's older schema is migrated after a backup beside it; a server's database is made ready by ``prepare``.
        Raise StoreUnusable for a newer one, for a file that is no store, and for a place that cannot be used;
        StoreDamaged, StoreBusy.
        """
        database = connect(url)
        if database.file:
            with suppress(OSError):  # the database says better what is wrong with its place
                private.folder(database.file.parent)
                private.file(database.file)
        with database.read() as connection:
            number = schema.stored_number(connection)
        if number != schema.NUMBER and database.file is None:
            raise _unprepared(database, number)
        store = Store(database)
        if number != schema.NUMBER:
            _bring_up_to_date(database)
            store.summarise_missing()
        return store

    def plans(self) -> tuple[str, ...]:
        """Return the plans' names, units before examples, in each the one first published at the head."""
        return tuple(plan.name for plan in self.listed())

    def listed(self) -> tuple[Listed, ...]:
        """Return the plans with their units and years, in the order of ``plans``; no table or plan is read for it."""
        with self._database.read() as connection:
            return summaries.listed(connection)

    def summaries(self) -> tuple[Summary, ...]:
        """Return how every plan's newest version stands under the rules in force, one row each.

        A plan whose newest version has no summary under these rules is left out; see ``unsummarised``.
        """
        with self._database.read() as connection:
            return summaries.newest(connection, Method.default().fingerprint)

    def unsummarised(self, fingerprint: str) -> tuple[int, ...]:
        """Return the ids of the versions that have no summary under a method, oldest first."""
        with self._database.read() as connection:
            return summaries.missing(connection, fingerprint)

    def keep_summaries(self, made: Iterable[Summary]) -> None:
        """Keep summaries, all or none; the same again changes nothing.

        They follow from what is kept, so this is nobody's act. Raise StoreDamaged where another one is there already.
        """
        with self._database.write() as connection:
            summaries.add(connection, made)

    def summarise_missing(self, most: int | None = None) -> None:
        """Work out summaries that are missing under the rules in force, ``most`` of them, the newest versions first.

        A version that cannot be judged, and whatever cannot be kept just now, is left for the next time.
        """
        ids = self.unsummarised(Method.default().fingerprint)[::-1][:most]
        for start in range(0, len(ids), _AT_ONCE):
            with suppress(DashboardError):
                self.keep_summaries(list(filter(None, map(self._standing, ids[start : start + _AT_ONCE]))))

    def roster(self) -> Roster | None:
        """Return the list of units that counts, None where none was uploaded."""
        with self._database.read() as connection:
            return roster.newest(connection)

    def keep_roster(self, units: Roster, *, author: str, token: str, session: Session | None = None) -> Roster:
        """Keep a list of units, which counts from now on; the lists before it stay kept. The same token twice keeps one."""
        with self._noting_refusals("keep_roster", author, units.filename), self._database.write() as connection:
            return roster.keep(connection, units, author, token, session)

    def versions(self, plan: str) -> tuple[Version, ...]:
        """Return a plan's versions, newest first."""
        with self._database.read() as connection:
            return tuple(keeping.versions(connection, plan))

    def latest(self, plan: str) -> Version | None:
        """Return a plan's newest version, None where it has none."""
        with self._database.read() as connection:
            return keeping.latest(connection, plan)

    def version(self, version_id: int) -> Version:
        """Return one version. Raises KeyError for an id that does not exist."""
        with self._database.read() as connection:
            return keeping.as_version(keeping.row_of(connection, version_id))

    def original(self, version_id: int) -> bytes:
        """Return the workbook's bytes as they came."""
        return self._part(version_id, "original")

    def table(self, version_id: int) -> pd.DataFrame:
        """Return the table with what was carried over (沿用), ``scoring.table.COLUMNS``; it is the caller's own."""
        return canonical.table_of(self._part(version_id, "table"))

    def findings(self, version_id: int) -> tuple[Finding, ...]:
        """Return what was found in the version's workbook, then what its base version told about it."""
        return canonical.findings_of(self._part(version_id, "findings"))

    def form(self, version_id: int) -> Form:
        """Return the form as printed, read again from the bytes; it takes as long as reading the workbook."""
        version, plan = self.version(version_id), self.plan(version_id)
        return read_workbook(self.original(version_id), version.filename, year=plan.year, known=plan).form

    def plan(self, version_id: int) -> Plan:
        """Return the plan as it was kept with the version."""
        return _plan_of(self._part(version_id, "plan"))

    def method(self, version_id: int) -> str:
        """Return the text of the method file by which the version was judged when it was published."""
        return self._part(version_id, "method").decode()

    def publish(
        self,
        *,
        plan: str,
        content: bytes,
        filename: str,
        base: int | None,
        author: str,
        data_date: date,
        note: str,
        token: str,
        session: Session | None = None,
    ) -> Version:
        """Publish a workbook as the plan's next version.

        ``base`` is the id of the plan's newest version, None for the first; ``token`` is made once for each intended
        publish, so that a double click or a retry gives the version that is there already. Raise WorkbookRejected for
        unreadable bytes, StalePublish where ``base`` is no longer the newest; findings never refuse.
        """
        published = self._published(token)
        if published:
            return published
        with self._noting_refusals("publish", author, plan):
            kept, table = self._before(plan, base)
        reading = read_workbook(content, filename, year=drafting.year_of(plan), known=kept)
        details = kept or drafting.first_plan(plan, data_date)
        contents = drafting.contents_of(reading, content, details, table, data_date)
        return self._keep(Draft(plan, base, data_date, author, note, filename, token, contents), session)

    def restore(
        self, version_id: int, *, base: int | None, author: str, note: str, token: str, session: Session | None = None
    ) -> Version:
        """Publish an old version again as its plan's next one: bytes, table, findings, plan and method as they were.

        Raise KeyError for an id that does not exist, StalePublish where ``base`` is no longer the plan's newest.
        """
        source, contents = self.version(version_id), self._contents(version_id)
        draft = Draft(source.plan, base, source.data_date, author, note, source.filename, token, contents)
        return self._keep(draft, session, "restore")

    def revise(
        self, plan: Plan, *, base: int, author: str, note: str, token: str, session: Session | None = None
    ) -> Version:
        """Publish the newest version again, the same bytes, with a changed plan. Raises as above.

        Confirmed aliases take effect: where they changed, the bytes are read again. Else table and findings stay.
        """
        source, contents = self.version(base), self._contents(base)
        if plan.aliases != _plan_of(contents.plan).aliases:
            reading = read_workbook(contents.original, source.filename, year=plan.year, known=plan)
            contents = drafting.revised(reading, contents, plan, source.data_date)
        else:
            contents = replace(contents, plan=canonical.plan_bytes(plan))
        draft = Draft(source.plan, base, source.data_date, author, note, source.filename, token, contents)
        return self._keep(draft, session, "revise")

    def confirm(
        self,
        row: int,
        targets: tuple[Target, ...],
        *,
        base: int,
        author: str,
        note: str,
        token: str,
        session: Session | None = None,
    ) -> Version:
        """Publish the newest version again, the same bytes, with the targets of one indicator as a person confirmed them.

        ``row`` is the indicator's label in the table's index; no targets at all leave it to the text again. Raises as
        above, RowUnknown for a row that the table does not have.
        """
        source = self.version(base)
        contents = drafting.confirmed(self._contents(base), row, targets, source.data_date)
        draft = Draft(source.plan, base, source.data_date, author, note, source.filename, token, contents)
        return self._keep(draft, session, "confirm")

    def decisions(self, plan: str) -> tuple[Decision, ...]:
        """Return what meetings have decided on a plan, as it stands, in the order in which it was decided."""
        with self._database.read() as connection:
            return deciding.decisions(connection, plan)

    def decide(self, decision: Decision, *, token: str, session: Session | None = None) -> Decision:
        """Keep a new decision (``id`` 0), or how one stands now: another text, ticked off, open again.

        The same token twice keeps one. Raise DecisionInvalid where it says nothing or the plan has no such decision.
        """
        with self._noting_refusals("decide", decision.author, decision.plan), self._database.write() as connection:
            return deciding.decide(connection, decision, token, session)

    def verify(self) -> tuple[str, ...]:
        """Return a sentence for everything that is not as it was written; empty: all is well."""
        return verifying.faults(self._database)

    def moment(self) -> AbstractContextManager[None]:
        """Let all that this thread asks meanwhile be answered from one moment of the store."""
        return self._database.moment()

    def head(self) -> tuple[int, str]:
        """Return the number of versions and the newest chain, to be kept outside the database."""
        return verifying.head(self._database)

    def backup(self, path: Path) -> tuple[int, str]:
        """Copy the store while it is in use, verified, to a new file; return the copy's head."""
        backup.copy(self._database, path)
        return verifying.head(SQLite(path))

    def _published(self, token: str) -> Version | None:
        with self._database.read() as connection:
            return keeping.by_token(connection, token)

    def _before(self, plan: str, base: int | None) -> tuple[Plan | None, pd.DataFrame | None]:
        """Return plan and table of the base version, refusing early what its transaction would refuse."""
        newest = self.latest(plan)
        if base != (newest.id if newest else None):
            raise StalePublish(plan, newest)
        return (None, None) if base is None else (self.plan(base), self.table(base))

    def _keep(self, draft: Draft, session: Session | None = None, act: str = "publish") -> Version:
        draft = _shown(draft)
        standing = drafting.standing(drafting.before_publishing(draft), draft.contents)
        with self._noting_refusals(act, draft.author, draft.plan), self._database.write() as connection:
            there = keeping.by_token(connection, draft.token)
            version = keeping.keep(connection, draft, session)
            if there is None:
                summaries.add(connection, summaries.of(version, standing))
                done = Entry(act, version.author, f"{version.plan} 第{version.number}版")
                journal.add(connection, done, datetime.now(UTC))
            return version

    @contextmanager
    def _noting_refusals(self, act: str, who: str, about: str) -> Iterator[None]:
        """Note who came second or is no editor; where even this cannot be written, the refusal itself matters more."""
        try:
            yield
        except (EditorNeeded, StalePublish) as refused:
            with suppress(DashboardError), self._database.write() as connection:
                journal.add(connection, Entry(act, who, about, type(refused).__name__), datetime.now(UTC))
            raise

    def _fill(self, plans: list[list[Draft]]) -> None:
        """Publish drafts, each on the one before it, unless there is a version by now."""
        plans = [[_shown(draft) for draft in drafts] for drafts in plans]
        standings = [drafting.standing(drafting.before_publishing(each), each.contents) for each in chain(*plans)]
        with self._database.write() as connection:
            if connection.execute(sa.select(VERSION.c.id).limit(1)).first():
                return
            for drafts in plans:
                base = None
                for draft in drafts:
                    version = keeping.keep(connection, replace(draft, base=base))
                    summaries.add(connection, summaries.of(version, standings.pop(0)))
                    base = version.id

    def _standing(self, version_id: int) -> Summary | None:
        with suppress(DashboardError):
            return drafting.standing(self.version(version_id), self._contents(version_id))
        return None

    def _contents(self, version_id: int) -> Contents:
        return Contents(**{part: self._part(version_id, part) for part in PARTS})

    def _part(self, version_id: int, part: str) -> bytes:
        with self._database.read() as connection:
            row = keeping.row_of(connection, version_id)
            return keeping.content(connection, row[f"{part}_sha256"])


def default_url() -> str:
    """Return where the store lies: ``$DATABASE_URL``, else a file in ``data.storage.database.home()``."""
    file = sa.URL.create("sqlite", database=str(home() / "dashboard.db"))
    return os.environ.get("DATABASE_URL") or file.render_as_string()


def publish_shipped(store: Store, plans: Iterable[Plan]) -> None:
    """Publish the plans' own workbooks into an empty store, all in one transaction; leave any other store alone."""
    if store.head()[0] == 0:
        store._fill([drafting.shipped_drafts(plan) for plan in plans])


def recover(source: Path, url: str) -> tuple[int, str]:
    """Put a backup where the store lies, unless there is one; return its head. Raises as ``Store.backup``."""
    target, kept = connect(url), SQLite(source, mode="ro")
    if target.file:
        backup.copy(kept, target.file, change=_as_new)
        return verifying.head(target)
    store = Store.open(url)
    with TemporaryDirectory() as folder:
        backup.copy(kept, Path(folder) / source.name, change=_as_new)
        backup.fill(target, SQLite(Path(folder) / source.name))
    return store.head()


def prepare(url: str, app: str = "") -> None:
    """Make the tables, or bring them up to date, as the database's owner; ``app`` is the role that the product has.

    Raises as ``Store.open``.
    """
    database = connect(url)
    if not isinstance(database, Postgres):
        raise StoreUnusable("只有 PostgreSQL 需要 prepare：SQLite 文件在第一次启动时自动建好。")
    _bring_up_to_date(database)
    Store(database).summarise_missing()
    if app:
        with database.write() as connection:
            database.grant(connection, app)


def _as_new(database: Database) -> None:
    """Bring a backup up to date; nobody is signed in to it, also where its sessions were ended since it was made."""
    with database.write() as connection:
        number = schema.stored_number(connection)
        if number not in (None, schema.NUMBER):
            schema.check(number)
            schema.migrate(connection, number)
        for table in (schema.SESSION, schema.GUESS):
            connection.execute(sa.delete(table))
    Store(database).summarise_missing()


def _unprepared(database: Database, number: int | None) -> StoreUnusable:
    if number is not None:
        schema.check(number)
    found = "还没有数据库结构" if number is None else f"的数据库结构是旧的（结构{number}）"
    return StoreUnusable(f"{database.place} 里{found}：请数据库所有者先运行 python -m data prepare。")


def _bring_up_to_date(database: Database) -> None:
    with database.write() as connection:
        number = schema.stored_number(connection)  # another process may have been faster
        if number is None:
            schema.create(connection)
        elif number != schema.NUMBER:
            schema.check(number)
            if database.file:
                name = f"{database.file.name}.schema-{number}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
                backup.copy(database, database.file.with_name(name), verifying.structure)
            schema.migrate(connection, number)


def _shown(draft: Draft) -> Draft:
    if not draft.token:
        raise ValueError("a publish needs a token")
    return replace(
        draft,
        data_date=drafting.day(draft.data_date),
        author=drafting.plain(draft.author),
        note=drafting.plain(draft.note),
        filename=drafting.file_name(draft.filename),
    )


@lru_cache(maxsize=64)
def _plan_of(content: bytes) -> Plan:
    return canonical.plan_of(content)
