"""Bulk scoring says what one process says, to the last digit, whatever the source and whoever does the work."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from data.errors import BulkRefused
from data.many import bulk, bulk_versions, bulk_workbooks, cluster
from data.many.bulk_workbooks import NO_DAY
from data.many.pieces import Spread, alone
from data.plan import TABLES
from data.storage.schema import SUMMARY
from data.store import Store
from scoring import Method, score, summary
from scoring.table import SCORED_COLUMNS, SCORED_FROM, STATUSES, conform
from tests import datasets
from tests.drawing import xlsx
from tests.servers import ROOT, START_SECONDS, free_port, stop
from tests.stores import SMALL, opened, published, tampering, url

DAY = date(2025, 10, 31)
TITLE = "2025年度绩效目标考评表\n参评单位：{}\n数据截至：2025年10月31日\n"
TABLE = """
序号 | 二级指标     | 权重 | 完成时限 | 全年完成情况 | 考评组1 | 考评组2 | 考评组3
1-1  | 造林5000亩   | 4.1  | 12月底前 | 已造林2000亩 | 3.3     | 3.7     | 3.1
1-2  | 抚育1.2万亩  | 3.3  | 10月底前 | 撤回         |         |         |
1-3  | 巡护20次     | 2.7  |          | 已巡护20次   | 2.1     |         |
"""
EXAMPLE = TABLES / "example-commerce-2025-12.xlsx"
VERSIONS = 8
Work = Callable[[Any], Any]


@pytest.fixture(scope="module")
def spread() -> Iterator[Spread]:
    """Two processes with a gigabyte each."""
    with cluster.connected(None, workers=2, memory="1GB") as over:
        yield over


def made(source: object, target: Path, spread: Spread = alone, as_of: date | None = None) -> pd.DataFrame:
    bulk.job(str(source), str(target), as_of).run(spread)
    return pd.read_parquet(target)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with None for NaN, which is not even like itself."""
    return {name: None if value != value else value for name, value in row.items()}


def dying(work: Work, pieces: Sequence[Any]) -> Iterator[tuple[int, None]]:
    """Every process dies over every piece."""
    return ((place, None) for place, _ in enumerate(pieces))


