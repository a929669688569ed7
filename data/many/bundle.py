"""Several files that came as one: a .zip that holds workbooks, taken apart within limits and without writing any file."""

import zipfile
import zlib
from io import BytesIO

from data.errors import WorkbookRejected
from data.formats.container import ZIP
from data.formats.refusals import refused
from data.limits import LIMITS
from data.workbook import display_name

MOST_BYTES = 100 * 2**20  # of all files together
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack a chunk to any size at once
SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})
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
            if is_workbook(archive):
                return ((name, content),)
            return _unpacked(archive)
    except WorkbookRejected as error:
        raise WorkbookRejected(error.code, f"“{display_name(name)}”{error}") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        told = refused("damaged", where="压缩包")
        raise WorkbookRejected(told.code, f"“{display_name(name)}”{told}") from error


def _unpacked(archive: zipfile.ZipFile) -> tuple[tuple[str, bytes], ...]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and is_meant(entry.filename)]
    if len(entries) > LIMITS.parts:
        raise refused("parts", found=len(entries), limit=LIMITS.parts)
    if any(entry.flag_bits & 1 for entry in entries):
        raise refused("password")
    if any(entry.compress_type not in METHODS for entry in entries):
        raise refused("method")
    files: list[tuple[str, bytes]] = []
    left = MOST_BYTES
    for entry in entries:
        with archive.open(entry) as part:
            content = part.read(min(left, LIMITS.file) + 1)  # one byte more tells that it is too large
        left -= len(content)
        if left < 0:
            raise refused("unpacked", limit=MOST_BYTES // 2**20)
        files.append((display_name(entry_name(entry)), content))
    return tuple(files)


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Tell whether a zip is an office file itself, not a bundle of files."""
    return bool(_WORKBOOK & set(archive.namelist()))


def is_meant(path: str) -> bool:
    """Tell whether somebody meant to send a file: not what systems and office programs put beside files."""
    *folders, name = path.replace("\\", "/").split("/")
    return not ("__MACOSX" in folders or name.startswith((".", "~$")) or name.lower() in SYSTEM_FILES)


def entry_name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name; where nothing tells its encoding, it is UTF-8 (macOS) or GB18030 (Chinese Windows)."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return entry.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return entry.filename
