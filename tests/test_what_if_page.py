"""推演: what is assumed lives in the address, moves everything at once, and changes nothing that is published."""

import re
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from tests.browser import settle, visit
from tests.menu import menu
from tests.published import Published, headline, markup, opened, publish, stands

EXAMPLE = "示例市商务局 2025"
NOTICE = "泉州市商务局 2025"
HEAD = "序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 分管领导 | 完成进度 | 考评办定档 | 考评结果"
FORM = f"""
{HEAD}
1-1 | 造林一千亩 | 2 | 6月底前 | 造林科 | 方远 | 20% | _ | _
1-2 | 抚育森林 | 3 | 12月底前 | 抚育科 | 方远 | 10% | _ | _
7-3 | 森林防火 | 4 | 12月底前 | 防火科 | 周舟 | 60% | 2 | _
7-4 | 巡护 | 1 | 12月底前 | 防火科 | 周舟 | _ | _ | _
"""
SCORED = FORM.replace("20% | _ | _", "20% | _ | 1.5")


@pytest.fixture
def form(monkeypatch: pytest.MonkeyPatch) -> Published:
    return publish(monkeypatch, Published(FORM))


def board(what: str = "", app: AppTest | None = None) -> AppTest:
    return app or stands(opened(f"what_if?{urlencode({'what': what})}" if what else "what_if"))


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def lines(app: AppTest) -> dict[str, dict[str, str]]:
    """Return the outlook tables: a line's figures by their heads, by the line's name."""
    found = {}
    for table in re.findall(r'<table class="tb outlook">.*?</table>', markup(app), re.S):
        for row in re.findall(r"<tr><td>.*?</tr>", table, re.S):
            cells = re.findall(r"<td(?: data-head=\"(.*?)\")?(?: class=\"moved\")?>(.*?)</td>", row, re.S)
            found[plain(cells[0][1])] = {head: plain(cell) for head, cell in cells[1:]}
    return found


def moved(app: AppTest) -> set[str]:
    """Return the names of the lines in which something moved."""
    return {name for name, figures in lines(app).items() if any("→" in figure for figure in figures.values())}


def test_the_address_of_the_page_is_what_if() -> None:
    assert menu()["推演"] == ("/what-if", "pages/what_if.py")


def test_the_page_answers_what_is_at_risk_and_what_can_be_turned_steady(form: Published) -> None:
    page = board()
    assert headline(page) == "还有5分有失分风险，抓好这2项可转稳5分。已定档4分，预估（按假设）得3.6分。"
    assert lines(page)["全部4项"] == {
        "承担": "10",
        "按序时": "4",
        "有风险": "5",
        "未填报": "1",
        "已得": "—",
        "预估（按假设）": "3.6／4",
        "待评、未定档": "6",
        "最终得分": "0～10",
        "预估范围（按假设）": "3.6～9.6",
    }


def test_gaps_and_tiers_are_two_lists_with_their_distance_and_a_link_to_the_indicator(form: Published) -> None:
    page = markup(board())
    gaps, tiers = page.split("补上差距，分值转稳", 1)[1].split("提高一档，预估增加", 1)
    assert re.findall(r"转稳\d分", gaps) == ["转稳3分", "转稳2分"]
    assert "比序时慢40个百分点；补到序时50%" in plain(gaps)
    assert "indicator?serial=1-2" in gaps
    assert "按假设" in tiers.split("</h3>")[0]
    assert "预估+0.4分" in tiers
    assert "离目标还差40个百分点；提高到一档" in plain(tiers)


def test_a_link_puts_what_is_worth_doing_on_the_board(form: Published) -> None:
    targets = re.findall(r'class="plain" href="(what-if\?.*?)"', markup(board("1-1:p50")))
    proposed = [parse_qs(urlsplit(target.replace("&amp;", "&")).query)["what"][0] for target in targets]
    assert proposed == ["1-1:p50,1-2:p50", "1-1:p50,7-3:t1"]
    assert "已在推演中" in markup(board("1-1:p50"))


def test_an_assumed_progress_moves_its_department_its_leader_and_the_total_and_nothing_else(form: Published) -> None:
    page = board("1-2:p80")
    assert moved(page) == {"全部4项", "抚育科", "方远"}
    assert lines(page)["全部4项"]["按序时"] == "4 → 7"
    assert lines(page)["全部4项"]["有风险"] == "5 → 2"
    assert lines(page)["抚育科"]["按序时"] == "0 → 3"
    assert headline(page) == headline(board())


