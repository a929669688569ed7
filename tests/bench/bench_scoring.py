"""Scoring and four summaries: against a plain Python loop, other engines and a spreadsheet program; growth; texts.

The loop does the same for every row (mean of the filled panel, tier, pace, status, sums by category, department with
协办, leader and month) over tuples of plain values that are already in memory, with what a deadline gives kept from row
to row; it runs on a sample and is scaled to the rows of the run. Polars and DuckDB do it as written in ``by_hand``. The
spreadsheet program opens and saves a workbook of formulas (``spreadsheet``) once calculating them and once not; the
difference is scaled. All come to the same sums, or the bench fails.
"""

import calendar
import math
from collections import defaultdict
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from scoring import Method, score, summary
from scoring.table import CATEGORIES, PANEL, STATUSES, TIERS, conform
from tests import office
from tests.bench import by_hand, spreadsheet
from tests.bench.harness import machine, medians, seconds, table

ROUNDS = 5
SIZES = (10_000, 100_000, 1_000_000)
SAMPLE = 50_000
TEXTS = (10_000, 100_000)
FORMULAS, OFFICE_ROUNDS = 40_000, 3
AIM, ENGINE_AIM, OFFICE_AIM, GROWTH_AIM = 5.0, 2.0, 100.0, 1.05
AS_OF = date(2025, 10, 31)
DUES = (date(2025, 6, 30), date(2025, 11, 30), date(2025, 12, 31), date(2026, 2, 28))
METHOD = Method.default()
FIELDS = ("weight", "due", "year", "category", "departments", "leaders", "reported_progress", *TIERS, *PANEL)
Sums = dict[str, list[float]]


def main() -> None:
    print(f"Machine: {machine()}")
    tables = {size: indicators(size) for size in SIZES}
    largest = SIZES[-1]
    rows = plain(tables[largest].head(SAMPLE))
    agree(tables[largest].head(SAMPLE), rows)
    tasks = {f"{size:,} rows": lambda size=size: seconds(lambda: vectorised(tables[size])) for size in SIZES}
    tasks["loop"] = lambda: seconds(lambda: loop(rows)) * largest / SAMPLE
    columns = by_hand.columns(tables[largest])
    database = by_hand.database(columns)
    ours = vectorised(tables[largest])
    by_hand.agree(ours, by_hand.in_polars(columns, AS_OF))
    by_hand.agree(ours, by_hand.in_duckdb(database, AS_OF))
    tasks["polars"] = lambda: seconds(lambda: by_hand.in_polars(columns, AS_OF))
    tasks["duckdb"] = lambda: seconds(lambda: by_hand.in_duckdb(database, AS_OF))
    for different in TEXTS:
        written = tables[largest].assign(completion=texts(largest, different))
        tasks[f"{different:,} texts"] = lambda written=written: seconds(lambda: score(written, METHOD, AS_OF))
    report(medians(tasks, ROUNDS) | {"office": recalculation(tables[largest].head(FORMULAS))})


def recalculation(frame: pd.DataFrame) -> float:
    """Return the seconds that a spreadsheet program would take for the rows of the run, NaN where there is none."""
    if office.program() is None:
        return math.nan
    content = spreadsheet.workbook(frame, pd.Timestamp(AS_OF))
    sums = spreadsheet.sums(office.converted(content, "xlsx", "xlsx", office.XLSX))
    for ours in vectorised(frame):
        shown = ours.reindex(columns=list(by_hand.SUMS), fill_value=0.0)
        expected = sums.loc[ours.index].set_axis(list(by_hand.SUMS), axis="columns")
        pd.testing.assert_frame_equal(shown, expected, check_dtype=False, check_names=False, check_index_type=False)
    tasks = {
        mode: lambda mode=mode: seconds(
            lambda: office.converted(content, "xlsx", "xlsx", office.XLSX, recalculate=mode == "calculated")
        )
        for mode in ("calculated", "kept")
    }
    took = medians(tasks, OFFICE_ROUNDS)
    return (took["calculated"] - took["kept"]) * SIZES[-1] / len(frame)


