"""The upload page in its frame: checking a file, and publishing it."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from data.store import Store
from tests.drawing import xlsx
from tests.kept import ticket
from tests.published import headline, markup, opened, stands
from tests.stores import opened as opened_store
from ui import editor, session

PLAN = "某市林业局 2025"
TITLE = "2025年度绩效目标考评表\n参评单位：某市林业局\n"
HEAD = "序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 全年完成情况 | 完成进度 | 佐证材料\n"
JUNE = xlsx(TITLE + HEAD + """
1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林2000亩   | 40% | 图
1-2 | 防火培训   | 3 | 12月底前 | 防火科 | 办了一半       | 50% | 册
1-3 | 林权登记   | 3 | 12月底前 | 林权科 |                |     |
""")  # fmt: skip
OCTOBER = xlsx(TITLE + HEAD + """
1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林4900亩   | 98% | 图
1-2 | 防火培训   | 3 | 12月底前 | 防火科 |                |     |
1-3 | 林权登记   | 3 | 12月底前 | 林权科 | 登记了八成五   | 85% | 册
""")  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with the June version, which the pages ask; caches of other stores' versions are put away."""
    streamlit.cache_resource.clear()
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    store = opened_store(tmp_path)
    _publish(store, JUNE, "6月.xlsx", date(2025, 6, 30))
    monkeypatch.setattr(session, "source", lambda: store)
    return store


