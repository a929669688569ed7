"""What is to happen with each file of a batch: published, asked about first, or left out, and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from data.many.batch import Record

State = Literal["ready", "asked", "unnamed", "blocked", "unchanged", "repeated", "refused"]
Ask = Literal["rivals", "copied", "incomplete", "targets", "older", "backwards", "near", "unlisted"]
GOING = ("ready", "asked")  # states in which a file may be published


@dataclass(frozen=True)
class Verdict:
    """``asks`` is what a tick confirms; ``rivals`` are the other files of the same plan, one of which can be published.

    ``first`` is the file with the very same bytes that stands before this one. Files are positions in the batch.
    """

    state: State
    asks: tuple[Ask, ...] = ()
    rivals: tuple[int, ...] = ()
    first: int | None = None


def triage(records: Sequence[Record], day: date | None) -> tuple[Verdict, ...]:
    """Return the verdict on each record; ``day`` is the data date of those that tell none."""
    first: dict[str, int] = {}
    of_plan: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        if _state(record) != "refused":
            first.setdefault(record.sha256, at)
        if record.plan and not _repeats(records, first, at) and _state(record) != "unchanged":
            of_plan[record.plan].append(at)
    return tuple(_verdict(records, at, first, of_plan, day) for at in range(len(records)))


def _verdict(
    records: Sequence[Record], at: int, first: Mapping[str, int], of_plan: Mapping[str, list[int]], day: date | None
) -> Verdict:
    record, state = records[at], _state(records[at])
    before = first.get(record.sha256, at)
    copied = before if before != at else None
    if _repeats(records, first, at):
        return Verdict("repeated", first=copied)
    if state != "ready":
        return Verdict(state)
    rivals = tuple(other for other in of_plan[record.plan] if other != at)
    asks = tuple(_asks(record, bool(rivals), copied is not None, record.data_date or day))
    return Verdict("asked" if asks else "ready", asks, rivals, copied)


def _repeats(records: Sequence[Record], first: Mapping[str, int], at: int) -> bool:
    """Tell whether a file is another one once more, for the same plan."""
    before = first.get(records[at].sha256, at)
    return before != at and records[before].plan == records[at].plan != ""


def _state(record: Record) -> State:
    if record.refused:
        return "refused"
    if not record.plan:
        return "unnamed"
    if record.same and record.base and record.same.id == record.base.id:
        return "unchanged"
    return "blocked" if record.blocking else "ready"


def _asks(record: Record, has_rivals: bool, is_copied: bool, day: date | None) -> Iterator[Ask]:
    if has_rivals:
        yield "rivals"
    if is_copied:
        yield "copied"
    if record.incomplete:
        yield "incomplete"
    if record.targets:
        yield "targets"
    if record.same:
        yield "older"
    if day and record.base and day < record.base.data_date:
        yield "backwards"
    if record.near:
        yield "near"
    elif record.listed is False:
        yield "unlisted"
