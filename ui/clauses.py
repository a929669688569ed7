"""依据 as HTML: each document with its clauses, and how the indicators stand that rest on them."""

from collections.abc import Callable
from itertools import groupby

import pandas as pd
import streamlit as st

from reports import clauses, words
from reports.clauses import GAPS, Clause, Document, Index, Query
from ui import markup, session, tables
from ui.markup import text
from ui.session import View

EVERY = "全部文件"
CONFLICTS = "document_"  # how the codes of findings about documents begin
TOLD = 6  # contradictions at the head of the page
MOST = 60  # documents that are drawn; the others are found by name
ROWS = 40  # indicators below one clause
LONG = 36  # characters of evidence that a line shows
_HEADS = ("条款", "指标", "分值", "状态", "佐证材料", "科室")


@session.cached
def index(view: View) -> Index:
    """Return the documents that the view's table rests on."""
    return clauses.index(view.scored)


@session.cached
def _texts(view: View) -> dict[int, str]:
    return clauses.texts(view.scored)


@session.cached
def _found(view: View, query: Query) -> tuple[Document, ...]:
    return clauses.narrowed(index(view), query, _texts(view))


# What is looked for


def _asked() -> Query:
    gap = st.query_params.get("gap", "")
    return Query(st.query_params.get("q", ""), gap if gap in GAPS else "")


def filters(view: View) -> tuple[Document, ...]:
    """Draw search and lists, which the address holds (``?q=&document=&gap=``), and return the documents that are left."""
    query = _asked()
    names = (EVERY, *dict.fromkeys(document.name for document in index(view).documents))
    name, note = session.pick("document", names, EVERY)
    if note:
        st.html(markup.notice(note))
    with st.container(horizontal=True, key="clause_filters"):
        _search(query.text)
        _list("document", name, names, markup.option, 420)
        _list("gap", query.gap, tuple(GAPS), GAPS.__getitem__, 210)
    documents = tuple(each for each in _found(view, query) if name in (EVERY, each.name))
    if query.text.split() or query.gap or name != EVERY:
        clear = markup.link(view.link("clauses"), "显示全部", "plain")
        st.html(f'<p class="note">{text(clauses.shown(documents))}　{clear}</p>')
    return documents


def _search(said: str) -> None:
    session.hold("clause_q", said)
    st.text_input(
        "搜索",
        key="clause_q",
        placeholder="搜文件、文号、条款、指标",
        on_change=_take,
        args=("q",),
        label_visibility="collapsed",
    )


def _list(param: str, chosen: str, options: tuple[str, ...], called: Callable[[str], str], width: int) -> None:
    session.hold(f"clause_{param}", chosen)
    st.selectbox(
        param,
        options,
        key=f"clause_{param}",
        format_func=called,
        on_change=_take,
        args=(param,),
        label_visibility="collapsed",
        width=width,
    )


def _take(param: str) -> None:
    value = st.session_state[f"clause_{param}"]
    if value in ("", EVERY):
        st.query_params.pop(param, None)
    else:
        st.query_params[param] = value


# What is found


def conflicts(view: View) -> None:
    """Draw the numbers and titles that contradict each other, as the audit found them, where there are any."""
    found = [finding for finding in view.findings if finding.code.startswith(CONFLICTS)]
    if not found:
        return
    lines = "".join(f"<li>{text(finding.message)}</li>" for finding in found[:TOLD])
    lines += f"<li>其余{len(found) - TOLD}处见核查页。</li>" if len(found) > TOLD else ""
    heading = f"※ 请核对：{len(found)}处文号或文件名前后不一　{markup.link(view.link('audit'), '在核查页看位置和处理')}"
    st.html(f'<div class="conflicts"><p class="notice">{heading}</p><ul>{lines}</ul></div>')


def found(view: View, documents: tuple[Document, ...]) -> str:
    """Return the documents, several first as a table that leads to each, then each as a section."""
    sections = "".join(_section(view, document) for document in documents[:MOST])
    return f'<div class="block">{_overview(view, documents) if len(documents) > 1 else ""}</div>{sections}'


def _overview(view: View, documents: tuple[Document, ...]) -> str:
    columns = ("文件", "条款", "没有佐证的条款", "指标", "分值", *clauses.SHARES)
    heads = "".join(f"<th>{column}</th>" for column in columns)
    lines = "".join(_document(view, document) for document in documents[:MOST])
    table = f'<table class="tb documents"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    more = f"只列前{MOST}份，共{len(documents)}份；其余的请按名称搜索。" if len(documents) > MOST else ""
    return table + markup.note(f"{more}一项指标依据几份文件的，在每份文件下都列出，各份文件的分值不能相加。")


