"""合并科室填报表: what departments say comes together; where they differ, nobody chooses for them."""

from datetime import date
from math import isnan

import pandas as pd
import pytest

from data.carry_over import carry_over
from data.errors import WorkbookRejected
from data.many.bundle import files_of
from data.merging import Merged, Remark, findings_of, merge
from data.plan import TABLES, Plan, parse, shipped
from data.reader import read_workbook
from reports.papers import merged_form
from scoring import Method
from scoring.table import PANEL
from scoring.targets import Target
from tests.drawing import saved
from tests.filling import (
    PLAN,
    SHEET,
    Said,
    answered,
    cell,
    filled,
    name_of,
    of,
    opened,
    reading,
    sheets,
    table_of,
    target_cell,
)
from tests.published import BARE
from tests.workbooks import zipped

JULY = date(2025, 7, 31)
DRAWING = """
序号 | 二级指标     | 权重 | 完成时限 | 责任科室       | 全年完成情况 | 完成进度 | 佐证材料 | 下一步   | 自评定档
1-1  | 造林5000亩   | 4    | 12月底前 | 造林科         | 已造林2000亩 | 40%      | 图       | 秋季补造 | 二档
1-2  | 防火培训20场 | 3    | 11月底前 | 防火科、造林科 | 已办8场      | 40%      | 册       |          |
1-3  | 办理林权登记 | 3    | 12月底前 | 林权科         |              |          |          |          |
"""


def table(merged: Merged, *chosen: int) -> pd.DataFrame:
    return merged.table(chosen).set_index("serial")


def codes(merged: Merged) -> list[tuple[str, str]]:
    return [(remark.code, remark.serial) for remark in merged.remarks]


def published(merged: Merged, base: pd.DataFrame, *chosen: int, day: date = JULY) -> pd.DataFrame:
    """Return the table that publishing the merged workbook gives, by serial."""
    plan = parse(BARE, "test.toml")
    content = merged_form.write(merged.table(chosen), Method.default(), plan, as_of=day)
    return carry_over(read_workbook(content, "合并填报（2个科室）.xlsx").table, base, day).set_index("serial")


def test_each_file_s_answers_are_taken_and_blanks_are_left_to_carrying_over() -> None:
    base = table_of(DRAWING)
    merged = merge(
        base,
        [
            answered(
                base,
                "造林科",
                {
                    ("1-1", "全年完成情况"): "已造林3000亩",
                    ("1-1", "完成进度"): 0.6,
                    ("1-1", "佐证材料"): "新图",
                    ("1-1", "下一步"): "验收",
                    ("1-1", "自评定档"): "一档",
                },
            ),
            answered(base, "林权科", {("1-3", "全年完成情况"): "登记了八成五"}),
        ],
        PLAN,
    )
    assert (merged.conflicts, merged.remarks) == ((), ())
    told = table(merged)
    assert list(told["completion"]) == ["已造林3000亩", "", "登记了八成五"]
    assert told.loc["1-1", ["reported_progress", "evidence", "next_step", "self_tier"]].tolist() == [
        0.6,
        "新图",
        "验收",
        1,
    ]
    assert isnan(told.at["1-2", "reported_progress"])
    after = published(merged, base)
    assert list(after["completion"]) == ["已造林3000亩", "已办8场", "登记了八成五"]
    assert list(after["reported_on"].dt.date) == [JULY, date(2025, 6, 30), JULY]
    assert after.at["1-2", "evidence"] == "册"


def test_what_carrying_over_does_not_cover_stays_as_it_was() -> None:
    base = table_of(DRAWING)
    told = table(merge(base, [answered(base, "造林科", {("1-1", "全年完成情况"): "已造林3000亩"})]))
    assert told.loc["1-1", ["evidence", "next_step", "self_tier"]].tolist() == ["图", "秋季补造", 2]


def test_a_withdrawn_report_goes_with_its_evidence() -> None:
    base = table_of(DRAWING)
    merged = merge(base, [answered(base, "造林科", {("1-1", "全年完成情况"): "撤回", ("1-1", "下一步"): "撤回"})])
    row = published(merged, base).loc["1-1"]
    assert row[["completion", "evidence", "next_step"]].tolist() == ["", "", ""]
    assert isnan(row["reported_progress"])


def test_two_departments_that_say_different_things_are_shown_side_by_side() -> None:
    base = table_of(DRAWING)
    said: list[Said] = [{("1-2", "全年完成情况"): text} for text in ("已办12场", "已办15场")]
    merged = merge(base, [answered(base, name, each) for name, each in zip(("造林科", "防火科"), said, strict=True)])
    (conflict,) = merged.conflicts
    assert (conflict.place.row, conflict.place.field) == (1, "completion")
    assert [(each.department, each.file, each.value) for each in conflict.answers] == [
        ("造林科", name_of("造林科"), "已办12场"),
        ("防火科", name_of("防火科"), "已办15场"),
    ]
    assert [table(merged, at).at["1-2", "completion"] for at in (0, 1)] == ["已办12场", "已办15场"]


