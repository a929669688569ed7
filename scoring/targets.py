"""What an indicator promises in figures: every quantified target of its text (design rules 7 to 9)."""

from scoring.actuals import match_actuals
from scoring.quantities import COMPARATORS, CUMULATIVE, KINDS, Actual, Target

__all__ = ["COMPARATORS", "CUMULATIVE", "KINDS", "Actual", "Target", "extract_targets", "match_actuals"]


def extract_targets(text: str) -> tuple[Target, ...]:
    """Return every quantified promise of an indicator's text, in its order."""
    return ()
