"""How a version stands, as one row: what a page about many units reads in the place of their tables.

A summary follows from its version and a method, so it can be worked out again; verify finds one that was changed.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.errors import StoreDamaged
from data.findings import Finding
from data.plan import Plan
from data.storage import canonical, keeping
from data.storage.keeping import WAY_OUT
from data.storage.schema import SUMMARY, VERSION
from data.versions import Listed, Version
from scoring import Method, score, summary

_KINDS = {
    column.name: (column.type.python_type, type(None)) if column.nullable else column.type.python_type
    for column in SUMMARY.c
}
_AT_ONCE = 500  # rows of one statement: databases limit how many values it may bind


@dataclass(frozen=True)
class Summary:
    """One version's standing under one method, judged on the version's own data date.

    ``version`` is its id, ``method`` the method's fingerprint. ``plan_points`` are the plan's, NaN where nobody knows
    them; ``weight`` to ``score_high`` are those of ``scoring.summary``: points, ``score`` NaN where nothing is scored.
    ``blocking`` and ``check`` count the version's findings of that severity.
    """

    version: int
    plan: str
    number: int
    unit: str
    year: int | None
    example: bool
    data_date: date
    published_at: datetime
    method: str
    plan_points: float
    indicators: int
    weight: float
    done: float
    on_pace: float
    behind: float
    overdue: float
    not_reported: float
    unjudged: float
    scored_weight: float
    score: float
    score_low: float
    score_high: float
    blocking: int
    check: int


def summarised(
    version: Version, plan: Plan, table: pd.DataFrame, findings: Iterable[Finding], method: Method
) -> Summary:
    """Score a version's table (``scoring.table.COLUMNS``) as of its data date and return how it stands."""
    total = summary.total(score(table, method, as_of=version.data_date)).iloc[0]
    severities = [finding.severity for finding in findings]
    return Summary(
        version=version.id,
        plan=version.plan,
        number=version.number,
        unit=plan.unit,
        year=plan.year,
        example=plan.example,
        data_date=version.data_date,
        published_at=version.published_at,
        method=method.fingerprint,
        plan_points=_points(plan.total),
        indicators=int(total["indicators"]),
        blocking=severities.count("blocking"),
        check=severities.count("check"),
        **{name: _points(total[name]) for name in summary.COLUMNS if name != "indicators"},
    )


def of(version: Version, made: Summary | None) -> tuple[Summary, ...]:
    """Return a summary that was made before its version had a number as that version's; none where none was made."""
    named = {"version": version.id, "number": version.number, "published_at": version.published_at}
    return (replace(made, **named),) if made else ()  # type: ignore[arg-type]  # fields of a Summary


def newest(connection: sa.Connection, method: str) -> tuple[Summary, ...]:
    """Return the summary of every plan's newest version under a method, in the order of the plans' first versions.

    A plan whose newest version has none is left out. Raise StoreDamaged where a value is not of its column's kind.
    """
    ends = plan_ends()
    query = sa.select(SUMMARY).join(ends, SUMMARY.c.version == ends.c.newest).where(SUMMARY.c.method == method)
    return tuple(map(_summary, connection.execute(query.order_by(ends.c.first)).mappings()))


def sound(connection: sa.Connection, method: str) -> tuple[Summary, ...]:
    """Return those summaries under a method that are as they were written."""
    rows = connection.execute(sa.select(SUMMARY).where(SUMMARY.c.method == method)).mappings()
    return tuple(_summary(row) for row in rows if row["digest"] == digest(_checked(row)))


def listed(connection: sa.Connection) -> tuple[Listed, ...]:
    """Return the plans, units before examples, in each the one first published at the head.

    What they say stands in the summary of their newest version, whatever its method; where it has none, in its plan.
    """
    ends = plan_ends()
    other = SUMMARY.alias()
    rules = sa.select(sa.func.max(other.c.method)).where(other.c.version == ends.c.newest).scalar_subquery()
    told = (SUMMARY.c.version == ends.c.newest) & (SUMMARY.c.method == rules)
    query = sa.select(ends, SUMMARY.c.unit, SUMMARY.c.year, SUMMARY.c.example).outerjoin_from(ends, SUMMARY, told)
    found = [_listed(connection, row) for row in connection.execute(query.order_by(ends.c.first)).mappings()]
    return tuple(sorted(found, key=lambda plan: plan.example))


