"""Take the pictures of docs/pictures/ from the running product, with the fictional unit's figures."""

import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from tests.browser import chromium, launched, visit
from tests.servers import ROOT, running

FOLDER = ROOT / "docs" / "pictures"
PICTURES = {"overview": urlencode({"plan": "示例市商务局 2025", "v": 4})}


def main() -> None:
    path = chromium()
    if path is None:
        sys.exit("pictures need chromium")
    with (
        tempfile.TemporaryDirectory() as kept,
        running(ROOT / "dashboard.py", Path(kept)) as address,
        launched(path) as browser,
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        for name, query in PICTURES.items():
            visit(page, f"{address}/?{query}").screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
