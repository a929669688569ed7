"""The page 指标: the list with search and filters, and one indicator by its address."""

import html
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from data.store import Store
from reports import indicator, search
from reports.search import Query
from reports.words import STATUSES, plain
from scoring import score
from tests.browser import settle, visit
from tests.indicators import DEFAULT, scored
from tests.published import Published, headline, markup, opened, publish, stands
from ui.markup import marked

EXAMPLE = "示例市商务局 2025"
NOTICE = "泉州市商务局 2025"
LEFTOVERS = re.compile(r"\b(None|nan|NaN|NaT|undefined)\b")
HEADS = "serial | indicator | weight | due | completion | reported_progress | office_tier"
FORM = """
项目 | 序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 科室负责人 | 分管领导 | 全年完成情况 | 下一步
职能 | 1-1 | 造林一千亩 | 2 | 12月底前 | 造林科、资源科 | 张三 | 李四 | 完成63% | 补植
^    | 1-2 | 防火巡查 | 3 | 6月底前 | 资源科 | 王五 | 赵六 | _ | _
"""


def drawn(line: str, as_of: str = "2025-10-31") -> indicator.Row:
    return next(indicator.lines(scored(f"{HEADS}\n{line}", as_of)))


def said(line: str, as_of: str = "2025-10-31") -> str:
    return plain(indicator.headline(drawn(line, as_of), DEFAULT))


def rows(page: str) -> list[str]:
    """Return the table rows of the page's indicators."""
    return re.findall(r'<tr><td class="c-status">.*?</tr>', page, re.S)


# One indicator in words


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("1-1 | 造林 | 2 | 2025-12-31 | _ | 0.63 | _", "造林：完成63%，比序时慢20个百分点。"),
        ("1-1 | 造林 | 2 | 2025-12-31 | _ | 0.90 | _", "造林：完成90%，比序时快7个百分点。"),
        ("1-1 | 造林 | 2 | 2025-12-31 | _ | 1.05 | _", "造林：已完成105%。"),
        ("1-1 | 造林 | 2 | 2025-12-31 | 已完成 | _ | _", "造林：已完成。"),
        ("1-1 | 造林 | 2 | 2025-09-30 | _ | 0.63 | _", "造林：时限已过31天，完成63%，还没有完成。"),
        ("1-1 | 造林 | 2 | 2025-12-31 | 进度滞后 | _ | _", "造林：填报的文字表示滞后。"),
        ("1-1 | 造林 | 2 | 2025-12-31 | 正在推进 | _ | _", "造林：填报的文字表示正常推进。"),
        ("1-1 | 造林 | 2 | 2025-12-31 | _ | _ | 3", "造林：考评办定档三档，没有填报进度。"),
        ("1-1 | 造林 | 2 | 2025-12-31 | _ | _ | _", "造林：科室尚未填报。"),
        ("1-1 | 造林 | 2 | 2025-09-30 | _ | _ | _", "造林：科室尚未填报，时限已过31天。"),
        (
            "1-1 | 造林 | 2 | 2025-12-31 | 召开会议两次 | _ | _",
            "造林：已填报，但没有可衡量的进度，也没有写明是否按序时。",
        ),
        ("1-1 | 造林 | 2 | _ | _ | 0.63 | _", "造林：完成63%，没有写明时限，不比序时。"),
        ("1-1 | _ | _ | _ | _ | _ | _", "1-1（没有指标内容）：表中只有序号，没有内容和分值。"),
    ],
)
def test_the_headline_is_the_name_and_what_can_be_said_of_it(line: str, sentence: str) -> None:
    assert said(line) == sentence


def test_a_score_leads_once_there_is_one() -> None:
    table = scored(
        "serial | indicator | weight | panel_1 | panel_2 | completion\n1-1 | 造林 | 2 | 1.9 | 1.8 | 进度滞后"
    )
    row = next(indicator.lines(table))
    assert plain(indicator.headline(row, DEFAULT)) == "造林：得1.85分，失0.15分（2/7人已打分）。"


def test_the_tests_are_asked_in_the_order_of_the_status_rule_and_stop_at_the_first_that_fits() -> None:
    tests = indicator.tests(drawn("1-1 | 造林 | 2 | 2025-12-31 | _ | 0.63 | _"), DEFAULT)
    assert [(test.status, test.fits) for test in tests] == [
        ("not_reported", False),
        ("done", False),
        ("overdue", False),
        ("behind", True),
        ("on_pace", None),
        ("unjudged", None),
    ]
    assert tests[3].reason == "进度63%，序时83.3%，比序时慢20.3个百分点，超过容差5个百分点"


