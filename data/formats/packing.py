"""Zip packages with the same bytes on any day and machine: workbooks, decks, documents, bundles of sheets."""

import io
import zipfile
from collections.abc import Iterable


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return named parts as a zip, in their order, stored and undated: zlib's output differs between its versions."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts:
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.create_system = 3  # the same on Windows
            archive.writestr(part, content)
    return target.getvalue()


def unpacked(package: bytes) -> list[tuple[str, bytes]]:
    """Return the parts of an office package in the order in which ours are written: its table of contents first."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        names = sorted(archive.namelist(), key=lambda part: (part != "[Content_Types].xml", part))
        return [(name, archive.read(name)) for name in names]
