"""reports/official_form: what leaves the house reads back as the same table, and recalculates to our numbers."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from data import read_workbook
from data.carry_over import carry_over
from data.store import Store
from data.versions import Version
from reports.imprint import Imprint
from reports.papers import official_form
from reports.papers.written_back_notes import SHEET
from scoring import Method, score, summary
from tests.drawing import xlsx
from tests.office import recalculated
from tests.published import TITLE

METHOD = Method.default()
DAY = date(2025, 10, 31)
PLANS = (("泉州市商务局 2025", 1), *(("示例市商务局 2025", number) for number in range(1, 6)))
LOST = ["sheet", "row", "reported_on"]  # what a form has no column for
HEAD = (
    "项目 | 序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 全年完成情况 | 完成进度 | 自评定档 "
    "| 集中考评组打分1 | 集中考评组打分2 | 考评结果\n"
)
ROWS = """
重点 | 1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林2000亩 | 40% | 一档 | 3.5 | 3.7 |
^    | 1-2 | 抚育1.2万亩 | 3 | 12月底前 | 造林科 |  |  |  |  |  |
安全 | 7-3 | 防火责任制 | 2 | 12月底前 | 防火科 | 已完成 |  |  | 2 | 1.8 |
绩效目标考评得分 | | | 9
"""


def table_of(content: bytes) -> pd.DataFrame:
    return read_workbook(content, "表.xlsx").table


def scored(content: bytes, method: Method = METHOD, base: bytes | None = None) -> pd.DataFrame:
    """Return a workbook's scored table, with what it leaves blank from a base version of June."""
    before = carry_over(table_of(base), None, date(2025, 6, 30)) if base else None
    return score(carry_over(table_of(content), before, DAY), method, as_of=DAY)


def written_back(content: bytes, method: Method = METHOD, base: bytes | None = None) -> bytes:
    return official_form.write(
        scored(content, method, base), method, original=content, imprint=Imprint("某市林业局 2025", 2, DAY, "ab" * 32)
    )


