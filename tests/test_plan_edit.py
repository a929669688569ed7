from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.errors import PlanInvalid
from data.plan import Alias, parse
from data.storage import canonical
from data.store import Store
from data.versions import Version
from tests.kept import PLAN, button, opened_by, published, store, text  # noqa: F401  # store is a fixture
from tests.published import UNIT, YEAR, headline

JUNE = """
序号 | 二级指标         | 权重 | 时限     | 科室   | 科室负责人 | 分管领导 | 完成情况     | 进度
1-1  | 造林5000亩       | 4    | 12月底前 | 造林科 | 方远洲     | 林叙     | 已造林2000亩 | 40%
1-2  | 抚育森林1.2万亩  | 3    | 12月底前 | 造林科 | 方远州     | 林叙     | 已抚育4000亩 | 33%
1-3  | 编制规划         | 3    | 11月底前 | 办公室 | 方远洲     | 叶知秋   |              |
"""
JULY = JUNE.replace("已造林2000亩 | 40%", "             |")
STEPS = """
[[steps]]
number = 1
title = "印发方案"
due = 2025-06-30

[[steps]]
number = 2
title = "报送项目"
due_text = "11月底前"
due = 2025-11-30
"""
REVISED = f'unit = "{UNIT}"\nyear = {YEAR}\n{STEPS}'


@pytest.fixture
def newest(store: Store) -> Version:  # noqa: F811  # the fixture
    """The fourth version: two tables, 沿用 in the second, and a plan with steps."""
    published(store, JUNE, "2025-06-30")
    july = published(store, JULY, "2025-07-31")
    return store.revise(parse(REVISED, "test"), base=july.id, author="甲", note="步骤", token="steps")


def saving(app: AppTest, note: str = "登记办理情况") -> AppTest:
    app.text_input(key=key(app, "note")).input(note)
    return button(app, "保存为第").click().run()


def key(app: AppTest, name: str) -> str:
    return next(
        each.key
        for each in (*app.text_input, *app.checkbox, *app.date_input, *app.selectbox, *app.text_area)
        if each.key and each.key.startswith("plan_") and each.key.endswith(f"_{name}")
    )


# The plan itself


def test_a_step_says_when_it_was_taken_and_by_what(newest: Version) -> None:
    plan = parse(REVISED + 'done_on = 2025-10-17\nevidence = "通报第3期"\n', "test")
    assert [(step.done_on, step.evidence) for step in plan.steps] == [(None, ""), (date(2025, 10, 17), "通报第3期")]


@pytest.mark.parametrize("value", ['"2025-10-17"', "2025-10-17T00:00:00", "true", "20251017"])
def test_a_step_is_taken_on_a_date_and_nothing_else(value: str) -> None:
    with pytest.raises(PlanInvalid, match="done_on"):
        parse(REVISED + f"done_on = {value}\n", "test")


# The store


def test_a_changed_plan_is_a_new_version_of_the_same_bytes_and_table(
    store: Store,  # noqa: F811  # the fixture
    newest: Version,
) -> None:
    before = store.version(newest.id - 1)
    assert (newest.number, newest.sha256, newest.data_date) == (3, before.sha256, before.data_date)
    assert canonical.table_bytes(store.table(newest.id)) == canonical.table_bytes(store.table(before.id))
    assert store.findings(newest.id) == store.findings(before.id)


def confirmed(store: Store, base: Version, *aliases: Alias) -> Version:  # noqa: F811  # the fixture
    changed = replace(store.plan(base.id), aliases=aliases)
    return store.revise(changed, base=base.id, author="甲", note="别名", token=f"alias {base.id}")


def test_a_confirmed_alias_takes_effect_and_leaves_the_reports_alone(
    store: Store,  # noqa: F811  # the fixture
    newest: Version,
) -> None:
    assert "names_alike" in {finding.code for finding in store.findings(newest.id)}
    then = store.table(newest.id)
    revised = confirmed(store, newest, Alias("方远州", "方远洲", "person", "甲"))
    now = store.table(revised.id)
    assert list(now["heads"]) == [("方远洲",)] * 3
    assert "names_alike" not in {finding.code for finding in store.findings(revised.id)}
    pd.testing.assert_frame_equal(now.drop(columns="heads"), then.drop(columns="heads"))
    assert list(now["reported_on"].dt.month.fillna(0)) == [6, 7, 0]  # 沿用, new, never
    assert store.verify() == ()


def test_a_withdrawn_alias_gives_the_names_back_as_printed(
    store: Store,  # noqa: F811  # the fixture
    newest: Version,
) -> None:
    revised = confirmed(store, newest, Alias("方远州", "方远洲", "person", "甲"))
    again = confirmed(store, revised)
    assert canonical.table_bytes(store.table(again.id)) == canonical.table_bytes(store.table(newest.id))


