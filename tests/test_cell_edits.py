"""data/cell_edits: cells are written into a workbook, and not a byte of anything else changes."""

import io
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.cells import Value
from data.formats.cell_edits import Entry, Formula, NewSheet, edited
from data.workbook import open_workbook
from tests.drawing import xlsx
from tests.workbooks import MAIN, SHEET, by_xlsxwriter, plain, replaced, with_furniture, with_sheet_data
from tests.workbooks import edited as tampered

CHANGED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
STYLES = "xl/styles.xml"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(before: bytes, after: bytes) -> set[str]:
    old, new = parts(before), parts(after)
    assert set(old) <= set(new)
    differ = {name for name in new if new[name] != old.get(name)}
    for name in differ:
        ElementTree.fromstring(new[name])  # also tells a prefix that nobody declared
    return differ


def values(content: bytes) -> list[list[Value]]:
    return [row[: max(n for n, value in enumerate(row, 1) if value is not None)] for row in rows_of(content)]


def rows_of(content: bytes) -> list[list[Value]]:
    return open_workbook(content, "表.xlsx").sheets[0].rows


def written(content: bytes, **cells: Entry) -> openpyxl.worksheet.worksheet.Worksheet:
    """Return the first sheet after entries were written into cells named like B2."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    places = {(sheet.title, sheet[name].row, sheet[name].column): entry for name, entry in cells.items()}
    return openpyxl.load_workbook(io.BytesIO(edited(content, places))).worksheets[0]


@pytest.mark.parametrize("make", [with_furniture, by_xlsxwriter])
def test_every_part_that_is_not_written_stays_byte_for_byte(make: Callable[[], bytes]) -> None:
    before = make()
    name = open_workbook(before, "表.xlsx").sheets[0].name
    after = edited(before, {(name, 2, 4): "11月底前"}, NewSheet("说明", (("写回",),), (20,)))
    assert changed(before, after) == {SHEET, "xl/worksheets/added1.xml", *CHANGED}


def test_of_the_sheet_only_the_cell_changes() -> None:
    before = by_xlsxwriter()
    after = edited(before, {("考评表", 2, 2): "新增示例企业5家"})
    old, new = parts(before)[SHEET], parts(after)[SHEET]
    cell = b'<c r="B2" t="inlineStr"><is><t xml:space="preserve">' + "新增示例企业5家".encode() + b"</t></is></c>"
    start = new.index(cell)
    assert new[:start] == old[:start]
    assert old.endswith(new[start + len(cell) :])


def test_nothing_to_write_leaves_every_part_as_it_was() -> None:
    assert changed(plain(), edited(plain(), {})) == set()


def test_the_same_entries_give_the_same_bytes() -> None:
    entries = {("Sheet", 2, 3): 1.5, ("Sheet", 3, 7): "=1"}
    assert edited(plain(), entries) == edited(plain(), dict(reversed(entries.items())))


def test_texts_numbers_and_formulas_are_read_as_written() -> None:
    sheet = written(plain(), B2="改过的文字", C2=0.1, D2=Formula('IF(COUNT(C2:C3)=0,"",AVERAGE(C2:C3))'))
    assert [sheet[name].value for name in ("B2", "C2", "D2")] == [
        "改过的文字",
        0.1,
        '=IF(COUNT(C2:C3)=0,"",AVERAGE(C2:C3))',
    ]


def test_cells_that_were_not_there_are_put_in_their_order() -> None:
    content = with_sheet_data('<row r="1"><c r="B1"><v>2</v></c><c r="E1"><v>5</v></c></row><row r="2"/>')
    after = edited(content, {("Sheet", 1, n): float(n) for n in (1, 3, 4, 6)} | {("Sheet", 2, 2): "乙"})
    assert values(after) == [[1, 2, 3, 4, 5, 6], [None, "乙"]]


def test_rows_and_cells_that_do_not_say_where_they_stand_are_counted() -> None:
    content = with_sheet_data("<row><c><v>1</v></c><c/></row><row><c><v>3</v></c></row>")
    after = edited(content, {("Sheet", 1, 2): 2.0, ("Sheet", 2, 2): 4.0})
    assert values(after) == [[1, 2], [3, 4]]


def test_a_row_that_the_sheet_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="no rows"):
        edited(plain(), {("Sheet", 99, 1): "甲"})


def test_a_sheet_that_the_workbook_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError):
        edited(plain(), {("没有", 1, 1): "甲"})


def test_a_sheet_written_with_prefixes_keeps_them() -> None:
    xml = (
        f'<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1" a="1>0"><x:c r="A1"><x:v>1</x:v>'
        "</x:c></x:row></x:sheetData></x:worksheet>"
    )
    after = edited(tampered(plain(), {SHEET: xml.encode()}), {("Sheet", 1, 2): "乙"})
    assert values(after) == [[1, "乙"]]
    assert b'<x:c r="B1"' in parts(after)[SHEET]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_of_a_sheet_are_read_and_written(encoding: str) -> None:
    declared = "utf-16" if encoding == "utf-16" else "utf-8"
    xml = (
        f'<?xml version="1.0" encoding="{declared}"?><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" '
        't="inlineStr"><is><t>甲</t></is></c></row></sheetData></worksheet>'
    )
    after = edited(tampered(plain(), {SHEET: xml.encode(encoding)}), {("Sheet", 1, 2): "乙"})
    assert values(after) == [["甲", "乙"]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1"])
def test_a_text_that_begins_as_a_formula_stays_a_text_also_when_it_is_edited(text: str) -> None:
    cell = written(plain(), B2=text)["B2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


def test_a_guarded_text_keeps_the_look_of_its_cell() -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain()))
    book.active["B2"].font = openpyxl.styles.Font(name="宋体", size=9, bold=True)
    target = io.BytesIO()
    book.save(target)
    cell = written(target.getvalue(), B2="=1", B3="=2", C2="甲")["B2"]
    assert (cell.font.name, cell.font.size, cell.font.bold, cell.quotePrefix) == ("宋体", 9, True, True)


def test_one_style_guards_all_texts_of_one_look() -> None:
    before = plain()
    after = edited(before, {("Sheet", 2, 2): "=1", ("Sheet", 3, 2): "=2"})
    assert parts(after)[STYLES].count(b'quotePrefix="1"') == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲\x0b乙", "甲\ufffd乙"),
        ("_x000D_", "_x000D_"),
        ("<b>&amp;", "<b>&amp;"),
        (" 前后 ", " 前后 "),
        ("一\n二", "一\n二"),
    ],
)
def test_texts_come_back_as_they_were_or_without_what_no_cell_may_hold(text: str, shown: str) -> None:
    assert values(edited(plain(), {("Sheet", 2, 2): text}))[1][1] == shown


@pytest.mark.parametrize("tag", ["", '<calcPr calcId="191029" fullCalcOnLoad="0"/>', "<calcPr></calcPr>"])
def test_whoever_opens_the_workbook_calculates_it_anew(tag: str) -> None:
    main = "xl/workbook.xml"
    content = tampered(plain(), {main: replaced('<calcPr calcId="124519" fullCalcOnLoad="1" />', tag)})
    workbook = parts(edited(content, {("Sheet", 2, 3): 1.0}))[main]
    assert workbook.count(b"<calcPr") == 1
    assert workbook.count(b'fullCalcOnLoad="1"') == 1
    openpyxl.load_workbook(io.BytesIO(edited(content, {("Sheet", 2, 3): 1.0})))


def test_a_sheet_is_added_where_each_sheet_declares_its_own_prefix() -> None:
    main, space = "xl/workbook.xml", 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    bare = parts(plain())[main].decode().replace(f" {space}", "")
    content = tampered(plain(), {main: bare.replace("<sheet ", f"<sheet {space} ").encode()})
    after = edited(content, {}, NewSheet("说明", (("甲",),), (20,)))
    assert changed(content, after) == {"xl/worksheets/added1.xml", *CHANGED}
    assert openpyxl.load_workbook(io.BytesIO(after)).sheetnames == ["Sheet", "说明"]


def test_an_added_sheet_takes_a_name_that_is_free() -> None:
    sheet = NewSheet("说明", (("甲", None, 2.5), (), ("=乙",)), (20, 5, 9))
    once = edited(xlsx("序号 | 指标", names=("说明",)), {}, sheet)
    book = openpyxl.load_workbook(io.BytesIO(edited(once, {}, sheet)))
    assert book.sheetnames == ["说明", "说明2", "说明3"]
    assert [[cell.value for cell in row] for row in book["说明3"].iter_rows()] == [
        ["甲", None, 2.5],
        [None] * 3,
        ["=乙", None, None],
    ]
    assert book["说明3"]["A3"].data_type == "s"


@given(
    st.dictionaries(
        st.tuples(st.just("Sheet"), st.integers(1, 3), st.integers(1, 8)),
        st.text("甲乙=<&>'\"_x0", min_size=1, max_size=6) | st.floats(-1e6, 1e6),
        max_size=8,
    )
)
def test_what_is_written_is_read_and_the_rest_is_as_before(cells: dict[tuple[str, int, int], Entry]) -> None:
    before = openpyxl.load_workbook(io.BytesIO(plain())).worksheets[0]
    after = openpyxl.load_workbook(io.BytesIO(edited(plain(), cells))).worksheets[0]
    for row in range(1, 4):
        for column in range(1, 9):
            expected = cells.get(("Sheet", row, column), before.cell(row, column).value)
            assert after.cell(row, column).value == expected
