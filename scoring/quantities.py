"""Figures as Chinese prose writes them, and what a promise and a report make of one (design rules 7 to 9)."""


from dataclasses import dataclass

KINDS = ("count", "amount", "growth", "decline", "rate", "level", "document", "none")
CUMULATIVE = ("count", "amount", "document")  # grow over the year, so judged by the calendar; the others by their value
COMPARATORS = (">=", ">", "<=", "<", "=")


@dataclass(frozen=True)
class Target:
    """One quantified promise: ``value`` and ``unit`` as written, ``measure`` what is counted, its span in the text.

    ``kind`` none is a person's word that the indicator has no quantified target. ``actual`` (in ``unit``) and
    ``evidence`` are what the sheet 量化目标 states; None and "" where it says nothing.
    """

    kind: str
    comparator: str
    value: float
    unit: str
    measure: str
    start: int
    end: int
    actual: float | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Actual:
    """What a report says of one target: the figure in the target's unit, and its span in the report."""

    value: float
    start: int
    end: int
