"""data.storage.summaries: every version's standing as one row, the same as scoring its table, and cheap to ask for."""

import math
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.errors import StoreDamaged
from data.plan import shipped
from data.serving import opened as served
from data.storage import schema, summaries
from data.storage.summaries import Summary, summarised
from data.store import Store, recover
from scoring import Method, method, score, summary
from scoring.errors import DashboardError
from tests.stores import (
    OTHER,
    PLAN,
    SMALL,
    back_to_schema,
    behind,
    contents,
    draft,
    only_sqlite,
    opened,
    published,
    tampering,
    url,
)

LAW = Method.default().fingerprint
FILE = "看板.db"
EDITION_1 = [
    (0, 33, 32, 0, 35, 0, 0, 100),
    (4, 52.5, 22, 0, 16, 5.5, 0, 100),
    (10, 46.5, 22, 0, 15, 6.5, 0, 100),
    (16.5, 43, 13, 3, 17, 7.5, 0, 100),
    (74, 19, 7, 0, 0, 0, 83.539, 95.539),
]


@pytest.fixture
def store(tmp_path: Path, database: str) -> Store:
    """Two plans, the first in two versions."""
    store = opened(tmp_path)
    published(store, SMALL, "2025-04-30")
    published(store, SMALL, "2025-04-30", plan=OTHER)
    published(store, SMALL.replace("2000亩   | 40%", "3000亩   | 60%"), "2025-06-30")
    return store


def made(store: Store, version_id: int, rules: Method | None = None) -> Summary:
    """Return a version's summary, worked out from what the store holds of it."""
    of = (store.version(version_id), store.plan(version_id), store.table(version_id), store.findings(version_id))
    return summarised(*of, rules or Method.default())


def other_rules(folder: Path) -> Method:
    path = folder / "method.toml"
    path.write_text('[behind_tolerance]\ntitle = "容差"\nvalue = 0.4\ntext = "{value}"\nassumed = true\n', "utf-8")
    return Method.load(path)


# What it says


def test_a_summary_is_what_scoring_the_version_on_its_own_day_gives(shipped_store: Store):
    assert len(shipped_store.summaries()) == 2
    for found in shipped_store.summaries():
        version = shipped_store.version(found.version)
        scored = score(shipped_store.table(version.id), Method.default(), as_of=version.data_date)
        total = summary.total(scored).iloc[0]
        assert all(
            math.isclose(getattr(found, name), total[name]) for name in summary.COLUMNS if total[name] == total[name]
        )
        severities = [finding.severity for finding in shipped_store.findings(version.id)]
        assert (found.blocking, found.check) == (severities.count("blocking"), severities.count("check"))


def test_a_summary_tells_plan_version_and_what_nobody_knows(shipped_store: Store):
    real, example = shipped_store.summaries()
    newest = [shipped_store.latest(plan.name) for plan in shipped()]
    assert [(each.version, each.plan, each.number, each.data_date, each.published_at) for each in (real, example)] == [
        (each.id, each.plan, each.number, each.data_date, each.published_at) for each in newest if each
    ]
    assert [(each.unit, each.year, each.example) for each in (real, example)] == [
        (plan.unit, plan.year, plan.example) for plan in shipped()
    ]
    assert math.isnan(real.score)  # blank is not zero
    assert example.score > 0
    assert (real.plan_points, real.weight) == (100, 70)


def test_a_plan_without_points_has_none(store: Store):
    assert math.isnan(store.summaries()[0].plan_points)


def test_a_table_without_rows_has_no_points_and_no_score(store: Store):
    parts = (store.version(1), store.plan(1), store.table(1).iloc[:0], ())
    found = summarised(*parts, Method.default())
    assert (found.indicators, found.weight) == (0, 0)
    assert math.isnan(found.score)


def test_what_is_kept_comes_back_as_it_was_worked_out(store: Store):
    assert store.summaries() == (made(store, 3), made(store, 2))


# When it is kept


