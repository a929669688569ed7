"""Plotly figures: they draw what ``scoring.summary`` computed, and compute nothing themselves.

All use ``go`` and one template, show text literally, and are drawn by ``show`` without Streamlit's theme and mode bar.
"""

from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from reports import lists, words
from reports.words import GROUPS, HATCH, INK, KEYS, OUTLINE, STATUSES
from ui import filters, session
from ui.markup import plot
from ui.session import View

FONT = "'Microsoft YaHei UI', 'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 14, "color": INK},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "showlegend": False,
        "bargap": 0.36,
        "hoverlabel": {"bgcolor": "white", "bordercolor": OUTLINE, "font": {"family": FONT, "size": 13, "color": INK}},
        "dragmode": False,
    }
)
GAP = 0.065  # of the width, right of each column, for the numbers
CHARACTER = 14.2  # pixels
WRAP = 11  # characters of a name in one line


def show(figure: go.Figure, key: str, alt: str, param: str = "") -> None:
    """Draw a figure; a click takes the clicked name into the address, where ``param`` names what it chooses."""
    choose: dict[str, Any] = {}
    if param:
        choose = {"on_select": lambda: filters.clicked(param, key), "selection_mode": "points"}
    st.plotly_chart(
        figure, theme=None, key=key, alt=alt, config={"displayModeBar": False, "scrollZoom": False}, **choose
    )


@session.cached
def holders(view: View, which: str, selected: str, row_height: int = 40) -> go.Figure:
    """Return the three-column bars of ``department`` or ``leader``: each column from its own zero, one scale."""
    table = lists.ranked(getattr(view.summaries, f"by_{which}"))
    columns = _columns(table)
    figure = go.Figure(layout={"template": TEMPLATE, "barmode": "stack", "height": 30 + row_height * len(table)})
    for column, group in zip(columns, GROUPS, strict=True):
        _add_group(figure, table, column, group)
    _name_rows(figure, table)
    if selected in table.index:
        row = list(table.index).index(selected)
        figure.add_shape(type="rect", xref="paper", yref="y", x0=-9, x1=1, y0=row - 0.5, y1=row + 0.5)
        figure.layout.shapes[-1].update(fillcolor="#E8EFFA", line_width=0, layer="below")
    return figure


class Column(NamedTuple):
    """One of the three columns: its x axis, where it stands (share of the width) and how many points it spans."""

    axis: str
    start: float
    end: float
    span: float


def _columns(table: pd.DataFrame) -> list[Column]:
    most = words.most(table)
    spans = [max(span, 0.15 * max(*most, 1e-9)) for span in most]
    scale = (1 - 3 * GAP) / sum(spans)
    columns, start = [], 0.0
    for place, span in enumerate(spans):
        end = start + span * scale
        columns.append(Column("x" if not place else f"x{place + 1}", start, end, span))
        start = end + GAP
    return columns


def _add_group(figure: go.Figure, table: pd.DataFrame, column: Column, group: str) -> None:
    keys = KEYS[group]
    rows = list(range(len(table)))
    for key in keys:
        figure.add_bar(
            x=table[key],
            y=rows,
            orientation="h",
            xaxis=column.axis,
            marker=_marker(key),
            customdata=[[str(name)] for name in table.index],
            hovertext=[_told(str(name), row, key) for name, row in table.iterrows()],
            hoverinfo="text",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    total = table[keys].sum(axis=1)
    figure.add_scatter(
        x=total,
        y=rows,
        xaxis=column.axis,
        mode="text",
        text=[f" {words.number(value)}" if value else "" for value in total],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
    )
    axis = {"domain": [column.start, column.end], "range": [0, column.span], "visible": False, "fixedrange": True}
    figure.update_layout({column.axis.replace("x", "xaxis"): axis})
    edge = {"xref": "paper", "x0": column.start, "x1": column.start, "yref": "y", "y0": -0.5, "y1": len(table) - 0.5}
    figure.add_shape(type="line", line={"color": INK, "width": 1}, **edge)
    top = {"xref": "paper", "x": column.start, "yref": "y", "y": -0.5, "xanchor": "left", "yanchor": "bottom"}
    figure.add_annotation(
        text=GROUPS[group].word, showarrow=False, font={"size": 13, "color": GROUPS[group].ink}, **top
    )


def _told(name: str, row: pd.Series, key: str) -> str:
    return f"{plot(name)}：{STATUSES[key].word}{words.points(row[key])}，共承担{words.points(row['weight'])}"


def _marker(key: str) -> dict[str, object]:
    if STATUSES[key].group != "unknown":
        return {"color": STATUSES[key].fill, "line": {"color": "white", "width": 1}}
    shape = "/" if key == "not_reported" else "."
    pattern = {
        "shape": shape,
        "fgcolor": HATCH if shape == "/" else OUTLINE,
        "bgcolor": "white",
        "size": 7,
        "solidity": 0.2,
    }
    return {"color": "white", "line": {"color": OUTLINE, "width": 1}, "pattern": pattern}


def _name_rows(figure: go.Figure, table: pd.DataFrame) -> None:
    longest = min(max((len(str(name)) for name in table.index), default=4), WRAP)
    labels = [
        f"{_wrapped(str(name))}   <span style='color:#4A5565'>{words.held(row)}</span>\u00a0"
        for name, row in table.iterrows()
    ]
    figure.update_layout(
        margin={"l": int(CHARACTER * (longest + 3.2)), "t": 26},
        yaxis={
            "range": [len(table) - 0.5, -0.5],
            "tickvals": list(range(len(table))),
            "ticktext": labels,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "ticks": "",
        },
    )
    figure.add_annotation(
        text="承担",
        showarrow=False,
        font={"size": 13, "color": "#4A5565"},
        xref="paper",
        x=0,
        xshift=-4,
        yref="y",
        y=-0.5,
        xanchor="right",
        yanchor="bottom",
    )


def _wrapped(name: str) -> str:
    return "<br>".join(plot(name[start : start + WRAP]) for start in range(0, len(name), WRAP)) or "　"
