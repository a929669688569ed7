"""Three replicas on one PostgreSQL behind nginx, from the files of ``deploy/``, as a bureau would run them."""

import os
import re
import secrets
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.store import Store
from tests.postgres import Server
from tests.servers import ROOT, connections, free_port, running, stop
from tests.sockets import opened
from ui.doors.identity import VISITOR

DEPLOY = ROOT / "deploy"
PORTS = (8501, 8502, 8503)  # in the file that ships
START_SECONDS = 20
COOKIE = f"__Host-{VISITOR}"
MAIN = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    types {{ text/html html; }}
    include {folder}/dashboard.conf;
}}
"""


@dataclass(frozen=True)
class Fleet:
    """What runs: its address, the replicas' own addresses, nginx' access log, and the store behind them all."""

    address: str
    replicas: tuple[str, ...]
    log: Path
    store: Store

    def visitor(self, replica: str) -> str:
        """Return a cookie by which nginx leads a browser to this replica."""
        while True:
            cookie = f"{COOKIE}={secrets.token_urlsafe(32)}"
            before = connections(replica)
            with opened(self.address, "", cookie=cookie):
                if connections(replica) > before:
                    return cookie


@contextmanager
def fleet(folder: Path, server: Server, program: str) -> Iterator[Fleet]:
    """Run the replicas on a database of their own, and nginx by its ``program``; what they keep lies in ``folder``."""
    url = server.create(f"replicas_{secrets.token_hex(4)}")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        for name, value in settings(url).items():
            patch.setenv(name, value)
        make_certificate(folder)
        patch.setenv("SSL_CERT_FILE", str(folder / "ca.crt"))
        with ThreadPoolExecutor() as pool:
            replicas = tuple(pool.map(lambda port: stack.enter_context(replica(folder / str(port))), PORTS))
        address = stack.enter_context(nginx(folder, program, [int(each.rpartition(":")[2]) for each in replicas]))
        yield Fleet(address, replicas, folder / "dashboard.log", Store.open(url))


@contextmanager
def replica(folder: Path) -> Iterator[str]:
    """Run one replica; yield its own address."""
    folder.mkdir(parents=True, exist_ok=True)
    with running(ROOT / "dashboard.py", folder) as address:
        yield address


def settings(url: str) -> dict[str, str]:
    """Return the environment file that ships, with what an operator fills in."""
    lines = (DEPLOY / "dashboard.env").read_text("utf-8").splitlines()
    shipped = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return shipped | {"DASHBOARD_SECRET": secrets.token_hex(32), "DATABASE_URL": url}


def make_certificate(folder: Path) -> None:
    command = ["sh", str(DEPLOY / "certificate.sh"), str(folder), "127.0.0.1", "localhost", "kaohe.example.cn"]
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def nginx(folder: Path, program: str, ports: list[int]) -> Iterator[str]:
    """Run nginx with the file that ships, on other ports and with other folders; yield its address."""
    secure, plain = free_port(), free_port()
    (folder / "dashboard.conf").write_text(_moved(folder, ports, secure, plain), "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), "utf-8")
    with (folder / "error.log").open("wb") as output:
        process = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=output)
    try:
        end = time.monotonic() + START_SECONDS
        while not (folder / "nginx.pid").exists() or not (folder / "nginx.pid").read_text():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((folder / "error.log").read_text("utf-8"))
            time.sleep(0.02)
        yield f"https://127.0.0.1:{secure}"
    finally:
        stop(process)


def _moved(folder: Path, ports: list[int], secure: int, plain: int) -> str:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    text = re.sub(r".*listen \[::\].*\n", "", text)
    moved = {f"127.0.0.1:{old};": f"127.0.0.1:{new};" for old, new in zip(PORTS, ports, strict=True)}
    moved |= {f"127.0.0.1:{old} ": f"127.0.0.1:{new} " for old, new in zip(PORTS, ports, strict=True)}
    moved |= {"listen 443 ": f"listen 127.0.0.1:{secure} ", "listen 80 ": f"listen 127.0.0.1:{plain} "}
    moved |= {place: str(folder) for place in ("/etc/nginx/dashboard", "/var/log/nginx")}
    moved |= {"/var/cache/nginx/dashboard": f"{folder}/cache"}
    for old, new in moved.items():
        text = text.replace(old, new)
    return text
