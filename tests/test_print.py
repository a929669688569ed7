"""Every page on paper: A4 landscape, nothing cut, no controls, the imprint at the foot, 总览's one minute on one page."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser import settle, visit
from tests.looking import outside
from tests.menu import menu
from ui.printing import quoted

PAGES = [address for address, _ in menu().values()]
EXAMPLE, NOTICE = "示例市商务局 2025", "泉州市商务局 2025"
TABLES = [(EXAMPLE, 4), (EXAMPLE, 5), (NOTICE, 1)]
PAPER = {"width": 1039, "height": 714}  # pixels of A4 landscape within its margins
MILLIMETRES = 72 / 25.4  # points
CONTROLS = (
    ".stSelectbox, .stButton, .stDateInput, .stFileUploader, .stDownloadButton, header, .st-key-print_button, nav"
)


def shown(page: Page, server: str, path: str, plan: str = EXAMPLE, version: int = 4) -> Page:
    return visit(page, f"{server}{path}?{urlencode({'plan': plan, 'v': version})}")


def printed(page: Page) -> bytes:
    return page.pdf(prefer_css_page_size=True, print_background=True)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_cut_at_the_right_edge_of_the_paper(server: str, page: Page, path: str):
    for plan, version in TABLES:
        shown(page, server, path, plan, version)
        page.set_viewport_size(PAPER)
        page.emulate_media(media="print")
        assert page.locator("[data-testid=stMain] h1").first.is_visible()
        assert outside(page) == []
        assert page.locator(CONTROLS).filter(visible=True).count() == 0
        page.emulate_media(media="screen")


@pytest.mark.parametrize("path", PAGES)
def test_every_sheet_is_a4_landscape(server: str, page: Page, path: str):
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed(shown(page, server, path)))
    assert sheets
    for width, height in sheets:
        assert (float(width) / MILLIMETRES, float(height) / MILLIMETRES) == pytest.approx((297, 210), abs=0.5)


@pytest.mark.parametrize(("plan", "version"), [*((EXAMPLE, number) for number in range(1, 6)), (NOTICE, 1)])
def test_the_overview_s_minute_fits_one_sheet_and_the_rest_the_second(server: str, page: Page, plan: str, version: int):
    shown(page, server, "/", plan, version)
    below = page.locator(".trio").count()
    assert pages(printed(page)) == 1 + below
    page.evaluate("document.querySelectorAll('.trio, hr.thin').forEach(each => each.remove())")
    assert pages(printed(page)) == 1


@pytest.mark.parametrize(("path", "name"), [("/department", "综合科"), ("/leader", "叶书航")])
def test_a_figure_that_knows_only_the_screen_is_drawn_anew_for_paper(server: str, page: Page, path: str, name: str):
    shown(page, server, path)
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stPlotlyChart")).not_to_be_visible()
    row = page.locator(".paper .three a.row", has_text=name)
    expect(row).to_be_visible()
    assert page.locator(".paper .three .heads").inner_text().split() == [
        {"/department": "科室", "/leader": "分管领导"}[path],
        "承担",
        "按序时",
        "有风险",
        "未填报",
    ]


@pytest.mark.parametrize("path", ["/", "/meeting"])
def test_every_sheet_says_which_plan_version_and_day_it_is_of(server: str, page: Page, path: str):
    shown(page, server, path)
    said = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--imprint')")
    words = re.sub(r"\\([0-9a-f]+) ?", lambda found: chr(int(found[1], 16)), said).strip('"')
    assert re.fullmatch(r"示例数据　示例市商务局 2025　第4版　数据截至2025年10月31日　校验码[0-9a-f]{12}", words)
    shown(page, server, path, NOTICE, 1)
    said = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--imprint')")
    assert said.startswith(quoted("内部资料").removesuffix('"').strip())


@pytest.mark.parametrize("name", ['"; } body { display: none', "</style><script>", "\\", "甲\n乙", ""])
def test_a_plan_s_name_cannot_leave_the_words_at_the_foot(name: str):
    assert re.fullmatch(r'"(\\[0-9a-f]+ )*"', quoted(name))


def test_a_link_on_paper_is_not_underlined(server: str, page: Page):
    shown(page, server, "/")
    page.emulate_media(media="print")
    drawn = page.locator(".stHtml a").evaluate_all("all => all.map(each => getComputedStyle(each).textDecorationLine)")
    assert set(drawn) == {"none"}


@pytest.mark.parametrize("path", [path for path in PAGES if path not in ("/meeting", "/units")])
def test_one_click_prints_once_also_after_the_page_was_drawn_again(server: str, page: Page, path: str):
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    shown(page, server, path)
    page.get_by_role("button", name="打印", exact=True).click()
    assert page.evaluate("window.printed") == 1
    page.get_by_label("版本", exact=True).click()
    page.get_by_role("option", name="第2版").click()
    page.wait_for_url(lambda url: "v=2" in url)
    settle(page)
    page.get_by_role("button", name="打印", exact=True).click()
    assert page.evaluate("window.printed") == 2
