"""What the store knows of its database, whichever it is: transactions, and what goes wrong as Chinese sentences."""

import copy
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from data.errors import StoreBusy, StoreDamaged, StoreUnusable
from scoring.errors import DashboardError

WAIT = 10.0  # seconds for another process to finish writing
READ_WAIT = 2.0  # seconds for it where a page waits
QUIET = 3.0  # seconds after a failed read in which none is tried
DAMAGED = "数据库已损坏，读不出可信的内容。请保留原样，另用 python -m data restore 恢复最近的备份。"
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(eq=False)
class _Moment:
    """What a thread reads within ``Database.moment``: the connection is there once something has been asked."""

    database: "Database"
    open: ExitStack
    connection: sa.Connection | None = None


_MOMENT: ContextVar[_Moment | None] = ContextVar("moment", default=None)


class Database(ABC):
    """A database, which threads may share. Where it is ``served``, pages wait behind it: who reads waits but shortly,
    after a failure nobody asks again for a moment, and a file that is gone is not made anew.

    ``place`` names it to people and holds no password; ``file`` is None where it is a server; in ``folder`` lies what
    belongs beside it; ``shut`` is why nothing may be written, "" where it may.
    """

    shut = ""

    def __init__(self, place: str, file: Path | None, folder: Path, *, served: bool) -> None:
        self.place = place
        self.file = file
        self.folder = folder
        self._served = served
        self._failed: tuple[float, DashboardError] | None = None
        self._inside: sa.Connection | None = None

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one moment of the database.

        A served one raises StoreBusy or StoreUnusable at once where the last read did just now.
        """
        if self._served and self._failed and time.monotonic() - self._failed[0] < QUIET:
            raise type(self._failed[1])(*self._failed[1].args)
        try:
            with self._translated(), self._seen() as connection:
                yield connection
        except (StoreBusy, StoreUnusable) as error:
            self._failed = (time.monotonic(), error)
            raise

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Let all that this thread reads meanwhile come from one moment of the database, over one connection."""
        with ExitStack() as stack:
            before = _MOMENT.set(_Moment(self, stack))
            try:
                yield
            finally:
                _MOMENT.reset(before)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Give the only writing connection; what happened in it is kept whole, or, after any exception, not at all."""
        if self.shut:
            raise StoreUnusable(self.shut)
        with self._translated(), self._writing() as connection:
            yield connection

    def within(self, connection: sa.Connection) -> "Database":
        """Return this database as an open transaction sees it, for reading."""
        seen = copy.copy(self)
        seen._inside = connection
        return seen

    @abstractmethod
    def structure(self, connection: sa.Connection) -> Iterator[str]:
        """Yield a sentence for everything that the database itself finds wrong."""

    @abstractmethod
    def guards(self, connection: sa.Connection) -> dict[str, str]:
        """Return what refuses changes of what is kept, by name, as ``schema.guards`` writes it."""

    def _seen(self) -> AbstractContextManager[sa.Connection]:
        moment = _MOMENT.get()
        if self._inside:
            return nullcontext(self._inside)
        if moment is None or moment.database is not self:
            return self._reading()
        if moment.connection is None:
            moment.connection = moment.open.enter_context(self._reading())
        return nullcontext(moment.connection)

    @abstractmethod
    def _reading(self) -> AbstractContextManager[sa.Connection]: ...

    @abstractmethod
    def _writing(self) -> AbstractContextManager[sa.Connection]: ...

    @abstractmethod
    def _sentence(self, error: sa.exc.SQLAlchemyError) -> DashboardError | None:
        """Return what an error means to people, None for a mistake in our own statement."""

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            sentence = self._sentence(error)
            if sentence is None:
                raise
            raise sentence from error
        except UnicodeDecodeError as error:  # the driver cannot even read what the damaged database says
            raise StoreDamaged(DAMAGED) from error


def home() -> Path:
    """Return the folder of what is kept: ``$DASHBOARD_HOME``, else the checkout's ``var/``."""
    return Path(os.environ.get("DASHBOARD_HOME") or _ROOT / "var")
