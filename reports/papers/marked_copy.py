"""A copy of the uploaded workbook in which every cell with a finding is filled and says why in a comment."""

import io
from collections import defaultdict
from collections.abc import Iterable
from copy import copy

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from data.cells import address
from data.findings import Finding
from data.tables.layout import canonical
from reports.papers.problem_list import written
from reports.words import SEVERITIES

AUTHOR = "绩效考评看板"
FILLS = {"blocking": "FFF4C7C3", "check": "FFDCE8FA", "normalized": "FFEEF1F5"}  # ARGB; the gravest finding's counts
LONGEST = 2_000  # characters of one comment
WIDTH, LINE, PER_LINE = 340, 20, 24  # pixels, pixels, characters


def can_mark(content: bytes) -> bool:
    """Tell whether a file is an .xlsx workbook, whatever it is called; other formats have no copy."""
    return content[:4] == b"PK\x03\x04" and b"xl/workbook.xml" in content


def write(content: bytes, findings: Iterable[Finding]) -> bytes:
    """Return the .xlsx with the findings marked; what is said of a whole sheet stands at its first cell.

    Formulas, sums and styles stay as they are. ``content`` must have been read by ``data.read_workbook``, which
    refuses what would harm whoever opens it.
    """
    book: Workbook = load_workbook(io.BytesIO(content), rich_text=True)
    placed: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        placed[finding.sheet, finding.cell or "A1"].append(finding)
    for (sheet, cell), found in placed.items():
        if sheet in book.sheetnames and isinstance(book[sheet], Worksheet):
            _mark(_written(book[sheet], cell), found)
    return canonical(book)


def _written(sheet: Worksheet, place: str) -> Cell:
    """Return the cell, the first of its merged range where it is part of one."""
    cell = sheet[place]
    if not isinstance(cell, MergedCell):
        return cell
    around = next(area for area in sheet.merged_cells.ranges if place in area)
    return sheet[address(around.min_row, around.min_col)]


def _mark(cell: Cell, found: list[Finding]) -> None:
    gravest = next(severity for severity in FILLS if any(finding.severity == severity for finding in found))
    cell.fill = PatternFill("solid", fgColor=FILLS[gravest])
    said = [f"{SEVERITIES[each.severity]}：{each.message}\n系统暂这样处理：{each.treatment}" for each in found]
    kept = [copy(cell.comment).text] if cell.comment else []
    text = written("\n\n".join([*kept, *said]))[:LONGEST]
    lines = sum(1 + len(line) // PER_LINE for line in text.splitlines())
    cell.comment = Comment(text, AUTHOR, height=min(lines, 20) * LINE + 12, width=WIDTH)
