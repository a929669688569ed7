"""Bulk scoring of a folder of workbooks: what publishing each one would say, or why it cannot be read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from data.carry_over import carry_over
from data.errors import WorkbookRejected
from data.limits import LIMITS
from data.many import parquet
from data.many.bundle import is_meant
from data.many.pieces import Done, Spread
from data.reader import Reading, read_workbook
from data.reading import data_dates
from data.storage import drafting
from data.storage.summaries import Summary, summarised
from data.versions import Version
from scoring import Method, summary
from scoring.errors import DashboardError
from scoring.table import STATUSES

ENDINGS = frozenset({".xlsx", ".xls", ".et", ".ods", ".csv"})
KEPT_AFTER = 500  # workbooks, so that little is lost where a run is broken off
LOST = "一再让工作进程中途退出，多半是内存不够。请只保留考评表所在的工作表，或给工作进程多分些内存，再试一次。"
NO_DAY = date(1970, 1, 1)  # in the place of a data date that nobody tells; what depends on it is left blank
SCHEMA = pa.schema(
    [
        ("path", pa.string()),  # within the folder
        ("sha256", pa.string()),
        ("unit", pa.string()),
        ("year", pa.int64()),
        ("example", pa.bool_()),
        ("data_date", pa.date32()),
        ("dated_by", pa.string()),  # sheet | as-of | name
        ("method", pa.string()),
        ("plan_points", pa.float64()),
        ("indicators", pa.int64()),
        *((name, pa.float64()) for name in summary.COLUMNS if name != "indicators"),
        ("blocking", pa.int64()),
        ("check", pa.int64()),
        ("rejected", pa.string()),  # the code of WorkbookRejected
        ("message", pa.string()),
    ]
)
Row = dict[str, Any]  # the values of SCHEMA
FROM_SUMMARY = ("example", "plan_points", *summary.COLUMNS, "blocking", "check")


def workbooks_in(folder: Path) -> tuple[str, ...]:
    """Return the workbooks' paths within a folder and its folders, by name, without what systems put beside files."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    names = (path.relative_to(folder).as_posix() for path in found)
    return tuple(sorted(filter(is_meant, names)))


@dataclass(frozen=True)
class Workbooks:
    """The workbooks ``paths`` of a folder; ``as_of`` is the data date of those that state none."""

    folder: Path
    paths: tuple[str, ...]
    target: Path
    as_of: date | None

    def run(self, spread: Spread) -> Done:
        """Read what does not stand in the target yet, or has changed since; what is gone from the folder goes there too."""
        rows = self._still_valid()
        known = len(rows)
        pieces = [_Workbook(self.folder, path, self.as_of) for path in self.paths if path not in rows]
        try:
            for count, (place, result) in enumerate(spread(standing, pieces), start=1):
                path = pieces[place].path
                rows[path] = result or _refusal(path, "", WorkbookRejected("memory", LOST))
                if count % KEPT_AFTER == 0:
                    self._keep(rows)
        finally:  # also where somebody stops it
            self._keep(rows)
        return _told(rows, known, self.target)

    def _still_valid(self) -> dict[str, Row]:
        written = parquet.read(SCHEMA, self.target)
        written = written[(written["method"] == Method.default().fingerprint) & written["path"].isin(self.paths)]
        rows = ({str(name): value for name, value in row.items()} for row in written.to_dict("records"))
        return {
            row["path"]: row
            for row in rows
            if _same_day(row, self.as_of) and row["sha256"] == _sha256(self.folder / row["path"])
        }

    def _keep(self, rows: dict[str, Row]) -> None:
        parquet.write(pd.DataFrame([rows[path] for path in sorted(rows)], columns=SCHEMA.names), SCHEMA, self.target)


@dataclass(frozen=True)
class _Workbook:
    """One file of the folder."""

    folder: Path
    path: str
    as_of: date | None


def standing(one: _Workbook) -> Row:
    """Return the row of one workbook; a file that cannot be read has one too."""
    file = one.folder / one.path
    try:
        sha256 = _sha256(file)
        with file.open("rb") as opened:
            content = opened.read(LIMITS.file + 1)  # one byte more tells that it is too large
    except OSError as error:
        return _refusal(one.path, "", WorkbookRejected("unopened", f"打不开（{error.strerror}）。请核对权限后再试。"))
    try:
        reading = read_workbook(content, file.name)
        return _row(one, sha256, reading)
    except WorkbookRejected as error:
        return _refusal(one.path, sha256, error)
    except (ArithmeticError, DashboardError, LookupError, TypeError, ValueError):
        return _refusal(
            one.path, sha256, WorkbookRejected("unscored", "读得到表格，但算不出分。请在“上传”页打开核对。")
        )


def _row(one: _Workbook, sha256: str, reading: Reading) -> Row:
    day, by = _data_date(reading, one)
    made = _summary(reading, one.path, day or NO_DAY)
    row = _blank(one.path, sha256) | {name: getattr(made, name) for name in FROM_SUMMARY}
    row |= {"unit": reading.unit, "year": reading.year, "data_date": day, "dated_by": by}
    return row if day else row | dict.fromkeys(STATUSES)


def _summary(reading: Reading, name: str, day: date) -> Summary:
    """Return what the summary would say if the workbook were published as its plan's first version."""
    plan = drafting.first_plan(f"{reading.unit or ''} {reading.year or ''}", day)
    draft = Version(0, plan.name, 0, None, day, "", "", name, "", datetime.now(UTC))
    return summarised(draft, plan, carry_over(reading.table, None, day), reading.findings, Method.default())


def _data_date(reading: Reading, one: _Workbook) -> tuple[date | None, str]:
    """Return the data date and what tells it: the sheet's own line, who asked, the file's name or its title."""
    if reading.data_date or one.as_of:
        return reading.data_date or one.as_of, "sheet" if reading.data_date else "as-of"
    told = data_dates.proposed(Path(one.path).name, reading.form.title, reading.year)
    return told, "name" if told else ""


def _same_day(row: Row, as_of: date | None) -> bool:
    """Tell whether a row would be judged on the same day again."""
    if row["rejected"] or row["dated_by"] == "sheet":
        return True
    return bool(row["data_date"] == as_of if as_of else row["dated_by"] != "as-of")


def _refusal(path: str, sha256: str, error: WorkbookRejected) -> Row:
    return _blank(path, sha256) | {"rejected": error.code, "message": str(error)}


def _blank(path: str, sha256: str) -> Row:
    known = {"path": path, "sha256": sha256, "method": Method.default().fingerprint, "dated_by": ""}
    return dict.fromkeys(SCHEMA.names) | known | {"rejected": "", "message": ""}


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _told(rows: dict[str, Row], known: int, target: Path) -> Done:
    refused = [row for row in rows.values() if row["rejected"]]
    undated = sum(not row["rejected"] and row["data_date"] is None for row in rows.values())
    told = f"{len(rows)}份工作簿写入{target}：新读{len(rows) - known}份，{len(refused)}份读不了。"
    if undated:
        told += (
            f"{undated}份没有写明数据截至日期，按状态的分值留空；加 --as-of 2025-10-31 这样的日期再运行一次即可补上。"
        )
    return Done(told, tuple(f"{row['path']}：{row['message']}" for row in refused))
