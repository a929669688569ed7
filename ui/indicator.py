"""One indicator's page, block by block: what was promised, where it is, how that was judged, where it stands."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pandas as pd

from data.findings import Finding
from data.versions import Version
from reports import decisions, indicator, standing, words
from reports.words import MISSING, STATUSES, Sentence
from scoring.pace import spans
from scoring.score import panel_top, usable_scores
from scoring.standing import Standing, furthest, is_cumulative, standings, targets_of
from scoring.status import carried_over
from scoring.table import UNNAMED
from ui import findings, markup, panel, session, tables
from ui.markup import text
from ui.session import View

Row = Any  # a row of ``itertuples`` over the scored table
FOLDED = 160  # characters of a source text; longer ones fold away
COLUMNS = {
    "blank": ("status", "weight", "name", "department", "leader", "due"),
    "running": ("status", "weight", "report", "progress", "department", "leader", "due"),
    "evaluation": ("status", "scored", "report", "tier", "department", "leader", "due"),
}
REPORT = ("serial", "indicator", "completion", "progress", "status", "reported_on")
FIELDS = {
    "serial": "序号",
    "category": "项目",
    "basis": "文件依据",
    "goal": "一级指标",
    "indicator": "二级指标",
    "weight": "权重",
    "due_text": "完成时限",
    "departments": "责任科室",
    "heads": "科室负责人",
    "leaders": "分管领导",
    "completion": "全年完成情况",
    "reported_progress": "完成进度",
    "next_step": "下一步",
    "evidence": "佐证材料",
    "self_tier": "自评定档",
    "peer_tier": "同组互评定档",
    "office_tier": "考评办定档",
    "panel_1": "集中考评组打分",
    "stated_result": "考评结果",
}
STANDS = {"met": "done", "on_pace": "on_pace", "behind": "behind", "missing": "unjudged"}  # a target's, as a status
_CELL = re.compile(r"(?<![A-Za-z\d])[A-Z]{1,3}\d{1,7}(?![A-Za-z\d])")


def row_of(view: View, index: int) -> Row:
    """Return one indicator as a named tuple of the scored table."""
    return next(view.scored.loc[[index]].itertuples())


@session.cached
def verdict(view: View, index: int) -> Sentence:
    """Return name and verdict, the page's headline."""
    return indicator.headline(row_of(view, index), view.method)


@session.cached
def facts(view: View, index: int) -> str:
    """Return the line of facts below the headline."""
    row = row_of(view, index)
    when = None if words.missing(row.due) else row.due.date()
    left = words.days_left(row.days_left)
    kind = " · ".join(part for part in (words.category(row.category), row.group) if part)
    parts = [
        markup.status(row.status),
        f"<b>{words.points(row.weight)}</b>" if not words.missing(row.weight) else "没有写明分值",
        text(f"{kind}（{row.serial}）" if row.serial else kind),
        f"{text(words.lead(row.departments))} <b>{text('、'.join(row.heads))}</b>",
        f"协办 {text('、'.join(row.departments[1:]))}" if len(row.departments) > 1 else "",
        f"分管 <b>{text('、'.join(row.leaders) or UNNAMED)}</b>",
        f"{text(words.due(row.due_text, when, view.plan.year))} <b>{left}</b>" if when else "没有写明时限",
    ]
    told = "".join(f"<span>{part}</span>" for part in parts if part)
    return f'<p class="facts">{told}</p>'


@session.cached
def promised(view: View, index: int) -> str:
    """Return what was promised and where it is, beside the words of the plan."""
    row = row_of(view, index)
    return markup.columns(_block(_progress(view, row)), _block(_source(row)))


@session.cached
def body(view: View, index: int) -> str:
    """Return how that was judged and what follows, beside its history and its place in the table."""
    row = row_of(view, index)
    cells = _cells(view, row)
    left = (_tests(view, row), _next(view, row), _evaluation(view, row))
    right = (_history(view, row), _found(view, row, cells), _place(view, row, cells))
    return markup.columns("".join(map(_block, left)), "".join(map(_block, right)))


def _block(inside: str) -> str:
    return f'<div class="block">{inside}</div>' if inside else ""


# Where it is


