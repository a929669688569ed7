"""依据 as HTML: each document with its clauses, and how the indicators stand that rest on them."""

import pandas as pd
import streamlit as st

from data.findings import Finding
from reports import clauses, words
from reports.clauses import Clause, Document, Index
from ui import markup, session, tables
from ui.markup import text
from ui.session import View

EVERY = "全部文件"
CONFLICT = "document_numbers"


@session.cached
def index(view: View) -> Index:
    """Return the documents that the view's table rests on."""
    return clauses.index(view.scored)


def chosen(view: View) -> tuple[Document, ...]:
    """Draw the list of documents and return those to show; the address (``?document=``) wins, else all."""
    documents = index(view).documents
    names = (EVERY, *dict.fromkeys(document.name for document in documents))
    name, note = session.pick("document", names, EVERY)
    if note:
        st.html(markup.notice(note))
    session.hold("document_list", name)
    st.selectbox(
        "文件",
        names,
        key="document_list",
        format_func=markup.option,
        on_change=_listed,
        label_visibility="collapsed",
        width=560,
    )
    return tuple(document for document in documents if name in (EVERY, document.name))


def _listed() -> None:
    st.query_params["document"] = st.session_state["document_list"]


def conflicts(view: View) -> str:
    """Return document numbers that contradict each other, as the audit found them."""
    found = [finding for finding in view.findings if finding.code == CONFLICT]
    if not found:
        return ""
    lines = "".join(map(_conflict, found))
    return f'<div class="block conflicts">{lines}{markup.link(view.link("audit"), "在核查页看位置", "plain")}</div>'


def _conflict(finding: Finding) -> str:
    return f'<p class="notice">※ {text(finding.message)}<small>{text(finding.treatment)}</small></p>'


@session.cached
def section(view: View, document: Document) -> str:
    """Return one document as a section: its clauses, and in each line the indicators that rest on it."""
    lines = "".join(_line(view, clause) for clause in document.clauses)
    heads = "<th>条款</th><th>指标</th><th>状态</th><th>佐证材料</th><th>科室</th>"
    table = f'<table class="tb clauses"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    return markup.heading(document.name, clauses.amount(document, view.scored)) + table


def _line(view: View, clause: Clause) -> str:
    rows = list(view.scored.loc[list(clause.rows)].itertuples())
    name = text(clause.label or clauses.WHOLE)
    tone, lacks = ("risk", "没有佐证材料") if clause.reported else ("not_reported", "尚未填报")
    told = "" if clause.evidenced else f'<small class="ink-{tone}">{lacks}</small>'
    first = f'<td class="clause" rowspan="{len(rows)}"><b>{name}</b>{told}</td>'
    cells = [_cells(view, row) for row in rows]
    return "".join(f"<tr>{first if place == 0 else ''}{cell}</tr>" for place, cell in enumerate(cells))


def _cells(view: View, row: tables.Row) -> str:
    evidence = text(row.evidence) if row.evidence.strip() else f'<span class="muted">{words.MISSING}</span>'
    return (
        f"<td>{tables.name(view, row)}</td><td>{markup.status(row.status)}</td>"
        f"<td>{evidence}</td><td>{text(words.lead(row.departments))}</td>"
    )


def unfounded(view: View) -> str:
    """Return the indicators for which no document is named."""
    rows: pd.DataFrame = view.scored.loc[list(index(view).unfounded)]
    if rows.empty:
        return ""
    heading = markup.heading("没有写依据的指标", words.amount(rows))
    return heading + tables.indicators(view, rows, ("status", "weight", "name", "department"), first=12)
