"""Editors and their sessions: who may sign in, who is signed in, and what is noted of it.

A browser's cookie holds a token, the store only its SHA-256. What the rest of the product carries about is a *ticket*:
``session:<that hash>`` or, where a proxy signs people in, ``person:<name>``; neither lets anybody sign in. Whether a
ticket is still good is asked of the store each time, in an act's own transaction too, so that revoking is at once.
"""

import hmac
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from threading import Semaphore
from urllib.parse import quote, unquote

import sqlalchemy as sa
from argon2 import PasswordHasher
from itsdangerous import BadData, URLSafeSerializer

from data.errors import EditorNeeded
from data.storage import guesses, journal, passwords
from data.storage.database import Database
from data.storage.drafting import plain
from data.storage.guesses import Guess
from data.storage.journal import OK, Entry, written
from data.storage.keeping import Session
from data.storage.schema import EDITOR, SESSION
from data.storage.secret import secret
from scoring.errors import DashboardError

LONGEST_NAME = 20  # characters
IDLE, ABSOLUTE = timedelta(minutes=60), timedelta(hours=8)
PERSON = "person:"  # how the ticket of somebody whom a proxy has signed in begins
SEEN_EVERY = timedelta(minutes=1)  # a session's last use is written no more often
_AT_ONCE = Semaphore(2)  # verifications; each takes a tenth of a second and 19 MiB


class AccountInvalid(DashboardError):
    """A name that cannot be an editor's, that is taken, or that nobody has."""


class SignInRefused(DashboardError):
    """Name or password is wrong; which, is not said."""

    def __init__(self) -> None:
        super().__init__("姓名或密码不对。请核对后再试；忘了密码，请维护人员重设。")


class TooManyGuesses(DashboardError):
    """So many passwords were tried that this one was not looked at."""

    def __init__(self) -> None:
        super().__init__(
            "最近试错的次数太多，这一次没有核对密码。请15分钟后再试；以前登录成功过的浏览器还可以再试一两次。"
        )


@dataclass(frozen=True)
class Account:
    """An editor as the list shows him."""

    name: str
    added_at: datetime
    disabled: bool


@dataclass(frozen=True)
class SignedIn:
    """What a browser keeps: the session's token, and what later tells that this browser knew the password once."""

    token: str
    browser: str


