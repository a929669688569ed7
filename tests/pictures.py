"""Take the pictures of docs/pictures/ from the running product, with the fictional unit's figures."""

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image
from playwright.sync_api import Page

from data.plan import TABLES
from data.store import Store
from tests import cities
from tests.browser import chromium, launched, settle, visit
from tests.servers import ROOT, running, sign_in
from tests.stores import url

FOLDER = ROOT / "docs" / "pictures"
PLAN = "示例市商务局 2025"
UPLOAD = "upload"
PICTURES = {  # name: page, what its address says besides the plan
    "overview": ("/", {"v": 4}),
    "indicator": ("/indicator", {"v": 4, "serial": "1-2-1"}),
    "meeting": ("/meeting", {"v": 4}),
    "meeting-item": ("/meeting", {"v": 4, "slide": "item-1-1-2"}),
    "what-if": ("/what-if", {"v": 4, "what": "1-6-1:p100,1-1-2:t1"}),
    "clauses": ("/clauses", {"v": 5}),
    "versions": ("/versions", {"v": 5}),
    UPLOAD: ("/upload", {"v": 5}),
}
UNITS = "units"  # of a city of its own
SIZE = {"width": 1440, "height": 900}
COLOURS = 128  # flat figures need no more, and a picture stays below 200 kB
EDITOR = "沈小满"


def main() -> None:
    path = chromium()
    if path is None:
        sys.exit("pictures need chromium")
    with (
        tempfile.TemporaryDirectory() as kept,
        running(ROOT / "dashboard.py", Path(kept)) as address,
        launched(path) as browser,
    ):
        page = browser.new_page(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai")
        for name, (there, asked) in PICTURES.items():
            if name == UPLOAD:
                sign_in(page, address, Path(kept), EDITOR)
            visit(page, f"{address}{there}?{urlencode({'plan': PLAN, **asked})}")
            if name == UPLOAD:
                drop(page, corrected())
            save(page.screenshot(), FOLDER / f"{name}.png")
    city(path)


def city(path: str) -> None:
    """Take the picture of 各单位, with a fictional city's units."""
    with tempfile.TemporaryDirectory() as kept:
        store = Store.open(url(Path(kept) / "var" / "dashboard.db"))
        cities.filled(store, 24, 3, 2, ("第一组", "第二组", "第三组"))
        with running(ROOT / "dashboard.py", Path(kept)) as address, launched(path) as browser:
            page = browser.new_page(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai")
            visit(page, f"{address}/units")
            save(page.screenshot(), FOLDER / f"{UNITS}.png")


def drop(page: Page, content: bytes) -> None:
    """Give the page a workbook and wait for what it says about it."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    picker = page.locator(".st-key-picker input[type=file]")
    picker.set_input_files({"name": "2025年度考评表（12月更正）.xlsx", "mimeType": kind, "buffer": content})
    page.get_by_role("button", name="发布").first.wait_for()
    settle(page)


def corrected() -> bytes:
    """Return the example's last table as a section might send it again: figures moved, one lower, evidence lost."""
    book = openpyxl.load_workbook(TABLES / "example-commerce-2025-12.xlsx")
    sheet = book.worksheets[0]
    write(sheet, "1-1-3", "权重", 1.5)
    write(sheet, "1-2-1", "全年完成情况", "已开展走访、座谈和招商对接活动11次，签约项目52个，总投资14.9亿元。")
    write(sheet, "1-2-2", "佐证材料", None)
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def write(sheet: Worksheet, serial: str, heading: str, value: object) -> None:
    """Write into the row of a serial, below a heading."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    column = next(cell.column for cell in cells if cell.value == heading)
    row = next(cell.row for cell in cells if cell.value == serial)
    sheet.cell(row, column).value = value  # type: ignore[assignment]  # the stubs leave out None


def save(png: bytes, path: Path) -> None:
    Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
