"""Many files at once, as a browser gives them: loose ones, folders, zips, zips in a zip; taken apart to single files.

::

    市直.zip ─► 第一组/甲局.xlsx     a workbook: one item
                第二组.zip ─► …      a zip in a zip: its items too, so deep and no deeper
                __MACOSX/…, .DS_Store, ~$甲局.xlsx   skipped, and said so
                锁住.xlsx            an item that says why it cannot be taken; it holds up none of the others

Nothing is written to disk, and nothing that a zip says of itself is believed.
"""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO

from data.errors import WorkbookRejected
from data.formats.container import ZIP
from data.formats.refusals import refused
from data.limits import LIMITS
from data.many.bundle import METHODS, entry_name, is_meant, is_workbook
from data.workbook import display_name

DIRECTORY = b"PK\x01\x02"  # before each entry in a zip's directory
BROKEN = (zipfile.BadZipFile, zlib.error, ArithmeticError, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Bounds:
    """How much is taken at once. ``size`` is bytes of all items together; ``depth`` how many zips lie in each other.

    ``marks`` bounds the directory entries in a zip's bytes, workbooks' own among them, before anything parses them.
    """

    files: int = 3000
    size: int = 200 * 2**20
    depth: int = 2
    entries: int = 20_000
    marks: int = 200_000


BOUNDS = Bounds()


@dataclass(frozen=True)
class Item:
    """One file by its path, folders and zips included; ``refused`` says why its content was not taken, "" where it was."""

    path: str
    content: bytes
    refused: str = ""


@dataclass(frozen=True)
class Intake:
    """The files to read, in the order in which they came, and the paths of what systems put beside files."""

    items: tuple[Item, ...]
    skipped: tuple[str, ...]


def taken(files: Iterable[tuple[str, bytes]], bounds: Bounds = BOUNDS) -> Intake:
    """Return the single files among named ones. Raises nothing: what cannot be taken is an item that says why."""
    taking = _Taking(bounds)
    items = tuple(item for path, content in files for item in taking.files_in(path, content))
    return Intake(items, tuple(taking.skipped))


@dataclass
class _Taking:
    """What is taken so far, of all files together; ``size`` also counts what was unpacked in vain."""

    bounds: Bounds
    skipped: list[str] = field(default_factory=list)
    count: int = 0
    size: int = 0

    def files_in(self, path: str, content: bytes, depth: int = 0) -> Iterator[Item]:
        """Yield a file's items; a zip that cannot be opened, or is a workbook, is an item itself."""
        if not is_meant(path):
            self.skipped.append(_shown(path))
            return
        if not content.startswith(ZIP):
            yield self._item(path, content, depth)
            return
        try:
            if content.count(DIRECTORY) > self.bounds.marks:
                raise refused("entries", limit=self.bounds.entries)
            with zipfile.ZipFile(BytesIO(content)) as archive:
                if not is_workbook(archive):
                    self._check(archive, len(content), depth)
                    yield from self._entries(path, archive, depth)
                    return
        except WorkbookRejected as error:
            yield self._refused(path, error)
            return
        except BROKEN:
            pass  # the child says what is wrong with it
        yield self._item(path, content, depth)

    def _check(self, archive: zipfile.ZipFile, size: int, depth: int) -> None:
        entries = archive.infolist()
        if depth >= self.bounds.depth:
            raise refused("nested")
        if len(entries) > self.bounds.entries:
            raise refused("entries", limit=self.bounds.entries)
        if not any(is_meant(entry_name(entry)) and not entry.is_dir() for entry in entries):
            raise refused("archive")
        if sum(entry.compress_size for entry in entries) > size:  # entries that share their bytes
            raise refused("damaged", where="压缩包")

    def _entries(self, path: str, archive: zipfile.ZipFile, depth: int) -> Iterator[Item]:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        for at, entry in enumerate(entries):
            inner = f"{path}/{entry_name(entry)}"
            if not is_meant(inner):
                self.skipped.append(_shown(inner))
                continue
            if self._is_full():
                yield self._refused(inner, self._too_many(len(entries) - at))
                return
            try:
                content = self._read(archive, entry)
            except WorkbookRejected as error:
                yield self._refused(inner, error)
            else:
                yield from self.files_in(inner, content, depth + 1)

    def _read(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        """Return an entry's bytes. Raise WorkbookRejected; one byte more than a file may have tells that it is too large."""
        if entry.flag_bits & 1:
            raise refused("password")
        if entry.compress_type not in METHODS:
            raise refused("method")
        try:
            with archive.open(entry) as part:
                content = part.read(LIMITS.file + 1)
        except BROKEN as error:
            raise refused("damaged", where="压缩包里的这一份") from error
        self.size += len(content)
        if len(content) > LIMITS.file:
            found = f"{max(entry.file_size, len(content)) / 2**20:.1f}"
            raise refused("too_large", found=found, limit=LIMITS.file // 2**20)
        return content

    def _item(self, path: str, content: bytes, depth: int) -> Item:
        if self._is_full() and depth == 0:
            return self._refused(path, self._too_many(1))
        self.count += 1
        self.size += 0 if depth else len(content)
        return Item(_shown(path), content)

    def _refused(self, path: str, error: WorkbookRejected) -> Item:
        self.count += 1
        return Item(_shown(path), b"", f"“{display_name(path)}”{error}")

    def _is_full(self) -> bool:
        return self.count >= self.bounds.files or self.size >= self.bounds.size

    def _too_many(self, left: int) -> WorkbookRejected:
        return refused("too_many", left=left, files=self.bounds.files, limit=self.bounds.size // 2**20)


def _shown(path: str) -> str:
    """Return a path as it may be shown: its last folders, each of its names fit for a sentence."""
    names = [display_name(name) for name in path.replace("\\", "/").split("/") if name not in ("", ".", "..")]
    return "/".join(names[-4:]) or "没有名字的文件"