class Accounts:
    """The editors of a store. ``clock`` gives the moment with its time zone; threads may share one of these."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        hasher: PasswordHasher = passwords.HASHER,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hasher = hasher

    def editors(self) -> tuple[Account, ...]:
        """Return all editors, also those who are disabled, in the order in which they were added."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(EDITOR).order_by(EDITOR.c.id)).mappings()
            return tuple(
                Account(row["name"], datetime.fromisoformat(row["added_at"]), row["disabled_at"] is not None)
                for row in rows
            )

    def add(self, name: str, password: str, by: str) -> None:
        """Add an editor, or let a disabled one in again. Raise AccountInvalid, PasswordRefused."""
        hashed = self._hashed(name, password)
        with self._database.write() as connection:
            self._add(connection, shown(name), hashed, by)

    def add_first(self, name: str, password: str, address: str) -> SignedIn:
        """Add the first editor and sign him in. Raise AccountInvalid also where there is an editor by now."""
        hashed = self._hashed(name, password)
        with self._database.write() as connection:
            if connection.execute(sa.select(EDITOR.c.id).limit(1)).first():
                raise AccountInvalid("已经有编辑了，这个链接不能再用。请点“登录编辑”。")
            self._add(connection, shown(name), hashed, shown(name))
            (editor,) = connection.execute(sa.select(EDITOR)).mappings()
            return self._begin(connection, editor, address)

    def set_password(self, name: str, password: str, by: str) -> None:
        """Give an editor another password and end all his sessions. Raise AccountInvalid, PasswordRefused."""
        hashed = self._hashed(name, password)
        self._change(name, "password-changed", by, {"hash": hashed})

    def disable(self, name: str, by: str) -> None:
        """Let an editor in no longer and end all his sessions. Raise AccountInvalid for a name that nobody has."""
        self._change(name, "editor-disabled", by, {"disabled_at": written(self._clock())})

    def sign_in(self, name: str, password: str, *, address: str, browser: str = "") -> SignedIn:
        """Begin a session; ``browser`` is what an earlier sign-in left there.

        Raise SignInRefused, TooManyGuesses; both say the same, after the same time, whether there is such a name or not.
        """
        with self._database.read() as connection:  # refusing writes nothing, however many ask
            editor = _by_name(connection, name)
            guess = Guess(self._pseudonym(name), address, self._knows(browser, editor), self._clock())
            _admit(connection, guess)
        with self._database.write() as connection:
            _admit(connection, guess)  # others may have been faster
            number = guesses.note(connection, guess)
        fits = self._fits(editor, password)
        with self._database.write() as connection:
            now = _by_name(connection, name)
            if editor and now and fits and now["hash"] == editor["hash"] and now["disabled_at"] is None:
                guesses.forget(connection, number)
                return self._begin(connection, now, address)
            told = SignInRefused if guesses.allowed(connection, guess) else TooManyGuesses
            known = editor["name"] if editor else ""
            self._note(connection, Entry("sign-in", known, result=told.__name__, address=address))
        raise SignInRefused

    def mark(self, name: str) -> str:
        """Return what makes a browser an editor's own, as signing in leaves it there: for one who never signed in.

        Raise AccountInvalid for a name that nobody has.
        """
        with self._database.read() as connection:
            editor = _by_name(connection, name)
        if editor is None:
            raise AccountInvalid(f"没有编辑“{shown(name)}”。请用 list 看名单。")
        return self._marked(editor)

    def is_mark(self, browser: str) -> bool:
        """Tell whether this was made by ``mark`` or left by a sign-in."""
        return self._marked_for(browser) is not None

    def sign_out(self, ticket: str) -> None:
        """End a session, also where an open page still has it; nothing happens where there is none."""
        with self._database.write() as connection:
            editor = self._editor(connection, ticket)
            connection.execute(sa.delete(SESSION).where(SESSION.c.id == _hash_in(ticket)))
            if editor:
                self._note(connection, Entry("sign-out", editor["name"]))

    def who(self, ticket: str) -> str | None:
        """Return the name of the editor whose ticket this is; None where he is none, or no longer."""
        if not ticket:
            return None
        with self._database.read() as connection:
            editor = self._editor(connection, ticket)
        return editor["name"] if editor else None

    def guard(self, ticket: str) -> Session:
        """Return what an act asks in its own transaction: the editor's name, or EditorNeeded."""

        def named(connection: sa.Connection) -> str:
            editor = self._editor(connection, ticket)
            if editor is None:
                raise EditorNeeded
            return str(editor["name"])

        return named

    def seen(self, ticket: str) -> None:
        """Note that a session is in use, at most once a minute; one that has expired stays so."""
        now = self._clock()
        mine = SESSION.c.id == _hash_in(ticket)
        with self._database.read() as connection:
            last = connection.execute(sa.select(SESSION.c.seen_at).where(mine)).scalar()
        if last is None or written(now - SEEN_EVERY) < last <= written(now):
            return
        with self._database.write() as connection:
            if self._editor(connection, ticket):
                connection.execute(sa.update(SESSION).where(mine).values(seen_at=written(now)))

    def note(self, act: str, ticket: str, about: str) -> None:
        """Write into the journal what an editor does. Raise EditorNeeded, after noting that too."""
        with self._database.write() as connection:
            editor = self._editor(connection, ticket)
            result = OK if editor else EditorNeeded.__name__
            self._note(connection, Entry(act, editor["name"] if editor else "", about, result))
        if editor is None:
            raise EditorNeeded

    def journal(self, skip: int, count: int) -> tuple[Entry, ...]:
        """Return ``count`` entries of the journal, newest first, after the ``skip`` newest."""
        with self._database.read() as connection:
            return journal.entries(connection, skip, count)

    def journal_length(self) -> int:
        """Return how many entries the journal has."""
        with self._database.read() as connection:
            return journal.length(connection)

    @cached_property
    def _nobody(self) -> str:
        """A hash that no password fits, so that an unknown name takes as long as a known one."""
        return self._hasher.hash(secrets.token_hex(32))

    def _fits(self, editor: sa.RowMapping | None, password: str) -> bool:
        nobody = self._nobody  # made before the two ways part
        with _AT_ONCE:
            return passwords.fits(self._hasher, editor["hash"] if editor else nobody, password)

    def _hashed(self, name: str, password: str) -> str:
        if not 0 < len(shown(name)) <= LONGEST_NAME or not _key(name):
            raise AccountInvalid(f"姓名要写1到{LONGEST_NAME}个字。")
        with _AT_ONCE:
            return self._hasher.hash(passwords.accepted(password, shown(name)))

    def _add(self, connection: sa.Connection, name: str, hashed: str, by: str) -> None:
        there = _by_name(connection, name)
        if there and there["disabled_at"] is None:
            raise AccountInvalid(f"已经有编辑“{there['name']}”，没有改动。要换密码，请用 passwd。")
        if there:
            again = {"hash": hashed, "disabled_at": None}
            connection.execute(sa.update(EDITOR).where(EDITOR.c.id == there["id"]).values(again))
        else:
            last = connection.execute(sa.select(sa.func.max(EDITOR.c.id))).scalar() or 0
            row = {"id": last + 1, "key": _key(name), "name": name, "hash": hashed, "added_at": written(self._clock())}
            connection.execute(sa.insert(EDITOR).values(row))
        self._note(connection, Entry("editor-added", by, there["name"] if there else name))

    def _change(self, name: str, act: str, by: str, values: dict[str, str]) -> None:
        with self._database.write() as connection:
            editor = _by_name(connection, name)
            if editor is None or editor["disabled_at"] is not None:
                raise AccountInvalid(f"没有编辑“{shown(name)}”，或已停用，没有改动。请用 list 看名单。")
            connection.execute(sa.update(EDITOR).where(EDITOR.c.id == editor["id"]).values(values))
            connection.execute(sa.delete(SESSION).where(SESSION.c.editor == editor["id"]))
            self._note(connection, Entry(act, by, editor["name"]))

    def _begin(self, connection: sa.Connection, editor: sa.RowMapping, address: str) -> SignedIn:
        now, token = self._clock(), secrets.token_urlsafe(32)
        connection.execute(sa.delete(SESSION).where(SESSION.c.started_at < written(now - ABSOLUTE)))
        row = {"id": _hash(token), "editor": editor["id"], "started_at": written(now), "seen_at": written(now)}
        connection.execute(sa.insert(SESSION).values(row))
        self._note(connection, Entry("sign-in", editor["name"], address=address))
        return SignedIn(token, self._marked(editor))

    def _editor(self, connection: sa.Connection, ticket: str) -> sa.RowMapping | None:
        """Return the enabled editor whose ticket this is."""
        if ticket.startswith(PERSON):
            found = _by_name(connection, unquote(ticket.removeprefix(PERSON)))
            return found if found and found["disabled_at"] is None else None
        now = self._clock()
        started = SESSION.c.started_at.between(written(now - ABSOLUTE), written(now + SEEN_EVERY))
        query = sa.select(EDITOR).join(SESSION, SESSION.c.editor == EDITOR.c.id)
        query = query.where(SESSION.c.id == _hash_in(ticket), started, SESSION.c.seen_at > written(now - IDLE))
        return connection.execute(query.where(EDITOR.c.disabled_at.is_(None))).mappings().first()

    def _note(self, connection: sa.Connection, entry: Entry) -> None:
        journal.add(connection, entry, self._clock())

    def _pseudonym(self, name: str) -> str:
        """Return a name's place in the count of guesses; people write passwords into the wrong field."""
        return hmac.new(self._secret().encode(), _key(name).encode(), sha256).hexdigest()

    def _knows(self, browser: str, editor: sa.RowMapping | None) -> bool:
        return editor is not None and self._marked_for(browser) == editor["id"]

    def _marked(self, editor: sa.RowMapping) -> str:
        return self._signer().dumps([editor["id"], secrets.token_hex(8)])

    def _marked_for(self, browser: str) -> int | None:
        try:
            known, _ = self._signer().loads(browser)
        except (BadData, TypeError, ValueError):
            return None
        return int(known)

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret(), salt="known browser", signer_kwargs={"digest_method": sha256})

    def _secret(self) -> str:
        return secret(self._database.folder)


