"""Bars as HTML: they draw at once, wrap on a narrow screen, print, and hold every number as text."""

import pandas as pd

from reports import lists, words
from reports.words import GROUPS, KEYS, STATUSES
from ui import session
from ui.markup import text
from ui.session import View
from ui.tables import Row

PIECES = 240  # indicators; beyond it a piece would be thinner than a pixel, and each stands for a status instead
ROWS = 16  # departments or leaders beside the watch list
LEAST_TRACK = 0.12  # of the longest column, so that a heading has room above an empty one
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
    before = view.previous.groupby("status")["weight"].sum() if view.previous is not None else None
    groups = [_legend_group(view, key, counts, before) for key in GROUPS]
    lacking = words.gap(view.plan, view.total["weight"])
    if lacking > 0:
        what = "原件缺失" if view.plan.gaps else "没有读到"
        groups.append(f'<span><i class="dots"></i>{what} <b>{words.points(lacking)}</b></span>')
    unweighted = int(view.scored["weight"].isna().sum())
    if unweighted:
        groups.append(f'<span class="muted">另有{unweighted}项没有写明分值</span>')
    return f'<div class="legend">{"".join(f"<div>{group}</div>" for group in groups)}</div>'


def _legend_group(view: View, group: str, counts: pd.Series, before: pd.Series | None) -> str:
    shown = [key for key in KEYS[group] if key != "unjudged" or counts.get(key, 0)]
    items = "".join(
        f'<span><i class="ink-{key}">{STATUSES[key].shape}</i>{STATUSES[key].word} '
        f"<b>{words.points(view.total[key])}</b> {counts.get(key, 0)}项</span>"
        for key in shown
    )
    if before is None:
        return items
    moved = sum(view.total[key] - before.get(key, 0.0) for key in KEYS[group])
    return f'{items}<span class="muted">较上版 {words.change(moved)}</span>'


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
    rule = '<span class="muted">得分取集中考评组打分的平均或考评结果栏；只有定档的不算得分</span>'
    return f'<div class="legend"><div>{items}</div><div>{rule}</div></div>'


# Three columns: who holds what


@session.cached
def holders(view: View, which: str) -> str:
    """Return the three-column bars of ``department``, ``leader`` or ``category``; rows link to their page."""
    heads = {"department": "科室", "leader": "分管领导", "category": "类别"}
    table = lists.ranked(getattr(view.summaries, f"by_{which}"))
    tracks = _tracks(table)
    shown = table.head(ROWS)
    rows = "".join(_holder(view, which, str(name), row, tracks) for name, row in shown.iterrows())
    more = len(table) - len(shown)
    rest = f'<p class="note">其余{more}个：{text(words.points(table["weight"].iloc[ROWS:].sum()))}</p>' if more else ""
    return f'<div class="three" style="{_template(tracks, shown.index)}">{_three_head(heads[which], tracks)}{rows}</div>{rest}'


def _tracks(table: pd.DataFrame) -> words.Parts:
    most = words.most(table)
    least = LEAST_TRACK * max(*most, 1e-9)
    return words.Parts(*(max(part, least) for part in most))


def _template(tracks: words.Parts, names: pd.Index) -> str:
    longest = min(max((len(str(name)) for name in names), default=4), 11)
    bars = " ".join(f"minmax(0,{track:g}fr) {LABEL}" for track in tracks)
    return f"--cells:{max(longest, 4) + 0.5}em 2.9em {bars}"


def _three_head(what: str, tracks: words.Parts) -> str:
    cells = "".join(f'<span class="top ink-{key}">{group.word}</span>' for key, group in GROUPS.items())
    return f'<div class="row heads"><span class="name">{what}</span><span class="held">承担</span>{cells}</div>'


def _holder(view: View, which: str, name: str, row: pd.Series, tracks: words.Parts) -> str:
    steady, risk, unknown = words.parts(row)
    label = words.category(name) if which == "category" else name
    told = f"{name}：承担{words.points(row['weight'])}，按序时{number(steady)}，有风险{number(risk)}，未填报{number(unknown)}"
    cells = (
        _cell(row, "steady", tracks.steady) + _cell(row, "risk", tracks.risk) + _cell(row, "unknown", tracks.unknown)
    )
    body = f'<span class="name">{text(label)}</span><span class="held">{number(row["weight"])}</span>{cells}'
    if which == "category":
        return f'<div class="row" title="{text(told)}">{body}</div>'
    return f'<a class="row" href="{text(view.link(which, **{which: name}))}" target="_self" title="{text(told)}">{body}</a>'