def report(took: dict[str, float]) -> None:
    sizes = [took[f"{size:,} rows"] for size in SIZES]
    exponent = np.polyfit(np.log(SIZES), np.log(sizes), 1)[0]
    last = math.log(sizes[-1] / sizes[-2]) / math.log(SIZES[-1] / SIZES[-2])
    rows = (
        ("vectorised", sizes[-1], "ours"),
        (f"plain loop ({SAMPLE:,} rows, scaled)", took["loop"], f"at least {AIM:g} x as long"),
        ("Polars, by hand", took["polars"], f"ours within {ENGINE_AIM:g} x of the faster"),
        ("DuckDB, by hand", took["duckdb"], f"ours within {ENGINE_AIM:g} x of the faster"),
        (f"LibreOffice, formulas ({FORMULAS:,} rows, scaled)", took["office"], f"at least {OFFICE_AIM:g} x as long"),
    )
    table(
        f"Score and four summaries of {SIZES[-1]:,} indicators, blank texts",
        ("", "median, s", "as long as ours", "aim"),
        [(name, f"{one:.3f}", f"{one / sizes[-1]:.2f} x", aim) for name, one, aim in rows],
    )
    faster = sizes[-1] / min(took["polars"], took["duckdb"])
    print(f"Ours takes {faster:.2f} x the faster of the two engines (aim: at most {ENGINE_AIM:g} x).")
    growth = [(f"{size:,}", f"{one:.4f}", f"{one / size * 1e6:.2f}") for size, one in zip(SIZES, sizes, strict=True)]
    table("Growth", ("rows", "median, s", "µs for a row"), growth)
    print(
        f"\nFitted exponent {exponent:.2f} over all sizes, {last:.2f} over the last step (aim: at most {GROWTH_AIM})."
    )
    written = [(f"{different:,}", f"{took[f'{different:,} texts']:.2f}") for different in TEXTS]
    table(f"Scoring {SIZES[-1]:,} indicators with report texts", ("different texts", "median, s"), written)


def indicators(size: int) -> pd.DataFrame:
    """Return a table of made-up indicators, blank in every text."""
    chance = np.random.default_rng(20250630)
    weight = chance.choice([1.0, 1.5, 2.0, 4.0, np.nan], size, p=[0.4, 0.2, 0.3, 0.09, 0.01])
    departments = _pick(chance, [(f"{n}科",) for n in range(40)] + [(f"{n}科", f"{n + 1}科") for n in range(20)], size)
    columns = {
        "weight": weight,
        "due": pd.to_datetime(pd.Series(chance.choice([np.datetime64(due) for due in DUES], size))),
        "year": np.full(size, 2025.0),
        "category": chance.choice(CATEGORIES, size),
        "departments": departments,
        "leaders": _pick(chance, [(f"领导{n}",) for n in range(8)], size),
        "reported_progress": _mostly(chance, chance.random(size) * 1.2, 0.6),
        **{tier: _mostly(chance, chance.integers(1, 4, size).astype(float), 0.5) for tier in TIERS},
        **{seat: _mostly(chance, chance.random(size) * weight, 0.5) for seat in PANEL},
    }
    return conform(pd.DataFrame(columns))


def _pick(chance: np.random.Generator, names: list[tuple[str, ...]], size: int) -> pd.Series:
    held = np.empty(len(names), dtype=object)
    held[:] = names
    return pd.Series(held[chance.integers(0, len(names), size)])


def _mostly(chance: np.random.Generator, values: np.ndarray, share: float) -> np.ndarray:
    return np.where(chance.random(len(values)) < share, values, np.nan)


def texts(size: int, different: int) -> pd.Series:
    """Return report texts of the usual length, ``different`` of them."""
    ends = ("完成率{}%", "正在有序推进", "已完成", "尚未完成，进度滞后")
    made = [f"已举办招商对接活动{n}场，邀请企业{n * 3}家；{ends[n % 4].format(n % 100)}。" for n in range(different)]
    return pd.Series(made, dtype="str").take(np.arange(size) % different).reset_index(drop=True)


