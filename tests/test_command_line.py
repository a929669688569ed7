"""``python -m data check FILE``: what an operator or a clerk's script sees."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from data.plan import TABLES
from tests.drawing import xlsx

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "data", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")


def test_findings_are_listed_with_their_cells_and_only_blocking_ones_fail(tmp_path: Path) -> None:
    told = run("check", str(TABLES / "quanzhou-commerce-2025.xlsx"))
    assert told.returncode == 0
    assert "46项，70分" in told.stdout
    assert "E12" in told.stdout
    twice = tmp_path / "twice.xlsx"
    twice.write_bytes(xlsx("序号|二级指标|权重\n1-1|甲项|5\n1-1|乙项|3"))
    assert run("check", str(twice)).returncode == 1


def test_json_has_every_finding(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(xlsx("序号|二级指标|权重\n1|甲项|约5"))
    told = json.loads(run("check", str(file), "--json").stdout)
    assert ("unreadable_number", "C2") in [(finding["code"], finding["cell"]) for finding in told["findings"]]


@pytest.mark.parametrize("content", [b"", b"no table at all", b"PK\x03\x04broken"])
def test_a_refused_file_gives_a_sentence_and_no_traceback(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "坏.xlsx"
    file.write_bytes(content)
    told = run("check", str(file))
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert any("\u4e00" <= char <= "\u9fff" for char in told.stderr)


def test_a_missing_file_gives_a_sentence() -> None:
    told = run("check", "没有.xlsx")
    assert told.returncode == 1
    assert "请核对路径" in told.stderr


def test_a_script_on_stdin_can_read_a_workbook() -> None:
    script = (
        "from pathlib import Path\nfrom data import read_workbook\n"
        f"print(len(read_workbook(Path({str(TABLES / 'quanzhou-commerce-2025.xlsx')!r}).read_bytes(), 'a.xlsx').table))"
    )
    told = subprocess.run([sys.executable], input=script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stdout.strip() == "46", told.stderr
