"""What an operator does from the command line: ``python -m data check FILE [--json] | verify | backup | restore | editors``."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from data import Reading, WorkbookRejected, editors, read_workbook
from data.database import path_of
from data.errors import StoreUnusable
from data.store import Store, default_url, recover
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
    backup = commands.add_parser("backup", help="把版本库备份到新文件 PATH（可在运行中进行）")
    backup.add_argument("path", type=Path, metavar="PATH")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="从备份 PATH 恢复版本库（不覆盖现有的）")
    restore.add_argument("path", type=Path, metavar="PATH")
    restore.set_defaults(run=_restore)
    people = commands.add_parser("editors", help="管理可以发布的编辑：add、list、disable、passwd")
    editors.declare(people)
    people.set_defaults(run=_editors)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except DashboardError as error:
        print(error, file=sys.stderr)
        return 1


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
    print(f"已备份到 {options.path}，并已核对。{_head(*_kept().backup(options.path))}")
    return 0


def _restore(options: argparse.Namespace) -> int:
    head = recover(options.path, default_url())
    print(f"已恢复到 {path_of(default_url())}，并已核对。{_head(*head)}")
    return 0


def _editors(options: argparse.Namespace) -> int:
    print(options.do(Store.open(default_url()).accounts, options))
    return 0


def _kept() -> Store:
    path = path_of(default_url())
    if not path.is_file():
        raise StoreUnusable(f"{path} 还没有版本库：请先启动一次产品，或用 python -m data restore 恢复备份。")
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