def test_the_next_table_is_read_with_the_plan_that_was_kept(
    store: Store,  # noqa: F811  # the fixture
    newest: Version,
) -> None:
    confirmed(store, newest, Alias("方远州", "方远洲", "person", "甲"))
    august = published(store, JUNE, "2025-08-31")
    assert list(store.table(august.id)["heads"]) == [("方远洲",)] * 3
    assert [alias.printed for alias in store.plan(august.id).aliases] == ["方远州"]
    assert [step.title for step in store.plan(august.id).steps] == ["印发方案", "报送项目"]


def test_a_comparison_with_the_version_before_outlives_an_alias(store: Store) -> None:  # noqa: F811  # the fixture
    published(store, JUNE, "2025-06-30")
    fallen = published(store, JUNE.replace("40%", "30%"), "2025-07-31")
    revised = confirmed(store, fallen, Alias("方远州", "方远洲", "person", "甲"))
    assert "progress_fell" in {finding.code for finding in store.findings(revised.id)}
    told = [finding for finding in store.findings(revised.id) if finding.code == "text_unchanged"]
    assert told == [finding for finding in store.findings(fallen.id) if finding.code == "text_unchanged"]


# The page


def test_a_reader_cannot_change_the_plan(newest: Version) -> None:
    app = opened_by("", "plan")
    assert "改方案" not in text(app)
    assert len(app.text_input) == 0


def test_an_editor_ticks_a_step_with_its_date_and_material(
    store: Store,  # noqa: F811  # the fixture
    newest: Version,
) -> None:
    app = opened_by("林溪", "plan")
    app.checkbox(key=key(app, "done_0")).check()
    app.date_input(key=key(app, "day_0")).set_value(date(2025, 6, 28))
    app.text_input(key=key(app, "evidence_0")).input("印发文件，联系人13812345678")
    saving(app)
    version = store.latest(PLAN)
    assert version is not None
    assert (version.number, version.author, version.note) == (4, "林溪", "登记办理情况")
    step = store.plan(version.id).steps[0]
    assert (step.done_on, step.evidence) == (date(2025, 6, 28), "印发文件，联系人138****5678")
    assert "已办，6月28日；材料：印发文件" in text(app)
    assert "四个" not in headline(app)
    assert "已办1个" in headline(app)
    assert app.query_params["v"] == "4"


def test_an_editor_orders_the_deputies(store: Store, newest: Version) -> None:  # noqa: F811  # the fixture
    app = opened_by("林溪", "plan")
    app.text_area(key=key(app, "deputies")).input(" 叶知秋\n\n林叙 \n叶知秋")
    saving(app)
    assert store.plan(newest.id + 1).deputies == ("叶知秋", "林叙")


def test_an_editor_confirms_an_alias_and_takes_it_back(
    store: Store,  # noqa: F811  # the fixture
    newest: Version,
) -> None:
    app = opened_by("林溪", "plan")
    app.selectbox(key=key(app, "alias_printed")).select("方远州")
    app.selectbox(key=key(app, "alias_means")).select("方远洲")
    saving(app, "同一人")
    assert store.plan(newest.id + 1).aliases == (Alias("方远州", "方远洲", "person", "林溪"),)
    assert list(store.table(newest.id + 1)["heads"]) == [("方远洲",)] * 3
    app.checkbox(key=key(app, "alias_0")).uncheck()
    saving(app, "看错了")
    assert store.plan(newest.id + 2).aliases == ()
    assert list(store.table(newest.id + 2)["heads"])[1] == ("方远州",)


def test_what_is_incomplete_is_not_saved_and_says_why(
    store: Store,  # noqa: F811  # the fixture
    newest: Version,
) -> None:
    app = opened_by("林溪", "plan")
    assert "方案没有改动" in text(saving(app))
    app.checkbox(key=key(app, "done_1")).check()
    assert "第2步勾了已办，请写办理日期" in text(saving(app))
    app.date_input(key=key(app, "day_1")).set_value(date(2025, 7, 1))
    assert "请写明为什么改" in text(saving(app, " "))
    app.selectbox(key=key(app, "alias_printed")).select("方远州")
    assert "两个不同的名字" in text(saving(app))
    app.selectbox(key=key(app, "alias_means")).select("办公室")
    assert "一个是科室、一个是人名" in text(saving(app))
    assert store.latest(PLAN) == newest


def test_the_plan_is_changed_from_the_newest_version(newest: Version) -> None:
    app = opened_by("林溪", "plan?v=1")
    assert "方案从最新的第3版改起" in text(app)
    assert len(app.text_input) == 0


def test_who_changes_the_plan_second_is_told_who_was_first(
    store: Store,  # noqa: F811  # the fixture
    newest: Version,
) -> None:
    app = opened_by("林溪", "plan")
    app.text_area(key=key(app, "deputies")).input("林叙")
    theirs = published(store, JUNE, "2025-08-31", "周舟")
    saving(app)
    assert store.latest(PLAN) == theirs
    assert "周舟于" in text(app)
