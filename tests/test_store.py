"""data.store: what is published stays as it was, is found again whole, and nothing else gets in."""

import pickle
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from data import WorkbookRejected, read_workbook
from data.carry_over import carry_over
from data.errors import RowUnknown, StoreBusy, StoreDamaged, StoreUnusable
from data.plan import TABLES, Alias, shipped
from data.storage import canonical, database, drafting, schema
from data.store import StalePublish, Store, default_url, publish_shipped
from data.versions import Version
from scoring.errors import DashboardError
from scoring.targets import Target
from tests.drawing import xlsx
from tests.stores import (
    OTHER,
    PLAN,
    SMALL,
    behind,
    contents,
    draft,
    held,
    only_postgres,
    only_sqlite,
    opened,
    published,
    rows,
    url,
)

pytestmark = pytest.mark.usefixtures("database")

FORM = """
示例市林业局2025年度绩效目标考评表 | < | < | < | < | <
序号 | 二级指标        | 权重 | 完成时限 | 责任科室 | 全年完成情况
1-1  | 造林5000亩      | 4    | 12月底前 | 造林科   | 已造林2000亩
1-2  | 抚育森林1.2万亩 | 3    | 12月底前 | 造林科   | _
"""
BLOCKED = FORM.replace("1-2 ", "1-1 ")  # one serial for two indicators
DAY = date(2025, 4, 30)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened(tmp_path)


def publish(store: Store, base: int | None, token: str, **changed: object) -> Version:
    said = {"plan": PLAN, "content": xlsx(FORM), "filename": "考评表.xlsx", "author": "沈小满", "data_date": DAY}
    return store.publish(**({"note": "四月数", "base": base, "token": token} | said | changed))


def test_a_version_tells_all_that_was_given_at_its_publishing(store: Store):
    content = xlsx(FORM)
    version = publish(store, None, "一", content=content)
    told = (version.plan, version.number, version.base, version.data_date, version.author, version.note)
    assert told == (PLAN, 1, None, DAY, "沈小满", "四月数")
    assert (version.filename, version.sha256) == ("考评表.xlsx", canonical.digest(content))
    assert version.published_at.utcoffset() == timedelta(0)
    assert datetime.now(UTC) - version.published_at < timedelta(minutes=1)
    assert store.version(version.id) == store.latest(PLAN) == version
    assert store.versions(PLAN) == (version,)


def test_a_version_keeps_bytes_table_findings_plan_and_method(store: Store):
    content = xlsx(FORM)
    version = publish(store, None, "一", content=content)
    reading = read_workbook(content, "考评表.xlsx")
    pd.testing.assert_frame_equal(store.table(version.id), carry_over(reading.table, None, DAY), check_exact=True)
    assert store.original(version.id) == content
    assert store.findings(version.id) == reading.findings != ()
    assert (store.plan(version.id).name, store.plan(version.id).total) == (PLAN, None)
    assert store.method(version.id).encode() == resources.files("scoring").joinpath("method.toml").read_bytes()


def test_a_table_asked_for_twice_is_not_the_same_object(store: Store):
    version = published(store, SMALL, "2025-04-30")
    table = store.table(version.id)
    table["weight"] = 0.0
    assert store.table(version.id)["weight"].sum() == 7


def test_the_same_bytes_are_kept_once(store: Store, tmp_path: Path):
    first = publish(store, None, "一")
    publish(store, first.id, "二", content=store.original(first.id))
    store.restore(first.id, base=2, author="甲", note="", token="三")
    assert [content for _, content in rows(tmp_path / "看板.db")["content"]].count(store.original(1)) == 1


def test_the_same_token_twice_gives_the_same_version_even_after_others_published(store: Store):
    first = publish(store, None, "一")
    second = publish(store, first.id, "二")
    assert publish(store, None, "一") == first
    assert store.restore(first.id, base=second.id, author="甲", note="", token="二") == second
    assert store.versions(PLAN) == (second, first)


def test_a_publish_without_a_token_is_a_programming_error(store: Store):
    with pytest.raises(ValueError, match="token"):
        publish(store, None, "")
    assert store.plans() == ()


def test_unreadable_bytes_are_refused_and_leave_nothing(store: Store, tmp_path: Path):
    before = rows(tmp_path / "看板.db")
    with pytest.raises(WorkbookRejected):
        publish(store, None, "一", content=b"%PDF-1.7")
    assert rows(tmp_path / "看板.db") == before


