"""会议 in a real browser: keys, rotation, reload, reconnection, whatever is cut, and what is decided."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser import SETTLED, watch
from tests.kept import PLAN as DRAWN
from tests.kept import opened_by, published, store, text  # noqa: F401  # store is a fixture
from tests.servers import ROOT, running, sign_in

EXAMPLE = "示例市商务局 2025"
NOTICE = "泉州市商务局 2025"
SOON = 10_000  # milliseconds
# What is cut or lies outside the screen: elements whose content is larger than they are.
CUT = """
() => {
  const screen = document.querySelector('.st-key-meeting');
  const outside = [...document.querySelectorAll('.slide *')].filter(each => {
    const box = each.getBoundingClientRect();
    const hidden = getComputedStyle(each).overflow === 'hidden' && each.scrollHeight > each.clientHeight + 2;
    return box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || hidden;
  });
  const more = screen.scrollHeight > screen.clientHeight + 1 || screen.scrollWidth > screen.clientWidth + 1;
  return (more ? ['the slide is larger than the screen'] : []).concat(outside.map(each => each.outerHTML.slice(0, 80)));
}
"""
TABLE = """
序号 | 二级指标         | 权重 | 时限     | 科室   | 科室负责人 | 分管领导 | 完成情况     | 进度
1-1  | 造林5000亩       | 4    | 12月底前 | 造林科 | 方远洲     | 林叙     | 已造林2000亩 | 40%
1-2  | <b>抚育</b>森林  | 3    | 12月底前 | 造林科 | 方远洲     | 林叙     | 已抚育4000亩 | 10%
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("meeting")


@pytest.fixture(scope="module")
def product(kept: Path) -> Iterator[str]:
    """A product whose example plan has decisions of its own."""
    with running(ROOT / "dashboard.py", kept) as address:
        yield address


