"""各单位: who has submitted, how each unit stands, and nothing added up or ranked that should not be."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from data.plan import shipped
from data.store import Store, publish_shipped
from tests import cities
from tests.browser import settle, visit
from tests.cities import AT_RISK, BLANK, SCORED, STEADY
from tests.drawing import xlsx
from tests.kept import button, opened_by, store, text
from tests.looking import outside, walked
from tests.published import headline, markup, stands
from tests.servers import ROOT, running
from tests.stores import url
from ui import session
from ui.printing import quoted

__all__ = ["store"]

LAST_YEAR = date(2024, 12, 28)
GROUPS = {"第一组": "甲局 乙局", "第二组": "丙局 丁局"}
LIST = """
参评单位名单
序号 | 参评单位 | 组别 | 应报文件
1 | 甲局 | 第一组 | 甲局.xlsx
2 | 乙局 | ^ | 乙局.xlsx
3 | 戊局 | 第二组 | 戊局.xlsx
"""


@pytest.fixture
def city(store: Store) -> Store:
    """Two groups of two; 丁局 has not submitted, 戊局 is on no list."""
    for unit, drawing in (("丙局", SCORED), ("甲局", STEADY), ("乙局", AT_RISK), ("戊局", BLANK)):
        cities.published(store, unit, drawing)
    cities.listed(store, GROUPS)
    return store


def lines(app: AppTest) -> list[list[str]]:
    """Return the cells' texts of every row of the page's table, a group's line as one cell."""
    rows = re.findall(r"<tr.*?</tr>", markup(app).split('class="tb units"', 1)[1], re.DOTALL)[1:]
    return [[_plain(cell) for cell in re.split(r"</t[dh]>", row)[:-1]] for row in rows]


def _plain(html: str) -> str:
    return re.sub(r"<.*?>", " ", html).strip()


def units(app: AppTest) -> list[str]:
    """Return the names of the units and groups, from top to bottom."""
    return [line[0].split()[0] for line in lines(app)]


def line(app: AppTest, unit: str) -> list[str]:
    return next(cells for cells in lines(app) if cells[0].startswith(unit))


def test_units_stand_in_the_groups_and_the_order_of_the_list(city: Store) -> None:
    app = opened_by("", "/units")
    assert units(app) == ["第一组", "甲局", "乙局", "第二组", "丙局", "丁局", "名单以外", "戊局"]
    assert headline(app) == "5家单位，已报4家，1家未报；2家有失分风险，1家没有读全。"


def test_a_unit_that_has_not_submitted_is_named_with_the_file_it_owes(city: Store) -> None:
    app = opened_by("", "/units")
    assert line(app, "丁局")[1:] == ["未报，应报文件：丁局.xlsx"]
    assert "未报的：丁局。" in text(app)


def test_a_group_counts_its_units_and_adds_up_no_points(city: Store) -> None:
    heads = [cells[0] for cells in lines(opened_by("", "/units")) if len(cells) == 1]
    assert [" ".join(head.split()) for head in heads] == ["第一组 2家，全部已报", "第二组 2家，已报1家", "名单以外 1家"]


def test_a_line_tells_the_points_the_score_with_what_it_covers_and_the_findings(city: Store) -> None:
    app = opened_by("", "/units")
    _, day, read, bars, score, _ = line(app, "丙局")
    assert (day.split(), read, bars.split()) == (["10月31日", "第1版"], "100分", ["60", "40"])
    assert score.split() == ["得54分", "已评60分，待评40分"]
    assert line(app, "乙局")[2].split() == ["90分", "方案100分"]
    assert line(app, "戊局")[4] == "待评"
    assert 'title="乙局：按序时30分，有风险60分，未填报0分"' in markup(app)


def test_a_unit_leads_to_its_overview_and_its_findings_to_the_audit(city: Store) -> None:
    page = markup(opened_by("", "/units"))
    assert f'href=".?plan={quote("甲局")}+2025"' in page


