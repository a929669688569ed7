"""变化, 与上一年度比较: the same unit's plan of the year before, indicator by indicator (``?against=year``)."""

from typing import Any

import streamlit as st

from data.versions import Listed, Version
from reports import changes as lines_of
from reports import years as said
from scoring.years import Years, compare_years
from ui import changes, lead, markup, session
from ui.session import View

PARAM = "against"
YEAR = "year"
Row = Any  # a row of ``itertuples`` over a table; None where a year does not have the indicator


def chosen(view: View) -> Version | None:
    """Draw the choice where the unit has a plan of an earlier year; return its newest version where it is chosen."""
    before = _before(view)
    asked = st.query_params.get(PARAM) == YEAR
    if before is None:
        if asked:
            st.html(markup.notice(f"{view.plan.unit}没有更早年度的考评表，现在与上一版比较。"))
        return None
    session.hold("against", YEAR if asked else "")
    st.segmented_control(
        "与什么比较",
        list(said.CHOICES),
        key="against",
        format_func=said.CHOICES.__getitem__,
        on_change=_take,
        label_visibility="collapsed",
    )
    return session.source().version(before.newest) if asked else None


def _before(view: View) -> Listed | None:
    """Return the unit's plan of the nearest earlier year."""
    plan = view.plan
    earlier = [each for each in session.listed() if each.unit == plan.unit and each.year < plan.year]
    return max(earlier, key=lambda each: each.year, default=None)


def _take() -> None:
    if st.session_state["against"]:
        st.query_params[PARAM] = YEAR
    else:
        st.query_params.pop(PARAM, None)


def show(view: View, before: Version) -> None:
    """Draw how many indicators go on, are new, are gone; then those of the chosen kind, both years side by side."""
    year = session.plan_of(before.id).year
    pair = _compared(view, before)
    sides = (year, view.plan.year), (before.number, view.version.number), (before.data_date, view.as_of)
    lead.show(said.headline(pair, year), said.compared(*sides))
    counts = said.counts(pair)
    kind = st.segmented_control(
        "哪些指标",
        list(said.KINDS),
        key="years_kind",
        default=next((kind for kind in said.KINDS if counts[kind]), "both"),
        format_func=lambda kind: f"{said.KINDS[kind]} {counts[kind]}",
        label_visibility="collapsed",
    )
    if kind:
        st.html(_table(view, pair, kind, year))


@session.cached
def _compared(view: View, before: Version) -> Years:
    return compare_years(session.scored(before.id, view.method.fingerprint, before.data_date), view.scored)


def _table(view: View, pair: Years, kind: str, year: int) -> str:
    rows = said.of(pair, kind)
    if rows.empty:
        return markup.note("没有。")
    was, now = lines_of.lines(pair.then, rows["was"]), lines_of.lines(pair.now, rows["is_now"])
    body = [_row(view, *row) for row in zip(rows.itertuples(), was, now, strict=True)]
    heads = ("分值", "指标", f"{year}年度", "", f"{view.plan.year}年度", "责任科室")
    return changes.table(heads, "kind years", body)


def _row(view: View, line: Row, was: Row, now: Row) -> str:
    row = now if now is not None else was
    name = changes.named(row, view.indicator(row.Index) if now is not None else None)
    sides = (_stood(line.status_then, line.score_then), "→", _stood(line.status_now, line.score_now))
    cells = (_weight(line, was, now), f"{name}{_text(was, now)}", *sides, changes.owner(row))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _text(was: Row, now: Row) -> str:
    """Return the whole text where the name does not say it, with what changed since the earlier year."""
    row = now if now is not None else was
    if was is not None and now is not None and was.indicator != now.indicator:
        told = changes.edited(lines_of.edits(was.indicator, now.indicator))
    else:
        told = "" if row.indicator == lines_of.name(row) else markup.text(row.indicator)
    return f'<span class="told">{told}</span>' if told else ""


def _weight(line: Row, was: Row, now: Row) -> str:
    if was is None or now is None:
        return f"<b>{said.weights(line.weight_then, line.weight_then if now is None else line.weight_now)[1]}</b>"
    old, new = said.weights(line.weight_then, line.weight_now)
    return f"<del>{old}</del> → <b>{new}</b>" if old else f"<b>{new}</b>"


def _stood(status: str, score: float) -> str:
    told = said.score(score)
    return (markup.status(status) if status else "") + (f"<small>{told}</small>" if told else "")
