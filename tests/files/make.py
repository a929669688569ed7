"""Make the binary fixtures beside this file: the same small form as LibreOffice saves it in each format.

Run ``python tests/files/make.py`` where soffice (Debian: libreoffice-calc-nogui) is installed. All content is fictional.
"""

import subprocess
import tempfile
from datetime import datetime, time, timedelta
from pathlib import Path

import openpyxl

HERE = Path(__file__).parent


def form() -> openpyxl.Workbook:
    """Return a form with what a format may lose: merges, formulas, errors, dates, hidden lines, a padded name."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "考评表 "
    rows = [
        ["示例单位考评表"],
        ["序号", "指标", "权重", "完成时限", "完成进度", "考评1", "考评2", "考评结果"],
        ["1-1", "新增示例企业4家", 2, datetime(2025, 12, 31), 0.055, 90, "92.5 ", "=AVERAGE(F3:G3)"],
        ["001", "换\n行  两空格", 1.5, time(8, 30), True, None, None, "=AVERAGE(F4:G4)"],
        ["NA", "null", -3, timedelta(hours=30), 1e-7, 12345678901234, "#文本", '=IF(C5<0,"a;b","否")'],
        [None, "小计", "=SUM(C3,C4:C5)", None, "='隐 藏'!A1"],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("A6:A8")
    sheet["E3"].number_format = "0.0%"
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["F"].hidden = True
    aside = book.create_sheet("隐 藏")
    aside.sheet_state = "hidden"
    aside["A1"] = 5
    book.create_sheet("空表")
    return book


def main() -> None:
    """Write small-form.xlsx, .xls and .ods as LibreOffice saves them: xlsx first, so that formulas have values."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "small-form.xlsx"
        form().save(source)
        for target in ("xlsx", "xls", "ods"):
            command = ["soffice", "--headless", "--convert-to", target, "--outdir", str(HERE), str(source)]
            subprocess.run(command, check=True)
            source = HERE / "small-form.xlsx"


if __name__ == "__main__":
    main()
