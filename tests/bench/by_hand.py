"""The scoring of ``bench_scoring`` written by hand for Polars and for DuckDB, as somebody who knows them would.

Both start from columns of their own in memory, score every row, keep what they scored, and sum it up four ways; the sums
are compared with ours before anything is timed.
"""

import calendar
from datetime import date
from functools import partial

import duckdb
import pandas as pd
import polars as pl

from scoring import Method
from scoring.table import PANEL, STATUSES, TIERS

GROUPS = {"category": "", "department": "departments", "leader": "leaders", "month": ""}
SUMS = ("indicators", *STATUSES, "scored_weight", "score", "score_low", "score_high")
HAIR = 1e-9
METHOD = Method.default()


def gone(as_of: date) -> float:
    """Return the months from the start of the as-of date's year."""
    return as_of.month - 1 + as_of.day / calendar.monthrange(as_of.year, as_of.month)[1]


def columns(frame: pd.DataFrame) -> pl.DataFrame:
    """Return the columns that scoring reads, blanks as nulls."""
    numbers = {
        name: frame[name].to_numpy("float64") for name in ("weight", "year", "reported_progress", *TIERS, *PANEL)
    }
    lists = {name: pl.Series(frame[name].map(list).to_list()) for name in ("departments", "leaders")}
    texts = {"category": frame["category"].to_list(), "due": frame["due"].dt.date.to_list()}
    return pl.DataFrame(numbers | lists | texts).with_columns(pl.col(pl.Float64).fill_nan(None))


# Polars


def in_polars(table: pl.DataFrame, as_of: date) -> list[pl.DataFrame]:
    """Return the sums by category, department, leader and month, and the points held jointly."""
    scored = _polars_scored(table, as_of)
    lead = {"department": pl.col("departments").list.first(), "leader": pl.col("leaders").list.first()}
    named = scored.with_columns(month=pl.col("due").dt.strftime("%Y-%m"), **lead)
    status = [pl.col("known_weight").filter(pl.col("status") == each).sum().alias(each) for each in STATUSES]
    sums = [pl.len().alias("indicators"), *status, *(pl.col(each).sum() for each in SUMS[1 + len(STATUSES) :])]
    groups = [named.group_by(name).agg(sums) for name in GROUPS]
    joint = [
        named.select(pl.col(names).list.slice(1).alias("name"), "known_weight")
        .filter(pl.col("name").list.len() > 0)
        .explode("name")
        .group_by("name")
        .agg(pl.col("known_weight").sum().alias("joint_weight"))
        for names in GROUPS.values()
        if names
    ]
    return [*groups, *joint]


def _polars_scored(table: pl.DataFrame, as_of: date) -> pl.DataFrame:
    weight, due, progress = pl.col("weight"), pl.col("due"), pl.col("reported_progress")
    seats = [pl.when(pl.col(seat).is_between(0, weight)).then(pl.col(seat)) for seat in PANEL]
    tiers = pl.coalesce(pl.when(pl.col(tier).is_in([1.0, 2.0, 3.0])).then(pl.col(tier)) for tier in TIERS)
    whole = (due.dt.year() - pl.col("year")) * 12 + due.dt.month() - 1
    granted = whole + due.dt.day() / due.dt.month_end().dt.day()
    shares = dict(zip((1.0, 2.0, 3.0), METHOD.tier_shares, strict=True))
    scored = table.with_columns(
        known_weight=pl.when(weight >= 0).then(weight),
        score=pl.mean_horizontal(seats),
        tier=tiers,
        pace=((gone(as_of) + (as_of.year - pl.col("year")) * 12) / granted).clip(0, 1),
        days_left=(due - pl.lit(as_of)).dt.total_days(),
        given=pl.any_horizontal(pl.col(*TIERS, *PANEL).is_not_null()),
    )
    behind = progress < pl.col("pace") - METHOD.behind_tolerance - HAIR
    third = (pl.col("tier") == 3) & progress.is_null() & pl.col("score").is_null()
    supported = progress.is_not_null() | pl.col("tier").is_not_null() | pl.col("score").is_not_null()
    return scored.with_columns(
        estimate=pl.col("known_weight") * pl.col("tier").replace_strict(shares, default=None),
        scored_weight=pl.when(pl.col("score").is_not_null()).then("known_weight"),
        score_low=pl.coalesce("score", pl.col("known_weight") * 0),
        score_high=pl.coalesce("score", "known_weight"),
        status=pl.when(progress.is_null() & ~pl.col("given"))
        .then(pl.lit("not_reported"))
        .when(progress >= 1)
        .then(pl.lit("done"))
        .when(pl.col("days_left") < 0)
        .then(pl.lit("overdue"))
        .when(behind.fill_null(value=False) | third.fill_null(value=False))
        .then(pl.lit("behind"))
        .when(supported)
        .then(pl.lit("on_pace"))
        .otherwise(pl.lit("unjudged")),
    )