def test_nothing_is_chosen_by_itself() -> None:
    base = table_of(DRAWING)
    merged = merge(
        base, [answered(base, name, {("1-2", "完成进度"): at}) for at, name in enumerate(("造林科", "防火科"))]
    )
    with pytest.raises(ValueError, match="shorter"):
        merged.table()


def test_the_same_said_twice_is_no_conflict() -> None:
    base = table_of(DRAWING)
    texts = ("已办 12 场", "已办12场")
    merged = merge(
        base,
        [
            answered(base, name, {("1-2", "全年完成情况"): text, ("1-2", "完成进度"): 0.6})
            for name, text in zip(("造林科", "防火科"), texts, strict=True)
        ],
    )
    assert merged.conflicts == ()
    assert table(merged).at["1-2", "completion"] == "已办 12 场"


def test_one_who_says_something_and_one_who_says_nothing_do_not_differ() -> None:
    base = table_of(DRAWING)
    merged = merge(
        base, [answered(base, "造林科", {}), answered(base, "防火科", {("1-2", "全年完成情况"): "已办12场"})]
    )
    assert merged.conflicts == ()
    assert [(sheet.department, sheet.rows) for sheet in merged.sheets] == [("造林科", 0), ("防火科", 1)]


def test_a_stated_actual_goes_with_the_promise_it_was_asked_for() -> None:
    base = table_of(DRAWING)
    said = {("造林", "实际值"): 3100, ("造林", "佐证"): "验收单"}
    merged = merge(base, [answered(base, "造林科", {}, said)])
    after = published(merged, base)
    (target,) = after.at["1-1", "targets"]
    assert (target.actual, target.evidence, target.value, target.unit) == (3100, "验收单", 5000, "亩")
    assert after.at["1-2", "targets"] == ()
    assert after.at["1-1", "completion"] == "已造林2000亩"


def test_different_actuals_of_one_target_are_a_conflict() -> None:
    base = table_of(DRAWING)
    filled_in = [
        answered(base, name, {}, {("防火培训", "实际值"): at}) for name, at in (("造林科", 12), ("防火科", 15))
    ]
    (conflict,) = merge(base, filled_in).conflicts
    assert (conflict.place.field, conflict.place.target) == ("actual", 0)
    assert [answer.value for answer in conflict.answers] == [12, 15]


def test_confirmed_targets_are_asked_for_instead_of_those_the_text_gives() -> None:
    base = table_of(DRAWING)
    confirmed = Target("count", ">=", 2, "类", "林种", 0, 0)
    base["targets"] = pd.Series([(confirmed,), (), ()], base.index, dtype="object")
    merged = merge(base, [answered(base, "造林科", {}, {("林种", "实际值"): 1})])
    assert [target.actual for target in table(merged).at["1-1", "targets"]] == [1]


def test_the_kind_that_a_person_chose_for_a_target_outlives_the_sheets() -> None:
    base = table_of(DRAWING)
    confirmed = Target("level", ">=", 5000, "亩", "造林", 0, 0)
    base["targets"] = pd.Series([(confirmed,), (), ()], base.index, dtype="object")
    merged = merge(base, [answered(base, "造林科", {}, {("造林", "实际值"): 3100})])
    (target,) = published(merged, base).at["1-1", "targets"]
    assert (target.kind, target.actual) == ("level", 3100)


def test_a_row_of_another_department_is_told_and_left_out() -> None:
    base = table_of(DRAWING)
    book = opened(of(base, "造林科"))
    book[SHEET]["A6"], book[SHEET]["D6"] = "1-3", "办理林权登记"
    cell(book[SHEET], "1-3", "全年完成情况").value = "都办好了"
    merged = merge(base, [reading(saved(book), "造林科")])
    assert codes(merged) == [("foreign_row", "1-3")]
    assert merged.settled == ()


def test_a_serial_that_nobody_knows_is_told() -> None:
    base = table_of(DRAWING)
    book = opened(of(base, "造林科"))
    book[SHEET]["A6"] = "9-9"
    cell(book[SHEET], "9-9", "全年完成情况").value = "完成"
    assert codes(merge(base, [reading(saved(book), "造林科")])) == [("unknown_row", "9-9")]


