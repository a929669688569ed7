"""A slide of the meeting as HTML. Sizes stand in ui/meeting.css, in shares of the screen's height."""

from reports import words
from reports.meeting.slides import (
    Agenda,
    Agreed,
    Goal,
    Holder,
    Item,
    Line,
    Lines,
    Overall,
    Owed,
    Part,
    Piece,
    Section,
    Sections,
    Slide,
    Story,
)
from reports.words import STATUSES
from ui import markup
from ui.markup import text

NUMBERS = ("分值", "失分", "承担")


def drawn(slide: Slide) -> str:
    """Return a whole slide; its headline is the page's."""
    more = f'<p class="more">{text(slide.more)}</p>' if slide.more else ""
    head = f'<p class="above">{text(slide.context)}</p><h1>{text(slide.title)}</h1>'
    return f'<section class="slide {slide.kind}">{head}<div class="content">{_content(slide)}</div>{more}</section>'


def _content(slide: Slide) -> str:
    match slide.content:
        case Overall():
            return _overall(slide.content)
        case Story():
            return "".join(f"<p>{markup.spans(sentence)}</p>" for sentence in slide.content.sentences)
        case Lines():
            return _lines(slide.content)
        case Sections():
            return _sections(slide.content)
        case Item():
            return _item(slide.content)
        case Owed():
            return _owed(slide.content)
        case Agenda():
            return _agenda(slide.content)


def _table(heads: tuple[str, ...], rows: list[str]) -> str:
    """Return a table; the heads of numbers stand above the numbers."""
    titles = "".join(f'<th class="{"number" if head in NUMBERS else ""}">{text(head)}</th>' for head in heads)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


# The whole


def _overall(content: Overall) -> str:
    told = "，".join(f"{piece.word}{words.points(piece.points)}" for piece in content.bar)
    bar = "".join(f'<i class="{_fill(piece.key)}" style="flex:{piece.points:.4f}"></i>' for piece in content.bar)
    parts = "".join(map(_part, content.parts))
    shown = f'<div class="bar" role="img" aria-label="{text(told)}">{bar}</div><div class="parts">{parts}</div>'
    return f'{shown}<p class="say">{markup.spans(content.sentence)}</p>'


def _fill(key: str) -> str:
    return f"fill-{key}" if key in STATUSES else key


def _part(part: Part) -> str:
    number = f'<b class="hero ink-{part.tone}">{text(part.value)}<small>{text(part.unit)}</small></b>'
    moved = f"<small>{text(part.moved)}</small>" if part.moved else ""
    pieces = "".join(f"<span>{_mark(piece)}</span>" for piece in part.pieces)
    holders = "".join(map(_holder, part.holders))
    rest = f'<p class="rest">{text(part.rest)}</p>' if part.rest else ""
    said = f'<p class="what">{text(part.word)} {moved}</p><p class="pieces">{pieces}</p>'
    return f'<div>{number}{said}<div class="holders">{holders}{rest}</div></div>'


def _mark(piece: Piece) -> str:
    shape = f'<i class="ink-{piece.key}">{STATUSES[piece.key].shape}</i> ' if piece.key in STATUSES else ""
    return f"{shape}{text(piece.word)} {words.number(piece.points)}"


def _holder(holder: Holder) -> str:
    return f"<p>{text(holder.name)} <b>{text(holder.amount)}</b></p>"


# Lists


def _lines(content: Lines) -> str:
    heads = ("状态", content.points, "指标", "科室", content.last)
    return _table(heads, [_line(row) for row in content.rows])


