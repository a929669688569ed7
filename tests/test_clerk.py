"""The clerk's way in a real browser: from the start link through files with mistakes to published versions."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

from data.plan import TABLES
from data.store import Store
from tests.browser import settle, visit, watch
from tests.conftest import VIEWPORT
from tests.drawing import xlsx
from tests.servers import ROOT, running, sign_in
from tests.stores import url

UNIT, PLAN = "某市林业局", "某市林业局 2025"
TITLE = f"2025年度绩效目标考评表\n参评单位：{UNIT}\n"
HEAD = "序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 全年完成情况 | 完成进度 | 佐证材料\n"
JUNE = TITLE + HEAD + """
1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林2000亩 | 40% | 图
1-2 | 防火培训   | 3 | 12月底前 | 防火科 | 办了一半     | 50% | 册
"""  # fmt: skip
OCTOBER = TITLE + HEAD + """
1-1 | 造林5000亩 | 5 | 12月底前 | 造林科 | 已造林4900亩 | 98% | 图
1-2 | 防火培训   | 3 | 12月底前 | 防火科 |              |     |
"""  # fmt: skip
AFTER = "(selector) => getComputedStyle(document.querySelector(selector), '::after').content"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clerk")


@pytest.fixture(scope="module")
def product(kept: Path) -> Iterator[str]:
    with running(ROOT / "dashboard.py", kept) as address:
        yield address


@pytest.fixture(scope="module")
def clerk(product: str, kept: Path, browser: Browser) -> Iterator[Page]:
    """A tab of somebody who came by the start link; fails where it left the machine, logged an error or broke."""
    context = browser.new_context(viewport=VIEWPORT, locale="zh-CN", timezone_id="Asia/Shanghai")
    seen = watch(context)
    tab = context.new_page()
    sign_in(tab, product, kept, "王小样")
    yield tab
    exceptions = tab.locator("[data-testid=stException]").all_inner_texts()
    context.close()
    assert (seen.elsewhere(), seen.errors, exceptions) == ([], [], [])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def saved(folder: Path, name: str, drawing: str) -> Path:
    path = folder / name
    path.write_bytes(xlsx(drawing))
    return path


def drop(page: Page, file: Path) -> str:
    """Drop a file on the page, which shows the place for it, and return the headline that answers."""
    before = page.locator("h1").inner_text()
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(str(file))
    page.wait_for_function("before => document.querySelector('h1')?.innerText !== before", arg=before)
    return settle(page).locator("h1").inner_text()


def tick(page: Page, words: str) -> None:
    page.locator("[data-testid=stCheckbox]", has_text=words).locator("label").click()
    settle(page)


def fresh(page: Page, product: str) -> Page:
    """Open the upload page anew; what was dropped before is forgotten with its session."""
    return visit(page, f"{product}/upload")


def published(kept: Path) -> list[int]:
    store = Store.open(url(kept / "var" / "dashboard.db"))
    return [version.number for version in store.versions(PLAN)]


def test_the_clerk_goes_from_a_first_file_through_mistakes_to_a_second_version_and_back(
    clerk: Page, product: str, kept: Path, folder: Path
) -> None:
    fresh(clerk, product)
    assert "第一版读到2项、7分" in drop(clerk, saved(folder, "考评表（6月）.xlsx", JUNE))
    tick(clerk, "还没有“某市林业局 2025”这个方案")
    clerk.get_by_role("button", name="发布为第1版").click()
    clerk.get_by_role("heading", name="已发布为第1版").wait_for()
    clerk.get_by_role("button", name="再传一个文件").click()
    settle(clerk)

    broken = "序号 | 二级指标 | 完成时限\n1-1 | 造林5000亩 | 12月底前"
    assert drop(clerk, saved(folder, "缺列.xlsx", broken)) == "没读出考评表：文件里找不到“权重”列。"
    assert published(kept) == [1]

    assert "这一版更新" in drop(clerk, saved(folder, "考评表（10月）.xlsx", OCTOBER))
    button = clerk.get_by_role("button", name="发布为第2版")
    assert button.is_disabled()
    assert clerk.locator("table.targets del").inner_text() == "4分"
    tick(clerk, "处目标改动")
    button.dblclick()
    clerk.get_by_role("heading", name="已发布为第2版").wait_for()
    assert published(kept) == [2, 1]

    visit(clerk, f"{product}/versions?{urlencode({'plan': PLAN, 'v': 1})}")
    clerk.get_by_label("为什么恢复").fill("十月误报")
    clerk.get_by_label("为什么恢复").press("Enter")
    clerk.get_by_text("确认把第1版恢复为最新版").click()
    clerk.get_by_role("button", name="恢复为第3版").click()
    clerk.get_by_text("第1版的表现在是第3版").wait_for()
    assert published(kept) == [3, 2, 1]


def test_a_file_of_another_unit_is_told_and_goes_nowhere_by_itself(clerk: Page, product: str, folder: Path) -> None:
    fresh(clerk, product)
    drop(clerk, saved(folder, "水利局.xlsx", JUNE.replace("林业", "水利")))
    assert clerk.get_by_text("还没有“某市水利局 2025”这个方案").is_visible()
    assert clerk.get_by_role("button", name="发布为第1版").is_disabled()


def test_the_same_file_again_is_recognised(clerk: Page, product: str) -> None:
    fresh(clerk, product)
    drop(clerk, TABLES / "example-commerce-2025-12.xlsx")
    assert clerk.get_by_text("这份文件与第5版（12月31日）的文件一字不差").is_visible()


def test_the_list_and_the_marked_copy_can_be_taken_along(clerk: Page, product: str, folder: Path) -> None:
    fresh(clerk, product)
    drop(clerk, TABLES / "example-commerce-2025-10.xlsx")
    for name, sheet in (("下载核对清单", "核对清单"), ("下载标注副本", "考评表")):
        with clerk.expect_download() as taken:
            clerk.get_by_role("button", name=name).click()
        path = folder / taken.value.suggested_filename
        taken.value.save_as(path)
        assert sheet in openpyxl.load_workbook(path).sheetnames


def test_the_uploader_speaks_chinese_also_where_it_refuses(clerk: Page, product: str, folder: Path) -> None:
    fresh(clerk, product)
    assert "选择文件" in clerk.evaluate(AFTER, "[data-testid=stFileUploaderDropzone] button p")
    assert "把考评表拖到这里" in clerk.evaluate(AFTER, "[data-testid=stFileUploaderDropzoneInstructions] span")
    large = folder / "大.xlsx"
    large.write_bytes(bytes(21 * 2**20))
    clerk.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(str(large))
    clerk.locator("[data-testid=stFileChip][aria-invalid=true]").wait_for()
    assert "文件超过20MB" in clerk.evaluate(AFTER, "[data-testid=stFileChips]")


def test_who_has_no_session_finds_the_way_to_one_instead(page: Page, product: str) -> None:
    fresh(page, product)
    assert page.get_by_role("link", name="登录编辑").is_visible()
    assert page.locator("[data-testid=stFileUploader]").count() == 0
