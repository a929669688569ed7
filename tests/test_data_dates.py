from datetime import date, datetime

import pytest

from data.cells import Sheet, Value
from data.reading.data_dates import proposed, stated


@pytest.mark.parametrize(
    ("filename", "day"),
    [
        ("2025年度绩效目标考评表（10月）.xlsx", "2025-10-31"),
        ("example-commerce-2025-10.xlsx", "2025-10-31"),
        ("考评表20251017.xlsx", "2025-10-17"),
        ("考评表2025.10.17.et", "2025-10-17"),
        ("截至１０月１７日.csv", "2025-10-17"),
        ("1—9月考评表.xlsx", "2025-09-30"),
        ("十一月进度.xls", "2025-11-30"),
        ("2025年三季度.xlsx", "2025-09-30"),
        ("上半年考评表.xlsx", "2025-06-30"),
        ("考评表（2026年2月）.xlsx", "2026-02-28"),
        ("2024年2月.xlsx", "2024-02-29"),
        ("2025年12月.xlsx", "2025-12-31"),
    ],
)
def test_a_file_name_tells_the_data_date(filename: str, day: str) -> None:
    assert proposed(filename, "", 2025) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "filename",
    [
        "考评表.xlsx",
        "2025年度考评表.xlsx",
        "泉商务2025-5号.xlsx",
        "12月底前完成.xlsx",
        "2025年12月底前.xlsx",
        "10月中旬.xlsx",
    ],
)
def test_what_tells_no_day_proposes_none(filename: str) -> None:
    assert proposed(filename, "2025年度绩效目标考评表", 2025) is None


def test_a_day_that_does_not_exist_proposes_none() -> None:
    assert proposed("2025年2月30日.xlsx", "", 2025) is None


def test_the_title_tells_it_where_the_file_name_does_not() -> None:
    assert proposed("考评表.xlsx", "2025年度绩效目标考评表（截至10月31日）", 2025) == date(2025, 10, 31)


def test_a_month_without_any_year_proposes_none() -> None:
    assert proposed("10月.xlsx", "", None) is None


@pytest.mark.parametrize(
    "line",
    [
        ["参评单位：某局", None, "数据截至", datetime(2025, 10, 31)],
        ["数据截至", None, date(2025, 10, 31)],
        ["数据截至：2025年10月31日"],
        ["数据截至", "10月31日"],
        ["数 据 截 至：", "2025.10"],
    ],
)
def test_a_line_above_the_table_states_the_data_date(line: list[Value]) -> None:
    assert stated(Sheet("考评表", [["考评表"], line, ["序号"]]), 3, 2025) == date(2025, 10, 31)


@pytest.mark.parametrize("line", [["数据截至"], ["数据截至", "尽快"], ["数据截至", 7], ["截至10月31日"]])
def test_a_line_that_names_no_day_states_none(line: list[Value]) -> None:
    assert stated(Sheet("考评表", [line, ["序号"]]), 2, 2025) is None


def test_what_stands_below_the_header_states_nothing() -> None:
    assert stated(Sheet("考评表", [["序号"], ["数据截至", date(2025, 10, 31)]]), 1, 2025) is None
