"""Forms drawn as text, as the reader would hand them to the checks; no workbook, no child process.

A row with 小计 or 合计 in it is a sum; a 项目 reaches down to the next one. Several names are parted by 、.
"""

import re
from datetime import date
from typing import Any, Literal

import pandas as pd

from data import checks
from data.cells import address
from data.findings import Finding
from data.plan import Alias, Content, Gap, Plan, Step
from data.reading.form import Form, Label, Sum
from data.reading.labels import canonical, stated_points
from scoring.table import NAMES, NUMBERS, UNCATEGORISED, conform
from tests.drawing import cells

FIELDS = {
    "项目": "category",
    "序号": "serial",
    "依据": "basis",
    "一级指标": "goal",
    "二级指标": "indicator",
    "权重": "weight",
    "时限": "due_text",
    "科室": "departments",
    "负责人": "heads",
    "分管": "leaders",
    "完成情况": "completion",
    "进度": "reported_progress",
    "佐证": "evidence",
    "自评": "self_tier",
    "互评": "peer_tier",
    "考评办": "office_tier",
    **{f"分{seat}": f"panel_{seat}" for seat in range(1, 8)},
    "结果": "stated_result",
}
YEAR = 2025


def drawn(drawing: str) -> Form:
    """Return the form that is drawn; its first line names the columns."""
    heading, *body = cells(drawing)
    columns = {FIELDS[text]: place for place, text in enumerate(heading, start=1)}
    rows: list[dict[str, Any]] = []
    labels: list[tuple[str, str, list[int]]] = []
    sums: list[Sum] = []
    for number, texts in enumerate(body, start=2):
        line = {field: texts[place - 1] if place <= len(texts) else "" for field, place in columns.items()}
        if any(re.search("小计|合计", text) for text in texts):
            sums.append(_sum(line, number, columns, len(rows)))
            continue
        if line.get("category"):
            labels.append((line["category"], address(number, columns["category"]), []))
        if labels:
            labels[-1][2].append(len(rows))
        rows.append(_row(line, number, labels[-1][0] if labels else ""))
    frame = conform(pd.DataFrame(rows, index=range(len(rows)), columns=pd.DataFrame(rows).columns))
    stand = tuple(Label(text, stated_points(text), "考评表", cell, tuple(beside)) for text, cell, beside in labels)
    return Form(frame.assign(block=0), (columns,), stand, tuple(sums), "", None, YEAR)


def _sum(line: dict[str, str], number: int, columns: dict[str, int], after: int) -> Sum:
    text = " ".join(filter(None, line.values()))
    kind: Literal["subtotal", "total"] = "subtotal" if "小计" in text else "total"
    points = float(line["weight"]) if line.get("weight") else None
    return Sum(kind, text, points, "考评表", address(number, columns["weight"]), after)


def _row(line: dict[str, str], number: int, label: str) -> dict[str, Any]:
    category, group = canonical(label)
    printed = re.sub(r"[（(].*?[)）]", "", label)
    row: dict[str, Any] = {name: _value(name, text) for name, text in line.items()}
    row |= {"category": category or printed or UNCATEGORISED, "group": group, "sheet": "考评表", "row": number}
    return row | {"due": _due(line.get("due_text", "")), "year": YEAR}


def _value(name: str, text: str) -> object:
    if name in NUMBERS:
        return float(text.rstrip("%")) / (100 if "%" in text else 1) if text else float("nan")
    return tuple(filter(None, text.split("、"))) if name in NAMES else text


def _due(text: str) -> pd.Timestamp | None:
    found = re.match(r"(?:(\d{4})年)?(\d{1,2})月底前", text)
    return pd.Timestamp(int(found[1] or YEAR), int(found[2]), 1) + pd.offsets.MonthEnd(0) if found else None


def counted_once(form: Form) -> pd.DataFrame:
    """Return the table that is scored: rows identical but for 项目 and 文件依据 stand once."""
    same = form.rows.drop(columns=["category", "group", "basis", "sheet", "row", "block"]).duplicated()
    return conform(form.rows[~same])


def found(drawing: str, plan: Plan | None = None) -> tuple[Finding, ...]:
    """Return what the audit finds in the form that is drawn."""
    form = drawn(drawing)
    return checks.run(form, counted_once(form), plan)


def named(drawing: str, code: str, plan: Plan | None = None) -> list[Finding]:
    """Return the findings of one code."""
    return [finding for finding in found(drawing, plan) if finding.code == code]


def one(drawing: str, code: str, plan: Plan | None = None) -> Finding:
    """Return the only finding of a code."""
    (finding,) = named(drawing, code, plan)
    return finding


def planned(
    total: float | None = 100,
    contents: tuple[Content, ...] = (),
    steps: tuple[Step, ...] = (),
    aliases: tuple[Alias, ...] = (),
    gaps: tuple[Gap, ...] = (),
) -> Plan:
    """Return a plan that says only what a test is about."""
    return Plan(
        unit="某市林业局",
        year=YEAR,
        title="",
        document="",
        example=True,
        total=total,
        contents=contents,
        subjects="",
        chair="",
        deputies=(),
        organisation="",
        organisation_clause="",
        steps=steps,
        aliases=aliases,
        prefixes=(),
        gaps=gaps,
        issues=(),
    )


def step(serial: str, due: date, due_text: str) -> Step:
    """Return a step of a plan that asks for one indicator."""
    return Step(3, "报送改革创新项目", "", due_text, due, serial, "四（三）")
