"""A disk whose power fails, and a disk that is full: ``tests/disk.c``, preloaded into processes that the tests start."""

import mmap
import os
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECTOR = 512  # bytes that a disk writes whole or not at all
_SHARED = struct.Struct("@ll")


def built(folder: Path) -> Path | None:
    """Compile the library that is preloaded; None where there is no compiler, or no Linux."""
    if sys.platform != "linux" or not shutil.which("cc"):
        return None
    library, source = folder / "disk.so", ROOT / "tests" / "disk.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source, "-ldl"], check=True)
    return library


class Space:
    """How many more writes the disk takes; a process under the library and the test see the same number."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_SHARED.pack(-1, 0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _SHARED.size)

    @property
    def left(self) -> int:
        return int(_SHARED.unpack_from(self._shared)[0])

    def only(self, writes: int, *, copying: bool = False) -> None:
        """Take so many writes and no more; ``copying`` disks need space also for what overwrites a file in place."""
        _SHARED.pack_into(self._shared, 0, writes, copying)

    def endless(self) -> None:
        self.only(-1)


def work(library: Path, folder: Path, beside: Path, *words: str) -> str:
    """Let ``tests.disk_work`` do something in a folder of such a disk; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.disk_work", str(folder), *words],
        cwd=ROOT,
        env=os.environ | environment(library, folder, beside),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(library: Path, folder: Path, beside: Path) -> dict[str, str]:
    """Return what makes the disk below a process's folder ours; log and space are kept ``beside`` it."""
    ours = {"LD_PRELOAD": library, "DISK_FOLDER": folder, "DISK_LOG": beside / "log", "DISK_SPACE": beside / "space"}
    Space(beside / "space")
    return {name: str(value) for name, value in ours.items()}


# What was done, and what is left of it when the power fails


@dataclass(frozen=True)
class Step:
    """One act: create, folder, write, truncate, sync, remove, rename (``data`` is the new name), or said (a note)."""

    act: str
    path: str
    offset: int = 0
    data: bytes = b""


def steps(log: Path) -> list[Step]:
    """Return what a process did, in its order."""
    found, rest = [], log.read_bytes()
    while rest:
        head, path, rest = rest.split(b"\n", 2)
        act, offset, size = head.split()
        found.append(Step(act.decode(), path.decode(), int(offset), rest[: int(size)]))
        rest = rest[int(size) :]
    return found


def say(log: Path, path: Path, words: str) -> None:
    """Note between the acts what was promised about a file by now."""
    data = words.encode()
    with log.open("ab") as file:
        file.write(f"said 0 {len(data)}\n{path}\n".encode() + data)


@dataclass(eq=False)
class _File:
    folder: bool
    synced: bytes = b""
    written: list[Step] = field(default_factory=list)  # since then


class Disk:
    """Follows the steps, telling what is certainly on the disk from what only may be.

    A file's bytes are certain from its last sync on, its name, its removal or renaming from the last sync of the folder.
    """

    def __init__(self) -> None:
        self._now: dict[str, _File] = {}
        self._synced: dict[str, _File] = {}
        self._named: list[tuple[str, _File | None]] = []

    def do(self, step: Step) -> None:
        if step.act in ("create", "folder"):
            self._name(step.path, _File(step.act == "folder"))
        elif step.act == "remove":
            self._name(step.path, None)
        elif step.act == "rename":
            self._name(step.data.decode(), self._now[step.path])
            self._name(step.path, None)
        elif step.act in ("write", "truncate"):
            self._now[step.path].written.append(step)
        elif step.act == "sync":
            self._sync(step.path)

    def left(self, choose: random.Random | None = None) -> dict[str, bytes | None]:
        """Return bytes (None: a folder) by path, without what was not synced, or with what of it chance lets be."""
        likely = choose.random() if choose else 0.0
        names = dict(self._synced)
        for path, file in self._named:
            if choose and choose.random() < likely:
                names[path] = file  # type: ignore[assignment]  # None is taken out below
        there = {path: file for path, file in names.items() if file}
        return {
            path: None if file.folder else _written(file, choose, likely)
            for path, file in there.items()
            if all(f"{parent}" in there or f"{parent}" not in self._now for parent in Path(path).parents)
        }

    def _name(self, path: str, file: _File | None) -> None:
        self._named.append((path, file))
        if file:
            self._now[path] = file
        else:
            del self._now[path]

    def _sync(self, path: str) -> None:
        file = self._now.get(path)
        if file and not file.folder:
            file.synced, file.written = _written(file, random.Random(0), 1.0), []
        else:
            for name, named in self._named:
                if os.path.dirname(name) == path:
                    self._synced.pop(name, None) if named is None else self._synced.update({name: named})
            self._named = [each for each in self._named if os.path.dirname(each[0]) != path]


def _written(file: _File, choose: random.Random | None, likely: float) -> bytes:
    """Return a file's bytes; of what was not synced, each sector is there as likely as that."""
    content = bytearray(file.synced)
    for step in file.written if choose else ():
        if step.act == "truncate" and choose.random() < likely:  # type: ignore[union-attr]
            content = content[: step.offset].ljust(step.offset, b"\0")
        for start in range(0, len(step.data), SECTOR) if step.act == "write" else ():
            if choose.random() < likely:  # type: ignore[union-attr]
                at, sector = step.offset + start, step.data[start : start + SECTOR]
                content = content.ljust(at, b"\0")
                content[at : at + len(sector)] = sector
    return bytes(content)


@dataclass(frozen=True)
class Failure:
    """The power failed before the step of that number: what is on the disk, and what had been said of it by then."""

    number: int
    files: dict[str, bytes | None]
    said: dict[str, str]

    def rebuild(self, source: Path, target: Path) -> None:
        """Write the disk's files to another folder."""
        target.mkdir()
        for path, content in sorted(self.files.items()):
            place = target / Path(path).relative_to(source)
            place.mkdir() if content is None else place.write_bytes(content)


def promised(done: list[Step]) -> dict[str, str]:
    """Return what was said last of each file."""
    return {step.path: step.data.decode() for step in done if step.act == "said"}


def failures(done: list[Step], torn: int) -> Iterator[Failure]:
    """Yield every disk without its unsynced acts that there was, with the most that was said of it; then ``torn`` more.

    Of these more, chance takes the moment and the sectors, names and removals that are there though not synced.
    """
    bare = {repr(sorted(failure.files.items())): failure for failure in _at_each(done, None)}
    yield from bare.values()
    choose = random.Random(len(done))
    moments = sorted(choose.choices(range(len(done) + 1), k=torn))
    for failure in _at_each(done, choose):
        for _ in range(moments.count(failure.number)):
            yield failure


def _at_each(done: list[Step], choose: random.Random | None) -> Iterator[Failure]:
    disk, said = Disk(), {}
    for number, step in enumerate([*done, None]):
        yield Failure(number, disk.left(choose), dict(said))
        if step and step.act == "said":
            said[step.path] = step.data.decode()
        elif step:
            disk.do(step)
