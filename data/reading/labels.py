"""项目: which category and group a row belongs to.

A label stands in the row's own 项目 cell or the merged range that covers it, in one or two columns; or as a section's
title across the sheet above its rows; or nowhere, then the serial's prefix says it where the plan tells what it means.
"""

import re
from functools import lru_cache

from data.cells import Sheet, address
from data.plan import Plan
from data.reading.form import Label
from data.reading.lines import Line, stated_weight
from data.reading.outline import is_deeper
from data.reading.scale import WeightScale
from data.reading.values import compact, plain, prose
from scoring.table import UNCATEGORISED

_CATEGORY = {
    "职能工作目标": r"职能(工作|目标|指标)|^职能$",
    "行政能力目标": r"行政能力",
    "精神文明建设成效": r"精神文明|文明建设",
    "平安建设成效": r"平安",
    "安全生产": r"安全生产|消防安全",
}
_GROUP = {
    "重点工作目标": (r"重点(工作|目标|指标|任务)|^重点$", "职能工作目标"),
    "常规工作目标": (r"常规(工作|目标|指标)|^常规$|日常工作", "职能工作目标"),
    "从严治党": (r"从严治党", "行政能力目标"),
    "依法履职": (r"依法(履职|行政)", "行政能力目标"),
    "机关效能": (r"机关效能|效能建设", "行政能力目标"),
}
_POINTS = re.compile(r"[（(]?\s*(?:共|计|占|合计)?\s*(\d+(?:\.\d+)?)\s*分\s*[)）]?")
_NUMBERING = re.compile(r"^表?[（(]?[一二三四五六七八九十\d]+[)）]?[、.．]?")


def stated_points(text: str) -> float | None:
    """Return the points that a label states: 职能工作目标（70分） is 70; None where it states none."""
    found = _POINTS.search(compact(text))
    return float(found[1]) if found else None


@lru_cache(maxsize=4096)  # a long column has few different labels
def canonical(text: str) -> tuple[str, str]:
    """Return the category and the group that a label names, "" for what it does not name."""
    word = compact(text)
    group = next((name for name, (pattern, _) in _GROUP.items() if re.search(pattern, word)), "")
    named = next((name for name, pattern in _CATEGORY.items() if re.search(pattern, word)), "")
    return named or (_GROUP[group][1] if group else ""), group


@lru_cache(maxsize=4096)
def _as_printed(text: str) -> str:
    return re.sub(r"[（(][^（(]*分[）)]", "", _NUMBERING.sub("", compact(text)))


class Labels:
    """Collects the labels of a form while its rows are read, and gives each row its category and group."""

    def __init__(self, plan: Plan | None, scale: WeightScale) -> None:
        self._scale = scale
        self._prefixes = sorted(plan.prefixes, key=lambda prefix: -len(prefix.serial)) if plan else []
        self._rows: dict[tuple[str, str], tuple[str, list[int]]] = {}
        self._printed = ""
        self._section = ("", "")
        self._section_key: tuple[str, str] | None = None
        self._parent: tuple[str, str, tuple[str, str]] | None = None

    def next_sheet(self, sheet: Sheet) -> None:
        """Forget what was carried down on the sheet before."""
        self._sheet = sheet
        self._printed, self._section, self._section_key, self._parent = "", canonical(sheet.name), None, None
        self._first = {
            (row, column): (r1, c1)
            for r1, c1, r2, c2 in sheet.merges
            for row in range(r1, min(r2, len(sheet.rows)) + 1)
            for column in range(c1, c2 + 1)
        }

    def section(self, line: Line, cell: str) -> None:
        """Take a line across the sheet (一、职能工作目标（70分）) as the label of the rows below it."""
        text = _title(line, self._scale)
        category, group = canonical(text)
        inner = re.match(r"^[（(]", text) is not None
        self._section = (category or (inner and self._section[0]) or _as_printed(text), group)
        self._section_key = (self._sheet.name, cell)
        self._rows[self._section_key] = (text, [])
        self._parent = None

    def parent(self, line: Line, cell: str) -> None:
        """Take a line 1　…　10 above 1.1, 1.2 … as the goal of the rows below it."""
        self._parent = (compact(line.values["serial"]), _words(line), (self._sheet.name, cell))
        self._rows[self._parent[2]] = (_title(line, self._scale), [])

    def goal(self, line: Line, row: int) -> str:
        """Return the text of the parent line whose serial the row's serial extends, "" without one."""
        if not self._parent or not is_deeper(compact(line.values.get("serial")), self._parent[0]):
            return ""
        self._rows[self._parent[2]][1].append(row)
        return self._parent[1]

    def of(self, line: Line, row: int) -> tuple[str, str, str]:
        """Return the row's own label as category and group ("" where it has none), and what was printed above it."""
        own = [self._own(line, name, row) for name in ("category", "group")]
        named = [canonical(text) for text in own if text]
        category = next((found for found, _ in named if found), "")
        group = next((found for _, found in named if found), "")
        self._printed = next((_as_printed(text) for text in own if text), "") or self._printed
        if self._section_key:
            self._rows[self._section_key][1].append(row)
        if any(own):
            return category, group, self._printed
        return self._section[0], self._section[1], self._printed

    def _own(self, line: Line, name: str, row: int) -> str:
        column = line.header.columns.get(name)
        text = "".join(plain(line.values.get(name)).split()) if column else ""
        if text and column:
            place = address(*self._first.get((line.row, column), (line.row, column)))
            self._rows.setdefault((self._sheet.name, place), (text, []))[1].append(row)
        return text

    def resolve(self, label: tuple[str, str, str], serial: str) -> tuple[str, str]:
        """Return a row's category and group: by its label, else by its serial's prefix, else as printed above it."""
        category, group, printed = label
        prefix = next((each for each in self._prefixes if _starts(serial, each.serial)), None)
        if prefix and category in ("", prefix.category):
            return prefix.category, group or prefix.group
        return category or printed or UNCATEGORISED, group

    def found(self) -> tuple[Label, ...]:
        """Return every label of the form with its stated points and the rows it stands beside."""
        return tuple(
            Label(text, stated_points(text), sheet, cell, tuple(rows))
            for (sheet, cell), (text, rows) in self._rows.items()
        )


def _words(line: Line) -> str:
    names = ("indicator", "goal", "basis", "group", "category")
    return next((prose(line.values[name]) for name in names if name in line.own), line.text)


def _title(line: Line, scale: WeightScale) -> str:
    """Return a label's text; points that stand in the weight column are put behind it as labels state them."""
    points = scale.points(stated_weight(line)) if "weight" in line.own else None
    return _words(line) if points is None else f"{_words(line)}（{points:g}分）"


def _starts(serial: str, prefix: str) -> bool:
    return serial == prefix or serial.startswith(f"{prefix}-")
