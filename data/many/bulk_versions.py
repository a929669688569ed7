"""Bulk scoring of what is kept: every version that has no summary under the rules in force."""

from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from data.many import parquet
from data.many.pieces import Done, Spread
from data.storage.summaries import Summary, summarised
from data.store import Store
from scoring import Method, summary
from scoring.errors import DashboardError

AT_ONCE = 20  # versions in one piece
KEPT_AFTER = 500  # versions, so that little is lost where a run is broken off
SCHEMA = pa.schema(
    [
        ("version", pa.int64()),
        ("plan", pa.string()),
        ("number", pa.int64()),
        ("unit", pa.string()),
        ("year", pa.int64()),
        ("example", pa.bool_()),
        ("data_date", pa.date32()),
        ("published_at", pa.timestamp("us", "UTC")),
        ("method", pa.string()),
        ("plan_points", pa.float64()),
        ("indicators", pa.int64()),
        *((name, pa.float64()) for name in summary.COLUMNS if name != "indicators"),
        ("blocking", pa.int64()),
        ("check", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Versions:
    """The versions of a store; ``target`` is a Parquet file, None for the store itself."""

    url: str
    target: Path | None

    def run(self, spread: Spread) -> Done:
        """Score what is missing and add it to what is there."""
        store, method = Store.open(self.url), Method.default().fingerprint
        written = parquet.read(SCHEMA, self.target) if self.target else None
        missing = store.unsummarised(method) if written is None else _unwritten(store, written, method)
        pieces = [_Some(self.url, missing[start : start + AT_ONCE]) for start in range(0, len(missing), AT_ONCE)]
        made: list[Summary] = []
        faults: list[str] = []
        waiting = 0
        try:
            for place, result in spread(summarise, pieces):
                found, wrong = result or ((), (_lost(pieces[place]),))
                made += found
                faults += wrong
                waiting += len(found)
                if waiting >= KEPT_AFTER:
                    self._keep(store, written, made, waiting)
                    waiting = 0
        finally:  # also where somebody stops it
            self._keep(store, written, made, waiting)
        return Done(f"新计分{len(made)}个版本，写入{self.target or '版本库'}。", tuple(sorted(faults)))

    def _keep(self, store: Store, written: pd.DataFrame | None, made: list[Summary], waiting: int) -> None:
        if self.target is None or written is None:
            store.keep_summaries(made[len(made) - waiting :])
            return
        rows = [*written.to_dict("records"), *map(asdict, made)]
        table = pd.DataFrame(rows, columns=SCHEMA.names).sort_values(["version", "method"], ignore_index=True)
        parquet.write(table, SCHEMA, self.target)


@dataclass(frozen=True)
class _Some:
    """Some versions of a store."""

    url: str
    ids: tuple[int, ...]


def summarise(some: _Some) -> tuple[tuple[Summary, ...], tuple[str, ...]]:
    """Return versions' summaries, and a sentence for each version that cannot be read."""
    store, method = Store.open(some.url), Method.default()
    made: list[Summary] = []
    faults: list[str] = []
    for number in some.ids:
        try:
            parts = store.plan(number), store.table(number), store.findings(number)
            made.append(summarised(store.version(number), *parts, method))
        except DashboardError as error:
            faults.append(f"第{number}号版本没有计分。{error}")
    return tuple(made), tuple(faults)


def _unwritten(store: Store, written: pd.DataFrame, method: str) -> tuple[int, ...]:
    """Return the versions that do not stand in the file yet; the same id of another store is another version."""
    own = written[written["method"] == method]
    known = set(zip(own["version"], own["published_at"], strict=True))
    every = (version for plan in store.plans() for version in store.versions(plan))
    return tuple(sorted(one.id for one in every if (one.id, one.published_at) not in known))


def _lost(some: _Some) -> str:
    return f"第{some.ids[0]}至{some.ids[-1]}号版本没有计分：工作进程一再中途退出，多半是内存不够。"
