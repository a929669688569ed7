"""Many tables at once: a record of each, what is to happen with it, and publishing that stops for none of them."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data.errors import EditorNeeded
from data.many import batch
from data.many.batch import Asked, Draft, Record
from data.many.intake import Item
from data.many.triage import Verdict, triage
from data.storage.accounts import session_ticket
from data.storage.roster import Expected, Roster
from data.store import StalePublish, Store
from data.versions import Version
from tests.drawing import xlsx
from tests.servers import PASSWORD
from tests.stores import opened

DAY = date(2025, 10, 31)
HEAD = "序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 全年完成情况 | 完成进度\n"
ROWS = """
1-1 | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林2000亩 | 40%
1-2 | 防火培训   | 3 | 11月底前 | 防火科 | 办了一半     | 50%
"""


def table(unit: str = "示例市林业局", year: str = "2025", rows: str = ROWS, day: str = "") -> bytes:
    line = f"参评单位：{unit}\n" if unit else ""
    told = f"数据截至：{day}\n" if day else ""
    return xlsx(f"{year}年度绩效目标考评表\n{line}{told}{HEAD}{rows}")


def records(store: Store, *files: tuple[str, bytes], **said: object) -> list[Record]:
    asked = [Asked(Item(path, content), **said) for path, content in files]  # type: ignore[arg-type]  # a test's own
    found = dict(batch.read_all(store, asked))
    return [found[at] for at in range(len(files))]


def draft(content: bytes, token: str, plan: str = "示例市林业局 2025", base: int | None = None) -> Draft:
    return Draft(plan, Item(f"{token}.xlsx", content), base, DAY, "", token)


def publish(store: Store, *drafts: Draft) -> list[object]:
    came = dict(batch.publish_all(store, drafts, author="王小样"))
    return [came[at] for at in range(len(drafts))]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened(tmp_path)


def test_a_record_says_what_the_file_would_become(store: Store) -> None:
    (record,) = records(store, ("一组/林业局.xlsx", table(day="2025-10-31")))
    assert (record.unit, record.year, record.plan, record.number) == ("示例市林业局", 2025, "示例市林业局 2025", 1)
    assert (record.rows, record.points, record.data_date, record.blocking) == (2, 7, DAY, 0)
    assert record.check == sum(finding.severity == "check" for finding in record.findings) > 0


def test_a_bad_file_costs_a_sentence_and_holds_up_none_of_the_others(store: Store) -> None:
    good, cut, refused, other = records(
        store,
        ("好.xlsx", table()),
        ("断.xlsx", table()[:900]),
        ("图.xlsx", b"\x89PNG"),
        ("水利.xlsx", table("示例市水利局")),
    )
    assert [good.plan, other.plan] == ["示例市林业局 2025", "示例市水利局 2025"]
    assert "“断.xlsx”已损坏" in cut.refused
    assert "“图.xlsx”是图片" in refused.refused


def test_what_the_taking_refused_is_told_without_reading(store: Store) -> None:
    found = dict(batch.read_all(store, [Asked(Item("锁.xlsx", b"", "“锁.xlsx”设有打开密码。"))]))
    assert found[0].refused == "“锁.xlsx”设有打开密码。"


def test_a_padded_name_is_the_unit_that_is_known(store: Store) -> None:
    first = publish(store, draft(table(), "一"))[0]
    (record,) = records(store, ("十月.xlsx", table("示例市 林业　局", rows=ROWS.replace("40%", "60%"))))
    assert (record.plan, record.base, record.number, record.near) == ("示例市林业局 2025", first, 2, "")


def test_a_name_that_is_almost_a_known_one_s_is_told(store: Store) -> None:
    city = Roster((Expected("示例市第一中学"), Expected("示例市林业局")))
    store.keep_roster(city, author="王小样", token="名单")
    near = [
        record.near
        for record in records(
            store,
            ("1.xlsx", table("示例市林叶局")),
            ("2.xlsx", table("林业局")),
            ("3.xlsx", table("示例市第二中学")),
            ("4.xlsx", table("示例市林业局", "2024")),
        )
    ]
    assert near == ["示例市林业局", "示例市林业局", "", ""]


def test_the_year_of_a_folder_counts_where_the_table_says_none(store: Store) -> None:
    (of_folder, of_table) = records(store, ("2024年度/表.xlsx", table(year="")), ("2024年度/新.xlsx", table()))
    assert (of_folder.plan, of_table.plan) == ("示例市林业局 2024", "示例市林业局 2025")


def test_who_is_not_named_is_found_by_the_list_s_file_name_or_asked(store: Store) -> None:
    store.keep_roster(Roster((Expected("示例市水利局", "一组", "表二.xls"),)), author="王小样", token="名单")
    content = table("")
    nobody, listed = records(store, ("表一.xlsx", content), ("收/表二.xlsx", content))
    assert (nobody.plan, nobody.year, listed.plan, listed.listed) == ("", 2025, "示例市水利局 2025", True)
    (said,) = records(store, ("表一.xlsx", content), unit="示例市教育局")
    assert (said.plan, said.listed) == ("示例市教育局 2025", False)
    assert triage([nobody, said], None) == (Verdict("unnamed"), Verdict("asked", ("copied", "unlisted"), (), 0))


def test_a_next_version_tells_its_base_and_the_targets_that_it_changes(store: Store) -> None:
    first = publish(store, draft(table(), "一"))[0]
    (record,) = records(store, ("新.xlsx", table(rows=ROWS.replace("| 4 |", "| 5 |").replace("40%", "30%"))))
    assert (record.base, record.same, record.targets) == (first, None, 1)
    assert {"progress_fell", "target_changed"} <= {finding.code for finding in record.findings}


def test_the_newest_version_s_own_bytes_are_no_new_version_and_an_older_one_s_are_asked_about(store: Store) -> None:
    old, new = table(), table(rows=ROWS.replace("40%", "60%"))
    first = publish(store, draft(old, "一"))[0]
    assert isinstance(first, Version)
    second = publish(store, draft(new, "二", base=first.id))[0]
    found = records(store, ("旧.xlsx", old), ("新.xlsx", new))
    assert [record.same for record in found] == [first, second]
    assert [verdict.state for verdict in triage(found, DAY)] == ["asked", "unchanged"]
    assert triage(found, DAY)[0].asks == ("older",)


def test_a_stale_one_stops_none_of_the_others(store: Store) -> None:
    stale, good = publish(
        store, draft(table(), "一", base=77), draft(table("示例市水利局"), "二", plan="示例市水利局 2025")
    )
    assert isinstance(stale, StalePublish)
    assert isinstance(good, Version)
    assert store.plans() == ("示例市水利局 2025",)


def test_publishing_again_what_was_on_its_way_gives_the_same_versions(store: Store) -> None:
    drafts = [draft(table(), "一"), draft(table("示例市水利局"), "二", plan="示例市水利局 2025")]
    overtaken = batch.publish_all(store, drafts, author="王小样")
    next(overtaken)
    threads = [threading.Thread(target=overtaken.close)]  # type: ignore[attr-defined]  # a generator
    threads[0].start()
    again = publish(store, *drafts)
    threads[0].join()
    assert all(isinstance(version, Version) for version in again)
    assert [len(store.versions(each.plan)) for each in drafts] == [1, 1]
    assert publish(store, *drafts) == again


def test_a_draft_whose_own_version_was_faster_is_that_version(store: Store) -> None:
    content = table()
    (first,) = publish(store, draft(content, "一"))
    (again,) = publish(store, draft(content, "另一个标记"))
    assert again == first


def test_who_is_no_editor_publishes_nothing(store: Store) -> None:
    store.accounts.add("王小样", PASSWORD, "测试")
    signed = store.accounts.sign_in("王小样", PASSWORD, address="127.0.0.1")
    session = store.accounts.guard(session_ticket(signed.token))
    store.accounts.disable("王小样", "测试")
    came = dict(batch.publish_all(store, [draft(table(), "一")], author="王小样", session=session))
    assert isinstance(came[0], EditorNeeded)
    assert store.plans() == ()


def test_stopping_early_keeps_what_was_read(store: Store) -> None:
    reading: Iterator[tuple[int, Record]] = batch.read_all(
        store, [Asked(Item(f"{at}.xlsx", table())) for at in range(9)]
    )
    first = next(reading)[1]
    reading.close()  # type: ignore[attr-defined]  # a generator
    assert first.plan == "示例市林业局 2025"
    assert list(reading) == []


# What is to happen with each


READY = Record("甲", unit="示例市林业局", year=2025, plan="示例市林业局 2025", rows=2, points=7.0)
BASE = Version(1, READY.plan, 1, None, DAY, "某人", "", "旧.xlsx", "旧", None)  # type: ignore[arg-type]  # no moment is asked


def test_two_files_of_one_plan_are_rivals_and_neither_is_ready() -> None:
    other = replace(READY, sha256="乙")
    blocked = replace(READY, sha256="丙", blocking=1)
    assert triage([READY, other, blocked], DAY) == (
        Verdict("asked", ("rivals",), (1, 2)),
        Verdict("asked", ("rivals",), (0, 2)),
        Verdict("blocked"),
    )


def test_the_same_file_twice_is_published_once_and_the_newest_version_s_own_file_is_no_rival() -> None:
    unchanged = replace(READY, sha256="乙", base=BASE, same=BASE)
    assert [verdict.state for verdict in triage([READY, READY, unchanged], DAY)] == ["ready", "repeated", "unchanged"]


@pytest.mark.parametrize(
    ("said", "ask"),
    [
        ({"incomplete": "少30分。"}, "incomplete"),
        ({"targets": 2}, "targets"),
        ({"base": BASE, "data_date": date(2025, 9, 30)}, "backwards"),
        ({"near": "示例市林叶局"}, "near"),
        ({"listed": False}, "unlisted"),
    ],
)
def test_what_a_person_must_confirm_is_asked(said: dict[str, object], ask: str) -> None:
    record = replace(READY, **said)  # type: ignore[arg-type]  # by its names
    assert triage([record], DAY) == (Verdict("asked", (ask,)),)  # type: ignore[arg-type]  # one of Ask


def test_years_of_one_unit_are_plans_of_their_own() -> None:
    other = replace(READY, sha256="乙", year=2024, plan="示例市林业局 2024")
    assert [verdict.state for verdict in triage([READY, other], DAY)] == ["ready", "ready"]
