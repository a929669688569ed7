"""What stands above the table: its title, the unit, the year."""

import re

from data.cells import Sheet
from data.reading.values import compact

_YEAR = re.compile(r"(20\d{2})\s*年|(?<!\d)(20\d{2})(?!\d)")
_CHINESE_YEAR = re.compile(r"二[〇零○O0]([〇零○O0一二三四五六七八九])([〇零○O0一二三四五六七八九])年")
_DIGITS = {**{char: number for number, char in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0, "O": 0, "0": 0}
_WHOSE = "参评|填报|被考评|被考核|考评|考核|责任|报送"
_UNIT_FIELD = re.compile(rf"^({_WHOSE})?单位(?:名称)?(?:[（(].{{0,6}}[)）])?[:：](.*)$")
_UNIT_IN_BRACKETS = re.compile(rf"[（(]({_WHOSE})?单位(?:名称)?[:：]([^（()）]+)[)）]")
_ENDINGS = (
    "局|委员会|委|办公室|办|厅|部|院|处|中心|支队|总队|队|会|署|站|馆|所|行|公司|集团|学校|大学|医院|社|法院|检察院"
)
_NAMES_A_UNIT = re.compile(rf"(?:{_ENDINGS})$")
_UNIT_NAME = re.compile(
    rf"(?:^|年度?|[《（(_\-])([\u4e00-\u9fff]{{2,20}}?(?:{_ENDINGS}))"
    r"(?=[_\-《（()）]*(?:关于|20\d{2}|二〇|年度|绩效|考评|考核|目标|重点|工作|责任|任务|$))"
)


def title_of(sheet: Sheet, header: int) -> str:
    """Return the title above the header: the longest text of the rows above it, "" where there is none."""
    texts = [compact(value) for row in sheet.rows[: max(header - 1, 0)] for value in row if isinstance(value, str)]
    titles = [
        text
        for text in texts
        if re.search(r"(表|目标|方案|考评|考核|绩效|台账|清单|任务|计划)", text) and not _UNIT_FIELD.match(text)
    ]
    return max(titles, key=len, default="")


def year_of(text: str) -> int | None:
    """Return the year that a title or a file name names, None where it names none."""
    found = _CHINESE_YEAR.search(text)
    if found:
        return 2000 + 10 * _DIGITS[found[1]] + _DIGITS[found[2]]
    plain = _YEAR.search(compact(text))
    return int(plain[1] or plain[2]) if plain else None


def unit_of(sheet: Sheet | None, title: str) -> str | None:
    """Return the unit: from the line 参评单位：…, else from the title (or a file name); None where nobody says."""
    for text, right in _texts(sheet) if sheet else ():
        found = _UNIT_FIELD.match(text) or _UNIT_IN_BRACKETS.search(text)
        if found:
            unit = re.split(r"(?:填报|制表|时间|日期|单位[:：])", found[2])[0] or right
            if unit and (found[1] or _NAMES_A_UNIT.search(unit)):  # 单位：万元 says what is counted
                return unit
    found = _UNIT_NAME.search(re.sub(r"\.\w{2,4}$", "", compact(title)))
    return found[1] if found else None


def _texts(sheet: Sheet) -> list[tuple[str, str]]:
    """Return the texts of the first rows, each with the next text to its right."""
    pairs = []
    for row in sheet.rows[:15]:
        texts = [compact(value) for value in row if isinstance(value, str) and value.strip()]
        pairs += list(zip(texts, [*texts[1:], ""], strict=False))
    return pairs
