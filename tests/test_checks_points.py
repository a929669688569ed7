"""The points audit: what the table states against what its rows say."""

import pytest

from data.checks.points import stated
from data.plan import Content, Gap
from tests.forms import found, named, one, planned

GROUP = """
序号  | 一级指标        | 二级指标 | 权重
1-1-1 | 造林（{said}）  | 新造一片 | 2
1-1-2 | {other}         | 抚育一片 | 3
"""


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("造林（5分）", (5,)),
        ("造林(1.5分)", (1.5,)),
        ("造林（共１０ 分）", (10,)),
        ("（3分）和（4分）", (3, 4)),
        ("每少一项扣（扣1分）", ()),
        ("办理时限（10分钟）", ()),
        ("2025年（2024-2025）", ()),
        ("（" * 20000, ()),
    ],
)
def test_only_points_in_brackets_are_stated(text: str, points: tuple[float, ...]) -> None:
    assert stated(text) == points


def test_a_groups_stated_points_that_its_rows_miss_are_found_at_the_text() -> None:
    finding = one(GROUP.format(said="7分", other=""), "group_points")
    assert (finding.cell, finding.serial) == ("B2", "1-1-1")
    assert "（7分）" in finding.message
    assert "合计5分，少2分" in finding.message


def test_two_statements_in_one_group_that_disagree_are_found() -> None:
    finding = one(GROUP.format(said="3分", other="抚育（4分）"), "group_points_conflict")
    assert "（3分）、（4分）" in finding.message


@pytest.mark.parametrize(
    ("said", "other"),
    [("5分", ""), ("5分", "抚育"), ("2分", "抚育（3分）"), ("5分", "造林（5分）"), ("1.5分", "抚育（3.5分）")],
)
def test_statements_that_any_reading_explains_are_fine(said: str, other: str) -> None:
    assert not {"group_points", "group_points_conflict"} & {
        finding.code for finding in found(GROUP.format(said=said, other=other))
    }


def test_points_inside_the_indicators_own_text_that_make_up_its_weight_are_fine() -> None:
    drawing = """
    序号 | 二级指标                        | 权重
    1    | 造林（3分）                     | 3
    2    | 巡护：白天（1分）、夜间（2分）  | 3
    """
    assert named(drawing, "group_points") == named(drawing, "group_points_conflict") == []


def test_points_fused_into_the_basis_count_for_the_group() -> None:
    drawing = """
    序号  | 依据            | 二级指标 | 权重
    1-1-1 | 某市计划（9分） | 造林     | 2
    1-1-2 |                 | 抚育     | 3
    """
    assert one(drawing, "group_points").cell == "B2"


def test_without_serials_the_rows_under_one_goal_are_its_group() -> None:
    drawing = """
    一级指标     | 二级指标 | 权重
    造林（5分）  | 新造     | 2
                 | 抚育     | 3
    防火（6分）  | 巡护     | 2
                 | 扑救     | 3
    """
    finding = one(drawing, "group_points")
    assert finding.cell == "A4"
    assert "少1分" in finding.message


def test_a_group_with_a_missing_weight_says_so() -> None:
    drawing = """
    序号  | 一级指标    | 二级指标 | 权重
    1-1-1 | 造林（5分） | 新造     | 2
    1-1-2 |             | 抚育     |
    """
    assert "1行没有权重" in one(drawing, "group_points").message


LABELS = """
项目                     | 序号 | 二级指标 | 权重
职能工作目标（70分）     | 1-1  | 造林     | {one}
                         | 1-2  | 抚育     | 30
行政能力目标（30分）     | 2-1  | 党建     | {two}
"""


def test_a_labels_points_are_compared_with_the_rows_it_names() -> None:
    finding = one(LABELS.format(one=20, two=30), "label_points")
    assert finding.cell == "A2"
    assert "合计50分，少20分" in finding.message


def test_labels_that_agree_with_their_rows_are_fine() -> None:
    assert [finding.code for finding in found(LABELS.format(one=40, two=30)) if "point" in finding.code] == []


def test_a_label_that_stands_in_the_middle_of_its_rows_still_names_them_all() -> None:
    drawing = """
    项目                 | 序号 | 二级指标 | 权重
    重点工作目标         | 1-1  | 造林     | 40
    职能工作目标（70分） | 1-2  | 抚育     | 30
    """
    assert named(drawing, "label_points") == []


def test_a_label_of_a_group_is_compared_with_the_group_only() -> None:
    drawing = """
    项目                 | 序号 | 二级指标 | 权重
    重点工作目标（40分） | 1-1  | 造林     | 40
    常规工作目标（35分） | 2-1  | 抚育     | 30
    """
    assert one(drawing, "label_points").cell == "A3"


def test_labels_that_do_not_add_up_to_the_plans_total_are_found() -> None:
    assert "70+30" in one(LABELS.format(one=40, two=30), "labels_total", planned(total=110)).message
    assert named(LABELS.format(one=40, two=30), "labels_total", planned()) == []


