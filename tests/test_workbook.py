import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from data.cells import CellError, Sheet, Workbook
from data.errors import WorkbookRejected
from data.limits import LIMITS
from data.workbook import display_name, open_workbook
from tests import workbooks
from tests.workbooks import HEADINGS, ROWS, SHEET, edited, inline, replaced, saved, with_sheet_data, zipped

ROOT = Path(__file__).resolve().parent.parent
FILES = Path(__file__).with_name("files")
TABLE = [HEADINGS, *ROWS]


def first_sheet(content: bytes) -> Sheet:
    return open_workbook(content, "考评表.xlsx").sheets[0]


def fixture(name: str) -> Workbook:
    return open_workbook((FILES / name).read_bytes(), name)


def one_cell(value: object, number_format: str = "General") -> Sheet:
    book = openpyxl.Workbook()
    book.active["A1"] = value
    book.active["A1"].number_format = number_format
    return first_sheet(saved(book))


@pytest.mark.parametrize("name", ["plain", "with_furniture", "by_xlsxwriter", "by_pandas"])
def test_ordinary_workbooks_are_read_whoever_wrote_them(name: str) -> None:
    sheet = first_sheet(getattr(workbooks, name)())
    assert [row[:4] for row in sheet.rows[:3]] == TABLE


@pytest.mark.parametrize("name", ["small-form.xlsx", "small-form.xls", "small-form.ods"])
def test_a_form_reads_the_same_from_every_format(name: str) -> None:
    book = fixture(name)
    sheet = book.sheets[0]
    assert (book.format, sheet.name) == (name.rpartition(".")[2], "考评表 ")
    assert [(s.name, s.hidden) for s in book.sheets[1:]] == [("隐 藏", True), ("空表", False)]
    assert sheet.rows[0][0] == "示例单位考评表"
    assert sheet.rows[2][:3] == ["1-1", "新增示例企业4家", 2]
    assert sheet.rows[2][4:8] == [0.055, 90, "92.5 ", 90]
    assert (sheet.value(4, 1), sheet.value(4, 2), sheet.value(4, 6)) == ("001", "换\n行  两空格", None)
    assert (sheet.value(5, 1), sheet.value(5, 2), sheet.value(5, 7)) == ("NA", "null", "#文本")
    assert sheet.value(4, 8) == "#DIV/0!"
    assert isinstance(sheet.value(4, 8), CellError)
    assert (sheet.merges, sheet.hidden_rows, sheet.hidden_columns) == (((1, 1, 1, 8),), {5}, {6})
    assert set(sheet.formulas) >= {(3, 8), (4, 8), (5, 8), (6, 3), (6, 5)}
    assert "%" in sheet.formats[3, 5]
    assert str(sheet.value(3, 4)).startswith("2025-12-31")


def test_an_et_file_is_told_by_its_bytes_not_its_name() -> None:
    content = (FILES / "small-form.xls").read_bytes()
    assert open_workbook(content, "考评表.et") == open_workbook(content, "考评表.xlsx")


def test_formulas_are_kept_with_and_without_cached_values() -> None:
    cached, bare = fixture("small-form.xlsx").sheets[0], openpyxl.Workbook()
    assert (cached.value(3, 8), cached.formulas[3, 8]) == (90, "=AVERAGE(F3:G3)")
    bare.active["H3"] = "=AVERAGE(F3:G3)"
    sheet = first_sheet(saved(bare))
    assert (sheet.value(3, 8), sheet.formulas) == (None, {(3, 8): "=AVERAGE(F3:G3)"})


def test_a_formula_filled_down_is_written_out_for_every_row() -> None:
    first = '<row r="1"><c r="B1"><f t="shared" ref="B1:B2" si="0">SUM(A1:$A$9)</f><v>1</v></c></row>'
    second = '<row r="2"><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>'
    assert first_sheet(with_sheet_data(first + second)).formulas == {(1, 2): "=SUM(A1:$A$9)", (2, 2): "=SUM(A2:$A$9)"}


def test_an_error_is_told_apart_from_a_text_that_looks_like_one() -> None:
    error = '<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c><c r="B1" t="str"><v>#DIV/0!</v></c></row>'
    values = first_sheet(with_sheet_data(error)).rows[0]
    assert values == ["#DIV/0!", "#DIV/0!"]
    assert [type(value) for value in values] == [CellError, str]


