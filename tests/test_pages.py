"""总览, 科室, 分管领导, 时限: the answer in a sentence, the same points everywhere, and nothing unknown called zero."""

import re
from urllib.parse import quote

import pytest

from tests.published import BARE, Published, headline, markup, opened, publish

NOTICE, EXAMPLE = quote("泉州市商务局 2025"), quote("示例市商务局 2025")
BLANK = """
项目 | 序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 科室负责人 | 分管领导 | 全年完成情况 | 完成进度 | 考评结果
职能 | 1-1 | 造林1万亩 | 4 | 6月底前 | 造林科 | 张三丰 | 李四光 | | |
职能 | 1-2 | 抚育2万亩 | 3 | 12月底前 | 抚育科 | 王五魁 | 李四光 | | |
安全生产 | 7-3 | 森林防火 | 3 | 12月底前 | 防火科、造林科 | 赵六七 | 钱八斗 | | |
"""
RUNNING = """
项目 | 序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 科室负责人 | 分管领导 | 全年完成情况 | 完成进度 | 考评结果
职能 | 1-1 | 造林1万亩 | 4 | 6月底前 | 造林科 | 张三丰 | 李四光 | 已完成 | 100% |
职能 | 1-2 | 抚育2万亩 | 3 | 12月底前 | 抚育科 | 王五魁 | 李四光 | 正在抚育 | 10% |
安全生产 | 7-3 | 森林防火 | 3 | 12月底前 | 防火科、造林科 | 赵六七 | 钱八斗 | | |
"""
EVALUATED = """
项目 | 序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 科室负责人 | 分管领导 | 全年完成情况 | 完成进度 | 考评结果
职能 | 1-1 | 造林1万亩 | 4 | 6月底前 | 造林科 | 张三丰 | 李四光 | 已完成 | 100% | 3.6
职能 | 1-2 | 抚育2万亩 | 3 | 12月底前 | 抚育科 | 王五魁 | 李四光 | 正在抚育 | 10% | 3
安全生产 | 7-3 | 森林防火 | 3 | 12月底前 | 防火科、造林科 | 赵六七 | 钱八斗 | | |
"""


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (f"/?plan={NOTICE}", "方案100分，读到70分，全部尚未填报；另30分原件缺失。"),
        (f"/?plan={EXAMPLE}&v=5", "已评定88分，得83.54分，失4.46分；还有12分待评，最终得分在83.54至95.54之间。"),
    ],
)
def test_the_shipped_tables_lead_with_their_sentence(address: str, sentence: str) -> None:
    assert headline(opened(address)) == sentence


@pytest.mark.parametrize(
    ("drawing", "sentence", "headings"),
    [
        (BLANK, "10分全部尚未填报：方案刚印发，先看谁承担、何时到期。", ["先到期的3项", "谁承担多少分"]),
        (
            RUNNING,
            "10分中，4分已完成或按序时推进，3分有失分风险，3分尚未填报。",
            ["盯办事项", "责任分布", "各版变化", "类别分布", "尚未填报"],
        ),
        (
            EVALUATED,
            "已评定7分，得6.6分，失0.4分；还有3分待评，最终得分在6.6至9.6之间。",
            ["失分事项", "类别得分", "科室得分", "各版变化"],
        ),
    ],
)
def test_the_overview_has_a_face_for_each_phase(
    drawing: str, sentence: str, headings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(monkeypatch, Published(drawing))
    page = opened("/")
    assert headline(page) == sentence
    found = re.findall(r'<h2 class="head">(.*?)(?: <small>.*?)?</h2>', markup(page))
    assert found == headings


def test_steady_risk_and_unknown_stand_in_this_order_in_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(RUNNING))
    bar = markup(opened("/")).split('class="hundred"')[1].split('class="legend"')[0]
    fills = re.findall(r"fill-(\w+)", bar)
    assert fills == ["done", "behind", "not_reported"]


def test_a_category_without_any_score_is_awaited_and_never_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(EVALUATED))
    row = markup(opened("/")).split("安全生产</span>")[1].split("</div>")[0]
    assert "待评3" in row
    assert "已得" not in row


