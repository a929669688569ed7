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

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 15


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(script: Path, kept: Path, *, folder: Path = ROOT, home: Path | None = None) -> Iterator[str]:
    """Run ``streamlit run script`` from ``folder``, what it keeps in ``kept``; yield its address, end it by its id."""
    port = free_port()
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
