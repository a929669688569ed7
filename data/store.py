"""The store: a plan's versions, kept for ever (design section 6).

content, filename ─► read_workbook ─► 沿用 from the base version ─► findings ─► bytes    outside the transaction
BEGIN ─► session ─► token ─► is the base the newest? ─► write, chain, read back ─► COMMIT
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from data import backup, canonical, deciding, drafting, journal, keeping, schema, verifying
from data.accounts import Accounts
from data.database import Database, path_of
from data.decisions import Decision
from data.errors import EditorNeeded
from data.findings import Finding
from data.form import Form
from data.journal import Entry
from data.keeping import Contents, Draft, Session, StalePublish
from data.plan import Plan
from data.reader import read_workbook
from data.schema import PARTS, VERSION
from data.versions import Version
from scoring.errors import DashboardError
from scoring.targets import Target

__all__ = ["Session", "StalePublish", "Store", "default_url", "publish_shipped", "recover"]

_ROOT = Path(__file__).resolve().parent.parent


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
        """Open ``sqlite:///path.db``, creating it where it is missing; publishes nothing.

        An older schema is migrated after a backup beside the file. Raise StoreUnusable for a newer one, for a file
        that is no store, and for a place that cannot be used; StoreDamaged, StoreBusy.
        """
        path = path_of(url)
        with suppress(OSError):  # the database says better what is wrong with its place
            path.parent.mkdir(parents=True, exist_ok=True)
        database = Database(path)
        with database.read() as connection:
            number = schema.stored_number(connection)
        if number != schema.NUMBER:
            _bring_up_to_date(database)
        return Store(database)

    def plans(self) -> tuple[str, ...]:
        """Return the plans' names, units before examples, in each the one first published at the head."""
        with self._database.read() as connection:
            query = sa.select(VERSION).where(VERSION.c.number == 1).order_by(VERSION.c.id)
            rows = [keeping.checked(row) for row in connection.execute(query).mappings()]
            plans = {row["plan"]: _plan_of(keeping.content(connection, row["plan_sha256"])) for row in rows}
        return tuple(sorted(plans, key=lambda name: plans[name].example))

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

    def head(self) -> tuple[int, str]:
        """Return the number of versions and the newest chain, to be kept outside the database."""
        return verifying.head(self._database)

    def backup(self, path: Path) -> tuple[int, str]:
        """Copy the store while it is in use, verified, to a new file; return the copy's head."""
        backup.copy(self._database.path, path)
        return verifying.head(Database(path))

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
        with self._noting_refusals(act, draft.author, draft.plan), self._database.write() as connection:
            there = keeping.by_token(connection, draft.token)
            version = keeping.keep(connection, _shown(draft), session)
            if there is None:
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
        with self._database.write() as connection:
            if connection.execute(sa.select(VERSION.c.id).limit(1)).first():
                return
            for drafts in plans:
                base = None
                for draft in drafts:
                    base = keeping.keep(connection, replace(_shown(draft), base=base)).id

    def _contents(self, version_id: int) -> Contents:
        return Contents(**{part: self._part(version_id, part) for part in PARTS})

    def _part(self, version_id: int, part: str) -> bytes:
        with self._database.read() as connection:
            row = keeping.row_of(connection, version_id)
            return keeping.content(connection, row[f"{part}_sha256"])


def default_url() -> str:
    """Return where the store lies: in ``$DASHBOARD_HOME``, else in the checkout's ``var/``."""
    folder = Path(os.environ.get("DASHBOARD_HOME") or _ROOT / "var")
    return sa.URL.create("sqlite", database=str(folder / "dashboard.db")).render_as_string()


def publish_shipped(store: Store, plans: Iterable[Plan]) -> None:
    """Publish the plans' own workbooks into an empty store, all in one transaction; leave any other store alone."""
    if store.head()[0] == 0:
        store._fill([drafting.shipped_drafts(plan) for plan in plans])


def recover(source: Path, url: str) -> tuple[int, str]:
    """Put a backup where the store lies, unless there is one; return its head. Raises as ``Store.backup``."""
    backup.copy(source, path_of(url))
    return verifying.head(Database(path_of(url)))


def _bring_up_to_date(database: Database) -> None:
    with database.write() as connection:
        number = schema.stored_number(connection)  # another process may have been faster
        if number is None:
            schema.create(connection)
        elif number != schema.NUMBER:
            schema.check(number)
            name = f"{database.path.name}.schema-{number}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
            backup.copy(database.path, database.path.with_name(name), verifying.structure)
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
