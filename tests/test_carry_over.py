"""沿用 over a year, drawn as tables: what each version's workbook says, and what the store then knows (rule 10)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.store import Store
from data.versions import Version
from scoring import Method, carried_over, score
from scoring.targets import Target
from tests.drawing import cells
from tests.stores import PLAN, contents, draft, opened, published

HEAD = "序号 | 二级指标 | 权重 | 时限 | 完成情况 | 进度\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened(tmp_path)


def told(store: Store, version: Version) -> str:
    """Return what the store knows of each row: its report, its progress, and the day the report was made."""
    return "\n".join(
        f"{row.serial} | {row.completion or '_'} | {shown(row.reported_progress)} | {day(row.reported_on)}"
        for row in store.table(version.id).itertuples()
    )


def shown(progress: float) -> str:
    return "_" if pd.isna(progress) else f"{progress:.0%}"


def day(moment: pd.Timestamp) -> str:
    return "_" if pd.isna(moment) else f"{moment:%m-%d}"


def test_over_five_versions_a_blank_takes_what_was_said_last(store: Store):
    april = published(store, HEAD + """
        1-1 | 造林     | 4 | 12月底前 | 已造林2000亩 | 40%
        1-2 | 抚育     | 3 | 12月底前 |              |
        1-3 | 防火培训 | 3 | 12月底前 | 已办2期      |
    """, "2025-04-30")  # fmt: skip
    june = published(store, HEAD + """
        1-1 | 造林     | 4 | 12月底前 |              |
        1-2 | 抚育     | 3 | 12月底前 | 已完成一半   | 50%
        1-3 | 防火培训 | 3 | 12月底前 |              |
    """, "2025-06-30")  # fmt: skip
    august = published(store, HEAD + """
        1-1 | 造林     | 4 | 12月底前 |              | 60%
        1-2 | 抚育     | 3 | 12月底前 |              |
        1-3 | 防火培训 | 3 | 12月底前 | 已办3期      |
    """, "2025-08-31")  # fmt: skip
    october = published(store, HEAD + """
        1-1 | 造林     | 4 | 12月底前 |              |
        1-2 | 抚育     | 3 | 12月底前 | 撤回         |
        1-3 | 防火培训 | 3 | 12月底前 |              |
        1-4 | 新增项目 | 1 | 12月底前 |              |
    """, "2025-10-31")  # fmt: skip
    december = published(store, HEAD + """
        1-1 | 造林     | 4 | 12月底前 | 已完成       | 100%
        1-2 | 抚育     | 3 | 12月底前 |              |
        1-3 | 防火培训 | 3 | 12月底前 |              |
        1-4 | 新增项目 | 1 | 12月底前 | 已启动       |
    """, "2025-12-31")  # fmt: skip
    assert cells(told(store, april)) == cells("""
        1-1 | 已造林2000亩 | 40% | 04-30
        1-2 | _            | _   | _
        1-3 | 已办2期      | _   | 04-30
    """)
    assert cells(told(store, june)) == cells("""
        1-1 | 已造林2000亩 | 40% | 04-30
        1-2 | 已完成一半   | 50% | 06-30
        1-3 | 已办2期      | _   | 04-30
    """)
    assert cells(told(store, august)) == cells("""
        1-1 | 已造林2000亩 | 60% | 08-31
        1-2 | 已完成一半   | 50% | 06-30
        1-3 | 已办3期      | _   | 08-31
    """)
    assert cells(told(store, october)) == cells("""
        1-1 | 已造林2000亩 | 60% | 08-31
        1-2 | _            | _   | _
        1-3 | 已办3期      | _   | 08-31
        1-4 | _            | _   | _
    """)
    assert cells(told(store, december)) == cells("""
        1-1 | 已完成       | 100% | 12-31
        1-2 | _            | _    | _
        1-3 | 已办3期      | _    | 08-31
        1-4 | 已启动       | _    | 12-31
    """)


def test_a_new_text_outranks_the_older_progress(store: Store):
    published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | 已造林4000亩 | 80%", "2025-04-30")
    second = published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | 返工，重新栽植 |", "2025-06-30")
    assert cells(told(store, second)) == cells("1-1 | 返工，重新栽植 | _ | 06-30")


def test_what_was_withdrawn_may_be_told_anew(store: Store):
    published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | 已造林2000亩 | 40%", "2025-04-30")
    published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | 撤回 |", "2025-06-30")
    third = published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | |", "2025-08-31")
    fourth = published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | 已造林1500亩 | 30%", "2025-10-31")
    assert cells(told(store, third)) == cells("1-1 | _ | _ | _")
    assert cells(told(store, fourth)) == cells("1-1 | 已造林1500亩 | 30% | 10-31")


def test_a_withdrawal_in_the_first_version_is_a_blank(store: Store):
    first = published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | 撤回 | 40%", "2025-04-30")
    assert cells(told(store, first)) == cells("1-1 | _ | _ | _")


def test_a_restore_undoes_a_mistaken_report_for_all_that_follows(store: Store):
    right = published(store, HEAD + """
        1-1 | 造林 | 4 | 12月底前 | 已造林2000亩 | 40%
        1-2 | 抚育 | 3 | 12月底前 |              |
    """, "2025-04-30")  # fmt: skip
    mistaken = published(store, HEAD + """
        1-1 | 造林 | 4 | 12月底前 | 已完成       | 100%
        1-2 | 抚育 | 3 | 12月底前 | 已抚育100亩  |
    """, "2025-06-30")  # fmt: skip
    restored = store.restore(right.id, base=mistaken.id, author="甲", note="误报", token="恢复")
    after = published(store, HEAD + """
        1-1 | 造林 | 4 | 12月底前 |              |
        1-2 | 抚育 | 3 | 12月底前 |              |
    """, "2025-08-31")  # fmt: skip
    assert told(store, restored) == told(store, right)
    assert cells(told(store, after)) == cells("""
        1-1 | 已造林2000亩 | 40% | 04-30
        1-2 | _            | _   | _
    """)
    assert cells(told(store, mistaken))[0] == ["1-1", "已完成", "100%", "06-30"]


def test_a_restored_version_s_blanks_are_not_filled_from_what_came_between(store: Store):
    first = published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | |", "2025-04-30")
    second = published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | 已造林2000亩 | 40%", "2025-06-30")
    third = store.restore(first.id, base=second.id, author="甲", note="", token="恢复")
    assert cells(told(store, third)) == cells("1-1 | _ | _ | _")


def test_rows_are_matched_by_serial_and_without_one_by_their_text(store: Store):
    published(store, HEAD + """
        1-1 | 造林 | 4 | 12月底前 | 已造林2000亩 |
            | 抚育 | 3 | 12月底前 | 已抚育100亩  |
    """, "2025-04-30")  # fmt: skip
    second = published(store, HEAD + """
            | 抚育           | 3 | 12月底前 | |
        1-1 | 造林（调整后） | 4 | 12月底前 | |
        1-2 | 造林           | 4 | 12月底前 | |
    """, "2025-06-30")  # fmt: skip
    assert cells(told(store, second)) == cells("""
            | 已抚育100亩  | _ | 04-30
        1-1 | 已造林2000亩 | _ | 04-30
        1-2 | _            | _ | _
    """)


def test_what_is_carried_over_is_judged_by_today_s_pace_and_marked(store: Store):
    april = published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | 已造林 | 40%", "2025-04-30")
    october = published(store, HEAD + "1-1 | 造林 | 4 | 12月底前 | |", "2025-10-31")
    judged = [score(store.table(each.id), Method.default(), as_of=each.data_date) for each in (april, october)]
    assert [list(table["status"]) for table in judged] == [["on_pace"], ["behind"]]
    assert list(carried_over(store.table(october.id), october.data_date)) == [True]


def test_a_report_goes_with_its_indicator_where_serials_moved(store: Store):
    published(store, HEAD + """
        1-1 | 造林 | 4 | 12月底前 | 已造林2000亩 | 40%
        1-2 | 抚育 | 3 | 12月底前 | 已抚育100亩  |
    """, "2025-04-30")  # fmt: skip
    second = published(store, HEAD + """
        1-1 | 湿地修复 | 1 | 12月底前 | |
        1-2 | 造林     | 4 | 12月底前 | |
        1-3 | 抚育     | 3 | 12月底前 | |
    """, "2025-06-30")  # fmt: skip
    assert cells(told(store, second)) == cells("""
        1-1 | _            | _   | _
        1-2 | 已造林2000亩 | 40% | 04-30
        1-3 | 已抚育100亩  | _   | 04-30
    """)


# Confirmed targets

WAREHOUSES = Target("count", ">=", 120, "个", "海外仓", 2, 7, 87, "台账")
PROMISED = "1-1 | 新增海外仓超100个 | 4 | 12月底前 | {} |"


@pytest.fixture
def confirmed(store: Store) -> Version:
    """A version whose report was made in April and whose targets were confirmed then."""
    april = published(store, HEAD + PROMISED.format("已新增70个"), "2025-04-30")
    return store.confirm(0, (WAREHOUSES,), base=april.id, author="甲", note="", token="确认")


def targets(store: Store, version: Version) -> tuple[Target, ...]:
    """Return the targets of the first indicator."""
    held: tuple[Target, ...] = store.table(version.id)["targets"].iloc[0]
    return held


def stating(store: Store, drawing: str, day: str, *stated: Target) -> Version:
    """Publish what is drawn, with a sheet 量化目标 that states the first indicator's targets."""
    newest = store.latest(PLAN)
    base = newest and store.table(newest.id)
    when = date.fromisoformat(day)
    parts = contents(drawing, when, base, stated=stated)
    return store._keep(draft(parts, newest and newest.id, f"{PLAN} {day}", day=day))