def _progress(view: View, row: Row) -> str:
    judged = standings(row, view.method)
    lines = "".join(_target(row, one, one is furthest(judged) and len(judged) > 1) for one in judged)
    whole = "" if judged and (row.progress_source == "targets" or row.status == "not_reported") else _whole(row)
    heads = f"<th>目标</th><th>{'实际' if judged else '已完成'}</th><th>竖线＝序时进度</th><th>判断</th>"
    table = f'<table class="tb wide"><thead><tr>{heads}</tr></thead><tbody>{whole}{lines}</tbody></table>'
    notes = "".join(map(markup.note, standing.notes(row, judged)))
    return markup.heading("目标与进度") + table + markup.note(_pace(view, row)) + notes + _said(view, row, judged)


def _whole(row: Row) -> str:
    value = MISSING if words.missing(row.progress) else f"<b>{words.percent(row.progress)}</b>"
    judged = f'<span class="ink-{row.status}"><i>{STATUSES[row.status].shape}</i> {text(_judged(row))}</span>'
    return f"<tr><td>完成进度</td><td>{value}</td><td>{_bar(row)}</td><td>{judged}</td></tr>"


def _target(row: Row, one: Standing, worst: bool) -> str:
    """Return a target's line: what was promised, what was reached, where it should be, how it stands."""
    key, said = STANDS[one.verdict], standing.gap(one)
    if row.status == "not_reported":
        key, said = row.status, STATUSES[row.status].word
    promise = f"{text(one.target.measure or '目标')}<small>{text(standing.promise(one.target))}</small>"
    actual = text(standing.reached(one)) if one.actual is None else f"<b>{text(standing.reached(one))}</b>"
    mark = "<small>落后最多</small>" if worst and one.verdict == "behind" else ""
    judged = f'<span class="ink-{key}"><i>{STATUSES[key].shape}</i> {text(said)}</span>{mark}'
    return f"<tr><td>{promise}</td><td>{actual}</td><td>{_reach(one, key)}</td><td>{judged}</td></tr>"


def _reach(one: Standing, key: str) -> str:
    """Return a target as a bar with a tick at 序时应达; nothing is drawn for what the calendar does not judge."""
    if not is_cumulative(one.target):
        return f"<small>{standing.BY_VALUE}</small>"
    reached = "" if one.actual is None else f"完成{words.percent(one.share)}"
    told = "，".join(part for part in (reached, standing.due(one)) if part) or standing.UNSAID
    return markup.bullet(one.share, one.should / one.target.value, key, told) + f"<small>{text(told)}</small>"


def _said(view: View, row: Row, judged: tuple[Standing, ...]) -> str:
    """Return what the department reported, literally, with the date of an older report and its evidence."""
    if not row.completion:
        return ""
    tag = f"<em>（{tables.carried(view, row)}）</em>" if tables.carried(view, row) else ""
    evidence = f'<p class="small">佐证材料：{text(row.evidence)}</p>' if row.evidence else ""
    said = markup.marked(row.completion, [(one.actual.start, one.actual.end) for one in judged if one.actual])
    return f'<p class="label">科室填报</p><p class="literal">{said}{tag}</p>{evidence}'


def _judged(row: Row) -> str:
    if row.status in ("done", "not_reported", "unjudged") or words.missing(row.progress):
        return STATUSES[row.status].word
    return indicator.against_pace(row)


def _bar(row: Row) -> str:
    told = f"完成{words.percent(row.progress)}，" if not words.missing(row.progress) else ""
    told = f"{told}序时{words.percent(row.pace)}" if not words.missing(row.pace) else told.rstrip("，")
    said = f"{told}（{indicator.progress_from(row)}）" if told else indicator.progress_from(row)
    return markup.bullet(row.progress, row.pace, row.status, said) + f"<small>{text(said)}</small>"


