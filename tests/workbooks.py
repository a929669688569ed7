"""Workbooks for tests of reading: ordinary ones as other programs write them, and ones that were tampered with."""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date

import openpyxl
import pandas as pd
import xlsxwriter
from openpyxl.worksheet.datavalidation import DataValidation

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Edit = Callable[[bytes], bytes]
HEADINGS = ["序号", "二级指标", "权重", "完成时限"]
ROWS = [["1-1", "新增示例企业4家", 2, "12月底前"], ["1-2", "示例活动2场", 1.5, "11月底前"]]


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def plain() -> bytes:
    """The smallest table, as openpyxl writes it."""
    book = openpyxl.Workbook()
    for row in [HEADINGS, *ROWS]:
        book.active.append(row)
    return saved(book)


def with_furniture() -> bytes:
    """What office files carry besides cells: comments, validations, conditional formats, print settings."""
    book = openpyxl.load_workbook(io.BytesIO(plain()))
    sheet = book.active
    sheet["A1"].comment = openpyxl.comments.Comment("批注", "某人")
    choice = DataValidation(type="list", formula1='"一档,二档,三档"')
    choice.add("E2:E9")
    sheet.add_data_validation(choice)
    sheet.conditional_formatting.add("C2:C9", openpyxl.formatting.rule.CellIsRule("lessThan", ["1"]))
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = "A1:D3"
    sheet.oddFooter.center.text = "第&P页"
    book.defined_names["合计"] = openpyxl.workbook.defined_name.DefinedName("合计", attr_text="Sheet!$C$2:$C$3")
    return saved(book)


def by_xlsxwriter() -> bytes:
    """The table with a chart, a rich text, a hyperlink, a document property and a table style."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet, bold = book.add_worksheet("考评表"), book.add_format({"bold": True})
    for number, row in enumerate([HEADINGS, *ROWS]):
        sheet.write_row(number, 0, row)
    sheet.write_rich_string("E1", "完成", bold, "情况")
    sheet.write_url("E2", "internal:考评表!A1", string="见上")
    sheet.write_formula("C4", "=SUM(C2:C3)", None, 3.5)
    sheet.write_array_formula("D4:D4", "{=SUM(C2:C3*1)}", None, 3.5)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=考评表!$C$2:$C$3"})
    sheet.insert_chart("G2", chart)
    book.set_properties({"title": "示例"})
    book.set_custom_property("编号", "甲")
    book.close()
    return target.getvalue()


def by_pandas() -> bytes:
    target = io.BytesIO()
    pd.DataFrame(ROWS, columns=HEADINGS).assign(日期=date(2025, 12, 31)).to_excel(target, index=False)
    return target.getvalue()


def edited(content: bytes, edits: Mapping[str, Edit | bytes]) -> bytes:
    """Return a zip with parts rewritten or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, edit in edits.items():
        parts[name] = edit if isinstance(edit, bytes) else edit(parts[name])
    return zipped(parts)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def replaced(old: str, new: str) -> Edit:
    """Return an edit that must find what it replaces."""

    def edit(part: bytes) -> bytes:
        assert old.encode() in part
        return part.replace(old.encode(), new.encode())

    return edit


def with_sheet_data(data: str, after: str = "") -> bytes:
    """Return a workbook whose first sheet has exactly these rows, and this markup behind them."""
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>{after}</worksheet>'
    return edited(plain(), {SHEET: xml.encode()})


def inline(reference: str, text: str = "甲") -> str:
    """Return a cell with a text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def ole(*streams: str, size: int = 8192) -> bytes:
    """Return the head of a compound file with directory entries of these names, enough to tell what it is."""
    entries = b""
    for name in ("Root Entry", *streams):
        encoded = (name + "\0").encode("utf-16-le")
        entries += encoded.ljust(64, b"\0") + len(encoded).to_bytes(2, "little") + bytes(62)
    return (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + entries).ljust(size, b"\0")
