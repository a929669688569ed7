"""Text, tables and charts on a slide, all native and editable. Places and sizes are in points: a slide is 960 × 540."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml import etree
from openpyxl import Workbook
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from data.tables.layout import canonical
from reports.papers.packages import literal
from reports.papers.problem_list import put_text
from reports.words import HATCH, INK, OUTLINE, RULE, STATUSES

FONT = "微软雅黑"
SPACING = 1.28  # of the size, fixed, so that every program breaks a slide at the same place
BARE_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's own: no style, no grid
Shapes = Any


class Run(NamedTuple):
    """A piece of text; ``ink`` is #RRGGBB, ``size`` in points."""

    text: str
    size: float
    ink: str = INK
    bold: bool = False


Runs = tuple[Run, ...]


class Box(NamedTuple):
    """A place on a slide, in points."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its width in points, whether it is aligned to the right."""

    heading: str
    width: float
    right: bool = False


@dataclass(frozen=True)
class Series:
    """A series of a chart; ``key`` decides its colour: a status', or ``lacking``. None draws nothing, not even a line."""

    name: str
    key: str
    values: tuple[float | None, ...]


def text(shapes: Shapes, box: Box, paragraphs: Sequence[Runs], gap: float = 0.0, right: bool = False) -> None:
    """Put paragraphs into a box without inner margins; ``gap`` stands after each."""
    frame = shapes.add_textbox(*map(Pt, box)).text_frame
    fill(frame, paragraphs, gap, right)


def fill(frame: Any, paragraphs: Sequence[Runs], gap: float = 0.0, right: bool = False) -> None:
    """Fill a text frame, that of a box, a title or a cell."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        write(paragraph, runs)
        paragraph.space_after = Pt(gap)
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT


def write(paragraph: Any, runs: Runs) -> None:
    """Write runs into a paragraph, with the font by its name for Latin and for Chinese letters."""
    if runs:
        paragraph.line_spacing = Pt(max(run.size for run in runs) * SPACING)
    for run in runs:
        piece = paragraph.add_run()
        piece.text = literal(run.text)
        piece.font.size, piece.font.bold = Pt(run.size), run.bold
        piece.font.color.rgb = colour(run.ink)
        _typeface(piece._r.get_or_add_rPr())


def _typeface(properties: Any) -> None:
    properties.set("lang", "zh-CN")
    for tag in ("a:latin", "a:ea"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        etree.SubElement(properties, qn(tag)).set("typeface", FONT)


def colour(ink: str) -> RGBColor:
    """Return #RRGGBB as a colour."""
    return RGBColor.from_string(ink.removeprefix("#"))


def rule(shapes: Shapes, top: float, left: float, width: float, ink: str = RULE) -> None:
    """Draw a hairline."""
    line = shapes.add_connector(1, Pt(left), Pt(top), Pt(left + width), Pt(top))
    line._element.remove(line._element.find(qn("p:style")))  # the theme's shadow
    line.line.color.rgb, line.line.width = colour(ink), Pt(0.75)


# Tables


def table(
    shapes: Shapes,
    left: float,
    top: float,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Runs]],
    heights: tuple[float, float],
) -> None:
    """Put a native table: a head where any column has a heading, then the rows. ``heights`` are the head's and a row's."""
    headed = any(column.heading for column in columns)
    count = len(rows) + headed
    frame = shapes.add_table(count, len(columns), Pt(left), Pt(top), Pt(sum(each.width for each in columns)), Pt(1))
    grid = frame.table
    grid.horz_banding, grid.first_row = False, headed
    frame._element.find(f".//{qn('a:tableStyleId')}").text = BARE_TABLE
    for place, column in enumerate(columns):
        grid.columns[place].width = Pt(column.width)
    for place in range(count):
        grid.rows[place].height = Pt(heights[0] if headed and place == 0 else heights[1])
    lines = [[(Run(column.heading, 20, "#4A5565"),) for column in columns], *rows] if headed else rows
    for y, line in enumerate(lines):
        for x, runs in enumerate(line):
            _cell(grid.cell(y, x), runs, columns[x].right, INK if headed and y == 0 else RULE)


def _cell(cell: Any, runs: Runs, right: bool, border: str) -> None:
    fill(cell.text_frame, [runs], right=right)
    cell.margin_left, cell.margin_right = 0, Pt(10)
    cell.margin_top = cell.margin_bottom = Pt(1)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    if not runs:  # an empty cell is as high as its font
        cell.text_frame.paragraphs[0].font.size = Pt(10)
    below = etree.SubElement(cell._tc.get_or_add_tcPr(), qn("a:lnB"), w="9525")
    etree.SubElement(etree.SubElement(below, qn("a:solidFill")), qn("a:srgbClr")).set("val", border.removeprefix("#"))