def test_changed_texts_and_weights_are_told_and_ignored() -> None:
    base = table_of(DRAWING)
    book = opened(of(base, "造林科"))
    cell(book[SHEET], "1-1", "二级指标").value = "造林3000亩"
    cell(book[SHEET], "1-1", "权重").value = 5
    cell(book[SHEET], "1-1", "全年完成情况").value = "已造林3000亩"
    merged = merge(base, [reading(saved(book), "造林科")])
    assert codes(merged) == [("text_changed", "1-1"), ("weight_changed", "1-1")]
    assert table(merged).loc["1-1", ["indicator", "weight", "completion"]].tolist() == ["造林5000亩", 4, "已造林3000亩"]


def test_a_target_that_nobody_asked_for_is_told() -> None:
    base = table_of(DRAWING)
    book = opened(filled(of(base, "造林科"), {}, {("造林", "实际值"): 3000}))
    target_cell(book["量化目标"], "造林", "目标值").value = 3000
    merged = merge(base, [reading(saved(book), "造林科")])
    assert merged.remarks == (Remark(name_of("造林科"), "target_unknown", "1-1", "造林3000亩"),)
    assert merged.settled == ()


@pytest.mark.parametrize("serials", [["", "", ""], ["1", "1", "1"]])
def test_rows_without_a_serial_of_their_own_are_found_by_their_texts(serials: list[str]) -> None:
    base = table_of(DRAWING)
    sent = []
    for name, row, text in (("林权科", 5, "登记了八成五"), ("造林科", 6, "已办12场")):
        book = opened(of(base.assign(serial=serials), name))
        book[SHEET].cell(row, 9).value = text
        sent.append(reading(saved(book), name))
    merged = merge(base.assign(serial=serials), sent)
    assert list(merged.table()["completion"]) == ["", "已办12场", "登记了八成五"]


def test_a_file_of_another_plan_is_left_out() -> None:
    base = table_of(DRAWING)
    merged = merge(base, [answered(base, "造林科", {("1-1", "全年完成情况"): "x"})], "某市水利局 2025")
    assert merged.remarks == (Remark(name_of("造林科"), "other_plan", "", PLAN),)
    assert merged.sheets == ()


def test_a_sheet_that_lost_its_title_is_taken_by_its_serials() -> None:
    base = table_of(DRAWING)
    book = opened(filled(of(base, "造林科"), {("1-1", "全年完成情况"): "已造林3000亩"}))
    book[SHEET]["A1"] = "2025年度情况表"
    merged = merge(base, [reading(saved(book), "造林科")])
    assert codes(merged) == [("department_unknown", "")]
    assert table(merged).at["1-1", "completion"] == "已造林3000亩"


def test_the_days_that_the_files_name_are_told() -> None:
    base = table_of(DRAWING)
    days = [date(2025, 10, 31), date(2025, 9, 30), date(2025, 10, 31)]
    sent = [answered(base, name, {}, day=day) for name, day in zip(("造林科", "防火科", "林权科"), days, strict=True)]
    assert merge(base, sent).data_dates == (date(2025, 9, 30), date(2025, 10, 31))


def test_only_what_was_found_in_cells_to_fill_is_told_of_a_part_of_a_table() -> None:
    base = table_of(DRAWING)
    book = opened(of(base, "造林科"))
    cell(book[SHEET], "1-1", "自评定档").value = "很好"
    target_cell(book["量化目标"], "造林", "实际值").value = "不少"
    _, found = reading(saved(book), "造林科")
    assert {(finding.sheet, finding.cell) for finding in findings_of(found)} == {(SHEET, "M5"), ("量化目标", "H3")}
    assert findings_of(reading(of(base, "造林科"), "造林科")[1]) == ()


def test_the_merged_workbook_is_the_same_every_time() -> None:
    base = table_of(DRAWING)
    merged = merge(base, [answered(base, "造林科", {("1-1", "全年完成情况"): "@合计"}, {("造林", "实际值"): 3100})])
    plan = parse(BARE, "test.toml")
    made = [merged_form.write(merged.table(), Method.default(), plan, as_of=JULY) for _ in range(2)]
    assert made[0] == made[1]
    assert read_workbook(made[0], "合并.xlsx").table.at[0, "completion"] == "@合计"


def example() -> Plan:
    return next(plan for plan in shipped() if plan.example)


def tables(plan: Plan) -> list[pd.DataFrame]:
    """Return the tables of a shipped plan's versions, as the store keeps them."""
    kept: list[pd.DataFrame] = []
    for issue in plan.issues:
        read = read_workbook((TABLES / issue.file).read_bytes(), issue.file).table
        kept.append(carry_over(read, kept[-1] if kept else None, issue.data_date))
    return kept


