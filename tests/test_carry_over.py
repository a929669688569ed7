"""沿用 over a year, drawn as tables: what each version's workbook says, and what the store then knows (rule 10)."""

from pathlib import Path

import pandas as pd
import pytest

from data.store import Store
from data.versions import Version
from scoring import Method, carried_over, score
from tests.drawing import cells
from tests.stores import opened, published

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
