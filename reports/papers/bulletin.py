"""情况通报 as .docx in office style: 总体情况, 分领导分科室, 滞后事项, 下一步, and all indicators as an 附表."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from data.decisions import Decision
from data.plan import Plan
from reports import changes, indicator, lists, words
from reports.decisions import TO_BE_DECIDED, next_step, told
from reports.imprint import Imprint
from reports.meeting import items, numbers
from reports.meeting.base import Meeting, Row, plan_of
from reports.papers import docx_pieces as pieces
from reports.papers.docx_pieces import FIVE, HEADING_FONT, THREE, TITLE_FONT, Column, Paper
from reports.papers.packages import describe, repacked
from reports.words import STATUSES
from scoring import Method, summary
from scoring.changes import compare
from scoring.table import UNNAMED

NUMBERS = "一二三四五六七八九十"
MOST = 60  # indicators in the text; the 附表 has all of them
MOST_ROWS = 2000  # of the 附表
KINDS = {"blank": "任务分解", "running": "进展", "evaluation": "考评"}


def write(
    scored: pd.DataFrame,
    method: Method,
    as_of: date,
    *,
    plan: Plan | None = None,
    previous: pd.DataFrame | None = None,
    decisions: tuple[Decision, ...] = (),
    names: bool = True,
    imprint: Imprint | None = None,
) -> bytes:
    """Return the bulletin (keywords as of ``reports.meeting.run``) as .docx; the same bytes for the same input."""
    plan = plan or plan_of(scored, as_of)
    meeting = Meeting(scored, method, as_of, plan, previous, decisions, names)
    mark = imprint or Imprint(plan.name if plan.unit else "", None, as_of, "", plan.example)
    title = f"关于{plan.year}年度绩效目标{KINDS[meeting.phase]}情况的通报"
    paper = pieces.empty(mark.line())
    pieces.line(paper, mark.mark, HEADING_FONT, THREE)
    paper.add_paragraph(title, style="Title")
    pieces.line(paper, "")
    _text(paper, meeting)
    pieces.signed(paper, *filter(None, ("", plan.unit, "　　　　年　　月　　日")))
    _annex(paper, meeting)
    describe(paper.core_properties, f"{plan.unit}{title}")
    return repacked(pieces.saved(paper))


def _text(paper: Paper, meeting: Meeting) -> None:
    pieces.line(paper, "各科室：")
    day = f"{meeting.as_of.year}年{meeting.as_of.month}月{meeting.as_of.day}日"
    what = KINDS[meeting.phase]
    pieces.body(paper, f"现将{meeting.plan.unit}{meeting.plan.year}年度绩效目标{what}情况（数据截至{day}）通报如下。")
    pieces.heading(paper, "一、总体情况", 1)
    for text in _overall(meeting):
        pieces.body(paper, text)
    pieces.heading(paper, "二、分领导分科室情况" if meeting.names else "二、分科室情况", 1)
    _holders(paper, meeting)
    title, entries = {"blank": _by_month, "running": _behind, "evaluation": _lost}[meeting.phase](meeting)
    pieces.heading(paper, f"三、{title}", 1)
    for lead, text in entries:
        pieces.body(paper, text, lead)
    pieces.heading(paper, "四、下一步工作", 1)
    for text in _next(meeting):
        pieces.body(paper, text)


# 总体情况


def _overall(meeting: Meeting) -> Iterator[str]:
    yield words.plain(words.overview(meeting.total, meeting.plan))
    if meeting.phase != "evaluation":
        counts = meeting.scored["status"].value_counts()
        told = [
            f"{mark.word}{counts[key]}项、{words.points(meeting.total[key])}"
            for key, mark in STATUSES.items()
            if counts.get(key, 0)
        ]
        yield f"按状态分：{'，'.join(told)}。"
    notes = [note for note in (numbers.unweighted(meeting), numbers.assumed(meeting)) if note]
    if notes:
        yield f"{'；'.join(notes)}。"
    if meeting.previous is not None:
        compared = compare(meeting.previous, meeting.scored)
        story = changes.story(compared, meeting.as_of, meeting.plan.year)
        story = story if meeting.phase == "evaluation" else story[:-1]  # the points stand above
        yield f"与上一版相比，{''.join(map(words.plain, story))}"


# 分领导分科室


def _holders(paper: Paper, meeting: Meeting) -> None:
    if not meeting.names:
        pieces.body(paper, _departments(meeting, meeting.scored))
        return
    by_leader = summary.by_leader(meeting.scored)
    shown = [name for name in numbers.in_order(meeting, list(by_leader.index)) if by_leader["indicators"][name] > 0]
    for number, name in enumerate(shown, start=1):
        row = by_leader.loc[[name]].iloc[0]
        title = "没有写明分管领导的" if name == UNNAMED else f"{name}分管范围"
        pieces.heading(paper, f"（{chinese(number)}）{title}", 2)
        joint = f"另协办{words.points(row['joint_weight'])}。" if row["joint_weight"] > 0 else ""
        rows = lists.led_by(meeting.scored, "leaders", name)
        pieces.body(paper, f"{_held(meeting, row)}。{joint}{_departments(meeting, rows)}")


def _departments(meeting: Meeting, rows: pd.DataFrame) -> str:
    table = summary.by_department(rows)
    table = lists.ranked(table[table["indicators"] > 0])
    return "；".join(f"{name}{_held(meeting, row)}" for name, row in table.iterrows()) + "。"


def _held(meeting: Meeting, row: pd.Series) -> str:
    """Return 承担8分、5项（5分完成或按序时，3分有风险）."""
    held = words.held(row)
    head = f"承担{held}分、" if held != words.MISSING else "承担没有写明分值的"
    parts = _scores(row) if meeting.phase == "evaluation" else _parts(row)
    return f"{head}{row['indicators']:.0f}项" + (f"（{'，'.join(parts)}）" if parts else "")


def _parts(row: pd.Series) -> list[str]:
    said = zip(words.parts(row), ("完成或按序时", "有风险", words.unknown_word(row)), strict=True)
    return [f"{words.points(points)}{word}" for points, word in said if points]


def _scores(row: pd.Series) -> list[str]:
    said = zip(numbers.earned(row), ("得", "待评", "失"), strict=True)
    return [f"{word}{words.points(piece.points, 2)}" for piece, word in said if piece.points > 1e-9]


def chinese(number: int) -> str:
    """Return 1 … 99 as 一 … 九十九; larger numbers as digits."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{NUMBERS[tens - 1]}十"
    return head + (NUMBERS[ones - 1] if ones else "")


