"""What changed from one version of a table to the next: every indicator in exactly one kind, and what its target was.

Rows belong together by serial and text, else by text (the serial moved), else by serial (the text changed). The kind
tells how the report moved; that a weight, text, deadline or owner changed is told separately, for it needs approval.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring import summary
from scoring.score import usable_weight
from scoring.table import PANEL, TIERS
from scoring.targets import Target, extract_targets

Positions = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

KINDS = ("worse", "better", "newly_reported", "updated", "unchanged", "added", "removed")
TARGETS = ("weight", "goal", "indicator", "targets", "due", "departments", "heads", "leaders")
NOWHERE = -1  # the position of a row that a table does not have
_ORDER = ("not_reported", "overdue", "behind", "unjudged", "on_pace", "done")  # from worst to best
_TEXTS = ("completion", "next_step", "evidence")
_NUMBERS = ("reported_progress", *TIERS, *PANEL, "stated_result")


@dataclass(frozen=True, eq=False)
class Changes:
    """Two scored tables and how they differ; ``before`` is empty where there was no version.

    ``indicators`` has a row for each indicator of ``after``, in its order, then one for each that is gone: ``kind``
    (categorical, ``KINDS``), ``was`` and ``now`` (positions in the tables, ``NOWHERE`` where it has no such row),
    ``weight`` (points, NaN where unknown). ``targets`` has a row for each changed target: ``was``, ``now``, ``field``
    (one of ``TARGETS``), ``old`` and ``new`` (a date or, where it cannot be read, the text for ``due``; a tuple of
    ``Target`` for ``targets``: what a person confirmed against what was confirmed or, without that, read before).
    """

    before: pd.DataFrame
    after: pd.DataFrame
    indicators: pd.DataFrame
    targets: pd.DataFrame

    def of(self, kind: str) -> pd.DataFrame:
        """Return the rows of ``indicators`` of one kind, most points first."""
        rows = self.indicators[self.indicators["kind"] == kind]
        return rows.sort_values("weight", ascending=False, kind="stable", na_position="last")


def compare(before: pd.DataFrame | None, after: pd.DataFrame) -> Changes:
    """Compare two scored tables (``scoring.score``), each judged on its own day; without ``before`` all are added."""
    before = after.iloc[:0] if before is None else before
    was = matched(before, after)
    pairs = np.flatnonzero(was != NOWHERE)
    kinds = np.full(len(after), "added", dtype=object)
    kinds[pairs] = _kinds(before.iloc[was[pairs]], after.iloc[pairs])
    gone = np.setdiff1d(np.arange(len(before)), was)
    indicators = pd.DataFrame(
        {
            "kind": pd.Categorical([*kinds, *["removed"] * len(gone)], categories=list(KINDS)),
            "was": np.concatenate([was, gone]),
            "now": np.concatenate([np.arange(len(after)), np.full(len(gone), NOWHERE)]),
            "weight": np.concatenate([usable_weight(after), usable_weight(before)[gone]]),
        }
    )
    return Changes(before, after, indicators, _targets(before, after, was, pairs))


def retargeted(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return ``Changes.targets`` alone, of two tables that need not be scored."""
    was = matched(before, after)
    return _targets(before, after, was, np.flatnonzero(was != NOWHERE))


def points(changes: Changes) -> pd.DataFrame:
    """Return a row for each of ``KINDS``: ``indicators`` (how many) and ``weight`` (points)."""
    grouped = changes.indicators.groupby("kind", observed=False)["weight"]
    return pd.DataFrame({"indicators": grouped.size(), "weight": grouped.sum()})


def by_department(changes: Changes) -> pd.DataFrame:
    """Return a row for each lead department: ``weight`` (points now), ``before`` and ``after`` (points done or on pace).

    NaN where a version does not have the department; the largest gain stands first, the largest loss last.
    """
    then, now = (summary.by_department(table) for table in (changes.before, changes.after))
    table = pd.DataFrame({"weight": now["weight"], "before": _steady(then), "after": _steady(now)})
    gain = table["after"].fillna(0) - table["before"].fillna(0)
    names = [*now.index, *then.index.difference(now.index, sort=False)]
    return table.loc[gain.loc[names].sort_values(ascending=False, kind="stable").index]


def matched(before: pd.DataFrame, after: pd.DataFrame) -> Positions:
    """Return for each row of ``after`` the position of the same indicator in ``before``, ``NOWHERE`` for a new one.

    What has the same serial and text belongs together; then the same serial with a text that was only added to or cut;
    then a text whose serial moved; then a serial whose text changed. What is not the only one of its kind tells nothing.
    """
    found = np.full(len(after), NOWHERE, dtype=np.intp)
    old, new = _keys(before), _keys(after)
    for names, akin in ((["serial", "text", "nth"], False), (["serial"], True), (["text"], False), (["serial"], False)):
        pairs = _pairs(old.drop(index=found[found != NOWHERE]), new[found == NOWHERE], names)
        if akin:
            alike = [_akin(*texts) for texts in zip(pairs["said_before"], pairs["said"], strict=True)]
            pairs = pairs[np.array(alike, dtype=bool)]
        found[pairs["place"]] = pairs["place_before"]
    return found


