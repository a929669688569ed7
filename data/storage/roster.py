"""单位名单: the units that the city expects a table from, in which group, under which file name.

│ 序号 │ 参评单位     │ 组别   │ 应报文件            │   found by its words; columns of other names are left alone
│  1   │ 示例市林业局 │ 第一组 │ 示例市林业局.xlsx   │
│  2   │ 示例市水利局 │ (merged with the cell above) │ │
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from data.cells import Sheet, Value, Workbook, address
from data.errors import StoreDamaged, WorkbookRejected
from data.reading.headings import normal
from data.reading.values import BLANKS, compact
from data.reading.values import plain as typed
from data.storage import canonical, journal
from data.storage.drafting import file_name, plain
from data.storage.journal import Entry, written
from data.storage.keeping import WAY_OUT, Session
from data.storage.schema import ROSTER
from data.versions import Listed
from data.workbook import display_name, open_workbook

_HEADINGS = {
    "unit": "单位 参评单位 单位名称 参评单位名称 被考评单位 填报单位 报送单位 责任单位",
    "group": "组别 分组 类别 组 所在组 所属组 组名 考评组别 考评分组 单位类别",
    "filename": "文件名 应报文件 应报文件名 文件名称 应交文件 报送文件 文件",
}
_FIELDS = {word: name for name, words in _HEADINGS.items() for word in words.split()}


@dataclass(frozen=True)
class Expected:
    """A unit from which a table is expected. ``group`` and ``filename`` are "" where the list does not say them."""

    unit: str
    group: str = ""
    filename: str = ""


@dataclass(frozen=True)
class Roster:
    """The units in the order of the list; ``filename`` is the list's own."""

    units: tuple[Expected, ...]
    filename: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups in the order of the list, each once."""
        return tuple(dict.fromkeys(each.group for each in self.units))


@dataclass(frozen=True)
class Place:
    """One line of the city's page: who was expected, and the plan that came, None where it is missing.

    ``listed`` is False for a plan whose unit is not on the list; its group is "".
    """

    expected: Expected
    plan: Listed | None
    listed: bool = True


def read_roster(content: bytes, filename: str) -> Roster:
    """Read a list of units from .xlsx, .xls, .et, .ods or .csv. Raise WorkbookRejected, naming cells and the way out."""
    try:
        book = open_workbook(content, filename)
    except WorkbookRejected as error:
        raise WorkbookRejected(error.code, str(error).replace("考评表", "单位名单")) from error
    units = tuple(_units(*_table(book, filename), filename))
    if not units:
        raise _refused("roster_empty", filename, "表头下面没有一个单位。请把单位逐行写在“单位”一列，再上传。")
    return Roster(units, file_name(filename))


def places(roster: Roster | None, plans: Iterable[Listed], year: int) -> tuple[Place, ...]:
    """Return the list's units in its order, each with its plan of a year, then the plans of units not on it."""
    there: dict[str, list[Listed]] = {}
    for plan in plans:
        if plan.year == year:
            there.setdefault(key(plan.unit), []).append(plan)
    expected = roster.units if roster else ()
    found = [Place(each, plan) for each in expected for plan in there.pop(key(each.unit), [None])]
    return (*found, *(Place(Expected(plan.unit), plan, listed=False) for some in there.values() for plan in some))


def key(unit: str) -> str:
    """Return a unit's name as it is compared: half width, without the blanks that pad it."""
    return compact(unit)


def newest(connection: sa.Connection) -> Roster | None:
    """Return the list that counts, None where none was uploaded. Raise StoreDamaged where it cannot be read."""
    rows = connection.execute(_from_newest().limit(2)).mappings().all()
    if not rows:
        return None
    row, before = rows[0], rows[1]["chain"] if rows[1:] else ""
    if _checked(row)["chain"] != chained(before, row):
        raise StoreDamaged(f"数据库里第{row['id']}份单位名单与写入时不一致。{WAY_OUT}")
    return _roster(row)


def keep(connection: sa.Connection, roster: Roster, author: str, token: str, session: Session | None) -> Roster:
    """Write a list as the one that counts from now on; the same token twice writes once."""
    who = session(connection) if session else author
    there = connection.execute(sa.select(ROSTER).where(ROSTER.c.token == token)).mappings().first()
    if there:
        return _roster(there)
    last = connection.execute(_from_newest().limit(1)).mappings().first()
    moment = datetime.now(UTC)
    row = {
        "id": last["id"] + 1 if last else 1,
        "units": canonical.canonical([astuple(each) for each in roster.units]).decode("utf-8"),
        "filename": roster.filename,
        "author": plain(who),
        "kept_at": written(moment),
        "token": token,
    }
    row["chain"] = chained(last["chain"] if last else "", row)
    connection.execute(sa.insert(ROSTER).values(row))
    journal.add(connection, Entry("keep_roster", who, f"{roster.filename}，{len(roster.units)}个单位"), moment)
    return roster


