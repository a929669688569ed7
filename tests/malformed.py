"""Workbooks that were cut, flipped, tampered with or are none, from a seed; and ordinary ones, from another.

The same number gives the same kind of damage to the same file, so that a failure can be looked at again.
"""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import xlsxwriter
from openpyxl.styles import Alignment, Font, PatternFill

from tests import workbooks
from tests.workbooks import SHEET, edited, inline, ole, with_sheet_data, zipped

FILES = Path(__file__).with_name("files")
SEED = 2025
DTD = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE x SYSTEM "http://beacon.invalid/x">',
)
PARTS = (
    "xl/vbaProject.bin",
    "xl/macrosheets/sheet1.xml",
    "xl/activeX/activeX1.bin",
    "xl/embeddings/oleObject1.bin",
    "xl/externalLinks/externalLink1.xml",
    "xl/connections.xml",
    "customUI/customUI.xml",
    "../../outside.xml",
    "C:/outside.xml",
    "xl/worksheets/sheet1.xml/more.xml",
)
OTHERS = (
    b"\x89PNG\r\n\x1a\n" + bytes(200),
    b"%PDF-1.7\n%\xe2\xe3",
    b"<html><table><tr><td>1</td></tr></table></html>",
    b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
    b"{\\rtf1 a}",
    b"PK\x03\x04",
    b"PK\x05\x06" + bytes(18),
    b"7z\xbc\xaf\x27\x1c" + bytes(64),
    b"\x1f\x8b\x08" + bytes(64),
    b"Rar!\x1a\x07\x00" + bytes(64),
    b"\xff\xfe" + bytes(99),
    bytes(4096),
    "序号,二级指标\n1-1,甲".encode("utf-16"),
    "序号,二级指标\n1-1,甲".encode("gb18030") + b"\xff\xff",
)
ENDINGS = ("xlsx", "xls", "ods", "csv", "xlsm", "xlsb", "txt", "")
COLUMNS = ("A", "Z", "KN", "XFD", "ZZZZ")


@dataclass(frozen=True)
class Malformed:
    """A file that no clerk means to upload."""

    kind: str
    filename: str
    content: bytes


def malformed(number: int) -> Malformed:
    """Return one of the files; kinds take turns."""
    chance = random.Random(SEED * 1_000_000 + number)
    kind, make = list(KINDS.items())[number % len(KINDS)]
    ending = chance.choice(ENDINGS) if kind == "wrong ending" else "xlsx"
    return Malformed(kind, f"考评表{number}.{ending}".rstrip("."), make(chance))


def base(chance: random.Random) -> bytes:
    """Return a good file of some program."""
    by_hand = [(FILES / f"small-form.{ending}").read_bytes for ending in ("xlsx", "xls", "ods")]
    made = (workbooks.plain, workbooks.with_furniture, workbooks.by_xlsxwriter, workbooks.by_pandas)
    content: bytes = chance.choice([*by_hand, *made])()
    return content


def xml_base(chance: random.Random) -> bytes:
    made: bytes = chance.choice((workbooks.plain, workbooks.with_furniture, workbooks.by_xlsxwriter))()
    return made


def cut_short(chance: random.Random) -> bytes:
    content = base(chance)
    return content[: chance.randrange(len(content))]


