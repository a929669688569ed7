"""The audit of names: a proposal for what looks alike, and nothing merged."""

import pytest

from data.plan import Alias
from tests.forms import found, named, one, planned

HEADING = "序号 | 二级指标 | 权重 | 科室 | 负责人 | 分管\n"


def heads(*rows: tuple[str, str]) -> str:
    """Draw a table with a department and its head in each row."""
    return HEADING + "\n".join(
        f"{place} | 工作{place} | 1 | {department} | {head} |" for place, (department, head) in enumerate(rows, 1)
    )


def leaders(*names: str) -> str:
    """Draw a table with a leader in each row, all over one department."""
    return HEADING + "\n".join(f"{place} | 工作{place} | 1 | 造林科 | | {name}" for place, name in enumerate(names, 1))


def test_two_spellings_of_a_name_are_found_with_the_more_frequent_proposed() -> None:
    finding = one(heads(("市场科", "施纯洲"), ("市场科", "施纯洲"), ("市场科", "施纯州")), "names_alike")
    assert finding.cell == "E4"
    assert "“施纯州”（E4，1项）与“施纯洲”（E2等，2项）" in finding.message
    assert "统一写作“施纯洲”" in finding.treatment


def test_of_two_spellings_equally_frequent_none_is_proposed() -> None:
    assert "一样多" in one(heads(("市场科", "施纯洲"), ("市场科", "施纯州")), "names_alike").treatment


@pytest.mark.parametrize(
    "names",
    [
        ("李伟", "李佳"),
        ("张建国", "王建军"),
        ("林志强", "林志强先"),
        ("张建国、张建军", "张建军"),
        ("林斌", "林琳"),
        ("刘副局长", "陈副局长"),
        ("刘总工", "陈总工"),
    ],
)
def test_names_of_two_people_raise_no_question(names: tuple[str, ...]) -> None:
    assert named(leaders(*names), "names_alike") == []


def test_two_people_who_both_stand_often_with_their_own_departments_raise_no_question() -> None:
    often = [("造林科", "林志强")] * 3 + [("防火科", "林志伟")] * 3
    assert named(heads(*often), "names_alike") == []
    assert len(named(heads(*often, ("造林科", "林志伟")), "names_alike")) == 1


def test_a_head_is_not_confused_with_a_leader() -> None:
    drawing = HEADING + "1 | 造林 | 1 | 造林科 | 黄小波 | 黄金波"
    assert named(drawing, "names_alike") == []


def test_names_that_a_person_has_confirmed_raise_no_question() -> None:
    alias = Alias("施纯州", "施纯洲", "person", "办公室")
    drawing = heads(("市场科", "施纯洲"), ("市场科", "施纯州"))
    assert named(drawing, "names_alike", planned(aliases=(alias,))) == []


def test_departments_one_sign_apart_under_one_head_are_found() -> None:
    finding = one(heads(("法规科", "叶刚"), ("法规科", "叶刚"), ("法制科", "叶刚")), "departments_alike")
    assert finding.cell == "D4"
    assert "“法制科”（D4，1项）与“法规科”（D2等，2项）可能是同一科室，负责人同为叶刚" in finding.message


def test_departments_one_sign_apart_under_their_own_heads_are_two() -> None:
    drawing = heads(("外贸科", "张三"), ("外资科", "李四"), ("外经科", "王五"))
    assert [finding.code for finding in found(drawing) if "alike" in finding.code] == []


def test_numbered_departments_are_two_even_under_one_head() -> None:
    assert named(heads(("业务一科", "张三"), ("业务二科", "张三")), "departments_alike") == []


@pytest.mark.parametrize("short", ["人教科", "机关党委"])
def test_a_department_inside_the_brackets_of_another_is_found(short: str) -> None:
    finding = one(heads(("机关党委（人教科）", "许某"), (short, "许某")), "departments_alike")
    assert short in finding.message


def test_a_confirmed_department_raises_no_question() -> None:
    alias = Alias("人教科", "机关党委（人教科）", "department", "办公室")
    drawing = heads(("机关党委（人教科）", "许某"), ("人教科", "许某"))
    plan = planned(aliases=(alias,))
    assert not {"departments_alike", "head_of_two"} & {finding.code for finding in found(drawing, plan)}


def test_a_department_with_two_heads_is_found_at_the_rarer_one() -> None:
    finding = one(heads(("办公室", "叶冠"), ("办公室", "王媛"), ("办公室", "叶冠")), "two_heads")
    assert finding.cell == "E3"
    assert "叶冠2项、王媛1项" in finding.message


def test_two_spellings_of_one_head_are_not_two_heads() -> None:
    assert named(heads(("市场科", "施纯洲"), ("市场科", "施纯州")), "two_heads") == []


def test_joint_rows_do_not_give_a_department_a_second_head() -> None:
    drawing = heads(
        ("办公室", "叶冠"), ("办公室、外贸科", "张三"), ("外贸科、办公室", "李四、叶冠"), ("外贸科", "李四")
    )
    assert named(drawing, "two_heads") == []


def test_a_column_of_clerks_is_told_once_not_department_by_department() -> None:
    rows = [(f"第{name}科", person) for name in "甲乙丙丁戊" for person in ("赵大明", "钱小红", "孙文斌")]
    drawing = heads(*rows)
    assert len(named(drawing, "heads_vary")) == 1
    assert named(drawing, "two_heads") == []


def test_one_head_over_two_departments_is_found() -> None:
    finding = one(heads(("造林科", "张三"), ("防火科", "张三")), "head_of_two")
    assert finding.cell == "E3"
    assert "造林科、防火科" in finding.message


def test_several_leaders_of_a_department_are_told_once() -> None:
    finding = one(leaders("林斌", "黄金波", "林斌"), "several_leaders")
    assert finding.cell == "F3"
    assert "造林科（林斌、黄金波）" in finding.message
    assert named(leaders("林斌", "林斌"), "several_leaders") == []
    assert named(leaders("施纯洲", "施纯州"), "several_leaders") == []