def lapsed(store: Store, version: Version) -> list[str]:
    return [each.message for each in store.findings(version.id) if each.code == "targets_lapsed"]


def test_confirmed_targets_go_with_their_indicator_and_its_report(store: Store, confirmed: Version):
    second = published(
        store, HEAD + "1-1 | 湿地 | 1 | 12月底前 | |\n1-2 | 新增海外仓超100个 | 4 | 12月底前 | |", "2025-06-30"
    )
    assert list(store.table(second.id)["targets"]) == [(), (WAREHOUSES,)]
    assert lapsed(store, second) == []


def test_a_new_text_outranks_the_older_actual_and_its_evidence(store: Store, confirmed: Version):
    second = published(store, HEAD + PROMISED.format("已新增95个"), "2025-06-30")
    assert targets(store, second) == (replace(WAREHOUSES, actual=None, evidence=""),)


def test_a_withdrawal_clears_the_actual_and_leaves_the_target(store: Store, confirmed: Version):
    second = published(store, HEAD + PROMISED.format("撤回"), "2025-06-30")
    assert targets(store, second) == (replace(WAREHOUSES, actual=None, evidence=""),)
    assert cells(told(store, second)) == cells("1-1 | _ | _ | _")


def test_a_withdrawal_clears_what_the_sheet_states_beside_it(store: Store):
    first = stating(store, HEAD + PROMISED.format("撤回"), "2025-04-30", WAREHOUSES)
    assert targets(store, first) == (replace(WAREHOUSES, actual=None, evidence=""),)
    assert cells(told(store, first)) == cells("1-1 | _ | _ | _")


