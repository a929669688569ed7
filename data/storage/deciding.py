"""议定事项 in the store: every note of a decision is a new entry, and its newest entry is how it stands."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from data.decisions import Decision
from data.errors import DecisionInvalid, StoreDamaged
from data.storage import canonical, journal
from data.storage.drafting import plain
from data.storage.journal import Entry
from data.storage.keeping import WAY_OUT, Session
from data.storage.schema import DECISION_ENTRY

LONGEST = 300  # characters of a decision's text; a slide has room for no more
LONGEST_NAME = 60


def decisions(connection: sa.Connection, plan: str) -> tuple[Decision, ...]:
    """Return how a plan's decisions stand, in the order in which they were made."""
    newest = {entry["decision"]: entry for entry in entries(connection, DECISION_ENTRY.c.plan == plan)}
    return tuple(map(_decision, newest.values()))


def decide(connection: sa.Connection, decision: Decision, token: str, session: Session | None) -> Decision:
    """Write an entry: a new decision where ``decision.id`` is 0, else how that one stands now.

    The same token twice writes once. Raise DecisionInvalid for a decision without a text, and for an id that the plan
    does not have.
    """
    author = session(connection) if session else decision.author
    every = list(entries(connection))
    noted = next((entry for entry in every if entry["token"] == token), None)
    if noted:
        return _decision(noted)
    if decision.id and not any(each["decision"] == decision.id and each["plan"] == decision.plan for each in every):
        raise DecisionInvalid("没有这条议定事项，没有改动。请刷新页面后再试。")
    row = _described(decision, plain(author), token)
    row |= {"id": len(every) + 1, "decision": decision.id or len(every) + 1}
    row |= {"chain": chained(every[-1]["chain"] if every else "", row)}
    connection.execute(sa.insert(DECISION_ENTRY).values(row))
    journal.add(connection, Entry("decide", author, f"{decision.plan} {decision.serial}".strip()), datetime.now(UTC))
    return _decision(row)


def faults(connection: sa.Connection) -> Iterator[str]:
    """Yield a sentence for every entry that is not as it was written."""
    chain = ""
    for place, entry in enumerate(entries(connection), start=1):
        if entry["id"] != place or entry["chain"] != chained(chain, entry):
            yield f"第{entry['id']}条议定事项记录与校验链不符：这一条或它之前的记录被改动、缺失。"
        chain = entry["chain"]


def chained(previous: str, entry: Any) -> str:
    """Return the hash over an entry and the chain of the entry before it."""
    return canonical.link(previous, [entry[column.name] for column in DECISION_ENTRY.c if column.name != "chain"])


def entries(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> Iterator[sa.RowMapping]:
    """Yield all entries that fit, oldest first; raise StoreDamaged where a value is not of its column's kind."""
    query = sa.select(DECISION_ENTRY).where(*conditions).order_by(DECISION_ENTRY.c.id)
    for entry in connection.execute(query).mappings():
        for column in DECISION_ENTRY.c:
            value = entry[column.name]
            if not isinstance(value, column.type.python_type) and not (value is None and column.nullable):
                raise StoreDamaged(f"数据库里有议定事项的记录读不通（{column.name}）。{WAY_OUT}")
        yield entry


def _described(decision: Decision, author: str, token: str) -> dict[str, object]:
    text, who = plain(decision.text).strip(), plain(decision.who).strip()
    if not text:
        raise DecisionInvalid("议定事项还没有写内容，没有保存。请写明做什么，再保存。")
    if len(text) > LONGEST or len(who) > LONGEST_NAME:
        raise DecisionInvalid(
            f"议定事项太长，没有保存：内容最多{LONGEST}字，落实人最多{LONGEST_NAME}字。请写短些，再保存。"
        )
    return {
        "plan": decision.plan,
        "serial": decision.serial,
        "text": text,
        "who": who,
        "until": decision.until.isoformat() if decision.until else None,
        "decided_on": decision.decided_on.isoformat(),
        "done_on": decision.done_on.isoformat() if decision.done_on else None,
        "author": author,
        "noted_at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "token": token,
    }


def _decision(entry: Any) -> Decision:
    try:
        return Decision(
            id=entry["decision"],
            plan=entry["plan"],
            serial=entry["serial"],
            text=entry["text"],
            who=entry["who"],
            until=_day(entry["until"]),
            decided_on=date.fromisoformat(entry["decided_on"]),
            author=entry["author"],
            done_on=_day(entry["done_on"]),
        )
    except ValueError as error:
        raise StoreDamaged(f"第{entry['id']}条议定事项记录的日期读不通。{WAY_OUT}") from error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
