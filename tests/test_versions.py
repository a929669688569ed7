"""The plans that ship, as the first start publishes them."""

import pytest

from data.store import Store

NOTICE, EXAMPLE = "泉州市商务局 2025", "示例市商务局 2025"


def test_the_notice_stands_first_and_the_example_after_it(shipped_store: Store) -> None:
    assert shipped_store.plans() == (NOTICE, EXAMPLE)


def test_versions_stand_newest_first_and_each_knows_its_base(shipped_store: Store) -> None:
    numbers = [version.number for version in shipped_store.versions(EXAMPLE)]
    assert numbers == [5, 4, 3, 2, 1]
    newest, before, *_ = shipped_store.versions(EXAMPLE)
    assert newest.base == before.id
    assert shipped_store.latest(EXAMPLE) == newest
    assert shipped_store.latest("没有这个方案 2025") is None


def test_the_notice_reads_to_46_serials_45_weights_and_70_points(shipped_store: Store) -> None:
    latest = shipped_store.latest(NOTICE)
    assert latest is not None
    table = shipped_store.table(latest.id)
    assert (table["serial"].nunique(), int(table["weight"].notna().sum()), table["weight"].sum()) == (46, 45, 70)
    assert (table["completion"] == "").all()
    assert table["reported_on"].isna().all()


def test_every_version_of_the_example_is_worth_exactly_100_points(shipped_store: Store) -> None:
    for version in shipped_store.versions(EXAMPLE):
        assert shipped_store.table(version.id)["weight"].sum() == pytest.approx(100, abs=1e-9)


def test_a_report_left_blank_is_carried_over_with_the_date_it_was_made(shipped_store: Store) -> None:
    tables = {version.number: (version, shipped_store.table(version.id)) for version in shipped_store.versions(EXAMPLE)}
    version, table = tables[4]
    carried = table[(table["reported_on"] < str(version.data_date)) & (table["completion"] != "")]
    before = tables[3][1].set_index("serial")["completion"]
    assert len(carried) >= 3
    assert (carried["completion"] == before.reindex(carried["serial"]).to_numpy()).all()


def test_an_unknown_version_is_a_key_error(shipped_store: Store) -> None:
    with pytest.raises(KeyError):
        shipped_store.version(999)
