"""A plan in words: what it asks for, and where its steps stand on a day.

Whether a step was taken is known only where it names an indicator; of the others nobody has recorded it (未登记).
"""

from datetime import date

from data.plan import Plan, Step
from reports import words
from reports.words import Sentence, Span

UNRECORDED = "未登记"


def headline(plan: Plan, as_of: date, items: int, weight: float) -> Sentence:
    """Return 方案100分、五项内容；四个实施步骤，期限已过2个，下一个11月底前，还剩31天。"""
    if not plan.contents and not plan.steps:
        return (Span(f"这张表没有附方案，只按表计：{items}项、{words.points(weight)}。"),)
    parts = [words.points(plan.total) if plan.total is not None else "", _counted(len(plan.contents), "项内容")]
    return (Span(f"方案{'、'.join(part for part in parts if part)}"), *_steps(plan, as_of), Span("。"))


def _counted(count: int, what: str) -> str:
    numerals = "零一两三四五六七八九十"
    return f"{numerals[count] if count < len(numerals) else count}{what}" if count else ""


def _steps(plan: Plan, as_of: date) -> Sentence:
    if not plan.steps:
        return (Span("；没有写明实施步骤"),)
    coming = sorted((step for step in plan.steps if step.due >= as_of), key=lambda step: step.due)
    head = f"；{_counted(len(plan.steps), '个实施步骤')}"
    if not coming:
        return (Span(f"{head}的期限都已过"),)
    past = len(plan.steps) - len(coming)
    head += f"已过{past}个期限，下一个" if past else "，第一个"
    due = coming[0].due_text or words.day(coming[0].due, plan.year)
    return (Span(f"{head}{due}，"), Span(left(coming[0], as_of), "link"))


def left(step: Step, as_of: date) -> str:
    """Return 已过17天, 今天到期 or 还剩44天."""
    return words.days_left((step.due - as_of).days)


def points_told(known: list[float]) -> str:
    """Return whether the contents' points add up, as the sum that they make."""
    return f"合计{words.points(sum(known), 2)}" if known else "没有写明分值"
