"""The number formats that a workbook's cells are shown in, by the numbers and codes that the file gives them.

A format that is built in is named by its number alone; the codes are those of ECMA-376 part 1, 18.8.30. A program that
does not know those of a Chinese Excel or WPS (zh-cn) takes the cell for a plain 45992, so these codes are headed by
their number: a reader can tell where they came from.
"""

from xml.etree.ElementTree import Element

GENERAL = "General"
PLAIN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??"}
PLAIN |= {37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)", 48: "##0.0E+0", 49: "@"}
PLAIN |= {40: "#,##0.00_);[Red](#,##0.00)"}
DATES = {14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "m/d/yy h:mm", 45: "mm:ss", 46: "[h]:mm:ss"}
DATES |= {18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 47: "mmss.0"}
MONTH, DAY, DATE = 'yyyy"年"m"月"', 'm"月"d"日"', 'yyyy"年"m"月"d"日"'
MINUTE, SECOND = 'h"时"mm"分"', 'h"时"mm"分"ss"秒"'
CHINESE = {
    27: MONTH,
    28: DAY,
    29: DAY,
    30: "m-d-yy",
    31: DATE,
    32: MINUTE,
    33: SECOND,
    34: MINUTE,
    35: SECOND,
    36: MONTH,
}
CHINESE |= {50: MONTH, 51: DAY, 52: MONTH, 53: DAY, 54: DAY, 55: MINUTE, 56: SECOND, 57: MONTH, 58: DAY}
BUILT_IN = PLAIN | DATES | {number: f"[numFmtId={number}]{code}" for number, code in CHINESE.items()}


def codes_by_style(styles: Element) -> dict[str, str]:
    """Return the code of each cell style of an .xlsx that shows numbers otherwise than General, by the style's index."""
    codes = {str(number): code for number, code in BUILT_IN.items()}
    codes |= {
        each.get("numFmtId", ""): each.get("formatCode", GENERAL) for each in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    numbers = [style.get("numFmtId", "0") for style in styles.iterfind("{*}cellXfs/{*}xf")]
    found = {str(index): codes.get(number, GENERAL) for index, number in enumerate(numbers)}
    return {index: code for index, code in found.items() if code != GENERAL}
