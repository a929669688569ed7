"""Parquet files: indicators in, small tables out.

A data set of indicators has a row for each indicator: ``unit`` (text) and, where it is known, ``data_date`` (the day up
to which it reports), beside ``scoring.table.COLUMNS`` as far as they are there; ``PLAN`` tells the plans apart. Texts,
numbers, dates and timestamps are Parquet's own; ``targets`` is a list of structs with the fields of a ``Target``.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.errors import BulkRefused
from scoring.table import DATES, NUMBERS, SCORED_FROM, TUPLES, conform
from scoring.targets import Target

PLAN = ("unit", "year", "data_date")
NEEDED = ("unit", "year", "indicator", "weight")
BATCH = 50_000  # rows in memory at a time
_FAULTS = (pa.ArrowException, OSError, TypeError, ValueError)  # as Arrow and the cells' own types raise them


def row_groups(path: Path) -> tuple[int, ...]:
    """Return the numbers of a file's row groups, empty ones left out; raise BulkRefused where it holds no indicators."""
    with _opened(path) as file:
        missing = [name for name in NEEDED if name not in file.schema_arrow.names]
        if missing:
            raise BulkRefused(
                f"{path} 里没有 {missing[0]} 这一列。指标数据集每行一项指标，至少要有 {'、'.join(NEEDED)} 四列。"
            )
        return tuple(one for one in range(file.num_row_groups) if file.metadata.row_group(one).num_rows)


def plans(path: Path, group: int) -> Iterator[pd.DataFrame]:
    """Yield which plan each row of a row group belongs to: ``PLAN``, a batch at a time."""
    for batch in _batches(path, group, PLAN):
        yield _plans(batch, path)


def indicators(path: Path, group: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the rows of a row group, a batch at a time: which plan each belongs to, and what its score depends on."""
    for batch in _batches(path, group, (*PLAN, *SCORED_FROM)):
        there = [name for name in SCORED_FROM if name in batch.schema.names]
        held = {name: _cells(name, batch[name], path) for name in there}
        yield _plans(batch, path), conform(pd.DataFrame(held, index=pd.RangeIndex(batch.num_rows)))


def write(table: pd.DataFrame, schema: pa.Schema, path: Path) -> None:
    """Put a table into a file, whole or not at all; what is missing is null. Raise BulkRefused where it cannot."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pandas(table, schema, preserve_index=False), draft)
        draft.replace(path)
    except OSError as error:
        raise BulkRefused(
            f"{path} 写不进去（{error.strerror or error}）。请检查文件夹的权限和磁盘空间后再试。"
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def read(schema: pa.Schema, path: Path) -> pd.DataFrame:
    """Return the table that ``write`` put into a file, empty where there is none; raise BulkRefused for another file."""
    if not path.exists():
        return pd.DataFrame(columns=schema.names)
    with _opened(path) as file:
        if file.schema_arrow.names != schema.names:
            raise BulkRefused(f"{path} 已经存在，里面是别的数据，没有改动它。请换一个目标文件名。")
        return pd.DataFrame(file.read().to_pandas())


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except _FAULTS as error:
        raise _unreadable(path) from error


def _batches(path: Path, group: int, columns: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    with _opened(path) as file:
        there = [name for name in dict.fromkeys(columns) if name in file.schema_arrow.names]
        try:
            yield from file.iter_batches(BATCH, row_groups=[group], columns=there, use_threads=False)
        except _FAULTS as error:
            raise _unreadable(path) from error


def _plans(batch: pa.RecordBatch, path: Path) -> pd.DataFrame:
    days = batch["data_date"] if "data_date" in batch.schema.names else pa.nulls(batch.num_rows)
    cells = {"unit": batch["unit"], "year": batch["year"], "data_date": days}
    return pd.DataFrame({name: _cells(name, cells[name], path) for name in PLAN})


def _cells(name: str, cells: pa.Array, path: Path) -> pd.Series:
    try:
        return _kind(name)(cells)
    except _FAULTS as error:
        raise BulkRefused(f"{path} 的 {name} 列是 {cells.type} 类型，不是这一列应有的内容，没有计分。") from error


def _kind(name: str) -> Callable[[pa.Array], pd.Series]:
    if name in TUPLES or name == "year":
        return _targets if name in TUPLES else _years
    return _numbers if name in NUMBERS else _dates if name in (*DATES, "data_date") else _texts


def _texts(cells: pa.Array) -> pd.Series:
    return pd.Series(cells.cast(pa.large_string()), dtype="str").fillna("")


def _numbers(cells: pa.Array) -> pd.Series:
    return pd.Series(cells.cast(pa.float64()).to_numpy(zero_copy_only=False))


def _years(cells: pa.Array) -> pd.Series:
    years = _numbers(cells)
    if not (years.dropna() % 1 == 0).all():
        raise ValueError("a year is a whole number")
    return years


def _dates(cells: pa.Array) -> pd.Series:
    days = cells.cast(pa.timestamp("us"), safe=False).to_numpy(zero_copy_only=False)
    return pd.Series(days.astype("datetime64[s]"))


def _targets(cells: pa.Array) -> pd.Series:
    if cells.null_count == len(cells) or not pc.sum(pc.list_value_length(cells)).as_py():
        return pd.Series([()] * len(cells), dtype="object")  # as in nearly every data set
    return pd.Series([tuple(Target(**entry) for entry in row or ()) for row in cells.to_pylist()], dtype="object")


def _unreadable(path: Path) -> BulkRefused:
    return BulkRefused(f"{path} 不是可读的 Parquet 文件，或已损坏。请核对路径，或重新导出这个文件。")