# Workbooks


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workbooks of fictional units, some of them bad, among what systems leave beside them."""
    place = tmp_path_factory.mktemp("各单位")
    (place / "第一组").mkdir()
    (place / "第一组" / "林业.XLSX").write_bytes(xlsx(TITLE.format("示例市林业局") + TABLE))
    (place / "水利2025年8月.xlsx").write_bytes(xlsx(TABLE.replace("4.1", "4.7")))
    shutil.copy(EXAMPLE, place)
    beside = {"坏.xlsx": b"PK\x03\x04broken", "空.csv": b"", "~$林业.xlsx": b"lock", "说明.txt": b"x"}
    for name, content in beside.items():
        (place / name).write_bytes(content)
    return place


@pytest.fixture(scope="module")
def workbooks(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """What one process says of them."""
    return made(folder, tmp_path_factory.mktemp("out") / "alone.parquet")


def test_a_workbook_s_row_is_what_publishing_it_would_keep(
    folder: Path, workbooks: pd.DataFrame, tmp_path: Path
) -> None:
    store = opened(tmp_path)
    rows = workbooks[workbooks["rejected"] == ""]
    assert len(rows) == 3
    for row in rows.itertuples():
        store.publish(
            plan=f"{row.unit or '某单位'} 2025",
            content=(folder / row.path).read_bytes(),
            filename=row.path,
            base=None,
            author="甲",
            data_date=row.data_date,
            note="",
            token=row.path,
        )
        kept = {each.version: each for each in store.summaries()}[store.head()[0]]
        told = {name: getattr(row, name) for name in bulk_workbooks.FROM_SUMMARY}
        assert comparable({name: getattr(kept, name) for name in told}) == comparable(told)


def test_processes_read_a_folder_as_one_does(
    folder: Path, workbooks: pd.DataFrame, spread: Spread, tmp_path: Path
) -> None:
    same(made(folder, tmp_path / "many.parquet", spread), workbooks)


def test_a_bad_workbook_has_its_row_with_the_reason(workbooks: pd.DataFrame) -> None:
    rejected = workbooks[workbooks["rejected"] != ""].set_index("path")
    assert rejected["rejected"].to_dict() == {"坏.xlsx": "damaged", "空.csv": "empty"}
    assert rejected["message"].str.contains("请").all()
    assert rejected["weight"].isna().all()


def test_the_sheet_s_own_date_counts_then_who_asks_then_the_name(folder: Path, tmp_path: Path) -> None:
    given = made(folder, tmp_path / "a.parquet", as_of=date(2025, 9, 30)).set_index("path")
    assert given.loc["第一组/林业.XLSX", ["data_date", "dated_by"]].tolist() == [DAY, "sheet"]
    assert given.loc["水利2025年8月.xlsx", ["data_date", "dated_by"]].tolist() == [date(2025, 9, 30), "as-of"]
    asked = made(folder, tmp_path / "a.parquet").set_index("path")  # where nobody asks any more
    assert asked.loc["水利2025年8月.xlsx", ["data_date", "dated_by"]].tolist() == [date(2025, 8, 31), "name"]


def test_without_a_date_points_by_status_are_unknown(tmp_path: Path) -> None:
    (tmp_path / "表").mkdir()
    (tmp_path / "表" / "水利.xlsx").write_bytes(xlsx(TABLE))
    done = bulk.job(str(tmp_path / "表"), str(tmp_path / "a.parquet")).run(alone)
    (row,) = pd.read_parquet(tmp_path / "a.parquet").to_dict("records")
    assert np.isnan([row[status] for status in STATUSES]).all()
    assert (row["weight"], row["data_date"]) == (pytest.approx(10.1), None)
    assert "--as-of" in done.told


def test_a_second_run_reads_what_is_new_or_has_changed(tmp_path: Path) -> None:
    place, target = tmp_path / "表", tmp_path / "a.parquet"
    place.mkdir()
    for unit in ("甲局", "乙局", "丙局"):
        (place / f"{unit}.xlsx").write_bytes(xlsx(TITLE.format(unit) + TABLE))
    made(place, target)
    (place / "甲局.xlsx").write_bytes(xlsx(TITLE.format("甲局") + TABLE.replace("4.1", "5")))
    (place / "乙局.xlsx").unlink()
    (place / "丁局.xlsx").write_bytes(b"")
    done = bulk.job(str(place), str(target)).run(alone)
    assert "新读2份，1份读不了" in done.told
    same(pd.read_parquet(target), made(place, tmp_path / "fresh.parquet"))


def test_a_run_that_was_broken_off_has_kept_what_it_read(
    folder: Path, workbooks: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_workbooks, "KEPT_AFTER", 2)
    target = tmp_path / "a.parquet"
    left: list[int] = []

    def breaking(work: Work, pieces: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        yield from alone(work, pieces[:3])
        assert len(pd.read_parquet(target)) == 2  # would be there even after a kill
        raise KeyboardInterrupt

    def counted(work: Work, pieces: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        left.append(len(pieces))
        return alone(work, pieces)

    with pytest.raises(KeyboardInterrupt):
        made(folder, target, breaking)
    same(made(folder, target, counted), workbooks)
    assert left == [len(workbooks) - 3]


def test_a_workbook_over_which_processes_die_is_told_and_tried_again(folder: Path, tmp_path: Path) -> None:
    lost = made(folder, tmp_path / "a.parquet", dying)
    assert set(lost["rejected"]) == {"memory"}
    assert set(made(folder, tmp_path / "a.parquet")["rejected"]) == {"", "damaged", "empty"}


# A store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with versions of three plans, more than go into one piece."""
    monkeypatch.setattr(bulk_versions, "AT_ONCE", 3)
    monkeypatch.setattr(bulk_versions, "KEPT_AFTER", 4)
    kept = opened(tmp_path)
    for number in range(1, VERSIONS + 1):
        drawing = SMALL.replace("5000", f"{4900 + number}")
        published(kept, drawing, f"2025-10-{number:02}", plan=f"示例{number % 3}局 2025")
    return kept


