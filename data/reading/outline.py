"""The outline of serials: 一 above （一） above 1, and 1 above 1.1."""

import re
from functools import lru_cache

_LEVELS = (
    re.compile(r"[一二三四五六七八九十]+[、.．]?"),
    re.compile(r"[（(][一二三四五六七八九十]+[)）][、.．]?"),
)
LOWEST = len(_LEVELS)


@lru_cache(maxsize=65536)
def level(serial: str) -> int:
    """Return 0 for 一, 1 for （一）, ``LOWEST`` for all others, for none also."""
    return next((level for level, pattern in enumerate(_LEVELS) if pattern.fullmatch(serial)), LOWEST)


def is_deeper(serial: str, parent: str) -> bool:
    """Tell whether a serial is one below another: （一） or 1 below 一, 1.1 or 1-1 below 1."""
    if level(parent) < LOWEST:
        return level(serial) > level(parent)
    rest = serial.removeprefix(parent.rstrip(".、"))
    return rest != serial and rest[:1] in ("-", ".", "．", "—") and rest[1:2].isdigit()
