"""reports/tables: the whole table for those who count further, as a workbook and as .csv."""

import csv
import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from data.store import Store
from reports.imprint import Imprint
from reports.papers import tables
from scoring import Method, score, summary
from scoring.table import conform

METHOD = Method.default()
DAY = date(2025, 12, 31)
HOSTILE = ["=1+1", "+8", "-1+1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("http://x")']


@pytest.fixture(scope="module")
def december(shipped_store: Store) -> pd.DataFrame:
    version = shipped_store.latest("示例市商务局 2025")
    assert version is not None
    return score(shipped_store.table(version.id), METHOD, as_of=DAY)


def drawn(**columns: object) -> pd.DataFrame:
    """Return a scored table of one row that says only what a test is about."""
    row = {name: [value] for name, value in ({"weight": 2.0, "indicator": "造林"} | columns).items()}
    return score(conform(pd.DataFrame(row)), METHOD, as_of=DAY)


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheets(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def records(content: bytes, title: str) -> list[dict[object, object]]:
    heads, *rows = sheets(content)[title].values
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_every_row_stands_in_both_papers_with_words_for_states(december: pd.DataFrame) -> None:
    for rows in (records(tables.write(december), "全表"), lines(tables.csv(december))):
        assert [row["序号"] for row in rows] == december["serial"].tolist()
        assert {row["状态"] for row in rows} <= {"已完成", "正常", "滞后", "逾期", "未填报", "待判"}
        assert {"一档", "二档"} <= {row["自评定档"] for row in rows}


def test_numbers_in_the_workbook_are_numbers_and_blank_is_blank(december: pd.DataFrame) -> None:
    rows = records(tables.write(december), "全表")
    for given, row in zip(december["score"], rows, strict=True):
        assert row["得分"] == (None if pd.isna(given) else pytest.approx(given))
    assert None in {row["得分"] for row in rows}


def test_the_summaries_are_those_of_the_screen_and_add_up(december: pd.DataFrame) -> None:
    content = tables.write(december)
    for title, by in (("科室", summary.by_department), ("分管领导", summary.by_leader), ("类别", summary.by_category)):
        *groups, total = records(content, title)
        assert [row[title] for row in groups] == by(december).index.tolist()
        assert total[title] == "合计"
        assert sum(row["权重"] for row in groups) == total["权重"] == 100


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["serial", "indicator", "completion", "evidence"])
def test_a_hostile_text_is_a_text_in_both_papers(text: str, field: str) -> None:
    judged = drawn(**{field: text})
    cells = [cell for row in sheets(tables.write(judged))["全表"].iter_rows() for cell in row]
    (cell,) = [cell for cell in cells if cell.value == text]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert f"'{text}" in lines(tables.csv(judged))[0].values()


def test_a_hostile_name_is_a_text_in_every_sheet() -> None:
    judged = drawn(departments=("=甲",), leaders=("+乙",), category="@丙")
    for sheet in sheets(tables.write(judged)):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_negative_numbers_are_no_hostile_texts() -> None:
    assert lines(tables.csv(drawn(due=pd.Timestamp(2025, 12, 1))))[0]["剩余天数"] == "-30"


def test_private_numbers_are_masked() -> None:
    judged = drawn(completion="联系电话13800001111", evidence="13800001111")
    assert b"13800001111" not in tables.csv(judged)
    assert b"13800001111" not in tables.write(judged)


def test_a_csv_has_the_mark_by_which_excel_knows_its_letters(december: pd.DataFrame) -> None:
    assert tables.csv(december).startswith(b"\xef\xbb\xbf")


def test_line_breaks_and_quotes_come_back_from_a_csv() -> None:
    text = '一、"甲"，\n二、乙'
    assert lines(tables.csv(drawn(completion=text)))[0]["全年完成情况"] == text


def test_the_same_table_gives_the_same_bytes(december: pd.DataFrame) -> None:
    assert tables.write(december) == tables.write(december.copy())
    assert tables.csv(december) == tables.csv(december.copy())


def test_every_paper_tells_where_it_is_from_and_by_which_day_it_judges(december: pd.DataFrame) -> None:
    told = Imprint("示例市商务局 2025", 5, DAY, "0a1b2c3d4e5f6071", example=True)
    (line,), (judged,) = list(sheets(tables.write(december, as_of=DAY, imprint=told))["说明"].values)[:2]
    assert line == told.line() == "示例数据　示例市商务局 2025　第5版　数据截至2025年12月31日　校验码0a1b2c3d4e5f"
    assert "2025年12月31日" in str(judged)
    assert lines(tables.csv(december, imprint=told))[0]["来源"] == told.line()


def test_a_table_without_rows_has_headings() -> None:
    empty = drawn().iloc[:0]
    assert lines(tables.csv(empty)) == []
    assert records(tables.write(empty), "全表") == []