def test_a_changed_text_ends_the_confirmation_and_that_is_told(store: Store, confirmed: Version):
    second = published(store, HEAD + "1-1 | 新增海外仓超150个 | 4 | 12月底前 | |", "2025-06-30")
    assert targets(store, second) == ()
    assert lapsed(store, second) == ["1-1的目标文字有改动，上版确认的量化目标不再沿用，请重新确认。"]
    third = store.confirm(0, (WAREHOUSES,), base=second.id, author="甲", note="", token="再确认")
    assert lapsed(store, third) == []


def test_a_blank_more_in_the_text_changes_nothing_but_the_place(store: Store, confirmed: Version):
    second = published(store, HEAD + "1-1 | 新增 海外仓 超100个 | 4 | 12月底前 | |", "2025-06-30")
    assert targets(store, second) == (replace(WAREHOUSES, start=7, end=12),)
    assert lapsed(store, second) == []


def test_the_sheet_outranks_what_was_confirmed_also_for_a_changed_text(store: Store, confirmed: Version):
    stated = replace(WAREHOUSES, value=150, actual=99)
    second = stating(store, HEAD + "1-1 | 新增海外仓超150个 | 4 | 12月底前 | |", "2025-06-30", stated)
    assert targets(store, second) == (stated,)
    assert lapsed(store, second) == []
    assert cells(told(store, second)) == cells("1-1 | 已新增70个 | _ | 06-30")


def test_a_blank_actual_of_the_sheet_takes_the_one_before_where_nothing_else_is_reported(
    store: Store, confirmed: Version
):
    stated = replace(WAREHOUSES, value=150, actual=None, evidence="")
    second = stating(store, HEAD + PROMISED.format(""), "2025-06-30", stated)
    assert targets(store, second) == (replace(stated, actual=87, evidence="台账"),)
    third = stating(store, HEAD + PROMISED.format("已新增95个"), "2025-08-31", stated)
    assert targets(store, third) == (stated,)


def test_a_stated_actual_is_a_report_of_its_day(store: Store):
    published(store, HEAD + "1-1 | 新增海外仓超100个 | 4 | 12月底前 | | 40%", "2025-04-30")
    second = stating(store, HEAD + PROMISED.format(""), "2025-06-30", WAREHOUSES)
    assert cells(told(store, second)) == cells("1-1 | _ | _ | 06-30")


def test_a_restore_brings_the_targets_back_as_they_were(store: Store, confirmed: Version):
    changed = published(store, HEAD + "1-1 | 新增海外仓超150个 | 4 | 12月底前 | |", "2025-06-30")
    restored = store.restore(confirmed.id, base=changed.id, author="甲", note="", token="恢复")
    assert targets(store, restored) == (WAREHOUSES,)