def test_unreadable_bytes_are_refused_while_somebody_else_writes(store: Store, tmp_path: Path):
    with opened(tmp_path)._database.write(), pytest.raises(WorkbookRejected):
        publish(store, None, "一", content=b"%PDF-1.7")


def test_findings_never_refuse_a_publish(store: Store):
    version = publish(store, None, "一", content=xlsx(BLOCKED))
    assert "blocking" in {finding.severity for finding in store.findings(version.id)}


def test_what_changed_against_the_base_is_among_the_findings(store: Store):
    published(store, SMALL, "2025-04-30")
    second = published(store, SMALL.replace("| 4 ", "| 5 "), "2025-06-30")
    assert [finding.code for finding in store.findings(second.id)] == ["target_changed", "text_unchanged"]


def test_a_published_workbook_s_blanks_take_what_the_base_version_said(store: Store):
    first = publish(store, None, "一")
    silent = FORM.replace("已造林2000亩", "_").replace("| 4 ", "| 5 ")
    second = publish(store, first.id, "二", content=xlsx(silent), data_date=date(2025, 6, 30))
    assert list(store.table(second.id)["completion"]) == ["已造林2000亩", ""]
    assert store.table(second.id)["reported_on"][0].date() == DAY
    assert "target_changed" in {finding.code for finding in store.findings(second.id)}


def test_a_stale_publish_names_the_winner(store: Store):
    first = publish(store, None, "一", author="甲")
    winner = publish(store, first.id, "二", author="乙")
    with pytest.raises(StalePublish, match=r"乙于.+发布了第2版") as refused:
        publish(store, first.id, "三", author="丙")
    assert refused.value.winner == winner
    assert store.latest(PLAN) == winner


@pytest.mark.parametrize("base", [None, 2, 99])
def test_only_the_newest_version_of_the_own_plan_is_a_base(store: Store, base: int | None):
    first = published(store, SMALL, "2025-04-30")
    published(store, SMALL, "2025-04-30", plan=OTHER)
    with pytest.raises(StalePublish) as refused:
        publish(store, base, "二")
    assert refused.value.winner == first


def test_the_first_version_of_a_plan_has_no_base(store: Store):
    with pytest.raises(StalePublish, match="还没有任何版本") as refused:
        publish(store, 7, "一")
    assert refused.value.winner is None


def test_the_moment_of_the_winner_is_told_in_the_clerks_time():
    at = datetime(2025, 4, 30, 17, 5, tzinfo=UTC)
    winner = Version(1, PLAN, 1, None, DAY, "甲", "", "考评表.xlsx", "", at)
    assert "2025-05-01 01:05" in str(StalePublish(PLAN, winner))


def test_a_stale_publish_can_be_sent_to_another_process():
    winner = Version(1, PLAN, 1, None, DAY, "甲", "", "考评表.xlsx", "", datetime(2025, 4, 30, tzinfo=UTC))
    sent = pickle.loads(pickle.dumps(StalePublish(PLAN, winner)))
    assert (sent.plan, sent.winner, str(sent)) == (PLAN, winner, str(StalePublish(PLAN, winner)))


def test_a_session_tells_the_author_inside_the_transaction(store: Store):
    def name(connection: sa.Connection) -> str:
        assert connection.in_transaction()
        return "会话里的乙"

    assert publish(store, None, "一", session=name).author == "会话里的乙"
    assert store.restore(1, base=1, author="甲", note="", token="二", session=name).author == "会话里的乙"


class SessionEnded(DashboardError):
    """What a session raises that no longer holds."""


