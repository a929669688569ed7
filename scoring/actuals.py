"""What a report says of each promise: the figure by unit and measure, never a guess across measures."""

from scoring.quantities import Actual, Target


def match_actuals(targets: tuple[Target, ...], completion: str) -> tuple[Actual | None, ...]:
    """Return for each target the reported figure, None where the report does not say."""
    return (None,) * len(targets)