def faults(connection: sa.Connection) -> Iterator[str]:
    """Yield a sentence for every list that is not as it was written."""
    chain = ""
    rows = connection.execute(sa.select(ROSTER).order_by(ROSTER.c.id)).mappings()
    for place, row in enumerate(map(_checked, rows), start=1):
        if row["id"] != place or row["chain"] != chained(chain, row):
            yield f"第{row['id']}份单位名单与校验链不符：这一份或它之前的名单被改动、缺失。"
        chain = row["chain"]


def chained(previous: str, row: Any) -> str:
    """Return the hash over a list and the chain of the list before it."""
    return canonical.link(previous, [row[column.name] for column in ROSTER.c if column.name != "chain"])


def _from_newest() -> sa.Select[Any]:
    return sa.select(ROSTER).order_by(ROSTER.c.id.desc())


def _roster(row: sa.RowMapping) -> Roster:
    return Roster(_expected(row["units"]), row["filename"])


@lru_cache(maxsize=4)  # the city's page asks for the same list at every click
def _expected(units: str) -> tuple[Expected, ...]:
    return tuple(Expected(*entry) for entry in json.loads(units))


def _checked(row: sa.RowMapping) -> sa.RowMapping:
    if not all(isinstance(row[column.name], column.type.python_type) for column in ROSTER.c):
        raise StoreDamaged(f"数据库里有单位名单读不通。{WAY_OUT}")
    return row


def _table(book: Workbook, filename: str) -> tuple[Sheet, int, dict[str, int]]:
    """Return the first visible sheet with a header, the header's row, and the column of each heading."""
    for sheet in book.sheets:
        for row, line in enumerate(() if sheet.hidden else sheet.rows, start=1):
            columns = _columns(line)
            if "unit" in columns:
                return sheet, row, columns
    names = "、".join(sheet.name for sheet in book.sheets)
    told = f"没读出单位名单：已看过{len(book.sheets)}个工作表（{names}），找不到写着“单位”（或参评单位）的表头。"
    raise _refused("roster_header", filename, f"{told}表头里还可以有“组别”和“文件名”，补上后再上传。")


def _columns(line: list[Value]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, value in enumerate(line, start=1):
        name = _FIELDS.get(normal(value)) if isinstance(value, str) else None
        if name:
            found.setdefault(name, column)
    return found


def _units(sheet: Sheet, header: int, columns: dict[str, int], filename: str) -> Iterator[Expected]:
    first: dict[str, str] = {}
    for row in range(header + 1, len(sheet.rows) + 1):
        texts = {name: _text(sheet, row, column) for name, column in columns.items()}
        if not _says(sheet, row, columns) or _columns(sheet.rows[row - 1]) == columns:
            continue  # blank, or the header of the next printed page
        cell = address(row, columns["unit"])
        if not texts["unit"]:
            raise _refused(
                "roster_no_unit", filename, f"{cell}没有写单位，这一行却有组别或文件名。请补上单位，再上传。"
            )
        if key(texts["unit"]) in first:
            twice = f"“{texts['unit']}”写了两次：{first[key(texts['unit'])]}和{cell}。"
            raise _refused("roster_twice", filename, f"{twice}请只留一行，再上传。")
        first[key(texts["unit"])] = cell
        yield Expected(**texts)


def _says(sheet: Sheet, row: int, columns: dict[str, int]) -> bool:
    return any(_bare(sheet.value(row, column)) for column in columns.values())


def _text(sheet: Sheet, row: int, column: int) -> str:
    """Return a cell's text; a cell below in a merged range says what its first cell says."""
    merged = (area for area in sheet.merges if area[0] <= row <= area[2] and area[1] <= column <= area[3])
    return _bare(sheet.value(*next(((area[0], area[1]) for area in merged), (row, column))))


def _bare(value: Value) -> str:
    """Return a text without the blanks that pad it."""
    text = re.sub(r"\s+", "", plain(typed(value)))
    return "" if text in BLANKS else text


def _refused(code: str, filename: str, sentence: str) -> WorkbookRejected:
    return WorkbookRejected(code, f"“{display_name(filename)}”{sentence}现有数据没有变动。")
