"""How much of a file is read: beyond this it is refused with a sentence, never with a stalled or fallen page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on a file and on the child process that parses it. Sizes are bytes, times seconds.

    ``cells`` bounds the rectangle from A1 to the last value, over all sheets; ``covered`` the cells under merged
    ranges within that rectangle; ``tags`` the markup in all XML parts, which is what parsing time grows with;
    ``answer`` the text the child may give back.
    """

    file: int = 20 * 2**20
    unpacked: int = 400 * 2**20
    parts: int = 300
    rows: int = 200_000
    columns: int = 300
    cells: int = 4_000_000
    merges: int = 10_000
    covered: int = 4_000_000
    tags: int = 24_000_000
    answer: int = 256 * 2**20
    memory: int = 1536 * 2**20
    cpu_seconds: int = 60
    wall_seconds: int = 90


LIMITS = Limits()
