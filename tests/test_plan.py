"""data.plan: a plan.toml is read whole, and what is wrong in it is named."""

from datetime import date
from pathlib import Path

import pytest

from data.errors import PlanInvalid
from data.plan import Plan, find, load, parse, shipped

SMALL = 'unit = "甲局"\nyear = 2025\n'


def test_what_a_plan_does_not_say_is_blank_and_never_zero():
    plan = parse(SMALL, "plan.toml")
    assert (plan.name, plan.total, plan.chair, plan.steps, plan.example) == ("甲局 2025", None, "", (), False)


def test_a_step_keeps_its_date():
    text = SMALL + '[[steps]]\nnumber = 3\ndue = 2025-11-30\ndue_text = "11月底前"\n'
    assert parse(text, "plan.toml").steps[0].due == date(2025, 11, 30)


def test_points_are_numbers_also_where_they_are_written_whole():
    content = parse(SMALL + '[[contents]]\ncategory = "职能工作目标"\npoints = 70\n', "plan.toml").contents[0]
    assert isinstance(content.points, float)
    assert content.points == 70.0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("year = 2025", "unit"),
        ('unit = "甲局"', "year"),
        ('unit = "甲局"\nyear = "2025"', "year"),
        (SMALL + "total = -1", "total"),
        (SMALL + "total = true", "total"),
        (SMALL + "total = nan", "total"),
        (SMALL + "total = inf", "total"),
        (SMALL + 'chairman = "某"', "chairman"),
        (SMALL + 'deputies = "某"', "deputies"),
        (SMALL + 'steps = "六月"', "steps"),
        (SMALL + '[[steps]]\nnumber = 1\ndue = "6月30日前"', "due"),
        (SMALL + "[[steps]]\nnumber = 1\ndue = 2025-06-30T00:00:00", "due"),
        (SMALL + '[[gaps]]\nserials = "1-3-3"\npoint = 1', "[[gaps]] 第1项"),
        (SMALL + "[[contents]]\npoints = 70", "category"),
    ],
)
def test_a_wrong_entry_is_named_with_what_it_may_hold(text: str, named: str):
    with pytest.raises(PlanInvalid, match=r"^方案文件 plan\.toml") as error:
        parse(text, "plan.toml")
    assert named in str(error.value)


def test_a_file_that_is_no_toml_or_not_there_is_refused_in_a_sentence(tmp_path: Path):
    broken = tmp_path / "broken.toml"
    broken.write_text("unit = ", "utf-8")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xd6\xd0")
    for path in (broken, binary, tmp_path / "missing.toml"):
        with pytest.raises(PlanInvalid, match=path.name):
            load(path)


def test_the_notice_stands_first_and_the_example_last():
    assert [(plan.name, plan.example) for plan in shipped()] == [
        ("泉州市商务局 2025", False),
        ("示例市商务局 2025", True),
    ]


def test_a_shipped_plan_is_found_by_unit_and_year():
    assert find("泉州市商务局", 2025) is shipped()[0]
    assert find("泉州市商务局", 2024) is None


def contents(plan: Plan) -> dict[str, float | None]:
    return {content.category: content.points for content in plan.contents}


def test_the_five_contents_of_a_shipped_plan_add_up_to_its_total():
    for plan in shipped():
        assert sum(points or 0 for points in contents(plan).values()) == plan.total == 100
        assert list(contents(plan).values()) == [70, 20, 4, 4, 2]


def test_only_the_second_content_is_judged_by_tiers():
    for plan in shipped():
        assert [content.category for content in plan.contents if "三档层差法" in content.rule] == ["行政能力目标"]


def test_the_notices_four_steps_have_their_dates_and_clauses():
    steps = [(step.due.isoformat(), step.clause, step.serial) for step in find("泉州市商务局", 2025).steps]
    assert steps == [
        ("2025-06-30", "四（一）", ""),
        ("2025-07-31", "四（二）", ""),
        ("2025-11-30", "四（三）", "6-5"),
        ("2026-02-28", "四（四）", ""),
    ]


def test_the_notices_plan_quotes_the_notice_to_the_letter():
    plan = find("泉州市商务局", 2025)
    notice = (Path(__file__).parents[1] / "data/tables/source/notice-2025-5.txt").read_text("utf-8")
    flat = "".join(notice.split())
    quotes = [plan.title, plan.document, plan.organisation, plan.subjects, plan.chair]
    quotes += [text for step in plan.steps for text in (step.text, step.due_text)]
    quotes += [name for content in plan.contents for name in content.evaluators]
    assert [quote for quote in quotes if quote not in flat] == []


def test_nobody_is_named_deputy_whom_the_notice_does_not_name():
    plan = find("泉州市商务局", 2025)
    assert plan.deputies == ()
    assert "各分管领导任副组长" in plan.organisation


def test_missing_points_are_not_split_among_the_gaps():
    assert [(gap.serials, gap.points) for gap in find("泉州市商务局", 2025).gaps] == [
        ("1-3-3", None),
        ("1-7 至 1-12", None),
        ("2-3-1 之后", None),
    ]