@pytest.mark.parametrize(
    "value", ["NA", "null", " 92.5 ", "９２．５", "92.5\u00a0", "001", "4-1", "李　佳", "𠮷", "None"]
)
def test_a_text_stays_as_it_was_typed(value: str) -> None:
    assert one_cell(value).rows == [[value]]


@pytest.mark.parametrize(("value", "kind"), [(2, int), (2.5, float), (True, bool), (False, bool), (0, int), (-3, int)])
def test_a_number_or_truth_value_keeps_its_type(value: object, kind: type) -> None:
    read = one_cell(value).rows[0][0]
    assert read == value
    assert type(read) is kind


def test_a_number_format_is_kept_where_it_makes_a_share_of_a_number() -> None:
    sheet = one_cell(0.055, "0.0%")
    assert (sheet.rows, sheet.formats) == ([[0.055]], {(1, 1): "0.0%"})
    assert one_cell("5.5%", "0.0%").formats == {}


@pytest.mark.parametrize("code", ["0.00", "#,##0", "yyyy-mm-dd", '0"%"', "0\\%", "_%0"])
def test_a_number_format_that_makes_nothing_else_of_a_number_is_left(code: str) -> None:
    assert one_cell(63, code).formats == {}


def test_a_phone_number_in_a_cell_for_dates_is_read_as_it_was_typed() -> None:
    assert one_cell(13800138000, "yyyy-mm-dd").rows == [[13800138000]]


def test_a_phone_number_in_a_cell_for_durations_is_told() -> None:
    with pytest.raises(WorkbookRejected, match=r"“Sheet”里有按时长显示.*请把该列改成“常规”"):
        one_cell(13800138000, "[h]:mm")


def test_a_long_table_keeps_its_number_formats() -> None:
    book = openpyxl.Workbook()
    for row in range(1, 20_001):
        book.active.append([f"1-{row}", 0.05, 0.5, "甲科", "张三", "三月", 1, 2, 3])
        book.active.cell(row, 2).number_format = "0%"
    sheet = first_sheet(saved(book))
    assert sheet.formats == {(row, 2): "0%" for row in range(1, 20_001)}


@pytest.mark.parametrize("number", [*range(27, 32), 36, *range(50, 55), 57, 58])
def test_a_date_in_a_built_in_chinese_format_is_a_date_and_says_so(number: int) -> None:
    styles = replaced('numFmtId="14"', f'numFmtId="{number}"')
    book = openpyxl.Workbook()
    book.active["A1"] = 45992
    book.active["A1"].number_format = "mm-dd-yy"
    sheet = first_sheet(edited(saved(book), {"xl/styles.xml": styles}))
    assert sheet.rows == [[date(2025, 12, 1)]]
    assert sheet.formats[1, 1].startswith(f"[numFmtId={number}]")


def test_covered_cells_of_a_merged_range_are_blank_even_where_the_file_keeps_old_values() -> None:
    rows = f'<row r="1">{inline("A1")}{inline("B1", "旧")}</row><row r="2">{inline("A2", "旧")}{inline("C2")}</row>'
    merge = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    sheet = first_sheet(with_sheet_data(rows, merge))
    assert (sheet.rows, sheet.merges) == ([["甲", None], [None, None, "甲"]], ((1, 1, 2, 2),))


@pytest.mark.parametrize("merge", ["A1:XFD1048576", "A1:A1048576", "A1:XFD1"])
def test_a_merged_range_ends_where_the_content_ends(merge: str) -> None:
    rows = f'<row r="1">{inline("A1")}</row><row r="3">{inline("C3")}</row>'
    sheet = first_sheet(with_sheet_data(rows, f'<mergeCells><mergeCell ref="{merge}"/></mergeCells>'))
    assert len(sheet.rows) == 3
    assert all(bottom <= 3 and right <= 3 for _, _, bottom, right in sheet.merges)