# 滞后事项, in the evaluation 失分事项, before any report 到期安排

Entries = tuple[str, list[tuple[str, str]]]


def _behind(meeting: Meeting) -> Entries:
    rows = items.waiting(meeting)
    if rows.empty:
        return "逾期和滞后事项", [("", "已填报的指标暂无逾期、滞后。")]
    told = [_entry(meeting, number, row) for number, row in enumerate(indicator.lines(rows.head(MOST)), start=1)]
    return "逾期和滞后事项", _counted(told, rows)


def _entry(meeting: Meeting, number: int, row: Row) -> tuple[str, str]:
    when = None if words.missing(row.due) else row.due.date()
    due = "，".join(filter(None, (words.due(row.due_text, when, meeting.plan.year), words.days_left(row.days_left))))
    report = row.completion.strip().rstrip("。") or "科室尚未填报"
    facts = f"目标：{_ended(row.indicator or row.goal)}进展：{report}（{indicator.verdict(row, meeting.method)}）。"
    return _lead(number, row), f"{facts}时限：{due}。"


def _lead(number: int, row: Row) -> str:
    about = "，".join(filter(None, (row.serial, words.points(row.weight), "、".join(row.departments))))
    return f"{number}. {indicator.called(row)}（{about}）。"


def _ended(text: str) -> str:
    return text.strip().rstrip("。；;") + "。"


def _counted(told: list[tuple[str, str]], rows: pd.DataFrame) -> list[tuple[str, str]]:
    rest = len(rows) - len(told)
    return [*told, ("", f"其余{rest}项见附表。")] if rest else told


