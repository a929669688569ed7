"""From bytes to cells: a file is parsed in a child process with limits, whoever sent it."""

import json
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib.util import find_spec
from os import environ
from pathlib import Path

from data.cells import Workbook
from data.errors import WorkbookRejected
from data.formats import wire
from data.formats.refusals import refused
from data.limits import LIMITS, Limits

CHILD = Path(__file__).parent / "formats" / "child.py"
LIBRARIES = ("openpyxl", "et_xmlfile", "python_calamine", "orjson")
SLOTS = threading.BoundedSemaphore(2)  # as many children at once; one more waits for its turn
SHOWN = 60  # characters of a file name in a sentence


def open_workbook(content: bytes, filename: str, *, limits: Limits = LIMITS) -> Workbook:
    """Return the sheets of an .xlsx, .xls, .et, .ods or .csv file, told apart by their bytes.

    ``filename`` is shown in refusals and used for nothing else. Raises nothing but WorkbookRejected.
    """
    try:
        if not content:
            raise refused("empty")
        if len(content) > limits.file:
            found = f"{len(content) / 2**20:.1f}"
            raise refused("too_large", found=found, limit=limits.file // 2**20)
        with SLOTS:
            return _ask_child(content, limits)
    except WorkbookRejected as error:
        raise WorkbookRejected(error.code, f"“{display_name(filename)}”{error}") from error


def display_name(filename: str) -> str:
    """Return a file's name fit for a sentence: no folders, no control or direction characters, not too long."""
    base = filename.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    return shown if len(shown) <= SHOWN else f"{shown[: SHOWN // 2]}…{shown[1 - SHOWN // 2 :]}"


def _ask_child(content: bytes, limits: Limits) -> Workbook:
    header = json.dumps({"size": len(content), "limits": asdict(limits)}).encode().ljust(wire.HEADER)
    started = time.monotonic()
    with _child(limits) as child:
        assert child.stdin is not None  # both are pipes
        assert child.stdout is not None
        try:
            child.stdin.write(header + content)
            child.stdin.flush()
        except OSError:
            pass  # it died early; its exit says why
        answer = child.stdout.read(limits.answer + 1)
        child.wait()
    if child.returncode == 0 and len(answer) <= limits.answer:
        try:
            return wire.decode(answer)
        except ValueError:
            pass  # cut short
    raise _death(child.returncode, time.monotonic() - started, limits)


def _death(returncode: int, seconds: float, limits: Limits) -> WorkbookRejected:
    out_of_cpu = sys.platform != "win32" and returncode == -24  # SIGXCPU
    if seconds >= limits.wall_seconds:
        return refused("timeout", limit=limits.wall_seconds)
    return refused("timeout", limit=limits.cpu_seconds) if out_of_cpu else refused("crashed")


@contextmanager
def _child(limits: Limits) -> Iterator[subprocess.Popen[bytes]]:
    """Run a child that is killed when its wall time is over, and in any case when the caller is done with it."""
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(CHILD), *_library_folders()]
    keep = {"SYSTEMROOT": environ["SYSTEMROOT"]} if sys.platform == "win32" else {}
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    pipe, null = subprocess.PIPE, subprocess.DEVNULL
    try:
        child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=null, env=keep, creationflags=flags)
    except OSError as error:
        raise refused("no_process") from error
    timer = threading.Timer(limits.wall_seconds, child.kill)
    timer.start()
    try:
        yield child
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            with suppress(OSError):  # what was not taken any more
                stream and stream.close()


def _library_folders() -> list[str]:
    """Return where what the child imports is installed: it runs without site-packages of its own."""
    specs = [find_spec(name) for name in LIBRARIES]
    folders = [str(Path(spec.origin).parent.parent) for spec in specs if spec and spec.origin]
    return list(dict.fromkeys(folders))
