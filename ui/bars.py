"""Bars as HTML: they draw at once, wrap on a narrow screen, print, and hold every number as text."""

from collections.abc import Mapping

import pandas as pd

from reports import lists, words
from reports.method import assumes
from reports.words import GROUPS, KEYS, STATUSES, Sentence
from scoring import summary
from ui import markup, session, tables
from ui.markup import text
from ui.session import View
from ui.tables import Row

PIECES = 240  # indicators; beyond it a piece would be thinner than a pixel, and each stands for a status instead
ROWS = 16  # departments or leaders beside the watch list
LEAST_CELL = 0.16  # of the widest column of the matrix
LEAST_TRACK = 0.12  # of the longest column, so that a heading has room above an empty one
NAME = 11  # characters of a name in one line
LABEL = "2.6em"  # room for a number right of its bar


# The hundred-point bar


@session.cached
def hundred(view: View) -> str:
    """Return the hundred-point bar: a piece for each indicator, as wide as its points, 稳 险 空, then what is missing."""
    rows = lists.bar_order(view.scored[view.scored["weight"] > 0])
    groups = "".join(_group(view, key, rows) for key in GROUPS)
    lacking = words.gap(view.plan, view.total["weight"])
    if lacking > 0:
        why = "；".join(f"{gap.serials}：{gap.why}" for gap in view.plan.gaps) or "表中没有读到"
        groups += f'<div class="lacking" style="flex:{lacking:g}" title="{text(why)}"></div>'
    label = text(words.plain(words.overview(view.total, view.plan)))
    return f'<div class="hundred" role="group" aria-label="{label}">{groups}</div>'


def _group(view: View, group: str, rows: pd.DataFrame) -> str:
    held = rows[rows["status"].map(lambda key: STATUSES[key].group == group)]
    if held.empty:
        return ""
    pieces = _by_status(held) if len(rows) > PIECES else "".join(_piece(view, row) for row in held.itertuples())
    return f'<div style="flex:{held["weight"].sum():g}">{pieces}</div>'


def _piece(view: View, row: Row) -> str:
    mark = STATUSES[row.status]
    name = words.short_name(row.short_name, row.indicator, row.goal, row.serial)
    told = f"{row.serial} {name}｜{mark.word} {words.points(row.weight)}｜{words.lead(row.departments)}"
    title = text(f"{told}\n{row.completion}".strip())
    href = text(view.indicator(row.Index))
    return f'<a class="fill-{mark.key}" style="flex:{row.weight:g}" href="{href}" target="_self" tabindex="-1" title="{title}"></a>'


def _by_status(rows: pd.DataFrame) -> str:
    sums = rows.groupby("status")["weight"].sum()
    return "".join(
        f'<a class="fill-{key}" style="flex:{sums[key]:g}" title="{mark.word} {words.points(sums[key])}"></a>'
        for key, mark in STATUSES.items()
        if key in sums
    )


@session.cached
def legend(view: View) -> str:
    """Return what the hundred-point bar shows as text: points, items, and the change since the last version."""
    counts = view.scored["status"].value_counts()
    before = summary.total(view.previous).iloc[0] if view.previous is not None else None
    groups = [_legend_group(view, key, counts, before) for key in GROUPS]
    lacking = words.gap(view.plan, view.total["weight"])
    if lacking > 0:
        what = "原件缺失" if view.plan.gaps else "没有读到"
        groups.append(f'<span><i class="dots"></i>{what} <b>{words.points(lacking)}</b></span>')
    unweighted = int(summary.without_weight(view.scored).sum())
    if unweighted:
        groups.append(f'<span class="muted">其中{unweighted}项没有写明分值</span>')
    return f'<div class="legend">{"".join(f"<div>{group}</div>" for group in groups)}</div>'


def _legend_group(view: View, group: str, counts: pd.Series, before: pd.Series | None) -> str:
    shown = [key for key in KEYS[group] if key != "unjudged" or counts.get(key, 0)]
    items = "".join(
        f'<span><i class="ink-{key}">{STATUSES[key].shape}</i>{STATUSES[key].word} '
        f"<b>{words.points(view.total[key])}</b> {counts.get(key, 0)}项{_rests_on(view, key, counts)}</span>"
        for key in shown
    )
    if before is None:
        return items
    moved = view.total[KEYS[group]].sum() - before[KEYS[group]].sum()
    return f'{items}<span class="muted">较上版 {words.change(moved)}</span>'


