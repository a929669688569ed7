"""The audit as HTML: points of plan and table side by side, and the findings by severity and matter."""

from collections.abc import Iterable

from data.findings import Finding
from reports import audit, words
from reports.words import SEVERITIES
from ui import markup, session
from ui.markup import text
from ui.session import View

FIRST = 20  # findings of one matter before 其余n处
LONG, SHOWN = 150, 90  # characters: a message longer than the first folds away after the second
MOST = 400  # findings of one matter that the page holds
TITLES = {"blocking": "须先处理", "check": "请核对", "normalized": "已规范"}
ASIDES = {
    "blocking": "处理以前不能发布",
    "check": "不影响发布，系统暂按右栏处理",
    "normalized": "读表时已经处理好，列出备查",
}


@session.cached
def audited(view: View) -> tuple[audit.Line, ...]:
    """Return the points of each category by plan, labels and rows; the last line is 合计."""
    return audit.points(view.plan, session.source().form(view.version.id), view.scored)


def points(view: View) -> str:
    """Return the points audit as a table."""
    heads = "<th>类别</th><th>方案</th><th>表上标注</th><th>各行合计</th><th>差</th>"
    lines = "".join(map(_line, audited(view)))
    gaps = "".join(f"<p><b>{text(gap.serials)}</b>　{text(gap.why)}</p>" for gap in view.plan.gaps)
    known = f'<div class="gaps"><p class="label">方案已注明的缺失</p>{gaps}</div>' if gaps else ""
    table = (
        f'<table class="tb points"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
        '<p class="note">单位：分。差＝各行合计比方案（没有方案的，比表上标注）；“—”表示没有写。</p>'
    )
    return f'<div class="block">{markup.heading("分值核对")}{table}{known}</div>'


def _line(line: audit.Line) -> str:
    apart = audit.apart_words(line.difference)
    tone = ' class="ink-risk"' if line.difference else ""
    items = f"<small>{line.items}项{f'，{line.weightless}项没有分值' if line.weightless else ''}</small>"
    unlike = line.stated is not None and abs(line.stated - line.read) > 1e-6
    stated = f"{'※ ' if unlike else ''}{_points(line.stated)}"
    css = ' class="total"' if line.category == audit.TOTAL else ""
    return (
        f"<tr{css}><td>{text(words.category(line.category))}{items}</td><td>{_points(line.planned)}</td>"
        f'<td class="{"ink-link" if unlike else ""}">{stated}</td><td><b>{_points(line.read)}</b></td><td{tone}>{apart}</td></tr>'
    )


def _points(value: float | None) -> str:
    return words.MISSING if value is None else words.number(value, 2)


def severity(view: View, kind: str) -> str:
    """Return the findings of one severity as a section, grouped by matter; a sentence where there are none."""
    groups = audit.topics(view.findings, kind)
    count = sum(len(group.findings) for group in groups)
    mark = SEVERITIES[kind].split()[0] if " " in SEVERITIES[kind] else ""
    heading = markup.heading(f"{mark} {TITLES[kind]}".strip(), f"{count}处　{ASIDES[kind]}" if count else "没有")
    tables = "".join(
        f'<h3 class="topic">{text(group.title)}　<small>{len(group.findings)}</small></h3>{table(view, group.findings)}'
        for group in groups
    )
    return f'<div class="block findings {kind}">{heading}{tables}</div>'


def table(view: View | None, found: tuple[Finding, ...]) -> str:
    """Return findings as a table: what, where, what the system does for now; linked to their indicators in ``view``."""
    heads = "<thead><tr><th></th><th>问题与位置</th><th>系统暂这样处理</th></tr></thead>"
    body = f'<table class="tb found">{heads}<tbody>{_rows(view, found[:FIRST])}</tbody></table>'
    rest = len(found) - FIRST
    if rest <= 0:
        return body
    cut = markup.note(f"只列前{MOST}处，共{len(found)}处。") if len(found) > MOST else ""
    more = f'<table class="tb found"><tbody>{_rows(view, found[FIRST:MOST])}</tbody></table>{cut}'
    return f'{body}<details class="more"><summary>其余{rest}处</summary>{more}</details>'


def _rows(view: View | None, found: Iterable[Finding]) -> str:
    return "".join(_row(view, finding) for finding in found)


def _row(view: View | None, finding: Finding) -> str:
    where = text("　".join(part for part in (finding.sheet, finding.cell) if part))
    link = _link(view, finding.serial) if view else ""
    mark = f'<span class="mark {finding.severity}">{text(SEVERITIES[finding.severity])}</span>'
    return (
        f"<tr><td>{mark}</td><td>{_message(finding.message)}<small>{where}{link}</small></td>"
        f"<td>{text(finding.treatment)}</td></tr>"
    )


def _message(said: str) -> str:
    if len(said) <= LONG:
        return text(said)
    return f'<details class="long"><summary>{text(said[:SHOWN])}…</summary>{text(said[SHOWN:])}</details>'


def _link(view: View, serial: str) -> str:
    if not serial or serial not in _serials(view):
        return ""
    return f"　{markup.link(view.link('indicator', serial=serial), f'看指标 {serial}', 'plain')}"


@session.cached
def _serials(view: View) -> frozenset[str]:
    return frozenset(view.scored["serial"])
