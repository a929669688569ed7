"""完成时限: from the words of the sheet to a date.

12月底前 → 12-31    6月30日前 → 06-30    2026年2月底前 → 2026-02-28    全年 → 12-31    三季度末 → 09-30
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from data.cells import Value
from data.reading.values import BLANKS, compact

_CHINESE = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_YEAR = r"(?:(?P<year>\d{4})[年./-]|(?P<next>明年|次年|翌年))?"
_MONTH = re.compile(_YEAR + r"(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})[日号]|(?P<part>上旬|中旬|下旬|底|末|初)?)")
_NUMERIC = re.compile(r"(?P<year>\d{4})[./-](?P<month>\d{1,2})(?:[./-](?P<day>\d{1,2}))?(?!\d)")
_SHORT = re.compile(r"^(?P<month>\d{1,2})[./](?P<day>\d{1,2})(?:前|之前)?$")
_QUARTER = re.compile(_YEAR + r"第?([1-4])季度")
_HALF = re.compile(_YEAR + r"(上|下)半年")
_YEAR_END = re.compile(_YEAR + r"(全年|年底|年末|年终|当年|本年|年内|年度内|年前)|^(\d{4})年(度|底|末|内)?前?$")
_PART_DAYS = {"上旬": 10, "中旬": 20, "初": 10}
_SERIAL_DATES = range(36526, 73051)  # 2000 to 2099 as days of a spreadsheet


@dataclass(frozen=True)
class Deadline:
    """A deadline as printed and as a date; ``due`` is None where no date can be told.

    ``spaced``: blanks or line breaks stood inside; ``undone``: it had arrived as a spreadsheet's day number.
    """

    text: str
    due: date | None
    spaced: bool = False
    undone: bool = False


@lru_cache(maxsize=4096, typed=True)  # a long column has few different ones; typed: 45658 is a day, True none
def deadline(value: Value, year: int | None) -> Deadline:
    """Read a deadline; the plan's ``year`` fills in where the text names none."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Deadline(f"{value.year}年{value.month}月{value.day}日", value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and int(value) in _SERIAL_DATES:
        day = date(1899, 12, 30) + timedelta(days=int(value))
        return Deadline(f"{day.year}年{day.month}月{day.day}日", day, undone=True)
    text = compact(value)
    if text in BLANKS:
        return Deadline("", None)
    spaced = isinstance(value, str) and bool(re.search(r"\S\s+\S", value))
    return Deadline(text.replace(",", "，"), _due(_arabic(text), year), spaced=spaced)


def _arabic(text: str) -> str:
    """十二月 → 12月, 二〇二六年 → 2026年: digits as the patterns expect them."""
    text = re.sub(r"[〇零一二三四五六七八九]{4}(?=年)", lambda found: "".join(str(_CHINESE[c]) for c in found[0]), text)
    return re.sub(r"[一二三四五六七八九十]+(?=个?月|季度|日|号)", lambda found: str(_small(found[0])), text)


def _small(word: str) -> int:
    tens, _, ones = word.rpartition("十")
    if "十" not in word:
        return _CHINESE[word[-1]]
    return 10 * (_CHINESE[tens] if tens else 1) + (_CHINESE[ones] if ones else 0)


def _due(text: str, year: int | None) -> date | None:
    """Return the last date that the text names: what is due in two steps is due by the second."""
    dates = [_month_date(found, year) for found in _MONTH.finditer(text)]
    dates = dates or [_month_date(found, year) for found in _NUMERIC.finditer(text)]
    dates = dates or [_month_date(found, year) for found in _SHORT.finditer(text)]
    if dates:
        return None if None in dates else max(day for day in dates if day)
    return _part_of_year(text, year)


def _part_of_year(text: str, year: int | None) -> date | None:
    for pattern, month in ((_QUARTER, 3), (_HALF, 6), (_YEAR_END, 12)):
        found = pattern.search(text)
        if not found:
            continue
        named = found.groupdict()
        number = 1 if month == 12 else {"上": 1, "下": 2}.get(found[3]) or int(found[3])
        own = _year_of(named, year) if named["year"] or named["next"] else _last_year(found, year)
        return date(own, month * number, calendar.monthrange(own, month * number)[1]) if own else None
    return None


def _last_year(found: re.Match[str], year: int | None) -> int | None:
    digits = re.search(r"\d{4}", found[0])
    return int(digits[0]) if digits else year


def _year_of(named: dict[str, str | None], year: int | None) -> int | None:
    if named.get("year"):
        return int(named["year"] or 0)
    return year + 1 if named.get("next") and year else year


def _month_date(found: re.Match[str], year: int | None) -> date | None:
    named = found.groupdict()
    own, month = _year_of(named, year), int(named["month"] or 0)
    if not own or not 1 <= month <= 12 or not 2000 <= own <= 2099:
        return None
    last = calendar.monthrange(own, month)[1]
    day = int(named["day"]) if named.get("day") else _PART_DAYS.get(named.get("part") or "", last)
    return date(own, month, day) if 1 <= day <= last else None
