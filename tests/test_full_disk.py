"""The disk is full at any write: what was asked is refused in a sentence, pages go on, and it works once there is space."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from data.store import Store
from tests import disk
from tests.browser import visit
from tests.disk import Space
from tests.disk_work import ACTS
from tests.drawing import xlsx
from tests.servers import ROOT, running, sign_in
from tests.sockets import opened
from tests.stores import url

PLAN = "某市林业局 2025"
TABLE = """
2025年度绩效目标考评表
参评单位：某市林业局
序号 | 二级指标   | 权重 | 完成时限 | 责任科室
1-1  | 造林5000亩 | 4    | 12月底前 | 造林科
1-2  | 防火培训   | 3    | 12月底前 | 防火科
"""


def refused_until_there_is_space(library: Path, folder: Path, acts: Iterable[str], every: int, copying: str) -> None:
    """Let acts find the disk full, one ``every`` so many writes later each time; all but the last are refused."""
    (folder / "disk").mkdir()
    said = json.loads(disk.work(library, folder / "disk", folder, "filled", copying, str(every), *acts))
    for act in acts:
        assert len(said[act]) > 10 / every
        assert [told for told in said[act] if "磁盘" not in told or not told.endswith("。")] == []


def test_a_full_disk_refuses_in_a_sentence_and_spoils_nothing(disk_library: Path, tmp_path: Path) -> None:
    refused_until_there_is_space(disk_library, tmp_path, ACTS, 11, "")


@pytest.mark.proof
@pytest.mark.parametrize("copying", ["", "copying"])
@pytest.mark.parametrize("act", ACTS)
def test_a_disk_full_at_any_write_refuses_in_a_sentence_and_spoils_nothing(
    act: str, copying: str, disk_library: Path, tmp_path: Path
) -> None:
    refused_until_there_is_space(disk_library, tmp_path, [act], 1, copying)


# The running product


@pytest.fixture
def product(page: Page, disk_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A product on a disk of ours; the browser is there already and writes to another."""
    for name, value in disk.environment(disk_library, tmp_path / "var", tmp_path).items():
        monkeypatch.setenv(name, value)
    with running(ROOT / "dashboard.py", tmp_path) as address:
        yield address


def test_who_publishes_on_a_full_disk_is_told_and_can_again_once_there_is_space(
    page: Page, product: str, tmp_path: Path
) -> None:
    space = Space(tmp_path / "space")
    sign_in(page, product, tmp_path, "林 溪")
    visit(page, f"{product}/upload")
    file = {"name": "考评表（6月）.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(TABLE)}
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(file)
    page.locator("[data-testid=stCheckbox]", has_text=f"还没有“{PLAN}”这个方案").locator("label").click()
    publish = page.get_by_role("button", name="发布为第1版")

    space.only(2)  # beginning the journal still has space
    publish.click()
    page.get_by_text("磁盘已满，这次没有写入").wait_for()
    with opened(product, "department") as reader:
        assert "<h1" in reader.html
        assert "数据库" not in reader.html
    store = Store.open(url(tmp_path / "var" / "dashboard.db"))
    assert store.versions(PLAN) == ()
    assert store.verify() == ()

    space.endless()
    publish.click()
    page.get_by_role("heading", name="已发布为第1版").wait_for()
    assert [version.author for version in store.versions(PLAN)] == ["林 溪"]