def test_an_assumed_tier_moves_the_estimate_and_never_the_honest_range(form: Published) -> None:
    total = lines(board("7-3:t1,7-4:t3"))["全部4项"]
    assert total["预估（按假设）"] == "3.6／4 → 4.8／5"
    assert total["待评、未定档"] == "6 → 5"
    assert total["最终得分"] == "0～10"
    assert total["预估范围（按假设）"] == "3.6～9.6 → 4.8～9.8"


def test_the_board_shows_what_the_address_assumes_and_how_the_indicator_would_stand(form: Published) -> None:
    page = board("1-2:t2p80")
    assert page.selectbox(key="what_tier_1").value == 2
    assert page.number_input(key="what_progress_1").value == 80
    told = plain(markup(page).split('class="tried"', 1)[1].split("</p>", 1)[0])
    assert "滞后 → ◎ 正常" in told
    assert "考评办定档二档，预估（按假设）2.7分；完成80%，比序时快30个百分点" in told


def test_a_change_on_the_board_is_written_into_the_address_and_moves_the_total(form: Published) -> None:
    page = board()
    page.selectbox(key="what_add").select(2).run()
    assert page.query_params["what"] == "7-3"
    assert page.selectbox(key="what_add").value is None
    assert moved(page) == set()
    page.selectbox(key="what_tier_2").select(1).run()
    page.number_input(key="what_progress_2").set_value(100).run()
    assert page.query_params["what"] == "7-3:t1p100"
    assert lines(page)["全部4项"]["预估（按假设）"] == "3.6／4 → 4／4"
    page.selectbox(key="what_tier_2").select(0).run()
    assert page.query_params["what"] == "7-3:p100"
    assert stands(page)


def test_a_row_is_taken_off_and_the_board_is_cleared(form: Published) -> None:
    page = board("7-3:t1,1-2:p80")
    page.button(key="what_remove_2").click().run()
    assert page.query_params["what"] == "1-2:p80"
    page.button(key="what_clear").click().run()
    assert "what" not in page.query_params
    assert moved(page) == set()
    assert "推演不改变任何已发布的数据" in markup(page)


def test_another_address_in_the_same_session_wins_over_what_the_widgets_showed(form: Published) -> None:
    page = board("7-3:t1")
    page.query_params["what"] = "7-3:t3p10"
    page.run()
    assert page.selectbox(key="what_tier_2").value == 3
    assert page.number_input(key="what_progress_2").value == 10


def test_a_score_is_not_moved_by_a_tier_and_the_board_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(SCORED))
    page = board("1-1:t3")
    assert headline(page) == "已评2分，得1.5分；现有定档预估（按假设）再得3.6分，最终在1.5至9.5之间。"
    assert "已得1.5分，定档不影响得分" in markup(page)
    assert moved(page) == set()


def test_rows_that_share_a_serial_or_have_none_are_named_by_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM.replace("1-2 |", "1-1 |").replace("7-4 |", "_ |")))
    page = board("@2:p80,@4:t1")
    assert moved(page) == {"全部4项", "抚育科", "方远", "防火科", "周舟"}
    page.selectbox(key="what_add").select(0).run()
    assert page.query_params["what"] == "@2:p80,@4:t1,@1"
    assert "“1-1”在表中有2行" in markup(board("1-1:p80"))


@pytest.mark.parametrize("serial", ["a,b:c", "@1", "%2C", "1-2<b>", "职能一"])
def test_any_serial_comes_back_from_the_address_it_was_written_to(serial: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM.replace("1-2 |", f"{serial} |")))
    page = board()
    page.selectbox(key="what_add").select(1).run()
    page.number_input(key="what_progress_1").set_value(80).run()
    again = board(page.query_params["what"])
    assert moved(again) == {"全部4项", "抚育科", "方远"}
    assert "没有放进推演" not in markup(again)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("9-9:t1", "地址里的“9-9”不在这张表中"),
        ("1-2:t9", "地址里的“1-2:t9”读不懂"),
        ("1-2:p-5", "读不懂"),
        ("1-2:p99999", "读不懂"),
        ("1-2:p8٠", "读不懂"),
        (":t1", "读不懂"),
        ("@0:t1", "地址里的“@0”不在这张表中"),
        ("@99999999999:t1", "不在这张表中"),
        ("@:t1", "不在这张表中"),
        ("%ff%00:t1", "不在这张表中"),
        ("<script>alert(1)</script>:t1", "&lt;script&gt;"),
        ("9-9:" + "t1" * 5000, "读不懂"),
        (",".join(f"{n}:t1" for n in range(500)), "地址里另有497处没有用上。"),
        ("1-2:t1,1-2:t2", "地址里的“1-2:t2”是重复的一项"),
    ],
)
def test_an_address_that_cannot_be_used_is_answered_with_a_sentence(what: str, said: str, form: Published) -> None:
    page = markup(board(what))
    assert said in page
    assert "<script" not in page