def test_every_status_of_every_shipped_indicator_is_explained_by_a_rule_of_the_method_file(
    shipped_store: Store,
) -> None:
    names = {rule.name for rule in DEFAULT.rules}
    explained = set()
    for plan in shipped_store.plans():
        for version in shipped_store.versions(plan):
            table = score(shipped_store.table(version.id), DEFAULT, version.data_date)
            for row in indicator.lines(table):
                decided = [test for test in indicator.tests(row, DEFAULT) if test.fits]
                assert [test.status for test in decided] == [row.status]
                assert decided[0].reason
                assert set(decided[0].rules) <= names
                explained.add(row.status)
    assert explained == set(STATUSES)


def test_before_the_evaluation_every_step_waits() -> None:
    steps = indicator.steps(drawn("1-1 | 造林 | 2 | 2025-12-31 | _ | _ | _"))
    assert [(step.title, step.told) for step in steps] == [
        ("科室自评", "待评"),
        ("同组互评", "待评"),
        ("考评办定档", "待评"),
        ("集中考评组打分", "0/7人"),
        ("考评结果", "待评"),
    ]
    assert not any(step.taken for step in steps)


def test_a_tier_gives_an_estimate_and_no_result() -> None:
    row = drawn("1-1 | 造林 | 2 | 2025-12-31 | _ | _ | 2")
    assert [step.told for step in indicator.steps(row)][2:] == ["二档", "0/7人", "待评"]
    assert indicator.evaluated(row).startswith("考评办定档二档，按档预估1.8分（按假设）")


# The list


def found(query: Query) -> list[str]:
    table = scored("serial | indicator | completion | departments | leaders | weight\n" + LIST)
    return list(search.find(table, search.haystack(table), query)["serial"])


LIST = """1-1 | 造林ＡＢ | 已完成 | 造林科、资源科 | 李四 | 2
1-2 | 巡查 | _ | 资源科 | 赵六 | 3
1-3 | 防火 | 进度滞后 | _ | 李四 | 1"""


@pytest.mark.parametrize(
    ("query", "serials"),
    [
        (Query(), ["1-3", "1-2", "1-1"]),
        (Query(worst_first=False), ["1-1", "1-2", "1-3"]),
        (Query(text="ab 李四"), ["1-1"]),
        (Query(text="1-2"), ["1-2"]),
        (Query(text="(.*"), []),
        (Query(department="资源科"), ["1-2", "1-1"]),
        (Query(department="未写明"), ["1-3"]),
        (Query(leader="李四", statuses=("done",)), ["1-1"]),
        (Query(category="未分类"), []),
    ],
)
def test_a_search_finds_all_words_anywhere_and_every_filter_narrows(query: Query, serials: list[str]) -> None:
    assert found(query) == serials


def test_the_list_links_every_indicator_to_its_own_page_with_plan_version_and_date_kept() -> None:
    app = opened(f"/indicator?{urlencode({'plan': EXAMPLE, 'v': 4, 'q': '口岸'})}")
    links = [html.unescape(link) for link in re.findall(r'<a class="what" href="([^"]+)"', markup(app))]
    assert links
    for link in links:
        assert {"plan": [EXAMPLE], "v": ["4"], "as_of": ["2025-10-31"]}.items() <= parse_qs(
            urlsplit(link).query
        ).items()
        assert "科" in markup(opened("/" + link))


def test_filters_come_from_the_address_and_go_back_into_it() -> None:
    app = opened(f"/indicator?{urlencode({'plan': EXAMPLE, 'v': 4, 'status': 'overdue'})}")
    assert headline(app) == "筛出2项、3分：2项有失分风险。"
    assert len(rows(markup(app))) == 2
    stands(app.text_input(key="q_text").set_value("口岸").run())
    assert headline(app) == "筛出1项、2分：1项有失分风险。"
    assert app.query_params["q"] == "口岸"
    stands(app.selectbox(key="department_filter").select("口岸科").run())
    assert app.query_params["department"] == "口岸科"
    stands(app.text_input(key="q_text").set_value("没有这个词").run())
    assert headline(app) == "没有符合条件的指标。"


def test_an_unknown_name_in_the_address_finds_nothing_and_breaks_nothing() -> None:
    app = opened("/indicator?department=没有这个科&status=nonsense&page=-3&order=x")
    assert headline(app) == "没有符合条件的指标。"


def test_a_long_table_is_shown_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "\n".join(f"职能 | 1-{n} | 第{n}件事 | 1 | 12月底前 | 一科 | 张三 | 李四 | _" for n in range(1, 121))
    head = "项目 | 序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 科室负责人 | 分管领导 | 全年完成情况"
    publish(monkeypatch, Published(f"{head}\n{lines}"))
    assert len(rows(markup(opened("/indicator")))) == 50
    assert len(rows(markup(opened("/indicator?page=3")))) == 20
    assert len(rows(markup(opened("/indicator?page=99")))) == 20