# DuckDB


def database(table: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that holds the columns."""
    connection = duckdb.connect()
    connection.register("columns", table.to_arrow())
    connection.execute("CREATE TABLE indicators AS SELECT * FROM columns")
    return connection


def in_duckdb(connection: duckdb.DuckDBPyConnection, as_of: date) -> list[pd.DataFrame]:
    """Return the same as ``in_polars``."""
    connection.execute(_duckdb_scored(as_of))
    status = ", ".join(f"coalesce(sum(known_weight) FILTER (status = '{each}'), 0) AS {each}" for each in STATUSES)
    sums = ", ".join(f"coalesce(sum({each}), 0) AS {each}" for each in SUMS[1 + len(STATUSES) :])
    asked = [f"SELECT {name}, count(*) AS indicators, {status}, {sums} FROM scored GROUP BY 1" for name in GROUPS]
    asked += [
        "SELECT name, coalesce(sum(known_weight), 0) AS joint_weight"
        f" FROM (SELECT unnest({names}[2:]) AS name, known_weight FROM scored) GROUP BY 1"
        for names in GROUPS.values()
        if names
    ]
    return [connection.execute(statement).df() for statement in asked]


def _duckdb_scored(as_of: date) -> str:
    seats = [f"CASE WHEN {seat} BETWEEN 0 AND weight THEN {seat} END" for seat in PANEL]
    tiers = ", ".join(f"CASE WHEN {tier} IN (1, 2, 3) THEN {tier} END" for tier in TIERS)
    shares = " ".join(f"WHEN {tier} THEN {share}" for tier, share in enumerate(METHOD.tier_shares, start=1))
    granted = "(year(due) - year) * 12 + month(due) - 1 + day(due) / day(last_day(due))"
    return f"""
    CREATE OR REPLACE TEMP TABLE scored AS
    WITH measured AS (
        SELECT *, CASE WHEN weight >= 0 THEN weight END AS known_weight,
            list_avg([{", ".join(seats)}]) AS score, coalesce({tiers}) AS tier,
            greatest(0, least(1, ({gone(as_of)} + ({as_of.year} - year) * 12) / ({granted}))) AS pace,
            date_diff('day', DATE '{as_of}', due) AS days_left,
            coalesce({", ".join((*TIERS, *PANEL))}) IS NOT NULL AS given
        FROM indicators
    )
    SELECT *, known_weight * CASE tier {shares} END AS estimate,
        CASE WHEN score IS NOT NULL THEN known_weight END AS scored_weight,
        coalesce(score, known_weight * 0) AS score_low, coalesce(score, known_weight) AS score_high,
        departments[1] AS department, leaders[1] AS leader, strftime(due, '%Y-%m') AS month,
        CASE WHEN reported_progress IS NULL AND NOT given THEN 'not_reported'
            WHEN reported_progress >= 1 THEN 'done'
            WHEN days_left < 0 THEN 'overdue'
            WHEN reported_progress < pace - {METHOD.behind_tolerance} - {HAIR} THEN 'behind'
            WHEN tier = 3 AND reported_progress IS NULL AND score IS NULL THEN 'behind'
            WHEN coalesce(reported_progress, tier, score) IS NOT NULL THEN 'on_pace'
            ELSE 'unjudged' END AS status
    FROM measured
    """


def agree(ours: list[pd.DataFrame], theirs: list[pl.DataFrame] | list[pd.DataFrame]) -> None:
    """Fail where the sums differ by more than the noise of adding up."""
    tables = [each if isinstance(each, pd.DataFrame) else pl_to_pandas(each) for each in theirs]
    groups, joint = tables[: len(GROUPS)], dict(zip(("departments", "leaders"), tables[len(GROUPS) :], strict=True))
    compare = partial(pd.testing.assert_frame_equal, check_dtype=False, check_names=False, check_index_type=False)
    for own, table, names in zip(ours, groups, GROUPS.values(), strict=True):
        expected = table.set_index(table.columns[0]).loc[own.index]
        shown = own.reindex(columns=list(SUMS), fill_value=0.0)
        compare(shown, expected[list(SUMS)])
        if names:
            held = joint[names].set_index("name")["joint_weight"].reindex(own.index, fill_value=0.0)
            compare(own[["joint_weight"]], held.to_frame())


def pl_to_pandas(table: pl.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(table.to_dict(as_series=False))