def plain(frame: pd.DataFrame) -> list[tuple]:
    """Return the rows as tuples of plain Python values."""
    dues = [None if due is pd.NaT else due.date() for due in frame["due"]]
    return list(zip(*(dues if name == "due" else frame[name].tolist() for name in FIELDS), strict=True))


def vectorised(frame: pd.DataFrame) -> list[pd.DataFrame]:
    scored = score(frame, METHOD, AS_OF)
    return [by(scored) for by in (summary.by_category, summary.by_department, summary.by_leader, summary.by_month)]


def loop(rows: list[tuple]) -> tuple[Sums, Sums, Sums, Sums]:
    """Score the rows one by one; each sum is a list: indicators, the statuses, scored weight, score, low, high, joint."""
    sums: tuple[Sums, ...] = tuple(defaultdict(lambda: [0.0] * 12) for _ in range(4))
    scored = []
    months = _months(AS_OF, 2025)
    for row in rows:
        due, category, departments, leaders = row[1], row[3], row[4], row[5]
        known, weight, line, columns = _scored(row, months)
        scored.append(columns)
        month = _month(due) if due else "未写明"
        for group, name in zip(sums, (category, departments[0], leaders[0], month), strict=True):
            held = group[name]
            for place, value in line:
                held[place] += value
        if known:
            for group, names in ((sums[1], departments), (sums[2], leaders)):
                for name in names[1:]:
                    group[name][11] += weight
    return sums


def _scored(row: tuple, months: float) -> tuple[bool, float, list[tuple[int, float]], tuple]:
    weight, due, year, progress = row[0], row[1], row[2], row[6]
    known = weight == weight and weight >= 0
    given = [value for value in row[10:17] if known and 0 <= value <= weight]
    mean = sum(given) / len(given) if given else math.nan
    tier = next((value for value in row[7:10] if value in (1, 2, 3)), math.nan)
    estimate = weight * METHOD.tier_shares[int(tier) - 1] if tier == tier and known else math.nan
    pace = min(1.0, max(0.0, months / _months(due, year))) if due else math.nan
    left = (due - AS_OF).days if due else math.nan
    status = _status(row, progress, pace, left, tier, bool(given))
    line = [(0, 1.0)]
    if known:
        line += [(1 + STATUSES.index(status), weight), (10, mean if given else weight)]
        if given:
            line += [(7, weight), (8, mean), (9, mean)]
    return known, weight, line, (mean, estimate, progress, pace, status, left)


def _status(row: tuple, progress: float, pace: float, left: float, tier: float, scored: bool) -> str:
    if not (progress == progress or any(value == value for value in row[7:17])):
        return "not_reported"
    if progress >= 1:
        return "done"
    if left < 0:
        return "overdue"
    if progress < pace - METHOD.behind_tolerance - 1e-9 or (tier == 3 and progress != progress and not scored):
        return "behind"
    return "on_pace" if progress == progress or tier == tier or scored else "unjudged"


@cache
def _month(day: date) -> str:
    return f"{day:%Y-%m}"


@cache
def _months(day: date, year: float) -> float:
    return (day.year - year) * 12 + day.month - 1 + day.day / calendar.monthrange(day.year, day.month)[1]


def agree(frame: pd.DataFrame, rows: list[tuple]) -> None:
    """Fail where the two come to different sums, so that no wrong figure is called fast."""
    columns = ["indicators", *STATUSES, "scored_weight", "score", "score_low", "score_high", "joint_weight"]
    for ours, theirs in zip(vectorised(frame), loop(rows), strict=True):
        shown = ours.reindex(columns=columns, fill_value=0.0)
        expected = pd.DataFrame.from_dict(theirs, orient="index", columns=columns).loc[shown.index]
        pd.testing.assert_frame_equal(shown, expected, check_dtype=False, check_index_type=False)


if __name__ == "__main__":
    main()