# Charts


def stacked(shapes: Shapes, box: Box, names: Sequence[str], series: Sequence[Series], top: float, gap: int) -> None:
    """Put stacked bars from left to right, a bar for each name, without axes; ``top`` is what the width stands for."""
    chart = _chart(shapes, box, XL_CHART_TYPE.BAR_STACKED, names, series)
    _scale(chart, top)
    chart.category_axis.visible = False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = gap, 100
    for drawn, given in zip(plot.series, series, strict=True):
        paint(drawn.format, given.key)
    _whole(chart)


def bars(shapes: Shapes, box: Box, names: Sequence[str], values: Sequence[float], keys: Sequence[str]) -> None:
    """Put shares as bars, one below the other, with their names and percentages."""
    chart = _chart(shapes, box, XL_CHART_TYPE.BAR_CLUSTERED, names, [Series("进度", keys[0], tuple(values))])
    _scale(chart, max(1.0, *values) * 1.12)
    axis, plot = chart.category_axis, chart.plots[0]
    axis.format.line.fill.background()
    axis.has_major_gridlines = False
    _font(axis.tick_labels.font, 20, "#4A5565")
    plot.gap_width = 45
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = "0%", False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    _font(labels.font, 20, INK)
    labels._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}").set("wrap", "none")
    for place, key in enumerate(keys):
        paint(plot.series[0].points[place].format, key)


def _chart(shapes: Shapes, box: Box, kind: Any, names: Sequence[str], series: Sequence[Series]) -> Any:
    data = CategoryChartData(number_format="General")
    data.categories = [literal(name) for name in names]
    for each in series:
        data.add_series(literal(each.name), each.values)
    frame = shapes.add_chart(kind, *map(Pt, box), data)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    _font(chart.font, 20, INK)
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(names, series))
    told = "；".join(f"{name}：" + "、".join(_told(series, place)) for place, name in enumerate(names))
    frame._element.nvGraphicFramePr.cNvPr.set("descr", literal(told))
    return chart


def _told(series: Sequence[Series], place: int) -> list[str]:
    return [f"{each.name}{each.values[place] or 0:g}" for each in series]


def _workbook(names: Sequence[str], series: Sequence[Series]) -> bytes:
    """Return the numbers behind a chart as it asks for them; a name stays a text also where it begins as a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    for row, name in enumerate(names, start=2):
        put_text(sheet.cell(row, 1), name)
    for column, each in enumerate(series, start=2):
        put_text(sheet.cell(1, column), each.name)
        for row, value in enumerate(each.values, start=2):
            sheet.cell(row, column, value)
    return canonical(book)


def _scale(chart: Any, top: float) -> None:
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, top
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.category_axis.reverse_order = True


def _font(font: Any, size: float, ink: str) -> None:
    font.size, font.color.rgb = Pt(size), colour(ink)
    _typeface(font._element)


def _whole(chart: Any) -> None:
    """Let the bars fill the chart's frame, so that they stand where the table's rows stand."""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    values = (
        ("layoutTarget", "inner"),
        ("xMode", "edge"),
        ("yMode", "edge"),
        ("x", "0"),
        ("y", "0"),
        ("w", "1"),
        ("h", "1"),
    )
    for tag, value in values:
        etree.SubElement(manual, qn(f"c:{tag}")).set("val", value)
    area.insert(0, layout)


def paint(shape: Any, key: str) -> None:
    """Give a bar its status' colour: hatched for what is not reported, outlined for what cannot be judged or is missing."""
    shape.line.width = Pt(0.75)
    shape.line.color.rgb = colour(OUTLINE)
    if key == "not_reported":
        shape.fill.patterned()
        shape.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        shape.fill.fore_color.rgb, shape.fill.back_color.rgb = colour(HATCH), colour("#FFFFFF")
    elif key == "lacking":
        shape.fill.background()
        shape.line.dash_style = MSO_LINE.SQUARE_DOT
    else:
        known = STATUSES.get(key)
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour(known.fill if known else key)
        if key != "unjudged":
            shape.line.color.rgb = colour("#FFFFFF")


def saved(presentation: Any) -> bytes:
    """Return a presentation's bytes as its library writes them."""
    target = io.BytesIO()
    presentation.save(target)
    return target.getvalue()
