"""Bulk scoring of a Parquet data set of indicators: points by status, score and range of every plan in it.

Row by row is scored where a row group is read; sums are made there too, in the order of the files' names and their
rows, as one process would make them. Of a plan that reaches into several row groups, the scored rows come back instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from data.errors import BulkRefused
from data.many import parquet
from data.many.parquet import PLAN
from data.many.pieces import Done, Result, Spread
from scoring import Method, score, summary
from scoring.table import STATUSES

Marks = npt.NDArray[np.uint64]

_NONE: Marks = np.array([], dtype="uint64")
NO_DAY = np.datetime64("1970-01-01", "s")  # for a data date that nobody tells; what depends on it is left blank
SUMMED = ("weight", "score", "status", "score_low", "score_high")  # what scoring.summary asks of a scored table
SCHEMA = pa.schema(
    [
        ("unit", pa.string()),
        ("year", pa.int64()),
        ("data_date", pa.date32()),
        ("method", pa.string()),
        ("indicators", pa.int64()),
        *((name, pa.float64()) for name in summary.COLUMNS if name != "indicators"),
    ]
)


@dataclass(frozen=True)
class Plans:
    """The plans in files of indicators; ``as_of`` is the data date of rows that state none."""

    files: tuple[Path, ...]
    target: Path
    as_of: date | None

    def run(self, spread: Spread) -> Done:
        """Score and sum up everything, once to see where plans lie, once more to score them."""
        groups = [_Group(file, one, self.as_of) for file in self.files for one in parquet.row_groups(file)]
        if not groups:
            raise BulkRefused(f"{self.files[0]} 里没有一行数据，没有写入结果。")
        lying = _in_order(spread(marks, groups), groups)
        several = _several(lying)
        groups = [replace(group, apart=own[np.isin(own, several)]) for group, own in zip(groups, lying, strict=True)]
        parts = _in_order(spread(sums, groups), groups)
        joined = pd.concat([part.rows for part in parts], ignore_index=True)
        table = pd.concat([*(part.plans for part in parts), _summed(joined)], ignore_index=True)
        table = table.sort_values(list(PLAN), ignore_index=True)
        parquet.write(table.assign(method=Method.default().fingerprint), SCHEMA, self.target)
        return _told(table, self.target)


@dataclass(frozen=True)
class _Group:
    """One row group. ``apart`` marks its plans that have rows in other groups too."""

    file: Path
    number: int
    as_of: date | None
    apart: Marks = field(default_factory=lambda: _NONE)


@dataclass(frozen=True)
class _Part:
    """What is found in a row group: the plans that lie in it alone, summed up, and the scored rows of all others."""

    plans: pd.DataFrame
    rows: pd.DataFrame


def marks(group: _Group) -> Marks:
    """Return the marks of the plans in a row group. Where two plans share one, both count as lying apart."""
    found = [pd.unique(_marks(plans)) for plans in parquet.plans(group.file, group.number)]
    return np.unique(np.concatenate([_NONE, *found]))


def sums(group: _Group) -> _Part:
    """Score a row group and sum up the plans that lie in it alone."""
    rows = pd.concat(list(_scored(group)), ignore_index=True)
    apart = np.isin(_marks(rows), group.apart)
    return _Part(_summed(rows[~apart]), rows[apart])


def _scored(group: _Group) -> Iterator[pd.DataFrame]:
    """Yield the rows of a group with ``PLAN`` and what is summed up of each."""
    method = Method.default()
    for plans, table in parquet.indicators(group.file, group.number):
        if group.as_of:
            plans["data_date"] = plans["data_date"].fillna(pd.Timestamp(group.as_of))
        days = plans["data_date"].fillna(pd.Timestamp(NO_DAY))
        of_day = [score(table[days == day], method, as_of=day.date())[list(SUMMED)] for day in days.unique()]
        yield plans.join(pd.concat(of_day))


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each plan: ``PLAN`` and ``summary.COLUMNS``; points by status are NaN without a data date."""
    codes = rows.groupby(list(PLAN), dropna=False, sort=False).ngroup().to_numpy().astype("intp")
    plans = rows.loc[~rows.duplicated(list(PLAN)), list(PLAN)].reset_index(drop=True)
    made = plans.join(summary.by_group(rows, codes, len(plans)))
    made[list(STATUSES)] = made[list(STATUSES)].mask(plans["data_date"].isna())
    return made


def _marks(plans: pd.DataFrame) -> Marks:
    return pd.util.hash_pandas_object(plans[["unit", "year"]], index=False).to_numpy().astype("uint64", copy=False)


def _several(lying: list[Marks]) -> Marks:
    """Return the marks that lie in more than one row group."""
    found, count = np.unique(np.concatenate([_NONE, *lying]), return_counts=True)
    return found[count > 1]


def _in_order(results: Iterator[tuple[int, Result | None]], pieces: list[_Group]) -> list[Result]:
    """Return the results in the order of the pieces; raise BulkRefused where one is missing, for then no sum is whole."""
    found = dict(results)
    for place, piece in enumerate(pieces):
        if found[place] is None:
            raise BulkRefused(
                f"{piece.file} 的第{piece.number + 1}个行组一再让工作进程中途退出，多半是内存不够，没有写入结果。"
                "请给工作进程多分些内存，或把行组写小些（如每组20万行），再试一次。"
            )
    return [result for place in range(len(pieces)) if (result := found[place]) is not None]


def _told(table: pd.DataFrame, target: Path) -> Done:
    told = f"{len(table)}个单位年度、{table['indicators'].sum()}项指标已计分，写入{target}。"
    undated = int(table["data_date"].isna().sum())
    if undated:
        told += f"{undated}个没有写明数据截至日期（data_date），按状态的分值留空；加 --as-of 2025-10-31 这样的日期再运行一次即可补上。"
    return Done(told)
