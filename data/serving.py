"""The store as the running server uses it, so that pages stand whatever happens to the database.

::

               all is well       locked, gone for a while     damaged
    pages      ask it            see what it said last        see the versions that are whole, of it or of a backup
    acts       are backed up     are refused in a sentence    are refused in a sentence
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

from data.decisions import Decision
from data.errors import StoreBusy, StoreDamaged, StoreUnusable
from data.plan import Plan
from data.storage import summaries, verifying
from data.storage.database import Database
from data.storage.keeping import BEIJING, Draft, Session
from data.storage.location import connect
from data.storage.roster import Roster
from data.storage.rotation import Rotation
from data.storage.sqlite import SQLite
from data.storage.summaries import Summary
from data.store import Store, publish_shipped
from data.versions import Listed, Version
from scoring import Method
from scoring.errors import DashboardError

T = TypeVar("T")
CATCH_UP = 200  # summaries that a start works out where the rules have changed; more is for python -m data bulk
READ_ONLY = "数据库已损坏，现在只能看，不能改动。请维护人员按使用手册第六节恢复备份后再试。"


class Served(Store):
    """A store that answers from memory where the database does not, and is backed up after every act."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.backups = Rotation(database)
        self._said: dict[tuple[str, ...], tuple[datetime, Any]] = {}

    def listed(self) -> tuple[Listed, ...]:
        """Return the plans as ``Store.listed``."""
        return self._asked(("listed",), super().listed)

    def summaries(self) -> tuple[Summary, ...]:
        """Return how the newest versions stand as ``Store.summaries``."""
        return self._asked(("summaries",), super().summaries)

    def roster(self) -> Roster | None:
        """Return the list of units that counts."""
        return self._asked(("roster",), super().roster)

    def versions(self, plan: str) -> tuple[Version, ...]:
        """Return a plan's versions, newest first."""
        return self._asked(("versions", plan), lambda: super(Served, self).versions(plan))

    def latest(self, plan: str) -> Version | None:
        """Return a plan's newest version, None where it has none."""
        return self._asked(("latest", plan), lambda: super(Served, self).latest(plan))

    def decisions(self, plan: str) -> tuple[Decision, ...]:
        """Return what meetings have decided on a plan."""
        return self._asked(("decisions", plan), lambda: super(Served, self).decisions(plan))

    def head(self) -> tuple[int, str]:
        """Return the number of versions and the newest chain."""
        return self._asked(("head",), super().head)

    def decide(self, decision: Decision, *, token: str, session: Session | None = None) -> Decision:
        """Keep a decision as ``Store.decide``."""
        kept = super().decide(decision, token=token, session=session)
        self.backups.ask()
        return kept

    def keep_roster(self, units: Roster, *, author: str, token: str, session: Session | None = None) -> Roster:
        """Keep a list of units as ``Store.keep_roster``."""
        kept = super().keep_roster(units, author=author, token=token, session=session)
        self.backups.ask()
        return kept

    def _keep(self, draft: Draft, session: Session | None = None, act: str = "publish") -> Version:
        version = super()._keep(draft, session, act)
        self.backups.ask()
        return version

    def _asked(self, question: tuple[str, ...], ask: Callable[[], T]) -> T:
        try:
            answer = ask()
        except (StoreBusy, StoreUnusable):
            if question not in self._said:
                raise
            when, answer = self._said[question]
            self.trouble = f"数据库暂时没有应答，这里是{when:%H:%M}读到的内容；现在不能发布，恢复后自动照常。"
            return answer
        self._said[question] = (datetime.now(BEIJING), answer)
        self.trouble = ""
        return answer