@pytest.fixture
def clerk(store: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the editor who looks at the page."""
    held = ticket("王小样")
    monkeypatch.setattr(editor, "_ticket", lambda: held)
    return "王小样"


def _publish(store: Store, content: bytes, name: str, day: date, author: str = "李某") -> None:
    newest = store.latest(PLAN)
    store.publish(
        plan=PLAN,
        content=content,
        filename=name,
        base=newest and newest.id,
        author=author,
        data_date=day,
        note="",
        token=f"{name} {author}",
    )


def dropped(content: bytes, name: str = "考评表（10月）.xlsx") -> AppTest:
    """Open the page and drop a file."""
    app = opened("/upload")
    app.file_uploader[0].set_value((name, content, ""))
    return stands(app.run())


def tick(app: AppTest, words: str) -> AppTest:
    (box,) = [box for box in app.checkbox if words in box.label.replace("\\", "")]
    return stands(box.check().run())


def button(app: AppTest) -> AppTest:
    return app.button(key="upload_publish")


def publish(app: AppTest) -> AppTest:
    assert not button(app).disabled
    return stands(button(app).click().run())


def test_the_first_step_says_what_may_be_chosen_and_that_nothing_changes_yet(store: Store):
    app = opened("/upload")
    assert headline(app) == "选一份考评表：先看变化、核问题，再发布。"
    assert "点“发布”以前，其他人看到的都是原来的版本。" in markup(app)


def test_a_checked_file_is_told_in_a_sentence_and_changes_nothing(clerk: str, store: Store):
    app = dropped(OCTOBER)
    assert headline(app) == "这一版更新3项：4分转好，3分转差；1处请核对，不影响发布。"
    assert "1项这次空白，沿用上一版的填报" in markup(app)
    assert "与第1版（6月30日）比较" in markup(app)
    assert "点“发布”以前，其他人看到的都是原来的版本。" in markup(app)
    assert store.latest(PLAN).number == 1


def test_publishing_keeps_date_note_and_author(clerk: str, store: Store):
    app = dropped(OCTOBER)
    app.text_input[0].set_value("十月各科室已报齐").run()
    app = publish(app)
    newest = store.latest(PLAN)
    assert headline(app) == "已发布为第2版，各页已经更新。"
    assert (newest.number, newest.author, newest.data_date) == (2, clerk, date(2025, 10, 31))
    assert (newest.note, newest.filename) == ("十月各科室已报齐", "考评表（10月）.xlsx")
    assert store.original(newest.id) == OCTOBER


def test_the_data_date_is_never_silently_today(clerk: str, store: Store):
    app = dropped(OCTOBER, "考评表.xlsx")
    assert app.date_input(key=_date_key(app)).value is None
    assert button(app).disabled
    assert "发布前还要填数据截至" in markup(app)
    assert "暂按上一版的6月30日判断快慢" in markup(app)
    app = stands(app.date_input(key=_date_key(app)).set_value(date(2025, 9, 30)).run())
    assert not button(app).disabled


def _date_key(app: AppTest) -> str:
    return f"upload_date_{app.session_state['upload_token']}"


def test_an_earlier_data_date_is_asked_about(clerk: str, store: Store):
    app = dropped(OCTOBER, "考评表（5月）.xlsx")
    assert button(app).disabled
    assert not button(tick(app, "早于第1版")).disabled


def test_a_changed_weight_needs_a_tick(clerk: str, store: Store):
    app = dropped(xlsx(TITLE + HEAD + """
        1-1 | 造林5000亩 | 3 | 12月底前 | 造林科 | 已造林4900亩   | 98% | 图
        1-2 | 防火培训   | 3 | 12月底前 | 防火科 |                |     |
        1-3 | 林权登记   | 4 | 12月底前 | 林权科 | 登记了八成五   | 85% | 册
    """))  # fmt: skip
    assert "<del>4分</del> → <b>3分</b>" in markup(app)
    assert button(app).disabled
    publish(tick(app, "2处目标改动"))
    assert store.latest(PLAN).number == 2


def test_a_file_without_weights_is_refused_with_a_sentence(clerk: str, store: Store):
    app = dropped(xlsx("序号 | 二级指标 | 完成时限\n1-1 | 造林 | 12月底前"))
    assert headline(app) == "没读出考评表：文件里找不到“权重”列。"
    assert "现有数据没有变动" in markup(app)
    assert store.latest(PLAN).number == 1


def test_an_incomplete_table_is_published_only_by_saying_so(clerk: str, store: Store):
    app = dropped(xlsx(TITLE + "项目 | " + HEAD + """
        职能工作目标（10分） | 1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林4900亩   | 98% | 图
        ^                    | 1-2 | 防火培训   | 3 | 12月底前 | 防火科 |                |     |
    """))  # fmt: skip
    assert headline(app).startswith("只读到2项、7分")
    assert button(app).disabled
    publish(tick(app, "确认先按不完整的表发布"))
    assert store.latest(PLAN).number == 2


def test_what_blocks_holds_the_button(clerk: str, store: Store):
    app = dropped(xlsx(TITLE + HEAD + """
        1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林4900亩   | 98% | 图
        1-1 | 造林6000亩 | 5 | 12月底前 | 造林科 | 已造林4900亩   | 98% | 图
    """))  # fmt: skip
    assert headline(app).startswith("还不能发布：")
    for box in app.checkbox:
        app = stands(box.check().run())
    assert button(app).disabled
    assert "须先处理，请在原表改好后重新选文件" in markup(app)


def test_another_unit_s_file_makes_a_new_plan_only_after_a_tick(clerk: str, store: Store):
    app = dropped(xlsx(TITLE.replace("林业局", "水利局") + HEAD + "1-1 | 修渠 | 4 | 12月底前 | 工程科 | | |"))
    assert button(app).disabled
    publish(tick(app, "还没有“某市水利局 2025”这个方案"))
    assert store.latest(PLAN).number == 1
    assert store.latest("某市水利局 2025").number == 1


def test_another_year_s_file_is_told(clerk: str, store: Store):
    app = dropped(xlsx(TITLE.replace("2025", "2026") + HEAD + "1-1 | 造林 | 4 | 12月底前 | 造林科 | | |"))
    assert [box.label for box in app.checkbox if "某市林业局 2026" in box.label]


def test_a_file_that_names_no_unit_goes_to_the_open_plan_after_a_tick(clerk: str, store: Store):
    app = dropped(xlsx(HEAD + "1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林4900亩 | 98% | 图"))
    assert button(app).disabled
    publish(tick(app, "都没有单位"))
    assert store.latest(PLAN).number == 2


def test_the_same_bytes_are_recognised(clerk: str, store: Store):
    app = dropped(JUNE)
    assert button(app).disabled
    assert not button(tick(app, "与第1版（6月30日）的文件一字不差（李某于")).disabled


def test_who_is_no_editor_any_more_finds_no_button(clerk: str, store: Store):
    app = dropped(OCTOBER)
    store.accounts.disable(clerk, "测试")
    app = stands(app.run())
    assert headline(app).startswith("这一版更新3项")
    assert "登录编辑" in markup(app)
    assert [each.label for each in app.button if "发布" in each.label] == []


def test_who_is_no_editor_is_told_where_to_sign_in(store: Store):
    app = opened("upload")
    assert len(app.file_uploader) == 0
    assert "上传和发布只对编辑开放" in markup(app)
    assert 'href="sign-in?next=upload"' in markup(app)


def test_who_comes_second_is_told_who_and_compares_again(clerk: str, store: Store):
    app = dropped(OCTOBER)
    other = xlsx(TITLE + HEAD + "1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林4000亩 | 80% | 图")
    _publish(store, other, "9月.xlsx", date(2025, 9, 30), author="赵某")
    app = stands(button(app).click().run())
    assert store.latest(PLAN).number == 2
    assert "发布了第2版，比您早一步；这次没有发布。" in markup(app)
    assert "赵某于" in markup(app)
    assert "与第2版（9月30日）比较" in markup(app)
    assert headline(publish(app)) == "已发布为第3版，各页已经更新。"


def test_a_version_that_appears_meanwhile_is_told_and_ticks_start_anew(clerk: str, store: Store):
    app = tick(dropped(OCTOBER, "考评表（5月）.xlsx"), "早于第1版")
    _publish(store, JUNE, "7月.xlsx", date(2025, 7, 31), author="赵某")
    app = stands(app.run())
    assert "下面已改为与第2版（7月31日）比较" in markup(app)
    assert button(app).disabled


def test_a_lost_answer_and_a_second_click_make_one_version(clerk: str, store: Store):
    app = dropped(OCTOBER)
    token = app.session_state["upload_token"]
    publish(app)
    again = dropped(OCTOBER)
    again.session_state["upload_token"] = token
    again = stands(again.run())
    for box in again.checkbox:
        again = stands(box.check().run())
    publish(again)
    assert [version.number for version in store.versions(PLAN)] == [2, 1]


def test_what_heads_have_checked_goes_into_the_note(clerk: str, store: Store):
    app = dropped(xlsx(TITLE + HEAD + """
        1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 全部完成   | 100% |
        1-2 | 防火培训   | 3 | 12月底前 | 防火科 | 办了一半   | 40%  | 册
        1-3 | 林权登记   | 3 | 12月底前 | 林权科 |            |      |
    """))  # fmt: skip
    asked = [box for box in app.checkbox if box.label == "科室负责人已核"]
    assert len(asked) == 3
    app = publish(stands(asked[0].check().run()))
    assert store.latest(PLAN).note == "真实性核查3处，科室负责人已核1处。"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store without any version, which the pages ask."""
    empty = opened_store(tmp_path, "空.db")
    monkeypatch.setattr(session, "source", lambda: empty)
    held = ticket("王小样")
    monkeypatch.setattr(editor, "_ticket", lambda: held)
    return empty


def test_an_empty_store_takes_a_first_version(empty: Store):
    app = dropped(JUNE, "考评表（6月）.xlsx")
    assert headline(app).startswith("第一版读到3项、10分")
    publish(app)
    assert empty.plans() == (PLAN,)


def test_a_first_file_that_names_neither_unit_nor_year_is_asked_for_both(empty: Store):
    app = dropped(xlsx(HEAD + "1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林4900亩 | 98% | 图"), "考评表.xlsx")
    assert "写明单位和年度" in markup(app)
    app = stands(app.text_input(key="upload_unit").set_value("某市林业局").run())
    app = stands(app.number_input(key="upload_year").set_value(2025).run())
    app = stands(app.date_input(key=_date_key(app)).set_value(date(2025, 6, 30)).run())
    publish(app)
    assert empty.latest(PLAN).number == 1
    assert list(empty.table(empty.latest(PLAN).id)["due"]) == [pd.Timestamp("2025-12-31")]


def test_a_file_that_the_browser_tells_of_twice_is_taken_once() -> None:
    def again() -> None:
        from ui import upload

        upload._take("upload_drop_0")

    assert [error.value for error in AppTest.from_function(again, default_timeout=60).run().exception] == []
