"""The sheet 量化目标: what a unit states of its targets stands in the table, and nothing of it becomes an indicator."""

import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data import Reading, read_workbook
from data.findings import Finding
from data.reading.target_entry import NO_TARGET, Entry, comparator_of, entered, kind_of, spanned
from scoring.targets import COMPARATORS, Target, extract_targets
from tests.drawing import saved, xlsx

TITLE = "2025年度绩效目标考评表\n参评单位：某市林业局\n"
PROMISE = "新增海外仓超100个、超100万平方米"
TABLE = f"""
{TITLE}
序号 | 二级指标   | 权重 | 完成时限 | 责任科室 | 全年完成情况
1-1  | {PROMISE}  | 4    | 12月底前 | 外贸科   | 新增海外仓87个
1-2  | 培训3场    | 3    | 12月底前 | 外贸科   | _
1-3  | 加强宣传   | 3    | 12月底前 | 办公室   | _
"""
HEAD = "序号 | 目标 | 比较 | 目标值 | 单位 | 实际值 | 佐证\n"
NAMES = ("考评表", "量化目标")


def read(rows: str, head: str = HEAD, names: tuple[str, str] = NAMES, table: str = TABLE) -> Reading:
    return read_workbook(xlsx(table, head + rows, names=names), "考评表.xlsx")


def stated(reading: Reading) -> dict[str, list[tuple[object, ...]]]:
    """Return the targets of every indicator that has some: measure, comparator, value, unit, actual."""
    told = reading.table.set_index("serial")["targets"]
    return {
        serial: [(one.measure, one.comparator, one.value, one.unit, one.actual) for one in targets]
        for serial, targets in told.items()
        if targets
    }


def opened(sheet: str) -> openpyxl.Workbook:
    """Return the workbook with the table and a drawn sheet, to be changed."""
    return openpyxl.load_workbook(io.BytesIO(xlsx(TABLE, sheet, names=NAMES)))


def found(reading: Reading) -> list[tuple[str, str, str]]:
    return [(each.code, each.cell, each.serial) for each in reading.findings if each.sheet == "量化目标"]


def one(reading: Reading, code: str) -> Finding:
    (finding,) = [each for each in reading.findings if each.code == code]
    return finding


def test_a_workbook_without_the_sheet_states_nothing() -> None:
    reading = read_workbook(xlsx(TABLE), "考评表.xlsx")
    assert stated(reading) == {}
    assert reading.form.stated == ()


def test_several_rows_of_a_serial_are_several_targets_with_their_figures() -> None:
    reading = read("""
        1-1 | 海外仓     | >= | 100 | 个       | 87 | 台账
        1-1 | 海外仓面积 | 超 | 100 | 万平方米 |    |
        1-2 | 培训       |    | 3   | 场       |    |
    """)
    assert stated(reading) == {
        "1-1": [("海外仓", ">=", 100, "个", 87), ("海外仓面积", ">", 100, "万平方米", None)],
        "1-2": [("培训", ">=", 3, "场", None)],
    }
    first, second = reading.table.loc[0, "targets"]
    assert (first.kind, first.evidence, PROMISE[first.start : first.end]) == ("count", "台账", "超100个")
    assert (second.kind, PROMISE[second.start : second.end]) == ("amount", "超100万平方米")
    assert found(reading) == []


def test_the_sheet_outranks_the_text() -> None:
    reading = read("1-1 | 海外仓 | >= | 120 | 个 | |")
    assert [target.value for target in extract_targets(PROMISE)] == [100, 100]
    assert stated(reading) == {"1-1": [("海外仓", ">=", 120, "个", None)]}


@pytest.mark.parametrize("below", ["^", "_"])
def test_a_merged_or_blank_serial_is_the_one_above(below: str) -> None:
    reading = read(f"""
        1-1     | 海外仓     | >= | 100 | 个       | |
        {below} | 海外仓面积 | >= | 100 | 万平方米 | |
    """)
    assert [measure for measure, *_ in stated(reading)["1-1"]] == ["海外仓", "海外仓面积"]