def number(value: float) -> str:
    """Return points without the word, escaped by being digits."""
    return words.number(value)


def _cell(row: pd.Series, group: str, track: float) -> str:
    total = row[KEYS[group]].sum()
    pieces = "".join(
        f'<i class="fill-{key}" style="width:{row[key] / track * 100:.3f}%"></i>' for key in KEYS[group] if row[key] > 0
    )
    return f'<span class="bar">{pieces}</span><span class="value">{number(total) if total else ""}</span>'


@session.cached
def held(view: View, which: str) -> str:
    """Return who holds how many points while nothing is reported: one hatched bar each."""
    table = getattr(view.summaries, f"by_{which}").sort_values("weight", ascending=False, kind="stable").head(ROWS)
    most = float(table["weight"].max() or 1)
    longest = min(max((len(str(name)) for name in table.index), default=4), 11)
    rows = "".join(
        f'<a class="row" href="{text(view.link(which, **{which: str(name)}))}" target="_self">'
        f'<span class="name">{text(name)}</span>'
        f'<span class="bar"><i class="fill-not_reported" style="width:{row["weight"] / most * 100:.3f}%"></i></span>'
        f'<span class="value">{number(row["weight"])}</span></a>'
        for name, row in table.iterrows()
    )
    return f'<div class="three one" style="--cells:{max(longest, 4) + 0.5}em minmax(0,1fr) {LABEL}">{rows}</div>'


@session.cached
def scores(view: View, which: str) -> str:
    """Return points earned, pending and lost for each category or department."""
    table = getattr(view.summaries, f"by_{which}")
    table = table if which == "category" else table.sort_values("weight", ascending=False, kind="stable")
    most = float(table["weight"].max() or 1)
    names = [words.category(str(name)) if which == "category" else str(name) for name in table.index]
    longest = min(max((len(name) for name in names), default=4), 11)
    rows = "".join(_score(name, row, most) for name, (_, row) in zip(names, table.iterrows(), strict=True))
    return f'<div class="three score" style="--cells:{max(longest, 4) + 0.5}em minmax(0,1fr) 15em">{rows}</div>'


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
        (version, session.summaries(version.id, session.fingerprint(view.method), version.data_date).total)
        for version in reversed(view.versions)
    ]
    body = "".join(
        f'<a class="version" href="?plan={text(version.plan)}&v={version.number}" target="_self">'
        f'<span class="stack">{_stack(total)}</span><span>第{version.number}版</span>'
        f"<small>{words.day(version.data_date, view.plan.year)}</small></a>"
        for version, total in columns
    )
    return f'<div class="history">{body}</div>'


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
    table = view.scored.assign(leader=view.scored["leaders"].map(words.lead))
    categories = [str(name) for name in view.summaries.by_category.index]
    sums = table.groupby(["leader", "category", "status"])["weight"].sum()
    widest = [
        float(sums.groupby(level=["category", "leader"]).sum().get(name, pd.Series([0.0])).max()) for name in categories
    ]
    least = max(0.16 * max(widest, default=0.0), 1e-9)
    tracks = [max(size, least) for size in widest]
    heads = "".join(
        f'<span class="top"><b>{text(words.category(name))}</b> {words.points(view.summaries.by_category.loc[name, "weight"])}</span>'
        for name in categories
    )
    leaders = lists.ranked(view.summaries.by_leader)
    rows = "".join(
        f'<div class="row"><span class="name">{text(name)} <small>{words.points(row["weight"])}</small></span>'
        + "".join(
            _mini(sums.get((name, category), pd.Series(dtype=float)), track)
            for category, track in zip(categories, tracks, strict=True)
        )
        + "</div>"
        for name, row in leaders.iterrows()
    )
    cells = " ".join(f"minmax(4.2em,{track:g}fr)" for track in tracks)
    head = f'<div class="row heads"><span></span>{heads}</div>'
    return f'<div class="matrix scroll"><div style="--cells:8.5em {cells}">{head}{rows}</div></div>'


def _mini(sums: pd.Series, track: float) -> str:
    if not sums.sum() > 0:
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
    return f'<span class="mini"><span class="bar">{pieces}</span><small>{" ".join(filter(None, told))}</small></span>'
