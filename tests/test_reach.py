"""Every page at the width of a phone, by keyboard alone, with AA contrast, and its drawings in words."""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import settle, visit, watch
from tests.looking import outside, pale, small, walked
from tests.menu import menu

PAGES = [address for address, _ in menu().values()]
EXAMPLE, NOTICE = "示例市商务局 2025", "泉州市商务局 2025"
TABLES = [(EXAMPLE, 4), (EXAMPLE, 5), (NOTICE, 1)]
ONE = f"/indicator?serial={quote('1-1-2')}"
PHONE = {"width": 390, "height": 844}
LEAST = 12  # pixels of type
HEADINGS = """
() => [...document.querySelectorAll('[data-testid=stMain] :is(h1, h2, h3, h4)')]
  .filter(each => each.checkVisibility()).map(each => Number(each.tagName[1]))
"""
WORDLESS = """
() => [...document.querySelectorAll('[data-testid=stMain] :is(img, [role=img], [role=figure])')]
  .filter(each => !(each.alt || each.ariaLabel || '').trim() && !each.closest('[aria-hidden=true]'))
  .map(each => each.outerHTML.slice(0, 80))
"""
WIDTHS = """
all => all.map(each => [...each.querySelectorAll('.bar i')].reduce((sum, piece) => sum + piece.getBoundingClientRect().width, 0))
"""


def shown(page: Page, server: str, path: str, plan: str = EXAMPLE, version: int = 4) -> Page:
    """Open a page of a shipped version, which must not have failed."""
    visit(page, f"{server}{path}{'&' if '?' in path else '?'}{urlencode({'plan': plan, 'v': version})}")
    assert page.locator("[data-testid=stAlert]").all_inner_texts() == []
    return page


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('[data-testid=stMain] details').forEach(each => { each.open = true; })")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")
    seen = watch(context)
    yield context.new_page()
    context.close()
    assert seen.errors == []


@pytest.mark.parametrize("path", [*PAGES, ONE])
def test_a_phone_shows_every_page_without_cutting_or_shrinking_text(server: str, phone: Page, path: str):
    for plan, version in TABLES:
        shown(phone, server, path, plan, version)
        unfold(phone)
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert outside(phone) == []
        assert small(phone, LEAST) == []


def test_a_phone_shows_every_slide_without_cutting_or_shrinking_text(server: str, phone: Page):
    shown(phone, server, "/meeting")
    count = int(phone.locator("[data-name=place]").inner_text().split("／")[1])
    for _ in range(1, count):
        assert outside(phone) == []
        assert small(phone, LEAST) == []
        before = phone.url
        phone.locator("[data-name=next]").tap()
        phone.wait_for_url(lambda url, before=before: url != before)
        settle(phone)


def test_a_phone_reaches_the_menu(server: str, phone: Page):
    visit(phone, server)
    phone.get_by_test_id("stExpandSidebarButton").tap()
    phone.get_by_test_id("stSidebarNavLink").get_by_text("时限", exact=True).tap()
    phone.wait_for_url(lambda url: "/deadline" in url)


def test_a_leader_s_points_by_category_stand_below_each_other_on_a_phone_on_one_scale(server: str, phone: Page):
    shown(phone, server, "/leader")
    cells = phone.locator(".matrix .mini:not(.none)")
    told = cells.evaluate_all("all => all.map(each => [each.dataset.head, each.querySelector('.bar').ariaLabel])")
    assert told
    assert all(re.search(r"\d分", said) for _, said in told)
    widths = cells.evaluate_all(WIDTHS)
    points = [sum(map(float, re.findall(r"([\d.]+)分", said))) for _, said in told]
    scales = [width / held for width, held in zip(widths, points, strict=True)]
    assert max(scales) < 1.1 * min(scales)


@pytest.mark.parametrize("path", [*PAGES, ONE])
def test_text_stands_out_from_what_is_behind_it(server: str, page: Page, path: str):
    for plan, version in TABLES:
        shown(page, server, path, plan, version)
        unfold(page)
        assert pale(page) == []


@pytest.mark.parametrize("path", [*PAGES, ONE])
def test_a_page_has_one_headline_headings_in_order_and_no_drawing_without_words(server: str, page: Page, path: str):
    shown(page, server, path)
    levels = page.evaluate(HEADINGS)
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert page.evaluate(WORDLESS) == []


@pytest.mark.parametrize(
    "path", ["/", "/department", "/leader", "/deadline", "/changes", "/meeting", "/what-if", "/plan", ONE]
)
def test_tab_alone_reaches_every_control_and_shows_where_it_is(server: str, page: Page, path: str):
    shown(page, server, path)
    walk = walked(page)
    assert walk.unseen == ()
    assert walk.missed == ()
    assert len(set(walk.reached)) >= 6


@pytest.mark.parametrize(("path", "which"), [("/department", "流通科"), ("/leader", "梁承志")])
def test_a_figure_says_every_row_it_draws_in_words(server: str, page: Page, path: str, which: str):
    shown(page, server, path)
    said = page.locator("[data-testid=stMain] [role=figure]").first.get_attribute("aria-label") or ""
    drawn = page.locator(".paper .three a.row").evaluate_all("all => all.map(each => each.title)")
    assert len(drawn) >= 5
    assert all(row in said for row in drawn)
    assert re.search(rf"{which}：承担\d", said)


def test_the_tiles_of_a_month_say_their_points_by_status(server: str, page: Page):
    shown(page, server, "/deadline")
    said = page.locator(".months .hang").evaluate_all("all => all.map(each => each.ariaLabel)")
    points = sum(sum(map(float, re.findall(r"([\d.]+)分", month))) for month in said)
    assert points == pytest.approx(100)


@pytest.mark.parametrize("path", PAGES)
def test_what_the_words_mean_is_one_click_away(server: str, page: Page, path: str):
    shown(page, server, path)
    link = page.locator("[data-testid=stMain] a[href*=method]:visible").first
    link.click()
    page.wait_for_url(lambda url: "/method" in url)