@pytest.mark.parametrize(
    ("plan", "version", "column", "absent"),
    [
        (NOTICE, 1, "c-name", "c-progress"),
        (EXAMPLE, 4, "c-progress", "c-scored"),
        (EXAMPLE, 5, "c-scored", "c-progress"),
    ],
)
def test_the_list_has_the_columns_that_the_phase_of_the_year_can_fill(
    plan: str, version: int, column: str, absent: str
) -> None:
    page = markup(opened(f"/indicator?{urlencode({'plan': plan, 'v': version})}"))
    assert f'class="{column}"' in page
    assert f'class="{absent}"' not in page


# One indicator's page


@pytest.mark.parametrize("plan", [NOTICE, EXAMPLE])
def test_every_indicator_of_every_version_has_a_page_without_leftovers(plan: str, shipped_store: Store) -> None:
    def every() -> None:
        import streamlit as st

        from ui import indicator, lead, session

        view = session.view()
        for index in view.scored.index:
            lead.show(indicator.verdict(view, index))
            st.html(indicator.facts(view, index) + indicator.promised(view, index) + indicator.body(view, index))

    for version in shipped_store.versions(plan):
        app = AppTest.from_function(every, default_timeout=60)
        app.query_params["plan"], app.query_params["v"] = plan, str(version.number)
        page = markup(stands(app.run()))
        assert len(app.title) == len(shipped_store.table(version.id))
        said = " ".join(title.value for title in app.title)
        assert LEFTOVERS.findall(said + re.sub(r"<[^>]*>", " ", page)) == []


def test_an_indicator_shows_its_words_its_cell_its_rule_and_its_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM))
    app = opened("/indicator?serial=1-1&as_of=2025-10-31")
    page = markup(app)
    assert headline(app) == "造林一千亩：完成63%，比序时慢20个百分点。"
    assert "协办 资源科" in page
    assert "序时＝10个月÷12个月＝83.3%" in page
    assert "补植" in page
    assert "权重 <b>D4</b>" in page
    assert "滞后的容差" in page
    assert "按假设" in page


TARGETS = """
项目 | 序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 科室负责人 | 分管领导 | 全年完成情况 | 完成进度
职能 | 1-1 | 举办<座谈>会4场以上，走访企业60家以上，产值增长5%以上 | 2 | 12月底前 | 造林科 | 张三 | 李四 | 举办<座谈>会1场，产值增长5.3% | _
^    | 1-2 | 造林100亩以上 | 3 | 12月底前 | 资源科 | 王五 | 赵六 | 造林80亩 | 90%
^    | 1-3 | 规范管理 | 3 | 12月底前 | 资源科 | 王五 | 赵六 | 有序推进 | _
"""


def test_every_target_has_a_line_with_what_was_reached_and_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(TARGETS))
    app = opened("/indicator?serial=1-1&as_of=2025-10-31")
    block = markup(app).split("目标与进度")[1].split("这个状态怎么来的")[0]
    lines = [re.sub(r"<[^>]*>", " ", line) for line in block.split("<tr>")[2:]]
    assert "会比序时少2场；" in headline(app)
    assert len(lines) == 3
    assert "序时应达3场" in lines[0]
    assert "落后最多" in lines[0]
    assert "未写明数据" in lines[1]
    assert "不按序时折算" in lines[2]
    assert "目标按文字读出（按假设）" in block
    assert "所以不判已完成" in block


def test_the_places_that_were_read_are_marked_in_both_texts_literally(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(TARGETS))
    page = markup(opened("/indicator?serial=1-1&as_of=2025-10-31"))
    places = re.findall(r"<mark>(.*?)</mark>", page)
    assert {"1场", "5.3%"} <= set(places)
    assert len(places) == 5
    assert "<座谈>" not in page


def test_targets_that_do_not_decide_stand_below_what_does(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(TARGETS))
    page = markup(opened("/indicator?serial=1-2&as_of=2025-10-31"))
    block = page.split("目标与进度")[1].split("这个状态怎么来的")[0]
    assert block.index("取自完成进度栏") < block.index("80亩")
    assert "状态取完成进度栏，不取上面的目标。" in block
    assert "目标按文字读出" not in markup(opened("/indicator?serial=1-3&as_of=2025-10-31"))


@pytest.mark.parametrize(
    ("places", "drawn"),
    [
        ([(0, 1)], "<mark>&lt;</mark>b&gt;3场"),
        ([(3, 5), (0, 2)], "<mark>&lt;b</mark>&gt;<mark>3场</mark>"),
        ([(3, 5), (4, 5), (0, 0), (4, 99)], "&lt;b&gt;<mark>3场</mark>"),
        ([], "&lt;b&gt;3场"),
    ],
)
def test_a_marked_text_is_literal_and_keeps_every_character(places: list[tuple[int, int]], drawn: str) -> None:
    assert marked("<b>3场", places) == drawn


