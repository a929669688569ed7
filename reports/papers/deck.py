"""The deck: the run of the meeting as .pptx, 16:9, with native charts and tables and the cells behind the numbers.

Sizes follow the share of the screen's height at which a text is read from 5 m: body 4.6 %, smallest 3.7 %, title 7.2 %.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import XmlPart
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from data.decisions import Decision
from data.plan import Plan
from reports import meeting
from reports.imprint import Imprint
from reports.meeting.base import plan_of
from reports.meeting.slides import (
    LINE,
    Agenda,
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
    clip,
    height,
    width,
)
from reports.papers.packages import describe, literal, repacked
from reports.papers.pptx_pieces import (
    FONT,
    SPACING,
    Box,
    Column,
    Run,
    Runs,
    Series,
    bars,
    fill,
    rule,
    saved,
    stacked,
    table,
    text,
)
from reports.words import GROUPS, HATCH, INK, LINK, MUTED, STATUSES, Sentence, number
from scoring import Method

BODY, SMALL, TITLE, HERO, FOOT = 25, 20, 39, 75, 12  # points; the slide is 540 high
LEFT, WIDE, TOP = 31.0, 898.0, 106.0
HEAD, ROW = 34.0, 50.0
LABEL = 74.0
FEW = 5  # rows that leave room for three lines of body text below them
QUIET = "#4A5565"


def write(
    scored: pd.DataFrame,
    method: Method,
    as_of: date,
    *,
    plan: Plan | None = None,
    previous: pd.DataFrame | None = None,
    decisions: tuple[Decision, ...] = (),
    names: bool = True,
    imprint: Imprint | None = None,
) -> bytes:
    """Return the meeting (``reports.meeting.run``, same keywords) as .pptx; the same bytes for the same input."""
    plan = plan or plan_of(scored, as_of)
    mark = imprint or Imprint(plan.name if plan.unit else "", None, as_of, "", plan.example)
    slides = meeting.run(scored, method, as_of=as_of, plan=plan, previous=previous, decisions=decisions, names=names)
    deck = _empty()
    for place, slide in enumerate(slides, start=1):
        _put(deck, slide, f"{place}／{len(slides)}", mark.line())
    describe(deck.core_properties, f"{plan.unit}{plan.year}年度绩效目标会议")
    return repacked(saved(deck))


# The empty deck


def _empty() -> Any:
    """Return a 16:9 deck with one layout (a title), in a Chinese theme."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13 + 1 / 3), Inches(7.5)
    for layout in list(deck.slide_layouts):
        if layout.name != "Title Only":
            deck.slide_layouts.remove(layout)
    for holder in (*deck.slide_master.placeholders, *deck.slide_layouts[0].placeholders):
        place = Box(LEFT, TOP, WIDE, 400) if holder.placeholder_format.type == 2 else Box(LEFT, 44, WIDE, 54)
        if holder.placeholder_format.type in (1, 2):
            holder.left, holder.top, holder.width, holder.height = map(Pt, place)
        else:
            holder.left, holder.width = holder.left * 4 // 3, holder.width * 4 // 3
    _theme(deck.slide_master.part)
    _theme(deck.notes_master.part)
    return deck


def _theme(master: Any) -> None:
    part = master.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = part._element if isinstance(part, XmlPart) else etree.fromstring(part.blob)
    for fonts in theme.iter(qn("a:majorFont"), qn("a:minorFont")):
        for tag in ("a:latin", "a:ea"):
            fonts.find(qn(tag)).set("typeface", FONT)
    if not isinstance(part, XmlPart):  # the template's own theme is kept as bytes
        part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _put(deck: Any, slide: Slide, page: str, mark: str) -> None:
    drawn = deck.slides.add_slide(deck.slide_layouts[0])
    shapes = drawn.shapes
    fill(shapes.title.text_frame, [(Run(slide.title, TITLE, INK, True),)])
    text(shapes, Box(LEFT, 16, WIDE, 28), [_context(slide)])
    _DRAWN[type(slide.content)](shapes, slide.content)
    text(shapes, Box(LEFT, 518, WIDE - 90, 16), [(Run(mark, FOOT, MUTED),)])
    text(shapes, Box(LEFT + WIDE - 80, 518, 80, 16), [(Run(page, FOOT, MUTED),)], right=True)
    drawn.notes_slide.notes_text_frame.text = literal(
        "\n".join(("数据所在单元格", *slide.notes)) if slide.notes else mark
    )


