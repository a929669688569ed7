"""data.storage.roster: the city's list of units, read from what people have, kept, and matched with what came."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from data import WorkbookRejected
from data.errors import EditorNeeded, StoreDamaged
from data.serving import Rescued, Served
from data.serving import opened as served
from data.storage import roster, schema
from data.storage.journal import Entry
from data.storage.roster import Expected, Roster, places, read_roster
from data.store import Store
from data.versions import Listed
from tests.drawing import cells, xlsx
from tests.stores import PLAN, SMALL, behind, only_sqlite, opened, published, tampering, url

FILE = "看板.db"
LIST = """
2025年市直单位参评名单
序号 | 参评单位     | 组别       | 应报文件
1    | 示例市林业局 | 经济发展组 | 林业局.xlsx
2    | 示例市水利局 | ^          | _
3    | 示例市档案馆 | 党群政法组 | 档案馆.xlsx
"""
READ = (
    Expected("示例市林业局", "经济发展组", "林业局.xlsx"),
    Expected("示例市水利局", "经济发展组", ""),
    Expected("示例市档案馆", "党群政法组", "档案馆.xlsx"),
)


def as_csv(drawing: str) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows([["" if text in "^_" else text for text in line] for line in cells(drawing)])
    return target.getvalue().encode("gb18030")


def read(drawing: str) -> tuple[Expected, ...]:
    return read_roster(xlsx(drawing), "名单.xlsx").units


# Reading


def test_a_list_is_read_by_the_words_of_its_header_and_merged_groups_count_for_each_unit():
    assert read_roster(xlsx(LIST), "某处/参评名单.xlsx") == Roster(READ, "参评名单.xlsx")
    assert Roster(READ).groups == ("经济发展组", "党群政法组")


def test_a_text_file_has_no_merged_cells_so_a_blank_group_is_none():
    units = read_roster(as_csv(LIST), "名单.csv").units
    assert [each.group for each in units] == ["经济发展组", "", "党群政法组"]


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("单位 | 组别 | 文件名", Expected("甲局", "一组", "甲.xlsx")),
        ("单位名称（全称） | 分组 | 应报文件名", Expected("甲局", "一组", "甲.xlsx")),
        ("参评单位 | 类别 | 备注", Expected("甲局", "一组", "")),
        ("单 位 | 联系人 | 文件名称", Expected("甲局", "", "甲.xlsx")),
    ],
)
def test_the_header_s_words_may_differ_and_other_columns_are_left_alone(header: str, wanted: Expected):
    assert read(f"{header}\n甲局 | 一组 | 甲.xlsx") == (wanted,)


def test_a_unit_alone_is_enough():
    assert read("单位\n甲局\n乙局") == (Expected("甲局"), Expected("乙局"))


def test_padded_names_lose_their_blanks_and_blank_lines_and_repeated_headers_are_no_units():
    assert read("单位 | 组别\n 甲　局 | 一 组\n_ | _\n单位 | 组别\n乙局 | /") == (
        Expected("甲局", "一组"),
        Expected("乙局"),
    )


def test_the_first_visible_sheet_with_a_header_is_read():
    assert read_roster(xlsx("说明\n按组填报", "单位\n甲局"), "名单.xlsx").units == (Expected("甲局"),)


@pytest.mark.parametrize(
    ("drawing", "code", "told"),
    [
        ("名称 | 电话\n甲局 | 无", "roster_header", "找不到写着“单位”（或参评单位）的表头"),
        ("单位 | 组别", "roster_empty", "没有一个单位"),
        ("单位 | 组别\n甲局 | 一组\n乙局 | 一组\n甲 局 | 二组", "roster_twice", "“甲局”写了两次：A2和A4"),
        ("单位 | 组别\n甲局 | 一组\n_ | 二组", "roster_no_unit", "A3没有写单位"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_the_cell_and_the_way_out(drawing: str, code: str, told: str):
    with pytest.raises(WorkbookRejected, match=r"名单\.xlsx") as refused:
        read_roster(xlsx(drawing), "名单.xlsx")
    assert refused.value.code == code
    assert told in str(refused.value)
    assert "再上传" in str(refused.value)


def test_full_and_half_width_brackets_are_one_name():
    with pytest.raises(WorkbookRejected, match="写了两次"):
        read("单位\n甲局（本级）\n甲局(本级)")


def test_what_is_no_table_is_refused_in_words_about_a_list():
    with pytest.raises(WorkbookRejected) as refused:
        read_roster(b"", "名单.xlsx")
    assert "单位名单" in str(refused.value)
    assert "考评表" not in str(refused.value)


def test_private_numbers_and_invisible_characters_are_not_kept():
    (unit,) = read("单位 | 组别\n甲\u202e局 | 联系13905951234")
    assert unit == Expected("甲局", "联系139****1234")


# Matching


def listed(unit: str, year: int, newest: int = 1) -> Listed:
    return Listed(f"{unit} {year}", unit, year, False, newest)


def test_each_unit_of_the_list_has_its_plan_of_the_year_or_is_missing_and_the_others_follow():
    plans = [listed("示例市 档案馆", 2025), listed("示例市林业局", 2024), listed("示例市体育局", 2025)]
    found = places(Roster(READ), plans, 2025)
    assert [(each.expected.unit, each.plan, each.listed) for each in found] == [
        ("示例市林业局", None, True),
        ("示例市水利局", None, True),
        ("示例市档案馆", plans[0], True),
        ("示例市体育局", plans[2], False),
    ]
    assert found[2].expected.group == "党群政法组"


def test_without_a_list_every_plan_of_the_year_stands_in_one_group():
    plans = [listed("甲局", 2025), listed("乙局", 2025), listed("丙局", 2026)]
    found = places(None, plans, 2025)
    assert [(each.plan, each.expected.group, each.listed) for each in found] == [
        (plan, "", False) for plan in plans[:2]
    ]


def test_two_plans_of_one_unit_and_year_both_stand_there():
    plans = [replace(listed("甲局", 2025), name="甲局 试 2025"), listed("甲局", 2025)]
    assert {each.plan for each in places(Roster((Expected("甲局"),)), plans, 2025)} == set(plans)


# Keeping


@pytest.fixture
def store(tmp_path: Path, database: str) -> Store:
    return opened(tmp_path)


def kept(store: Store, token: str = "一", *units: Expected, **more: object) -> Roster:
    made = Roster(units or READ, "名单.xlsx")
    return store.keep_roster(made, author="甲", token=token, **more)  # type: ignore[arg-type]


def test_there_is_no_list_until_one_is_uploaded_and_then_the_newest_counts(store: Store):
    assert store.roster() is None
    kept(store)
    assert store.roster() == Roster(READ, "名单.xlsx")
    newer = kept(store, "二", Expected("示例市气象局", "一组", "表‹1›.xlsx"))
    assert opened_again(store).roster() == newer
    assert store.verify() == ()


def opened_again(store: Store) -> Store:
    return type(store)(store._database)


def test_the_same_token_twice_keeps_one_list(store: Store):
    first = kept(store)
    assert kept(store, "一", Expected("示例市气象局")) == first
    assert store.roster() == first
    assert store.accounts.journal_length() == 1


def test_a_list_is_an_editor_s_act_and_stands_in_the_journal(store: Store):
    def ended(_connection: sa.Connection) -> str:
        raise EditorNeeded

    kept(store, session=lambda connection: "乙")
    with pytest.raises(EditorNeeded):
        kept(store, "二", Expected("示例市气象局"), session=ended)
    assert store.roster() == Roster(READ, "名单.xlsx")
    entries = [replace(each, at=None) for each in store.accounts.journal(0, 5)]
    assert entries == [
        Entry("keep_roster", "甲", "名单.xlsx", "EditorNeeded"),
        Entry("keep_roster", "乙", "名单.xlsx，3个单位"),
    ]


def test_a_list_neither_lengthens_nor_changes_the_versions(store: Store):
    published(store, SMALL, "2025-04-30")
    before = store.head(), store.versions(PLAN)
    kept(store)
    assert (store.head(), store.versions(PLAN)) == before


def test_a_changed_value_of_any_list_is_found(store: Store, tmp_path: Path):
    kept(store)
    kept(store, "二", Expected("示例市气象局"))
    table, noticed = schema.ROSTER, []
    with tampering(tmp_path / FILE) as connection:
        for column in table.c:
            other = column + 7 if column.name == "id" else column + "0"
            changing = connection.begin_nested()
            connection.execute(sa.update(table).where(table.c.id == 2).values({column: other}))
            noticed += [column.name] if list(roster.faults(connection)) else []
            changing.rollback()
        assert list(roster.faults(connection)) == []
    assert noticed == [column.name for column in table.c]


def test_a_removed_list_is_found_where_another_follows(store: Store, tmp_path: Path):
    kept(store)
    kept(store, "二", Expected("示例市气象局"))
    with tampering(tmp_path / FILE) as connection:
        connection.execute(sa.delete(schema.ROSTER).where(schema.ROSTER.c.id == 1))
    assert store.verify() != ()


@pytest.mark.parametrize("statement", ["UPDATE roster SET units = '[]'", "DELETE FROM roster"])
def test_a_list_cannot_be_changed_or_removed(store: Store, tmp_path: Path, statement: str):
    kept(store)
    with behind(tmp_path / FILE) as connection, pytest.raises(sa.exc.DBAPIError, match="immutable"):
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("column", ["units", "filename", "chain"])
def test_a_list_that_was_changed_is_never_shown(store: Store, tmp_path: Path, column: str):
    kept(store)
    with tampering(tmp_path / FILE) as connection:
        connection.execute(sa.update(schema.ROSTER).values({column: schema.ROSTER.c[column] + " "}))
    with pytest.raises(StoreDamaged, match="单位名单与写入时不一致"):
        store.roster()


# Behind the pages


@only_sqlite
def test_a_served_list_is_backed_up_and_shown_while_the_database_is_away(
    store: Store, tmp_path: Path, gone: Callable[[Path], None]
):
    running = served(url(tmp_path / FILE), ())
    assert isinstance(running, Served)
    kept(running)
    running.backups.finish()
    assert running.roster() == Roster(READ, "名单.xlsx")
    assert opened(running.backups.made()[0].parent, running.backups.made()[0].name).roster() == running.roster()
    gone(tmp_path / FILE)
    assert running.roster() == Roster(READ, "名单.xlsx")


@pytest.fixture
def gone() -> Callable[[Path], None]:
    return lambda path: path.rename(path.with_name("away")) and None


@only_sqlite
def test_a_damaged_list_is_not_shown_and_the_versions_are(store: Store, tmp_path: Path):
    published(store, SMALL, "2025-04-30")
    kept(store)
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content.replace('示例市林业局",'.encode(), '示例市林业局"]'.encode()))
    found = served(url(tmp_path / FILE), ())
    assert isinstance(found, Rescued)
    assert found.roster() is None
    assert [each.name for each in found.listed()] == [PLAN]
