"""Files that are no workbook, or want to do harm: each costs a sentence, and never more than seconds."""

import io
import random
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from data.errors import WorkbookRejected
from data.workbook import open_workbook
from tests import workbooks
from tests.workbooks import MAIN, SHEET, edited, inline, ole, replaced, with_sheet_data, zipped

FILES = Path(__file__).with_name("files")
SECONDS = 20
MEGABYTE = 2**20
BOMB = "aaaa" * 256
ENTITIES = f'<!DOCTYPE x [<!ENTITY a "{BOMB}"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
ODS = "application/vnd.oasis.opendocument.spreadsheet"
Build = Callable[[], bytes]


def small_form(ending: str) -> bytes:
    return (FILES / f"small-form.{ending}").read_bytes()


def with_doctype(doctype: str, encoding: str = "utf-8", part: str = SHEET) -> bytes:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    return edited(workbooks.plain(), {part: xml.encode(encoding)})


def with_merges(*references: str, rows: str = "") -> bytes:
    merges = "".join(f'<mergeCell ref="{reference}"/>' for reference in references)
    return with_sheet_data(rows or f'<row r="1">{inline("A1")}</row>', f"<mergeCells>{merges}</mergeCells>")


def with_types(old: str, new: str) -> bytes:
    return edited(workbooks.plain(), {"[Content_Types].xml": replaced(old, new)})


def twice(name: str, other: str) -> bytes:
    target = io.BytesIO(workbooks.plain())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(zipfile.ZipInfo(other), archive.read(name))
    return target.getvalue().replace(other.encode(), name.encode()) if other != name.upper() else target.getvalue()