def _context(slide: Slide) -> Runs:
    if not isinstance(slide.content, Item):
        return (Run("　".join(filter(None, (slide.context, slide.more))), SMALL, QUIET),)
    status, _, rest = slide.context.partition("　")
    return (Run(status, SMALL, STATUSES[slide.content.status].ink, True), Run(f"　{rest}", SMALL, QUIET))


def _spans(sentence: Sentence, size: float) -> Runs:
    inks = {"": INK, "link": LINK}
    inks |= {key: group.ink for key, group in GROUPS.items()} | {key: mark.ink for key, mark in STATUSES.items()}
    return tuple(Run(span.text, size, inks[span.tone], bool(span.tone)) for span in sentence if span.text)


# 总体


def _overall(shapes: Any, content: Overall) -> None:
    sentence = _spans(content.sentence, SMALL)
    used = height("".join(run.text for run in sentence), WIDE / SMALL) * SMALL * SPACING
    text(shapes, Box(LEFT, TOP, WIDE, used), [sentence])
    series = [Series(piece.word, piece.key, (_exact(piece.points),)) for piece in content.bar]
    whole = sum(piece.points for piece in content.bar)
    top = TOP + used + 8
    if whole > 0:
        stacked(shapes, Box(LEFT, top, WIDE, 44), ["分值"], series, whole, 0)
    step = WIDE / max(len(content.parts), 3)
    for place, part in enumerate(content.parts):
        _part(shapes, Box(LEFT + place * step, top + 46, step - 16, 470 - top), part)


def _exact(points: float) -> float:
    return round(points, 6)


def _part(shapes: Any, box: Box, part: Part) -> None:
    ink = GROUPS[part.tone].ink if part.tone else INK
    number = (Run(part.value, HERO, ink, True), Run(part.unit, BODY, ink, True))
    text(shapes, Box(box.left, box.top - 8, box.width, 96), [number])
    told: list[Runs] = [(Run(part.word, BODY),)]
    told += [(Run(part.moved, SMALL, QUIET),)] if part.moved else []
    told += [_marks(part.pieces)] if part.pieces else []
    used = sum(max(run.size for run in runs) * SPACING for runs in told)
    text(shapes, Box(box.left, box.top + 84, box.width, used), told)
    rule(shapes, box.top + 88 + used, box.left, box.width)
    held = [(Run(f"{each.name}　", BODY), Run(each.amount, BODY, INK, True)) for each in part.holders]
    rest = [(Run(part.rest, SMALL, QUIET),)] if part.rest else []
    text(shapes, Box(box.left, box.top + 92 + used, box.width, 122), [*held, *rest])


def _marks(pieces: tuple[Piece, ...]) -> Runs:
    runs = [
        (
            Run(f"{STATUSES[each.key].shape} ", SMALL, STATUSES[each.key].ink),
            Run(f"{each.word}{number(each.points)}  ", SMALL, QUIET),
        )
        for each in pieces
    ]
    return tuple(run for pair in runs for run in pair)


# Sentences and lists


def _story(shapes: Any, content: Story) -> None:
    text(shapes, Box(LEFT, TOP + 4, WIDE, 400), [_spans(sentence, BODY) for sentence in content.sentences], gap=10)


def _lines(shapes: Any, content: Lines) -> None:
    rows: list[tuple[Run, ...]] = [_line(each) for each in content.rows]
    headings: tuple[str, ...]
    headings = ("状态", content.points, "指标", "责任科室", "负责人", content.last)
    if not any(each.head for each in content.rows):
        rows, headings = [(*row[:4], row[5]) for row in rows], (*headings[:4], headings[5])
    size = BODY if sum(_needs(rows, headings, BODY)) <= WIDE else SMALL
    needs = _needs(rows, headings, size)
    if size == SMALL:  # names may take two lines
        needs = [
            min(need, 150) if heading in ("责任科室", "负责人") else need
            for need, heading in zip(needs, headings, strict=True)
        ]
    needs[2] = WIDE - sum(needs) + needs[2]
    columns = [Column(heading, need, heading == content.points) for heading, need in zip(headings, needs, strict=True)]
    table(shapes, LEFT, TOP, columns, [_sized(row, size) for row in rows], (HEAD, ROW))


