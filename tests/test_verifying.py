"""data.storage.verifying: whatever is no longer as it was published is found."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.storage import keeping, schema
from data.storage.roster import Expected, Roster
from data.store import Store, recover
from scoring.errors import DashboardError
from tests.stores import OTHER, PLAN, SMALL, held, only_sqlite, opened, published, rows, tampering, url

pytestmark = pytest.mark.usefixtures("database")

FLIPS = 60


@pytest.fixture(scope="module")
def three_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("三版")
    store = opened(folder)
    published(store, SMALL, "2025-04-30")
    published(store, SMALL, "2025-04-30", plan=OTHER)
    published(store, SMALL.replace("已造林2000亩", "已造林3000亩"), "2025-06-30")
    store.keep_roster(Roster((Expected("示例市林业局", "第一组"), Expected("示例市水利局"))), author="甲", token="单位")
    return folder / "看板.db"


@pytest.fixture
def store(three_versions: Path, tmp_path: Path) -> Store:
    recover(three_versions, url(tmp_path / "看板.db"))
    return opened(tmp_path)


def test_an_untouched_store_is_well(store: Store):
    assert store.verify() == ()


def test_an_empty_store_is_well(tmp_path: Path):
    assert opened(tmp_path, "空.db").verify() == ()


@pytest.mark.parametrize("version", [1, 3])
@pytest.mark.parametrize("column", [column.name for column in schema.VERSION.c])
def test_a_changed_value_of_any_version_is_found(store: Store, tmp_path: Path, column: str, version: int):
    changed = "9" if column in ("id", "number", "base") else f"{column} || '0'"
    with tampering(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql(f"UPDATE version SET {column} = {changed} WHERE id = {version}")
    assert store.verify() != ()


@pytest.mark.parametrize("part", schema.PARTS)
def test_a_changed_byte_of_any_content_is_found_and_never_shown(store: Store, tmp_path: Path, part: str):
    with tampering(tmp_path / "看板.db") as connection:
        named = sa.select(schema.VERSION.c[f"{part}_sha256"]).where(schema.VERSION.c.id == 3).scalar_subquery()
        content = connection.execute(sa.select(schema.CONTENT).where(schema.CONTENT.c.sha256 == named)).one()
        spoilt = content.bytes[:-1] + b"!"
        connection.execute(sa.update(schema.CONTENT).where(schema.CONTENT.c.sha256 == named).values(bytes=spoilt))
    assert any(f"的{part}内容" in fault for fault in store.verify())
    with pytest.raises(DashboardError):
        getattr(store, part)(3)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_removed_version_is_found(store: Store, tmp_path: Path, version: int):
    with tampering(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql(f"DELETE FROM version WHERE id = {version}")
    assert store.verify() != ()


def test_removed_content_is_found(store: Store, tmp_path: Path):
    with tampering(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql("DELETE FROM content WHERE sha256 = (SELECT table_sha256 FROM version WHERE id = 1)")
    assert store.verify() != ()


@only_sqlite
@pytest.mark.parametrize("column", [column.name for column in schema.VERSION.c])
def test_a_value_of_another_kind_is_found_and_never_shown(store: Store, tmp_path: Path, column: str):
    with tampering(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql("CREATE TABLE loose AS SELECT * FROM version")
        connection.exec_driver_sql("DROP TABLE version")
        connection.exec_driver_sql("ALTER TABLE loose RENAME TO version")
        connection.exec_driver_sql(f"UPDATE version SET {column} = x'ff' WHERE number = 2")
    assert store.verify() != ()
    with pytest.raises((DashboardError, KeyError)):
        store.version(3)


def test_two_versions_that_changed_places_are_found(store: Store, tmp_path: Path):
    with tampering(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql("UPDATE version SET id = -id WHERE id < 3")
        connection.exec_driver_sql("UPDATE version SET id = 3 + id WHERE id < 0")
    assert store.verify() != ()


def test_a_forged_chain_of_one_version_breaks_at_the_next(store: Store, tmp_path: Path):
    with tampering(tmp_path / "看板.db") as connection:
        forged = sa.update(schema.VERSION).where(schema.VERSION.c.id == 1)
        connection.execute(forged.values(note="改过"))
        row = connection.execute(sa.select(schema.VERSION).where(schema.VERSION.c.id == 1)).mappings().one()
        connection.execute(forged.values(chain=keeping.chained("", row)))
    assert [fault for fault in store.verify() if "第2号版本" in fault and "校验链" in fault]


@only_sqlite
@pytest.mark.parametrize("trigger", sorted(schema.TRIGGERS))
def test_a_removed_protection_is_found(store: Store, tmp_path: Path, trigger: str):
    with closing(sqlite3.connect(tmp_path / "看板.db")) as connection:
        connection.execute(f"DROP TRIGGER {trigger}")
        connection.commit()
    assert [fault for fault in store.verify() if trigger in fault]


def test_the_head_tells_count_and_newest_chain(store: Store, tmp_path: Path):
    chains = [version[-1] for version in rows(tmp_path / "看板.db")["version"]]
    assert store.head() == (3, chains[-1])
    assert len(set(chains)) == 3
    assert opened(tmp_path, "空.db").head() == (0, "")


def outcome(path: Path) -> tuple[str, dict[int, tuple[object, ...]]]:
    """Return what verify says of a file, and what the store gives away where it says nothing."""
    try:
        store = Store.open(f"sqlite:///{path}")
        faults = store.verify()
        return ("faults", {}) if faults else ("well", given(store))
    except DashboardError:
        return "refused", {}


def given(store: Store) -> dict[int, tuple[object, ...]]:
    """Return everything that a store gives away, what is about no single version under 0."""
    return held(store) | {0: (store.summaries(), store.roster())}


def flipped(content: bytes, choose: random.Random) -> bytes:
    place = choose.choice([place for place, byte in enumerate(content) if byte])  # much of a small file is empty
    return content[:place] + bytes([content[place] ^ 1 << choose.randrange(8)]) + content[place + 1 :]


def torn(content: bytes, choose: random.Random) -> bytes:
    page = 4096 * choose.randrange(len(content) // 4096)
    return content[:page] + bytes(4096) + content[page + 4096 :]


def cut(content: bytes, choose: random.Random) -> bytes:
    return content[: choose.randrange(len(content))]


def undetected(store: Store, folder: Path, damage: Callable[[bytes, random.Random], bytes], runs: int) -> list[int]:
    """Return the seeds of the damages that changed something kept, and that nobody noticed."""
    sound, choose = (folder / "看板.db").read_bytes(), random.Random(7)
    expected, missed, seen = given(store), [], set()
    for run in range(runs):
        (folder / "伤.db").write_bytes(damage(sound, choose))
        said, kept = outcome(folder / "伤.db")
        seen.add(said)
        missed += [run] if said == "well" and kept != expected else []
    assert seen & {"faults", "refused"}
    return missed


@only_sqlite
@pytest.mark.parametrize("damage", [flipped, torn, cut])
def test_damage_to_the_file_is_found_or_changes_nothing(
    store: Store, tmp_path: Path, damage: Callable[[bytes, random.Random], bytes]
):
    assert undetected(store, tmp_path, damage, FLIPS if damage is flipped else FLIPS // 4) == []


@only_sqlite
@pytest.mark.proof
def test_a_thousand_and_more_flipped_bits_are_found_or_change_nothing(store: Store, tmp_path: Path):
    assert undetected(store, tmp_path, flipped, 20 * FLIPS) == []


def test_verify_goes_on_beside_a_writer(store: Store, tmp_path: Path):
    with suppress(InterruptedError), opened(tmp_path)._database.write() as connection:
        connection.execute(sa.insert(schema.CONTENT).values(sha256="x", bytes=b"0"))
        assert store.verify() == ()
        raise InterruptedError
    assert published(store, SMALL, "2025-08-31", plan=PLAN).number == 3