def test_the_header_is_found_by_its_words_below_a_title_and_among_other_columns() -> None:
    head = """
        某市林业局量化目标表 | < | <
        填报说明：实际值填累计数 | < | <
        责任科室 | 权重 | 指标 | 指标编号 | 量化指标 | 计量单位 | 年度目标值 | 完成值 | 佐证材料
    """
    reading = read("外贸科 | 4 | 新增 | 1—1 | 海外仓 | 个 | '100 | 90 | 台账\n填表人：王某", head)
    assert stated(reading) == {"1-1": [("海外仓", ">=", 100, "个", 90)]}
    assert list(reading.table["serial"]) == ["1-1", "1-2", "1-3"]


def test_without_a_column_for_the_target_the_indicator_s_name_is_its_label() -> None:
    reading = read("1-1 | 海外仓 | 100 | 个", "序号 | 指标名称 | 目标值 | 单位\n")
    assert stated(reading) == {"1-1": [("海外仓", ">=", 100, "个", None)]}


@pytest.mark.parametrize("names", [("考评表", "量化目标"), ("考评表", "Sheet2"), ("目标", "附表")])
def test_the_sheet_is_never_taken_for_a_form_whatever_it_is_called(names: tuple[str, str]) -> None:
    head = "序号 | 目标 | 权重 | 比较 | 目标值 | 单位\n"
    reading = read("1-2 | 培训 | 3 | >= | 3 | 场\n1-9 | 展会 | 3 | >= | 3 | 场", head, names)
    assert list(reading.table["serial"]) == ["1-1", "1-2", "1-3"]
    assert set(reading.table["sheet"]) == {names[0]}
    assert stated(reading) == {"1-2": [("培训", ">=", 3, "场", None)]}
    assert "sheets_joined" not in {finding.code for finding in reading.findings}


def test_a_sheet_before_the_table_is_read_all_the_same() -> None:
    reading = read_workbook(
        xlsx(HEAD + "1-2 | 培训 | | 3 | 场 | |", TABLE, names=("量化目标", "考评表")), "考评表.xlsx"
    )
    assert list(reading.table["serial"]) == ["1-1", "1-2", "1-3"]
    assert stated(reading) == {"1-2": [("培训", ">=", 3, "场", None)]}


def test_a_table_of_indicators_that_has_目标值_among_its_columns_stays_the_table() -> None:
    form = (
        TITLE
        + "序号 | 指标 | 目标值 | 单位 | 实际值 | 权重\n1-1 | 造林 | 5000 | 亩 | 2000 | 4\n1-2 | 抚育 | 3 | 场 | | 3"
    )
    reading = read_workbook(xlsx(form, names=("量化目标分解表",)), "考评表.xlsx")
    assert list(reading.table["serial"]) == ["1-1", "1-2"]
    assert stated(reading) == {}


def test_无_and_文字目标_say_that_there_is_nothing_to_count() -> None:
    reading = read("1-2 | 无 | | | | |\n1-3 | 文字目标 | | — | | |")
    assert list(reading.table["targets"]) == [(), (NO_TARGET,), (NO_TARGET,)]
    assert found(reading) == []


def test_a_line_left_open_states_nothing_and_is_no_matter() -> None:
    reading = read("1-1 | | | | | |\n1-2 | | | | | |")
    assert stated(reading) == {}
    assert found(reading) == []


def test_percentages_are_read_as_they_are_shown() -> None:
    book = opened(HEAD + "1-3 | 出口额增长 | | 0 | | | \n1-2 | 培训率 | | '95% | | '90 |")
    sheet = book["量化目标"]
    sheet["D2"], sheet["F2"] = 0.055, 0.0561
    sheet["D2"].number_format, sheet["F2"].number_format = "0.0%", "0.00%"
    reading = read_workbook(saved(book), "考评表.xlsx")
    assert stated(reading) == {
        "1-3": [("出口额增长", ">=", 5.5, "%", 5.61)],
        "1-2": [("培训率", ">=", 95, "%", 90)],
    }
    assert [targets[0].kind for targets in reading.table["targets"] if targets] == ["rate", "growth"]


