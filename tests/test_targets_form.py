"""量化目标 on an indicator's page: what an editor confirms is a new version, and the page shows it."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page
from streamlit.testing.v1 import AppTest

from data.reading.target_entry import NO_TARGET
from data.store import Store
from data.versions import Version
from scoring.targets import Target, extract_targets
from tests.browser import settle, visit, watch
from tests.conftest import VIEWPORT
from tests.kept import PLAN, button, opened_by, published, store, text  # noqa: F401  # store is a fixture
from tests.servers import ROOT, running, sign_in
from tests.stores import url
from ui.targets_form import NotConfirmed, frame, written_targets

PROMISE = "新增海外仓超100个、利用外资增长2%"
JUNE = f"""
序号 | 二级指标         | 权重 | 完成时限 | 责任科室 | 全年完成情况
1-1  | {PROMISE}        | 4    | 12月底前 | 外贸科   | 新增海外仓87个
1-2  | 加强宣传         | 3    | 12月底前 | 办公室   | _
"""
READ = extract_targets(PROMISE)


@pytest.fixture
def newest(store: Store) -> Version:  # noqa: F811  # the fixture
    return published(store, JUNE, "2025-06-30")


def opened(row: int = 1, who: str = "林溪", more: str = "") -> AppTest:
    return opened_by(who, f"indicator?row={row}&{more}")


def written(*lines: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=["label", "comparator", "value", "unit", "kind", "actual", "evidence"])


# What the rows of the form mean


def test_the_form_starts_with_what_the_text_promises_and_gives_it_back() -> None:
    assert [target.measure for target in READ] == ["海外仓", "利用外资"]
    assert written_targets(frame(READ), PROMISE) == READ


def test_a_corrected_figure_keeps_its_place_in_the_text() -> None:
    corrected = frame(READ).assign(value=[120.0, 2.0])
    target = written_targets(corrected, PROMISE)[0]
    assert (target.value, target.comparator, target.kind, target.unit) == (120, ">", "count", "个")
    assert PROMISE[target.start : target.end] == "超100个"


def test_a_line_that_was_added_and_left_open_is_no_target() -> None:
    blank = (None, None, np.nan, None, None, np.nan, None)
    line = ("展会", None, 2.0, "场", None, 1.0, "照片，电话13812345678")
    assert written_targets(written(blank, line, blank), PROMISE) == (
        Target("count", ">=", 2, "场", "展会", 0, 0, 1, "照片，电话138****5678"),
    )


def test_the_kind_that_a_person_chose_counts() -> None:
    line = ("海外仓", "≥", 100.0, "个", "水平", np.nan, "")
    assert written_targets(written(line), PROMISE)[0].kind == "level"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("展会", "≥", np.nan, "场", None, np.nan, ""), "第1行没有写目标值"),
        (("展会", "≥", np.nan, "场", None, 3.0, ""), "第1行写了实际值，没有写目标值"),
        ((None, None, np.nan, None, None, np.nan, None), "一个目标也没有写"),
    ],
)
def test_what_is_incomplete_is_refused_in_a_sentence(line: tuple[object, ...], said: str) -> None:
    with pytest.raises(NotConfirmed, match=said):
        written_targets(written(line), PROMISE)


# The page


def test_a_reader_sees_nothing_of_the_form(newest: Version) -> None:
    app = opened(who="")
    assert "请核对" not in text(app)
    assert [each.label for each in app.button if "目标" in each.label] == []


def test_an_editor_confirms_what_was_read(store: Store, newest: Version) -> None:  # noqa: F811  # the fixture
    app = opened()
    assert "量化目标：从文字读出，请核对" in text(app)
    button(app, "确认这些目标").click().run()
    version = store.latest(PLAN)
    assert version is not None
    assert (version.number, version.author, version.sha256) == (2, "林溪", newest.sha256)
    assert version.note == "确认1-1的量化目标：海外仓超100个、利用外资增长2%及以上"
    assert list(store.table(version.id)["targets"]) == [READ, ()]
    assert "从第2版起生效" in text(app)
    assert "量化目标：已由人确认" in text(app)
    assert app.query_params["v"] == "2"


def test_an_editor_says_that_there_is_no_quantified_target(
    store: Store,  # noqa: F811  # the fixture
    newest: Version,
) -> None:
    app = opened()
    button(app, "这一项没有量化目标").click().run()
    assert store.table(newest.id + 1).at[0, "targets"] == (NO_TARGET,)
    assert store.versions(PLAN)[0].note == "确认1-1没有量化目标"
    assert "已由人确认：这一项没有量化目标" in text(app)


def test_confirming_the_same_again_makes_no_version(store: Store, newest: Version) -> None:  # noqa: F811
    app = opened()
    button(app, "确认这些目标").click().run()
    assert "没有改动" in text(button(app, "确认这些目标").click().run())
    assert len(store.versions(PLAN)) == 2


def test_where_nothing_was_read_nothing_can_be_confirmed_by_mistake(store: Store, newest: Version) -> None:  # noqa: F811
    app = opened(row=2)
    assert "一个目标也没有写" in text(button(app, "确认这些目标").click().run())
    assert store.latest(PLAN) == newest


def test_targets_are_confirmed_on_the_newest_version_only(store: Store, newest: Version) -> None:  # noqa: F811
    published(store, JUNE, "2025-07-31")
    app = opened(more="v=1")
    assert "量化目标在最新的第2版上确认" in text(app)
    assert [each.label for each in app.button if "确认" in each.label] == []


def test_who_confirms_second_is_told_who_was_first(store: Store, newest: Version) -> None:  # noqa: F811
    app = opened()
    theirs = published(store, JUNE, "2025-07-31", "周舟")
    assert "周舟于" in text(button(app, "确认这些目标").click().run())
    assert store.latest(PLAN) == theirs


def test_a_session_that_has_ended_confirms_nothing(
    store: Store,  # noqa: F811  # the fixture
    newest: Version,
) -> None:
    app = opened()
    store.accounts.disable("林溪", "测试")
    button(app, "确认这些目标").click().run()
    assert store.latest(PLAN) == newest


# In a real browser


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder whose store holds one version."""
    path = tmp_path / "var"
    path.mkdir()
    published(Store.open(url(path / "dashboard.db")), JUNE, "2025-06-30")
    return tmp_path