def _line(row: Line) -> str:
    cells = (
        f"<td>{markup.status(row.status)}</td>",
        f'<td class="number">{text(row.points)}</td>',
        f'<td class="name">{text(row.name)}</td>',
        f"<td>{text(row.department)} <b>{text(row.head)}</b></td>",
        f'<td class="last">{text(row.last)}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>"


def _sections(content: Sections) -> str:
    sums = [sum(piece.points for piece in cell) for row in content.rows for cell in row.cells]
    scale = max(sums, default=0.0) or 1.0
    below = f'<p class="say">{text(content.below)}</p>' if content.below else ""
    return (
        _table(("科室", "承担", *content.columns), [_section(row, content.columns, scale) for row in content.rows])
        + below
    )


def _section(row: Section, columns: tuple[str, ...], scale: float) -> str:
    cells = "".join(
        f'<td data-head="{text(column)}">{_stack(cell, scale)}</td>'
        for column, cell in zip(columns, row.cells, strict=True)
    )
    return f'<tr><td class="name">{text(row.name)}</td><td class="number">{text(row.held)}</td>{cells}</tr>'


def _stack(pieces: tuple[Piece, ...], scale: float) -> str:
    total = sum(piece.points for piece in pieces)
    if total <= 0:
        return '<span class="none">—</span>'
    bars = "".join(
        f'<i class="{_fill(piece.key)}" style="width:{piece.points / scale * 100:.2f}%"></i>' for piece in pieces
    )
    return f'<span class="stack">{bars}<em>{words.number(total, 2)}</em></span>'


def _owed(content: Owed) -> str:
    rows = [
        f'<tr><td class="name">{text(row.department)} <b>{text(row.head)}</b></td>'
        f'<td class="number">{text(row.points)}</td><td class="what">{text(row.indicators)}</td></tr>'
        for row in content.rows
    ]
    return _table(("科室", "分值", "指标"), rows)


def _agenda(content: Agenda) -> str:
    return _table(("议定事项", "落实", "期限"), [_agreed(row) for row in content.rows])


def _agreed(row: Agreed) -> str:
    about = f"<small>{text(row.about)}</small>" if row.about else ""
    until = text(row.until or "没有定期限")
    late = f'<b class="ink-overdue">{until}，已过</b>' if row.late else until
    return f'<tr><td class="name">{text(row.text)}{about}</td><td>{text(row.who)}</td><td class="last">{late}</td></tr>'


# One indicator


def _item(item: Item) -> str:
    said = [("目标", item.target), ("填报", item.done), ("上版", item.before)]
    facts = "".join(f"<dt>{name}</dt><dd>{text(told)}</dd>" for name, told in said if told)
    verdict = f'<p class="verdict ink-{item.status}">{STATUSES[item.status].shape} {text(item.verdict)}</p>'
    leader = f"<span>分管 {text(item.leader)}</span>" if item.leader else ""
    foot = f'<p class="owner"><b>{text(item.owner)}</b>{leader}</p><p class="next">下一步：{text(item.next_step)}</p>'
    measured = "".join(_goal(goal, item.pace) for goal in item.goals) if item.goals else _progress(item)
    return f"{verdict}{measured}<dl>{facts}</dl><footer>{foot}</footer>"


def _goal(goal: Goal, pace: float) -> str:
    """Return one target: what it says, below it how much is reached where it is counted up."""
    said = f'<p class="goal ink-{goal.status}">{text(goal.told)}</p>'
    if words.missing(goal.share):
        return said
    told = f"{goal.name}完成{words.percent(goal.share)}" + (
        "" if words.missing(pace) else f"，序时{words.percent(pace)}"
    )
    tick = "" if words.missing(pace) else f'<u style="left:{_width(pace)}"></u>'
    fill = f'<i class="fill-{goal.status}" style="width:{_width(goal.share)}"></i>'
    return f'{said}<p class="bullet" role="img" aria-label="{text(told)}">{fill}{tick}</p>'


def _progress(item: Item) -> str:
    if words.missing(item.progress):
        return ""
    told = f"完成{words.percent(item.progress)}"
    marks = f'<i class="fill-{item.status}" style="width:{_width(item.progress)}"></i>'
    if not words.missing(item.progress_before):
        told += f"，上版{words.percent(item.progress_before)}"
        marks += f'<u class="before" style="left:{_width(item.progress_before)}"></u>'
    if not words.missing(item.pace):
        told += f"，序时{words.percent(item.pace)}（竖线）"
        marks += f'<u style="left:{_width(item.pace)}"></u>'
    return f'<p class="bullet" role="img" aria-label="{told}">{marks}</p><p class="told">{told}</p>'


def _width(share: float) -> str:
    return f"{min(max(share, 0.0), 1.0) * 100:.2f}%"