@pytest.mark.parametrize("what", [",,,", " ", ":", ",1-2:p80,"])
def test_empty_parts_of_an_address_are_no_matter(what: str, form: Published) -> None:
    assert headline(board(what)) == headline(board())


def test_more_than_the_board_holds_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "\n".join(f"1-{n} | 造林{n}亩 | 1 | 12月底前 | 造林科 | 方远 | 10% | _ | _" for n in range(1, 41))
    publish(monkeypatch, Published(f"{HEAD}\n{rows}"))
    page = board(",".join(f"1-{n}:p80" for n in range(1, 41)))
    assert "一次最多推演30项，地址里后面的10项没有放进来" in markup(page)
    assert lines(page)["全部40项"]["有风险"] == "40 → 10"


def test_an_indicator_without_points_stands_on_the_board_and_moves_no_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM.replace("| 3 | 12月底前", "| _ | 12月底前")))
    page = board("1-2:t1p100")
    assert moved(page) == set()
    assert not re.search(r"\b(nan|None)\b", plain(markup(page)))


# The panel


def test_the_panel_s_scores_stand_on_one_axis_the_widest_apart_first_and_name_nobody() -> None:
    page = markup(opened(f"/what_if?plan={quote(EXAMPLE)}&v=5"))
    rows = re.findall(r"<tr>(?:(?!</tr>).)*panel small.*?</tr>", page, re.S)
    spread = [int(re.search(r'data-head="极差">(\d+)%', row)[1]) for row in rows]
    assert spread == sorted(spread, reverse=True)
    assert len(rows) == 53
    assert [row.count("<i ") for row in rows] == [int(re.search(r">(\d)/7人<", row)[1]) for row in rows]
    assert not re.search(r"评委[一二三四五六七1-7]|panel_[1-7]", page)


def test_the_panel_s_scores_can_be_ordered_by_what_they_cost() -> None:
    page = opened(f"/what_if?plan={quote(EXAMPLE)}&v=5&panel=lost")
    lost = [float(value) for value in re.findall(r'data-head="失分">([\d.]+)<', markup(page))]
    assert lost == sorted(lost, reverse=True)
    page.segmented_control(key="panel_order").set_value("spread").run()
    assert page.query_params["panel"] == "spread"


def test_before_the_evaluation_there_is_no_panel(form: Published) -> None:
    assert "评委打分" not in markup(board())


# In a browser


def totals(page: Page) -> str:
    return page.locator("table.outlook").first.inner_text()


def test_a_tier_chosen_on_the_board_moves_the_total_and_the_address_shows_another_session_the_same(
    server: str, page: Page
) -> None:
    visit(page, f"{server}/what-if?{urlencode({'plan': EXAMPLE, 'v': 4, 'what': '2-4-1'})}")
    before = totals(page)
    assert "→" not in before
    page.locator("[class*='st-key-what_tier_'] input").click()
    page.get_by_role("option", name="二档").click()
    page.wait_for_url(lambda url: "t2" in url)
    settle(page)
    after = totals(page)
    assert "— → 1.8／2" in after
    other = page.context.browser.new_context().new_page()
    visit(other, page.url)
    assert totals(other) == after
    assert other.locator("[class*='st-key-what_tier_'] input").input_value() == "二档"
    other.context.close()
    page.go_back()
    page.wait_for_url(lambda url: "t2" not in url)
    expect(page.locator("table.outlook").first).not_to_contain_text("→")
    expect(page.locator("[class*='st-key-what_tier_'] input")).to_have_value("定档不变")


def test_what_is_worth_doing_is_put_on_the_board_by_its_link(server: str, page: Page) -> None:
    visit(page, f"{server}/what-if?{urlencode({'plan': EXAMPLE, 'v': 4})}")
    page.get_by_role("link", name="放进推演").first.click()
    page.wait_for_url(lambda url: "what=" in url)
    settle(page)
    assert "59.5 → 61.5" in totals(page)
    page.get_by_role("button", name="清空推演").click()
    page.wait_for_url(lambda url: "what=" not in url)
    settle(page)
    assert "→" not in totals(page)


@pytest.mark.parametrize(("plan", "version"), [(EXAMPLE, 4), (EXAMPLE, 5), (NOTICE, 1)])
def test_on_a_telephone_nothing_is_wider_than_the_screen(plan: str, version: int, server: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{server}/what-if?{urlencode({'plan': plan, 'v': version, 'what': '1-1-1:t2p50'})}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    wider = "[...document.querySelectorAll('table.outlook td, table.worth td')].filter(e => e.getBoundingClientRect().right > 390.5).length"
    assert page.evaluate(wider) == 0