def _document(view: View, document: Document) -> str:
    rows, named = view.scored.loc[list(document.rows)], document.named
    number = f"<small>{text(document.number)}</small>" if document.number and document.title else ""
    name = markup.link(view.link("clauses", document=document.name), document.title or document.number, "what")
    lacking = [clause for clause in named if not clause.evidenced]
    bare = f'<b class="ink-{clauses.tone(lacking)}">{len(lacking)}</b>' if lacking else "0" if named else words.MISSING
    cells = [
        ("条款", str(len(named) or words.MISSING)),
        ("没有佐证", bare),
        ("指标", f"{len(rows)}项"),
        ("分值", words.points(rows["weight"].sum(min_count=1))),
        *((share.word, _share(share)) for share in clauses.shares(rows)),
    ]
    told = "".join(f'<td data-head="{head}">{cell}</td>' for head, cell in cells)
    return f"<tr><td>{name}{number}</td>{told}</tr>"


def _share(share: clauses.Share) -> str:
    css = f"ink-{share.key}" if share.points else "muted"
    return f'<span class="{css}">{words.points(share.points)}</span>'


@session.cached
def _section(view: View, document: Document) -> str:
    rows = view.scored.loc[list(document.rows)]
    heading = markup.heading(document.name, clauses.amount(document, rows))
    shares = "　".join(f"{share.word}{_share(share)}" for share in clauses.shares(rows))
    heads = "".join(f"<th>{head}</th>" for head in _HEADS)
    lines = "".join(_lines(view, list(group)) for _, group in groupby(document.clauses, _rests_on))
    table = f'<table class="tb clauses"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    return f'<div class="block document">{heading}<p class="note">{shares}{_others(document)}</p>{table}</div>'


def _others(document: Document) -> str:
    return text(f"　表中也写作：{'；'.join(document.others)}") if document.others else ""


def _rests_on(clause: Clause) -> tuple[bool, tuple[int, ...]]:
    return bool(clause.label), clause.rows


def _lines(view: View, same: list[Clause]) -> str:
    """Return the indicators that rest on some clauses; clauses below each other with the same ones stand once."""
    every = same[0].rows
    rest = len(every) - ROWS
    first = f'<td class="clause" rowspan="{min(len(every), ROWS + 1)}">{_clause(same)}</td>'
    body = [_cells(view, row) for row in view.scored.loc[list(every[:ROWS])].itertuples()]
    body += [f'<td colspan="{len(_HEADS) - 1}">其余{rest}项见指标页。</td>'] if rest > 0 else []
    return "".join(f"<tr>{first if place == 0 else ''}{cells}</tr>" for place, cells in enumerate(body))


def _clause(same: list[Clause]) -> str:
    written = "、".join(clause.written for clause in same)
    name = f"<b>{text(written)}</b>" if same[0].label else f'<span class="muted">{clauses.WHOLE}</span>'
    pages = "、".join(dict.fromkeys(page for clause in same for page in clause.pages))
    lacks = "" if same[0].evidenced else "没有佐证材料" if same[0].reported else "尚未填报"
    told = f'<small class="ink-{clauses.tone(same)}">{lacks}</small>' if lacks else ""
    return f"{name}{f'<small>{text(pages)}</small>' if pages else ''}{told}"


def _cells(view: View, row: tables.Row) -> str:
    return (
        f'<td class="c-name">{tables.name(view, row)}</td><td class="c-weight">{words.points(row.weight)}</td>'
        f'<td>{markup.status(row.status)}</td><td class="c-evidence">{_evidence(row)}</td>'
        f"<td>{text(words.lead(row.departments))}</td>"
    )


def _evidence(row: tables.Row) -> str:
    said = clauses.evidence(row)
    if not said:
        return '<span class="muted">没有</span>'
    if len(said) <= LONG:
        return text(said)
    return f'<span title="{text(said)}">{text(said[: LONG - 1])}…</span>'


def unfounded(view: View) -> str:
    """Return the indicators for which no document is named."""
    rows: pd.DataFrame = view.scored.loc[list(index(view).unfounded)]
    columns = ("status", "weight", "name", "department")
    heading = markup.heading("没有写依据的指标", words.amount(rows))
    return f'<div class="block unfounded">{heading}{tables.indicators(view, rows, columns, first=12)}</div>'