@pytest.mark.parametrize("interruption", [SessionEnded, RuntimeError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_whatever_is_raised_inside_a_publish_leaves_nothing(store: Store, interruption: type[BaseException]):
    def ends(_: sa.Connection) -> str:
        raise interruption

    first = published(store, SMALL, "2025-04-30")
    with pytest.raises(interruption):
        store.restore(first.id, base=first.id, author="甲", note="", token="二", session=ends)
    assert store.versions(PLAN) == (first,)
    assert published(store, SMALL, "2025-05-31").number == 2
    assert store.verify() == ()


def test_numbers_count_through_a_plan_and_ids_through_all(store: Store):
    for plan in (PLAN, OTHER, PLAN, OTHER, PLAN):
        published(store, SMALL, "2025-04-30", plan=plan)
    assert [(each.id, each.number, each.base) for each in store.versions(PLAN)] == [(5, 3, 3), (3, 2, 1), (1, 1, None)]
    assert [(each.id, each.number, each.base) for each in store.versions(OTHER)] == [(4, 2, 2), (2, 1, None)]


def test_a_version_that_does_not_exist_is_a_key_error(store: Store):
    for question in (store.version, store.original, store.table, store.findings, store.plan, store.method):
        with pytest.raises(KeyError):
            question(1)
    assert store.latest(PLAN) is None
    assert store.versions(PLAN) == ()


def test_a_restored_version_is_as_it_was(store: Store):
    first = published(store, SMALL, "2025-04-30")
    second = published(store, SMALL.replace("已造林2000亩", "已完成"), "2025-06-30")
    third = store.restore(first.id, base=second.id, author="乙", note="误报", token="恢复")
    kept = (third.number, third.base, third.author, third.note, third.data_date, third.filename, third.sha256)
    assert kept == (3, second.id, "乙", "误报", first.data_date, first.filename, first.sha256)
    assert store.original(third.id) == store.original(first.id)
    assert store.findings(third.id) == store.findings(first.id)
    assert (store.plan(third.id), store.method(third.id)) == (store.plan(first.id), store.method(first.id))
    pd.testing.assert_frame_equal(store.table(third.id), store.table(first.id), check_exact=True)


def test_restoring_on_an_old_base_is_stale(store: Store):
    first = published(store, SMALL, "2025-04-30")
    second = published(store, SMALL, "2025-06-30")
    with pytest.raises(StalePublish) as refused:
        store.restore(first.id, base=first.id, author="乙", note="", token="恢复")
    assert refused.value.winner == second


def test_a_changed_plan_makes_a_new_version_of_the_same_bytes(store: Store):
    first = published(store, SMALL, "2025-04-30")
    plan = replace(store.plan(first.id), chair="乙", deputies=("丙", "丁"))
    second = store.revise(plan, base=first.id, author="甲", note="组长", token="方案")
    assert (second.number, second.base, second.sha256) == (2, first.id, first.sha256)
    assert store.plan(second.id) == plan != store.plan(first.id)
    pd.testing.assert_frame_equal(store.table(second.id), store.table(first.id), check_exact=True)
    third = publish(store, second.id, "三")
    assert store.plan(third.id) == plan


def test_a_plan_may_have_any_name(store: Store):
    for name in ("甲局", "甲局 二〇二五", "2025", "甲局 2025 试"):
        assert published(store, SMALL, "2025-04-30", plan=name).plan == name
    assert store.plans() == ("甲局", "甲局 二〇二五", "2025", "甲局 2025 试")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/考评表.xlsx", "考评表.xlsx"),
        ("C:\\报表\\考评表.xlsx", "考评表.xlsx"),
        ("考评表\u202exslx.exe\x00\n.xlsx", "考评表xslx.exe.xlsx"),
        ("张三15912345678.xlsx", "张三159****5678.xlsx"),
        ("\ud800.xlsx", ".xlsx"),
        ("考" * 300 + ".xlsx", "考" * 110 + ".xlsx"),
    ],
)
def test_a_file_name_is_only_for_showing(store: Store, given: str, shown: str):
    assert publish(store, None, "一", filename=given).filename == shown


def test_private_numbers_and_invisible_signs_do_not_reach_a_note(store: Store):
    version = publish(store, None, "一", note="见来文\u200b\n电话15912345678\x1b")
    assert version.note == "见来文\n电话159****5678"


def test_a_moment_given_as_the_data_date_counts_as_its_day(store: Store):
    assert publish(store, None, "一", data_date=pd.Timestamp(2025, 4, 30, 12)).data_date == DAY


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = opened(tmp_path_factory.mktemp("首次"))
    publish_shipped(store, shipped())
    return store


@only_sqlite
def test_the_store_gives_back_what_the_shipped_files_say(first_start: Store):
    assert first_start.plans() == tuple(plan.name for plan in shipped())
    for plan in shipped():
        table = None
        for issue, version in zip(plan.issues, reversed(first_start.versions(plan.name)), strict=True):
            content = (TABLES / issue.file).read_bytes()
            reading = read_workbook(content, issue.file)
            table = carry_over(reading.table, table, issue.data_date)
            pd.testing.assert_frame_equal(first_start.table(version.id), table, check_exact=True)
            assert first_start.findings(version.id)[: len(reading.findings)] == reading.findings
            assert first_start.original(version.id) == content
            assert first_start.plan(version.id) == plan
    assert first_start.verify() == ()