def _rests_on(view: View, status: str, counts: pd.Series) -> str:
    """Return the mark 按假设 beside what is behind where nobody has laid down the tolerance."""
    shown = status == "behind" and counts.get(status, 0) > 0
    return markup.assumed(shown and assumes(view.method, "behind_tolerance"))


@session.cached
def earned(view: View) -> str:
    """Return the bar of the evaluation: earned, still to be scored, lost, then what is missing."""
    total = view.total
    lost, pending = total["scored_weight"] - total["score"], total["weight"] - total["scored_weight"]
    lacking = words.gap(view.plan, total["weight"])
    pieces = [("fill-done", total["score"]), ("fill-not_reported", pending), ("fill-overdue", lost)]
    body = "".join(
        f'<div style="flex:{size:g}"><a class="{css}" style="flex:1"></a></div>' for css, size in pieces if size > 0
    )
    body += f'<div class="lacking" style="flex:{lacking:g}"></div>' if lacking > 0 else ""
    label = text(words.plain(words.overview(total, view.plan)))
    return f'<div class="hundred" role="img" aria-label="{label}">{body}</div>'


@session.cached
def earned_legend(view: View) -> str:
    """Return points and items earned, pending and lost."""
    total, table = view.total, view.scored
    scored = table["score"].notna()
    losing = int((table["weight"] - table["score"] > 1e-9).sum())
    pending = total["weight"] - total["scored_weight"]
    marks = (
        ("done", "●", "已得", f"{words.fixed(total['score'])}分", int(scored.sum())),
        ("not_reported", "○", "待评", words.points(pending, 2), int((~scored).sum())),
        ("overdue", "■", "已失", f"{words.fixed(total['scored_weight'] - total['score'])}分", losing),
    )
    items = "".join(
        f'<span><i class="ink-{key}">{shape}</i>{word} <b>{value}</b> {count}项</span>'
        for key, shape, word, value, count in marks
    )
    scale = markup.assumed(assumes(view.method, "panel_scale"))
    rule = f'<span class="muted">得分取集中考评组打分的平均或考评结果栏{scale}；只有定档的不算得分</span>'
    return f'<div class="legend"><div>{items}</div><div>{rule}</div></div>'


# Three columns: who holds what


@session.cached
def holders(view: View, which: str, most: int = ROWS) -> str:
    """Return the three-column bars of ``department``, ``leader`` or ``category``, at most so many; rows link to their page."""
    heads = {"department": "科室", "leader": "分管领导", "category": "类别"}
    table = lists.ranked(getattr(view.summaries, f"by_{which}"))
    scale = tracks(words.most(table))
    shown = table.head(most)
    rows = "".join(_holder(view, which, str(name), row, scale) for name, row in shown.iterrows())
    more = len(table) - len(shown)
    rest = f'<p class="note">其余{more}个：{text(words.points(table["weight"].iloc[most:].sum()))}</p>' if more else ""
    return f'<div class="three" style="{_template(view, which, scale)}">{_three_head(heads[which])}{rows}</div>{rest}'


def instead(view: View, which: str) -> str:
    """Return all holders for where Plotly's figure is not shown: on paper, and on a phone."""
    return f'<div class="paper">{holders(view, which, tables.MOST)}</div>'


def described(sentence: Sentence, table: pd.DataFrame) -> str:
    """Return a figure of holders in words: its sentence, then every row, for who cannot see it."""
    rows = "；".join(told(str(name), row) for name, row in table.iterrows())
    return f"{words.plain(sentence)}{rows}。"


def told(name: str, row: pd.Series) -> str:
    """Return in words what a row of three bars shows: 外资科：承担8分，按序时3分，有风险5分，未填报0分."""
    steady, risk, unknown = map(words.points, words.parts(row))
    held = "分值没有写明" if words.held(row) == words.MISSING else f"承担{words.points(row['weight'])}"
    return f"{name}：{held}，按序时{steady}，有风险{risk}，{words.unknown_word(row)}{unknown}"


def tracks(most: words.Parts) -> words.Parts:
    """Return how many points each of the three columns spans: the most that a row holds in it, never nothing."""
    least = LEAST_TRACK * max(*most, 1e-9)
    return words.Parts(*(max(part, least) for part in most))


def _template(view: View, which: str, scale: words.Parts) -> str:
    return f"--cells:{_names(view, which)} 2.9em {columns(scale)}"


def columns(scale: words.Parts) -> str:
    """Return the three columns of bars as those of a grid, each with room for a number at its right."""
    return " ".join(f"minmax(0,{track:g}fr) {LABEL}" for track in scale)


