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
    taken = sum(step.done_on is not None for step in plan.steps)
    open_steps = [step for step in plan.steps if step.due >= as_of and step.done_on is None]
    coming = sorted(open_steps, key=lambda step: step.due)
    head = f"；{_counted(len(plan.steps), '个实施步骤')}"
    if taken == len(plan.steps):
        return (Span(f"{head}都已办理"),)
    head += f"已办{taken}个，" if taken else ""
    if not coming:
        return (Span(f"{head}{'其余' if taken else ''}的期限都已过"),)
    past = sum(step.due < as_of for step in plan.steps)
    head += f"已过{past}个期限，下一个" if past else "下一个" if taken else "，第一个"
    due = coming[0].due_text or words.day(coming[0].due, plan.year)
    return (Span(f"{head}{due}，"), Span(left(coming[0], as_of), "link"))


def left(step: Step, as_of: date) -> str:
    """Return 已过17天, 今天到期 or 还剩44天."""
    return words.days_left((step.due - as_of).days)


def recorded(step: Step, year: int) -> str:
    """Return 已办，10月17日；材料：通报第3期, or 未登记."""
    if step.done_on is None:
        return UNRECORDED
    return f"已办，{words.day(step.done_on, year)}；材料：{step.evidence or '没有写明'}"


def to_save(number: int) -> str:
    """Return what saving does."""
    return f"保存后作为第{number}版发布：还是同一份表，方案和名字按这里的改动；旧版都保留，可在版本页恢复。"


def saved(number: int) -> str:
    """Return what saving has done."""
    return f"已保存：方案的改动从第{number}版起生效。"


def points_told(known: list[float]) -> str:
    """Return whether the contents' points add up, as the sum that they make."""
    return f"合计{words.points(sum(known), 2)}" if known else "没有写明分值"