def test_a_private_number_is_masked() -> None:
    reading = read("1-2 | 培训 | | 3 | 场 | | 张三13812345678")
    assert reading.table.loc[1, "targets"][0].evidence == "张三138****5678"
    assert ("private_number", "G2", "1-2") in found(reading)


def test_a_serial_that_excel_made_a_date_is_undone() -> None:
    reading = read("2025-01-02 | 培训 | | 3 | 场 | |".replace("2025-01-02", "1月2日"))
    assert stated(reading) == {"1-2": [("培训", ">=", 3, "场", None)]}
    assert ("serial_was_date", "A2", "1-2") in found(reading)


def test_a_hidden_sheet_is_not_read_and_that_is_said() -> None:
    book = opened(HEAD + "1-2 | 培训 | | 3 | 场 | |")
    book["量化目标"].sheet_state = "hidden"
    reading = read_workbook(saved(book), "考评表.xlsx")
    assert stated(reading) == {}
    assert found(reading) == [("hidden_target_sheet", "", "")]


def test_what_cannot_be_understood_is_told_at_its_cell_and_not_used() -> None:
    reading = read("""
        1-1 | 海外仓 | 差不多 | 100  | 个 | 许多 |
        1-2 | 培训   |        | 很多 | 场 |      |
        1-2 | 培训   |        |      | 场 | 2    |
        1-2 | 讲座   |        |      | 场 |      |
        9-9 | 展会   |        | 3    | 场 |      |
            | 活动   |        | 3    | 场 |      |
    """)
    assert found(reading) == [
        ("target_comparator_unknown", "C2", "1-1"),
        ("target_actual_unreadable", "F2", "1-1"),
        ("target_value_unreadable", "D3", "1-2"),
        ("target_actual_alone", "F4", "1-2"),
        ("target_without_value", "D5", "1-2"),
        ("target_serial_unknown", "A6", "9-9"),
    ]
    assert stated(reading) == {"1-1": [("海外仓", ">=", 100, "个", None)]}
    assert one(reading, "target_serial_unknown").message == "量化目标表的序号“9-9”在考评表里没有。"
    assert one(reading, "target_without_value").message == "1-2没有写目标值。"


def test_a_row_without_any_serial_is_told() -> None:
    assert found(read("_ | 海外仓 | | 100 | 个 | |")) == [("target_serial_unknown", "A2", "")]


def test_an_actual_that_the_report_contradicts_is_told() -> None:
    rows = "1-1 | 海外仓 | | 100 | 个 | {} |\n1-1 | 海外仓面积 | | 100 | 万平方米 | 50 |"
    finding = one(read(rows.format(90)), "target_actual_differs")
    assert (finding.severity, finding.cell, finding.serial) == ("check", "F2", "1-1")
    assert finding.message == "1-1的海外仓，实际值90个与完成情况中的87个不一致。"
    assert found(read(rows.format(87))) == []


# One entry


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        (">= ≥ ＞＝ 及以上 以上 不少于 不低于 至少", ">="),
        ("> 超 超过 突破 大于", ">"),
        ("<= ≤ 不超过 以内 不高于 以下", "<="),
        ("< 低于 少于", "<"),
        ("= ＝ 等于", "="),
        ("差不多 ? 或", ""),
    ],
)
def test_comparators_are_signs_or_words(words: str, sign: str) -> None:
    assert {comparator_of(word) for word in words.split()} == {sign}


def test_a_blank_comparator_is_a_lower_bound() -> None:
    assert comparator_of("") == comparator_of(" ") == ">="


@pytest.mark.parametrize(
    ("label", "unit", "kind"),
    [
        ("利用外资增长", "%", "growth"),
        ("出口增速", "％", "growth"),
        ("单位能耗下降", "%", "decline"),
        ("能耗降低", "个百分点", "decline"),
        ("办结率", "%", "rate"),
        ("利用外资", "亿美元", "amount"),
        ("海外仓面积", "万平方米", "amount"),
        ("造林", "亩", "amount"),
        ("培训", "万人次", "amount"),
        ("出台办法", "份", "document"),
        ("审核文件", "份", "count"),
        ("圆桌会议", "场", "count"),
        ("全省排名", "位", "level"),
        ("PM2.5浓度", "微克/立方米", "level"),
        ("测评得分", "分", "level"),
    ],
)
def test_the_kind_follows_from_target_and_unit(label: str, unit: str, kind: str) -> None:
    assert kind_of(label, unit) == kind


