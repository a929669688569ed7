"""Start the product on this machine's own address, and open a browser where there is a screen."""

import argparse
import os
import socket
import sys
from pathlib import Path

from streamlit.web import cli

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "127.0.0.1"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8501)
    port = parser.parse_args().port
    if not port_is_free(port):
        sys.exit(busy(port))
    print("正在启动绩效考评看板（按 Ctrl+C 停止）", flush=True)
    cli.main(["run", str(ROOT / "dashboard.py"), *flags(port)], prog_name="streamlit")


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # elsewhere this option would let two servers share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def busy(port: int) -> str:
    return (
        f"端口 {port} 已被占用：看板可能已经在运行，先打开 http://{ADDRESS}:{port} 看看；\n"
        f"要用另一个端口：PORT={port + 1} make run\n"
        f"Port {port} is busy; to use another: PORT={port + 1} make run"
    )


def flags(port: int) -> list[str]:
    options = {
        "server.address": ADDRESS,
        "server.port": port,
        "server.headless": not has_screen(),  # with a screen, Streamlit opens the browser once it answers
        "server.showEmailPrompt": False,
    }
    return [f"--{name}={str(value).lower()}" for name, value in options.items()]


def has_screen() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    main()