def _names(view: View, which: str) -> str:
    """Return the width of the names' column; departments and leaders stand below each other and share one."""
    if which == "category":
        lengths = [len(words.category(str(name))) for name in view.summaries.by_category.index]
    else:
        lengths = [len(str(name)) for name in (*view.summaries.by_department.index, *view.summaries.by_leader.index)]
    return f"{min(max(lengths, default=4), NAME) + 0.5}em"


def _three_head(what: str) -> str:
    return f'<div class="row heads"><span class="name">{what}</span><span class="held">承担</span>{tops()}</div>'


def tops() -> str:
    """Return the headings of the three columns."""
    return "".join(f'<span class="top ink-{key}">{group.word}</span>' for key, group in GROUPS.items())


def _holder(view: View, which: str, name: str, row: pd.Series, scale: words.Parts) -> str:
    label = words.category(name) if which == "category" else name
    title = text(told(name, row))
    body = f'<span class="name">{text(label)}</span><span class="held">{words.held(row)}</span>{cells(row, scale)}'
    if which == "category":
        return f'<div class="row" title="{title}">{body}</div>'
    return f'<a class="row" href="{text(view.link(which, **{which: name}))}" target="_self" title="{title}">{body}</a>'


def number(value: float) -> str:
    """Return points without the word, escaped by being digits."""
    return words.number(value)


def cells(points: pd.Series | Mapping[str, float], scale: words.Parts) -> str:
    """Return the points of each status as bars in the three columns, each with its number."""
    return "".join(_cell(points, group, track) for group, track in zip(GROUPS, scale, strict=True))


def _cell(points: pd.Series | Mapping[str, float], group: str, track: float) -> str:
    held = {key: points[key] for key in KEYS[group] if points[key] > 0}
    total = sum(held.values())
    pieces = "".join(
        f'<i class="fill-{key}" style="width:{size / track * 100:.3f}%"></i>' for key, size in held.items()
    )
    told = f'<span class="value">{number(total)}</span>' if total else ""
    return f'<span class="bar">{pieces}{told}</span><span></span>'


@session.cached
def held(view: View, which: str) -> str:
    """Return who holds how many points while nothing is reported: one hatched bar each."""
    table = getattr(view.summaries, f"by_{which}").sort_values("weight", ascending=False, kind="stable").head(ROWS)
    most = float(table["weight"].max() or 1)
    rows = "".join(
        f'<a class="row" href="{text(view.link(which, **{which: str(name)}))}" target="_self">'
        f'<span class="name">{text(name)}</span>'
        f'<span class="bar"><i class="fill-not_reported" style="width:{row["weight"] / most * 100:.3f}%"></i>'
        f'<span class="value">{words.held(row)}</span></span><span></span></a>'
        for name, row in table.iterrows()
    )
    return f'<div class="three one" style="--cells:{_names(view, which)} minmax(0,1fr) {LABEL}">{rows}</div>'


@session.cached
def scores(view: View, which: str) -> str:
    """Return points earned, pending and lost for each category or department."""
    table = getattr(view.summaries, f"by_{which}")
    table = table if which == "category" else table.sort_values("weight", ascending=False, kind="stable")
    most = float(table["weight"].max() or 1)
    names = [words.category(str(name)) if which == "category" else str(name) for name in table.index]
    rows = "".join(_score(name, row, most) for name, (_, row) in zip(names, table.iterrows(), strict=True))
    return f'<div class="three score" style="--cells:{_names(view, which)} minmax(0,1fr) 15em">{rows}</div>'


def _score(name: str, row: pd.Series, most: float) -> str:
    got = 0.0 if pd.isna(row["score"]) else row["score"]
    lost, pending = row["scored_weight"] - got, row["weight"] - row["scored_weight"]
    pieces = "".join(
        f'<i class="fill-{key}" style="width:{size / most * 100:.3f}%"></i>'
        for key, size in (("done", got), ("not_reported", pending), ("overdue", lost))
        if size > 1e-9
    )
    told = f"已得<b>{words.fixed(got)}</b>／{words.number(row['weight'])}" if row["scored_weight"] > 0 else ""
    told += f' <em class="ink-overdue">失{words.fixed(lost)}</em>' if lost > 1e-9 else ""
    told += f" <em>待评{words.number(pending, 2)}</em>" if pending > 1e-9 else ""
    return f'<div class="row"><span class="name">{text(name)}</span><span class="bar">{pieces}</span><span class="told">{told}</span></div>'


# One column for each version


