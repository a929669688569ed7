"""The notice's table as a workbook: source/quanzhou-lines.csv in the official layout, and every repair beside it.

Each line of the two source files names the line of source/notice-2025-5.txt that it was taken from.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from data.tables.layout import (
    ABOVE,
    HEADER_ROWS,
    Line,
    Row,
    Sum,
    Table,
    Value,
    canonical,
    landscape,
    place,
    text_height,
    write,
)

SOURCE = Path(__file__).parent / "source"
NOTICE = SOURCE / "notice-2025-5.txt"
LINES = SOURCE / "quanzhou-lines.csv"
REPAIRS = SOURCE / "quanzhou-repairs.csv"
FILE = "quanzhou-commerce-2025.xlsx"

JOINED = "^"
NOTES = "转录说明"
NOTE_COLUMNS = (("序号", 12), ("行", 8), ("列", 20), ("原件", 60), ("录入", 60), ("原因", 60))
NOTE_INTRO = (
    "本表按《泉州市商务局关于印发〈2025年度绩效目标考评工作方案〉的通知》附件转录。"
    "文字照原件，识别错误不改；表格结构上的改动逐条列在下面。"
)


def build(folder: Path) -> None:
    """Write the workbook into a folder."""
    (folder / FILE).write_bytes(canonical(workbook()))


def workbook() -> Workbook:
    """Return the transcribed table with its second sheet 转录说明."""
    table = _table()
    book = write(table)
    _notes(book, table)
    return book


def _table() -> Table:
    notice = _notice()
    title = next(
        line.removeprefix("# ") for line in notice if line.endswith("绩效目标考评表") and line.startswith("# ")
    )
    unit = next(line.partition("：")[2] for line in notice if line.startswith("参评单位"))
    signature = next(line for line in notice if line.startswith("单位主要领导"))
    entries = _entries(LINES)
    numbers = sorted({entry["page"] for entry in entries})
    pages = tuple(tuple(_line(entry) for entry in entries if entry["page"] == number) for number in numbers)
    return Table(title, unit, pages, (signature,))


def _entries(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _line(entry: dict[str, str]) -> Line:
    return _row(entry) if entry["kind"] == "row" else _sum(entry)


def _row(entry: dict[str, str]) -> Row:
    return Row(
        serial=entry["serial"],
        category=_carried(entry["category"]),
        basis=_carried(entry["basis"]),
        goal=_carried(entry["goal"]),
        indicator=entry["indicator"],
        spans=entry["spans"],
        weight=_number(entry["weight"]),
        due=entry["due"],
        departments=entry["departments"],
        heads=entry["heads"],
        leaders=entry["leaders"],
        repeats=bool(entry["repeats"]),
    )


def _sum(entry: dict[str, str]) -> Sum:
    """Return a printed sum; the points of the notice's own sums are what it prints, for its rows are incomplete."""
    kind: Literal["subtotal", "total"] = "total" if entry["kind"] == "total" else "subtotal"
    weight = _number(entry["weight"])
    return Sum(kind, entry["indicator"], entry["spans"], entry["serial"], weight, result=kind == "total")


def _carried(text: str) -> str | None:
    return ABOVE if text == JOINED else text


def _number(text: str) -> Value:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _notes(book: Workbook, table: Table) -> None:
    """Add the sheet 转录说明: one line for every structural repair, in the order of the table."""
    sheet = book.create_sheet(NOTES)
    sheet.append([NOTE_INTRO])
    sheet.append([heading for heading, _ in NOTE_COLUMNS])
    notes = list(_repairs(table))
    for note in notes:
        sheet.append(note)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(NOTE_COLUMNS))
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        cell.font = Font(name="宋体", size=10, bold=cell.row == 2)
        if cell.data_type == "e":  # it tells what was printed, it is no error itself
            cell.data_type = "s"
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.border = Border(*[Side(style="thin")] * 4) if cell.row > 1 else Border()
    for number, (_, width) in enumerate(NOTE_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, note in enumerate(notes, 3):
        heights = (text_height(text, width) for text, (_, width) in zip(note, NOTE_COLUMNS, strict=True))
        sheet.row_dimensions[number].height = max(heights) * 1.1  # 10 pt instead of 9
    sheet.freeze_panes = "A3"
    landscape(sheet)
    sheet.print_title_rows = "2:2"


def _repairs(table: Table) -> Iterator[list[str]]:
    """Yield 序号, 行, 列, 原件, 录入, 原因 of every repair."""
    serials = {int(entry["line"]): entry["serial"] for entry in _entries(LINES)}
    rows = _sheet_rows(table)
    for repair in _entries(REPAIRS):
        first, _, last = repair["lines"].partition("-")
        lines = (int(first), int(last or first))
        yield [
            _span(*(serials.get(line, "") for line in lines), joint=" 至 "),
            _span(*(rows.get(line, "") for line in lines), joint="–"),
            *(repair[name] for name in ("column", "printed", "entered", "why")),
        ]


def _sheet_rows(table: Table) -> dict[int, str]:
    """Return the sheet's row for every line of the notice, its table headings among them."""
    entries = iter(_entries(LINES))
    pages = place(table)
    rows = {int(next(entries)["line"]): str(placed.row) for page in pages for placed in page}
    headings = [number for number, line in enumerate(_notice(), 1) if line.startswith("项目\t")]
    for heading, page in zip(headings, pages, strict=True):
        rows[heading] = str(page[0].row - HEADER_ROWS)
        rows[heading + 1] = rows.get(heading + 1, str(page[0].row - 1))
    return rows


def _span(first: str, last: str, *, joint: str) -> str:
    return first if first == last else f"{first}{joint}{last}"


def _notice() -> list[str]:
    return NOTICE.read_text("utf-8").splitlines()
