"""What an operator does from the command line: ``python -m data COMMAND``."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from data import Reading, WorkbookRejected, editors, read_workbook
from data.errors import StoreUnusable
from data.many import bulk, cluster
from data.many.pieces import with_bar
from data.storage.location import connect
from data.storage.rotation import Rotation
from data.store import Store, default_url, prepare, recover
from scoring.errors import DashboardError

_MARKS = {"blocking": "× 须先处理", "check": "※ 请核对", "normalized": "· 已规范"}


def main(arguments: list[str]) -> int:
    """Run one command; return 0, or 1 where something blocks publishing or the file is refused."""
    parser = argparse.ArgumentParser(prog="python -m data", description="考评表的读取与核查，版本库的核对、备份与恢复")
    commands = parser.add_subparsers(required=True, metavar="命令")
    check = commands.add_parser("check", help="读一份考评表，列出发现的问题")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true", help="以 JSON 输出")
    check.set_defaults(run=_check)
    commands.add_parser("verify", help="核对版本库：每个版本是否与发布时一致").set_defaults(run=_verify)
    backup = commands.add_parser(
        "backup", help="把版本库备份到新文件 PATH（可在运行中进行）；不写 PATH 则存到 backups 文件夹"
    )
    backup.add_argument("path", type=Path, nargs="?", metavar="PATH")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="从备份 PATH 恢复版本库（不覆盖现有的）")
    restore.add_argument("path", type=Path, metavar="PATH")
    restore.set_defaults(run=_restore)
    ready = commands.add_parser("prepare", help="在 PostgreSQL 上建好或升级数据库结构（由数据库所有者运行）")
    ready.add_argument("--app", default="", metavar="ROLE", help="产品所用的数据库用户，只给它所需的权限")
    ready.set_defaults(run=_prepare)
    people = commands.add_parser("editors", help="管理可以发布的编辑：add、list、disable、passwd")
    editors.declare(people)
    people.set_defaults(run=_editors)
    _declare_bulk(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except DashboardError as error:
        print(error, file=sys.stderr)
        return 1


def _declare_bulk(commands: Any) -> None:
    many = commands.add_parser("bulk", help="批量计分：版本库、一个文件夹的工作簿，或 Parquet 数据集")
    many.add_argument("source", metavar="SOURCE", help="版本库、文件夹或 .parquet 文件")
    many.add_argument("target", metavar="TARGET", help="同一个版本库，或 .parquet 文件")
    many.add_argument("--scheduler", metavar="ADDRESS", help="已有 Dask 集群的调度器，如 tcp://主机:8786；不写则用本机")
    many.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="没有写明数据截至日期的，以这一天为准")
    many.set_defaults(run=_bulk)


def _check(options: argparse.Namespace) -> int:
    try:
        reading = read_workbook(options.file.read_bytes(), options.file.name)
    except OSError as error:
        print(f"文件 {options.file} 打不开（{error.strerror}）：请核对路径。", file=sys.stderr)
        return 1
    except WorkbookRejected as error:
        if not options.json:
            raise
        print(json.dumps({"rejected": error.code, "message": str(error)}, ensure_ascii=False))
        return 1
    print(_as_json(reading) if options.json else _as_text(reading))
    return int(any(finding.severity == "blocking" for finding in reading.findings))


def _verify(_: argparse.Namespace) -> int:
    store = _kept()
    faults = store.verify()
    if faults:
        print("\n".join(f"× {fault}" for fault in faults), file=sys.stderr)
        return 1
    print(f"核对完毕，与发布时完全一致。{_head(*store.head())}")
    return 0


def _backup(options: argparse.Namespace) -> int:
    store = _kept()
    path = options.path or Rotation(connect(default_url())).add()
    head = store.backup(path) if options.path else Store.open(f"sqlite:///{path}").head()
    print(f"已备份到 {path}，并已核对。{_head(*head)}")
    return 0


def _restore(options: argparse.Namespace) -> int:
    head = recover(options.path, default_url())
    print(f"已恢复到 {connect(default_url()).place}，并已核对。{_head(*head)}")
    return 0


def _prepare(options: argparse.Namespace) -> int:
    prepare(default_url(), options.app)
    granted = f"，用户 {options.app} 已有所需的权限" if options.app else ""
    print(f"{connect(default_url()).place} 的数据库结构已就绪{granted}。")
    return 0


def _editors(options: argparse.Namespace) -> int:
    print(options.do(Store.open(default_url()).accounts, options))
    return 0


def _bulk(options: argparse.Namespace) -> int:
    job = bulk.job(options.source, options.target, options.as_of)
    try:
        with cluster.connected(options.scheduler) as spread:
            done = job.run(with_bar(spread, sys.stderr))
    except KeyboardInterrupt:
        print("\n已中断。算好的版本和工作簿已经写下，原样再运行一次只做没做完的；数据集从头再算。", file=sys.stderr)
        return 130
    print("\n".join(f"× {fault}" for fault in done.faults), end="\n" if done.faults else "", file=sys.stderr)
    print(done.told)
    return int(bool(done.faults))


def _kept() -> Store:
    database = connect(default_url())
    if database.file and not database.file.is_file():
        raise StoreUnusable(f"{database.place} 还没有版本库：请先启动一次产品，或用 python -m data restore 恢复备份。")
    return Store.open(default_url())


def _head(count: int, chain: str) -> str:
    return f"共{count}个版本，校验链到 {chain[:12]}。" if count else "里面还没有版本。"


def _as_json(reading: Reading) -> str:
    found = {
        "unit": reading.unit,
        "year": reading.year,
        "indicators": len(reading.table),
        "weight": float(reading.table["weight"].sum()),
        "findings": [asdict(finding) for finding in reading.findings],
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def _as_text(reading: Reading) -> str:
    head = f"{reading.unit or '单位不明'} {reading.year or '年度不明'}：{len(reading.table)}项，{reading.table['weight'].sum():g}分"
    lines = [
        f"{_MARKS[finding.severity]}　{finding.sheet} {finding.cell}　{finding.message}{finding.treatment}"
        for finding in reading.findings
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
