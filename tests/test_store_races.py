"""Several editors at once: one wins, the others learn who; and nobody publishes anything twice."""

from datetime import date
from pathlib import Path

import pytest

from data.plan import shipped
from data.storage import drafting
from tests.drawing import xlsx
from tests.processes import click, contend, restart, together, upload, watch
from tests.stores import PLAN, SMALL, contents, opened, published, url

pytestmark = pytest.mark.usefixtures("database")

EDITORS = 8
ROUNDS = 10
FORM = "序号 | 二级指标 | 权重 | 完成时限 | 责任科室\n1-1 | 造林5000亩 | 4 | 12月底前 | 造林科"


def one_winner_in_each_round(folder: Path, rounds: int) -> None:
    store = opened(folder)
    parts = contents(SMALL, date(2025, 4, 30))
    reported = together(EDITORS, contend, url(folder / "看板.db"), parts, rounds)
    by_round = [[outcomes[turn][1:] for outcomes in reported] for turn in range(rounds)]
    for turn, outcomes in enumerate(by_round, start=1):
        assert sorted(outcomes) == [("stale", turn)] * (EDITORS - 1) + [("won", turn)]
    assert [version.number for version in store.versions(PLAN)] == list(range(rounds, 0, -1))
    assert store.verify() == ()


def test_of_eight_editors_on_one_base_exactly_one_wins(tmp_path: Path):
    one_winner_in_each_round(tmp_path, ROUNDS)


@pytest.mark.proof
def test_of_eight_editors_on_one_base_exactly_one_wins_a_hundred_times(tmp_path: Path):
    one_winner_in_each_round(tmp_path, 10 * ROUNDS)


def test_uploads_of_whole_workbooks_have_one_winner_too(tmp_path: Path):
    reported = together(EDITORS, upload, url(tmp_path / "看板.db"), xlsx(FORM))
    winner = opened(tmp_path).latest(PLAN)
    assert winner is not None
    assert sorted(reported) == [("stale", winner.author)] * (EDITORS - 1) + [("won", winner.author)]


def test_many_clicks_with_one_token_give_one_version(tmp_path: Path):
    store = opened(tmp_path)
    published(store, SMALL, "2025-04-30")
    versions = together(EDITORS, click, url(tmp_path / "看板.db"), contents(SMALL, date(2025, 6, 30)))
    assert set(versions) == {store.latest(PLAN)}
    assert len(store.versions(PLAN)) == 2


def test_processes_that_start_at_once_create_one_store_and_publish_once(tmp_path: Path):
    heads = together(3, restart, url(tmp_path / "新" / "看板.db"))
    store = opened(tmp_path / "新")
    assert set(heads) == {store.head()}
    assert store.head()[0] == len(shipped()[0].issues)
    assert store.verify() == ()


def test_a_reader_never_sees_half_of_what_is_published_at_first_start(tmp_path: Path):
    drafts = [drafting.shipped_drafts(plan) for plan in shipped()]
    store = opened(tmp_path)
    reported = together(3, watch, url(tmp_path / "看板.db"), drafts)
    assert {count for counts in reported for count in counts} <= {0, store.head()[0]}
    assert store.head()[0] == 6
