"""A plan: what a unit's notice says about a year's evaluation beside the table itself.

Every entry names its clause in the notice ("四（三）"), or "" where the notice does not say it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from data.errors import PlanInvalid

TABLES = Path(__file__).parent / "tables"
MOST_POINTS = 1e6  # nan and inf are no points either


@dataclass(frozen=True)
class Content:
    """One of the five 考评内容: its points, who evaluates it, and how (三档层差法)."""

    category: str
    points: float | None
    evaluators: tuple[str, ...]
    rule: str
    clause: str


@dataclass(frozen=True)
class Step:
    """One 实施步骤 of the notice. ``serial`` is the indicator that must be met by it, "" where none is.

    ``done_on`` is the day on which it was taken, None where nobody has recorded it, ``evidence`` the material for it.
    """

    number: int
    title: str
    text: str
    due_text: str
    due: date
    serial: str
    clause: str
    done_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Alias:
    """Two spellings that a person has confirmed to mean the same department or person."""

    printed: str
    means: str
    kind: str  # department | person
    confirmed_by: str


@dataclass(frozen=True)
class Prefix:
    """What a leading serial number stands for where the table's 项目 does not say it: 7-3 is 安全生产."""

    serial: str
    category: str
    group: str
    clause: str


@dataclass(frozen=True)
class Gap:
    """Indicators that the source itself lacks, with their points where anybody can know them."""

    serials: str
    points: float | None
    why: str


@dataclass(frozen=True)
class Issue:
    """One dated workbook of a plan that ships with the product."""

    file: str
    data_date: date
    author: str
    note: str


@dataclass(frozen=True)
class Plan:
    """A unit in a year. ``total`` is in points; ``deputies`` stand in the bureau's own order."""

    unit: str
    year: int
    title: str
    document: str
    example: bool
    total: float | None
    contents: tuple[Content, ...]
    subjects: str  # 考评对象
    chair: str
    deputies: tuple[str, ...]
    organisation: str
    organisation_clause: str
    steps: tuple[Step, ...]
    aliases: tuple[Alias, ...]
    prefixes: tuple[Prefix, ...]
    gaps: tuple[Gap, ...]
    issues: tuple[Issue, ...]

    @property
    def name(self) -> str:
        """Return the plan's name, 泉州市商务局 2025."""
        return f"{self.unit} {self.year}"


_REQUIRED: dict[Any, tuple[str, ...]] = {
    Plan: ("unit", "year"),
    Content: ("category",),
    Step: ("number", "due"),
    Alias: ("printed", "means"),
    Prefix: ("serial", "category"),
    Gap: ("serials",),
    Issue: ("file", "data_date"),
}
_BLANKS: dict[Any, object] = {str: "", bool: False, float | None: None, date | None: None}
_WORDS: dict[Any, str] = {
    str: "文字（加引号）",
    bool: "true 或 false",
    int: "整数",
    float | None: "不小于 0 的分值",
    date: "日期，如 2025-06-30",
    date | None: "日期，如 2025-06-30",
    tuple[str, ...]: '文字的列表，如 ["甲", "乙"]',
}


def load(path: Path) -> Plan:
    """Return the plan in a TOML file; raise PlanInvalid, naming the entry, where it cannot be used."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanInvalid(f"方案文件 {path.name} 打不开：请确认文件存在，并以 UTF-8 编码保存。") from error
    return parse(text, path.name)


def parse(text: str, source: str) -> Plan:
    """Return the plan written in TOML; ``source`` is the file's name for messages. Raise PlanInvalid."""
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanInvalid(f"方案文件 {source} 不是有效的 TOML：{error}。请照随产品附带的方案文件改正。") from error
    plan: Plan = _record(Plan, entries, f"方案文件 {source}")
    return plan


@cache
def shipped() -> tuple[Plan, ...]:
    """Return the plans that ship with the product, real units first, examples last."""
    plans = [load(path) for path in sorted(TABLES.glob("*.toml"))]
    return tuple(sorted(plans, key=lambda plan: plan.example))


def find(unit: str, year: int) -> Plan | None:
    """Return the shipped plan of a unit in a year, None where there is none."""
    return next((plan for plan in shipped() if (plan.unit, plan.year) == (unit, year)), None)


def _record(kind: Any, entries: Mapping[str, Any], where: str) -> Any:
    """Build one of the dataclasses above from a TOML table; entries that it does not know are refused."""
    kinds = get_type_hints(kind)
    if unknown := sorted(set(entries) - set(kinds)):
        raise PlanInvalid(f"{where} 里有不认识的条目 {unknown[0]}：可用的条目有 {'、'.join(kinds)}。")
    if missing := [name for name in _REQUIRED[kind] if name not in entries]:
        raise PlanInvalid(f"{where} 缺少条目 {missing[0]}：请填写{_words(kinds[missing[0]])}。")
    return kind(**{field.name: _value(kinds[field.name], field.name, entries, where) for field in fields(kind)})


def _value(kind: Any, name: str, entries: Mapping[str, Any], where: str) -> Any:
    if name not in entries:
        return _BLANKS.get(kind, ())
    value = entries[name]
    if _lists_records(kind) and isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return tuple(
            _record(get_args(kind)[0], item, f"{where} 的 [[{name}]] 第{n}项") for n, item in enumerate(value, 1)
        )
    if not _fits(kind, value):
        raise PlanInvalid(f"{where} 的条目 {name} 是 {value!r}，应填{_words(kind)}。")
    if kind == float | None:
        return float(value)
    return tuple(value) if isinstance(value, list) else value


def _lists_records(kind: Any) -> bool:
    return bool(get_args(kind)) and is_dataclass(get_args(kind)[0])


def _fits(kind: Any, value: Any) -> bool:
    if kind == tuple[str, ...]:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind == float | None:
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_POINTS
    if _lists_records(kind):
        return False
    if kind == date | None:
        return type(value) is date
    return type(value) is kind  # a TOML date-time is no date, and true is no number


def _words(kind: Any) -> str:
    return _WORDS.get(kind, "若干 [[…]] 小节")