def plan_ends() -> sa.Subquery:
    """Return plan, id of its ``first`` and of its ``newest`` version; an index alone answers this."""
    first, last = sa.func.min(VERSION.c.id), sa.func.max(VERSION.c.id)
    return sa.select(VERSION.c.plan, first.label("first"), last.label("newest")).group_by(VERSION.c.plan).subquery()


def missing(connection: sa.Connection, method: str) -> tuple[int, ...]:
    """Return the ids of the versions without a summary under a method."""
    there = sa.select(SUMMARY.c.version).where(SUMMARY.c.version == VERSION.c.id, SUMMARY.c.method == method)
    query = sa.select(VERSION.c.id).where(~there.exists()).order_by(VERSION.c.id)
    return tuple(connection.execute(query).scalars())


def add(connection: sa.Connection, summaries: Iterable[Summary]) -> None:
    """Write summaries; the same again is left as it is. Raise StoreDamaged where another one is there."""
    rows = [_row(each) for each in summaries]
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        there = _digests(connection, [row["version"] for row in some])
        for row in some:
            if there.get((row["version"], row["method"]), row["digest"]) != row["digest"]:
                raise StoreDamaged(f"第{row['version']}号版本已有一份汇总，数字与这次算出的不同。{WAY_OUT}")
        new = {key: row for row in some if (key := (row["version"], row["method"])) not in there}
        if new:
            connection.execute(sa.insert(SUMMARY), list(new.values()))


def faults(connection: sa.Connection) -> Iterator[str]:
    """Yield a sentence for every summary that is not as it was written, or not its version's."""
    own = (VERSION.c.plan == SUMMARY.c.plan) & (VERSION.c.number == SUMMARY.c.number)
    query = sa.select(SUMMARY, VERSION.c.id.label("own")).outerjoin(VERSION, (VERSION.c.id == SUMMARY.c.version) & own)
    for row in connection.execute(query.order_by(SUMMARY.c.version)).mappings():
        if row["own"] is None or digest(_checked(row)) != row["digest"]:
            yield f"第{row['version']}号版本的汇总与写入时不一致。"


def digest(row: Any) -> str:
    """Return the hash over a summary's row."""
    return canonical.link("", [row[column.name] for column in SUMMARY.c if column.name != "digest"])


def _listed(connection: sa.Connection, row: sa.RowMapping) -> Listed:
    if isinstance(row["unit"], str) and isinstance(row["year"], int) and isinstance(row["example"], int):
        return Listed(row["plan"], row["unit"], row["year"], bool(row["example"]), row["newest"])
    kept = keeping.row_of(connection, row["newest"])
    plan = canonical.plan_of(keeping.content(connection, kept["plan_sha256"]))
    return Listed(kept["plan"], plan.unit, plan.year, plan.example, kept["id"])


def _digests(connection: sa.Connection, versions: list[int]) -> dict[tuple[int, str], str]:
    query = sa.select(SUMMARY.c.version, SUMMARY.c.method, SUMMARY.c.digest).where(SUMMARY.c.version.in_(versions))
    return {(row.version, row.method): row.digest for row in connection.execute(query)}


def _row(summary: Summary) -> dict[str, Any]:
    row: dict[str, Any] = asdict(summary) | {
        "example": int(summary.example),
        "data_date": summary.data_date.isoformat(),
        "published_at": summary.published_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "plan_points": None if math.isnan(summary.plan_points) else summary.plan_points,
        "score": None if math.isnan(summary.score) else summary.score,
    }
    return row | {"digest": digest(row)}


def _summary(row: sa.RowMapping) -> Summary:
    values = _checked(row)
    del values["digest"]
    try:
        values["data_date"] = date.fromisoformat(values["data_date"])
        values["published_at"] = datetime.fromisoformat(values["published_at"])
    except ValueError as error:
        raise StoreDamaged(f"第{row['version']}号版本的汇总日期读不通。{WAY_OUT}") from error
    values |= {name: _points(values[name]) for name in ("plan_points", "score")}
    return Summary(**values | {"example": bool(values["example"])})


def _checked(row: sa.RowMapping) -> dict[str, Any]:
    values = dict(row)
    for name, kind in _KINDS.items():
        if not isinstance(values[name], kind):
            raise StoreDamaged(f"数据库里有版本的汇总读不通（{name}）。{WAY_OUT}")
    return values


def _points(value: float | None) -> float:
    """Return points as the store gives them back: the one NaN of ``math``, so that summaries can be compared; no −0."""
    return math.nan if value is None or math.isnan(value) else float(value) + 0.0
