"""Parquet data sets of made-up indicators, as a city or a province would hand them over."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from scoring.table import NAMES, PANEL, conform
from scoring.targets import Target

TARGET = pa.struct(
    [
        *((name, pa.string()) for name in ("kind", "comparator")),
        ("value", pa.float64()),
        *((name, pa.string()) for name in ("unit", "measure")),
        *((name, pa.int64()) for name in ("start", "end")),
        ("actual", pa.float64()),
        ("evidence", pa.string()),
    ]
)


def indicators(count: int, seed: int = 1) -> pd.DataFrame:
    """Return a table of made-up indicators, in a few different texts, whose sums depend on the order of adding."""
    chance = np.random.default_rng(seed)
    weight = chance.random(count) * 5
    columns = {
        "indicator": chance.choice(["造林5000亩", "办好实事", "举办活动4场"], count),
        "weight": np.where(chance.random(count) < 0.05, np.nan, weight),
        "completion": chance.choice(["", "已完成", "正在推进，完成率37%", "已造林1200亩"], count),
        "due": pd.Series(chance.choice(np.array(["2025-06-30", "2025-12-31", "NaT"], "datetime64[s]"), count)),
        "year": np.full(count, 2025.0),
        "departments": pd.Series([("甲科", "乙科")] * count),
        **{seat: np.where(chance.random(count) < 0.5, weight * chance.random(count), np.nan) for seat in PANEL},
    }
    table = conform(pd.DataFrame(columns))
    table.at[0, "targets"] = (Target("amount", ">=", 5000.0, "亩", "造林", 2, 7, actual=4900.0),)
    return table


def rows(table: pd.DataFrame, unit: str, data_date: date | None) -> pa.Table:
    """Return a plan's table (``scoring.table.COLUMNS``) as rows of a data set."""
    lists = {name: pa.array([list(names) for names in table[name]], pa.list_(pa.string())) for name in NAMES}
    targets = [[asdict(target) for target in own] for own in table["targets"]]
    lists["targets"] = pa.array(targets, pa.list_(TARGET))
    plain = pa.Table.from_pandas(table.drop(columns=list(lists)), preserve_index=False)
    for name, column in lists.items():
        plain = plain.append_column(name, column)
    plain = plain.append_column("unit", pa.array([unit] * len(table), pa.string()))
    return plain.append_column("data_date", pa.array([data_date] * len(table), pa.date32()))


def write(path: Path, table: pd.DataFrame, *, times: int, plan_rows: int, day: date) -> None:
    """Write a table's rows ``times`` over, a row group each time, as plans of ``plan_rows`` rows one after the other."""
    own = rows(table, "", day)
    with pq.ParquetWriter(path, own.schema) as file:
        for turn in range(times):
            place = np.arange(turn * len(table), (turn + 1) * len(table)) // plan_rows
            units = pa.array([f"示例单位{number:06d}" for number in place])
            file.write_table(own.set_column(own.schema.get_field_index("unit"), "unit", units))