@pytest.fixture(scope="module")
def chair(product: str, kept: Path, browser: Browser) -> Iterator[Page]:
    """A tab of an editor, who may note decisions."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    seen = watch(context)
    tab = context.new_page()
    sign_in(tab, product, kept, "周舟")
    yield tab
    context.close()
    assert seen.errors == []


def meeting(page: Page, address: str, plan: str = EXAMPLE, version: int = 4, **more: object) -> Page:
    page.goto(f"{address}/meeting?{urlencode({'plan': plan, 'v': version, **more})}")
    page.locator(".slide h1").wait_for(timeout=30_000)
    page.evaluate(SETTLED)
    return page


def place(page: Page) -> tuple[int, int]:
    """Return which slide is shown of how many, as the foot tells it."""
    at, count = page.locator("[data-name=place]").inner_text().split("／")
    return int(at), int(count)


def stands(page: Page, at: int) -> None:
    """Wait until the slide stands, in the foot and in the address."""
    expect(page.locator("[data-name=place]")).to_have_text(re.compile(rf"^{at}／"), timeout=SOON)
    page.evaluate(SETTLED)
    assert place(page)[0] == at


def asked(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


def focus(page: Page, widget: str) -> None:
    if widget == "nothing":
        page.locator(".slide h1").click()
    elif widget == "names":
        page.get_by_label("显示姓名").focus()
    elif widget == "rotation":
        page.locator("[data-name=every]").focus()
    elif widget == "button":
        page.locator("[data-name=full]").focus()
    else:
        if not page.get_by_label("议定什么").is_visible():
            page.get_by_text("记议定事项").click()
        page.get_by_label({"text": "议定什么", "day": "什么时候前"}[widget]).first.focus()


@pytest.mark.parametrize("widget", ["nothing", "names", "rotation", "button", "text", "day"])
def test_the_keys_of_a_clicker_turn_slides_whatever_has_the_focus(product: str, chair: Page, widget: str):
    meeting(chair, product)
    for key, at in (("PageDown", 2), ("ArrowRight", 3), ("PageUp", 2), ("ArrowLeft", 1)):
        focus(chair, widget)
        chair.keyboard.press(key)
        stands(chair, at)
    focus(chair, widget)
    chair.keyboard.press("End")
    count = place(chair)[1]
    stands(chair, count)
    focus(chair, widget)
    chair.keyboard.press("Home")
    stands(chair, 1)


def test_a_text_that_is_being_written_keeps_its_own_keys_but_not_the_clicker_s(product: str, chair: Page):
    meeting(chair, product)
    focus(chair, "text")
    field = chair.get_by_label("议定什么")
    field.fill("补签")
    for key in ("ArrowLeft", "Home", "p", "F"):
        chair.keyboard.press(key)
    assert field.input_value() == "pF补签"
    assert place(chair)[0] == 1
    chair.keyboard.press("PageDown")
    stands(chair, 2)


def test_fast_presses_are_all_counted(product: str, page: Page):
    meeting(page, product)
    for _ in range(4):
        page.keyboard.press("PageDown")
    stands(page, 5)


def test_escape_leaves_for_the_overview_of_the_same_version(product: str, page: Page):
    meeting(page, product)
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "/meeting" not in url, timeout=SOON)
    assert (asked(page, "plan"), asked(page, "v")) == (EXAMPLE, "4")


def test_f_fills_the_screen_and_leaves_it_again(product: str, page: Page):
    meeting(page, product)
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")


def test_the_rotation_turns_pauses_and_goes_on(product: str, page: Page):
    meeting(page, product, every=2)
    stands(page, 2)
    page.keyboard.press("p")
    at = place(page)[0]
    page.wait_for_timeout(3_500)
    assert place(page)[0] == at
    page.keyboard.press("p")
    expect(page.locator("[data-name=place]")).to_have_text(re.compile(rf"^{at + 1}／"), timeout=15_000)


def test_nothing_turns_by_itself_while_a_key_was_just_pressed(product: str, page: Page):
    meeting(page, product, every=2)
    page.keyboard.press("End")
    count = place(page)[1]
    stands(page, count)
    page.wait_for_timeout(5_000)
    assert place(page)[0] == count


def test_the_rotation_is_chosen_in_the_foot_and_kept_in_the_address(product: str, page: Page):
    meeting(page, product)
    page.locator("[data-name=every]").select_option("30")
    page.wait_for_url(lambda url: "every=30" in url, timeout=SOON)
    page.reload()
    expect(page.locator("[data-name=every]")).to_have_value("30", timeout=30_000)


def test_a_reload_and_another_screen_open_the_same_slide(product: str, page: Page, browser: Browser):
    meeting(page, product)
    for at in (2, 3):
        above = page.locator(".slide h1").inner_text()
        page.keyboard.press("PageDown")
        expect(page.locator(".slide h1")).not_to_have_text(above, timeout=SOON)
        stands(page, at)
    title = page.locator(".slide h1").inner_text()
    page.reload()
    expect(page.locator(".slide h1")).to_have_text(title, timeout=30_000)
    with browser.new_context().new_page() as other:
        other.goto(page.url)
        expect(other.locator(".slide h1")).to_have_text(title, timeout=30_000)
        other.context.close()


def test_after_a_lost_connection_the_same_slide_stands_and_the_keys_work(product: str, page: Page):
    sockets: list[WebSocketRoute] = []

    def through(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    page.route_web_socket(re.compile("/_stcore/stream"), through)
    meeting(page, product)
    page.keyboard.press("PageDown")
    stands(page, 2)
    title = page.locator(".slide h1").inner_text()
    sockets[-1].close()
    page.wait_for_function("() => document.querySelector('[data-test-connection-state=CONNECTED]')", timeout=30_000)
    while len(sockets) < 2:
        page.wait_for_timeout(100)
    page.evaluate(SETTLED)
    assert page.locator(".slide h1").inner_text() == title
    page.keyboard.press("PageDown")
    stands(page, 3)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768)])
@pytest.mark.parametrize(("plan", "version"), [(EXAMPLE, 1), (EXAMPLE, 4), (EXAMPLE, 5), (NOTICE, 1)])
def test_no_slide_is_cut_or_empty(product: str, page: Page, plan: str, version: int, width: int, height: int):
    page.set_viewport_size({"width": width, "height": height})
    meeting(page, product, plan, version)
    for at in range(1, place(page)[1] + 1):
        stands(page, at)
        slide = page.locator(".slide")
        assert slide.locator("h1").inner_text().strip()
        assert slide.locator(".content").inner_text().strip()
        assert all(cell.strip() for cell in slide.locator("td.name, td.number, dd").all_inner_texts())
        assert page.evaluate(CUT) == [], slide.locator("h1").inner_text()
        page.keyboard.press("PageDown")


def test_the_smallest_text_of_the_audience_is_large_enough_for_5_metres(product: str, page: Page):
    page.set_viewport_size({"width": 1920, "height": 1080})
    meeting(page, product)
    sizes = "() => [...document.querySelectorAll('.slide *')].map(each => parseFloat(getComputedStyle(each).fontSize) / innerHeight)"
    for at in range(1, place(page)[1] + 1):
        stands(page, at)
        assert min(page.evaluate(sizes)) >= 0.0369
        page.keyboard.press("PageDown")


def test_on_a_public_wall_nobody_is_named(product: str, page: Page):
    meeting(page, product)
    page.locator("label", has_text="显示姓名").click()
    page.wait_for_url(lambda url: "names=off" in url, timeout=SOON)
    page.evaluate(SETTLED)
    told = ""
    for at in range(1, place(page)[1] + 1):
        stands(page, at)
        told += page.locator(".slide").inner_text()
        page.keyboard.press("PageDown")
    assert "口岸科" in told
    assert "高翔" not in told
    assert "梁承志" not in told


def test_what_is_decided_on_a_slide_opens_the_next_meeting_and_is_ticked_off(product: str, chair: Page):
    meeting(chair, product, slide="item-1-1-2")
    before = place(chair)[1]
    focus(chair, "text")
    chair.get_by_label("议定什么").fill("11月10日前逐家走访10家重点企业")
    chair.get_by_label("谁落实").fill("外贸科")
    chair.keyboard.press("Tab")
    chair.get_by_role("button", name="记下").click()
    expect(chair.get_by_text("已记下。")).to_be_visible(timeout=SOON)
    meeting(chair, product)
    assert chair.locator(".slide h1").inner_text() == "上次会议议定事项"
    assert "11月10日前逐家走访10家重点企业" in chair.locator(".slide").inner_text()
    assert place(chair)[1] == before + 1
    chair.goto(f"{product}/indicator?{urlencode({'plan': EXAMPLE, 'v': 4, 'serial': '1-1-2'})}")
    expect(chair.get_by_text("1项未办结")).to_be_visible(timeout=30_000)
    chair.get_by_role("button", name="办结").click()
    expect(chair.get_by_text("0项未办结")).to_be_visible(timeout=SOON)
    expect(chair.get_by_role("button", name="改回未办结")).to_have_count(1, timeout=SOON)
    meeting(chair, product)
    assert chair.locator(".slide h1").inner_text() != "上次会议议定事项"


def test_who_only_looks_is_offered_no_decisions(product: str, page: Page):
    meeting(page, product)
    assert page.get_by_text("记议定事项").count() == 0


@pytest.mark.parametrize("address", ["/meeting?slide=nowhere", "/meeting?every=-5", "/meeting?every=9e9&slide=%3Cb%3E"])
def test_an_address_that_names_nothing_opens_the_first_slide(store, address: str):  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, TABLE, "2025-10-31")
    assert "总体" in text(opened_by("", address))


def test_text_of_the_table_stands_on_a_slide_as_it_is(store):  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, TABLE, "2025-10-31")
    app = opened_by("", f"/meeting?{urlencode({'plan': DRAWN, 'slide': 'item-1-2'})}")
    bodies = "".join(element.proto.body for element in app.main if element.type == "html")
    assert "&lt;b&gt;抚育&lt;/b&gt;" in bodies
    assert "<b>抚育" not in bodies
