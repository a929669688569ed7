"""多个单位 on the upload page: many tables dropped together, what is told of each, and publishing those that are ticked."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page
from streamlit.testing.v1 import AppTest

from data.store import Store
from reports.papers import problem_list
from tests.browser import settle, visit, watch
from tests.conftest import VIEWPORT
from tests.drawing import xlsx
from tests.kept import button, opened_by, store, text
from tests.published import headline, markup, stands
from tests.servers import ROOT, running, sign_in
from tests.stores import url
from tests.workbooks import zipped
from ui import editor

__all__ = ["store"]

CLERK = "王小样"
DAY = date(2025, 10, 31)
HEAD = "序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 全年完成情况 | 完成进度\n"
ROWS = "1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林2000亩 | 40%\n"


def table(unit: str, year: str = "2025", day: str = "数据截至：2025-10-31\n", rows: str = ROWS) -> bytes:
    line = f"参评单位：{unit}\n" if unit else ""
    return xlsx(f"{year}年度绩效目标考评表\n{line}{day}{HEAD}{rows}")


FOREST, WATER = table("示例市林业局"), table("示例市水利局")
BROKEN = FOREST[:900]


def opened(who: str = CLERK) -> AppTest:
    """Open the upload page and turn to many units."""
    app = opened_by(who, "/upload")
    face = next(group for group in app.get("button_group") if group.key == "batch_face")
    return stands(face.set_value("多个单位").run())


def dropped(*files: tuple[str, bytes]) -> AppTest:
    app = opened()
    app.file_uploader[0].set_value([(name, content, "") for name, content in files])
    return stands(app.run())


def box(app: AppTest, path: str):  # type: ignore[no-untyped-def]  # whatever kind AppTest makes of it
    return next(each for each in app.checkbox if each.label.replace("\\", "") == f"发布{path}")


def publish(app: AppTest) -> AppTest:
    go = button(app, "发布选中的")
    assert not go.disabled
    return stands(go.click().run())


def test_readers_find_the_way_in_and_nothing_to_drop(store: Store) -> None:
    app = opened("")
    assert "上传和发布只对编辑开放" in text(app)
    assert len(app.file_uploader) == 0


def test_good_files_are_published_beside_bad_ones(store: Store) -> None:
    files = {"一组/林业.xlsx": FOREST, "二组/水利.xlsx": WATER, "坏.xlsx": BROKEN, ".DS_Store": b"x"}
    app = dropped(("市直.zip", zipped(files)), ("图.xlsx", b"\x89PNG"))
    assert headline(app) == "收到4份：2份可以发布，2份不发布。"
    assert "没有读系统附带的文件1个（.DS_Store）" in text(app)
    assert "“坏.xlsx”已损坏或没有传完整" in text(app)
    app = publish(app)
    assert headline(app) == "收到4份：已发布2份，2份不发布。"
    assert set(store.plans()) == {"示例市林业局 2025", "示例市水利局 2025"}
    forest = store.latest("示例市林业局 2025")
    assert forest is not None
    assert (forest.author, forest.data_date, forest.filename) == (CLERK, DAY, "林业.xlsx")
    assert "已发布为“示例市林业局 2025”第1版" in text(app)


def test_nothing_is_read_twice_and_bytes_are_let_go_once_published(store: Store) -> None:
    app = dropped(("林业.xlsx", FOREST))
    held = app.session_state["batch"]
    record = held.records[0]
    app = stands(app.run())
    assert held.records[0] is record
    app = publish(app)
    assert [item.content for item in held.items] == [b""]
    assert headline(stands(button(app, "换一批文件").click().run())).startswith("把各单位的考评表一起选来")


def test_of_two_files_of_one_plan_one_is_chosen(store: Store) -> None:
    other = table("示例市林业局", rows=ROWS.replace("40%", "60%"))
    app = dropped(("旧.xlsx", FOREST), ("新.xlsx", other))
    assert headline(app) == "收到2份：2份要确认。"
    assert "同一方案还有“旧.xlsx”，只发布这一份" in text(app)
    assert button(app, "发布选中的").disabled
    app = stands(box(app, "旧.xlsx").check().run())
    app = stands(box(app, "新.xlsx").check().run())
    assert not box(app, "旧.xlsx").value
    app = publish(app)
    newest = store.latest("示例市林业局 2025")
    assert newest is not None
    assert (newest.number, newest.filename) == (1, "新.xlsx")
    assert "第2版" in markup(app).split("旧.xlsx", 1)[1]
    assert not box(app, "旧.xlsx").value


def test_a_unit_that_no_file_names_is_said_in_the_list(store: Store) -> None:
    app = dropped(("考评表.xlsx", table("")))
    assert "表里和文件名里都没有写单位，补上才能发布。" in text(app)
    app = stands(app.text_input[0].set_value("示例市教育局").run())
    assert headline(app) == "收到1份：1份可以发布。"
    assert store.plans() == ()
    publish(app)
    assert store.plans() == ("示例市教育局 2025",)


def test_a_year_that_no_file_names_is_said_once_for_all(store: Store) -> None:
    app = dropped(("林业.xlsx", table("示例市林业局", year="")), ("水利.xlsx", table("示例市水利局", year="")))
    assert headline(app) == "收到2份：2份缺单位或年度。"
    app = stands(app.number_input[0].set_value(2024).run())
    publish(app)
    assert set(store.plans()) == {"示例市林业局 2024", "示例市水利局 2024"}


def test_a_date_that_no_file_tells_is_asked_for_once(store: Store) -> None:
    app = dropped(("林业.xlsx", table("示例市林业局", day="")), ("水利.xlsx", WATER))
    (day,) = [each for each in app.date_input if each.key and each.key.startswith("batch_day")]
    assert day.value is None
    assert button(app, "发布选中的2份").disabled
    publish(stands(day.set_value(date(2025, 9, 30)).run()))
    dates = [store.latest(f"示例市{name}局 2025") for name in ("林业", "水利")]
    assert [version and version.data_date for version in dates] == [date(2025, 9, 30), DAY]


def test_the_same_files_once_more_publish_nothing(store: Store) -> None:
    publish(dropped(("林业.xlsx", FOREST)))
    app = dropped(("林业.xlsx", FOREST), ("又一份.xlsx", WATER), ("抄件.xlsx", WATER))
    assert headline(app) == "收到3份：1份可以发布，2份不发布。"
    assert "与最新的第1版（10月31日）一字不差，不再发布。" in text(app)
    assert "与“又一份.xlsx”一字不差，只发布那一份。" in text(app)


def test_a_misspelt_unit_is_told_and_set_right_by_a_click(store: Store) -> None:
    publish(dropped(("林业.xlsx", FOREST)))
    app = dropped(("十月.xlsx", table("示例市林叶局")))
    assert "“示例市林叶局”不是已有的“示例市林业局”，是另一个单位" in text(app)
    app = stands(button(app, "就是“示例市林业局”").click().run())
    assert headline(app) == "收到1份：1份可以发布。"
    publish(app)
    assert [version.number for version in store.versions("示例市林业局 2025")] == [2, 1]


def test_somebody_faster_stops_none_of_the_others_and_is_compared_with_anew(store: Store) -> None:
    app = dropped(("林业.xlsx", FOREST), ("水利.xlsx", WATER))
    store.publish(
        plan="示例市林业局 2025",
        content=table("示例市林业局", rows=ROWS.replace("40%", "35%")),
        filename="抢先.xlsx",
        base=None,
        author="李某",
        data_date=DAY,
        note="",
        token="抢先",
    )
    app = publish(app)
    assert headline(app) == "收到2份：已发布1份，1份没有发布成。"
    assert "比您早一步；这次没有发布" in text(app)
    assert not box(app, "林业.xlsx").value
    app = publish(stands(box(app, "林业.xlsx").check().run()))
    assert headline(app) == "收到2份：已发布2份。"
    assert [version.author for version in store.versions("示例市林业局 2025")] == [CLERK, "李某"]


def test_a_session_that_ended_publishes_nothing_and_keeps_the_files(store: Store) -> None:
    app = dropped(("林业.xlsx", FOREST), ("水利.xlsx", WATER))
    go = button(app, "发布选中的2份")
    editor.accounts().disable(CLERK, "测试")
    app = stands(go.click().run())
    assert store.plans() == ()
    assert "上传和发布只对编辑开放" in text(app)
    assert all(item.content for item in app.session_state["batch"].items)


def test_the_list_to_download_names_file_unit_and_place_of_every_problem(store: Store) -> None:
    bare = table("示例市林业局", rows=ROWS.replace("12月底前", "尽快"))
    app = dropped(("林业.xlsx", bare), ("坏.xlsx", BROKEN))
    held = app.session_state["batch"]
    content = problem_list.write_all(
        (item.path, held.records[at].unit, held.records[at].findings, held.records[at].refused)
        for at, item in enumerate(held.items)
    )
    rows = list(openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[0] == ("文件", "单位", "级别", "工作表", "单元格", "问题", "系统暂这样处理")
    assert {(row[0], row[1]) for row in rows[1:]} == {("林业.xlsx", "示例市林业局"), ("坏.xlsx", None)}
    assert [row[2] for row in rows if row[0] == "坏.xlsx"] == ["读不了"]


def test_hostile_names_and_texts_stay_text(store: Store) -> None:
    evil = "<script>alert(1)</script>[x](http://a)"
    app = dropped((f"{evil}.xlsx", table(evil)), ("<b>.xlsx", b"x"))
    bodies = markup(app)
    assert "<script>" not in bodies
    assert "<b>.xlsx" not in bodies
    assert "[x](http" not in app.checkbox[0].label


# In a browser


@pytest.fixture
def clerk(tmp_path: Path, browser: Browser) -> Iterator[tuple[Page, str, Store]]:
    with running(ROOT / "dashboard.py", tmp_path) as address:
        context = browser.new_context(viewport=VIEWPORT, locale="zh-CN", timezone_id="Asia/Shanghai")
        seen = watch(context)
        tab = context.new_page()
        sign_in(tab, address, tmp_path, CLERK)
        yield tab, address, Store.open(url(tmp_path / "var" / "dashboard.db"))
        context.close()
        assert (seen.elsewhere(), seen.errors) == ([], [])


def test_a_folder_with_broken_files_in_it_is_published_by_one_click_though_it_is_a_double_one(
    clerk: tuple[Page, str, Store], tmp_path: Path
) -> None:
    page, address, kept = clerk
    folder = tmp_path / "市直"
    files = {f"一组/示例市{name}局.xlsx": table(f"示例市{name}局") for name in ("林业", "水利", "教育", "卫健", "民政")}
    files |= {"一组/坏.xlsx": BROKEN, "空.xlsx": b"", "图.jpg": b"\xff\xd8\xff", ".DS_Store": b"x", "~$锁.xlsx": b"x"}
    files |= {"二组.zip": zipped({"示例市财政局.xlsx": table("示例市财政局"), "坏.xlsx": b"PK\x03\x04"})}
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    visit(page, f"{address}/upload")
    page.get_by_text("多个单位", exact=True).click()
    page.locator(".st-key-picker_batch_folder input[type=file]").set_input_files(folder)
    page.get_by_role("heading", name="收到10份：6份可以发布，4份不发布。").wait_for()
    settle(page)
    page.get_by_role("button", name="发布选中的6份").dblclick()
    page.get_by_role("heading", name="收到10份：已发布6份，4份不发布。").wait_for()
    made = [plan for plan in kept.plans() if plan.startswith("示例市") and "商务" not in plan]
    assert [len(kept.versions(plan)) for plan in made] == [1] * 6
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载核对清单").click()
    taken.value.save_as(tmp_path / "清单.xlsx")
    listed = openpyxl.load_workbook(tmp_path / "清单.xlsx").active
    assert "市直/一组/坏.xlsx" in [row[0] for row in listed.iter_rows(values_only=True)]
