"""The number formats that say what a cell's number alone does not: a share shown as 63%, a date that looks like 45992.

A format that is built in is named by its number; the codes are those of ECMA-376 part 1, 18.8.30. A program that does
not know the dates of a Chinese Excel or WPS (zh-cn) takes such a cell for a plain number, so their codes are headed by
their number: a reader can tell where they came from.
"""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

PERCENT = {9: "0%", 10: "0.00%"}
MONTH, DAY, DATE = 'yyyy"年"m"月"', 'm"月"d"日"', 'yyyy"年"m"月"d"日"'
MINUTE, SECOND = 'h"时"mm"分"', 'h"时"mm"分"ss"秒"'
DATES = {27: MONTH, 28: DAY, 29: DAY, 30: "m-d-yy", 31: DATE, 32: MINUTE, 33: SECOND, 34: MINUTE, 35: SECOND, 36: MONTH}
DATES |= {50: MONTH, 51: DAY, 52: MONTH, 53: DAY, 54: DAY, 55: MINUTE, 56: SECOND, 57: MONTH, 58: DAY}
BUILT_IN = PERCENT | {number: f"[numFmtId={number}]{code}" for number, code in DATES.items()}
_LITERAL = re.compile(r'"[^"]*"|[\\_*].')


@lru_cache(maxsize=4096)
def tells(code: str) -> bool:
    """Tell whether a format is one of these; 0"%" only writes the sign behind the number."""
    return code.startswith("[numFmtId=") or "%" in _LITERAL.sub("", code)


def codes_by_style(styles: Element) -> dict[str, str]:
    """Return the code of each cell style of an .xlsx whose format tells, by the style's index."""
    codes = {str(number): code for number, code in BUILT_IN.items()}
    codes |= {each.get("numFmtId", ""): each.get("formatCode", "") for each in styles.iterfind("{*}numFmts/{*}numFmt")}
    numbers = [style.get("numFmtId", "") for style in styles.iterfind("{*}cellXfs/{*}xf")]
    found = {str(index): codes.get(number, "") for index, number in enumerate(numbers)}
    return {index: code for index, code in found.items() if tells(code)}