@pytest.mark.parametrize("far", ["XFD1048576", "A1048576", "XFD1"])
def test_a_styled_blank_in_the_far_corner_is_nothing(far: str) -> None:
    row = far.lstrip("XFDA")
    blank = f'<c r="{far}" s="0"/>'
    rows = f'<row r="1">{inline("A1")}{blank if row == "1" else ""}</row>'
    rows += f'<row r="{row}">{blank}</row>' if row != "1" else ""
    assert first_sheet(with_sheet_data(rows)).rows == [["甲"]]


def test_a_sheet_formatted_to_its_last_row_is_read() -> None:
    blanks = "".join(f'<row r="{r}"><c r="A{r}" s="0"/><c r="B{r}" s="0"/></row>' for r in range(2, 300_000))
    assert first_sheet(with_sheet_data(f'<row r="1">{inline("A1")}</row>{blanks}')).rows[0] == ["甲"]


def test_a_large_table_is_read_with_its_errors_formulas_and_merges() -> None:
    line = '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C{0}"><v>1.5</v></c></row>'
    rows = "".join(line.format(number) for number in range(1, 50_001))
    sheet = first_sheet(with_sheet_data(rows, '<mergeCells><mergeCell ref="C1:C2"/></mergeCells>'))
    assert (sheet.rows[0], sheet.rows[1]) == ([1, "#DIV/0!", 1.5], [2, "#DIV/0!", None])
    assert (len(sheet.rows), type(sheet.rows[-1][1])) == (50_000, CellError)
    assert (sheet.formulas[50_000, 2], sheet.merges) == ("=1/0", ((1, 3, 2, 3),))


def test_markup_with_a_prefix_is_read() -> None:
    data = '<x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row></x:sheetData>'
    prefixed = f'<x:worksheet xmlns:x="{workbooks.MAIN}">{data}</x:worksheet>'
    assert first_sheet(edited(workbooks.plain(), {SHEET: prefixed.encode()})).rows == [[7]]


def test_the_strict_variant_is_read() -> None:
    shared = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def to_strict(part: bytes) -> bytes:
        part = part.replace(workbooks.MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        return part.replace(shared, b"http://purl.oclc.org/ooxml/officeDocument/relationships")

    names = (
        "xl/workbook.xml",
        SHEET,
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
    )
    sheet = first_sheet(edited(workbooks.by_xlsxwriter(), dict.fromkeys(names, to_strict)))
    assert [row[:4] for row in sheet.rows[:3]] == TABLE
    assert sheet.formulas[4, 3] == "=SUM(C2:C3)"


def test_printer_settings_and_external_links_are_no_macro() -> None:
    types = replaced(
        "<Default ",
        '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"/><Default ',
    )
    content = edited(
        workbooks.plain(), {"[Content_Types].xml": types, "xl/printerSettings/printerSettings1.bin": b"\0" * 99}
    )
    assert first_sheet(content).rows == TABLE


def test_a_workbook_that_has_lost_its_styles_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(workbooks.plain())) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name != "xl/styles.xml"}
    assert first_sheet(zipped(kept)).rows == TABLE


def test_a_style_that_no_standard_knows_is_no_obstacle() -> None:
    broken_style = replaced("<fills ", '<fills x="1"><nonsense/></fills><fills ')
    assert first_sheet(edited(workbooks.plain(), {"xl/styles.xml": broken_style})).rows == TABLE


CSV = '序号,权重,说明\n001,2,“甲，乙”\n1-1,92.5,"两行\n说明"\n,#DIV/0!, 92.5 \n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "gb18030", "gbk"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_text_table_is_read_in_its_encoding_and_with_its_separator(encoding: str, separator: str) -> None:
    text = CSV.replace(",", separator)
    content = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    book = open_workbook(content, "表.csv")
    assert book.format == "csv"
    assert book.sheets[0].rows == [
        ["序号", "权重", "说明"],
        ["001", 2, "“甲，乙”"],
        ["1-1", 92.5, "两行\n说明"],
        [None, "#DIV/0!", " 92.5 "],
    ]
    assert isinstance(book.sheets[0].rows[3][1], CellError)


def test_a_number_that_would_lose_digits_stays_a_text() -> None:
    rows = open_workbook(b"1234567890123456789,00012,1e5\n", "a.csv").sheets[0].rows
    assert rows == [["1234567890123456789", "00012", "1e5"]]


