"""What every paper says of itself: which plan, which version, up to which day, and the hash that proves it."""

from dataclasses import dataclass
from datetime import date

from reports.words import EXAMPLE

INTERNAL = "内部资料"
HASH = 12  # characters of the chain, as on the terminal


@dataclass(frozen=True)
class Imprint:
    """Where a paper comes from; what is not given is not printed.

    ``head`` is the store's newest chain, whole or cut; ``example`` tells that unit and names are fictional.
    """

    plan: str = ""
    version: int | None = None
    data_date: date | None = None
    head: str = ""
    example: bool = False

    @property
    def mark(self) -> str:
        """Return 示例数据 for a fictional unit, else 内部资料."""
        return EXAMPLE if self.example else INTERNAL

    def line(self) -> str:
        """Return 示例数据　示例市商务局 2025　第5版　数据截至2025年12月31日　校验码0a1b2c3d4e5f."""
        day = self.data_date
        parts = (
            self.mark,
            self.plan,
            f"第{self.version}版" if self.version is not None else "",
            f"数据截至{day.year}年{day.month}月{day.day}日" if day else "",
            f"校验码{self.head[:HASH]}" if self.head else "",
        )
        return "　".join(part for part in parts if part)