class Rescued(Store):
    """What can still be shown of a damaged store: versions that are whole, and nothing can be added to them."""

    def __init__(self, database: Database, versions: tuple[Version, ...], trouble: str) -> None:
        super().__init__(database)
        database.shut = READ_ONLY
        self.trouble = trouble
        self._whole = versions

    def listed(self) -> tuple[Listed, ...]:
        """Return the plans that still have a version, units before examples."""
        return self._listed

    @cached_property
    def _listed(self) -> tuple[Listed, ...]:
        newest = {version.plan: version for version in self._whole}  # in the order of the first ones
        plans = [(version, self.plan(version.id)) for version in newest.values()]
        found = [Listed(each.plan, plan.unit, plan.year, plan.example, each.id) for each, plan in plans]
        return tuple(sorted(found, key=lambda each: each.example))

    def summaries(self) -> tuple[Summary, ...]:
        """Return how the newest whole versions stand, as far as that is kept as it was written."""
        newest = {each.newest for each in self.listed()}
        with suppress(StoreDamaged), self._database.read() as connection:
            return tuple(
                each for each in summaries.sound(connection, Method.default().fingerprint) if each.version in newest
            )
        return ()

    def roster(self) -> Roster | None:
        """Return the list of units that counts, None where that is damaged."""
        with suppress(StoreDamaged):
            return super().roster()
        return None

    def versions(self, plan: str) -> tuple[Version, ...]:
        """Return a plan's whole versions, newest first."""
        return tuple(version for version in reversed(self._whole) if version.plan == plan)

    def latest(self, plan: str) -> Version | None:
        """Return a plan's newest whole version."""
        return next(iter(self.versions(plan)), None)

    def version(self, version_id: int) -> Version:
        """Return one version. Raises KeyError for an id that does not exist, or is not whole."""
        return {version.id: version for version in self._whole}[version_id]

    def head(self) -> tuple[int, str]:
        """Return the number of versions and the newest chain, none of which is certain where it cannot be read."""
        with suppress(StoreDamaged):
            return super().head()
        return len(self._whole), ""

    def decisions(self, plan: str) -> tuple[Decision, ...]:
        """Return what meetings have decided, nothing where that is damaged."""
        with suppress(StoreDamaged):
            return super().decisions(plan)
        return ()


def opened(url: str, plans: tuple[Plan, ...]) -> Served | Rescued:
    """Open the store for the pages, after a look at everything that is in it; an empty one is given ``plans``.

    Raise StoreUnusable, StoreBusy; StoreDamaged where not one version is whole, in the store or in its backups.
    """
    database = connect(url, served=True)
    try:
        publish_shipped(Store.open(url), plans)
        served = Served(database)
        faults = served.verify()
    except StoreDamaged as error:
        faults = (str(error),)
    else:
        if not faults:
            served.summarise_missing(CATCH_UP)
            if served.head()[0] and not served.backups.made():
                served.backups.ask()
            return served
    damaged = SQLite(database.file, mode="ro") if database.file else database
    return _rescued(Rotation(database), damaged, faults[0])


def _rescued(backups: Rotation, damaged: Database, fault: str) -> Rescued:
    """Return the store's own whole versions, or a backup's, where that has a newer one."""
    database, versions, source = damaged, verifying.whole(damaged), "库里仍然完好的版本"
    for path in backups.made():
        copy = SQLite(path, mode="ro")
        if kept := _sound(copy):
            made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if not versions or kept[-1].id >= versions[-1].id:
                database, versions, source = copy, kept, f"{made.astimezone(BEIJING):%Y-%m-%d %H:%M}的备份"
            break
    if not versions:
        raise StoreDamaged(fault)
    return Rescued(database, versions, f"数据库已损坏：{fault}现在显示的是{source}，只能看，不能发布；请告诉维护人员。")


def _sound(copy: Database) -> tuple[Version, ...]:
    """Return a backup's versions where all of them are whole, else none; an earlier release's has fewer tables."""
    with suppress(DashboardError):
        kept = verifying.whole(copy)
        if len(kept) == verifying.head(copy)[0] and not any(verifying.structure(copy)):
            return kept
    return ()
