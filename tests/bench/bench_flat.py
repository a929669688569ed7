"""Flat tables of many rows, and the parsed table from the store, against reading the workbook again.

The rows have serial, indicator, points, deadline, department, head, leader, report and progress; every indicator differs
and promises nothing in figures. The same with promises and reports in figures, all different, stands in a table of its
own: there it is the texts that are read, not the cells. What a spreadsheet program takes is its opening and saving as
.csv, less the same for a workbook of one cell.
"""

import gc
import io
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import python_calamine
import xlsxwriter

from data import read_workbook
from data.store import Store
from tests import office
from tests.bench.harness import machine, medians, seconds, table
from tests.servers import ROOT

ROUNDS = 3
SIZES = (10_000, 100_000)
FIGURES = 10_000
HEADINGS = ["序号", "二级指标", "权重", "完成时限", "责任科室", "科室负责人", "分管领导", "全年完成情况", "完成进度"]
REPORTS = (("正在推进", 0.5), ("已完成", 1), ("有序开展", 0.7), (None, None))
FORM = ROOT / "data" / "tables" / "quanzhou-commerce-2025.xlsx"
CALAMINE_AIM, OPENPYXL_AIM, OFFICE_AIM, STORE_AIM = 3.0, 3.0, 3.0, 50.0


def main() -> None:
    print(f"Machine: {machine()}")
    gc.collect()
    gc.freeze()  # as the server does once it has started
    against_others()
    in_figures()
    from_the_store()


def against_others() -> None:
    files = {size: workbook(size) for size in SIZES}
    took = {size: measured(content) for size, content in files.items()}
    rows = []
    for size, one in took.items():
        for name, aim in (
            ("ours", ""),
            ("python-calamine's rows alone", f"ours at most {CALAMINE_AIM:g} x"),
            ("pandas.read_excel with openpyxl", f"at least {OPENPYXL_AIM:g} x as long"),
            ("LibreOffice opening it", f"at least {OFFICE_AIM:g} x as long"),
        ):
            if name in one:
                rows.append((f"{size:,}", name, f"{one[name]:.2f}", f"{one['ours'] / one[name]:.2f} x", aim))
    headings = ("rows", "", "median, s", "ours against it", "aim")
    table("A flat table read and checked, child and all", headings, rows)
    growth = took[SIZES[1]]["ours"] / took[SIZES[0]]["ours"]
    print(f"Ten times the rows take {growth:.1f} x as long (aim: linear).")


def measured(content: bytes) -> dict[str, float]:
    tasks = {
        "ours": lambda: seconds(lambda: read_workbook(content, "flat.xlsx")),
        "python-calamine's rows alone": lambda: seconds(lambda: calamine(content)),
        "pandas.read_excel with openpyxl": lambda: seconds(
            lambda: pd.read_excel(io.BytesIO(content), engine="openpyxl", header=None)
        ),
    }
    if office.program():
        tasks["office"] = lambda: seconds(lambda: office.converted(content, "xlsx", "csv"))
        tasks["started"] = lambda: seconds(lambda: office.converted(workbook(1), "xlsx", "csv"))
    took = medians(tasks, ROUNDS)
    if "office" in took:
        took["LibreOffice opening it"] = took["office"] - took["started"]
    return took


def in_figures() -> None:
    plain, figures = workbook(FIGURES), workbook(FIGURES, figures=True)
    tasks = {
        "no figures": lambda: seconds(lambda: read_workbook(plain, "flat.xlsx")),
        "every text differs": lambda: seconds(lambda: read_workbook(figures, "flat.xlsx")),
    }
    took = medians(tasks, ROUNDS)
    rows = [(name, f"{one:.2f}", f"{one / took['no figures']:.1f} x") for name, one in took.items()]
    table(f"{FIGURES:,} rows with promises and reports in figures", ("texts", "median, s", ""), rows)


def from_the_store() -> None:
    rows = []
    for name, content in ((FORM.stem, FORM.read_bytes()), (f"flat, {FIGURES:,} rows", workbook(FIGURES))):
        with tempfile.TemporaryDirectory() as folder:
            store = Store.open(f"sqlite:///{Path(folder) / 'bench.db'}")
            version = publish(store, content)
            tasks = {
                "store": lambda store=store, version=version: seconds(lambda: store.table(version)),
                "again": lambda content=content: seconds(lambda: read_workbook(content, "flat.xlsx")),
            }
            took = medians(tasks, ROUNDS * 5)
        ratio = f"{took['again'] / took['store']:.0f} x faster"
        rows.append((name, f"{took['again'] * 1000:.1f}", f"{took['store'] * 1000:.2f}", ratio))
    headings = ("workbook", "read again, ms", "from the store, ms", f"aim: at least {STORE_AIM:g} x")
    table("The parsed table from the store", headings, rows)


def publish(store: Store, content: bytes) -> int:
    version = store.publish(
        plan="某市林业局 2025",
        content=content,
        filename="flat.xlsx",
        base=None,
        author="某人",
        data_date=date(2025, 10, 31),
        note="",
        token="bench",
    )
    return version.id


def calamine(content: bytes) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    book.get_sheet_by_index(0).to_python()


def workbook(size: int, *, figures: bool = False) -> bytes:
    """Return an .xlsx with so many rows."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["2025年度绩效目标考评表　参评单位：某市林业局"])
        sheet.write_row(1, 0, HEADINGS)
        for n in range(size):
            sheet.write_row(n + 2, 0, _row(n, figures))
    return kept.getvalue()


def _row(n: int, figures: bool) -> list[object]:
    indicator, (report, progress) = f"落实林区责任清单之{n + 1}", REPORTS[n % len(REPORTS)]
    if figures:
        indicator = f"改造第{n + 1}片林地{n % 90 + 10}亩，举办培训{n % 20 + 1}场"
        report, progress = f"第{n + 1}片已改造{n % 90 // 2 + 5}亩，举办培训{n % 15}场，完成率{n % 100}%", None
    names = [f"{n % 40}科", f"负责人{n % 40}", f"领导{n % 8}"]
    return [f"1-{n + 1}", indicator, (1, 1.5, 2, 0.5)[n % 4], f"{n % 12 + 1}月底前", *names, report, progress]


if __name__ == "__main__":
    main()