def test_a_character_outside_of_gbk_is_read() -> None:
    assert open_workbook("姓名,𠮷\n".encode("gb18030"), "a.csv").sheets[0].rows == [["姓名", "𠮷"]]


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\passwd", "a/b/passwd", "pass\u202ewd\x00", "passwd"])
def test_a_file_name_is_shown_without_folders_or_control_characters(name: str) -> None:
    assert display_name(name) == "passwd"


def test_a_long_file_name_is_shortened_and_keeps_its_end() -> None:
    shown = display_name("表" * 4000 + ".xlsx")
    assert len(shown) <= 60
    assert shown.endswith(".xlsx")


SCRIPT = """
import sys
sys.path.insert(0, {root!r})
from data.workbook import open_workbook
print(len(open_workbook(open({file!r}, "rb").read(), "a.xlsx").sheets))
"""


@pytest.fixture
def script() -> str:
    return SCRIPT.format(root=str(ROOT), file=str(FILES / "small-form.xlsx"))


def test_reading_works_from_a_script_on_stdin(script: str) -> None:
    done = subprocess.run([sys.executable, "-"], input=script, text=True, capture_output=True, check=True)
    assert done.stdout == "3\n"


def test_reading_works_from_a_script_without_a_main_guard(script: str, tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, path], text=True, capture_output=True, check=True, cwd=tmp_path)
    assert done.stdout == "3\n"


def children_of(pid: int) -> set[int]:
    """Return the processes that a process has started and that still run."""
    found = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # the thread has just ended
            found |= {int(child) for child in task.read_text().split()}
    return {child for child in found if runs(child)}


def runs(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until(condition: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@linux
def test_many_threads_read_at_once_with_at_most_two_children() -> None:
    before, seen = children_of(os.getpid()), set()
    with ThreadPoolExecutor(8) as pool:
        reading = [pool.submit(first_sheet, workbooks.plain()) for _ in range(8)]
        while not all(job.done() for job in reading):
            seen.add(len(children_of(os.getpid()) - before))
    assert [job.result().rows for job in reading] == [TABLE] * 8
    assert max(seen) == 2


def slow_workbook() -> bytes:
    """A workbook of a million cells, which takes some seconds."""
    row = "".join(f'<c r="{chr(65 + c)}{{0}}"><v>1</v></c>' for c in range(20))
    return with_sheet_data("".join(f'<row r="{n}">{row.replace("{0}", str(n))}</row>' for n in range(1, 60_001)))


@linux
def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    slow = tmp_path / "slow.xlsx"
    slow.write_bytes(slow_workbook())
    script = SCRIPT.format(root=str(ROOT), file=str(slow))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert wait_until(lambda: children_of(parent.pid), 20)
        (child,) = children_of(parent.pid)
        time.sleep(0.5)  # into the parsing
        assert runs(child)
        parent.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not runs(child), 3)


@linux
def test_a_child_that_computes_too_long_is_stopped() -> None:
    with pytest.raises(WorkbookRejected) as refusal:
        open_workbook(slow_workbook(), "a.xlsx", limits=replace(LIMITS, cpu_seconds=1))
    assert refusal.value.code == "timeout"


def test_a_child_that_takes_too_long_is_stopped() -> None:
    started = time.monotonic()
    with pytest.raises(WorkbookRejected) as refusal:
        open_workbook(workbooks.plain(), "a.xlsx", limits=replace(LIMITS, wall_seconds=0))
    assert refusal.value.code == "timeout"
    assert time.monotonic() - started < 5


def test_a_child_that_needs_too_much_memory_is_a_sentence() -> None:
    with pytest.raises(WorkbookRejected) as refusal:
        open_workbook("示例,".encode() * 250 * 4000, "a.csv", limits=replace(LIMITS, memory=100 * 2**20, columns=10**7))
    assert refusal.value.code in {"memory", "crashed"}
    assert "“a.csv”" in str(refusal.value)


def test_more_text_than_an_answer_may_hold_is_refused() -> None:
    with pytest.raises(WorkbookRejected) as refusal:
        open_workbook("示例,".encode() * 250, "a.csv", limits=replace(LIMITS, answer=1000))
    assert refusal.value.code == "too_much_text"