def _lost(meeting: Meeting) -> Entries:
    rows = lists.lost(meeting.scored)
    if rows.empty:
        return "失分事项", [("", "已评定的指标没有失分。")]
    shown = rows.head(MOST // 3)
    told = [
        (_lead(number, row), f"得{words.fixed(row.score)}分，失{words.fixed(row.weight - row.score)}分。")
        for number, row in enumerate(indicator.lines(shown), start=1)
    ]
    return "失分事项", _counted(told, rows)


def _by_month(meeting: Meeting) -> Entries:
    table = summary.by_month(meeting.scored)
    told = []
    for name, row in table.iterrows():
        month = str(name)
        said = "没有写明时限的" if month == UNNAMED else f"{month[:4]}年{int(month[5:])}月到期的"
        weight = f"、{words.held(row)}分" if words.held(row) != words.MISSING else "，没有写明分值"
        told.append(("", f"{said}{row['indicators']:.0f}项{weight}。"))
    return "到期安排", told


# 下一步


def _next(meeting: Meeting) -> Iterator[str]:
    rows = list(indicator.lines(items.waiting(meeting).head(MOST)))
    steps = [(row, next_step(row, meeting.decisions)) for row in rows]
    known = [_step(meeting, row, step) for row, step in steps if step != TO_BE_DECIDED]
    known += [_agreed(meeting, each) for each in meeting.decisions if each.open and not each.serial]
    for number, text in enumerate(known, start=1):
        yield f"{number}. {text}"
    if waiting := [indicator.called(row) for row, step in steps if step == TO_BE_DECIDED]:
        yield f"下列事项的下一步由会议议定：{'、'.join(waiting)}。"
    blank = meeting.scored[meeting.scored["status"] == "not_reported"]
    if len(blank):
        who = "、".join(dict.fromkeys(words.lead(names) for names in blank["departments"] if names))
        yield f"请{who or '有关科室'}补填尚未填报的{len(blank)}项、{words.points(blank['weight'].sum())}。"
    elif not known and not waiting:
        yield "各科室按序时继续推进，按时更新完成情况。"


def _step(meeting: Meeting, row: Row, step: str) -> str:
    people = row.heads if meeting.names else ()
    who = "、".join((*row.departments, *people))
    return f"{indicator.called(row)}{f'（{who}）' if who else ''}：{_ended(step)}"


def _agreed(meeting: Meeting, each: Decision) -> str:
    until = f"，{words.day(each.until, meeting.plan.year)}前" if each.until else ""
    who = f"（{each.who}{until}）" if each.who and meeting.names else ""
    return f"{told(each)}{who}。"


# 附表


def _annex(paper: Paper, meeting: Meeting) -> None:
    pieces.landscape(paper)
    pieces.line(paper, "附表", HEADING_FONT, THREE)
    pieces.centred(paper, f"{meeting.plan.year}年度绩效目标{KINDS[meeting.phase]}情况表", TITLE_FONT, 18)
    columns = _columns(meeting)
    shown = meeting.scored.head(MOST_ROWS)
    rows = [[_cell(meeting, row, column.heading) for column in columns] for row in indicator.lines(shown)]
    pieces.table(paper, columns, rows, FIVE - 1)
    rest = len(meeting.scored) - len(shown)
    if rest:
        pieces.line(paper, f"只列前{MOST_ROWS}项，其余{rest}项没有列出。", "", FIVE)


def _columns(meeting: Meeting) -> list[Column]:
    """Return the columns; together they are as wide as the page, 257 mm. Nothing is shown of what nobody has reported."""
    people = [Column("负责人", 18, True), Column("分管领导", 18, True)] if meeting.names else []
    owners = [Column("分值", 12, True), Column("完成时限", 22, True), Column("责任科室", 24, True), *people]
    scores = [Column("得分", 15, True)] if meeting.phase == "evaluation" else []
    reported = [] if meeting.phase == "blank" else [Column("状态", 21, True), *scores]
    room = 257 - 15 - sum(column.width for column in (*owners, *reported))
    target, done = Column("指标", room * 0.52), Column("完成情况", room * 0.48)
    if meeting.phase == "blank":
        return [Column("序号", 15, True), Column("指标", room), *owners]
    return [Column("序号", 15, True), target, *owners, *reported, done]


def _cell(meeting: Meeting, row: Row, heading: str) -> str:
    when = None if words.missing(row.due) else row.due.date()
    mark = STATUSES[row.status]
    texts: dict[str, str] = {
        "序号": row.serial,
        "指标": row.indicator.strip() or row.goal.strip(),
        "分值": words.number(row.weight, 2),
        "完成时限": words.due(row.due_text, when, meeting.plan.year),
        "责任科室": "、".join(row.departments) or UNNAMED,
        "负责人": "、".join(row.heads) or words.MISSING,
        "分管领导": "、".join(row.leaders) or words.MISSING,
        "状态": f"{mark.shape} {mark.word}",
        "得分": words.fixed(row.score),
        "完成情况": row.completion.strip(),
    }
    return texts[heading]