def test_a_report_that_is_carried_over_tells_for_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM, FORM.replace("完成63%", "_")))
    assert "沿用6月30日填报，已31天未更新" in markup(opened("/indicator?serial=1-1"))
    assert "沿用6月30日填报，已31天未更新" in markup(opened("/indicator"))
    assert "沿用6月30日填报，已123天未更新" in markup(opened("/indicator?serial=1-1&as_of=2025-10-31"))


def test_what_is_not_reported_has_no_progress_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM))
    page = markup(opened("/indicator?serial=1-2&as_of=2025-10-31"))
    assert "科室尚未填报，没有进度可比" in page
    assert "0%" not in re.sub(r"<[^>]*>", " ", page).replace("100%", "")


def test_the_history_tells_every_version_and_marks_what_was_carried_over(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM, FORM.replace("完成63%", "_")))
    page = markup(opened("/indicator?serial=1-1"))
    history = page.split('<table class="tb reports">')[1].split("</table>")[0]
    assert history.count("<tr") == 2
    assert history.count("完成63%") == 2
    assert history.count("沿用6月30日填报") == 1


def test_the_panel_s_scores_stand_on_a_line_with_their_mean_and_without_the_judges() -> None:
    page = markup(opened(f"/indicator?{urlencode({'plan': EXAMPLE, 'v': 5, 'serial': '1-1-1'})}"))
    line = page.split('<div class="panel"')[1].split("</div>")[0]
    assert line.count("<i ") == 7
    assert "平均" in line
    assert "评委" not in line


def test_the_buttons_and_the_list_lead_to_the_neighbours_and_to_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM))
    app = opened("/indicator?serial=1-1")
    assert app.button(key="walk_Left").disabled
    stands(app.button(key="walk_Right").click().run())
    assert headline(app).startswith("防火巡查")
    assert app.query_params["serial"] == "1-2"
    assert app.button(key="walk_Right").disabled
    stands(app.selectbox(key="indicator_list").select_index(0).run())
    assert headline(app).startswith("造林一千亩")


def test_where_a_serial_is_not_its_own_the_place_in_the_table_names_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM.replace("1-2", "1-1")))
    assert "row=2" in markup(opened("/indicator"))
    assert headline(opened("/indicator?row=2")).startswith("防火巡查")
    assert "2行的序号是“1-1”" in markup(opened("/indicator?serial=1-1"))


@pytest.mark.parametrize("address", ["serial=9-9", "row=0", "row=x", "row=99"])
def test_an_address_that_names_nothing_says_so_and_shows_all(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM))
    app = opened(f"/indicator?{address}")
    assert "下面是全部指标" in markup(app)
    assert headline(app).startswith("全部2项、5分：1项尚未填报")


def test_texts_of_cells_are_shown_literally(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "<img src=x onerror=alert(1)>**粗**"
    publish(
        monkeypatch, Published(FORM.replace("造林一千亩", hostile).replace("补植", "<b>").replace("张三", "<i>人</i>"))
    )
    for address in ("/indicator", "/indicator?serial=1-1", "/audit", "/plan"):
        assert re.findall(r"<img|<b></|<i>人", markup(opened(address))) == []
    assert html.escape(hostile) in markup(opened("/indicator?serial=1-1"))


# In a browser


def test_the_arrow_keys_walk_from_one_indicator_to_the_next(server: str, page: Page) -> None:
    visit(page, f"{server}/indicator?{urlencode({'plan': EXAMPLE, 'v': 4, 'serial': '1-1-1'})}")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: "serial=1-1-2" in url)
    settle(page)
    assert page.locator("h1").inner_text().startswith("进出口增速")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(lambda url: "serial=1-1-1" in url)


@pytest.mark.parametrize(
    "path", ["indicator", "indicator?serial=1-2-1", "indicator?serial=2-2-2", "plan", "audit", "method"]
)
def test_nothing_is_wider_than_a_telephone(path: str, server: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{server}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_search_narrows_the_list_and_stands_in_the_address(server: str, page: Page) -> None:
    visit(page, f"{server}/indicator?{urlencode({'plan': EXAMPLE, 'v': 4})}")
    page.locator(".st-key-q_text input").fill("口岸")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "q=" in url)
    settle(page)
    assert page.locator("h1").inner_text().startswith("筛出")
    visit(page, page.url)
    assert page.locator(".st-key-q_text input").input_value() == "口岸"
    assert page.locator("h1").inner_text().startswith("筛出")
