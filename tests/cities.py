"""A fictional city for tests and pictures: units in groups, each with a plan of its own, some of them missing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import count

from data.storage import canonical, drafting, keeping
from data.storage.keeping import Contents, Draft
from data.storage.roster import Expected, Roster
from data.store import Store
from data.versions import Version
from tests.forms import YEAR
from tests.stores import contents, draft

HEAD = "序号 | 二级指标 | 权重 | 时限 | 科室 | 完成情况 | 进度 | 结果"
STEADY = f"""{HEAD}
1-1 | 造林5000亩 | 60 | 12月底前 | 造林科 | 已完成 | 100% |
1-2 | 抚育森林1.2万亩 | 40 | 12月底前 | 抚育科 | | |
"""
AT_RISK = f"""{HEAD}
1-1 | 造林5000亩 | 60 | 6月底前 | 造林科 | 正在造林 | 10% |
1-2 | 抚育森林1.2万亩 | 30 | 12月底前 | 抚育科 | 已完成 | 100% |
"""
SCORED = f"""{HEAD}
1-1 | 造林5000亩 | 60 | 12月底前 | 造林科 | 已完成 | 100% | 54
1-2 | 抚育森林1.2万亩 | 40 | 12月底前 | 抚育科 | 进展缓慢 | 30% |
"""
BLANK = f"""{HEAD}
1-1 | 造林5000亩 | 60 | 12月底前 | 造林科 | | |
1-2 | 抚育森林1.2万亩 | 40 | 12月底前 | 抚育科 | | |
"""
DRAWINGS = (STEADY, AT_RISK, BLANK, SCORED, AT_RISK.replace("| 30 |", "| 40 |"), STEADY.replace("| 40 |", "| 30 |"))
BUREAUS = re.findall("..", "林业水利教育民政司法财政住建交通文旅卫健应急审计统计体育信访医保粮储人防城管渔业")
_tokens = count(1)


def drafted(unit: str, drawing: str, day: date = date(YEAR, 10, 31), *, base: int | None = None) -> Draft:
    """Return a unit's table as a draft of the year of ``day``; its plan says that there are 100 points."""
    name = f"{unit} {day.year}"
    plan = replace(drafting.first_plan(name, day), total=100.0)
    parts = replace(_contents(drawing, day), plan=canonical.plan_bytes(plan))
    return draft(parts, base, f"city {next(_tokens)}", plan=name, day=day.isoformat())


@lru_cache(maxsize=64)
def _contents(drawing: str, day: date) -> Contents:
    return contents(drawing, day)


def published(store: Store, unit: str, drawing: str, day: date = date(YEAR, 10, 31)) -> Version:
    """Publish a unit's table on its newest version of that year."""
    newest = store.latest(f"{unit} {day.year}")
    return store._keep(drafted(unit, drawing, day, base=newest.id if newest else None))


def unsummarised(store: Store, unit: str, drawing: str) -> Version:
    """Publish a unit's table without its summary, as an earlier release did."""
    with store._database.write() as connection:
        return keeping.keep(connection, drafted(unit, drawing))


def listed(store: Store, groups: dict[str, str]) -> Roster:
    """Keep a list of units; ``groups`` holds the names of each group, parted by blanks."""
    units = [Expected(name, group, f"{name}.xlsx") for group, names in groups.items() for name in names.split()]
    return store.keep_roster(Roster(tuple(units), "单位名单.xlsx"), author="甲", token=f"city {next(_tokens)}")


def names(many: int) -> list[str]:
    """Return the names of so many units: 示例市林业局 … 示例市林业局第二分局 …"""
    ordinals = [*"一二三四五六七八九十", *map(str, range(11, 1 + -(-many // len(BUREAUS))))]
    rounds = [f"第{ordinal}分局" if place else "" for place, ordinal in enumerate(ordinals)]
    return [f"示例市{bureau}局{part}" for part in rounds for bureau in BUREAUS][:many]


def filled(
    store: Store,
    many: int,
    versions: int,
    missing: int = 0,
    groups: tuple[str, ...] = (),
    drawings: Sequence[str] = DRAWINGS,
) -> list[str]:
    """Fill an empty store with a city, in one transaction, and its list of units; return the names that are missing."""
    every = names(many)
    absent = every[:: max(many // missing, 1)][:missing] if missing else []
    days = [date(YEAR, 10, 28) - timedelta(weeks=3 * number) for number in reversed(range(versions))]
    store._fill(
        [
            [drafted(name, drawings[(place + turn) % len(drawings)], day) for turn, day in enumerate(days)]
            for place, name in enumerate(every)
            if name not in absent
        ]
    )
    if groups:
        share = -(-many // len(groups))
        parts = {group: " ".join(every[n * share : (n + 1) * share]) for n, group in enumerate(groups)}
        listed(store, parts)
    return absent
