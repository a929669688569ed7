"""The evaluation table as it is printed: every line of it, before anything is counted once or left out.

    ┌ 项目 ──────┬ 序号 ┬ 文件依据 ┬ 一级指标 ┬ 二级指标 ┬ 权重 ┬ …
    │ 重点工作   │ 1-1-1│ …        │ …（5分） │ …        │ 2    │      row
    │ （30分）   │ 1-1-2│          │          │ …        │ 3    │      row
    │            │      │          │          │ 小计     │ 5    │      sum
    └ label ─────┴──────┴──────────┴──────────┴──────────┴──────┴ …

The checks read this; what is scored is the table that ``data.reader`` makes of it.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from data.cells import address
from data.reading.target_sheet import Stated


@dataclass(frozen=True)
class Label:
    """A 项目 cell: its text, the points stated in it (职能工作目标（70分）), and the rows it stands beside."""

    text: str
    points: float | None
    sheet: str
    cell: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Sum:
    """A printed 小计 or total row. ``after`` counts the indicator rows above it, in all sheets together."""

    kind: Literal["subtotal", "total"]
    text: str
    points: float | None
    sheet: str
    cell: str
    after: int


@dataclass(frozen=True)
class Form:
    """Every indicator row as printed, with labels and sums.

    ``rows`` has the columns of ``scoring.table`` and ``block``, the number of the header above the row; its index
    counts from 0. ``columns[block]`` tells in which sheet column (1-based) a field stands below that header. Years,
    units and titles are what the sheet says, None where it does not. ``stated`` are the rows of the sheet 量化目标.
    """

    rows: pd.DataFrame
    columns: tuple[dict[str, int], ...]
    labels: tuple[Label, ...]
    sums: tuple[Sum, ...]
    title: str
    unit: str | None
    year: int | None
    stated: tuple[Stated, ...] = ()

    def sheets(self) -> tuple[str, ...]:
        """Return the names of the sheets that were read, the table's first."""
        return tuple(dict.fromkeys([*self.rows["sheet"], *(row.sheet for row in self.stated)]))

    def cell(self, index: int, field: str) -> str:
        """Return the cell of a field in a row, like ``F12``; "" where the sheet has no such column."""
        line = self.rows.loc[index].to_dict()
        column = self.columns[line["block"]].get(field)
        return address(int(line["row"]), column) if column else ""
