"""Backups by themselves: a verified copy beside the store after every act, few enough to keep.

::

    dashboard.db
    backups/dashboard-20250630T152912000000Z.db    the last ten, and the last one of each of thirty days
"""

import logging
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.storage import backup
from data.storage.database import Database
from data.storage.keeping import BEIJING
from scoring.errors import DashboardError

FOLDER = "backups"
LAST, DAYS = 10, 30
_STAMP = "%Y%m%dT%H%M%S%fZ"
_log = logging.getLogger(__name__)


class Rotation:
    """The backups of one database. ``trouble`` is why the last one failed, "" where it did not."""

    def __init__(self, source: Database) -> None:
        self.trouble = ""
        self._source = source
        self._folder = source.folder / FOLDER
        self._stem = source.file.stem if source.file else "dashboard"
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="backup")
        self._asked: Future[None] | None = None

    def ask(self) -> None:
        """Have a backup made soon, in the background; one that is waiting to be made will hold this act too.

        A server's database is copied by a timer: else each replica would copy all of it after each act of its own.
        """
        if self._source.file is None:
            return
        if self._asked is None or self._asked.running() or self._asked.done():
            self._asked = self._worker.submit(self.make)

    def finish(self) -> None:
        """Wait until what was asked for is made."""
        if self._asked:
            self._asked.result()

    def make(self) -> None:
        """Make a backup as ``add``; a failure is noted and told in the log, never raised."""
        try:
            self.add()
            self.trouble = ""
        except (DashboardError, OSError) as error:
            self.trouble = f"自动备份没有成功，版本本身已保存：{error}"
            _log.error(self.trouble)

    def add(self) -> Path:
        """Make a backup, then drop those no longer needed; return its path. Raises as ``backup.copy``."""
        path = self._folder / f"{self._stem}-{datetime.now(UTC).strftime(_STAMP)}.db"
        backup.copy(self._source, path)
        self._prune()
        return path

    def made(self) -> tuple[Path, ...]:
        """Return all backups, newest first; none where the folder cannot be read."""
        with suppress(OSError):
            return tuple(sorted((path for path in self._folder.iterdir() if self._moment(path)), reverse=True))
        return ()

    def newest(self) -> datetime | None:
        """Return when the newest backup was made, None where there is none."""
        return next(filter(None, map(self._moment, self.made())), None)

    def _prune(self) -> None:
        moments = {moment: path for path in self.made() if (moment := self._moment(path))}
        for moment in moments.keys() - needed(moments):
            moments[moment].unlink()

    def _moment(self, path: Path) -> datetime | None:
        try:
            found = datetime.strptime(path.name, f"{self._stem}-{_STAMP}.db")
        except ValueError:
            return None
        return found.replace(tzinfo=UTC)


def needed(moments: Iterable[datetime]) -> set[datetime]:
    """Return the backups to keep: the last ten, and the last of each day within thirty days of the newest.

    Days are counted from the newest backup, not from today: a clock that is wrong drops nothing.
    """
    ordered = sorted(moments, reverse=True)
    last_of_day = {moment.astimezone(BEIJING).date(): moment for moment in reversed(ordered)}
    first = ordered[0].astimezone(BEIJING).date() - timedelta(days=DAYS) if ordered else None
    return {*ordered[:LAST], *(moment for day, moment in last_of_day.items() if first and day > first)}