def test_the_order_is_no_ranking_until_somebody_asks_for_one(city: Store) -> None:
    app = opened_by("", "/units")
    assert app.toggle(key="unit_order").value is False
    app = stands(app.toggle(key="unit_order").set_value(True).run())
    assert app.query_params["order"] == "risk"
    assert units(app) == ["第一组", "乙局", "甲局", "第二组", "丙局", "丁局", "名单以外", "戊局"]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("state=missing", ["第二组", "丁局"]),
        (f"group={quote('第一组')}", ["第一组", "甲局", "乙局"]),
        (f"q={quote('戊 局')}", ["名单以外", "戊局"]),
        (
            f"group={quote('没有')}&state=x&page=9&year=1999",
            ["第一组", "甲局", "乙局", "第二组", "丙局", "丁局", "名单以外", "戊局"],
        ),
    ],
)
def test_the_address_filters_and_what_it_cannot_find_is_no_filter(address: str, found: list[str], city: Store) -> None:
    assert units(opened_by("", f"/units?{address}")) == found


def test_the_lists_write_the_address_and_one_link_shows_everything_again(city: Store) -> None:
    app = opened_by("", "/units")
    app = stands(app.selectbox(key="unit_state").select("missing").run())
    assert app.query_params["state"] == "missing"
    assert "找到1家，共5家。" in text(app)
    assert 'href="units?year=2025"' in markup(app)


def test_nobody_is_missing_where_there_is_no_list(store: Store) -> None:
    for unit in ("甲局", "乙局"):
        cities.published(store, unit, STEADY)
    app = opened_by("", "/units")
    assert units(app) == ["甲局", "乙局"]
    assert headline(app) == "2家单位已报；已填报的暂无失分风险。"
    assert "看不出谁没有报" in text(app)


def test_a_unit_without_a_summary_waits_for_it_and_the_page_says_how_it_gets_one(store: Store) -> None:
    cities.published(store, "甲局", STEADY)
    cities.unsummarised(store, "乙局", STEADY)
    app = opened_by("", "/units")
    assert line(app, "乙局")[1:] == ["待汇总"]
    assert "1家单位还没有按现在的口径汇总。" in text(app)
    assert "python -m data bulk" in text(app)
    store.summarise_missing()
    assert line(opened_by("", "/units"), "乙局")[2] == "100分"


def test_another_year_is_chosen_by_the_address(city: Store) -> None:
    cities.published(city, "甲局", STEADY, LAST_YEAR)
    app = opened_by("", "/units")
    assert app.selectbox(key="unit_year").value == 2025
    app = stands(app.selectbox(key="unit_year").select(2024).run())
    assert headline(app) == "4家单位，已报1家，3家未报；已填报的暂无失分风险。"


def test_an_example_is_marked_and_not_counted(store: Store) -> None:
    publish_shipped(store, shipped())
    app = opened_by("", "/units")
    assert headline(app).startswith("1家单位已报；")
    assert [" ".join(cells[0].split()) for cells in lines(app)][1:] == ["示例数据 1家，不计入", "示例市商务局 示例数据"]


def test_names_are_shown_literally(store: Store) -> None:
    hostile = "<b>甲</b>局"
    cities.published(store, hostile, STEADY)
    cities.listed(store, {"<i>一</i>组": f"{hostile} <u>乙</u>局"})
    page = markup(opened_by("", "/units"))
    assert not re.search(r"<b>甲|<i>一|<u>乙", page)
    assert "&lt;b&gt;甲&lt;/b&gt;局" in page


