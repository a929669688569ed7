"""What falls due when: the months to show, the busiest one, and the plan's own steps."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from data.plan import Plan, Step
from reports import lists, words
from reports.words import NO_DEADLINES, Sentence
from scoring.table import UNNAMED


@dataclass(frozen=True, eq=False)
class Month:
    """A month in which something falls due or a step ends, or the as-of date lies; ``rows`` stand worst first.

    ``first`` is the month's first day, None for what has no deadline (未写明).
    """

    first: date | None
    rows: pd.DataFrame
    steps: tuple[Step, ...]


def months(scored: pd.DataFrame, plan: Plan, as_of: date) -> list[Month]:
    """Return the months worth showing in order of time, what has no deadline last; empty months are left out."""
    due = scored["due"].dt.to_period("M")
    shown = {*due.dropna(), pd.Period(as_of, "M"), *(pd.Period(step.due, "M") for step in plan.steps)}
    found = [
        Month(
            month.start_time.date(),
            lists.worst_first(scored[due == month]),
            tuple(step for step in plan.steps if pd.Period(step.due, "M") == month),
        )
        for month in sorted(shown)
    ]
    without = scored[due.isna()]
    return found if without.empty else [*found, Month(None, lists.worst_first(without), ())]


def headline(by_month: pd.DataFrame, scored: pd.DataFrame, plan: Plan) -> Sentence:
    """Return when most points fall due and how they stand. ``by_month`` is ``summary.by_month``."""
    dated = by_month.drop(index=UNNAMED, errors="ignore")
    if dated.empty or not dated["weight"].max() > 0:
        return NO_DEADLINES
    busiest = str(dated["weight"].idxmax())
    row: pd.Series = dated.loc[[busiest]].iloc[0]
    last = scored.loc[scored["due"].dt.strftime("%Y-%m") == busiest]
    return words.deadlines(row, last["due"].max().date(), int(last["days_left"].max()), plan.year)
