"""What changed between two versions, drawn as tables; and the sentences that tell it."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.findings import Finding
from data.reading.target_entry import NO_TARGET
from reports import changes as said
from reports.words import plain
from scoring import Method, changes, score
from scoring.changes import KINDS, NOWHERE, Changes
from scoring.table import conform
from scoring.targets import Target, extract_targets
from tests.indicators import scored, table

HEAD = "serial | indicator | weight | due | departments | completion | reported_progress\n"


def compared(before: str, after: str, *days: str) -> Changes:
    then, now = days or ("2025-08-31", "2025-10-31")
    return changes.compare(scored(HEAD + before, then) if before else None, scored(HEAD + after, now))


def kinds(found: Changes) -> dict[str, str]:
    """Return each indicator's kind by its text."""
    rows = zip(found.indicators["kind"], found.indicators["was"], found.indicators["now"], strict=True)
    return {
        (found.before if now == NOWHERE else found.after)["indicator"].iloc[was if now == NOWHERE else now]: kind
        for kind, was, now in rows
    }


def targets(found: Changes) -> list[tuple[str, object, object]]:
    return [(row.field, row.old, row.new) for row in found.targets.itertuples()]


def test_each_kind_is_told_by_how_the_status_moved():
    found = compared(
        """
        1 | 造林     | 2 | 2025-12-31 | 造林科 | 已造林        | 0.70
        2 | 抚育     | 2 | 2025-12-31 | 造林科 | 抚育了一些    | 0.20
        3 | 防火     | 2 | 2025-12-31 | 防火科 |               |
        4 | 种苗     | 2 | 2025-12-31 | 种苗科 | 育苗中        | 0.80
        5 | 林权     | 2 | 2025-12-31 | 林权科 | 已完成        | 1
        6 | 有害生物 | 2 | 2025-12-31 | 防治科 | 监测中        | 0.70
        """,
        """
        1 | 造林     | 2 | 2025-12-31 | 造林科 | 还是那些      | 0.70
        2 | 抚育     | 2 | 2025-12-31 | 造林科 | 抚育了八成    | 0.85
        3 | 防火     | 2 | 2025-12-31 | 防火科 | 办了一期      | 0.10
        4 | 种苗     | 2 | 2025-12-31 | 种苗科 | 育苗过八成五  | 0.85
        5 | 林权     | 2 | 2025-12-31 | 林权科 | 已完成        | 1
        7 | 湿地     | 2 | 2025-12-31 | 防治科 |               |
        """,
    )
    assert kinds(found) == {
        "造林": "worse",
        "抚育": "better",
        "防火": "newly_reported",
        "种苗": "updated",
        "林权": "unchanged",
        "湿地": "added",
        "有害生物": "removed",
    }
    assert changes.points(found)["weight"].to_dict() == dict.fromkeys(KINDS, 2.0)


def test_a_withdrawn_report_is_worse_and_nothing_that_cannot_be_judged_is_better():
    found = compared(
        "1 | 造林 | 2 | 2025-12-31 | 造林科 | 造林中 | 0.9\n2 | 抚育 | 2 | 2025-12-31 | 造林科 | 抚育中 | 0.1",
        "1 | 造林 | 2 | 2025-12-31 | 造林科 |        |    \n2 | 抚育 | 2 | 2025-12-31 | 造林科 | 情况见附件 |",
    )
    assert list(found.before["status"]) == ["on_pace", "behind"]
    assert list(found.after["status"]) == ["not_reported", "unjudged"]
    assert kinds(found) == {"造林": "worse", "抚育": "updated"}


def test_time_alone_makes_worse_what_was_not_reported_again():
    line = "1 | 造林 | 2 | 2025-12-31 | 造林科 | 造林中 | 0.65"
    assert kinds(compared(line, line)) == {"造林": "worse"}
    assert kinds(compared(line, line, "2025-08-31", "2025-08-31")) == {"造林": "unchanged"}