def opened(content: bytes, *, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def texts(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def kept(store: Store, plan: str, number: int) -> Version:
    return next(version for version in store.versions(plan) if version.number == number)


def same(before: pd.DataFrame, after: pd.DataFrame, *but: str) -> None:
    drop = [*LOST, *but]
    pd.testing.assert_frame_equal(
        after.drop(columns=drop).reset_index(drop=True), before.drop(columns=drop).reset_index(drop=True)
    )


# The shipped versions


@pytest.mark.parametrize(("plan", "number"), PLANS)
@pytest.mark.parametrize("in_original", [True, False], ids=["original", "clean"])
def test_an_official_form_is_read_back_as_the_same_table(
    shipped_store: Store, plan: str, number: int, in_original: bool
) -> None:
    version, store = kept(shipped_store, plan, number), shipped_store
    table = store.table(version.id)
    form = official_form.write(
        score(table, METHOD, as_of=version.data_date),
        METHOD,
        original=store.original(version.id) if in_original else None,
        plan=store.plan(version.id),
    )
    again = read_workbook(form, version.filename, known=store.plan(version.id))
    stated_beside_a_panel = [] if in_original else ["stated_result"]  # the clean form has the panel's mean there
    same(table, carry_over(again.table, None, version.data_date), *stated_beside_a_panel)
    alone = table["panel_1"].isna().to_numpy()
    given = table["stated_result"][alone].tolist()
    assert again.table["stated_result"][alone].tolist() == pytest.approx(given, nan_ok=True)
    assert (again.unit, again.year) == (store.plan(version.id).unit, 2025)


@pytest.mark.parametrize(("plan", "number"), PLANS)
def test_a_program_that_recalculates_a_clean_form_shows_our_numbers(
    office: str, shipped_store: Store, plan: str, number: int
) -> None:
    version = kept(shipped_store, plan, number)
    judged = score(shipped_store.table(version.id), METHOD, as_of=version.data_date)
    form = official_form.write(judged, METHOD, plan=shipped_store.plan(version.id))
    results, total = shown(form)
    pd.testing.assert_series_equal(results, judged["score"], check_names=False, check_index=False)
    assert total == pytest.approx(summary.total(judged)["score"].iloc[0], nan_ok=True)


def shown(content: bytes) -> tuple[pd.Series, float]:
    """Return what LibreOffice shows as 考评结果 of every indicator and of the total, NaN for nothing."""
    form = read_workbook(content, "表.xlsx").form
    sheet = opened(recalculated(content), values=True)[str(form.rows["sheet"].iloc[0])]
    column = form.columns[0]["stated_result"]
    cells = [sheet.cell(int(row), column).value for row in form.rows["row"]]
    (total,) = [line for line in form.sums if line.kind == "total"]
    last = sheet.cell(sheet[total.cell].row, column).value
    return pd.Series([number(cell) for cell in cells]), number(last)


def number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def test_recalculating_december_in_its_own_workbook_shows_our_numbers_or_says_why_not(
    office: str, shipped_store: Store
) -> None:
    version = kept(shipped_store, "示例市商务局 2025", 5)
    judged = score(shipped_store.table(version.id), METHOD, as_of=version.data_date)
    form = official_form.write(judged, METHOD, original=shipped_store.original(version.id))
    results, _ = shown(form)
    calculated = opened(recalculated(form), values=True)
    notes = calculated[SHEET]
    places = judged["row"].to_numpy()
    apart = ~((results - judged["score"].to_numpy()).abs() < 1e-9) & judged["score"].notna().to_numpy()
    assert {f"Y{row:.0f}" for row in places[apart]} == {"Y27", "Y32"}
    assert all(f"Y{row:.0f}" in texts(notes) for row in places[apart])
    assert notes["C4"].value == pytest.approx(summary.total(judged)["score"].iloc[0])


# In the original


def test_what_no_cell_of_ours_is_part_of_stays_byte_for_byte(shipped_store: Store) -> None:
    version = kept(shipped_store, "示例市商务局 2025", 4)
    original = shipped_store.original(version.id)
    judged = score(shipped_store.table(version.id), METHOD, as_of=version.data_date)
    before, after = parts(original), parts(official_form.write(judged, METHOD, original=original))
    ours = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    ours |= {"xl/worksheets/sheet1.xml", "xl/worksheets/added1.xml"}
    assert {name for name in after if after[name] != before.get(name)} == ours
    assert set(before) <= set(after)


def test_only_blank_cells_are_filled_and_every_formula_stays(shipped_store: Store) -> None:
    version = kept(shipped_store, "示例市商务局 2025", 4)
    original = shipped_store.original(version.id)
    judged = score(shipped_store.table(version.id), METHOD, as_of=version.data_date)
    before = opened(original).worksheets[0]
    after = opened(official_form.write(judged, METHOD, original=original, imprint=Imprint(data_date=DAY)))
    filled = {
        cell.coordinate
        for row in after.worksheets[0].iter_rows()
        for cell in row
        if cell.value != before[cell.coordinate].value
    }
    assert filled
    assert {before[name].value for name in filled} == {None}
    listed = {row[1].value for row in after[SHEET].iter_rows() if row[1].value}
    assert filled == listed - {"单元格"}


def test_what_was_carried_over_is_filled_in_and_named_with_its_day() -> None:
    base = xlsx(TITLE + HEAD + ROWS.replace("造林科 |  |  |", "造林科 | 已抚育0.9万亩 | 75% |"))
    after = opened(written_back(xlsx(TITLE + HEAD + ROWS), base=base))
    sheet = after.worksheets[0]
    assert (sheet["G5"].value, sheet["H5"].value) == ("已抚育0.9万亩", "75%")
    assert sheet["G4"].value == "已造林2000亩"
    assert "沿用6月30日填报，不是本期新报" in texts(after[SHEET])


def test_a_carried_text_that_begins_as_a_formula_stays_a_text() -> None:
    content = xlsx(TITLE + HEAD + ROWS)
    carried = scored(content).assign(completion=["已造林2000亩", "=HYPERLINK(A1)", "已完成"])
    cell = opened(official_form.write(carried, METHOD, original=content)).worksheets[0]["G5"]
    assert (cell.data_type, cell.quotePrefix, cell.value) == ("s", True, "=HYPERLINK(A1)")


def test_blank_results_become_means_of_their_seats_and_the_blank_total_their_sum() -> None:
    sheet = opened(written_back(xlsx(TITLE + HEAD + ROWS))).worksheets[0]
    assert sheet["L4"].value == '=IF(COUNT(J4:K4)=0,"",AVERAGE(J4:K4))'
    assert sheet["L5"].value is None
    assert sheet["L7"].value == '=IF(COUNT(L4:L6)=0,"",SUM(L4:L6))'


def test_recalculated_they_are_our_numbers(office: str) -> None:
    content = xlsx(TITLE + HEAD + ROWS)
    results, total = shown(written_back(content))
    assert results.tolist() == pytest.approx([3.6, float("nan"), 1.9], nan_ok=True)
    assert total == pytest.approx(summary.total(scored(content))["score"].iloc[0]) == pytest.approx(5.5)


def test_a_panel_of_a_hundred_is_weighed(office: str) -> None:
    method = replace(METHOD, panel_scale="percent")
    content = xlsx(TITLE + HEAD + ROWS.replace("3.5 | 3.7", "90 | 95").replace("2 | 1.8", "80 | "))
    for form in (written_back(content, method), official_form.write(scored(content, method), method)):
        results, total = shown(form)
        assert results.tolist() == pytest.approx([3.7, float("nan"), 1.6], nan_ok=True)
        assert total == pytest.approx(5.3)


def test_a_seat_outside_the_scale_is_in_no_mean(office: str) -> None:
    content = xlsx(TITLE + HEAD + ROWS.replace("3.5 | 3.7", "35 | 3.7"))
    for form in (written_back(content), official_form.write(scored(content), METHOD)):
        assert shown(form)[0][0] == pytest.approx(3.7)


def test_a_stated_result_stays_and_is_in_the_sum(office: str) -> None:
    content = xlsx(TITLE + HEAD + ROWS.replace("造林科 |  |  |  |  |  |", "造林科 |  |  |  |  |  | 2.5"))
    for form in (written_back(content), official_form.write(scored(content), METHOD)):
        results, total = shown(form)
        assert (results[1], total) == (2.5, pytest.approx(8.0))


def test_a_stated_result_above_the_weight_is_in_no_sum_of_a_clean_form(office: str) -> None:
    content = xlsx(TITLE + HEAD + ROWS.replace("造林科 |  |  |  |  |  |", "造林科 |  |  |  |  |  | 25"))
    form = official_form.write(scored(content), METHOD)
    assert table_of(form)["stated_result"][1] == 25
    assert shown(form)[1] == pytest.approx(5.5)


FORMULAS = (
    ROWS.replace("3.5 | 3.7 |", "3.5 | 3.7 | =AVERAGE(J4:K4)")
    .replace("造林科 |  |  |  |  |  |", "造林科 |  |  |  |  |  | =AVERAGE(J5:K5)")
    .replace("2 | 1.8 |", "2 | 1.8 | =AVERAGE(J6:K6)")
    .replace("绩效目标考评得分 | | | 9", "绩效目标考评得分 | | | =SUM(D4:D6) | | | | | | | | =SUM(L4:L6)")
)


def test_formulas_stay_and_where_they_fail_the_notes_have_the_sum(office: str) -> None:
    content = xlsx(TITLE + HEAD + FORMULAS)
    form = written_back(content)
    before, after = opened(content).worksheets[0], opened(form).worksheets[0]
    assert [cell.value for cell in after["L"]] == [cell.value for cell in before["L"]]
    calculated = opened(recalculated(form), values=True)
    assert calculated.worksheets[0]["L7"].value == "#DIV/0!"
    assert calculated[SHEET]["C4"].value == pytest.approx(5.5)
    assert "#DIV/0!" in texts(opened(form)[SHEET])


def test_a_blank_total_over_formulas_that_may_fail_is_still_our_sum(office: str) -> None:
    form = written_back(xlsx(TITLE + HEAD + FORMULAS.replace("| =SUM(L4:L6)", "|")))
    assert shown(form)[1] == pytest.approx(5.5)


def test_rows_that_repeat_another_are_filled_alike_and_added_once(office: str) -> None:
    again = ROWS.replace("绩效", "平安 | 7-3 | 防火责任制 | 2 | 12月底前 | 防火科 | 已完成 |  |  | 2 | 1.8 |\n绩效")
    content = xlsx(TITLE + HEAD + again)
    form = written_back(content)
    sheet = opened(form).worksheets[0]
    assert sheet["L7"].value == '=IF(COUNT(J7:K7)=0,"",AVERAGE(J7:K7))'
    assert shown(form)[1] == pytest.approx(5.5)
    assert len(table_of(form)) == len(table_of(content)) == 3


def test_a_table_over_two_sheets_is_added_over_both(office: str) -> None:
    first = TITLE + HEAD + "\n".join(ROWS.strip().splitlines()[:2])
    second = TITLE + HEAD + "\n".join(ROWS.strip().splitlines()[2:])
    form = written_back(xlsx(first, second, names=("重点'一 二", "安全")))
    assert opened(form)["安全"]["L5"].value.count("'重点''一 二'!L4:L5") == 2
    calculated = opened(recalculated(form), values=True)
    assert calculated["安全"]["L5"].value == pytest.approx(5.5)


def test_a_cell_below_a_merged_one_is_left_alone() -> None:
    drawing = ROWS.replace("造林科 |  |  |", "造林科 | ^ |  |")
    base = xlsx(TITLE + HEAD + ROWS.replace("造林科 |  |  |", "造林科 | 已抚育0.9万亩 |  |"))
    sheet = opened(written_back(xlsx(TITLE + HEAD + drawing), base=base)).worksheets[0]
    assert sheet["G5"].value is None
    assert "G4:G5" in {str(area) for area in sheet.merged_cells.ranges}


def test_an_indicator_that_the_workbook_does_not_have_is_told() -> None:
    content = xlsx(TITLE + HEAD + ROWS)
    other = xlsx(TITLE + HEAD + ROWS.replace("造林5000亩", "造林6000亩"))
    form = official_form.write(scored(content), METHOD, original=other)
    assert "有1项指标在这份原件里找不到对应的行" in texts(opened(form)[SHEET])
    assert opened(form).worksheets[0]["L4"].value is None


def test_an_original_keeps_its_texts_and_a_clean_form_masks_them() -> None:
    content = xlsx(TITLE + HEAD + ROWS.replace("已造林2000亩", "联系人电话13800001111"))
    assert opened(written_back(content)).worksheets[0]["G4"].value == "联系人电话13800001111"
    assert "138****1111" in texts(opened(official_form.write(scored(content), METHOD)).worksheets[0])


def test_an_original_that_is_no_xlsx_gives_the_clean_form() -> None:
    lines = [line.split("|") for line in (HEAD + ROWS.replace("^", "")).strip().splitlines() if line.strip()]
    content = "\n".join(",".join(cell.strip() for cell in line) for line in lines).encode()
    judged = score(read_workbook(content, "表.csv", year=2025).table, METHOD, as_of=DAY)
    form = official_form.write(judged, METHOD, original=content, filename="表.csv")
    assert form == official_form.write(judged, METHOD)


# The clean form


def test_hostile_texts_stay_texts() -> None:
    hostile = ["=1+1", "+1", "-1+1", "@A1", "＝1", "\x0b甲"]
    judged = scored(xlsx(TITLE + HEAD + ROWS))
    for name in ("indicator", "completion", "evidence", "category", "goal"):
        for text in hostile:
            table = judged.assign(**{name: text})
            cells = [
                cell for row in opened(official_form.write(table, METHOD)).worksheets[0].iter_rows() for cell in row
            ]
            held = [cell for cell in cells if str(cell.value) == text.replace("\x0b", "\ufffd")]
            assert held
            assert {cell.data_type for cell in held} == {"s"}
            assert {bool(cell.quotePrefix) for cell in held} == {not text.endswith("甲")}


def test_every_paper_tells_where_it_is_from() -> None:
    told = Imprint("示例市林业局 2025", 3, DAY, "0a1b2c3d4e5f6071", example=True)
    content = xlsx(TITLE + HEAD + ROWS)
    line = "示例数据　示例市林业局 2025　第3版　数据截至2025年10月31日　校验码0a1b2c3d4e5f"
    clean = opened(official_form.write(scored(content), METHOD, imprint=told)).worksheets[0]
    assert line in texts(clean)
    assert clean.oddFooter.left.text == line
    assert "（示例数据）" in clean["A1"].value
    back = opened(official_form.write(scored(content), METHOD, original=content, imprint=told))
    assert back[SHEET]["A1"].value == line


def test_an_imprint_says_only_what_it_was_given() -> None:
    assert Imprint().line() == "内部资料"
    assert Imprint("甲 2025", example=True).line() == "示例数据　甲 2025"


def test_the_same_table_gives_the_same_bytes() -> None:
    content = xlsx(TITLE + HEAD + ROWS)
    assert written_back(content) == written_back(content)
    assert official_form.write(scored(content), METHOD) == official_form.write(scored(content), METHOD)


def test_a_table_without_rows_is_a_form_without_rows() -> None:
    empty = scored(xlsx(TITLE + HEAD + ROWS)).iloc[:0]
    sheet = opened(official_form.write(empty, METHOD)).worksheets[0]
    assert "绩效目标考评得分" in texts(sheet)
    assert "=" not in texts(sheet)
