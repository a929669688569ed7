"""The date and time formats that a Chinese Excel or WPS has built in.

A file names them by number alone, and a program that does not know them takes the cell for a plain 45992. The codes
are those of ECMA-376 part 1, 18.8.30 (zh-cn), headed by their number so that a reader can tell where they came from.
"""

MONTH, DAY, DATE = 'yyyy"年"m"月"', 'm"月"d"日"', 'yyyy"年"m"月"d"日"'
MINUTE, SECOND = 'h"时"mm"分"', 'h"时"mm"分"ss"秒"'
CODES = {27: MONTH, 28: DAY, 29: DAY, 30: "m-d-yy", 31: DATE, 32: MINUTE, 33: SECOND, 34: MINUTE, 35: SECOND, 36: MONTH}
CODES |= {50: MONTH, 51: DAY, 52: MONTH, 53: DAY, 54: DAY, 55: MINUTE, 56: SECOND, 57: MONTH, 58: DAY}
BUILT_IN_CHINESE = {number: f"[numFmtId={number}]{code}" for number, code in CODES.items()}