def test_rows_are_matched_by_text_where_serials_moved():
    found = compared(
        "1-1 | 造林 | 2 | | 造林科 | |\n1-2 | 抚育 | 3 | | 造林科 | |",
        "1-1 | 造林 | 2 | | 造林科 | |\n1-2 | 湿地 | 1 | | 湿地科 | |\n1-3 | 抚育 | 3 | | 造林科 | |",
    )
    assert kinds(found) == {"造林": "unchanged", "湿地": "added", "抚育": "unchanged"}
    assert targets(found) == []


def test_a_serial_keeps_its_indicator_where_the_text_changed():
    found = compared("1-1 | 造林120亩 | 2 | | 造林科 | |", "1-1 | 造林100亩 | 2 | | 造林科 | |")
    assert kinds(found) == {"造林100亩": "unchanged"}
    assert targets(found) == [("indicator", "造林120亩", "造林100亩")]


def test_a_serial_keeps_its_indicator_where_the_text_was_added_to():
    found = compared(
        "1-1 | 造林 | 2 | | 造林科 | |", "1-1 | 造林（调整后） | 2 | | 造林科 | |\n1-2 | 造林 | 2 | | 造林科 | |"
    )
    assert kinds(found) == {"造林（调整后）": "unchanged", "造林": "added"}


def test_a_text_that_stands_twice_tells_nothing():
    found = compared("1 | 其他 | 2 | | 甲科 | |\n2 | 其他 | 3 | | 乙科 | |", "3 | 其他 | 2 | | 甲科 | |")
    assert sorted(found.indicators["kind"]) == ["added", "removed", "removed"]


def test_weight_deadline_and_owners_are_target_changes_with_old_and_new():
    found = compared(
        "1 | 造林 | 2 | 2025-12-31 | 造林科 | |\n2 | 抚育 |   | 2025-12-31 | 造林科、防火科 | |",
        "1 | 造林 | 3 | 2025-11-30 | 种苗科 | |\n2 | 抚育 | 1 | 2025-12-31 | 防火科、造林科 | |",
    )
    assert targets(found)[:3] == [
        ("weight", 2.0, 3.0),
        ("due", date(2025, 12, 31), date(2025, 11, 30)),
        ("departments", ("造林科",), ("种苗科",)),
    ]
    _, blank, written = targets(found)[3]
    assert pd.isna(blank)
    assert written == 1.0
    assert targets(found)[4] == ("departments", ("造林科", "防火科"), ("防火科", "造林科"))


def test_blanks_and_wide_digits_change_no_target():
    head = "serial | indicator | weight | due_text\n"
    before = scored(head + "1 | 造林 120 亩 | 2 | 12月底前")
    after = scored(head + "1 | 造林１２０亩 | 2 | 12月 底前")
    assert changes.compare(before, after).targets.empty


def test_a_first_version_adds_everything():
    found = compared("", "1 | 造林 | 2 | | 造林科 | |\n2 | 抚育 | | | 造林科 | |")
    assert kinds(found) == {"造林": "added", "抚育": "added"}
    assert changes.points(found).loc["added"].tolist() == [2, 2.0]


def test_points_of_a_department_are_compared_and_missing_is_not_zero():
    found = compared(
        "1 | 造林 | 2 | 2025-12-31 | 造林科 | 中 | 0.1\n2 | 防火 | 3 | 2025-12-31 | 防火科 | 中 | 0.9",
        "1 | 造林 | 2 | 2025-12-31 | 造林科 | 已完成 | 1\n3 | 湿地 | 1 | 2025-12-31 | 湿地科 | |",
    )
    told = changes.by_department(found)
    assert list(told.index) == ["造林科", "湿地科", "防火科"]
    assert told.loc["造林科"].tolist() == [2.0, 0.0, 2.0]
    assert pd.isna(told.at["湿地科", "before"])
    assert pd.isna(told.at["防火科", "after"])


LINE = st.fixed_dictionaries(
    {
        "serial": st.sampled_from(["", "1", "2", "3"]),
        "indicator": st.sampled_from(["", "甲", "乙", "丙", "丁"]),
        "goal": st.sampled_from(["", "甲", "戊"]),
        "weight": st.sampled_from([float("nan"), 0.0, 1.0, 2.5]),
        "completion": st.sampled_from(["", "已完成", "推进中"]),
        "reported_progress": st.sampled_from([float("nan"), 0.1, 0.9]),
        "departments": st.sampled_from([(), ("甲科",), ("甲科", "乙科")]),
    }
)