def flipped(chance: random.Random) -> bytes:
    content = bytearray(base(chance))
    for _ in range(chance.choice((1, 1, 8, 200))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def zip_trick(chance: random.Random) -> bytes:
    """Change one field of the central directory or of a local header, or put bytes around the archive."""
    content = bytearray(xml_base(chance))
    at = content.find(chance.choice((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")))
    match chance.randrange(4):
        case 0:
            content[at + chance.randrange(4, 22)] = chance.choice((0, 1, 8, 9, 99, 255))
        case 1:
            content[at + 4 : at + 30] = bytes(chance.randrange(256) for _ in range(26))
        case 2:
            content[:0] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 4096)))
        case 3:
            content += content[at:]
    return bytes(content)


def bomb(chance: random.Random) -> bytes:
    """Return parts that unpack to much more than they are, or very many of them."""
    name, size = chance.choice((SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "x.bin")), chance.choice((50, 450))
    if chance.random() < 0.3:
        return edited(workbooks.plain(), {f"xl/x{n}.xml": b"<x/>" for n in range(chance.choice((250, 2000)))})
    return edited(workbooks.plain(), {name: b" " * size * 2**20})


def xml_trick(chance: random.Random) -> bytes:
    part = chance.choice(
        (SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels")
    )
    with zipfile.ZipFile(io.BytesIO(xml_base(chance))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    xml = parts.get(part, b"<x/>").decode()
    tag = xml.find("<", xml.find("?>") + 1) if "?>" in xml else 0
    depth = chance.choice((100, 100_000))
    parts[part] = chance.choice(
        (
            (xml[:tag] + chance.choice(DTD) + xml[tag:]).encode(),
            (xml[:tag] + chance.choice(DTD) + xml[tag:]).encode("utf-16"),
            xml[: chance.randrange(len(xml))].encode(),
            xml.replace("</", "<", 1).encode(),
            xml.replace("=", "= =", 1).encode(),
            xml.replace("utf-8", "latin-9", 1).replace("UTF-8", "x-none", 1).encode(),
            ("<x>" * depth + "</x>" * depth).encode(),
            f'<x a="{"a" * 2**20}"/>'.encode(),
            b"\xff\xfe\x00",
        )
    )
    return zipped(parts)


def huge_range(chance: random.Random) -> bytes:
    column, row = chance.choice(COLUMNS), chance.choice((1, 7, 200_001, 1_048_576, 99_999_999))
    reference = f"{column}{row}"
    merges = "".join(
        f'<mergeCell ref="A1:{column}{chance.randrange(1, 99_999)}"/>' for _ in range(chance.choice((0, 1, 3000)))
    )
    rows = f'<row r="{chance.choice((row, 1, -1))}">{inline(reference)}</row>'
    return with_sheet_data(rows, f"<mergeCells>{merges}</mergeCells>" if merges else "")


def odd_part(chance: random.Random) -> bytes:
    """Return a workbook with a part that carries programs, links or a path to elsewhere."""
    name = chance.choice(PARTS)
    return edited(xml_base(chance), {name: chance.choice((b"\0", b"<x/>", ole("VBA"), bytes(100_000)))})


def odd_values(chance: random.Random) -> bytes:
    values = ("1e999", "nan", "9" * 100_000, "-0", "0x10", "１２", "", "_x0000_", "\u202e甲", "=1+1", "1" + "0" * 309)
    types = ("n", "s", "b", "d", "e", "str", "inlineStr", "zz")
    cells = "".join(
        f'<c r="{chr(65 + n % 8)}{n // 8 + 1}" t="{chance.choice(types)}"><v>{chance.choice(values)}</v></c>'
        for n in range(64)
    )
    rows = "".join(f'<row r="{n + 1}">{part}</row>' for n, part in enumerate(_eights(cells)))
    return with_sheet_data(rows)


def _eights(cells: str) -> list[str]:
    each = [f"{part}</c>" for part in cells.split("</c>") if part]
    return ["".join(each[at : at + 8]) for at in range(0, len(each), 8)]


def wrong_ending(chance: random.Random) -> bytes:
    return chance.choice((base(chance), *OTHERS))


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "cut short": cut_short,
    "flipped": flipped,
    "zip trick": zip_trick,
    "xml trick": xml_trick,
    "huge range": huge_range,
    "odd part": odd_part,
    "odd values": odd_values,
    "wrong ending": wrong_ending,
    "bomb": bomb,
    "flipped again": flipped,
}

# Ordinary files

HEADINGS = ("序号", "二级指标", "权重", "完成时限", "责任科室", "全年完成情况", "完成进度")


def rows(chance: random.Random) -> list[tuple[str, str, float, str, str, str, str]]:
    """Return an evaluation table as a clerk fills it in."""
    count = chance.randrange(2, 40)
    return [
        (
            f"1-{number}",
            f"{chance.choice(('造林', '修路', '办会', '培训'))}{chance.randrange(2, 900)}{chance.choice(('亩', '公里', '场', '人'))}",
            chance.choice((0.5, 1, 1.5, 2, 4)),
            f"{chance.randrange(1, 13)}月底前",
            chance.choice(("造林科", "防火科", "办公室")),
            chance.choice(("", "已按计划推进", "完成过半")),
            chance.choice(("", "40%", "100%")),
        )
        for number in range(1, count + 1)
    ]


def by_openpyxl(chance: random.Random) -> tuple[bytes, int]:
    table, book = rows(chance), openpyxl.Workbook()
    sheet = book.active
    if chance.random() < 0.5:
        sheet.append(["2025年度绩效目标考评表"])
        sheet.merge_cells("A1:G1")
    sheet.append(HEADINGS)
    for row in table:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True, name="宋体"), Alignment(wrap_text=True)
        cell.fill = PatternFill("solid", fgColor="FFDDEEFF")
    sheet.column_dimensions["B"].width, sheet.column_dimensions["G"].hidden = 40, chance.random() < 0.2
    sheet.freeze_panes = "B3"
    if chance.random() < 0.5:
        book.create_sheet("说明").append(["填表说明"])
    return workbooks.saved(book), len(table)


def by_xlsxwriter(chance: random.Random) -> tuple[bytes, int]:
    table, target = rows(chance), io.BytesIO()
    options = {"constant_memory": chance.random() < 0.5, "strings_to_numbers": chance.random() < 0.5}
    book = xlsxwriter.Workbook(target, options)
    sheet, bold = book.add_worksheet("考评表"), book.add_format({"bold": True, "border": 1})
    for number, row in enumerate([HEADINGS, *table]):
        sheet.write_row(number, 0, row, None if number else bold)
    sheet.autofilter(0, 0, len(table), 6)
    book.close()
    return target.getvalue(), len(table)


def by_pandas(chance: random.Random) -> tuple[bytes, int]:
    table, target = rows(chance), io.BytesIO()
    pd.DataFrame(table, columns=HEADINGS).to_excel(
        target, index=False, sheet_name="考评表", engine=chance.choice(("openpyxl", "xlsxwriter"))
    )
    return target.getvalue(), len(table)


def ordinary(number: int) -> tuple[bytes, int]:
    """Return an ordinary file and how many indicators it has."""
    chance = random.Random(SEED * 2_000_000 + number)
    return (by_openpyxl, by_xlsxwriter, by_pandas)[number % 3](chance)