def session_ticket(token: str) -> str:
    """Return the ticket of the session whose token a browser holds."""
    return f"session:{_hash(token)}"


def person_ticket(name: str) -> str:
    """Return the ticket, in ASCII, of somebody whom a trusted proxy has signed in."""
    return PERSON + quote(shown(name))


def shown(name: str) -> str:
    """Return a name as it is kept and shown."""
    return " ".join(plain(passwords.folded(name)).split())


def faults(connection: sa.Connection) -> Iterator[str]:
    """Yield a sentence for every editor who is not as the journal says."""
    told: dict[str, bool] = {}
    for row in journal.rows(connection):
        if row["act"] in ("editor-added", "editor-disabled"):
            told[row["about"]] = row["act"] == "editor-added"
    found = {row["name"]: row["disabled_at"] is None for row in connection.execute(sa.select(EDITOR)).mappings()}
    for name in sorted(told.keys() | found.keys(), key=str):  # damage can make a name bytes
        if told.get(name) != found.get(name):
            yield f"编辑名单与操作记录不符（{name}）：名单被绕过命令改动。"


def _admit(connection: sa.Connection, guess: Guess) -> None:
    if not guesses.allowed(connection, guess):
        raise TooManyGuesses


def _by_name(connection: sa.Connection, name: str) -> sa.RowMapping | None:
    return connection.execute(sa.select(EDITOR).where(EDITOR.c.key == _key(name))).mappings().first()


def _key(name: str) -> str:
    return "".join(shown(name).casefold().split())


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _hash_in(ticket: str) -> str:
    kind, _, hashed = ticket.partition(":")
    return hashed if kind == "session" else ""