def test_no_table_is_read_for_the_page(city: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        raise AssertionError("a table was read")

    monkeypatch.setattr(city, "_part", read)
    assert len(units(opened_by("", "/units"))) == 8


def test_the_menu_has_the_page_where_there_are_several_units(store: Store) -> None:
    cities.published(store, "甲局", STEADY)
    assert not session.ask().several
    cities.published(store, "乙局", STEADY)
    assert session.ask().several


def test_the_menu_has_the_page_where_there_is_a_list(store: Store) -> None:
    assert not session.ask().several
    cities.listed(store, GROUPS)
    assert session.ask().several


def test_a_city_that_has_nothing_yet_says_so(store: Store) -> None:
    assert headline(opened_by("", "/units")) == "还没有单位报来考评表。"
    cities.listed(store, GROUPS)
    assert headline(opened_by("", "/units")) == "4家单位，已报0家，4家未报。"


# The list of units


def dropped(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].set_value([(name, content, "")])
    return stands(app.run())


def test_a_reader_sees_nothing_of_the_list(city: Store) -> None:
    app = opened_by("", "/units")
    assert not app.file_uploader
    assert "单位名单" not in text(app)


def test_a_list_is_shown_before_it_is_kept_and_counts_from_then_on(city: Store) -> None:
    app = dropped(opened_by("王小样", "/units"), "名单.xlsx", xlsx(LIST))
    page = text(app)
    assert "名单上有3家单位、2个组；其中3家已有考评表。" in page
    assert "比现在的名单多1家，少2家：丙局、丁局。" in page
    assert "已报而不在名单上的：丙局" in page
    assert units(app)[:3] == ["第一组", "甲局", "乙局"]
    assert city.roster().filename == "单位名单.xlsx"
    app = stands(button(app, "保存为单位名单").click().run())
    assert "已保存：“名单.xlsx”，3家。" in text(app)
    assert units(app) == ["第一组", "甲局", "乙局", "第二组", "戊局", "名单以外", "丙局"]


def test_another_file_can_be_taken_and_a_file_that_is_no_list_is_refused_with_the_way_out(city: Store) -> None:
    app = dropped(opened_by("王小样", "/units"), "别的.xlsx", xlsx("序号 | 甲\n1 | 乙"))
    assert "找不到写着“单位”" in text(app)
    app = dropped(app, "名单.xlsx", xlsx(LIST))
    app = stands(button(app, "换一个文件").click().run())
    assert app.file_uploader
    assert city.roster().filename == "单位名单.xlsx"


# In a browser


@pytest.fixture(scope="module")
def hundred(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a product with 100 units in four groups, three of them missing, three versions each."""
    home: Path = tmp_path_factory.mktemp("city")
    cities.filled(Store.open(url(home / "var" / "dashboard.db")), 100, 3, 3, ("第一组", "第二组", "第三组", "第四组"))
    with running(ROOT / "dashboard.py", home) as address:
        yield address


def test_a_hundred_units_are_paged_found_and_opened(hundred: str, page: Page) -> None:
    visit(page, f"{hundred}/units")
    expect(page.locator("h1")).to_contain_text("100家单位，已报97家，3家未报；")
    expect(page.locator("table.units tbody tr:not(.group)")).to_have_count(50)
    visit(page, f"{hundred}/units?page=2")
    expect(page.locator("table.units tr.group").first).to_contain_text("第三组25家，已报24家")
    expect(page.get_by_text("第51至100家，共100家。")).to_be_visible()
    page.get_by_placeholder("搜单位名称").fill("水利局第五")
    page.keyboard.press("Enter")
    expect(page.locator("table.units tbody tr:not(.group)")).to_have_count(1)
    page.get_by_role("link", name="示例市水利局第五分局").click()
    page.wait_for_url(lambda url: "units" not in url)
    expect(page.locator(".context").first).to_contain_text("示例市水利局第五分局")


def test_the_menu_and_the_switch_of_plans_lead_from_unit_to_unit(hundred: str, page: Page) -> None:
    visit(page, hundred)
    page.get_by_label("方案", exact=True).fill("渔业局第二分局")
    page.get_by_role("option", name="示例市渔业局第二分局 2025").click()
    page.wait_for_url(lambda url: quote("示例市渔业局第二分局") in url)
    settle(page)
    page.get_by_test_id("stTopNavLink").get_by_text("各单位", exact=True).click()
    expect(page.locator("table.units")).to_be_visible()


def test_the_city_fits_a_phone_paper_and_the_keyboard(hundred: str, page: Page) -> None:
    visit(page, f"{hundred}/units?group={quote('第一组')}")
    walk = walked(page)
    assert (walk.unseen, walk.missed) == ((), ())
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert outside(page) == []
    page.set_viewport_size({"width": 1039, "height": 714})
    page.emulate_media(media="print")
    assert outside(page) == []
    expect(page.get_by_placeholder("搜单位名称")).not_to_be_visible()
    said = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--imprint')")
    assert quoted("内部资料　各单位 2025　100家，已报97家").strip('"') in said


def test_one_unit_has_no_such_page_in_its_menu(server: str, page: Page) -> None:
    visit(page, server)
    assert page.get_by_test_id("stTopNavLink").get_by_text("各单位", exact=True).count() == 0
    visit(page, f"{server}/units")
    expect(page.get_by_text("现在只有一家单位")).to_be_visible()