def test_points_that_the_plan_has_and_the_table_lacks_are_a_dotted_part_of_the_bar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(monkeypatch, Published(BLANK, plan=f"{BARE}\ntotal = 12"))
    page = opened("/")
    assert headline(page) == "方案12分，读到10分，全部尚未填报；另2分没有读到。"
    assert re.search(r'class="lacking" style="flex:2"', markup(page))


def test_the_department_page_answers_whose_and_shows_joint_rows_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(RUNNING))
    page = opened(f"/department?department={quote('造林科')}")
    assert headline(page) == "失分风险集中在抚育科（3分）；未填报最多的是防火科（3分）。"
    own, joint = markup(page).split('<h2 class="head">协办', 1)
    assert "承担4分、1项" in re.sub(r"<.*?>", "", own)
    assert "森林防火" in joint


def test_the_leader_page_answers_how_much_of_it_is_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(RUNNING))
    page = opened(f"/leader?leader={quote('钱八斗')}")
    assert headline(page) == "3分失分风险中，3分在李四光分管范围。"
    assert "钱八斗　承担3分、1项：0分完成或按序时，0分有风险，3分未填报" in re.sub(r"<.*?>", "", markup(page))


def test_the_deadline_page_hangs_a_tile_for_each_indicator_below_its_month(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(RUNNING))
    page = opened("/deadline")
    assert headline(page) == "6分集中在12月底到期，还剩184天，其中3分有风险、3分未填报。"
    months = re.findall(r'<section class="month.*?</section>', markup(page))
    names = [re.sub(r"<.*?>", "", month.split("</b>")[0]) for month in months]
    assert [name.strip() for name in names] == ["6月", "12月"]
    assert [len(re.findall(r"<a class=\"fill-", month)) for month in months] == [1, 2]
    assert "6月30日" in months[0]  # the as-of date's line


def test_what_has_no_deadline_stands_apart_and_is_never_late(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(RUNNING.replace("12月底前", "")))
    page = opened("/deadline")
    last = re.findall(r'<section class="month.*?</section>', markup(page))[-1]
    assert "没有写明时限" in last
    assert headline(page) == "4分集中在6月底到期，今天到期。"


def test_without_any_table_the_page_says_what_will_stand_here(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published())
    page = opened("/")
    assert headline(page) == "还没有考评表。"


@pytest.mark.parametrize("path", ["/", "/department", "/leader", "/deadline"])
def test_a_row_without_weight_is_shown_and_its_points_are_unknown(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(BLANK.replace("| 4 |", "| |")))
    assert "nan" not in markup(opened(path)).lower()


@pytest.mark.parametrize("path", ["/", "/department", "/leader", "/deadline"])
def test_texts_from_cells_are_shown_literally(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "<b onclick=x>造林</b>"
    publish(monkeypatch, Published(RUNNING.replace("造林科", hostile).replace("抚育2万亩", hostile)))
    page = markup(opened(path))
    assert hostile not in page
    assert "&lt;b onclick=x&gt;" in page


def test_an_address_that_names_what_does_not_exist_is_answered_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(monkeypatch, Published(RUNNING))
    page = markup(opened("/?v=99&as_of=gestern"))
    assert "没有第“99”版" in page
    assert "“gestern”不是日期" in page


def test_the_as_of_date_of_the_address_decides_what_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(
        monkeypatch,
        Published(
            BLANK.replace("| 6月底前 | 造林科 | 张三丰 | 李四光 | |", "| 6月底前 | 造林科 | 张三丰 | 李四光 | 栽植中 |")
        ),
    )
    assert "逾期" in markup(opened("/?as_of=2025-07-01")).split('class="tb"')[1]


def test_a_setting_leaves_the_example_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "示例市商务局" in markup(opened(f"/?plan={EXAMPLE}"))
    monkeypatch.setenv("DASHBOARD_EXAMPLE", "off")
    assert "示例市商务局　" not in markup(opened(f"/?plan={EXAMPLE}"))
