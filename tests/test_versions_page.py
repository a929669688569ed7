import io
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from data.plan import TABLES
from data.storage import canonical
from data.store import Store
from data.versions import Version
from tests.browser import settle, visit
from tests.kept import PLAN, button, opened_by, published, store, text  # noqa: F401  # store is a fixture
from tests.published import headline
from tests.servers import sign_in
from ui import editor

EXAMPLE = "示例市商务局 2025"
APRIL = """
序号 | 二级指标         | 权重 | 时限     | 科室   | 分管领导 | 完成情况       | 进度
1-1  | 造林5000亩       | 4    | 12月底前 | 造林科 | 方远     | 已造林2000亩   | 40%
1-2  | 抚育森林1.2万亩  | 3    | 12月底前 | 造林科 | 方远     |                |
"""
JUNE = APRIL.replace("已造林2000亩   | 40%", "已造林4000亩   | 80%")


@pytest.fixture
def three(store: Store) -> tuple[Version, ...]:  # noqa: F811  # the fixture
    drawings = ((APRIL, "2025-04-30"), (JUNE, "2025-06-30"), (APRIL, "2025-07-31"))
    return tuple(published(store, drawing, day, "林溪", f"说明{day}") for drawing, day in drawings)


def downloads(app: AppTest) -> list[str]:
    return [each.label.replace("\\", "") for each in app.get("download_button")]


def test_everybody_sees_who_published_what_and_when(three: tuple[Version, ...]) -> None:
    page = opened_by("", "versions")
    said = text(page)
    assert "共3版" in headline(page)
    assert said.index("第3版") < said.index("说明2025-06-30") < said.index("说明2025-04-30")
    for version in three:
        assert version.note in said
        assert version.filename in said
        assert version.sha256[:12] in said
        assert f"{version.published_at.astimezone():%M}" in said
    assert "6月30日" in said


def test_a_reader_gets_neither_original_nor_restore(three: tuple[Version, ...]) -> None:
    app = opened_by("", "versions?v=1")
    assert downloads(app)[:3] == ["官方表", "全表（.xlsx）", "全表（.csv）"]
    assert not [label for label in downloads(app) if "原件" in label]
    assert len(app.button) == 0
    assert "只对编辑开放" in text(app)


def test_an_editor_gets_the_original_of_the_chosen_version(three: tuple[Version, ...]) -> None:
    app = opened_by("林溪", "versions?v=2")
    assert downloads(app)[-2:] == ["官方表（写回原件）", "下载第2版原件"]
    assert "以“林溪”的名字编辑" in text(app)


def test_the_newest_version_is_not_restored(three: tuple[Version, ...]) -> None:
    assert not [each for each in opened_by("林溪", "versions").button if "恢复" in each.label]


def test_a_restore_asks_for_a_note_and_a_tick(three: tuple[Version, ...]) -> None:
    app = opened_by("林溪", "versions?v=2")
    assert button(app, "恢复为第4版").disabled
    app.checkbox(key="restore_sure").check().run()
    assert button(app, "恢复为第4版").disabled
    app.text_input(key="restore_note").input("误报").run()
    assert not button(app, "恢复为第4版").disabled


def restoring(app):  # type: ignore[no-untyped-def]  # AppTest
    app.text_input(key="restore_note").input("误报，退回")
    app.checkbox(key="restore_sure").check().run()
    return button(app, "恢复为第4版").click().run()


def test_a_restore_publishes_the_old_table_under_the_editor_s_name(
    store: Store,  # noqa: F811  # the fixture
    three: tuple[Version, ...],
) -> None:
    app = restoring(opened_by("林溪", "versions?v=2"))
    newest = store.latest(PLAN)
    assert newest is not None
    assert (newest.number, newest.author, newest.note) == (4, "林溪", "误报，退回")
    assert canonical.table_bytes(store.table(newest.id)) == canonical.table_bytes(store.table(three[1].id))
    assert app.query_params["v"] == "4"
    assert "第2版的表现在是第4版" in text(app)
    assert "与第2版同一文件" in text(app)


def test_who_comes_second_is_told_who_was_first_and_when(
    store: Store,  # noqa: F811  # the fixture
    three: tuple[Version, ...],
) -> None:
    app = opened_by("林溪", "versions?v=2")
    app.text_input(key="restore_note").input("误报")
    app.checkbox(key="restore_sure").check().run()
    theirs = published(store, JUNE, "2025-08-31", "周舟")
    button(app, "恢复为第4版").click().run()
    assert store.latest(PLAN) == theirs
    assert "周舟于" in text(app)
    assert "发布了第4版" in text(app)


def test_a_session_that_ended_meanwhile_restores_nothing(
    store: Store,  # noqa: F811  # the fixture
    three: tuple[Version, ...],
) -> None:
    app = opened_by("林溪", "versions?v=2")
    app.text_input(key="restore_note").input("误报")
    app.checkbox(key="restore_sure").check().run()
    store.accounts.sign_out(str(app.user[editor.USER_KEY]))
    button(app, "恢复为第4版").click().run()
    assert store.latest(PLAN) == three[-1]
    assert "只对编辑开放" in text(app)


def test_a_reader_s_browser_takes_the_papers(server: str, page: Page) -> None:
    visit(page, f"{server}/versions?{urlencode({'plan': EXAMPLE, 'v': 5})}")
    for label, name, start in (
        ("官方表", "官方表.xlsx", b"PK"),
        ("全表（.xlsx）", "全表.xlsx", b"PK"),
        ("全表（.csv）", "全表.csv", b"\xef\xbb\xbf"),
    ):
        with page.expect_download() as taken:
            page.get_by_role("button", name=label, exact=True).click()
        assert taken.value.suggested_filename == f"{EXAMPLE}-第5版-{name}"
        assert Path(taken.value.path()).read_bytes().startswith(start)


def test_a_browser_takes_an_original_and_restores_it(fresh_server: str, tmp_path: Path, page: Page) -> None:
    sign_in(page, fresh_server, tmp_path, "林溪")
    settle(page)
    visit(page, f"{fresh_server}/versions?{urlencode({'plan': EXAMPLE, 'v': 3})}")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载第3版原件").click()
    assert taken.value.suggested_filename == "example-commerce-2025-08.xlsx"
    assert Path(taken.value.path()).read_bytes() == (TABLES / "example-commerce-2025-08.xlsx").read_bytes()
    with page.expect_download() as taken:
        page.get_by_role("button", name="官方表（写回原件）").click()
    assert openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes())).sheetnames == [
        "考评表",
        "写回说明",
    ]
    page.get_by_label("为什么恢复").fill("十二月误报")
    page.get_by_label("为什么恢复").press("Enter")
    page.get_by_text("确认把第3版恢复为最新版").click()
    page.get_by_role("button", name="恢复为第6版").click()
    page.get_by_text("第3版的表现在是第6版").wait_for()
    assert "v=6" in page.url
    assert "十二月误报" in page.locator("table.versions").inner_text()
