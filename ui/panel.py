"""The panel's scores as dots on a line from 0 to the highest: stacked where they meet; who gave which is not told."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import streamlit as st

from reports import indicator, words
from scoring.panel import spreads
from scoring.score import panel_points
from scoring.table import PANEL
from ui import markup, session, tables
from ui.markup import text
from ui.session import View

PARAM = "panel"
ORDERS = {"spread": "分歧大的在前", "lost": "失分多的在前"}
FIRST = 8  # indicators before 其余n项
_BIG, _SMALL = 13, 6  # pixels of a dot with its gap
_NEAR = 1.5  # percent of the line within which two dots are stacked
_HEADS = ("指标", "各人打分（0至分值，竖线＝平均）", "平均／满分", "最低～最高", "极差", "打分", "失分")


def line(given: list[float], top: float, told: str) -> str:
    """Return the scores of one indicator as a line with its ends and mean written on; ``told`` says it in words."""
    mean = sum(given) / len(given)
    middle = f'<u style="left:{_share(mean, top):.2f}%"><small>平均{words.number(mean, 2)}</small></u>'
    scale = f"<em>0</em><em>{words.number(top, 2)}</em>"
    dots = "".join(_dots(given, top, _BIG))
    return f'<div class="panel" role="img" aria-label="{text(told)}"><span>{dots}{middle}</span>{scale}</div>'


def section(view: View) -> None:
    """Draw 评委打分, once there are scores: every indicator on the same axis, in the order that the address asks for."""
    if not np.isfinite(panel_points(view.scored, view.method)).any():
        return
    wanted = st.query_params.get(PARAM)
    order = wanted if wanted in ORDERS else "spread"
    with st.container(horizontal=True, vertical_alignment="bottom", key="panel_head"):
        st.html(markup.heading("评委打分", "只看分歧和失分，不记谁打几分"))
        session.hold("panel_order", order)
        st.segmented_control(
            "排列",
            list(ORDERS),
            key="panel_order",
            format_func=ORDERS.__getitem__,
            label_visibility="collapsed",
            on_change=_take,
        )
    st.html(_table(view, order))


def _take() -> None:
    chosen = st.session_state["panel_order"]
    if chosen is not None:  # a choice clicked off keeps what it showed
        st.query_params[PARAM] = chosen


@session.cached
def _table(view: View, order: str) -> str:
    found = spreads(view.scored, view.method)
    other = "lost" if order == "spread" else "spread"
    found = found.sort_values([order, other], ascending=False, kind="stable").head(tables.MOST)
    lines = [_row(view, row, found.loc[row.Index]) for row in indicator.lines(view.scored.loc[found.index])]
    heads = "".join(f"<th>{head}</th>" for head in _HEADS)
    shown, folded = lines[:FIRST], lines[FIRST:]
    body = f'<table class="tb spreads"><thead><tr>{heads}</tr></thead><tbody>{"".join(shown)}</tbody></table>'
    if folded:
        rest = f'<table class="tb spreads"><thead><tr>{heads}</tr></thead><tbody>{"".join(folded)}</tbody></table>'
        body += f'<details class="more"><summary>其余{len(folded)}项</summary>{rest}</details>'
    return body + _left_out(view, len(found))


def _row(view: View, row: tables.Row, spread: pd.Series) -> str:
    given, top = list(spread["given"]), float(spread["top"])
    told = indicator.spread(given, top, float(spread["mean"]))
    dots = "".join(_dots(given, top, _SMALL))
    middle = f'<u style="left:{_share(float(spread["mean"]), top):.2f}%"></u>'
    cells = (
        tables.name(view, row),
        f'<div class="panel small" role="img" aria-label="{text(told)}"><span>{dots}{middle}</span></div>',
        f"<b>{words.number(spread['mean'], 2)}</b>／{words.number(top, 2)}",
        f"{words.number(spread['low'], 2)}～{words.number(spread['high'], 2)}" if len(given) > 1 else words.MISSING,
        words.percent(spread["spread"]) if len(given) > 1 else words.MISSING,
        f"{len(given)}/{len(PANEL)}人",
        words.number(spread["lost"], 2),
    )
    return (
        "<tr>"
        + "".join(f'<td data-head="{head}">{cell}</td>' for head, cell in zip(_HEADS, cells, strict=True))
        + "</tr>"
    )


def _left_out(view: View, listed: int) -> str:
    scored = int(view.scored["score"].notna().sum())
    by_panel = int(np.isfinite(panel_points(view.scored, view.method)).sum())
    said = "极差：最高与最低之差占满分的百分之几。"
    said += f"只列前{listed}项，共{by_panel}项有打分。" if by_panel > listed else ""
    said += f"另有{scored - by_panel}项只填了考评结果，没有打分可看。" if scored > by_panel else ""
    return markup.note(said)


def _share(score: float, top: float) -> float:
    return min(max(score / top, 0.0), 1.0) * 100 if top else 0.0


def _dots(given: list[float], top: float, size: int) -> Iterator[str]:
    stacked: dict[int, int] = {}
    for score in sorted(given):
        place = round(_share(score, top) / _NEAR)
        height = stacked.get(place, 0)
        stacked[place] = height + 1
        yield f'<i style="left:{_share(score, top):.2f}%;bottom:{3 + size * height}px"></i>'
