"""议定事项: what a meeting decided about an indicator, who does it and until when."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Decision:
    """One decision of a meeting on a plan.

    ``serial`` names the indicator, "" where the decision is about none. ``done_on`` is the day on which it was ticked
    off, None while it is open; ``until`` is None where no day was set.
    """

    id: int
    plan: str
    serial: str
    text: str
    who: str
    until: date | None
    decided_on: date
    author: str
    done_on: date | None = None

    @property
    def open(self) -> bool:
        """Tell whether it is still to be done."""
        return self.done_on is None

    def late(self, day: date) -> bool:
        """Tell whether it should have been done before ``day`` and is not."""
        return self.open and self.until is not None and self.until < day