def judged(lines: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(lines, index=range(len(lines)), columns=list(lines[0]) if lines else ["serial"])
    return score(conform(frame), Method.default(), date(2025, 10, 31))


@settings(max_examples=40)
@given(before=st.lists(LINE, max_size=6), after=st.lists(LINE, max_size=6))
def test_every_indicator_stands_in_exactly_one_kind(before: list[dict[str, object]], after: list[dict[str, object]]):
    then, now = judged(before), judged(after)
    rows = changes.compare(then, now).indicators
    assert list(rows["now"][rows["now"] != NOWHERE]) == list(range(len(now)))
    assert sorted(rows["was"][rows["was"] != NOWHERE]) == list(range(len(then)))
    assert rows["kind"].notna().all()
    assert ((rows["kind"] == "added") == (rows["was"] == NOWHERE)).all()
    assert ((rows["kind"] == "removed") == (rows["now"] == NOWHERE)).all()
    assert changes.points(changes.compare(then, now))["indicators"].sum() == len(rows)


@settings(max_examples=30)
@given(lines=st.lists(LINE, max_size=6))
def test_a_table_compared_with_itself_has_no_change(lines: list[dict[str, object]]):
    numbered = [line | {"serial": str(place)} for place, line in enumerate(lines)]
    found = changes.compare(judged(numbered), judged(numbered))
    assert set(found.indicators["kind"]) <= {"unchanged"}
    assert found.targets.empty


def confirming(text: str, then: tuple[Target, ...], now: tuple[Target, ...], after: str = "") -> Changes:
    """Compare two versions of one indicator by the targets that were confirmed in each."""
    sides = []
    for words, confirmed, day in ((text, then, "2025-08-31"), (after or text, now, "2025-10-31")):
        drawn = table(f"{HEAD}1 | {words} | 2 | 2025-12-31 | 甲科 | 已新增50个 | _")
        drawn["targets"] = pd.Series([confirmed], drawn.index, dtype="object")
        sides.append(score(drawn, Method.default(), as_of=date.fromisoformat(day)))
    return changes.compare(*sides)


PROMISE = "新增海外仓超100个"
READ = extract_targets(PROMISE)
CORRECTED = (replace(READ[0], value=120),)


def shown(found: Changes) -> list[tuple[str, str, str]]:
    return [
        (said.TARGETS[field], said.value(field, old, 2025), said.value(field, new, 2025))
        for field, old, new in targets(found)
    ]


def test_confirming_what_the_text_says_changes_no_target():
    assert targets(confirming(PROMISE, (), READ)) == []


def test_a_correction_is_a_changed_target_in_words():
    assert shown(confirming(PROMISE, (), CORRECTED)) == [("量化目标", "海外仓超100个", "海外仓超120个")]
    assert shown(confirming(PROMISE, CORRECTED, READ)) == [("量化目标", "海外仓超120个", "海外仓超100个")]
    assert shown(confirming(PROMISE, READ, (NO_TARGET,))) == [("量化目标", "海外仓超100个", "没有量化目标")]


def test_without_any_confirmation_a_changed_text_is_told_once():
    found = confirming(PROMISE, (), (), "新增海外仓超150个")
    assert [field for field, _, _ in targets(found)] == ["indicator"]


def test_an_actual_is_a_report_and_no_target():
    found = confirming(PROMISE, READ, (replace(READ[0], actual=51),))
    assert targets(found) == []
    assert set(kinds(found).values()) == {"updated"}
    was, now = (next(side.itertuples()) for side in (found.before, found.after))
    assert said.reports(was, now) == (("实际值", "空白", "海外仓51个"),)


def test_the_story_tells_a_corrected_target():
    assert "1的量化目标由海外仓超100个改为海外仓超120个" in plain(
        said.story(confirming(PROMISE, (), CORRECTED), date(2025, 10, 31), 2025)[2]
    )


# The words


def finding(severity: str, code: str = "names_alike") -> Finding:
    return Finding(code, severity, "考评表", "F5", "不一样。", "照列。")


MOVES = (
    "1 | 造林 | 2 | 2025-12-31 | 造林科 | 中 | 0.1\n2 | 防火 | 3 | 2025-12-31 | 防火科 | 中 | 0.9",
    "1 | 造林 | 2 | 2025-12-31 | 造林科 | 已完成 | 1\n2 | 防火 | 3 | 2025-12-31 | 防火科 | 中了 | 0.2",
)


def test_the_headline_tells_what_moved_and_what_to_check():
    found = compared(*MOVES)
    told = plain(said.headline(found, (finding("check"), finding("check"), finding("normalized"))))
    assert told == "这一版更新2项：2分转好，3分转差；2处请核对，不影响发布。"


def test_what_blocks_stands_first_in_the_headline():
    told = plain(said.headline(compared(*MOVES), (finding("blocking"),)))
    assert told.startswith("还不能发布：1处须先处理；")


def test_an_incomplete_table_is_told_in_points():
    read = table("serial | indicator | weight\n1 | 造林 | 30\n2 | 抚育 | 40")
    told = said.incomplete_points(score(read, Method.default(), date(2025, 6, 30)), 100.0, ["1-7至1-12"])
    assert plain(told) == "只读到2项、70分，缺1-7至1-12，方案总分100分，少30分。"


def test_the_story_is_five_sentences():
    found = compared(*MOVES)
    story = [plain(sentence) for sentence in said.story(found, date(2025, 10, 31), 2025)]
    assert story == [
        "新完成1项、2分：造林。",
        "转差1项、3分：防火由正常转为滞后（防火科）。",
        "目标没有改动。",
        "没有超过60天未更新的指标。",
        "还没有打分，得分区间仍是0至5分；其中2分完成或按序时，3分有风险，0分未填报。",
    ]


def test_the_story_names_changed_targets_and_what_is_stale():
    line = "1 | 造林 | {} | 2025-12-31 | 造林科 | 中 | 0.5"
    found = compared(line.format(2), line.format(3))
    found.after["reported_on"] = pd.Timestamp("2025-06-30")
    story = [plain(sentence) for sentence in said.story(found, date(2025, 10, 31), 2025)]
    assert story[2] == "目标改动1处，须经审定：1的权重由2分改为3分。"
    assert story[3] == "1项超过60天未更新，最久的是造林（停在6月30日）。"


def test_in_the_evaluation_the_story_ends_with_the_range():
    head = "serial | indicator | weight | panel_1 | panel_2\n"
    found = changes.compare(
        scored(head + "1 | 造林 | 2 | |\n2 | 防火 | 3 | |"), scored(head + "1 | 造林 | 2 | 1.5 | 2\n2 | 防火 | 3 | |")
    )
    assert (
        plain(said.story(found, date(2025, 12, 31), 2025)[4])
        == "最终得分在1.75至4.75分之间，上一版是0至5，还有3分待评。"
    )


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("造林120亩，年内完成", "造林100亩，年内完成", [("same", "造林"), ("old", "120"), ("new", "100"), ("same", "亩，年内完成")]),
        ("甲乙丙丁", "子丑寅卯", [("old", "甲乙丙丁"), ("new", "子丑寅卯")]),
        ("", "造林", [("new", "造林")]),
        ("造林", "造林", [("same", "造林")]),
    ],
)  # fmt: skip
def test_edits_strike_the_old_and_keep_numbers_whole(old: str, new: str, pieces: list[tuple[str, str]]):
    assert [(edit.mark, edit.text) for edit in said.edits(old, new)] == pieces


@given(old=st.text("甲乙12", max_size=12), new=st.text("甲乙12", max_size=12))
def test_edits_spell_both_texts(old: str, new: str):
    pieces = said.edits(old, new)
    assert "".join(edit.text for edit in pieces if edit.mark != "new") == old
    assert "".join(edit.text for edit in pieces if edit.mark != "old") == new