def _line(each: Line) -> tuple[Run, ...]:
    mark = STATUSES[each.status]
    return (
        Run(f"{mark.shape} {mark.word}", BODY, mark.ink, True),
        Run(each.points, BODY),
        Run(each.name, BODY, INK, True),
        Run(each.department, BODY),
        Run(each.head, BODY),
        Run(each.last, BODY),
    )


def _needs(rows: list[tuple[Run, ...]], headings: tuple[str, ...], size: float) -> list[float]:
    """Return how wide each column has to be for its texts to stand in one line."""
    return [
        max(width(heading) * SMALL, *(width(row[place].text) * size for row in rows)) + 18
        for place, heading in enumerate(headings)
    ]


def _sized(row: tuple[Run, ...], size: float) -> list[Runs]:
    return [(run._replace(size=size),) for run in row]


def _owed(shapes: Any, content: Owed) -> None:
    rows: list[tuple[Run, ...]] = [
        (Run(each.department, BODY), Run(each.head, BODY), Run(each.points, BODY), Run(each.indicators, SMALL))
        for each in content.rows
    ]
    headings = ("科室", "负责人", "分值", "指标")
    needs = _needs(rows, headings, BODY)
    columns = [Column(heading, need, heading == "分值") for heading, need in zip(headings, needs[:3], strict=False)]
    columns.append(Column("指标", WIDE - sum(needs[:3])))
    shown = [[(run,) for run in row] for row in rows]
    if not any(each.head for each in content.rows):
        columns = [columns[0], *columns[2:3], Column("指标", WIDE - needs[0] - needs[2])]
        shown = [[row[0], *row[2:]] for row in shown]
    table(shapes, LEFT, TOP, columns, shown, (HEAD, ROW + 2))


def _agenda(shapes: Any, content: Agenda) -> None:
    rows = []
    for each in content.rows:
        ink = STATUSES["overdue"].ink if each.late else INK
        until = f"■ {each.until}" if each.late else each.until or "没有定期限"
        rows.append(
            [
                (Run(each.text, BODY if width(each.text) <= LINE else SMALL, INK, True),),
                (Run(each.about, SMALL),),
                (Run(each.who, SMALL),),
                (Run(until, SMALL, ink, each.late),),
            ]
        )
    columns = [Column("议定事项", 478), Column("指标", 145), Column("谁办", 100), Column("期限", 175)]
    table(shapes, LEFT, TOP, columns, rows, (HEAD, 88))


# Who holds what


def _sections(shapes: Any, content: Sections) -> None:
    points = [number(_sum(cell), 2) for row in content.rows for cell in row.cells]
    held = max(2.5, *(width(row.held) for row in content.rows)) * BODY + 30
    numbers = max(2.4, *map(width, points)) * BODY + 18
    fixed = held + len(content.columns) * numbers
    names = max(4.5, *(width(row.name) for row in content.rows)) * BODY + 16
    names = min(names, WIDE - fixed - sum(_least(content)))  # the headings stand in one line
    tracks = _tracks(content, WIDE - fixed - names)
    columns = [Column("科室", names), Column("承担", held, True)]
    for heading, track in zip(content.columns, tracks, strict=True):
        columns += [Column("", numbers, True), Column(heading, track)]
    rows = [replace(row, name=clip(row.name, (names - 14) / BODY)) for row in content.rows]
    table(shapes, LEFT, TOP, columns, [_section(row) for row in rows], (HEAD, ROW))
    _bars(shapes, content, Box(LEFT + names + held, TOP + HEAD, numbers, ROW * len(rows)), tracks)
    below = Box(LEFT, TOP + HEAD + ROW * len(rows) + (8 if len(rows) <= FEW else 2), WIDE, 100)
    size = BODY if len(rows) <= FEW else SMALL
    text(shapes, below, [(Run(content.below, size),)] if content.below else [])


def _bars(shapes: Any, content: Sections, first: Box, tracks: list[float]) -> None:
    """Put a chart beside each column of numbers; ``first`` is the place of the first numbers, all have one scale."""
    most = _most(content)
    scale = min((track / points for track, points in zip(tracks, most, strict=True) if points > 0), default=1.0)
    left = first.left
    for place, track in enumerate(tracks):
        left += first.width
        if most[place] > 0:
            _column(shapes, Box(left, first.top, track, first.height), content.rows, place, track / scale)
        left += track


def _least(content: Sections) -> list[float]:
    """Return how wide each column of bars has to be for its heading."""
    return [width(heading) * SMALL + 14 for heading in content.columns]


def _sum(cell: tuple[Piece, ...]) -> float:
    return sum(piece.points for piece in cell)


