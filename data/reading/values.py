"""Single values as clerks type them: texts, numbers, tiers, serials. Nothing here knows where a value stood."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from math import isfinite

from data.cells import CellError, Value

BLANKS = frozenset({"", "/", "\\", "-", "--", "—", "——", "－", "无", "暂无", "空", "待定"})
_NUMBER = re.compile(r"^([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(分|%)?$")
_TIER = re.compile(r"^第?([一二三123ⅠⅡⅢ]|i{1,3})(?:档|等|级)?$", re.IGNORECASE)
_TIERS = {"一": 1, "二": 2, "三": 3, "1": 1, "2": 2, "3": 3, "i": 1, "ii": 2, "iii": 3}
_LIST_ITEM = re.compile(r"^(\d{1,2}[.、)）]|[(（][\d一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、|[①-⑳])")
_DATE_TEXT = re.compile(r"^(?:(\d{4})[年/-])?(\d{1,2})[月/-](\d{1,2})日?$")


@dataclass(frozen=True)
class Number:
    """A number as read. ``as_text``: it was typed as text; ``percent``: a % stood with it, the value is a share.

    ``value`` is None where nothing stands; ``unreadable`` where something stands that is no number.
    """

    value: float | None
    as_text: bool = False
    percent: bool = False
    unreadable: bool = False


@lru_cache(maxsize=65536)
def half_width(text: str) -> str:
    """Return the text with full-width letters and digits made half width, without blanks at its ends."""
    return unicodedata.normalize("NFKC", text).strip()


def compact(value: Value) -> str:
    """Return a short text (a heading, a serial, a deadline) without any blank or line break in it."""
    return _tight(plain(value))


@lru_cache(maxsize=65536)
def _tight(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def plain(value: Value) -> str:
    """Return a cell's text as a person would type it: 3 not 3.0, a date as 2025-06-30, an error as nothing."""
    if value is None or isinstance(value, CellError):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.12g}"
    return _date_text(value) if isinstance(value, (date, time)) else str(value)


def _date_text(value: date | time) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat()


def prose(value: Value) -> str:
    """Return a long text; lines that were only wrapped are joined, items of a list keep their own line."""
    text = plain(value).replace("\r", "\n").strip()
    if "\n" not in text:
        return text
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    joined = lines[:1]
    for line in lines[1:]:
        if _LIST_ITEM.match(line):
            joined.append(line)
        else:
            joined[-1] += line
    return "\n".join(joined)


@lru_cache(maxsize=65536, typed=True)  # typed: 1 is a number, True none
def number(value: Value, number_format: str = "") -> Number:
    """Read a number: 4, "４", "4分", "1,200", "63%", 0.63 shown as 63%."""
    if value is None:
        return Number(None)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
        return Number(float(value), percent="%" in number_format)
    if not isinstance(value, str) or isinstance(value, CellError):
        return Number(None, unreadable=True)
    text = compact(value)
    found = _NUMBER.match(text)
    if not found:
        return Number(None, unreadable=text not in BLANKS)
    share = found[2] == "%"
    return Number(float(found[1].replace(",", "")) / (100 if share else 1), as_text=True, percent=share)


def tier(value: Value) -> Number:
    """Read a 档: 1, 一档, 第二档, Ⅲ档."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Number(float(value))
    text = compact(value)
    found = _TIER.match(text)
    if found:
        return Number(float(_TIERS[half_width(found[1]).lower()]))
    return Number(None, unreadable=text not in BLANKS or isinstance(value, CellError))


def serial(value: Value) -> tuple[str, bool]:
    """Read a 序号; the flag tells that Excel had turned it into a date, which is undone.

    4-1 typed in 2025 became 2025-04-01, 1-2-3 became 2001-02-03: a year that a bureau's serial can stand for is its
    first part, any other year was added by Excel.
    """
    found = _DATE_TEXT.match(compact(value)) if isinstance(value, str) else None
    if isinstance(value, date):
        year, month, day = value.year, value.month, value.day
    elif found and (found[1] or "月" in compact(value)):
        year, month, day = int(found[1] or 0), int(found[2]), int(found[3])
    else:
        return re.sub(r"[—–−－-]+", "-", compact(value)), False
    parts = [year - 2000] if 2000 < year < 2020 else []
    return "-".join(map(str, [*parts, month, day])), True
