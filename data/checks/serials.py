"""Serials as numbers: 1-3-2, 1.3.2 and （一）3 are counted alike."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

Parts = tuple[int, ...]  # () where a serial cannot be counted

_ORDER = "零一二三四五六七八九"
_PART = re.compile(r"[0-9]{1,3}|[一二三四五六七八九十]{1,3}")
_BETWEEN = re.compile(r"[-‐–—−~_.．、,，/·()\[\]〔〕【】 ]{0,4}")


@lru_cache(maxsize=4096)
def parts(serial: str) -> Parts:
    """Return a serial's numbers, () where it has other signs in it or a number above 999."""
    text = unicodedata.normalize("NFKC", serial).strip()
    if not text or len(text) > 24 or not _BETWEEN.fullmatch(_PART.sub("", text)) or re.search(r"\d{4}", text):
        return ()
    return tuple(_number(part) for part in _PART.findall(text))


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _ORDER.index(text[-1])
    return 10 * (_ORDER.index(tens[-1]) if tens else 1) + (_ORDER.index(ones[-1]) if ones and ones != "十" else 0)


def follows(one: Parts, other: Parts) -> bool:
    """Tell whether ``other`` is the next number after ``one`` below the same parent."""
    return bool(one) and len(one) == len(other) and other == (*one[:-1], one[-1] + 1)


def written(number: Parts, model: str) -> str:
    """Write a number the way ``model``, a serial of the same depth, is written; with hyphens where it is not."""
    found = list(re.finditer(r"[0-9]+", unicodedata.normalize("NFKC", model)))
    if len(found) != len(number):
        return "-".join(map(str, number))
    marks = {re.sub(r"[0-9]", "", model[one.end() : two.start()]) for one, two in pairwise(found)}
    return (marks.pop() if len(marks) == 1 else "-").join(map(str, number))
