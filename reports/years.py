"""Two years of one unit in words: which indicators go on, which are new, which are no longer evaluated."""

from datetime import date

import pandas as pd

from reports import words
from reports.words import Sentence, Span
from scoring.years import Years

KINDS = {"both": "延续", "reweighted": "分值变了", "new": "新增", "gone": "不再考"}
CHOICES = {"": "与上一版比较", "year": "与上一年度比较"}
HOW = "同一项按文字认：序号变了、目标数字变了，仍是同一项；文字改得太多的，列为新增和不再考。"


def of(years: Years, kind: str) -> pd.DataFrame:
    """Return the rows of ``Years.indicators`` of one kind, in the order of the tables."""
    rows = years.indicators
    if kind != "reweighted":
        return rows[rows["kind"] == kind]
    then, now = rows["weight_then"], rows["weight_now"]
    same = (then.isna() & now.isna()) | ((then - now).abs() < 1e-9)
    return rows[(rows["kind"] == "both") & ~same]


def counts(years: Years) -> dict[str, int]:
    """Return how many indicators each of ``KINDS`` has."""
    return {kind: len(of(years, kind)) for kind in KINDS}


def headline(years: Years, year: int) -> Sentence:
    """Return 与2024年度相比：延续45项，其中10项分值变了；新增12项、20分；不再考8项、15分。"""
    held = counts(years)
    moved = held["reweighted"]
    going_on = f"延续{held['both']}项" + (
        f"，其中{moved}项分值变了" if moved else "，分值都没有变" if held["both"] else ""
    )
    new, gone = (_amount(of(years, kind), f"weight_{when}") for kind, when in (("new", "now"), ("gone", "then")))
    return (
        Span(f"与{year}年度相比：{going_on}；"),
        Span(f"新增{new}", "link" if held["new"] else ""),
        Span(f"；不再考{gone}。"),
    )


def _amount(rows: pd.DataFrame, column: str) -> str:
    known = rows[column].sum(min_count=1)
    return f"{len(rows)}项" + (f"、{words.points(known)}" if pd.notna(known) else "")


def compared(years: tuple[int, int], numbers: tuple[int, int], days: tuple[date, date]) -> str:
    """Return which versions are compared and how each is judged; all of the earlier year first."""
    sides = (
        f"{year}年度取第{number}版（数据截至{words.day(day, year)}）"
        for year, number, day in zip(years, numbers, days, strict=True)
    )
    return f"{'，'.join(sides)}，各按自己的日期判断。{HOW}"


def weights(then: float, now: float) -> tuple[str, str]:
    """Return the points then, "" where they are the same now, and the points now."""
    old, new = words.number(then), words.number(now)
    return ("" if old == new else old), new


def score(value: float) -> str:
    """Return 得3.60, "" where nothing was scored."""
    return "" if words.missing(value) else f"得{words.fixed(value)}"
