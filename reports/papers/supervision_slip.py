"""督办单 as .docx: one indicator, who answers for it, where it stands, what is to be done, and room to answer."""

from datetime import date

import pandas as pd

from data.decisions import Decision
from data.plan import Plan
from reports import indicator, standing, words
from reports.decisions import agreed, next_step
from reports.imprint import Imprint
from reports.meeting.base import Row, plan_of
from reports.papers import docx_pieces as pieces
from reports.papers.docx_pieces import FOUR, HEADING_FONT, NARROW, THREE
from reports.papers.packages import describe, repacked
from reports.words import STATUSES
from scoring import Method
from scoring.standing import standings

WIDTHS = (31.0, 49.0, 28.0, 48.0)  # millimetres
LEAST, ROOM = 11.0, 30.0


def write(
    scored: pd.DataFrame,
    method: Method,
    index: int,
    as_of: date,
    *,
    plan: Plan | None = None,
    decisions: tuple[Decision, ...] = (),
    imprint: Imprint | None = None,
) -> bytes:
    """Return the slip for the row of ``scored`` with this index label as .docx; the same bytes for the same input."""
    plan = plan or plan_of(scored, as_of)
    mark = imprint or Imprint(plan.name if plan.unit else "", None, as_of, "", plan.example)
    (row,) = indicator.lines(scored.loc[[index]])
    paper = pieces.empty(mark.line(), NARROW)
    pieces.line(paper, mark.mark, HEADING_FONT, THREE)
    paper.add_paragraph("督　办　单", style="Title")
    pieces.line(paper, f"{plan.unit}{plan.year}年度绩效目标　　编号：　　　　　　", "", FOUR)
    rows = _rows(row, method, as_of, plan.year, decisions)
    blank = [("办理情况\n（科室填写）", ""), ("分管领导\n意见", "")]
    heights = [LEAST] * len(rows) + [ROOM] * len(blank)
    pieces.form(paper, WIDTHS, [*rows, *blank], heights, 12)
    pieces.line(paper, "签发：　　　　　　　签收：　　　　　　　签收日期：　　　年　　月　　日", "", 12)
    describe(paper.core_properties, f"督办单 {row.serial} {indicator.called(row)}")
    return repacked(pieces.saved(paper))


def _rows(row: Row, method: Method, as_of: date, year: int, decisions: tuple[Decision, ...]) -> list[tuple[str, ...]]:
    when = None if words.missing(row.due) else row.due.date()
    left = words.days_left(row.days_left)
    due = words.due(row.due_text, when, year) + (f"（{left}）" if left else "")
    mark = STATUSES[row.status]
    agreements = agreed(row, decisions)
    return [
        ("督办事项", indicator.called(row)),
        ("指标序号", row.serial or words.MISSING, "分值", words.points(row.weight, 2)),
        ("责任科室", words.lead(row.departments), "负责人", _named(row.heads)),
        ("协办科室", _named(row.departments[1:]), "分管领导", _named(row.leaders)),
        ("完成时限", due, "当前状态", f"{mark.shape} {mark.word}"),
        ("目标要求", row.indicator.strip() or row.goal.strip() or indicator.BLANK_TEXT),
        ("目前进展", _progress(row, method, as_of, year)),
        *((("议定事项", agreements),) if agreements else ()),
        ("下一步", next_step(row, decisions)),
        ("办理要求", "请于　　　　年　　月　　日前办结，并将结果书面报送办公室。"),
    ]


def _named(names: tuple[str, ...]) -> str:
    return "、".join(names) or words.MISSING


def _progress(row: Row, method: Method, as_of: date, year: int) -> str:
    """Return the report, since when it stands, the verdict, and each quantified target where it speaks of several."""
    made = row.reported_on
    since = "" if words.missing(made) or made.date() >= as_of else f"（{words.carried(made.date(), as_of, year)}）"
    report = [row.completion.strip() + since] if row.completion.strip() else []
    measured = [f"{standing.told(one)}。" for one in standings(row, method) if one.verdict != "missing"]
    return "\n".join([*report, f"{indicator.verdict(row, method)}。", *(measured if len(measured) > 1 else ())])
