"""How many passwords may be tried: counted in the store before each is verified, so neither a restart nor a wiped
cache forgets them.

For an account, guesses of the last quarter of an hour, whoever made them::

    0 ─────────── 4 ────── 5 ────── 6 ────── 7
    one new address│       │        │        │     a stranger's address alone
    all new addresses ─────┘        │        │     strangers together
    addresses somebody signed in from ───────┘     (of the last 30 days)
    browsers that signed in to this account ─┘     at most 28 an hour in all

So whoever guesses from anywhere else leaves the last ones to the editor's own browser and office.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from data.storage.journal import OK, written
from data.storage.schema import GUESS, JOURNAL_ENTRY

QUARTER, MINUTE, HOUR = timedelta(minutes=15), timedelta(minutes=1), timedelta(hours=1)
KNOWN_BROWSER, KNOWN_ADDRESS, STRANGERS, STRANGER = 7, 6, 5, 4  # guesses for an account in a quarter of an hour
FROM_ADDRESS = 20  # for all accounts together, in a quarter of an hour
FROM_ALL = 30  # in a minute, so that guessing cannot take the processor away
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True)
class Guess:
    """Whose password is tried (``account``, a keyed hash), from where, and whether by a browser that knew it before."""

    account: str
    address: str
    known_browser: bool
    at: datetime


def allowed(connection: sa.Connection, guess: Guess) -> bool:
    """Tell whether this guess may be verified."""
    mine = GUESS.c.account == guess.account
    tried = _count(connection, guess, QUARTER, mine)
    if guess.known_browser:
        return tried < KNOWN_BROWSER
    here = GUESS.c.address == guess.address
    if _count(connection, guess, MINUTE) >= FROM_ALL or _count(connection, guess, QUARTER, here) >= FROM_ADDRESS:
        return False
    if _is_known(connection, guess):
        return tried < KNOWN_ADDRESS
    return tried < STRANGERS and _count(connection, guess, QUARTER, mine, here) < STRANGER


def note(connection: sa.Connection, guess: Guess) -> str:
    """Count a guess; return its id, by which ``forget`` takes it back."""
    outside = sa.not_(GUESS.c.at.between(written(guess.at - HOUR), written(guess.at + HOUR)))
    connection.execute(sa.delete(GUESS).where(outside))
    number = secrets.token_hex(16)
    row = {"id": number, "account": guess.account, "address": guess.address, "at": written(guess.at)}
    connection.execute(sa.insert(GUESS).values(row))
    return number


def forget(connection: sa.Connection, number: str) -> None:
    """Take back a guess that was the password."""
    connection.execute(sa.delete(GUESS).where(GUESS.c.id == number))


def _count(connection: sa.Connection, guess: Guess, span: timedelta, *conditions: sa.ColumnElement[bool]) -> int:
    recent = GUESS.c.at.between(written(guess.at - span), written(guess.at + MINUTE))  # a clock may be put back
    return connection.execute(sa.select(sa.func.count()).select_from(GUESS).where(recent, *conditions)).scalar_one()


def _is_known(connection: sa.Connection, guess: Guess) -> bool:
    """Tell whether anybody signed in from this address; not who, or an address would tell which names exist."""
    query = sa.select(JOURNAL_ENTRY.c.id).where(
        JOURNAL_ENTRY.c.address == guess.address,
        JOURNAL_ENTRY.c.result == OK,
        JOURNAL_ENTRY.c.at > written(guess.at - REMEMBERED),
    )
    return connection.execute(query.limit(1)).first() is not None
