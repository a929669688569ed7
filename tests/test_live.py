import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from data.store import Store
from tests.browser import settle, visit
from tests.kept import PLAN, opened_by, published, store, text  # noqa: F401  # store is a fixture
from tests.servers import ROOT, running
from ui import live

EXAMPLE = "示例市商务局 2025"
SOON = 5.0  # seconds from a publish to the notice
TABLE = """
序号 | 二级指标   | 权重 | 时限     | 科室   | 完成情况 | 进度
1-1  | 造林5000亩 | 4    | 12月底前 | 造林科 |          |
"""
# What another process does: the example's first version once more, as its newest.
PUBLISH = """
import sys
from data.store import Store
store = Store.open(sys.argv[1])
newest, first = store.versions(sys.argv[2])[0], store.versions(sys.argv[2])[-1]
print(store.restore(first.id, base=newest.id, author="周舟", note="另一处发布", token=f"live {newest.id}").number)
"""
# Counts what appears, goes or is written anew on the page in some milliseconds.
MOVED = """
milliseconds => new Promise(resolve => {
  let count = 0;
  const observer = new MutationObserver(found => { count += found.length; });
  observer.observe(document.querySelector('[data-testid=stMain]'), {subtree: true, childList: true, characterData: true});
  setTimeout(() => { observer.disconnect(); resolve(count); }, milliseconds);
})
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def product(kept: Path) -> Iterator[str]:
    with running(ROOT / "dashboard.py", kept) as address:
        yield address


def publish_elsewhere(kept: Path) -> tuple[str, float]:
    """Publish in another process; return the new version's number and the moment at which it was there."""
    url = f"sqlite:///{kept / 'var' / 'dashboard.db'}"
    command = [sys.executable, "-c", PUBLISH, url, EXAMPLE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    return done.stdout.strip(), time.monotonic()


def test_an_open_page_says_within_seconds_that_there_is_a_new_version_and_shows_it_on_one_click(
    product: str, kept: Path, page: Page
) -> None:
    visit(page, f"{product}/?{urlencode({'plan': EXAMPLE})}")
    before, shown = page.url, page.locator("h1").first.inner_text()
    number, since = publish_elsewhere(kept)
    notice = page.get_by_text("有新版本")
    notice.wait_for(timeout=SOON * 1000)
    assert time.monotonic() - since < SOON
    assert f"第{number}版" in notice.inner_text()
    assert "周舟于" in notice.inner_text()
    assert (page.url, page.locator("h1").first.inner_text()) == (before, shown)
    page.get_by_role("button", name=f"看第{number}版").click()
    page.wait_for_url(lambda url: f"v={number}" in url)
    settle(page)
    assert page.locator("h1").first.inner_text() != shown
    assert page.get_by_text("有新版本").count() == 0


def test_who_reads_an_old_version_is_told_and_not_moved(product: str, kept: Path, page: Page) -> None:
    visit(page, f"{product}/department?{urlencode({'plan': EXAMPLE, 'v': 2})}")
    assert "现在看的是第2版，最新是第" in page.locator("[data-testid=stMain]").inner_text()
    before = page.locator("h1").first.inner_text()
    publish_elsewhere(kept)
    page.get_by_text("有新版本").wait_for(timeout=SOON * 1000)
    time.sleep(live.EVERY + 1)
    assert "v=2" in page.url
    assert page.locator("h1").first.inner_text() == before


def test_a_page_on_which_nothing_happens_stays_still(product: str, page: Page) -> None:
    visit(page, f"{product}/?{urlencode({'plan': EXAMPLE})}")
    assert page.evaluate(MOVED, (2 * live.EVERY + 1) * 1000) == 0


def test_the_news_stays_until_the_new_version_was_looked_at(store: Store) -> None:  # noqa: F811  # the fixture
    published(store, TABLE, "2025-06-30")
    app = opened_by("", "method")
    assert "有新版本" not in text(app)
    published(store, TABLE, "2025-07-31", "周舟")
    for _ in range(2):
        app.run()
        assert "有新版本：第2版，数据截至7月31日，周舟于" in text(app)
    app.button(key="show_newest").click().run()
    assert app.query_params["v"] == "2"
    assert "有新版本" not in text(app)
    assert "最新是第2版" not in text(app)
    app.query_params["v"] = "1"
    app.run()
    assert "现在看的是第1版，最新是第2版" in text(app)
    assert "有新版本" not in text(app)


def test_a_page_stands_while_the_store_cannot_answer(
    store: Store,  # noqa: F811  # the fixture
    tmp_path: Path,
) -> None:
    published(store, TABLE, "2025-06-30")
    (tmp_path / "dashboard.db").write_bytes(b"no database")
    assert live._newest(PLAN, 0) is None
