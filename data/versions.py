"""What is known of a version beside its table."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Version:
    """One immutable version of a plan's table. ``base`` is the id of the version it was made from."""

    id: int
    plan: str
    number: int
    base: int | None
    data_date: date
    author: str
    note: str
    filename: str
    sha256: str
    published_at: datetime


@dataclass(frozen=True)
class Listed:
    """One plan in the store. ``newest`` is the id of its newest version, from whose plan unit, year and example are."""

    name: str
    unit: str
    year: int
    example: bool
    newest: int