@pytest.fixture
def signed_in(kept: Path, browser: Browser) -> Iterator[Page]:
    """The first indicator's page, opened by an editor."""
    with running(ROOT / "dashboard.py", kept) as address:
        context = browser.new_context(viewport=VIEWPORT, locale="zh-CN", timezone_id="Asia/Shanghai")
        seen = watch(context)
        tab = context.new_page()
        sign_in(tab, address, kept, "林溪")
        yield visit(tab, f"{address}/indicator?{urlencode({'plan': PLAN, 'serial': '1-1'})}")
        context.close()
        assert (seen.elsewhere(), seen.errors) == ([], [])


def test_a_corrected_figure_is_confirmed_and_shown(signed_in: Page, kept: Path) -> None:
    signed_in.locator("[data-testid=stDataFrame] .dvn-scroller").click(position={"x": 100, "y": 52})  # 海外仓
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        signed_in.keyboard.press(key)
    figure = signed_in.locator("#portal input")
    figure.fill("120")
    figure.press("Enter")
    figure.wait_for(state="detached")
    settle(signed_in)
    signed_in.get_by_role("button", name="确认这些目标").click()
    signed_in.get_by_text("从第2版起生效").wait_for()
    assert "超120个" in settle(signed_in).locator("table.wide").inner_text()
    version = Store.open(url(kept / "var" / "dashboard.db")).latest(PLAN)
    assert version is not None
    assert (version.number, version.author) == (2, "林溪")
    assert version.note == "确认1-1的量化目标：海外仓超120个、利用外资增长2%及以上"