def _pace(view: View, row: Row) -> str:
    if words.missing(row.pace):
        return "没有写明完成时限，不算序时，也不判逾期、滞后。"
    gone, granted = (float(span[0]) for span in spans(view.scored.loc[[row.Index]], view.method, view.as_of))
    today, limit = (words.day(when, view.plan.year) for when in (view.as_of, row.due.date()))
    if gone <= 0:
        return f"序时＝{indicator.exact(row.pace)}：{today}还没有进入方案年度。"
    if gone >= granted:
        return f"序时＝{indicator.exact(row.pace)}：{today}已到时限{limit}。"
    unit = "个月" if view.method.pace == "month" else "天"
    share = f"{words.number(gone, 2)}{unit}÷{words.number(granted, 2)}{unit}＝{indicator.exact(row.pace)}"
    return f"序时＝{share}（1月1日至{today}，除以至{limit}）。"


# How the status came about


def _tests(view: View, row: Row) -> str:
    numbers = {rule.name: place for place, rule in enumerate(view.method.rules, start=1)}
    tests = indicator.tests(row, view.method)
    lines = "".join(_test(view, test, numbers) for test in tests if test.fits is not None)
    rest = "".join(markup.status(test.status) for test in tests if test.fits is None)
    last = f'<tr class="unasked"><td colspan="4">{rest}前面已定，不再判断</td></tr>' if rest else ""
    heads = "<th>依次判断</th><th></th><th>依据</th><th>口径</th>"
    table = f'<table class="tb tests"><thead><tr>{heads}</tr></thead><tbody>{lines}{last}</tbody></table>'
    return markup.heading("这个状态怎么来的") + table + _rules(view, tests, numbers)


def _test(view: View, test: indicator.Test, numbers: dict[str, int]) -> str:
    rules = "、".join(str(numbers[name]) for name in test.rules if name in numbers)
    link = markup.link(view.link("method"), f"第{rules}条") if rules else ""
    css, answer = ("fits", "是") if test.fits else ("", "否")
    return f'<tr class="{css}"><td>{markup.status(test.status)}</td><td>{answer}</td><td>{text(test.reason)}</td><td>{link}</td></tr>'


def _rules(view: View, tests: tuple[indicator.Test, ...], numbers: dict[str, int]) -> str:
    decided = next(test for test in tests if test.fits)
    names = dict.fromkeys(("status_order", *decided.rules))
    used = [rule for rule in view.method.rules if rule.name in names]
    lines = "".join(
        f"<p><b>{numbers[rule.name]}　{text(rule.title)}</b>{markup.assumed(rule.assumed)}{text(rule.text)}</p>"
        for rule in used
    )
    return f'<details class="more"><summary>用到的口径原文（{len(used)}条）</summary><div class="rules">{lines}</div></details>'


def _next(view: View, row: Row) -> str:
    told = decisions.step(row, view.decisions)
    return f'{markup.heading("下一步")}<p class="literal">{text(told)}</p>' if told else ""


# The evaluation


def _evaluation(view: View, row: Row) -> str:
    steps = "".join(
        f'<li class="{"taken" if step.taken else ""}"><b>{step.title}</b><span>{text(step.told)}</span></li>'
        for step in indicator.steps(row)
    )
    note = markup.note(indicator.evaluated(row))
    return f'{markup.heading("考评进程")}<ol class="steps">{steps}</ol>{_panel(view, row)}{note}'


def _panel(view: View, row: Row) -> str:
    table = view.scored.loc[[row.Index]]
    given = [float(score) for score in usable_scores(table, view.method)[0] if score == score]
    if not given:
        return ""
    top, mean = float(panel_top(table, view.method)[0]), sum(given) / len(given)
    told = indicator.spread(given, top, mean)
    outside = indicator.seats(row) - len(given)
    told += f"；{outside}个打分超出范围，没有采用" if outside else ""
    return panel.line(given, top, told) + markup.note(f"{told}。")


# The words of the plan and what was reported


def _source(row: Row) -> str:
    promised = [(target.start, target.end) for target in targets_of(row)]
    first = markup.marked(row.indicator, promised) if row.indicator else text(row.goal)
    main = f'<p class="literal">{first}</p>' if first else markup.note("表中没有指标内容。")
    goal = row.goal if row.indicator and row.goal != row.indicator else ""
    return markup.heading("方案原文") + main + _text("一级指标", goal) + _text("文件依据", row.basis)