@pytest.mark.usefixtures("database")
def test_what_a_change_of_the_rules_left_unscored_is_scored_again(tmp_path: Path, spread: Spread, store: Store) -> None:
    file = tmp_path / "看板.db"
    before = store.summaries()
    with tampering(file) as connection:
        connection.execute(sa.delete(SUMMARY))
    assert store.summaries() == ()
    job = bulk.job(url(file), url(file))
    assert f"新计分{VERSIONS}个版本" in job.run(spread).told
    assert store.summaries() == before
    assert store.verify() == ()
    assert "新计分0个版本" in job.run(spread).told


def test_a_store_s_summaries_go_into_a_file_to_which_new_ones_are_added(tmp_path: Path, store: Store) -> None:
    file, target = tmp_path / "看板.db", tmp_path / "a.parquet"
    first = made(file, target)
    assert first["version"].tolist() == list(range(1, VERSIONS + 1))
    rows = {row["version"]: row for row in first.to_dict("records")}
    for kept in store.summaries():
        assert comparable(rows[kept.version]) == comparable(asdict(kept))
    published(store, SMALL, "2025-11-30", plan="示例0局 2025")
    assert "新计分1个版本" in bulk.job(str(file), str(target)).run(alone).told
    same(pd.read_parquet(target).head(VERSIONS), first)


