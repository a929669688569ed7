"""A real office program, which recalculates workbooks and prints papers to pages. Tests that use it ask for ``office``.

Tests hand over bytes and get bytes; the program keeps its profile and files in a folder of its own.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

SECONDS = 120
NO_OFFICE = "没有 LibreOffice"
XLSX = "Calc MS Excel 2007 XML"
# 0: the values kept in a file are not believed, every formula is calculated when the file is opened; 1: they are.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{mode}</value></prop></item>
</oor:items>
"""


def program() -> str | None:
    """Return the path of LibreOffice, None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def recalculated(content: bytes) -> bytes:
    """Return an .xlsx as LibreOffice saves it after calculating every formula anew."""
    return converted(content, "xlsx", "xlsx", XLSX)


def to_pdf(content: bytes, ending: str) -> bytes:
    """Return a paper as a PDF; ``ending`` tells what it is: xlsx, pptx or docx."""
    return converted(content, ending, "pdf")


def converted(content: bytes, ending: str, wanted: str, kind: str = "", *, recalculate: bool = True) -> bytes:
    """Return a paper in another format; ``kind`` names the filter where the ending alone does not."""
    settings = _SETTINGS.format(mode=0 if recalculate else 1)
    with tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(settings, "utf-8")
        source = folder / f"paper.{ending}"
        source.write_bytes(content)
        command = [
            str(program()),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            f"{wanted}:{kind}" if kind else wanted,
            "--outdir",
            str(folder / "made"),
            str(source),
        ]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
        made = folder / "made" / f"paper.{wanted}"
        if not made.exists():
            said = (done.stdout + done.stderr).decode("utf-8", "replace")
            pytest.fail(f"LibreOffice could not turn a .{ending} into a .{wanted}: {said}", pytrace=False)
        return made.read_bytes()


def pages(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
