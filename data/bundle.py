"""Several files that came as one: a .zip that holds workbooks, taken apart within limits and without writing any file."""

import zipfile
import zlib
from io import BytesIO

from data.container import ZIP
from data.errors import WorkbookRejected
from data.limits import LIMITS
from data.refusals import refused
from data.workbook import display_name

MOST_BYTES = 100 * 2**20  # of all files together
_WORKBOOK = frozenset({"[Content_Types].xml", "mimetype"})  # .xlsx and .ods are zips themselves
_UTF8 = 0x800  # the flag of a name that is no old code page's


def files_of(name: str, content: bytes) -> tuple[tuple[str, bytes], ...]:
    """Return the files in a .zip with their names, folders left out; any other file is returned as it is.

    What systems and office programs put beside files (``__MACOSX``, ``~$``) is left out. Raises WorkbookRejected for
    a zip that is locked, damaged or too large.
    """
    if not content.startswith(ZIP):
        return ((name, content),)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if _WORKBOOK & set(archive.namelist()):
                return ((name, content),)
            return _unpacked(archive)
    except WorkbookRejected as error:
        raise WorkbookRejected(error.code, f"“{display_name(name)}”{error}") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        told = refused("damaged", where="压缩包")
        raise WorkbookRejected(told.code, f"“{display_name(name)}”{told}") from error


def _unpacked(archive: zipfile.ZipFile) -> tuple[tuple[str, bytes], ...]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and _is_meant(entry.filename)]
    if len(entries) > LIMITS.parts:
        raise refused("parts", found=len(entries), limit=LIMITS.parts)
    if any(entry.flag_bits & 1 for entry in entries):
        raise refused("password")
    files: list[tuple[str, bytes]] = []
    left = MOST_BYTES
    for entry in entries:
        with archive.open(entry) as part:
            content = part.read(min(left, LIMITS.file) + 1)  # one byte more tells that it is too large
        left -= len(content)
        if left < 0:
            raise refused("unpacked", limit=MOST_BYTES // 2**20)
        files.append((display_name(_name(entry)), content))
    return tuple(files)


def _is_meant(path: str) -> bool:
    name = path.replace("\\", "/").rpartition("/")[2]
    return not (path.startswith("__MACOSX/") or name.startswith((".", "~$")))


def _name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name; Chinese Windows writes it in GB18030 and says nothing of it."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename
