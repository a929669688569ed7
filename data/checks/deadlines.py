"""Deadlines that are missing, outside the year, or not the plan's own."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from data.checks import say
from data.checks.audit import Audit, Line, is_blank
from data.checks.serials import parts
from data.findings import Finding


def missing(audit: Audit) -> Iterator[Finding]:
    """Indicators with a weight and no deadline; a table without the column is told once."""
    if audit.lines and not audit.has("due_text"):
        yield say.whole(audit, "due_no_column", "check", "表中没有完成时限一栏。", "不判逾期，不计算序时进度。")
        return
    rows = [line for line in audit.lines if not line.due_text and _due(line) is None and not is_blank(line.weight)]
    message = "{names}没有完成时限。"
    yield from say.grouped(audit, rows, "due_text", "due_missing", "check", message, "不判逾期，不计算序时进度。")


def outside_year(audit: Audit) -> Iterator[Finding]:
    """Deadlines before the year or more than a quarter after it."""
    year = audit.plan.year if audit.plan is not None else audit.form.year
    if year is None:
        return
    quarter_after = (year + 1, 3)
    rows = [
        line
        for line in audit.lines
        if (due := _due(line)) and (due.year < year or (due.year, due.month) > quarter_after)
    ]
    first = rows[0].due_text if rows else ""
    message = f"{{names}}的完成时限不在{year}年度内（如“{first}”）。"
    yield from say.grouped(audit, rows, "due_text", "due_outside_year", "check", message, "按所写的日期计算。")


def against_steps(audit: Audit) -> Iterator[Finding]:
    """A deadline that is not the one the plan sets for the same indicator (6-5)."""
    steps = audit.plan.steps if audit.plan is not None else ()
    asked = {parts(step.serial): step for step in steps if step.serial}
    for line in audit.lines if asked else ():
        step = asked.get(line.number)
        if step is None or _due(line) in (None, step.due):
            continue
        clause = f"方案{step.clause}" if step.clause else "方案"
        message = f"{line.serial}的完成时限是“{line.due_text}”，{clause}要求“{step.due_text}”{step.title}。"
        treatment = "按考评表所写的时限计算；方案的时限另在时限页列出。"
        yield say.finding(audit, line, "due_text", "due_against_plan", "check", message, treatment)


def _due(line: Line) -> date | None:
    return None if pd.isna(line.due) else line.due.date()