def test_a_damaged_version_holds_up_none_of_the_others(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "看板.db"
    damage = "UPDATE content SET bytes = zeroblob(9) WHERE sha256 = (SELECT table_sha256 FROM version WHERE id = 6)"
    with tampering(file) as connection:
        connection.exec_driver_sql(damage)
    done = bulk.job(str(file), str(tmp_path / "a.parquet")).run(alone)
    assert len(pd.read_parquet(tmp_path / "a.parquet")) == VERSIONS - 1
    (fault,) = done.faults
    assert "第6号版本" in fault


# A data set


def totals(tables: dict[str, pd.DataFrame], day: date = DAY) -> pd.DataFrame:
    """Return what scoring each plan by itself says."""
    each = [summary.total(score(table, Method.default(), as_of=day)) for table in tables.values()]
    return pd.concat(each).set_axis(pd.Index(list(tables), dtype="str")).sort_index()


def sums(result: pd.DataFrame) -> pd.DataFrame:
    """Return the sums in a result by unit."""
    assert (result["year"] == 2025).all()
    return result[list(summary.COLUMNS)].set_axis(pd.Index(result["unit"].tolist(), dtype="str")).sort_index()


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {f"示例{number}局": datasets.indicators(60 + number, number) for number in range(12)}


@pytest.fixture(scope="module")
def expected(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return totals(tables)


def rows(tables: dict[str, pd.DataFrame], day: date | None = DAY) -> pa.Table:
    return pa.concat_tables([datasets.rows(table, unit, day) for unit, table in tables.items()])


@pytest.mark.parametrize("group", [10_000, 97, 31])
def test_every_plan_of_a_data_set_has_the_total_that_it_has_alone(
    tables: dict[str, pd.DataFrame], expected: pd.DataFrame, group: int, tmp_path: Path
) -> None:
    pq.write_table(rows(tables), tmp_path / "a.parquet", row_group_size=group)
    same(sums(made(tmp_path / "a.parquet", tmp_path / "out.parquet")), expected)


def test_plans_that_lie_scattered_over_files_are_summed_up_in_their_order(
    tables: dict[str, pd.DataFrame], expected: pd.DataFrame, spread: Spread, tmp_path: Path
) -> None:
    turns = np.concatenate([np.arange(len(table)) for table in tables.values()])
    scattered = rows(tables).take(np.argsort(turns, kind="stable"))  # the first rows of all plans, then the second ones
    (tmp_path / "数据" / "b").mkdir(parents=True)
    pq.write_table(scattered.slice(0, 300), tmp_path / "数据" / "a.parquet", row_group_size=64)
    pq.write_table(scattered.slice(300), tmp_path / "数据" / "b" / "c.parquet", row_group_size=101)
    same(sums(made(tmp_path / "数据", tmp_path / "数据" / "out.parquet", spread)), expected)


def test_a_score_depends_on_no_other_columns() -> None:
    table = datasets.indicators(300).assign(basis="依据1号", goal="目标2个", evidence="佐证3份", serial="1-1", row=3.0)
    full, less = (
        score(one, Method.default(), as_of=DAY)[list(SCORED_COLUMNS)]
        for one in (table, conform(table[list(SCORED_FROM)]))
    )
    same(full, less)


def test_rows_without_a_date_are_judged_by_the_one_given_or_by_none(
    tables: dict[str, pd.DataFrame], expected: pd.DataFrame, tmp_path: Path
) -> None:
    source = tmp_path / "a.parquet"
    pq.write_table(rows(tables, None), source)
    same(sums(made(source, tmp_path / "given.parquet", as_of=DAY)), expected)
    unknown = sums(made(source, tmp_path / "unknown.parquet"))
    assert unknown[list(STATUSES)].isna().all(axis=None)
    rest = [name for name in summary.COLUMNS if name not in STATUSES]
    same(unknown[rest], totals(tables, NO_DAY)[rest])


def test_a_data_set_that_pandas_wrote_is_read(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    unmeasured = {unit: table.iloc[1:] for unit, table in tables.items()}
    frames = [table.drop(columns="targets").assign(unit=unit, data_date=DAY) for unit, table in unmeasured.items()]
    pd.concat(frames).to_parquet(tmp_path / "a.parquet")
    same(sums(made(tmp_path / "a.parquet", tmp_path / "out.parquet")), totals(unmeasured))


# What cannot be done

REFUSALS = {
    "没有这个路径": ("没有.parquet", "out.parquet"),
    "写不进": ("good.parquet", "out.csv"),
    "既有工作簿又有": ("mixed", "out.parquet"),
    "里没有工作簿": ("empty", "out.parquet"),
    "没有 unit 这一列": ("foreign.parquet", "out.parquet"),
    "不是可读的 Parquet": ("broken.parquet", "out.parquet"),
    "里没有一行数据": ("rowless.parquet", "out.parquet"),
    "weight 列是 string 类型": ("worded.parquet", "out.parquet"),
    "year 列是": ("fraction.parquet", "out.parquet"),
    "已经存在，里面是别的数据": ("mixed/books", "good.parquet"),
    "没有版本库": ("gone.db", "gone.db"),
    "只能写回同一个版本库": ("kept.db", "other.db"),
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sources")
    good = {"unit": ["甲局"], "year": [2025], "indicator": ["甲项"], "weight": [1.0]}
    kinds = {
        "good": good,
        "foreign": {"a": [1]},
        "rowless": {name: pa.array([], pa.string()) for name in good},
        "worded": good | {"weight": ["约5"]},
        "fraction": good | {"year": [2025.5]},
    }
    for name, columns in kinds.items():
        pq.write_table(pa.table(columns), place / f"{name}.parquet")
    (place / "broken.parquet").write_bytes(b"PAR1 not really")
    (place / "empty").mkdir()
    (place / "mixed" / "books").mkdir(parents=True)
    (place / "mixed" / "books" / "a.csv").write_bytes(b"1")
    shutil.copy(place / "good.parquet", place / "mixed")
    opened(place, "kept.db")
    return place


@pytest.mark.parametrize("sentence", REFUSALS)
def test_what_cannot_be_scored_is_refused_with_a_sentence(sources: Path, sentence: str) -> None:
    source, target = REFUSALS[sentence]
    before = sorted(path.name for path in sources.rglob("*"))
    with pytest.raises(BulkRefused, match=sentence):
        bulk.job(str(sources / source), str(sources / target)).run(alone)
    assert sorted(path.name for path in sources.rglob("*")) == before


def test_a_row_group_over_which_processes_die_leaves_no_half_result(sources: Path, tmp_path: Path) -> None:
    with pytest.raises(BulkRefused, match="第1个行组"):
        made(sources / "good.parquet", tmp_path / "a.parquet", dying)
    assert not (tmp_path / "a.parquet").exists()


# The command and its processes


def command(*arguments: object, home: Path, first: str = "") -> subprocess.CompletedProcess[str]:
    run = f"{first}import sys; from data.__main__ import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-W", "error", *(["-c", run] if first else ["-m", "data"]), "bulk", *map(str, arguments)],
        cwd=home,
        env={"PYTHONPATH": str(ROOT), "HOME": str(home), "PATH": "", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
        timeout=120,
        encoding="utf-8",
    )


def test_the_command_works_from_any_folder_and_draws_a_bar(
    folder: Path, workbooks: pd.DataFrame, tmp_path: Path
) -> None:
    told = command(folder, "out.parquet", home=tmp_path)
    assert told.returncode == 1  # two cannot be read
    assert "██████████ 5/5" in told.stderr
    assert "坏.xlsx" in told.stderr
    assert "Traceback" not in told.stderr
    assert "5份工作簿" in told.stdout
    same(pd.read_parquet(tmp_path / "out.parquet"), workbooks)
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]


def test_without_dask_a_sentence_says_what_to_install(sources: Path, tmp_path: Path) -> None:
    missing = "import sys; sys.modules['distributed'] = None; "
    told = command(sources / "good.parquet", "out.parquet", home=tmp_path, first=missing)
    assert told.returncode == 1
    assert "pip install -r requirements-many.txt" in told.stderr
    assert "Traceback" not in told.stderr


def hungry(piece: int) -> int:
    """The second piece takes more memory than its process may have."""
    taken = [bytearray(50_000_000) for _ in range(40 if piece == 1 else 0)]
    time.sleep(5 if taken else 0.1)
    return piece


@pytest.mark.proof
def test_a_piece_that_takes_all_memory_holds_up_none_of_the_others(spread: Spread) -> None:
    assert dict(spread(hungry, range(6))) == {0: 0, 1: None, 2: 2, 3: 3, 4: 4, 5: 5}


def listening(_: int) -> set[str]:
    found = psutil.Process().net_connections("tcp")
    return {each.laddr.ip for each in found if each.status == psutil.CONN_LISTEN}


def test_nothing_listens_beyond_this_machine(spread: Spread) -> None:
    addresses = [listening(0), *(found for _, found in spread(listening, range(4)))]
    assert set.union(*addresses) == {"127.0.0.1"}


@contextmanager
def started(log: Path, said: str, *arguments: object, code: Path = ROOT) -> Iterator[None]:
    """Run a process of a cluster from a folder with the product's code; end it by its id."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *map(str, arguments), "--host", "127.0.0.1", "--no-dashboard"],
            cwd=code,
            env={"PATH": "", "HOME": str(log.parent), "PYTHONPATH": str(code)},
            stdout=output,
            stderr=output,
        )
    try:
        end = time.monotonic() + START_SECONDS
        while said not in log.read_text(errors="replace"):
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < end, log.read_text(errors="replace")
            time.sleep(0.1)
        yield
    finally:
        stop(process)


def worker(log: Path, address: str, code: Path = ROOT) -> AbstractContextManager[None]:
    scratch = ("--no-nanny", "--nthreads", 1, "--local-directory", log.parent)
    return started(log, "Registered to", "distributed.cli.dask_worker", address, *scratch, code=code)


def test_a_cluster_that_runs_already_says_the_same_and_only_with_the_same_code(
    folder: Path, workbooks: pd.DataFrame, tmp_path: Path
) -> None:
    port, target = free_port(), tmp_path / "out.parquet"
    address = f"tcp://127.0.0.1:{port}"
    other = tmp_path / "other"
    for name in ("data", "scoring"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    (other / "scoring" / "method.toml").write_text("# another edition", encoding="utf-8")
    with started(tmp_path / "scheduler.log", "Scheduler at", "distributed.cli.dask_scheduler", "--port", port):
        with pytest.raises(BulkRefused, match="没有工作进程"), cluster.connected(address):
            pass
        with worker(tmp_path / "worker.log", address):
            with cluster.connected(address) as spread:
                same(made(folder, target, spread), workbooks)
            refused = pytest.raises(BulkRefused, match="程序与这里的不同")
            with worker(tmp_path / "other.log", address, other), refused, cluster.connected(address):
                pass


def test_an_address_that_nobody_answers_or_understands_gives_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    for address, sentence in {f"tcp://127.0.0.1:{free_port()}": "没有连上", "那台机器": "看不懂"}.items():
        with pytest.raises(BulkRefused, match=sentence), cluster.connected(address):
            pass