def encrypted_member() -> bytes:
    content = bytearray(workbooks.plain())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def lying_size() -> bytes:
    """Return a zip whose directory declares one byte for a part of 64 MB."""
    content = bytearray(edited(workbooks.plain(), {"xl/bomb.xml": b" " * 64 * MEGABYTE}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1)
    return bytes(content)


def overlapping() -> bytes:
    """Return a zip whose directory lists one part under many names at the same place."""
    content = zipped({"[Content_Types].xml": b"<Types/>", "a.xml": b" " * MEGABYTE})
    at, end = content.rfind(b"PK\x01\x02"), content.rfind(b"PK\x05\x06")
    entry = content[at:end]
    more = b"".join(entry.replace(b"a.xml", name) for name in (b"b.xml", b"c.xml", b"d.xml"))
    tail = bytearray(content[end:])
    tail[8:12] = struct.pack("<HH", 5, 5)
    tail[12:16] = struct.pack("<I", struct.unpack_from("<I", tail, 12)[0] + len(more))
    return content[:end] + more + bytes(tail)


def ods(table: str, prefix: str = "") -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    xml = f'<?xml version="1.0"?>{prefix}<office:document-content {spaces}>{body}</office:document-content>'
    return zipped({"mimetype": ODS.encode(), "content.xml": xml.encode()})


def ods_cell(attributes: str = "", row: str = "") -> bytes:
    cell = f"<table:table-cell {attributes}><text:p>甲</text:p></table:table-cell>"
    return ods(f'<table:table table:name="表"><table:table-row {row}>{cell}</table:table-row></table:table>')


def ods_encrypted() -> bytes:
    manifest = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    return zipped({"mimetype": ODS.encode(), "content.xml": b"\x01\x02", "META-INF/manifest.xml": manifest})


def many_strings() -> bytes:
    strings = f'<sst xmlns="{MAIN}">{"<si><t/></si>" * 6_000_000}</sst>'
    return edited(workbooks.by_xlsxwriter(), {"xl/sharedStrings.xml": strings.encode()})


def zip_of(name: str) -> bytes:
    types = f'<Types><Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{{}}.main+xml"/></Types>'
    kind = {"word": "wordprocessingml.document", "ppt": "presentationml.presentation"}[name.split("/")[0]]
    return zipped({"[Content_Types].xml": types.format(kind).encode(), name: b"<x/>"})


def rows_of(count: int, cell: str = "<c/>") -> str:
    return "".join(f'<row r="{number}">{cell}</row>' for number in range(1, count + 1))


def relations(old: str, new: str) -> bytes:
    return edited(workbooks.plain(), {"xl/_rels/workbook.xml.rels": replaced(old, new)})


FOREIGN: dict[str, tuple[str, Build]] = {
    "nothing": ("empty", lambda: b""),
    "too many bytes": ("too_large", lambda: b"a" * (20 * MEGABYTE + 1)),
    "png": ("picture", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99)),
    "jpeg": ("picture", lambda: b"\xff\xd8\xff\xe0" + bytes(99)),
    "gif": ("picture", lambda: b"GIF89a" + bytes(99)),
    "pdf": ("pdf", lambda: b"%PDF-1.7\n" + bytes(99)),
    "rtf": ("word", lambda: b"{\\rtf1 text}"),
    "docx": ("word", lambda: zip_of("word/document.xml")),
    "pptx": ("presentation", lambda: zip_of("ppt/presentation.xml")),
    "doc": ("word", lambda: ole("WordDocument")),
    "ppt": ("presentation", lambda: ole("PowerPoint Document")),
    "rar": ("archive", lambda: b"Rar!\x1a\x07\x00" + bytes(99)),
    "7z": ("archive", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(99)),
    "a zip with a workbook in it": ("archive", lambda: zipped({"考评表.xlsx": workbooks.plain()})),
    "an empty zip": ("archive", lambda: zipped({})),
    "odt": ("word", lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.text"})),
    "html named xls": ("html", lambda: b"\r\n<html><body><table><tr><td>1</td></tr></table></body></html>"),
    "html with a doctype": ("html", lambda: b"<!DOCTYPE html>\n<html></html>"),
    "xml spreadsheet 2003": (
        "xml",
        lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
    ),
    "xlsb": ("xlsb", lambda: zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\0"})),
    "a program": ("unknown", lambda: b"MZ\x90\x00" + bytes(range(256)) * 9),
    "bytes in no encoding": ("encoding", lambda: b"\x81\xff\x81\xff,\xff\xff\n"),
    "half a utf-16 character": ("encoding", lambda: b"\xff\xfea\0b"),
    "bmp": ("picture", lambda: b"BM\x9a\0\0\0" + bytes(99)),
    "a text with a null in it": ("unknown", lambda: b"1,2\n" * 20_000 + b"\0"),
    "separators only": ("empty_table", lambda: b",,,\n,,,\n"),
    "a byte order mark only": ("empty_table", lambda: b"\xef\xbb\xbf"),
    "password-protected xlsx": ("password", lambda: ole("EncryptedPackage", "EncryptionInfo")),
    "password-protected ods": ("password", ods_encrypted),
    "an encrypted member": ("password", encrypted_member),
    "xls with macros": ("macro", lambda: ole("_VBA_PROJECT_CUR", "Workbook")),
    "xlsm": (
        "macro",
        lambda: with_types(
            "openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
        ),
    ),
    "xlsx with a macro project": ("macro", lambda: edited(workbooks.plain(), {"xl/vbaProject.bin": b"\0"})),
    "xlsx with a macro project elsewhere": (
        "macro",
        lambda: edited(workbooks.plain(), {"xl/Other/VBAPROJECT.BIN": b"\0"}),
    ),
    "xlsx with a macro sheet": ("macro", lambda: edited(workbooks.plain(), {"xl/macrosheets/sheet1.xml": b"<x/>"})),
    "a compound file of nothing known": ("damaged", lambda: ole("Else")),
    "an xls of zeros": ("damaged", lambda: ole("Workbook")),
    "only the signature of an xls": ("damaged", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "only the signature of a zip": ("damaged", lambda: b"PK\x03\x04"),
}
HARMFUL: dict[str, tuple[str, Build]] = {
    "a part of 500 MB": ("unpacked", lambda: edited(workbooks.plain(), {SHEET: b" " * 500 * MEGABYTE})),
    "a part that is larger than it says": ("damaged", lying_size),
    "parts that share their bytes": ("damaged", overlapping),
    "400 parts": ("parts", lambda: edited(workbooks.plain(), {f"xl/x{n}.xml": b"<x/>" for n in range(400)})),
    "a part twice": ("duplicate_part", lambda: twice(SHEET, SHEET.replace("1", "9"))),
    "a part twice but for case": ("duplicate_part", lambda: twice(SHEET, SHEET.upper())),
    "entities": ("dtd", lambda: with_doctype(ENTITIES)),
    "entities in utf-16": ("dtd", lambda: with_doctype(ENTITIES, "utf-16")),
    "an external entity": ("dtd", lambda: with_doctype(EXTERNAL)),
    "entities in the strings": ("dtd", lambda: with_doctype(ENTITIES, part="xl/sharedStrings.xml")),
    "entities in a relation": ("dtd", lambda: with_doctype(ENTITIES, part="xl/_rels/workbook.xml.rels")),
    "entities in an ods": ("dtd", lambda: ods("<table:table/>", ENTITIES)),
    "a value in the far corner": (
        "far_cell",
        lambda: with_sheet_data(f'<row r="1">{inline("A1")}</row><row r="1048576">{inline("XFD1048576")}</row>'),
    ),
    "a value in the last row": ("far_cell", lambda: with_sheet_data(f'<row r="1048576">{inline("A1048576")}</row>')),
    "a value in the last column": ("far_cell", lambda: with_sheet_data(f'<row r="1">{inline("XFD1")}</row>')),
    "a sparse rectangle of 30 million": (
        "cells",
        lambda: with_sheet_data(f'<row r="1">{inline("KN1")}</row><row r="100000">{inline("A100000")}</row>'),
    ),
    "too many merged ranges": ("merges", lambda: with_merges(*(f"A{n}:B{n}" for n in range(1, 10_050)))),
    "merged ranges over one another": (
        "covered",
        lambda: with_merges(*(f"A1:Z{n}" for n in range(1000, 4000)), rows=f'<row r="4000">{inline("Z4000")}</row>'),
    ),
    "30 million empty cells": ("markup", lambda: with_sheet_data(f'<row r="1">{"<c/>" * 30_000_000}</row>')),
    "a column that does not exist": ("damaged", lambda: with_sheet_data(f'<row r="1">{inline("ZZZZZZ1")}</row>')),
    "a row that is no number": ("damaged", lambda: with_sheet_data(f'<row r="x">{inline("A1")}</row>')),
    "rows out of order": (
        "damaged",
        lambda: with_sheet_data(f'<row r="5">{inline("A5")}</row><row r="2">{inline("A2")}</row>'),
    ),
    "a merged range that is none": ("damaged", lambda: with_merges("甲:乙")),
    "a sheet cut short": ("damaged", lambda: edited(workbooks.plain(), {SHEET: lambda xml: xml[: len(xml) // 2]})),
    "a sheet that is missing": ("damaged", lambda: relations("sheet1.xml", "sheet7.xml")),
    "a sheet outside of the zip": ("damaged", lambda: relations("/xl/worksheets/sheet1.xml", "../../../../etc/passwd")),
    "a workbook without sheets": ("no_sheet", lambda: relations("relationships/worksheet", "relationships/chartsheet")),
    "an ods row repeated a billion times": (
        "far_cell",
        lambda: ods_cell(row='table:number-rows-repeated="1000000000"'),
    ),
    "an ods cell repeated a billion times": (
        "far_cell",
        lambda: ods_cell('table:number-columns-repeated="1000000000"'),
    ),
    "an ods that is repeated to 60 million": (
        "cells",
        lambda: ods_cell('table:number-columns-repeated="300"', 'table:number-rows-repeated="200000"'),
    ),
    "an ods without content": ("damaged", lambda: zipped({"mimetype": ODS.encode()})),
    "an ods cut short": ("damaged", lambda: ods("<table:table>")),
    "a csv of 250 000 rows": ("far_cell", lambda: b"1\n" * 250_000),
    "a csv of 400 columns": ("far_cell", lambda: b"1," * 400),
    "a csv of commas": ("far_cell", lambda: b"," * (19 * MEGABYTE)),
}


def verdict(content: bytes, name: str = "考评表.xlsx") -> str:
    """Return the refusal's code, "" for what was read; the sentence is Chinese, with a way out, and came in time."""
    started = time.monotonic()
    try:
        open_workbook(content, name)
        return ""
    except WorkbookRejected as error:
        sentence = str(error)
        assert sentence.startswith(f"“{name}”")
        assert sentence.endswith("。")
        assert "请" in sentence
        assert not any(trace in sentence for trace in ("Traceback", "Error", "Exception", "None"))
        return error.code
    finally:
        assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_table_is_told_what_it_is(name: str) -> None:
    code, build = FOREIGN[name]
    assert verdict(build()) == code


@pytest.mark.parametrize("name", HARMFUL)
def test_what_would_do_harm_is_refused_in_time(name: str) -> None:
    code, build = HARMFUL[name]
    assert verdict(build()) == code


def test_a_far_value_is_named_by_its_cell() -> None:
    with pytest.raises(WorkbookRejected, match="“Sheet”的XFD1048576处"):
        open_workbook(HARMFUL["a value in the far corner"][1](), "考评表.xlsx")


ODD: dict[str, Build] = {
    "a text that starts like a zip or a picture": lambda: b"PK,BM\nBM,1\n",
    "a quotation without end": lambda: b'1,"2\n3,4\n',
    "null characters in utf-16": lambda: b"\xff\xfe" + "1,\0\n".encode("utf-16-le"),
    "a shared formula that is none": lambda: with_sheet_data(
        '<row r="1"><c r="A1"><f t="shared" si="0">"</f></c></row>'
    ),
    "6 million empty strings": many_strings,
    "deep nesting": lambda: with_sheet_data(f'<row r="1">{inline("A1")}{"<x>" * 100_000}{"</x>" * 100_000}</row>'),
    "a number of a million digits": lambda: with_sheet_data(f'<row r="1"><c r="A1"><v>{"9" * MEGABYTE}</v></c></row>'),
    "a number beyond all": lambda: with_sheet_data(
        '<row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>nan</v></c></row>'
    ),
    "a date beyond all": lambda: with_sheet_data('<row r="1"><c r="A1" t="d"><v>99999-99-99</v></c></row>'),
    "a string that is not there": lambda: with_sheet_data('<row r="1"><c r="A1" t="s"><v>999999</v></c></row>'),
    "a style that is not there": lambda: with_sheet_data('<row r="1"><c r="A1" s="999999"><v>1</v></c></row>'),
    "a shared formula of nobody": lambda: with_sheet_data('<row r="1"><c r="A1"><f t="shared" si="7"/></c></row>'),
    "half a character": lambda: with_sheet_data(f'<row r="1">{inline("A1", "_xD800_ _x0000_ _x000D_")}</row>'),
    "cells without addresses": lambda: with_sheet_data("<row><c><v>1</v></c><c><v>2</v></c></row>"),
    "a sheet over all columns merged": lambda: with_merges("A1:XFD1048576"),
    "a dimension that lies": lambda: edited(workbooks.plain(), {SHEET: replaced('ref="A1:D3"', 'ref="A1:XFD1048576"')}),
    "a sheet name of markup": lambda: edited(
        workbooks.plain(), {"xl/workbook.xml": replaced('"Sheet"', '"&lt;b&gt;{x}"')}
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_read_or_refused_in_time(name: str) -> None:
    assert verdict(ODD[name]()) in {"", "damaged", "crashed"}


def test_infinite_numbers_are_errors_not_blanks() -> None:
    assert open_workbook(ODD["a number beyond all"](), "a.xlsx").sheets[0].rows[0][0] == "#NUM!"


def damaged_copies(content: bytes, count: int, seed: int) -> list[bytes]:
    """Return copies that were cut short, or had bits flipped, bytes blanked, or pieces repeated."""
    chance = random.Random(seed)
    copies = []
    for number in range(count):
        copy, at = bytearray(content), chance.randrange(len(content))
        match number % 4:
            case 0:
                del copy[at:]
            case 1:
                copy[at] ^= 1 << chance.randrange(8)
            case 2:
                copy[at : at + 64] = bytes(len(copy[at : at + 64]))
            case 3:
                copy[at:at] = copy[at : at + chance.randrange(1, 512)]
        copies.append(bytes(copy))
    return copies


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_a_damaged_copy_is_read_or_refused_in_time(ending: str) -> None:
    for copy in damaged_copies(small_form(ending), 40, seed=2025):
        assert verdict(copy) in {
            "",
            "damaged",
            "empty",
            "crashed",
            "encoding",
            "unknown",
            "archive",
            "password",
            "parts",
        }


def test_a_flipped_bit_never_changes_a_value_unseen() -> None:
    content = small_form("xlsx")
    whole = open_workbook(content, "a.xlsx").sheets[0].rows
    chance = random.Random(7)
    for _ in range(40):
        copy = bytearray(content)
        copy[chance.randrange(len(copy))] ^= 1 << chance.randrange(8)
        try:
            assert open_workbook(bytes(copy), "a.xlsx").sheets[0].rows == whole
        except WorkbookRejected:
            continue


@pytest.mark.skipif(sys.platform == "win32", reason="resource is not there")
def test_a_bad_file_costs_the_page_no_memory() -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in ("a value in the far corner", "merged ranges over one another", "a sparse rectangle of 30 million"):
        verdict(HARMFUL[name][1]())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
