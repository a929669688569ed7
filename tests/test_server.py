import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import IO
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from tests.browser import visit
from tests.menu import menu
from tests.servers import ROOT, running

PAGES = {address: title for title, (address, _) in menu().items()}
OF_SEVERAL = "/units"  # in the menu only where there are several units; it belongs to no plan
ALWAYS = {address: title for address, title in PAGES.items() if address != OF_SEVERAL}
PLANS = ("泉州市商务局 2025", "示例市商务局 2025")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LEFTOVERS = re.compile(
    r"\b(None|nan|NaN|NaT|undefined|Traceback|Deploy|Rerun|Settings|Page not found|Made with Streamlit|Error)\b"
)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


def test_the_menu_holds_the_pages_that_links_rely_on() -> None:
    relied_on = {"/", "/department", "/leader", "/deadline", "/indicator", "/changes", "/meeting", "/what-if"}
    relied_on |= {"/upload", "/versions", "/plan", "/audit", "/clauses", "/method"}
    assert relied_on <= PAGES.keys()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opened_by_its_address_as_the_very_first_request_stands_in_its_frame(
    path: str, fresh_server: str, page: Page
) -> None:
    visit(page, fresh_server + path)
    assert urlsplit(page.url).path == path
    headline = page.locator("[data-testid=stMain] h1").first
    assert headline.inner_text().strip()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert path == "/meeting" or headline.evaluate("each => getComputedStyle(each).fontSize") == "32px"  # our styles
    for other in ALWAYS.values() if path != "/meeting" else ():  # which fills the screen
        assert page.get_by_role("link", name=other, exact=True).count() >= 1


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_in_a_chinese_sentence_and_leaves_no_english(
    path: str, plan: str, server: str, page: Page
) -> None:
    visit(page, f"{server}{path}?{urlencode({'plan': plan})}")
    assert len(CHINESE.findall(page.locator("[data-testid=stMain] h1").first.inner_text())) >= 5
    assert path == OF_SEVERAL or plan in page.locator("body").inner_text()
    assert LEFTOVERS.findall(page.locator("body").inner_text()) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_not_wider_than_the_window(path: str, server: str, page: Page) -> None:
    visit(page, server + path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_menu_leads_to_every_page(server: str, page: Page) -> None:
    visit(page, server)
    for path, name in list(ALWAYS.items())[::-1]:
        page.get_by_role("link", name=name, exact=True).first.click()
        page.wait_for_url(lambda url, path=path: urlsplit(url).path == path)
        assert page.locator("[data-testid=stMain] h1").first.inner_text().strip()
        if name == "会议":  # fills the screen
            page.get_by_role("button", name="退出").click()
            page.wait_for_url(lambda url: urlsplit(url).path == "/")


@pytest.mark.parametrize("path", ["/", "/department"])
def test_the_document_says_that_it_is_chinese(path: str, server: str) -> None:
    with urllib.request.urlopen(server + path) as answer:
        assert b'<html lang="zh-CN"' in answer.read()


def test_the_default_page_s_own_path_leads_home(server: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(NoRedirects).open(f"{server}/overview")
    answer.value.close()
    assert 300 <= answer.value.code < 400
    assert urlsplit(urljoin(answer.value.url, answer.value.headers["Location"])).path == "/"


def test_the_product_listens_on_this_machine_alone(server: str) -> None:
    port = urlsplit(server).port
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", port))


def test_the_product_starts_from_any_folder_with_a_home_that_does_not_exist(tmp_path: Path, page: Page) -> None:
    with running(ROOT / "dashboard.py", tmp_path, folder=tmp_path, home=tmp_path / "nobody") as address:
        visit(page, address)
        page.goto("about:blank")  # a page left open would ask for its server


def test_the_frame_runs_in_a_process_that_has_imported_nothing_else() -> None:
    script = "from streamlit.testing.v1 import AppTest as A; a = A.from_file('ui/frame.py', default_timeout=60).run(); "
    command = [sys.executable, "-c", script + "assert not a.exception and len(a.main), a.exception"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=120, encoding="utf-8")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("file", [path.name for path in sorted((ROOT / "pages").glob("*.py"))])
def test_a_page_runs_inside_the_frame_without_a_browser(file: str) -> None:
    app = AppTest.from_file(str(ROOT / "ui" / "frame.py"), default_timeout=30).run()
    app.switch_page(f"../pages/{file}").run()
    assert not app.exception
    assert len(app.main) > 0
