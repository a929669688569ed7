"""Merging departments' sheets on the upload page: what came, what is chosen, and the way on to publishing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page
from streamlit.testing.v1 import AppTest

from data.store import Store
from tests.browser import settle, visit, watch
from tests.conftest import VIEWPORT
from tests.drawing import xlsx
from tests.filling import filled, name_of, of
from tests.kept import PLAN, button, opened_by, published, store, text
from tests.published import TITLE, headline, stands
from tests.servers import ROOT, running, sign_in
from tests.stores import url
from tests.workbooks import zipped

__all__ = ["store"]

JUNE = """
序号 | 二级指标   | 权重 | 完成时限 | 责任科室       | 全年完成情况 | 完成进度 | 佐证材料
1-1  | 造林5000亩 | 4    | 12月底前 | 造林科         | 已造林2000亩 | 40%      | 图
1-2  | 防火培训   | 3    | 12月底前 | 防火科、造林科 | 办了一半     | 50%      | 册
"""
OCTOBER = date(2025, 10, 31)
CLERK = "王小样"


def sent(store: Store, department: str, day: date | None = OCTOBER, **said: object) -> tuple[str, bytes, str]:
    """Return what a department sends back: its answers in 1-2, by heading."""
    table = store.table(store.latest(PLAN).id)
    content = filled(of(table, department), {("1-2", heading): value for heading, value in said.items()}, day=day)
    return name_of(department), content, ""


def merging(*files: tuple[str, bytes, str]) -> AppTest:
    """Open the upload page as an editor, go to the merge and drop files."""
    app = stands(button(opened_by(CLERK, "/upload"), "合并科室填报表").click().run())
    app.file_uploader[0].set_value(list(files))
    return stands(app.run())


def enter(app: AppTest) -> AppTest:
    assert not button(app, "进入核对").disabled
    return stands(button(app, "进入核对").click().run())


@pytest.fixture(autouse=True)
def june(request: pytest.FixtureRequest) -> None:
    """A first version in the store of every test that asks for one."""
    if "store" in request.fixturenames:
        published(request.getfixturevalue("store"), JUNE, "2025-06-30")


def test_the_merge_starts_with_a_place_for_many_files_and_a_way_back(store: Store) -> None:
    app = stands(button(opened_by(CLERK, "/upload"), "合并科室填报表").click().run())
    assert headline(app) == "把各科室交回的填报表合成一份，再照常核对、发布。"
    app = stands(button(app, "改传一份考评表").click().run())
    assert headline(app) == "选一份考评表：先看变化、核问题，再发布。"


def test_sheets_that_agree_go_on_to_the_usual_preview_and_become_a_version(store: Store) -> None:
    app = merging(sent(store, "造林科", 全年完成情况="办了16场", 完成进度=0.8), sent(store, "防火科"))
    assert headline(app) == "读到2份填报表，填了1项。"
    app = enter(app)
    assert headline(app).startswith("这一版更新1项")
    assert "文件：合并填报（1个科室）.xlsx" in text(app)
    assert "1项这次空白，沿用上一版的填报" in text(app)
    app = stands(button(app, "发布为第2版").click().run())
    newest = store.latest(PLAN)
    assert (newest.number, newest.author, newest.data_date) == (2, CLERK, OCTOBER)
    told = store.table(newest.id)
    assert list(told["completion"]) == ["已造林2000亩", "办了16场"]
    assert [day.date() for day in told["reported_on"]] == [date(2025, 6, 30), OCTOBER]
    assert list(told["evidence"]) == ["图", "册"]
    app = stands(button(app, "再传一个文件").click().run())
    assert headline(app) == "选一份考评表：先看变化、核问题，再发布。"


def test_nothing_goes_on_before_every_difference_is_settled(store: Store) -> None:
    app = merging(
        sent(store, "造林科", 全年完成情况="办了16场", 完成进度=0.8),
        sent(store, "防火科", 全年完成情况="办了12场", 完成进度=0.6),
    )
    assert headline(app) == "读到2份填报表，填了1项；2处说法不一，请逐处选定。"
    assert [radio.value for radio in app.radio] == [None, None]
    assert [option.replace("\\", "") for option in app.radio[0].options] == ["造林科：办了16场", "防火科：办了12场"]
    assert button(app, "进入核对").disabled
    assert "还有2处没有选定。" in text(app)
    app = stands(app.radio[0].set_value(1).run())
    assert button(app, "进入核对").disabled
    app = enter(stands(app.radio[1].set_value(0).run()))
    app = stands(button(app, "发布为第2版").click().run())
    told = store.table(store.latest(PLAN).id).loc[1]
    assert (told["completion"], told["reported_progress"]) == ("办了12场", 0.8)


def test_a_bad_file_holds_up_none_of_the_others(store: Store) -> None:
    app = merging(
        sent(store, "造林科", 全年完成情况="办了16场"), ("坏.xlsx", b"PK\x03\x04", ""), ("图.xlsx", b"\x89PNG", "")
    )
    assert headline(app) == "读到1份填报表，填了1项；2份没有读出。"
    assert "“坏.xlsx”已损坏或没有传完整" in text(app)
    assert "“图.xlsx”是图片，不是表格" in text(app)
    assert not button(app, "进入核对").disabled


def test_what_was_not_taken_is_told_beside_its_file(store: Store) -> None:
    name, content, _ = sent(store, "防火科", 全年完成情况="办了16场")
    other = xlsx(TITLE.replace("林业", "水利") + JUNE)
    app = merging((name, content, ""), ("水利.xlsx", other, ""), ("表.xlsx", xlsx(TITLE + JUNE), ""))
    told = text(app)
    assert "是“某市水利局 2025”的，不是“某市林业局 2025”的；整份没有采用" in told
    assert "看不出是哪个科室的；各行按序号采用" in told


def test_one_zip_is_as_good_as_many_files(store: Store) -> None:
    files = [sent(store, "造林科", 全年完成情况="办了16场"), sent(store, "防火科")]
    bundle = zipped({f"收回/{name}": content for name, content, _ in files})
    assert headline(merging(("收回.zip", bundle, ""))) == "读到2份填报表，填了1项。"


def test_days_that_differ_are_told_and_left_to_the_clerk(store: Store) -> None:
    september = date(2025, 9, 30)
    app = merging(sent(store, "造林科", 全年完成情况="办了16场"), sent(store, "防火科", september))
    assert "各份写的数据截至不一（9月30日、10月31日）" in text(app)
    app = enter(app)
    assert app.date_input(key=f"upload_date_{app.session_state['upload_token']}").value is None


def test_sheets_that_say_nothing_are_not_merged(store: Store) -> None:
    app = merging(sent(store, "造林科"))
    assert headline(app) == "读到1份填报表，一格也没有填。"
    assert button(app, "进入核对").disabled


def test_choosing_other_files_starts_anew(store: Store) -> None:
    app = merging(sent(store, "造林科", 全年完成情况="办了16场"))
    app = stands(button(app, "重新选文件").click().run())
    assert headline(app) == "把各科室交回的填报表合成一份，再照常核对、发布。"
    assert len(app.file_uploader) == 1


def test_going_back_from_the_preview_keeps_what_was_chosen(store: Store) -> None:
    app = merging(sent(store, "造林科", 完成进度=0.8), sent(store, "防火科", 完成进度=0.6))
    app = enter(stands(app.radio[0].set_value(1).run()))
    app = stands(button(app, "换一个文件").click().run())
    assert headline(app) == "读到2份填报表，填了1项；1处说法不一，请逐处选定。"


def test_readers_get_the_sheets_but_no_merge(store: Store) -> None:
    for address in ("/upload", "/versions"):
        app = opened_by("", address)
        assert "科室填报表（zip）" in [each.label for each in app.get("download_button")]
        assert [each.label for each in app.button if "合并" in each.label] == []


def test_hostile_texts_stay_text(store: Store) -> None:
    evil = "<script>alert(1)</script> [x](http://a) :material/home:"
    app = merging(
        sent(store, "造林科", 全年完成情况=evil), sent(store, "防火科", 全年完成情况="办了12场"), ("<b>.xlsx", b"x", "")
    )
    bodies = "".join(element.proto.body for element in app.main if element.type == "html")
    assert "<script>" not in bodies
    assert "<b>.xlsx" not in bodies
    assert "[x](http" not in app.radio[0].options[0]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("merge")


@pytest.fixture(scope="module")
def product(home: Path) -> Iterator[str]:
    with running(ROOT / "dashboard.py", home) as address:
        yield address


@pytest.fixture(scope="module")
def clerk(product: str, home: Path, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=VIEWPORT, locale="zh-CN", timezone_id="Asia/Shanghai")
    seen = watch(context)
    tab = context.new_page()
    sign_in(tab, product, home, CLERK)
    yield tab
    exceptions = tab.locator("[data-testid=stException]").all_inner_texts()
    context.close()
    assert (seen.elsewhere(), seen.errors, exceptions) == ([], [], [])


def test_the_clerk_hands_out_sheets_and_merges_what_comes_back(
    clerk: Page, product: str, home: Path, tmp_path: Path
) -> None:
    kept = Store.open(url(home / "var" / "dashboard.db"))
    version = published(kept, JUNE, "2025-06-30")
    visit(clerk, f"{product}/upload?{urlencode({'plan': PLAN, 'v': version.number})}")
    with clerk.expect_download() as taken:
        clerk.get_by_role("button", name="科室填报表（zip）").click()
    taken.value.save_as(tmp_path / "填报表.zip")
    assert taken.value.suggested_filename == "某市林业局 2025-第1版-科室填报表.zip"

    clerk.get_by_role("button", name="合并科室填报表").click()
    clerk.get_by_role("heading", name="把各科室交回的填报表合成一份").wait_for()
    files = [sent(kept, "造林科", 完成进度=0.8), sent(kept, "防火科", 完成进度=0.6)]
    for name, content, _ in files:
        (tmp_path / name).write_bytes(content)
    clerk.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(
        [tmp_path / name for name, *_ in files]
    )
    clerk.get_by_role("heading", name="1处说法不一").wait_for()
    settle(clerk)
    go = clerk.get_by_role("button", name="进入核对")
    assert go.is_disabled()
    clerk.locator("[data-testid=stRadio] label", has_text="防火科：60%").click()
    settle(clerk)
    go.click()
    clerk.get_by_role("button", name="发布为第2版").click()
    clerk.get_by_role("heading", name="已发布为第2版").wait_for()
    assert kept.table(kept.latest(PLAN).id).loc[1, "reported_progress"] == 0.6