def test_every_act_that_makes_a_version_keeps_its_summary(store: Store):
    again = store.restore(1, base=3, author="甲", note="", token="恢复")
    plan = replace(store.plan(again.id), deputies=("甲",))
    revised = store.revise(plan, base=again.id, author="甲", note="", token="改")
    confirmed = store.confirm(0, (), base=revised.id, author="甲", note="", token="确认")
    assert store.unsummarised(LAW) == ()
    assert store.summaries()[0] == made(store, confirmed.id)


def test_the_first_start_has_summaries(shipped_store: Store):
    assert shipped_store.unsummarised(LAW) == ()


def test_a_summary_is_there_with_its_version_or_neither_is(store: Store, monkeypatch: pytest.MonkeyPatch):
    with store._database.read() as connection:
        before = connection.execute(sa.select(schema.SUMMARY)).all()

    def gone(*_: object) -> None:
        raise StoreDamaged("x")

    monkeypatch.setattr(summaries, "add", gone)
    with pytest.raises(StoreDamaged):
        published(store, SMALL, "2025-08-31")
    with store._database.read() as connection:
        assert connection.execute(sa.select(schema.SUMMARY)).all() == before
    assert store.head()[0] == 3


def test_the_same_token_twice_keeps_one_version_and_one_summary(store: Store):
    same = published(store, SMALL, "2025-08-31", token="同")
    assert store._keep(draft(contents(SMALL, date(2025, 8, 31)), 3, "同")) == same
    assert len(store.summaries()) == 2


def test_a_version_that_cannot_be_judged_is_published_without_one(store: Store):
    parts = replace(contents(SMALL, date(2025, 8, 31)), plan=b"unit = 3")
    broken = store._keep(draft(parts, 3, "坏"))
    assert store.unsummarised(LAW) == (broken.id,)
    assert [each.plan for each in store.summaries()] == [OTHER]


def test_the_same_summaries_again_change_nothing_and_others_are_refused(store: Store):
    before = store.summaries()
    store.keep_summaries(before)
    assert store.summaries() == before
    with pytest.raises(StoreDamaged, match="不同"):
        store.keep_summaries([replace(before[1], done=9.0)])
    assert store.summaries() == before


def test_of_many_summaries_all_are_kept_or_none(store: Store, tmp_path: Path):
    rules = other_rules(tmp_path)
    good = [made(store, version_id, rules) for version_id in (1, 2, 3)]
    with pytest.raises(DashboardError):
        store.keep_summaries([*good, replace(good[0], version=99)])
    assert store.unsummarised(rules.fingerprint) == (1, 2, 3)
    store.keep_summaries([*good, *good])
    assert store.unsummarised(rules.fingerprint) == ()
    assert store.verify() == ()


# Under which rules


def test_other_rules_have_another_fingerprint_and_other_words_about_them_have_not(tmp_path: Path):
    rules = Method.default()
    reworded = replace(rules, rules=tuple(replace(rule, text="换句话说") for rule in rules.rules))
    assert reworded.fingerprint == rules.fingerprint
    assert other_rules(tmp_path).fingerprint != rules.fingerprint


