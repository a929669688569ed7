"""What changed between two versions, as tables: 目标改动 first, then each kind, the old value struck, the new one bold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from reports import changes as said
from reports import words
from reports.changes import KINDS, TARGETS, Edit
from reports.words import Sentence
from scoring import changes
from scoring.changes import Changes
from ui import markup
from ui.markup import text

FIRST = 10  # rows before 其余n项
MOST = 120  # rows; what is cut off is counted below
RETARGETED = "targets"
_ALWAYS = ("worse", "better", "newly_reported", "updated", "unchanged")
Row = Any  # a row of ``itertuples`` over a scored table


@dataclass(frozen=True)
class Between:
    """Two versions compared, and how the page calls them (第3版, 第4版).

    ``href`` gives the address of an indicator of the newer version, None where it has none yet.
    """

    changes: Changes
    before: str
    after: str
    year: int
    href: Callable[[Row], str] | None = None


def show(between: Between, key: str) -> None:
    """Draw the kinds to choose from, each with its count, and the table of the chosen one."""
    counts = {RETARGETED: between.changes.targets["now"].nunique()}
    counts |= changes.points(between.changes)["indicators"].to_dict()
    kinds = [RETARGETED, *_ALWAYS, *(kind for kind in ("added", "removed") if counts[kind])]
    chosen = st.segmented_control(
        "变化",
        kinds,
        key=key,
        default=next((kind for kind in kinds if counts[kind]), RETARGETED),
        format_func=lambda kind: f"{'目标改动' if kind == RETARGETED else KINDS[kind]} {counts[kind]}",
        label_visibility="collapsed",
    )
    if chosen == RETARGETED:
        st.html(targets(between))
    elif chosen:
        st.html(kind(between, chosen))


def targets(between: Between) -> str:
    """Return 目标改动 as a table: a row for each changed weight, text, deadline or owner."""
    rows = between.changes.targets
    if rows.empty:
        return markup.note("没有。权重、指标内容、完成时限、责任科室、负责人和分管领导都与上一版一致。")
    lines = zip(rows.itertuples(), said.lines(between.changes.after, rows["now"]), strict=True)
    body = [_target(between, line, row) for line, row in lines]
    return table(("指标", "改动", f"{between.before} → {between.after}", "责任科室"), "targets", body)


def _target(between: Between, line: Row, row: Row) -> str:
    old, new = (said.value(line.field, side, between.year) for side in (line.old, line.new))
    inside = edited(said.edits(old, new)) if line.field in ("goal", "indicator") else _instead(old, new)
    return (
        f"<tr><td>{_name(between, row)}</td><td>{TARGETS[line.field]}</td><td>{inside}</td><td>{owner(row)}</td></tr>"
    )


def kind(between: Between, which: str) -> str:
    """Return the indicators of one kind as a table, most points first."""
    rows = between.changes.of(which)
    if rows.empty:
        return markup.note("没有。")
    sides = [
        said.lines(table, rows[side])
        for table, side in ((between.changes.before, "was"), (between.changes.after, "now"))
    ]
    draw = _single if which in ("unchanged", "added", "removed") else _pair
    body = [draw(between, was, now) for was, now in zip(*sides, strict=True)]
    versions = ("状态",) if draw is _single else (between.before, "", between.after)
    return table(("分值", "指标与进展", *versions, "责任科室"), "kind" if draw is _pair else "single", body)


def _pair(between: Between, was: Row, now: Row) -> str:
    moved = f"<td>{markup.status(was.status)}</td><td>→</td><td>{markup.status(now.status)}</td>"
    told = _name(between, now) + _report(between, was, now)
    return f"<tr><td>{_points(now)}</td><td>{told}</td>{moved}<td>{owner(now)}</td></tr>"


def _single(between: Between, was: Row, now: Row) -> str:
    row = now if now is not None else was
    inside = f'<span class="said">{text(row.completion)}</span>' if row.completion else ""
    called = _name(between, row) if now is not None else f"<del>{_name(between, row, linked=False)}</del>"
    cells = f"<td>{_points(row)}</td><td>{called}{inside}</td><td>{markup.status(row.status)}</td>"
    return f"<tr>{cells}<td>{owner(row)}</td></tr>"


def _report(between: Between, was: Row, now: Row) -> str:
    """Return the report, the old one struck where there is a new one, and the numbers that moved."""
    same = was.completion == now.completion
    carried = "（没有新填报，随时间变化）" if same and was.status != now.status and not said.reports(was, now) else ""
    told = text(now.completion) if same else edited(said.edits(was.completion, now.completion))
    numbers = [f"{what} {_instead(old, new)}" for what, old, new in said.reports(was, now)]
    lines = [line for line in (f"{told}{carried}", "　".join(numbers)) if line]
    return "".join(f'<span class="told">{line}</span>' for line in lines)


def _instead(old: str, new: str) -> str:
    return f"<del>{text(old)}</del> → <b>{text(new)}</b>"


def edited(pieces: tuple[Edit, ...]) -> str:
    """Return a changed text, what is gone struck, what is new bold."""
    tags = {"same": "{}", "old": "<del>{}</del>", "new": "<b>{}</b>"}
    return "".join(tags[piece.mark].format(text(piece.text)) for piece in pieces)


def _points(row: Row) -> str:
    return f"<b>{words.number(row.weight)}</b>"


def _name(between: Between, row: Row, linked: bool = True) -> str:
    return named(row, between.href(row) if between.href and linked else None)


def named(row: Row, href: str | None) -> str:
    """Return an indicator's short name and serial, the name as a link where it has an address."""
    serial = f'<small class="serial">{text(row.serial)}</small>' if row.serial else ""
    called, title = text(said.name(row)), text(row.indicator)
    if href is None:
        return f'<b class="what" title="{title}">{called}</b>{serial}'
    return f'<a class="what" href="{text(href)}" target="_self" title="{title}">{called}</a>{serial}'