def _text(title: str, said: str) -> str:
    if not said:
        return ""
    inside = f'<p class="literal small">{text(said)}</p>'
    if len(said) <= FOLDED:
        return f'<p class="label">{title}</p>{inside}'
    return f'<details class="plain"><summary>{title}（{len(said)}字）</summary>{inside}</details>'


def _history(view: View, row: Row) -> str:
    lines = "".join(_version(view, version, row) for version in view.versions)
    return f'{markup.heading("历次填报")}<table class="tb reports"><tbody>{lines}</tbody></table>'


def _version(view: View, version: Version, row: Row) -> str:
    when = words.day(version.data_date, view.plan.year)
    place = {**view.place(row.Index), "plan": version.plan, "v": version.number}
    date_cell = markup.link(f"indicator?{urlencode(place)}", when)
    told = _same(view, version, row)
    if told is None:
        return f'<tr><td>{when}</td><td></td><td class="muted">这一版没有这一项</td></tr>'
    old = told.row
    share = "" if words.missing(old.progress) else f"<b>{words.percent(old.progress)}</b>　"
    said = text(old.completion) if old.completion else ("科室尚未填报" if old.status == "not_reported" else "")
    current = ' class="current"' if version.id == view.version.id else ""
    body = f"<td>{markup.status(old.status)}</td><td>{share}{said}{_carried(view, told)}</td>"
    return f"<tr{current}><td>{date_cell}</td>{body}</tr>"


class Told(NamedTuple):
    """What a version says of an indicator, and whether it was carried over from an earlier one."""

    row: Row
    carried: bool


def _carried(view: View, told: Told) -> str:
    made = f"沿用{words.day(told.row.reported_on.date(), view.plan.year)}填报" if told.carried else ""
    return f"<em>（{made}）</em>" if made else ""


def _same(view: View, version: Version, row: Row) -> Told | None:
    """Return what a version says of the same indicator: by serial, and by text where that is not enough."""
    table = session.scored(version.id, view.method.fingerprint, version.data_date)[list(REPORT)]
    fits = table[table["serial"] == row.serial] if row.serial else table[table["indicator"] == row.indicator]
    alike = fits[fits["indicator"] == row.indicator]
    first = (alike if len(alike) else fits).head(1)
    if first.empty:
        return None
    return Told(next(indicator.lines(first)), bool(carried_over(first, version.data_date).iloc[0]))


# Where it stands in the file, and what to check there


def _cells(view: View, row: Row) -> dict[str, str]:
    form = session.source().form(view.version.id)
    rows = form.rows
    printed = rows.index[(rows["sheet"] == row.sheet) & (rows["row"] == row.row)]
    if not len(printed):
        return {}
    cells = {field: form.cell(int(printed[0]), field) for field in FIELDS}
    return {field: cell for field, cell in cells.items() if cell}


def _place(view: View, row: Row, cells: dict[str, str]) -> str:
    named = "".join(f"<span>{FIELDS[field]} <b>{cell}</b></span>" for field, cell in cells.items())
    line = "" if words.missing(row.row) else f"第{words.number(row.row, 0)}行"
    where = text(f"{view.version.filename}，工作表“{row.sheet}”{line}")
    return f'{markup.heading("在考评表中的位置")}<p class="note">{where}</p><p class="cells">{named}</p>'


def _found(view: View, row: Row, cells: dict[str, str]) -> str:
    own = {cell for field, cell in cells.items() if field != "category"}  # a 项目 cell speaks for all rows beside it
    about = tuple(_about(view, row, own))
    return markup.heading("这一项的核对", f"{len(about)}处") + findings.table(None, about) if about else ""


def _about(view: View, row: Row, cells: set[str]) -> Iterator[Finding]:
    """Yield the findings that name this indicator's serial or one of its cells."""
    own = "serial" in view.place(row.Index)
    for finding in view.findings:
        named = {finding.cell, *_CELL.findall(finding.message)} & cells
        if (own and row.serial == finding.serial) or (named and finding.sheet == row.sheet):
            yield finding


def rows_table(view: View, rows: pd.DataFrame) -> str:
    """Return one page of the list of indicators, with the columns that the phase of the year can fill."""
    return tables.indicators(view, rows, COLUMNS[view.phase])