FILLED = {"completion": "全年完成情况", "reported_progress": "完成进度", "evidence": "佐证材料", "next_step": "下一步"}
TIERS = {1: "一档", 2: "二档", 3: "三档"}


def as_said(row: pd.Series, was: pd.Series, serial: str) -> dict[tuple[str, str], object]:
    """Return what a department types so that the version's row becomes this one: what is new, 撤回 for what is gone."""
    if row["completion"] != was["completion"]:  # a new text outranks the older number
        was = was.copy()
        was["reported_progress"] = float("nan")
    said: dict[tuple[str, str], object] = {}
    for field, heading in FILLED.items():
        if row[field] == row[field] and row[field] != was[field]:
            said[serial, heading] = row[field] if row[field] != "" else "撤回"
    if not isnan(row["self_tier"]):
        said[serial, "自评定档"] = TIERS[int(row["self_tier"])]
    return said


@pytest.mark.parametrize("number", range(1, 5))
def test_sheets_of_all_departments_filled_and_merged_are_the_next_version(number: int) -> None:
    plan = example()
    base, after = (table.set_index("serial", drop=False) for table in tables(plan)[number - 1 : number + 1])
    day = plan.issues[number].data_date
    sent = []
    for name, content in sheets(base).items():
        own = [str(row) for row in read_workbook(content, name).table["serial"]]
        said: dict[tuple[str, str], object] = {}
        for serial in own:
            said |= as_said(after.loc[serial], base.loc[serial], serial)
        sent.append((name, read_workbook(filled(content, said, day=day), name)))
    merged = merge(base, sent)
    assert (merged.conflicts, merged.remarks) == ((), ())
    content = merged_form.write(merged.table(), Method.default(), plan, as_of=day)
    made = carry_over(read_workbook(content, "合并填报（13个科室）.xlsx").table, base, day).set_index("serial")
    for field in ("completion", "reported_progress", "evidence", "next_step", "self_tier"):
        pd.testing.assert_series_equal(made[field], after[field], check_names=False)


def test_scores_tiers_and_results_that_no_department_fills_in_stay() -> None:
    plan = example()
    base = tables(plan)[-1]
    content = merged_form.write(merge(base, []).table(), Method.default(), plan, as_of=plan.issues[-1].data_date)
    made = carry_over(read_workbook(content, "合并填报.xlsx").table, base, plan.issues[-1].data_date)
    own = [
        "weight",
        "self_tier",
        "peer_tier",
        "office_tier",
        *PANEL,
        "stated_result",
        "heads",
        "leaders",
        "category",
        "group",
    ]
    pd.testing.assert_frame_equal(made[own], base[own].reset_index(drop=True))


def test_untouched_sheets_of_the_notice_merge_into_its_own_table() -> None:
    plan = next(plan for plan in shipped() if not plan.example)
    (base,) = tables(plan)
    day = plan.issues[0].data_date
    sent = [(name, read_workbook(content, name)) for name, content in sheets(base).items()]
    merged = merge(base, sent)
    assert (merged.settled, merged.conflicts, merged.remarks) == ((), (), ())
    content = merged_form.write(merged.table(), Method.default(), plan, as_of=day)
    made = carry_over(read_workbook(content, "合并填报.xlsx").table, base, day)
    own = [name for name in base.columns if name not in ("sheet", "row")]
    pd.testing.assert_frame_equal(made[own], base[own].reset_index(drop=True))


def test_a_zip_is_taken_apart_and_a_workbook_is_not() -> None:
    made = sheets(table_of(DRAWING))
    name, content = next(iter(made.items()))
    assert files_of(name, content) == ((name, content),)
    inside = zipped({**made, "__MACOSX/._a.xlsx": b"x", "夹/~$a.xlsx": b"x", "夹/b.xlsx": b"y"})
    assert dict(files_of("全部.zip", inside)) == {**made, "b.xlsx": b"y"}


def test_names_that_windows_wrote_in_its_own_code_page_are_read() -> None:
    raw = zipped({"xxxxxx.xlsx": b"1"}).replace(b"xxxxxx", "造林科".encode("gb18030"))
    assert files_of("全部.zip", raw) == (("造林科.xlsx", b"1"),)


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", zipped({"a.xlsx": b"1"})[:-30]], ids=["garbage", "cut short"])
def test_a_broken_zip_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(WorkbookRejected, match=r"“全部\.zip”已损坏"):
        files_of("全部.zip", content)


def test_a_zip_that_grows_beyond_the_limit_is_refused() -> None:
    bomb = zipped({f"{number}.xlsx": bytes(19 * 2**20) for number in range(7)})
    with pytest.raises(WorkbookRejected, match="解压后超过100MB"):
        files_of("全部.zip", bomb)
