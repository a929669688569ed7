"""The shipped plans answer what the pages ask of versions."""

import pytest

from data.plan import shipped
from data.versions import ShippedVersions

NOTICE, EXAMPLE = "泉州市商务局 2025", "示例市商务局 2025"


@pytest.fixture(scope="module")
def versions() -> ShippedVersions:
    return ShippedVersions()


def test_the_notice_stands_first_and_the_example_after_it(versions: ShippedVersions) -> None:
    assert versions.plans() == (NOTICE, EXAMPLE)


def test_versions_stand_newest_first_and_each_knows_its_base(versions: ShippedVersions) -> None:
    numbers = [version.number for version in versions.versions(EXAMPLE)]
    assert numbers == [5, 4, 3, 2, 1]
    newest, before, *_ = versions.versions(EXAMPLE)
    assert newest.base == before.id
    assert versions.latest(EXAMPLE) == newest
    assert versions.latest("没有这个方案 2025") is None


def test_the_notice_reads_to_46_serials_45_weights_and_70_points(versions: ShippedVersions) -> None:
    latest = versions.latest(NOTICE)
    assert latest is not None
    table = versions.table(latest.id)
    assert (table["serial"].nunique(), int(table["weight"].notna().sum()), table["weight"].sum()) == (46, 45, 70)
    assert (table["completion"] == "").all()
    assert table["reported_on"].isna().all()


def test_every_version_of_the_example_is_worth_exactly_100_points(versions: ShippedVersions) -> None:
    for version in versions.versions(EXAMPLE):
        assert versions.table(version.id)["weight"].sum() == pytest.approx(100, abs=1e-9)


def test_a_report_left_blank_is_carried_over_with_the_date_it_was_made(versions: ShippedVersions) -> None:
    tables = {version.number: (version, versions.table(version.id)) for version in versions.versions(EXAMPLE)}
    version, table = tables[4]
    carried = table[(table["reported_on"] < str(version.data_date)) & (table["completion"] != "")]
    before = tables[3][1].set_index("serial")["completion"]
    assert len(carried) >= 3
    assert (carried["completion"] == before.reindex(carried["serial"]).to_numpy()).all()


def test_without_the_example_only_the_notice_is_left() -> None:
    real = tuple(plan for plan in shipped() if not plan.example)
    assert ShippedVersions(real).plans() == (NOTICE,)


def test_an_unknown_version_is_a_key_error(versions: ShippedVersions) -> None:
    with pytest.raises(KeyError):
        versions.version(999)