def _most(content: Sections) -> list[float]:
    """Return the most points that one row holds in each column."""
    return [max(map(_sum, column)) for column in zip(*(row.cells for row in content.rows), strict=True)]


def _tracks(content: Sections, room: float) -> list[float]:
    """Return how wide each column of bars is: as its longest one in a scale for all, at least as its heading."""
    most = _most(content)
    least = _least(content)
    free = set(range(len(most)))
    while free and (points := sum(most[place] for place in free)) > 0:
        scale = (room - sum(need for place, need in enumerate(least) if place not in free)) / points
        narrow = {place for place in free if most[place] * scale < least[place]}
        if not narrow:
            return [most[place] * scale if place in free else need for place, need in enumerate(least)]
        free -= narrow
    return [need * room / sum(least) for need in least]


def _section(row: Section) -> list[Runs]:
    cells: list[Runs] = [(Run(row.name, BODY),), (Run(row.held, BODY, QUIET),)]
    for pieces in row.cells:
        points = _sum(pieces)
        cells += [(Run(number(points, 2), BODY),) if points > 1e-9 else (), ()]
    return cells


def _column(shapes: Any, box: Box, rows: tuple[Section, ...], place: int, track: float) -> None:
    keys = [piece.key for piece in rows[0].cells[place]]
    series = [
        Series(rows[0].cells[place][n].word, key, tuple(_exact(row.cells[place][n].points) or None for row in rows))
        for n, key in enumerate(keys)
    ]
    stacked(shapes, box, [row.name for row in rows], series, track, 110)


# One indicator


def _item(shapes: Any, content: Item) -> None:
    short = width(content.target) <= LINE - 3
    told = [
        ("目标", content.target, BODY if short else SMALL, INK),
        ("完成", content.done, BODY, INK),
        *(
            ("" if place else "比目标", goal.told, SMALL, STATUSES[goal.status].ink)
            for place, goal in enumerate(content.goals)
        ),
        ("上版", content.before, SMALL, QUIET),
    ]
    rows = [[(Run(label, SMALL, QUIET),), (Run(said, size, ink),)] for label, said, size, ink in told if said]
    used = sum(_high(row[1][0]) for row in rows)
    table(shapes, LEFT, TOP, [Column("", LABEL), Column("", WIDE - LABEL)], rows, (HEAD, 34))
    _progress(shapes, Box(LEFT, TOP + used + 6, WIDE, 398 - TOP - used), content)
    rule(shapes, 408, LEFT, WIDE, INK)
    owner: Runs = (Run(content.owner, BODY, INK, True),)
    owner += (Run(f"　分管 {content.leader}", BODY, QUIET),) if content.leader else ()
    text(shapes, Box(LEFT, 414, WIDE, 34), [owner])
    text(shapes, Box(LEFT, 448, WIDE, 66), [(Run(f"下一步：{content.next_step}", BODY),)])


def _high(run: Run) -> float:
    return max(34, height(run.text, (WIDE - LABEL - 10) / run.size) * run.size * SPACING + 3)


def _progress(shapes: Any, room: Box, content: Item) -> None:
    """Draw what is reached, by target where it is counted up, beside 序时; below the verdict, as far as there is room."""
    if len(content.goals) < 2:  # else each target has said how it stands
        verdict: Runs = (Run(content.verdict, SMALL, STATUSES[content.status].ink, True),)
        text(shapes, Box(room.left, room.top, room.width, 26), [verdict])
        room = Box(room.left, room.top + 28, room.width, room.height - 28)
    counted = [(goal.name, goal.share, goal.status) for goal in content.goals if not math.isnan(goal.share)]
    whole = [("完成", content.progress, content.status), ("上版", content.progress_before, HATCH)]
    known = [each for each in whole if not math.isnan(content.progress) and not math.isnan(each[1])]
    shown = known if known and len(counted) < 2 else counted
    shown += [("序时", content.pace, QUIET)] if shown and not math.isnan(content.pace) else []
    if shown and room.height >= 30 * len(shown):
        bars(shapes, room._replace(height=min(room.height, 40.0 * len(shown))), *zip(*shown, strict=True))


_DRAWN: dict[type, Callable[[Any, Any], None]] = {
    Overall: _overall,
    Story: _story,
    Lines: _lines,
    Sections: _sections,
    Item: _item,
    Owed: _owed,
    Agenda: _agenda,
}
