"""Hostile texts in every cell of a published table, on every page, in a real browser."""

import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from data.store import Store
from tests import hostile
from tests.browser import settle, visit, watch
from tests.conftest import VIEWPORT
from tests.menu import menu
from tests.servers import ROOT, running, sign_in
from tests.stores import url

ADDRESSES = [address for address, _ in menu().values()]
QUERY = f"?{urlencode({'plan': hostile.PLAN})}"
LEADS_ELSEWHERE = """() => [...document.querySelectorAll('[href], [src], [action]')]
  .map(each => each.getAttribute('href') ?? each.getAttribute('src') ?? each.getAttribute('action'))
  .filter(address => !['', location.hostname].includes(new URL(address, location).hostname)
    || new URL(address, location).protocol === 'javascript:')"""
TRIES = """beacon => {
  const script = document.createElement('script');
  script.textContent = 'window.__pwned = 1';
  document.body.append(script);
  const frame = document.createElement('iframe');
  frame.srcdoc = '<script>parent.__pwned = 1<\\/script>';
  document.body.append(frame);
  const image = document.createElement('img');
  image.setAttribute('onerror', 'window.__pwned = 1');
  image.src = beacon + '/image.png';
  document.body.append(image);
  setTimeout(() => window.eval('window.__pwned = 1')); // at once, the debugger's own rights would hold
  try { fetch(beacon + '/fetch').catch(() => {}); } catch (error) {}
  return new Promise(resolve => setTimeout(resolve, 500));
}"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a product that holds two versions of the hostile table, the second with a hostile note and name."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "var").mkdir()
    store = Store.open(url(folder / "var" / "dashboard.db"))
    words = {
        "plan": hostile.PLAN,
        "author": hostile.MARKDOWN,
        "note": hostile.STRINGS[0],
        "filename": f"{hostile.STRINGS[4]}.xlsx",
    }
    base = None
    for day in (date(2025, 6, 30), date(2025, 9, 30)):
        content = hostile.table()
        base = store.publish(**words, content=content, base=base, data_date=day, token=f"{day}").id
    return folder


@pytest.fixture(scope="module")
def product(kept: Path) -> Iterator[str]:
    with running(ROOT / "dashboard.py", kept) as address:
        yield address


def harmless(page: Page) -> None:
    """Nothing ran, nothing became an element of the page, nothing leads elsewhere."""
    assert page.evaluate("window.__pwned") is None
    assert page.locator("[data-testid=stMain] :is(script, iframe, form, base, meta, object, embed)").count() == 0
    assert page.evaluate(LEADS_ELSEWHERE) == []
    assert page.locator("[onerror], [onload], [ontoggle]").count() == 0
    assert page.evaluate("getComputedStyle(document.body).display") != "none"


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_text_of_a_table_is_more_than_text_on_any_page(path: str, product: str, page: Page) -> None:
    visit(page, product + path + QUERY)
    harmless(page)


def test_every_text_stands_in_the_list_as_it_was_written(product: str, page: Page, kept: Path) -> None:
    visit(page, f"{product}/indicator{QUERY}")
    shown = " ".join(page.locator("[data-testid=stMain]").inner_text().split())
    assert [text for text in hostile.STRINGS if " ".join(text.split()) not in shown] == []


def stands_on_its_own_page(number: int, product: str, page: Page) -> None:
    visit(page, f"{product}/indicator{QUERY}&serial=1-{number}")
    shown = " ".join(page.locator("[data-testid=stMain]").inner_text().split())
    text = " ".join(hostile.STRINGS[number - 1].split())
    assert shown.count(text) >= 2, shown  # as the indicator and in its completion
    harmless(page)


@pytest.mark.parametrize("number", [1, 6, 16])
def test_a_text_stands_on_its_indicator_s_page_as_it_was_written(number: int, product: str, page: Page) -> None:
    stands_on_its_own_page(number, product, page)


@pytest.mark.proof
@pytest.mark.parametrize("number", range(1, len(hostile.STRINGS) + 1))
def test_every_text_stands_on_its_indicator_s_page_as_it_was_written(number: int, product: str, page: Page) -> None:
    stands_on_its_own_page(number, product, page)


def test_an_editor_s_pages_and_the_preview_of_a_file_are_no_more_than_text(
    product: str, kept: Path, tmp_path: Path, page: Page
) -> None:
    sign_in(page, product, kept, "王小样")
    for path in ("/versions", "/plan", "/meeting", "/indicator"):
        visit(page, product + path + QUERY)
        harmless(page)
    visit(page, f"{product}/upload{QUERY}")
    file = tmp_path / "<img src=x onerror=window.__pwned=1>.xlsx"
    file.write_bytes(hostile.table())
    before = page.locator("h1").inner_text()
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(str(file))
    page.wait_for_function("before => document.querySelector('h1')?.innerText !== before", arg=before)
    settle(page)
    harmless(page)


def test_a_text_in_an_address_is_no_more_than_text(product: str, page: Page) -> None:
    for name in ("plan", "v", "as_of", "department", "q", "slide", "serial"):
        for path in ("/", "/department", "/indicator", "/meeting"):
            visit(page, f"{product}{path}?{urlencode({name: hostile.MARKDOWN})}")
            harmless(page)


def test_even_a_script_that_got_into_the_page_runs_nothing_and_reaches_nobody(product: str, browser: Browser) -> None:
    context = browser.new_context(viewport=VIEWPORT)
    seen = watch(context)  # a refused eval is an error too
    page = visit(context.new_page(), product)
    with socket.create_server(("127.0.0.1", 0)) as beacon:
        page.evaluate(TRIES, f"http://127.0.0.1:{beacon.getsockname()[1]}")
        assert page.evaluate("window.__pwned") is None
        assert len([error for error in seen.errors if "Content Security Policy" in error]) >= 3
        beacon.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has called
            beacon.accept()
    context.close()
