"""The plan as HTML: contents with their evaluators, steps, organisation, and what the source lacks."""

from data.plan import Content, Plan, Step
from reports import indicator, words
from reports import plan as said
from ui import markup
from ui.markup import text
from ui.session import View

_MOST_SERIALS = 3


def contents(view: View) -> str:
    """Return 考评内容及考评主体: the plan's points beside those that the table holds."""
    if not view.plan.contents:
        return _block("考评内容", _by_table(view))
    heads = "<th>内容</th><th>分值</th><th>表上读到</th><th>考评主体</th><th>办法</th><th>条款</th>"
    lines = "".join(_content(view, content) for content in view.plan.contents)
    known = [content.points for content in view.plan.contents if content.points is not None]
    note = f"{said.points_told(known)}；“—”表示方案没有写明。红字为表上读到的与方案不一致，见核查页。"
    table = f'<table class="tb contents"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    return _block("考评内容及考评主体", table + markup.note(note))


def _content(view: View, content: Content) -> str:
    held = view.scored[view.scored["category"] == content.category]
    read = float(held["weight"].sum())
    short = content.points is not None and abs(read - content.points) > 1e-6
    planned = words.MISSING if content.points is None else words.number(content.points, 2)
    return (
        f"<tr><td><b>{text(content.category)}</b></td><td><b>{planned}</b></td>"
        f'<td class="{"ink-risk" if short else ""}">{words.number(read, 2)}<small>{len(held)}项</small></td>'
        f"<td>{text('、'.join(content.evaluators) or words.MISSING)}</td>"
        f"<td>{text(content.rule)}</td><td>{_clause(content.clause)}</td></tr>"
    )


def _by_table(view: View) -> str:
    lines = "".join(
        f"<tr><td>{text(name)}</td><td><b>{words.number(row['weight'], 2)}</b></td><td>{row['indicators']:.0f}项</td></tr>"
        for name, row in view.summaries.by_category.iterrows()
    )
    heads = "<th>类别</th><th>表上读到（分）</th><th>指标</th>"
    table = f'<table class="tb contents"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    return table + markup.note("没有附方案，考评主体和办法都没有写明；这里按表上的类别列出。")


def _clause(clause: str) -> str:
    return f"<small>{text(clause) or '没有写明'}</small>"


def _block(title: str, inside: str, aside: str = "") -> str:
    return f'<div class="block">{markup.heading(title, aside)}{inside}</div>'


def steps(view: View) -> str:
    """Return the 实施步骤 on a line of time, each with its state on the as-of date."""
    if not view.plan.steps:
        return _block("实施步骤", markup.note("没有写明。"))
    lines = "".join(_step(view, step) for step in view.plan.steps)
    note = "期限已过不等于已经办理：方案没有登记办理情况的，写“未登记”；对应考评表指标的，按该项的状态。"
    return _block("实施步骤", f'<ol class="plan-steps">{lines}</ol>{markup.note(note)}')


def _step(view: View, step: Step) -> str:
    days = (step.due - view.as_of).days
    css = "taken" if step.done_on else "past" if days < 0 else "now" if days == 0 else "coming"
    when = words.due(step.due_text, step.due, view.plan.year)
    return (
        f'<li class="{css}"><p class="when"><b>{text(when)}</b><span>{said.left(step, view.as_of)}</span></p>'
        f'<div><p><b>{step.number}　{text(step.title)}</b>{_clause(step.clause)}</p><p class="small">{text(step.text)}</p>'
        f'<p class="small">办理情况：{_state(view, step)}</p></div></li>'
    )


def _state(view: View, step: Step) -> str:
    if step.done_on is not None:
        return f"<b>{text(said.recorded(step, view.plan.year))}</b>"
    rows = view.scored[view.scored["serial"] == step.serial] if step.serial else view.scored.iloc[:0]
    if rows.empty:
        missing = f"（对应的指标{text(step.serial)}不在这张表中）" if step.serial else ""
        return f'<span class="muted">{said.UNRECORDED}</span>{missing}'
    told = [
        f"{markup.status(row.status)}　{markup.link(view.indicator(row.Index), f'{row.serial} {indicator.called(row)}', 'plain')}"
        for row in indicator.lines(rows)
    ]
    return "；".join(told[:_MOST_SERIALS])


def organisation(view: View) -> str:
    """Return 组长 and 副组长 in the bureau's own order, and the clause."""
    plan = view.plan
    chair = text(plan.chair) or '<span class="muted">没有写明</span>'
    who = f'<dl class="who"><dt>组长</dt><dd><b>{chair}</b></dd><dt>副组长</dt><dd>{_deputies(view)}</dd></dl>'
    body = f'<p class="literal small">{text(plan.organisation)}</p>' if plan.organisation else ""
    aside = f"条款{plan.organisation_clause}" if plan.organisation_clause else ""
    return _block("组织领导", who + body, aside)


def _deputies(view: View) -> str:
    if view.plan.deputies:
        return "　".join(f"{place}. <b>{text(name)}</b>" for place, name in enumerate(view.plan.deputies, start=1))
    leaders = dict.fromkeys(name for names in view.scored["leaders"] for name in names)
    if not leaders:
        return '<span class="muted">方案没有列名</span>'
    told = f"表中写明的分管领导：{'、'.join(leaders)}（按表中出现的先后，不是排名）"
    return f'<span class="muted">方案没有列名。</span><small>{text(told)}</small>'


def facts(view: View) -> str:
    """Return the line below the headline: which document, about whom."""
    plan = view.plan
    parts = [
        text(f"《{plan.title}》" if plan.title else ""),
        text(plan.document),
        f"考评对象 <b>{text(plan.subjects or plan.unit)}</b>",
        f"考评年度 <b>{plan.year}</b>",
    ]
    return f'<p class="facts">{"".join(f"<span>{part}</span>" for part in parts if part)}</p>'


def background(view: View) -> str:
    """Return what helps to read the table: gaps of the source, meaning of serials, confirmed aliases."""
    return _gaps(view.plan) + _prefixes(view.plan) + _aliases(view.plan)


def _gaps(plan: Plan) -> str:
    if not plan.gaps:
        return ""
    lines = "".join(
        f"<tr><td><b>{text(gap.serials)}</b></td><td>{'不详' if gap.points is None else words.points(gap.points)}</td>"
        f"<td>{text(gap.why)}</td></tr>"
        for gap in plan.gaps
    )
    heads = "<th>序号</th><th>分值</th><th>情况</th>"
    return _block("原件缺失", f'<table class="tb gaps"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>')


def _prefixes(plan: Plan) -> str:
    if not plan.prefixes:
        return ""
    lines = "".join(
        f"<tr><td><b>{text(prefix.serial)}</b></td><td>{text(prefix.category)}</td>"
        f"<td>{text(prefix.group) or words.MISSING}</td><td>{_clause(prefix.clause)}</td></tr>"
        for prefix in plan.prefixes
    )
    heads = "<th>序号开头</th><th>类别</th><th>小类</th><th>条款</th>"
    return _block("序号的含义", f'<table class="tb"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>')


def _aliases(plan: Plan) -> str:
    if not plan.aliases:
        return _block("已确认的别名", markup.note("没有。名字相近的只在核查页提示，不自动合并。"))
    lines = "".join(
        f"<tr><td>{text(alias.printed)}</td><td><b>{text(alias.means)}</b></td><td>{text(alias.confirmed_by) or words.MISSING}</td></tr>"
        for alias in plan.aliases
    )
    heads = "<th>表上写</th><th>即</th><th>确认人</th>"
    return _block("已确认的别名", f'<table class="tb"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>')