@session.cached
def history(view: View) -> str:
    """Return one column for each version, oldest first, each judged on its own data date; not joined."""
    columns = [
        (version, session.summaries(version.id, view.method.fingerprint, version.data_date).total)
        for version in reversed(view.versions)
    ]
    body = "".join(
        f'<a class="version" href="?plan={text(version.plan)}&v={version.number}" target="_self">'
        f'<span class="stack" role="img" aria-label="{text(statuses_told(total))}">{_stack(total)}</span><span>第{version.number}版</span>'
        f"<small>{words.day(version.data_date, view.plan.year)}</small></a>"
        for version, total in columns
    )
    return f'<div class="history">{body}</div>'


def statuses_told(points: pd.Series) -> str:
    """Return the points of each status in words, those without any left out: 已完成14.5分，正常43分."""
    return "，".join(
        f"{mark.word}{words.points(points[key])}" for key, mark in STATUSES.items() if points.get(key, 0) > 0
    )


def _stack(total: pd.Series) -> str:
    pieces = [(key, total[key]) for key in reversed(STATUSES) if total[key] > 0]
    return "".join(
        f'<i class="fill-{key}" style="flex:{size:g}" title="{STATUSES[key].word} {words.points(size)}">'
        f"{number(size) if size >= 0.09 * total['weight'] else ''}</i>"
        for key, size in pieces
    )


# Leader × category


@session.cached
def matrix(view: View) -> str:
    """Return mini-bars of each leader in each category, all on one scale; — where a leader holds nothing."""
    sums = _leader_sums(view.scored)
    categories = [str(name) for name in view.summaries.by_category.index]
    tracks = _category_tracks(sums, categories)
    about = _columns_alone(tracks)
    heads = "".join(
        f'<span class="top"><b>{text(words.category(name))}</b> {words.points(view.summaries.by_category.at[name, "weight"])}</span>'
        for name in categories
    )
    rows = "".join(
        f'<div class="row"><span class="name">{text(name)} <small>{words.held(row)}</small></span>'
        + "".join(_mini(sums.get((name, category)), track, about[category]) for category, track in tracks.items())
        + "</div>"
        for name, row in lists.ranked(view.summaries.by_leader).iterrows()
    )
    cells = " ".join(f"minmax(4.2em,{track:g}fr)" for track in tracks.values())
    head = f'<div class="row heads"><span></span>{heads}</div>'
    return f'<div class="matrix scroll"><div style="--cells:8.5em {cells}">{head}{rows}</div></div>'


def _leader_sums(scored: pd.DataFrame) -> pd.Series:
    """Return points by leader, category and status."""
    held = scored[~summary.without_weight(scored)].assign(leader=scored["leaders"].map(words.lead))
    return held.groupby(["leader", "category", "status"])["weight"].sum()


def _category_tracks(sums: pd.Series, categories: list[str]) -> dict[str, float]:
    """Return how many points each category's column spans: the most that one leader holds in it, never nothing."""
    widest = (
        sums.groupby(level=["leader", "category"]).sum().groupby(level="category").max().reindex(categories).fillna(0)
    )
    least = max(LEAST_CELL * float(widest.max()), 1e-9)
    return {name: max(float(widest[name]), least) for name in categories}


def _columns_alone(tracks: dict[str, float]) -> dict[str, str]:
    """Return what a cell of each column needs where cells stand below each other: its heading, its share of the scale."""
    widest = max(tracks.values(), default=1.0)
    return {
        name: f'data-head="{text(words.category(name))}" style="--share:{track / widest:.3f}"'
        for name, track in tracks.items()
    }


def _mini(sums: pd.Series | None, track: float, about: str) -> str:
    if sums is None or not sums.sum() > 0:
        return f'<span class="mini none">{words.MISSING}</span>'
    pieces = "".join(
        f'<i class="fill-{key}" style="width:{sums[key] / track * 92:.3f}%"></i>'
        for key in STATUSES
        if sums.get(key, 0) > 0
    )
    parts = {group: sum(sums.get(key, 0) for key in keys) for group, keys in KEYS.items()}
    told = [f'<b class="ink-risk">险{number(parts["risk"])}</b>' if parts["risk"] else ""]
    told += [f'<span class="ink-unknown">未填{number(parts["unknown"])}</span>' if parts["unknown"] else ""]
    if not any(told):
        told = [f'<span class="ink-steady">{number(parts["steady"])}</span>']
    said = " ".join(filter(None, told))
    drawn = f'<span class="bar" role="img" aria-label="{text(statuses_told(sums))}">{pieces}</span>'
    return f'<span class="mini" {about}>{drawn}<small>{said}</small></span>'
