"""议定事项 in words, and 下一步: what the table says, else what a meeting decided, else （会上定）."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from data.decisions import Decision
from data.privacy import mask
from reports import words
from reports.words import KEYS

Row = Any  # a row of ``itertuples`` over a scored table
TO_BE_DECIDED = "（会上定）"


def told(decision: Decision) -> str:
    """Return a decision without its stray blanks and private numbers."""
    return mask(" ".join(decision.text.split())).rstrip("。；;")


def agreed(row: Row, decisions: Iterable[Decision]) -> str:
    """Return what is decided and open for the indicator, "" where nothing is."""
    return "；".join(told(each) for each in decisions if each.open and each.serial == row.serial != "")


def next_step(row: Row, decisions: Iterable[Decision] = ()) -> str:
    """Return 下一步: what the table says, else what is decided and open for the indicator, else （会上定）."""
    return mask(row.next_step.strip()) or agreed(row, decisions) or TO_BE_DECIDED


def step(row: Row, decisions: Iterable[Decision] = ()) -> str:
    """Return 下一步 for a list: "" where the indicator is neither late nor behind and nobody has said what comes next."""
    told = next_step(row, decisions)
    return "" if told == TO_BE_DECIDED and row.status not in KEYS["risk"] else told


def facts(decision: Decision, year: int, today: date) -> str:
    """Return who does it, until when, who noted it when, and how it stands: 林叙，11月30日前，10月20日议定（周舟记），未办结."""
    until = f"{words.day(decision.until, year)}前" if decision.until else "没有定期限"
    made = f"{words.day(decision.decided_on, year)}议定（{decision.author}记）"
    still = "已过期限，未办结" if decision.late(today) else "未办结"
    state = f"{words.day(decision.done_on, year)}办结" if decision.done_on else still
    return "，".join(part for part in (decision.who, until, made, state) if part)
