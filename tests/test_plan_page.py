"""The page 方案: what the plan asks for and where its steps stand on a day."""

import html
import re
from datetime import date
from urllib.parse import urlencode

import pytest

from data.plan import shipped
from reports import plan as said
from reports.words import plain
from tests.forms import planned, step
from tests.published import BARE, Published, headline, markup, opened, publish

FORM = """
项目 | 序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 科室负责人 | 分管领导 | 全年完成情况
职能 | 6-5 | 改革创新 | 2 | 11月底前 | 一科 | 张三 | 李四 | 已完成
"""
STEP = '\n[[steps]]\nnumber = 1\ntitle = "报送项目"\ndue_text = "11月底前"\ndue = 2025-11-30\nclause = "四（三）"\n'


@pytest.mark.parametrize("plan", shipped(), ids=lambda plan: plan.name)
def test_everything_that_the_plan_says_stands_on_the_page_with_its_clause(plan) -> None:  # type: ignore[no-untyped-def]
    page = markup(opened(f"/plan?{urlencode({'plan': plan.name})}"))
    texts = [plan.subjects, plan.chair, *plan.deputies, plan.organisation, plan.document, plan.organisation_clause]
    texts += [text for content in plan.contents for text in (content.category, *content.evaluators, content.rule)]
    texts += [text for each in plan.steps for text in (each.title, each.text, each.due_text, each.clause)]
    texts += [text for gap in plan.gaps for text in (gap.serials, gap.why)]
    texts += [text for prefix in plan.prefixes for text in (prefix.serial, prefix.category, prefix.group)]
    assert [text for text in texts if html.escape(text) not in page] == []


def test_deputies_stand_in_the_order_of_the_plan() -> None:
    plan = next(plan for plan in shipped() if plan.deputies)
    page = markup(opened(f"/plan?{urlencode({'plan': plan.name})}"))
    places = [page.index(f"{place}. <b>{name}</b>") for place, name in enumerate(plan.deputies, 1)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [
        ("2025-11-29", "；一个实施步骤，第一个11月底前，还剩1天。"),
        ("2025-11-30", "；一个实施步骤，第一个11月底前，今天到期。"),
        ("2025-12-01", "；一个实施步骤的期限都已过。"),
    ],
)
def test_the_headline_says_which_step_comes_next(as_of: str, sentence: str) -> None:
    plan = planned(steps=(step("", date(2025, 11, 30), "11月底前"),))
    assert plain(said.headline(plan, date.fromisoformat(as_of), 1, 2.0)).endswith(sentence)


@pytest.mark.parametrize(
    ("as_of", "state"), [("2025-11-29", "还剩1天"), ("2025-11-30", "今天到期"), ("2025-12-02", "已过2天")]
)
def test_a_step_past_its_date_is_not_called_done(as_of: str, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM, plan=BARE + STEP))
    own = markup(opened(f"/plan?as_of={as_of}")).split('<ol class="plan-steps">')[1].split("</ol>")[0]
    assert state in own
    assert "未登记" in own
    assert "已办" not in own
    assert "已完成" not in own


def test_a_step_with_an_indicator_tells_that_indicator_s_status(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM, plan=f'{BARE}{STEP}serial = "6-5"'))
    own = markup(opened("/plan")).split('<ol class="plan-steps">')[1].split("</ol>")[0]
    assert "已完成" in own
    assert "serial=6-5" in own


def test_a_step_whose_indicator_the_table_lacks_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM, plan=f'{BARE}{STEP}serial = "9-9"'))
    assert "对应的指标9-9不在这张表中" in markup(opened("/plan"))


def test_points_that_the_table_lacks_stand_beside_the_plan_s_points() -> None:
    page = markup(opened("/plan?plan=泉州市商务局 2025"))
    line = re.search(r"<tr><td><b>职能工作目标</b></td>.*?</tr>", page, re.S)
    assert line
    cells = [re.sub(r"<[^>]*>", " ", cell).split() for cell in re.findall(r"<td[^>]*>(.*?)</td>", line[0], re.S)]
    assert cells[1:3] == [["70"], ["40", "24项"]]


def test_a_table_without_a_plan_still_gives_a_useful_page(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM))
    app = opened("/plan")
    page = markup(app)
    assert headline(app) == "这张表没有附方案，只按表计：1项、2分。"
    assert "职能工作目标" in page
    assert "李四" in page
    assert "没有写明" in page
