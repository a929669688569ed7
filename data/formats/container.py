"""What a file is, by its bytes, and whether its zip may be unpacked: asked before any parser sees it."""

import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree

from data.formats.refusals import refused
from data.limits import Limits

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNATURES = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"II*\x00": "picture",
    b"MM\x00*": "picture",
    b"{\\rtf": "word",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
}
WEB_PAGE = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style", b"<!--", b"mime-version:")
OLE_STREAMS = {  # the first that is there decides
    "EncryptedPackage": "password",
    "_VBA_PROJECT_CUR": "macro",
    "Workbook": "xls",
    "Book": "xls",
    "WordDocument": "word",
    "PowerPoint Document": "presentation",
}
XLSX_MAIN = re.compile(r"spreadsheetml\.(sheet|template)\.main\+xml")
CHUNK = 2**20
# Without its last byte a UTF-16 mark is the same in both byte orders.
DTD = [mark.encode(code)[:-1] for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le")]


@dataclass(frozen=True)
class Package:
    """A zip that may be unpacked. ``kind`` is xlsx or ods."""

    kind: str
    archive: zipfile.ZipFile


def kind_of(content: bytes) -> str:
    """Return ``zip``, ``xls`` or ``csv`` by the content. Raises WorkbookRejected for what is known to be no table."""
    if content.startswith(ZIP):
        return "zip"
    if content.startswith(OLE):
        return _ole_kind(content)
    for signature, code in SIGNATURES.items():
        if content.startswith(signature):
            raise refused(code)
    return _text_kind(content)


def _ole_kind(content: bytes) -> str:
    for name, kind in OLE_STREAMS.items():
        if _has_stream(content, name):
            if kind != "xls":
                raise refused(kind)
            return kind
    raise refused("damaged", where="复合文档的目录")


def _has_stream(content: bytes, name: str) -> bool:
    """Look for a directory entry: 64 bytes of name and its length, at a multiple of 128 bytes; cell text is not one."""
    encoded = (name + "\0").encode("utf-16-le")
    entry = encoded.ljust(64, b"\0") + len(encoded).to_bytes(2, "little")
    at = content.find(entry)
    while at >= 0 and at % 128:
        at = content.find(entry, at + 1)
    return at >= 0


def _text_kind(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(WEB_PAGE):
        raise refused("html")
    if head.startswith(b"<?xml"):
        raise refused("xml")
    if b"\0" in content:
        raise refused("picture" if content.startswith(b"BM") else "unknown")
    return "csv"


def open_package(content: bytes, limits: Limits) -> Package:
    """Open a zip after unpacking all of it once, within limits: what it declares about itself proves nothing."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        _check_directory(archive, len(content), limits)
        kind = _package_kind(archive, limits)
        _unpack_all(archive, limits)
        return Package(kind, archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise refused("damaged", where="压缩包") from error


def _check_directory(archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
    entries = archive.infolist()
    if len(entries) > limits.parts:
        raise refused("parts", found=len(entries), limit=limits.parts)
    if sum(entry.compress_size for entry in entries) > size:  # parts that share their bytes
        raise refused("damaged", where="压缩包")
    if any(entry.flag_bits & 1 for entry in entries):
        raise refused("password")
    name, count = Counter(entry.filename.lower() for entry in entries).most_common(1)[0] if entries else ("", 0)
    if count > 1:
        raise refused("duplicate_part", part=name)


def _package_kind(archive: zipfile.ZipFile, limits: Limits) -> str:
    names = {name.lower() for name in archive.namelist()}
    if "mimetype" in names:
        return _open_document_kind(archive, limits)
    if "[content_types].xml" not in names:
        raise refused("archive")
    if "xl/workbook.bin" in names:
        raise refused("xlsb")
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise refused("macro")
    return _office_kind(read_part(archive, "[Content_Types].xml", limits).decode("utf-8", "replace"))


def _office_kind(content_types: str) -> str:
    if "macroEnabled" in content_types:
        raise refused("macro")
    if XLSX_MAIN.search(content_types):
        return "xlsx"
    if "wordprocessingml" in content_types:
        raise refused("word")
    if "presentationml" in content_types:
        raise refused("presentation")
    raise refused("archive")


def _open_document_kind(archive: zipfile.ZipFile, limits: Limits) -> str:
    mimetype = read_part(archive, "mimetype", limits).decode("ascii", "replace").strip()
    if "opendocument.text" in mimetype:
        raise refused("word")
    if "opendocument.presentation" in mimetype:
        raise refused("presentation")
    if "opendocument.spreadsheet" not in mimetype:
        raise refused("archive")
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and b"encryption-data" in read_part(archive, manifest, limits):
        raise refused("password")
    return "ods"


def read_part(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """Return a part's bytes, at most as many as the whole may unpack to; ``name`` is matched without regard to case."""
    found = {entry.lower(): entry for entry in archive.namelist()}.get(name.lower())
    if found is None:
        raise refused("damaged", where=f"部件“{name}”")
    with archive.open(found) as part:
        return part.read(limits.unpacked)


def _unpack_all(archive: zipfile.ZipFile, limits: Limits) -> None:
    left, tags = limits.unpacked, 0
    for name in archive.namelist():
        is_xml = name.lower().endswith((".xml", ".rels", ".vml"))
        with archive.open(name) as part:
            tail = b""
            while chunk := part.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise refused("unpacked", limit=limits.unpacked // 2**20)
                if is_xml:
                    tags += _check_markup(tail + chunk, name)
                    tail = chunk[-32:]
        if tags > limits.tags:
            raise refused("markup")


def _check_markup(text: bytes, part: str) -> int:
    """Return how many tags the text opens or closes."""
    if any(mark in text for mark in DTD):
        raise refused("dtd", part=part)
    return text.count(b"<")


def parse_xml(xml: bytes, where: str) -> ElementTree.Element:
    """Return a small part's tree. Raises WorkbookRejected that names ``where``."""
    try:
        return ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise refused("damaged", where=where) from error
