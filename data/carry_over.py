"""沿用: what a version leaves blank is what the version before it said (design rule 10)."""

from dataclasses import replace
from datetime import date

import pandas as pd

from data.checks import say
from data.reading.target_entry import spanned
from scoring.changes import matched
from scoring.table import conform
from scoring.targets import Target

WITHDRAWN = "撤回"


def carry_over(table: pd.DataFrame, base: pd.DataFrame | None, data_date: date) -> pd.DataFrame:
    """Return ``table`` with the reports that it leaves blank taken from ``base``, with the date they were made at.

    Rows are matched as ``scoring.changes`` matches them, so that a report goes with its indicator where serials moved.
    A new text outranks an older number, so a progress is carried over only where the text is blank too. The text 撤回
    clears what was reported before.

    Targets that a person confirmed go with their indicator as long as its text says the same; their 实际值 is a report
    like the others: it stays where the text is carried over too.
    """
    table = conform(table)
    measured = table["targets"].map(lambda targets: any(target.actual is not None for target in targets)).astype(bool)
    told = (table["completion"] != "") | table["reported_progress"].notna() | measured
    withdrawn = table["completion"].str.strip() == WITHDRAWN
    table["reported_on"] = table["reported_on"].mask(told, pd.Timestamp(data_date).as_unit("s"))
    if base is not None:
        before = _aligned(base, table)
        silent = table["completion"] == ""
        table["reported_on"] = table["reported_on"].mask(~told, before["reported_on"])
        table["reported_progress"] = table["reported_progress"].mask(~told, before["reported_progress"])
        table["targets"] = _targets(table, before, silent)
        table["completion"] = table["completion"].mask(silent, before["completion"])
    table.loc[withdrawn, "completion"] = ""
    table.loc[withdrawn, "reported_on"] = pd.NaT
    table.loc[withdrawn, "reported_progress"] = float("nan")
    cleared = [_unmeasured(own) if gone else own for own, gone in zip(table["targets"], withdrawn, strict=True)]
    return table.assign(targets=pd.Series(cleared, table.index, dtype="object"))


def confirmed_before(table: pd.DataFrame, base: pd.DataFrame) -> pd.Series:
    """Return the targets that ``base`` holds for each row of ``table``, () where it has no such row."""
    return _aligned(base, table)["targets"]


def _targets(table: pd.DataFrame, before: pd.DataFrame, silent: pd.Series) -> pd.Series:
    texts = zip(before["targets"], before["indicator"], table["indicator"], strict=True)
    held = [_still_held(was, then, now) for was, then, now in texts]
    rows = zip(table["targets"], before["targets"], held, silent, strict=True)
    return pd.Series([_carried(*row) for row in rows], table.index, dtype="object")


def _still_held(was: tuple[Target, ...], then: str, now: str) -> tuple[Target, ...]:
    """Return the targets before if their text says the same, at their places in it: a blank may have come or gone."""
    if not was or say.bare(then) != say.bare(now):
        return ()
    return was if then == now else tuple(spanned(target, now) for target in was)


def _carried(
    own: tuple[Target, ...], was: tuple[Target, ...], held: tuple[Target, ...], silent: bool
) -> tuple[Target, ...]:
    """Return the sheet's own targets, else those that still hold; without a new report the actuals before are theirs."""
    if own:
        chosen = tuple(_of_chosen_kind(target, was) for target in own)
        return tuple(_with_actual(target, was) for target in chosen) if silent else chosen
    return held if silent else _unmeasured(held)


def _of_chosen_kind(target: Target, was: tuple[Target, ...]) -> Target:
    """Return a target of the sheet, which has no column for it, of the kind that the same target had before."""
    own = (target.measure, target.comparator, target.value, target.unit)
    same = [one.kind for one in was if (one.measure, one.comparator, one.value, one.unit) == own]
    return replace(target, kind=same[0]) if len(same) == 1 else target


def _with_actual(target: Target, was: tuple[Target, ...]) -> Target:
    """Return a target of the sheet whose 实际值 is blank with the one of the same target before, if only one can be."""
    same = [one for one in was if (one.measure, one.unit) == (target.measure, target.unit)]
    if target.actual is not None or len(same) != 1:
        return target
    return replace(target, actual=same[0].actual, evidence=target.evidence or same[0].evidence)


def _unmeasured(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Return targets without their 实际值 and what was its evidence."""
    return tuple(target if target.actual is None else replace(target, actual=None, evidence="") for target in targets)


def _aligned(base: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the base version's reports in the order of ``table``; missing where it has no such row."""
    places = matched(base, table)
    columns = ["indicator", "completion", "reported_progress", "reported_on", "targets"]
    found = conform(base)[columns].reset_index(drop=True).reindex(places).set_axis(table.index)  # no row is NOWHERE
    targets = [each if isinstance(each, tuple) else () for each in found["targets"]]
    texts = {name: found[name].fillna("") for name in ("indicator", "completion")}
    return found.assign(targets=pd.Series(targets, found.index, dtype="object"), **texts)
