"""数据截至: the day up to which a workbook reports, as far as its own line, its file name or its title tells it."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from data.cells import Sheet, Value
from data.reading.values import compact

HEADING = "数据截至"
_DAY = re.compile(
    r"(?<!\d)(?P<year>20\d{2})(?:[-年./_](?P<month>\d{1,2})[-月./_](?P<day>\d{1,2})|(?P<m>\d{2})(?P<d>\d{2}))(?!\d)"
)
_DAY_OF_YEAR = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_MONTH = re.compile(r"(?<!\d)(?P<year>20\d{2})[-年./_](?P<month>\d{1,2})(?:月(?!前|底前|[上中下]旬|\d)|(?![\d月号旬]))")
_MONTH_OF_YEAR = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?!前|底前|[上中下]旬|\d)")
_CHINESE = re.compile(r"(?P<tens>十)?(?P<one>[一二三四五六七八九])?月(?!前|底前|[上中下]旬)")
_SPANS = (
    (re.compile(r"上半年|第?[二2]季度"), 6),
    (re.compile(r"第?[一1]季度"), 3),
    (re.compile(r"(?:前|第)?[三3]季度"), 9),
    (re.compile(r"第?[四4]季度|年终|年底"), 12),
)


def proposed(filename: str, title: str, year: int | None) -> date | None:
    """Return the data date that the file's name tells, else its title; the end of the month where only that stands.

    None where nothing tells it. ``year`` fills in where only a month is written.
    """
    told = (day for text in (re.sub(r"\.\w{2,4}$", "", filename), title) for day in _told(text, year))
    return next(told, None)


def stated(sheet: Sheet, header: int, year: int | None) -> date | None:
    """Return the day that stands behind 数据截至 above the header, in the same cell or in the next one to its right."""
    for row in sheet.rows[: max(header - 1, 0)]:
        written = [value for value in row if value not in (None, "")]
        for value, right in zip(written, [*written[1:], None], strict=True):
            if compact(value).startswith(HEADING):
                own = compact(value).removeprefix(HEADING).lstrip(":为")
                return _date_of(own or right, year)
    return None


def _date_of(value: Value, year: int | None) -> date | None:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    return next(_told(compact(value), year), None)


def _told(text: str, year: int | None) -> Iterator[date]:
    """Yield what the text could mean, the most exact reading first."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    for found in _DAY.finditer(plain):
        yield from _day(found["year"], found["month"] or found["m"], found["day"] or found["d"])
    for found in _DAY_OF_YEAR.finditer(plain):
        yield from _day(year, found["month"], found["day"])
    for found in _MONTH.finditer(plain):
        yield from _month_end(int(found["year"]), int(found["month"]))
    named = re.search(r"(20\d{2})年", plain)
    own = int(named[1]) if named else year
    for found in _MONTH_OF_YEAR.finditer(plain):
        yield from _month_end(own, int(found["month"]))
    for found in _CHINESE.finditer(plain):
        tens, one = found["tens"], found["one"]
        yield from _month_end(own, (10 if tens else 0) + ("一二三四五六七八九".index(one) + 1 if one else 0))
    for pattern, month in _SPANS:
        if pattern.search(plain):
            yield from _month_end(own, month)


def _day(year: str | int | None, month: str, day: str) -> Iterator[date]:
    try:
        yield date(int(year or 0), int(month), int(day))
    except ValueError:
        return


def _month_end(year: int | None, month: int) -> Iterator[date]:
    if year and 1 <= month <= 12:
        yield date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