def owner(row: Row) -> str:
    """Return the department that leads, and the heads."""
    return f"{text(words.lead(row.departments))}<small>{text('、'.join(row.heads))}</small>"


def table(heads: tuple[str, ...], css: str, body: list[str]) -> str:
    """Return some rows as a table; those after ``FIRST`` fold away."""
    head = f"<thead><tr>{''.join(f'<th>{text(each)}</th>' for each in heads)}</tr></thead>"
    shown = f'<table class="tb changes {css}">{head}<tbody>{"".join(body[:FIRST])}</tbody></table>'
    if len(body) <= FIRST:
        return shown
    cut = markup.note(f"只列前{MOST}项，共{len(body)}项。") if len(body) > MOST else ""
    more = f'<table class="tb changes {css}">{head}<tbody>{"".join(body[FIRST:MOST])}</tbody></table>{cut}'
    return f'{shown}<details class="more"><summary>其余{len(body) - FIRST}项</summary>{more}</details>'


# Departments


def departments(between: Between) -> str:
    """Return what each department has done or on pace as a dumbbell, ○ then and ● now; "" for a first version."""
    if between.changes.before.empty:
        return ""
    table = changes.by_department(between.changes)
    moved = table[(table["after"].fillna(0) - table["before"].fillna(0)).abs() > 1e-9]
    longest = max(float(table[["weight", "before", "after"]].max().max()), 1e-9)
    rows = "".join(_dumbbell(str(name), row, longest) for name, row in moved.iterrows())
    still = [str(name) for name in table.index.difference(moved.index, sort=False)]
    rest = f"{'、'.join(still)}没有变化。" if still else ""
    note = f"完成或按序时的分值：○{between.before} → ●{between.after}，灰条为承担分值。"
    return f'{markup.heading("各科室变化")}{markup.note(note)}<div class="dumbbells">{rows}</div>{markup.note(rest)}'


def _dumbbell(name: str, row: pd.Series, longest: float) -> str:
    held, was, now = (_share(row[side], longest) for side in ("weight", "before", "after"))
    gain = float(row[["after", "before"]].fillna(0).diff().iloc[-1]) * -1
    tone = "steady" if gain > 0 else "risk"
    left, width = min(was, now), abs(now - was)
    then = "" if pd.isna(row["before"]) else f'<u style="left:{was:.1f}%"></u>'
    there = "" if pd.isna(row["after"]) else f'<em style="left:{now:.1f}%"></em>'
    track = f'<s style="width:{held:.1f}%"></s><i style="left:{left:.1f}%;width:{width:.1f}%"></i>{then}{there}'
    end = max(held, was, now)
    told = f"{name}：{words.points(row['before'])}变为{words.points(row['after'])}，承担{words.points(row['weight'])}"
    value = f'<b class="ink-{tone}" style="left:{end:.1f}%">{words.change(gain)}</b>'
    return (
        f'<div class="row {tone}" title="{text(told)}"><span class="name">{text(name)}</span>'
        f'<span class="track" role="img" aria-label="{text(told)}">{track}{value}</span></div>'
    )


def _share(value: float, longest: float) -> float:
    return 0.0 if pd.isna(value) else 100 * float(value) / longest


# The change story


def story(sentences: tuple[Sentence, ...]) -> str:
    """Return the sentences that can be read aloud, one below the other."""
    return f'<ol class="story">{"".join(f"<li>{markup.spans(sentence)}</li>" for sentence in sentences)}</ol>'


def gone(between: Between) -> str:
    """Name the indicators that were added and removed, "" where none were."""
    told = []
    for which in ("added", "removed"):
        rows = between.changes.of(which)
        table, side = (between.changes.after, "now") if which == "added" else (between.changes.before, "was")
        named = [f"{row.serial} {said.name(row)}".strip() for row in said.lines(table, rows[side].head(FIRST))]
        if named and len(between.changes.before):
            told.append(f"{KINDS[which]}{len(rows)}项：{'、'.join(named)}{'等' if len(rows) > len(named) else ''}。")
    return markup.note("".join(told)) if told else ""
