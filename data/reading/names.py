"""Several names in one cell, taken apart with what the rest of the column knows."""

import re
from collections.abc import Iterable
from functools import lru_cache

from data.cells import Value
from data.reading.values import BLANKS, half_width, plain

_MARKS = re.compile(r"[、,，;；/／\n\r|｜+＋&]+")
_PADDED = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_BRACKETS = re.compile(r"\s+(?=[（(])|(?<=[（(])[^）)]*(?=[）)])")
_ROLES = re.compile(r"^(牵头|主办|协办|配合|责任)(科室|部门|单位)?[:：]|[(（](牵头|协办|配合|主办)[)）]$")


def known_names(cells: Iterable[Value], people: bool) -> frozenset[str]:
    """Return the names that stand alone in some cell of a column: they tell how a crowded cell is to be split."""
    alone = {parts[0] for parts in (_parts(cell, people) for cell in cells) if len(parts) == 1 and len(parts[0]) > 1}
    return frozenset(name for name in alone if _by_known(name, frozenset(alone - {name})) == [name])


@lru_cache(maxsize=4096, typed=True)
def split_names(value: Value, known: frozenset[str], people: bool) -> tuple[str, ...]:
    """Return the names in a cell, the lead first, each once.

    Marks, line breaks and blanks split; the blank of a padded name (李　佳) does not; and a run of characters that is
    made up of known names (机关党委办公室 where both stand alone elsewhere) is taken apart.
    """
    whole = re.sub(r"\s+", "", plain(value))
    if whole in known:
        return (whole,)
    names = (name for part in _parts(value, people) for name in _by_known(part, known))
    return tuple(dict.fromkeys(names))


@lru_cache(maxsize=4096, typed=True)  # a long column has few different names
def _parts(value: Value, people: bool) -> tuple[str, ...]:
    text = plain(value).strip()
    text = _PADDED.sub(r"\1\2", text) if people else _BRACKETS.sub(lambda found: re.sub(r"\s+", "", found[0]), text)
    pieces = (piece for chunk in _MARKS.split(text) for piece in re.split(r"\s+", chunk))
    bare = (_ROLES.sub("", half_width(piece)).strip("()。.:") if people else _department(piece) for piece in pieces)
    return tuple(piece for piece in bare if piece not in BLANKS)


def _department(piece: str) -> str:
    """Departments keep their full-width brackets: 机关党委（人教科）."""
    return re.sub(r"\((.*?)\)", r"（\1）", _ROLES.sub("", half_width(piece)))


def _by_known(part: str, known: frozenset[str]) -> list[str]:
    """Split ``part`` into known names if it is wholly made of at least two of them, else leave it whole."""
    if part in known:
        return [part]
    for name in sorted(known, key=len, reverse=True):
        if part.startswith(name):
            rest = _by_known(part[len(name) :], known)
            if all(piece in known for piece in rest):
                return [name, *rest]
    return [part]
