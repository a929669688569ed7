"""Bulk scoring: what is kept, a folder of workbooks, or a Parquet data set, in as many processes as there are.

::

    SOURCE           a piece        rows ─► TARGET
    a store          20 versions    summaries: the same store, or a .parquet file     data.many.bulk_versions
    a folder         a workbook     summaries, or why not: a .parquet file            data.many.bulk_workbooks
    .parquet files   a row group    sums for each plan: a .parquet file               data.many.bulk_plans

Every number is, to the last digit, what one process says. What is read stays where it is read: only small rows come
back, and only the process that asked writes.
"""

from datetime import date
from pathlib import Path

import sqlalchemy as sa

from data.errors import BulkRefused
from data.many.bulk_plans import Plans
from data.many.bulk_versions import Versions
from data.many.bulk_workbooks import Workbooks, workbooks_in
from data.many.pieces import Job
from data.storage.location import connect

_ENDING = ".parquet"


def job(source: str, target: str, as_of: date | None = None) -> Job:
    """Return what scoring ``source`` into ``target`` means; raise BulkRefused where it means nothing.

    ``as_of`` is the data date of tables that state none of their own.
    """
    if _is_store(source):
        return _versions(_url(source), target, as_of)
    path, into = Path(source).absolute(), _file(target)
    if path.is_dir():
        return _folder(path, into, as_of)
    if path.suffix == _ENDING and path.is_file():
        return Plans((path,), into, as_of)
    raise BulkRefused(
        f"{source} 不能批量计分：没有这个路径，或不是可用的来源。来源可以是版本库（.db 文件，或 sqlite:///、"
        "postgresql:// 开头的地址）、放工作簿的文件夹、.parquet 文件或放它们的文件夹。"
    )


def _versions(url: str, target: str, as_of: date | None) -> Versions:
    database = connect(url)
    if database.file and not database.file.is_file():
        raise BulkRefused(f"{database.place} 没有版本库。请核对路径。")
    if as_of:
        raise BulkRefused("版本库里每一版都有自己的数据截至日期，不能用 --as-of 另定。")
    if not _is_store(target):
        return Versions(url, _file(target))
    if _url(target) != url:
        raise BulkRefused("版本库的汇总只能写回同一个版本库，或写进 .parquet 文件；工作簿要经过“上传”页发布。")
    return Versions(url, None)


def _folder(folder: Path, target: Path, as_of: date | None) -> Job:
    found = sorted(path for path in folder.rglob(f"*{_ENDING}") if path != target and path.name[0] not in "._")
    workbooks = workbooks_in(folder)
    if found and workbooks:
        raise BulkRefused(f"{folder} 里既有工作簿又有 .parquet 文件，不知道该读哪一种。请分放在两个文件夹。")
    if found:
        return Plans(tuple(found), target, as_of)
    if workbooks:
        return Workbooks(folder, workbooks, target, as_of)
    raise BulkRefused(f"{folder} 里没有工作簿（.xlsx、.xls、.et、.ods、.csv），也没有 .parquet 文件。请核对路径。")


def _is_store(name: str) -> bool:
    return "://" in name or Path(name).suffix == ".db"


def _url(name: str) -> str:
    """Return a store's address; a file's is absolute, since another process may stand in another folder."""
    file = connect(name).file if "://" in name else Path(name).absolute()
    return sa.URL.create("sqlite", database=str(file)).render_as_string() if file else name


def _file(target: str) -> Path:
    path = Path(target).absolute()
    if path.suffix != _ENDING or _is_store(target):
        raise BulkRefused(
            f"结果写不进 {target}。工作簿和数据集的结果写进 .parquet 文件，版本库的也可以写回版本库本身。"
        )
    return path
