"""A process that dies in the middle of a publish: nothing acknowledged is lost, nothing is half there."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.plan import shipped
from data.store import publish_shipped
from tests.drawing import xlsx
from tests.processes import killed, publishes, starts, uploads
from tests.stores import PLAN, SMALL, contents, only_postgres, only_sqlite, opened, published

pytestmark = pytest.mark.usefixtures("database")

KILLS = 20
FORM = "序号 | 二级指标 | 权重 | 完成时限 | 责任科室\n1-1 | 造林5000亩 | 4 | 12月底前 | 造林科"


def nothing_is_lost(folder: Path, work: Callable[..., None], given: Any, kills: int, longest: float) -> int:
    """Kill the work at random moments; return how often it died with a journal to roll back."""
    choose, hot = random.Random(folder.name), 0
    store = opened(folder)
    published(store, SMALL, "2025-04-30")
    known = {version.id: version.sha256 for version in store.versions(PLAN)}
    for _ in range(kills):
        acknowledged, writing = killed(work, folder, given, choose.uniform(0, longest))
        hot += writing
        kept = {version.id: version.sha256 for version in store.versions(PLAN)}
        assert {**known, **dict(acknowledged)}.items() <= kept.items()
        assert len(kept) - len({**known, **dict(acknowledged)}) <= 1  # kept, and killed before it could say so
        assert store.verify() == ()
        known = kept
    return hot


@only_sqlite
def test_killed_at_random_moments_of_a_publish_nothing_is_lost(tmp_path: Path):
    assert nothing_is_lost(tmp_path, publishes, contents(SMALL, date(2025, 4, 30)), KILLS, 0.3) > 0


@only_postgres
def test_killed_while_it_publishes_on_a_server_nothing_is_lost(tmp_path: Path):
    nothing_is_lost(tmp_path, publishes, contents(SMALL, date(2025, 4, 30)), KILLS // 4, 0.1)


@only_postgres
@pytest.mark.proof
def test_killed_a_hundred_times_while_it_publishes_on_a_server_nothing_is_lost(tmp_path: Path):
    nothing_is_lost(tmp_path, publishes, contents(SMALL, date(2025, 4, 30)), 5 * KILLS, 0.1)


@only_sqlite
@pytest.mark.proof
def test_killed_at_two_hundred_random_moments_nothing_is_lost(tmp_path: Path):
    parts = contents(SMALL, date(2025, 4, 30))
    hot = [nothing_is_lost(tmp_path / f"{run}", publishes, parts, KILLS, 0.3) for run in range(10)]
    assert sum(hot) >= KILLS  # of 10 * KILLS: how many die in the midst of a write depends on the machine


@only_sqlite
def test_killed_while_whole_workbooks_are_published_nothing_is_lost(tmp_path: Path):
    nothing_is_lost(tmp_path, uploads, xlsx(FORM), 4, 0.6)


@pytest.mark.proof
def test_killed_forty_times_while_whole_workbooks_are_published_nothing_is_lost(tmp_path: Path):
    nothing_is_lost(tmp_path, uploads, xlsx(FORM), 40, 0.6)


@only_sqlite
def test_a_first_start_that_is_killed_is_made_up_for_by_the_next(tmp_path: Path):
    for after in (0.02, 0.5, 1.5):
        killed(starts, tmp_path, None, after)
        assert opened(tmp_path).head()[0] in (0, 6)
    publish_shipped(opened(tmp_path), shipped())
    assert opened(tmp_path).head()[0] == 6
    assert opened(tmp_path).verify() == ()
