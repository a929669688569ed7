import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import ROOT, answers, free_port

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", "__pycache__", "var", "build", ".hypothesis", "wheelhouse"
)
INSTALL_SECONDS = 600


def test_a_busy_port_is_answered_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, str(ROOT / "scripts" / "run.py"), "--port", str(port)]
        result = subprocess.run(command, capture_output=True, check=False, timeout=60, encoding="utf-8")
    assert result.returncode == 1
    assert f"端口 {port} 已被占用" in result.stderr
    assert f"PORT={port + 1} make run" in result.stderr


def test_run_says_the_address_and_starts_without_a_question(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, str(ROOT / "scripts" / "run.py"), "--port", str(port)]
    said = said_until_it_answers(command, port, home=tmp_path / "nobody", folder=tmp_path, seconds=60)
    assert f"http://127.0.0.1:{port}" in said
    assert "mail" not in said.lower()


@pytest.mark.proof
def test_one_command_runs_the_product_from_nothing_in_an_odd_folder(tmp_path: Path) -> None:
    copy = tmp_path / "绩效 考评 看板"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    port = free_port()
    command = ["make", "run", f"PORT={port}"]
    said = said_until_it_answers(command, port, home=tmp_path / "nobody", folder=copy, seconds=INSTALL_SECONDS)
    assert f"http://127.0.0.1:{port}" in said


@pytest.mark.proof
def test_a_folder_of_wheels_installs_it_where_there_is_no_internet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected, cut_off = tmp_path / "connected", tmp_path / "cut off"
    shutil.copytree(ROOT, connected, ignore=LEFT_OUT)
    subprocess.run(["make", "wheelhouse"], cwd=connected, check=True, timeout=INSTALL_SECONDS, capture_output=True)
    shutil.copytree(connected, cut_off, ignore=shutil.ignore_patterns(".venv"))
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")  # where nothing answers
    port = free_port()
    command = ["make", "run", f"PORT={port}"]
    said = said_until_it_answers(command, port, home=tmp_path / "nobody", folder=cut_off, seconds=INSTALL_SECONDS)
    assert f"http://127.0.0.1:{port}" in said
    many = ["sh", "scripts/environment.sh", "requirements-many.txt"]
    subprocess.run(many, cwd=cut_off, check=True, timeout=INSTALL_SECONDS, capture_output=True)
    asked = [str(cut_off / ".venv" / "bin" / "python"), "-c", "import dask, psycopg, streamlit"]
    subprocess.run(asked, cwd=cut_off, check=True, timeout=INSTALL_SECONDS)


def said_until_it_answers(command: list[str], port: int, *, home: Path, folder: Path, seconds: float) -> str:
    """Start the command without standard input or screen, wait for its server, end it; return what it printed."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in screens} | {"HOME": str(home)}
    log = folder.parent / f"run-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + seconds
        while not answers(f"http://127.0.0.1:{port}"):
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < end, log.read_text(errors="replace")
            time.sleep(0.2)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(15)
    return log.read_text(encoding="utf-8")