@only_sqlite
def test_what_ships_is_published_once_and_never_beside_anything_else(first_start: Store, store: Store):
    before = first_start.head()
    publish_shipped(first_start, shipped())
    assert first_start.head() == before
    published(store, SMALL, "2025-04-30")
    publish_shipped(store, shipped())
    store._fill([drafting.shipped_drafts(shipped()[0])])  # as where somebody published while the files were read
    assert store.plans() == (PLAN,)


def test_a_unit_of_its_own_stands_before_the_example(first_start: Store, tmp_path: Path):
    first_start.backup(tmp_path / "副本.db")
    store = opened(tmp_path, "副本.db")
    published(store, SMALL, "2025-04-30")
    assert [store.plan(store.versions(plan)[0].id).example for plan in store.plans()] == [False, False, True]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE version SET note = 'x' WHERE id = 1",
        "UPDATE content SET bytes = NULL",
        "DELETE FROM version WHERE id = 2",
        "DELETE FROM content",
    ],
)
def test_nothing_kept_can_be_changed_or_removed(store: Store, tmp_path: Path, statement: str):
    published(store, SMALL, "2025-04-30")
    published(store, SMALL, "2025-06-30")
    before = held(store)
    with behind(tmp_path / "看板.db") as connection, pytest.raises(sa.exc.DBAPIError, match="immutable"):
        connection.exec_driver_sql(statement)
    assert held(store) == before


@only_sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO content SELECT sha256, x'00' FROM content",
        "REPLACE INTO version SELECT * FROM version",
    ],
)
def test_nothing_kept_can_be_replaced(store: Store, tmp_path: Path, statement: str):
    test_nothing_kept_can_be_changed_or_removed(store, tmp_path, statement)


@only_postgres
@pytest.mark.parametrize("table", ["version", "content", "journal_entry", "decision_entry"])
def test_nothing_kept_can_be_truncated(store: Store, tmp_path: Path, table: str):
    test_nothing_kept_can_be_changed_or_removed(store, tmp_path, f"TRUNCATE {table} CASCADE")


@only_sqlite
def test_every_connection_is_careful(store: Store):
    asked = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
    with store._database.read() as connection:
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["delete", 3, 1, 0, 10000]