def test_rules_that_count_otherwise_have_another_fingerprint(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(method, "EDITION", method.EDITION + 1)
    assert replace(Method.default()).fingerprint != LAW


def test_summaries_under_other_rules_are_kept_beside_and_not_shown(store: Store, tmp_path: Path):
    before, rules = store.summaries(), other_rules(tmp_path)
    store.keep_summaries([made(store, 3, rules)])
    assert store.summaries() == before
    assert store.unsummarised(rules.fingerprint) == (1, 2)
    assert [plan.name for plan in store.listed()] == [PLAN, OTHER]


def test_what_the_rules_in_force_give_has_not_changed_under_the_same_edition(shipped_store: Store):
    """Where this fails, scoring gives other figures: then ``scoring.method.EDITION`` is one more, and these are new."""
    figures = ("done", "on_pace", "behind", "overdue", "not_reported", "unjudged", "score_low", "score_high")
    every = [made(shipped_store, version.id) for version in reversed(shipped_store.versions(shipped()[-1].name))]
    assert method.EDITION == 1
    assert [tuple(round(getattr(each, name), 3) for name in figures) for each in every] == EDITION_1


# After an update


@only_sqlite
def test_a_store_from_before_summaries_has_them_after_its_migration(store: Store, tmp_path: Path):
    before = store.summaries()
    back_to_schema(tmp_path / FILE, 3)
    migrated = opened(tmp_path)
    assert migrated.verify() == ()
    assert migrated.unsummarised(LAW) == ()
    assert migrated.summaries() == before
    assert migrated.roster() is None


@only_sqlite
def test_a_backup_of_an_earlier_release_has_them_once_it_is_restored(store: Store, tmp_path: Path):
    store.backup(tmp_path / "一.db")
    back_to_schema(tmp_path / "一.db", 3)
    recover(tmp_path / "一.db", url(tmp_path / "新" / FILE))
    assert opened(tmp_path / "新").summaries() == store.summaries()


@only_sqlite
def test_a_version_that_cannot_be_judged_does_not_hold_up_the_migration(store: Store, tmp_path: Path):
    broken = store._keep(draft(replace(contents(SMALL, date(2025, 8, 31)), plan=b"unit = 3"), 3, "坏"))
    back_to_schema(tmp_path / FILE, 3)
    assert opened(tmp_path).unsummarised(LAW) == (broken.id,)


def test_a_start_works_out_what_is_missing_the_newest_first(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(Method.default().__dict__, "fingerprint", "else")
    assert store.unsummarised("else") == (1, 2, 3)
    store.summarise_missing(2)
    assert store.unsummarised("else") == (1,)
    assert served(url(tmp_path / FILE), ()).unsummarised("else") == ()


# What it costs


@contextmanager
def counted() -> Iterator[list[str]]:
    """Note every statement that any store executes, and "step" for each step of SQLite's machine: what time cannot tell."""
    noted: list[str] = []

    def statement(_connection: object, _cursor: object, text: str, *_: object) -> None:
        noted.append(text)

    def connected(connection: sqlite3.Connection, _: object) -> None:
        connection.set_progress_handler(lambda: noted.append("step"), 1)

    sa.event.listen(sa.Engine, "before_cursor_execute", statement)
    sa.event.listen(sa.Pool, "connect", connected)
    yield noted
    sa.event.remove(sa.Engine, "before_cursor_execute", statement)
    sa.event.remove(sa.Pool, "connect", connected)


def steps(ask: Callable[[], object]) -> int:
    with counted() as noted:
        ask()
    return noted.count("step")


def statements(ask: Callable[[], object]) -> list[str]:
    with counted() as noted:
        ask()
    return [text for text in noted if "FROM " in text]  # and none of those that begin a transaction


def of_size(folder: Path, units: int, indicators: int) -> Store:
    store = opened(folder, f"{units}-{indicators}.db")
    rows = "\n".join(f"1-{n} | 造林{n}亩 | 0.1 | 12月底前 | 造林科 | 已造林{n}亩 | 40%" for n in range(indicators))
    for unit in range(units):
        published(store, SMALL.splitlines()[1] + "\n" + rows, "2025-04-30", plan=f"示例市第{unit}局 2025")
    return store


@pytest.mark.parametrize("question", ["summaries", "listed", "plans"])
def test_what_a_page_of_many_units_asks_is_one_statement_that_reads_no_content(store: Store, question: str):
    (asked,) = statements(getattr(store, question))
    assert "content" not in asked


@pytest.mark.parametrize("question", ["summaries", "listed", "unsummarised"])
def test_its_cost_does_not_grow_with_the_indicators(tmp_path: Path, question: str):
    arguments = [LAW] if question == "unsummarised" else []
    few, many = (of_size(tmp_path, 4, indicators) for indicators in (2, 60))
    assert sum(each.indicators for each in many.summaries()) == 30 * sum(each.indicators for each in few.summaries())
    assert steps(lambda: getattr(few, question)(*arguments)) == steps(lambda: getattr(many, question)(*arguments)) > 0


@pytest.mark.parametrize("question", ["latest", "versions"])
def test_what_a_page_asks_of_one_plan_does_not_grow_with_the_number_of_plans(tmp_path: Path, question: str):
    few, many = (of_size(tmp_path, units, 2) for units in (2, 12))
    asked = [steps(lambda: getattr(each, question)("示例市第1局 2025")) for each in (few, many)]  # noqa: B023
    assert asked[0] == asked[1] > 0
    assert steps(few.head) == steps(many.head) > 0


def test_of_each_unit_one_row_is_read_however_many_versions_it_has(tmp_path: Path):
    store = of_size(tmp_path, 3, 2)
    for month in (5, 6, 7):
        published(store, SMALL, f"2025-{month:02}-28", plan="示例市第1局 2025")
    (asked,) = statements(store.summaries)
    with store._database.read() as connection:
        way = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", (LAW,))]
    assert [line for line in way if re.search(r"\b(version|summary)\b", line)] == [
        "SCAN version USING COVERING INDEX sqlite_autoindex_version_1",
        "SEARCH summary USING INDEX sqlite_autoindex_summary_1 (version=? AND method=?)",
    ]
    assert [each.number for each in store.summaries()] == [1, 4, 1]


def test_a_plan_whose_newest_version_has_no_summary_is_listed_all_the_same(store: Store, tmp_path: Path):
    before = store.listed()
    with tampering(tmp_path / FILE) as connection:
        connection.execute(sa.delete(schema.SUMMARY).where(schema.SUMMARY.c.version == 3))
    assert store.listed() == before
    assert store.verify() == ()  # it can be worked out again
    store.summarise_missing()
    assert store.summaries()[0] == made(store, 3)


# Whether it is what was written


def test_a_changed_value_of_any_summary_is_found(store: Store, tmp_path: Path):
    noticed = []
    with tampering(tmp_path / FILE) as connection:
        for column in schema.SUMMARY.c:
            other = sa.func.coalesce(column, 0) + 1 if column.type.python_type is not str else column + "0"
            changing = connection.begin_nested()
            connection.execute(sa.update(schema.SUMMARY).where(schema.SUMMARY.c.number == 2).values({column: other}))
            noticed += [column.name] if list(summaries.faults(connection)) else []
            changing.rollback()
        assert list(summaries.faults(connection)) == []
    assert noticed == [column.name for column in schema.SUMMARY.c]


def test_a_summary_of_another_version_is_found(store: Store, tmp_path: Path):
    row = summaries._row(replace(store.summaries()[0], version=1))
    with tampering(tmp_path / FILE) as connection:
        connection.execute(sa.delete(schema.SUMMARY).where(schema.SUMMARY.c.version == 1))
        connection.execute(sa.insert(schema.SUMMARY).values(row))
    assert any("第1号版本的汇总" in fault for fault in store.verify())


@pytest.mark.parametrize("statement", ["UPDATE summary SET done = 9", "DELETE FROM summary"])
def test_a_summary_cannot_be_changed_or_removed(store: Store, tmp_path: Path, statement: str):
    with behind(tmp_path / FILE) as connection, pytest.raises(sa.exc.DBAPIError, match="immutable"):
        connection.exec_driver_sql(statement)


@only_sqlite
def test_a_summary_cannot_be_replaced(store: Store, tmp_path: Path):
    test_a_summary_cannot_be_changed_or_removed(store, tmp_path, "REPLACE INTO summary SELECT * FROM summary")


def test_a_digest_depends_on_every_value():
    row = {column.name: 0 for column in schema.SUMMARY.c}
    digests = {summaries.digest(row | {column.name: 1}) for column in schema.SUMMARY.c}
    assert len(digests) == len(schema.SUMMARY.c)  # each column its own; the digest's own column changes nothing


def test_every_figure_has_its_column():
    assert {field.name for field in fields(Summary)} == {column.name for column in schema.SUMMARY.c} - {"digest"}


@only_sqlite
def test_a_damaged_store_shows_the_summaries_of_what_is_whole(store: Store, tmp_path: Path):
    whole = store.summaries()
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content.replace("已造林3000亩".encode(), "已坏林3000亩".encode()))
    found = served(url(tmp_path / FILE), ())
    assert found.trouble
    assert [each.newest for each in found.listed()] == [1, 2]
    assert found.summaries() == (made(store, 1), whole[1])
