"""The product, and other scripts, as a real server on a free loopback port."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from data.store import Store

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
ESTABLISHED = "01"  # in /proc/net/tcp
STOP_SECONDS = 15
PASSWORD = "青石板凳 雨天写信 三月"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    script: Path, kept: Path, *, folder: Path = ROOT, home: Path | None = None, port: int | None = None
) -> Iterator[str]:
    """Run ``streamlit run script`` from ``folder``, what it keeps in ``kept``; yield its address, end it by its id."""
    port = port or free_port()
    flags = [f"--server.port={port}", "--server.headless=true"]
    log = kept / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), *flags],
            cwd=folder,
            env=os.environ | {"HOME": str(home or kept), "DASHBOARD_HOME": str(kept / "var")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_healthy(process, f"http://127.0.0.1:{port}", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def wait_until_healthy(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        if answers(address):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def start_link(address: str, kept: Path) -> str:
    """Return the start link that the server at ``address`` printed; ``kept`` is what ``running`` was given."""
    log = kept / f"server-{urlsplit(address).port}.log"
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        found = re.search(r"http://\S+/start\?key=\S+", log.read_text(errors="replace"))
        if found:
            return found[0]
        time.sleep(0.05)
    raise RuntimeError(f"no start link:\n{log.read_text(errors='replace')}")


def process_of(address: str) -> int:
    """Return the id of the process that serves an address which ``running`` gave."""
    flag = f"--server.port={urlsplit(address).port}".encode()
    folders = (path for path in Path("/proc").iterdir() if path.name.isdigit())
    return next(int(path.name) for path in folders if flag in _command(path))


def _command(process: Path) -> list[bytes]:
    try:
        return (process / "cmdline").read_bytes().split(b"\0")
    except OSError:  # it has ended meanwhile
        return []


def resident(process: int) -> int:
    """Return the bytes of memory that a process holds."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024  # type: ignore[index]  # Linux always tells


def sign_in(page: Page, address: str, kept: Path, name: str) -> None:
    """Make a browser an editor's: by the start link while there is no editor, else by the sign-in page."""
    accounts = Store.open(f"sqlite:///{kept / 'var' / 'dashboard.db'}").accounts
    if accounts.editors():
        if name not in [each.name for each in accounts.editors()]:
            accounts.add(name, PASSWORD, "测试")
        page.goto(f"{address}/sign-in")
    else:
        page.goto(start_link(address, kept))
        page.get_by_label("再写一遍密码").fill(PASSWORD)
    page.get_by_label("姓名").fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(f"{address}/")


def children(process: int) -> list[int]:
    """Return the ids of a process's children."""
    found = (path.read_text().split() for path in Path(f"/proc/{process}/task").glob("*/children"))
    return [int(child) for ids in found for child in ids]


def connections(address: str) -> int:
    """Return how many connections a server has."""
    port = f"{urlsplit(address).port:04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(line.split()[1].endswith(f":{port}") and line.split()[3] == ESTABLISHED for line in lines)