@pytest.mark.parametrize(
    ("value", "unit", "read"),
    [
        ("1,200", "家", (">=", 1200, "家")),
        ("１００", "个", (">=", 100, "个")),
        ("超100个", "", (">", 100, "个")),
        ("两", "场", (">=", 2, "场")),
        ("十二场及以上", "场", (">=", 12, "场")),
        ("1.2万", "亩", (">=", 12000, "亩")),
        ("1.2万", "万亩", (">=", 1.2, "万亩")),
        ("5%以内", "", ("<=", 5, "%")),
        (-3.1, "%", (">=", -3.1, "%")),
    ],
)
def test_a_figure_may_be_a_number_or_a_text_with_its_words(
    value: str | float, unit: str, read: tuple[str, float, str]
) -> None:
    target = entered(Entry("造林", "", value, unit, None, ""), "").target
    assert target is not None
    assert (target.comparator, target.value, target.unit) == read


@pytest.mark.parametrize("value", ["很多", "10-15", "约", True, float("nan"), "100家亩", "3+4"])
def test_what_is_no_figure_is_not_guessed_at(value: object) -> None:
    assert entered(Entry("造林", "", value, "亩", None, ""), "").faults == ("value_unreadable",)  # type: ignore[arg-type]


def test_an_actual_in_another_unit_is_converted_or_refused() -> None:
    entry = Entry("造林", "", 1.5, "万亩", "9500亩", "")
    assert entered(entry, "").target == Target("amount", ">=", 1.5, "万亩", "造林", 0, 0, 0.95)
    assert entered(replace(entry, actual="9500家"), "").faults == ("actual_unreadable",)
    assert entered(replace(entry, actual="超9500"), "").faults == ("actual_unreadable",)


def test_a_target_stands_where_the_text_promises_it_else_where_its_name_or_figure_stands() -> None:
    text = "海外仓工作；培育企业640家以上；达标86分"
    for target, words in [
        (Target("count", ">=", 640, "家", "主体", 0, 0), "640家以上"),
        (Target("count", ">=", 700, "家", "企业", 0, 0), "640家以上"),
        (Target("count", ">=", 5, "个", "海外仓", 0, 0), "海外仓"),
        (Target("level", ">=", 86, "分", "测评", 0, 0), "86分"),
        (Target("level", ">=", 7, "分", "测评", 0, 0), ""),
    ]:
        placed = spanned(target, text)
        assert text[placed.start : placed.end] == words


numbers = st.integers(0, 10**9).map(float) | st.decimals(0, 10**6, places=3, allow_nan=False).map(float)


@given(st.text(), st.text(), st.text(), st.text(), st.text(), st.text())
@example("", "", "+", "", "", "")
def test_an_entry_is_read_or_refused_whatever_is_written(
    label: str, comparator: str, value: str, unit: str, actual: str, text: str
) -> None:
    read = entered(Entry(label, comparator, value, unit, actual, ""), text)
    assert (read.target is None) <= bool(read.faults)


@given(
    st.sampled_from(["海外仓", "培训", "利用外资"]),
    st.sampled_from(COMPARATORS),
    numbers,
    st.sampled_from(["个", "万亩", "亿元", "%", "人次"]),
    st.none() | numbers,
)
def test_a_target_written_into_a_row_is_read_back(
    label: str, comparator: str, value: float, unit: str, actual: float | None
) -> None:
    target = Target(kind_of(label, unit), comparator, value, unit, label, 0, 0, actual, "台账")
    for written in (
        Entry(label, comparator, value, unit, actual, "台账"),
        Entry(label, comparator, f"{value:,.3f}", unit, None if actual is None else f"{actual:.3f}", "台账"),
    ):
        read = entered(written, "")
        assert (read.target, read.faults) == (target, ())