SUMS = """
项目         | 序号 | 二级指标 | 权重
职能工作目标 | 1-1  | 造林     | 40
             | 1-2  | 抚育     | 30
             |      | 小计     | {own}
行政能力目标 | 2-1  | 党建     | 20
             | 2-2  | 信访     | 10
             |      | 小计     | {other}
             |      | 合计     | {total}
"""


@pytest.mark.parametrize(("own", "other"), [(70, 30), (70, 100)])
def test_sums_of_any_sensible_span_are_fine(own: int, other: int) -> None:
    assert not {"subtotal", "total"} & {finding.code for finding in found(SUMS.format(own=own, other=other, total=100))}


def test_a_subtotal_that_fits_nothing_above_it_is_found() -> None:
    finding = one(SUMS.format(own=75, other=30, total=100), "subtotal")
    assert finding.cell == "D4"
    assert "合计70分，少5分" in finding.message


def test_a_subtotal_is_not_excused_by_rows_of_another_category() -> None:
    drawing = """
    项目         | 序号 | 二级指标 | 权重
    职能工作目标 | 1-1  | 造林     | 40
                 |      | 小计     | 70
    行政能力目标 | 2-1  | 党建     | 20
                 | 2-2  | 信访     | 10
    """
    assert "少30分" in one(drawing, "subtotal").message


def test_a_subtotal_above_its_rows_is_fine() -> None:
    drawing = """
    项目         | 序号 | 二级指标 | 权重
    职能工作目标 |      | 小计     | 70
                 | 1-1  | 造林     | 40
                 | 1-2  | 抚育     | 30
    """
    assert named(drawing, "subtotal") == []


def test_a_subtotal_may_add_up_rows_that_are_printed_twice() -> None:
    drawing = """
    项目         | 序号 | 二级指标 | 权重
    从严治党     | 4-1  | 党建     | 1
    行政能力目标 | 4-1  | 党建     | 1
                 | 4-2  | 信访     | 1
                 |      | 小计     | {points}
    """
    assert named(drawing.format(points=2), "subtotal") == named(drawing.format(points=3), "subtotal") == []


def test_a_total_that_nothing_explains_is_found() -> None:
    drawing = """
    序号 | 二级指标 | 权重
    1    | 造林     | 60
    2    | 抚育     | 40
    合计 |          | 95
    """
    finding = one(drawing, "total", planned())
    assert finding.cell == "C4"
    assert "多5分" in finding.message


def test_a_total_that_the_rows_exceed_is_found_at_its_cell() -> None:
    drawing = """
    序号 | 二级指标 | 权重
    1    | 造林     | 60
    2    | 抚育     | 50
    合计 |          | 105
    """
    assert one(drawing, "points_exceeded").cell == "C4"


def test_the_plan_says_how_many_points_cannot_be_read_and_where() -> None:
    contents = (Content("职能工作目标", 80, (), "", ""), Content("行政能力目标", 30, (), "", ""))
    finding = one(LABELS.format(one=40, two=30), "points_missing", planned(110, contents))
    assert finding.severity == "blocking"
    assert "110分，只读到100分，有10分读不到：职能工作目标80分中只读到70分" in finding.message


def test_missing_points_that_the_plan_accounts_for_do_not_block() -> None:
    plan = planned(110, gaps=(Gap("1-3 至 1-5", None, "缺页"),))
    assert one(LABELS.format(one=40, two=30), "points_missing", plan).severity == "check"


def test_without_a_plan_the_labels_say_what_is_missing() -> None:
    finding = one(LABELS.format(one=10, two=30), "points_missing")
    assert "100分，只读到70分，有30分读不到" in finding.message


def test_readable_points_that_equal_one_categorys_points_prove_nothing() -> None:
    drawing = """
    项目                 | 序号 | 二级指标 | 权重
    职能工作目标（70分） | 1-1  | 造林     | 40
                         |      | 小计     | 70
    行政能力目标（30分） | 2-1  | 党建     | 30
                         |      | 合计     | 70
    """
    codes = {finding.code for finding in found(drawing)}
    assert {"points_missing", "label_points", "subtotal"} <= codes


def test_a_total_that_only_adds_up_what_is_printed_does_not_settle_the_whole() -> None:
    drawing = """
    序号 | 二级指标 | 权重
    1    | 造林     | 60
    2    | 抚育     | 36
    合计 |          | 96
    """
    assert "96分" in one(drawing, "points_not_100").message


@pytest.mark.parametrize("weight", [40, 540])
def test_a_table_of_100_or_600_points_raises_no_question(weight: int) -> None:
    drawing = f"""
    序号 | 二级指标 | 权重
    1    | 造林     | 60
    2    | 抚育     | {weight}
    """
    assert found(drawing)[0].code == "due_no_column"


def test_more_points_than_the_total_are_found() -> None:
    assert "多5分" in one(LABELS.format(one=40, two=30), "points_exceeded", planned(95)).message


def test_weights_that_are_shares_of_one_raise_no_question() -> None:
    assert {finding.code for finding in found("序号 | 二级指标 | 权重\n1 | 造林 | 0.4\n2 | 抚育 | 0.6")} == {
        "due_no_column"
    }