@only_sqlite
def test_a_database_in_another_journal_mode_is_brought_back(store: Store, tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "看板.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    published(opened(tmp_path), SMALL, "2025-04-30")
    with closing(sqlite3.connect(tmp_path / "看板.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_newer_schema_is_refused_and_left_alone(store: Store, tmp_path: Path):
    stored_schema(tmp_path, schema.NUMBER + 1)
    before = rows(tmp_path / "看板.db")
    with pytest.raises(StoreUnusable, match="更新版本的产品"):
        opened(tmp_path)
    assert rows(tmp_path / "看板.db") == before


@only_sqlite
def test_an_older_schema_is_migrated_after_a_backup(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    published(store, SMALL, "2025-04-30")
    stored_schema(tmp_path, schema.NUMBER - 1)
    steps = lambda connection: connection.exec_driver_sql("CREATE TABLE later (id INTEGER) STRICT")  # noqa: E731
    monkeypatch.setitem(schema.MIGRATIONS, schema.NUMBER - 1, steps)
    assert opened(tmp_path).verify() == ()
    (backup,) = tmp_path.glob(f"看板.db.schema-{schema.NUMBER - 1}-*")
    assert tables(tmp_path / "看板.db") - tables(backup) == {"later"}
    assert held(opened(tmp_path)) == held(store)


@only_sqlite
def test_a_migration_that_fails_leaves_the_older_schema(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fails(connection: sa.Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE later (id INTEGER) STRICT")
        raise RuntimeError

    stored_schema(tmp_path, schema.NUMBER - 1)
    monkeypatch.setitem(schema.MIGRATIONS, schema.NUMBER - 1, fails)
    with pytest.raises(RuntimeError):
        opened(tmp_path)
    assert "later" not in tables(tmp_path / "看板.db")


def test_a_schema_too_old_to_migrate_is_refused(store: Store, tmp_path: Path):
    stored_schema(tmp_path, 0)
    with pytest.raises(StoreUnusable, match="太旧"):
        opened(tmp_path)


@pytest.mark.parametrize("statement", ["DELETE FROM schema_number", "INSERT INTO schema_number VALUES (1)"])
def test_a_store_that_does_not_tell_its_schema_is_damaged(store: Store, tmp_path: Path, statement: str):
    with behind(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql(statement)
    with pytest.raises(StoreDamaged):
        opened(tmp_path)


@only_sqlite
def test_another_program_s_database_is_refused_and_left_alone(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "看板.db")) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    with pytest.raises(StoreUnusable, match="别的程序"):
        opened(tmp_path)
    assert tables(tmp_path / "看板.db") == {"theirs"}


@only_sqlite
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path):
    (tmp_path / "看板.db").write_bytes(xlsx(FORM))
    with pytest.raises(StoreDamaged, match="restore"):
        opened(tmp_path)
    assert (tmp_path / "看板.db").read_bytes() == xlsx(FORM)


@only_sqlite
@pytest.mark.parametrize(
    "address", ["", "看板.db", "sqlite://", "sqlite:///:memory:", "postgresql://somewhere", "mysql://somewhere/x"]
)
def test_an_address_that_is_no_file_is_refused_with_one_that_works(address: str):
    with pytest.raises(StoreUnusable, match="sqlite:///"):
        Store.open(address)


@only_sqlite
def test_a_place_that_cannot_be_used_is_refused_in_a_sentence(tmp_path: Path):
    (tmp_path / "文件").write_text("x")
    with pytest.raises(StoreUnusable):
        Store.open(url(tmp_path / "文件" / "看板.db"))
    with pytest.raises(StoreUnusable):
        Store.open(url(tmp_path))


@only_sqlite
def test_a_folder_that_is_missing_is_made(tmp_path: Path):
    assert opened(tmp_path / "新" / "文件夹").plans() == ()


@only_sqlite
def test_the_default_place_follows_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = tmp_path / "绩效 考评?#%"
    monkeypatch.setenv("DASHBOARD_HOME", str(home))
    published(Store.open(default_url()), SMALL, "2025-04-30")
    assert [path.name for path in home.iterdir()] == ["dashboard.db"]
    monkeypatch.delenv("DASHBOARD_HOME")
    assert default_url().endswith("/var/dashboard.db")


def test_who_waits_too_long_for_another_writer_is_told_so(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = published(store, SMALL, "2025-04-30")
    monkeypatch.setattr(database, "WAIT", 0.05)
    hurried = opened(tmp_path)
    with store._database.write():
        with pytest.raises(StoreBusy, match="没有变动"):
            hurried.restore(first.id, base=first.id, author="甲", note="", token="二")
        assert hurried.latest(PLAN) == first
    assert hurried.restore(first.id, base=first.id, author="甲", note="", token="二").number == 2


def test_what_was_damaged_on_the_way_to_the_disk_is_not_published(store: Store, tmp_path: Path):
    parts = contents(SMALL, DAY)
    with behind(tmp_path / "看板.db") as connection:
        spoilt = {"sha256": canonical.digest(parts.table), "bytes": b"something else"}
        connection.execute(sa.insert(schema.CONTENT).values(spoilt))
    with pytest.raises(StoreDamaged):
        store._keep(draft(parts, None, "一"))
    assert store.plans() == ()


@only_sqlite
def test_a_record_that_is_stored_otherwise_than_written_is_not_published(store: Store, tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "看板.db")) as connection:
        connection.execute("DROP TRIGGER version_update")
        connection.execute("CREATE TRIGGER meddling AFTER INSERT ON version BEGIN UPDATE version SET note = 'x'; END")
    with pytest.raises(StoreDamaged, match="读回"):
        published(store, SMALL, "2025-04-30")
    assert store.plans() == ()
    assert any("meddling" in fault for fault in store.verify())


def stored_schema(folder: Path, number: int) -> None:
    with behind(folder / "看板.db") as connection:
        connection.execute(sa.update(schema.SCHEMA).values(number=number))


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


# Confirmed targets

PLANTED = Target("amount", ">=", 6000.0, "亩", "造林", 2, 7, 2000.0, "验收单")


def test_confirmed_targets_are_a_new_version_of_the_same_bytes(store: Store):
    first = publish(store, None, "一")
    second = store.confirm(1, (PLANTED,), base=first.id, author="甲", note="确认1-2的量化目标", token="二")
    assert (second.number, second.base, second.sha256) == (2, first.id, first.sha256)
    assert (second.data_date, second.filename, second.note) == (first.data_date, first.filename, "确认1-2的量化目标")
    before, after = store.table(first.id), store.table(second.id)
    assert list(after["targets"]) == [(), (PLANTED,)]
    assert list(after["reported_on"]) == [pd.Timestamp(DAY)] * 2  # its 实际值 is a report
    columns = ["targets", "reported_on"]
    pd.testing.assert_frame_equal(after.drop(columns=columns), before.drop(columns=columns))
    assert store.findings(second.id) == store.findings(first.id)
    assert store.verify() == ()


def test_targets_without_an_actual_are_no_report(store: Store):
    first = publish(store, None, "一")
    second = store.confirm(1, (replace(PLANTED, actual=None),), base=first.id, author="甲", note="", token="二")
    pd.testing.assert_series_equal(store.table(second.id)["reported_on"], store.table(first.id)["reported_on"])


def test_a_row_that_the_table_does_not_have_is_refused_in_a_sentence(store: Store):
    first = publish(store, None, "一")
    with pytest.raises(RowUnknown, match="没有第7号这一行"):
        store.confirm(7, (PLANTED,), base=first.id, author="甲", note="", token="二")
    assert store.versions(PLAN) == (first,)


def test_targets_are_confirmed_on_the_newest_version_and_once_for_a_token(store: Store):
    first = publish(store, None, "一")
    second = store.confirm(0, (PLANTED,), base=first.id, author="甲", note="", token="二")
    assert store.confirm(0, (PLANTED,), base=first.id, author="甲", note="", token="二") == second
    with pytest.raises(StalePublish, match="甲于"):
        store.confirm(0, (), base=first.id, author="乙", note="", token="三")
    assert store.latest(PLAN) == second


def test_a_session_that_has_ended_confirms_nothing(store: Store):
    first = publish(store, None, "一")

    def ended(_connection: sa.Connection) -> str:
        raise DashboardError("登记已过期。")

    with pytest.raises(DashboardError, match="已过期"):
        store.confirm(0, (PLANTED,), base=first.id, author="甲", note="", token="二", session=ended)
    assert store.latest(PLAN) == first


def test_a_changed_alias_keeps_confirmed_targets_and_their_actual(store: Store):
    first = publish(store, None, "一")
    second = store.confirm(0, (PLANTED,), base=first.id, author="甲", note="", token="二")
    plan = replace(store.plan(second.id), aliases=(Alias("造林科", "绿化科", "department", "甲"),))
    third = store.revise(plan, base=second.id, author="甲", note="", token="三")
    assert list(store.table(third.id)["departments"]) == [("绿化科",)] * 2
    assert list(store.table(third.id)["targets"]) == [(PLANTED,), ()]


def test_a_sheet_of_targets_is_published_and_outranks_what_was_confirmed(store: Store):
    first = publish(store, None, "一")
    second = store.confirm(0, (PLANTED,), base=first.id, author="甲", note="", token="二")
    sheet = "序号 | 目标 | 目标值 | 单位 | 实际值\n1-1 | 造林 | 5000 | 亩 | 2100"
    third = publish(store, second.id, "三", content=xlsx(FORM, sheet, names=("考评表", "量化目标")))
    (target,) = store.table(third.id).at[0, "targets"]
    assert (target.value, target.actual) == (5000, 2100)
    assert "target_actual_differs" in {finding.code for finding in store.findings(third.id)}


def test_within_a_moment_no_publish_comes_between_two_questions(store: Store, tmp_path: Path):
    first = publish(store, None, "一")
    with ThreadPoolExecutor(1) as pool:
        with store.moment():
            assert store.head()[0] == first.id
            second = pool.submit(publish, opened(tmp_path), first.id, "二")
            time.sleep(0.5)
            assert store.versions(PLAN) == (first,)
            assert store.head()[0] == first.id
        made = second.result()
        assert store.versions(PLAN) == (made, first)


def test_a_moment_is_one_thread_s_and_one_store_s_own(store: Store, tmp_path: Path):
    other = opened(tmp_path / "另一处")
    with ThreadPoolExecutor(1) as pool, store.moment():
        assert store.versions(PLAN) == ()
        made = publish(other, None, "一")
        assert other.versions(PLAN) == pool.submit(other.versions, PLAN).result() == (made,)
        assert store.versions(PLAN) == ()