def _keys(table: pd.DataFrame) -> pd.DataFrame:
    text = bare(table["indicator"].where(table["indicator"] != "", table["goal"]))
    keys = pd.DataFrame({"serial": table["serial"], "text": text, "said": text}).reset_index(drop=True)
    return keys.assign(nth=keys.groupby(["serial", "text"]).cumcount(), place=np.arange(len(keys)))


def _pairs(old: pd.DataFrame, new: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the rows that are alone with their names in both tables, and have written any."""
    written = [name for name in names if name != "nth"]
    told = [keys[(keys[written] != "").any(axis=1)] for keys in (new, old)]
    alone = [keys[~keys.duplicated(names, keep=False)][[*names, "said", "place"]] for keys in told]
    return alone[0].merge(alone[1], on=names, suffixes=("", "_before"))


def _akin(before: str, after: str) -> bool:
    """Tell whether one text holds the other."""
    return bool(before and after) and (before in after or after in before)


def bare(texts: pd.Series) -> pd.Series:
    """Return texts half width and without blanks: what is compared, so that only what they say counts."""
    return texts.str.normalize("NFKC").str.replace(r"\s+", "", regex=True)


def _kinds(before: pd.DataFrame, after: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the kinds of the rows that both tables have, row by row.

    A first report is 新填报 whatever it says, a withdrawn one is worse. Nothing that cannot be judged is called better.
    """
    was, now = (np.array([_ORDER.index(status) for status in table["status"]], dtype=int) for table in (before, after))
    conditions = [
        (was == 0) & (now > 0),
        now < was,
        (now > was) & (now != _ORDER.index("unjudged")),
        (now != was) | _reported_otherwise(before, after),
    ]
    return np.select(conditions, ["newly_reported", "worse", "better", "updated"], default="unchanged").astype(object)


def _reported_otherwise(before: pd.DataFrame, after: pd.DataFrame) -> Flags:
    texts = [_differs(bare(before[name]), bare(after[name])) for name in _TEXTS]
    numbers = [_differs(before[name], after[name]) for name in _NUMBERS]
    stated = _differs(*(table["targets"].map(_actuals) for table in (before, after)))
    differs: Flags = np.any([*texts, *numbers, stated], axis=0)
    return differs


def _actuals(targets: tuple[Target, ...]) -> tuple[tuple[str, str, float], ...]:
    return tuple((target.measure, target.unit, target.actual) for target in targets if target.actual is not None)


def _differs(before: pd.Series, after: pd.Series) -> Flags:
    """Return where two columns differ, row by row; two missing values are the same."""
    if before.dtype == "float64":
        same: Flags = np.isclose(before.to_numpy(), after.to_numpy(), rtol=0, atol=1e-9, equal_nan=True)
        return ~same
    return np.array([old != new for old, new in zip(before, after, strict=True)], dtype=bool)


def _targets(before: pd.DataFrame, after: pd.DataFrame, was: Positions, pairs: Positions) -> pd.DataFrame:
    parts = []
    for field in TARGETS:
        sides = before.iloc[was[pairs]], after.iloc[pairs]
        old, new = _promised(*sides) if field == "targets" else (_target(table, field) for table in sides)
        seen = (_compared(column, field) for column in (old, new))
        changed = np.flatnonzero(_differs(*seen))
        values = {"old": old.iloc[changed].array, "new": new.iloc[changed].array}
        places = {"was": was[pairs][changed], "now": pairs[changed], "field": field}
        parts.append(pd.DataFrame(places | {name: pd.array(list(each), dtype=object) for name, each in values.items()}))
    return pd.concat(parts, ignore_index=True).sort_values("now", kind="stable", ignore_index=True)


def _target(table: pd.DataFrame, field: str) -> pd.Series:
    if field != "due":
        return table[field]
    texts = bare(table["due_text"])
    days = [text if pd.isna(day) else day.date() for day, text in zip(table["due"], texts, strict=True)]
    return pd.Series(days, table.index, dtype=object)


def _promised(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return what both sides promise in figures, without reports and places; () where nobody has confirmed either."""
    confirmed = [bool(was or now) for was, now in zip(before["targets"], after["targets"], strict=True)]
    old, new = (
        [
            _changed(targets or extract_targets(text), start=0, end=0, actual=None, evidence="") if told else ()
            for targets, text, told in zip(table["targets"], table["indicator"], confirmed, strict=True)
        ]
        for table in (before, after)
    )
    return pd.Series(old, before.index, dtype="object"), pd.Series(new, after.index, dtype="object")


def _compared(column: pd.Series, field: str) -> pd.Series:
    """Return what is compared of a column: texts without blanks, targets by what is promised, whatever kind it is called."""
    if field == "targets":
        return column.map(lambda targets: _changed(targets, kind=""))
    return bare(column) if field in ("goal", "indicator") else column


def _changed(targets: tuple[Target, ...], **fields: object) -> tuple[Target, ...]:
    return tuple(replace(target, **fields) for target in targets)  # type: ignore[arg-type]  # fields of a Target


def _steady(table: pd.DataFrame) -> pd.Series:
    return table["done"] + table["on_pace"]
