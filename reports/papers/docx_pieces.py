"""公文 with python-docx: page, fonts and sizes of GB/T 9704, paragraphs, tables, page numbers. Sizes are in points."""

import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from lxml import etree

from reports.papers.packages import literal

TITLE_FONT, HEADING_FONT, SECOND_FONT, BODY_FONT, SONG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
INSTEAD = {TITLE_FONT: SONG, SECOND_FONT: "楷体", BODY_FONT: "仿宋"}  # where the bureau's fonts are not installed
TWO, THREE, FOUR, FIVE, SMALL = 22, 16, 14, 10.5, 9  # 二号, 三号, 四号, 五号, 小五
LINE = 28.9  # 22 lines on a page
PORTRAIT = (37, 35, 28, 26)  # millimetres: top, bottom, left, right
LANDSCAPE = (26, 22, 20, 20)
NARROW = (25, 24, 28, 26)
GREY = RGBColor(0x6B, 0x75, 0x85)
Paper = Any


class Column(NamedTuple):
    """A column of a table: its heading, its width in millimetres, whether its texts stand in the middle."""

    heading: str
    width: float
    centred: bool = False


def empty(mark: str, margins: tuple[int, int, int, int] = PORTRAIT) -> Paper:
    """Return an empty A4 document in office style; ``mark`` stands below every page's number."""
    paper = Document()
    _style(paper.styles["Normal"], BODY_FONT, THREE)
    _style(paper.styles["Title"], TITLE_FONT, TWO)
    _style(paper.styles["Heading 1"], HEADING_FONT, THREE)
    _style(paper.styles["Heading 2"], SECOND_FONT, THREE)
    paper.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _substitutes(paper)
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    _margins(section, margins)
    _footer(section, mark)
    return paper


def _style(style: Any, font: str, size: float) -> None:
    """Set a style's font for all scripts, black; what the template has of themes, borders and spaces is dropped."""
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)
    style.font.size, style.font.bold = Pt(size), False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _typeface(properties, font)
    language = etree.SubElement(properties, qn("w:lang"))
    language.set(qn("w:val"), "en-US")  # with zh-CN here, a number may be broken between two of its digits
    language.set(qn("w:eastAsia"), "zh-CN")
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE if size <= THREE else 36)


def _typeface(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)


def _substitutes(paper: Paper) -> None:
    """Name for each of the bureau's fonts the common one that Word takes where it is missing."""
    part = next(part for part in paper.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    table = etree.fromstring(part.blob)
    for name, instead in INSTEAD.items():
        font = etree.SubElement(table, qn("w:font"))
        font.set(qn("w:name"), name)
        etree.SubElement(font, qn("w:altName")).set(qn("w:val"), instead)
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


def _margins(section: Any, margins: tuple[int, int, int, int]) -> None:
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, margins)
    section.footer_distance = Mm(min(25, margins[1] - 8))


def _footer(section: Any, mark: str) -> None:
    number, below = section.footer.paragraphs[0], section.footer.add_paragraph()
    for paragraph in (number, below):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _single(paragraph)
    _run(number, "— ", SONG, FOUR)
    _page_number(_run(number, "", SONG, FOUR))
    _run(number, " —", SONG, FOUR)
    _run(below, mark, SONG, SMALL).font.color.rgb = GREY


def _single(paragraph: Any) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _page_number(run: Any) -> None:
    for kind in ("begin", None, "end"):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = "PAGE"
        run._r.append(element)


def _run(paragraph: Any, text: str, font: str = "", size: float = 0, bold: bool = False) -> Any:
    run = paragraph.add_run(literal(text))
    if font:
        _typeface(run._r.get_or_add_rPr(), font)
    if size:
        run.font.size = Pt(size)
    if bold:
        run.font.bold = True
    return run


# Paragraphs


def line(paper: Paper, text: str, font: str = "", size: float = 0) -> None:
    """Add a paragraph without an indent, such as the one that names whom a paper is sent to."""
    _run(paper.add_paragraph(), text, font, size)


def centred(paper: Paper, text: str, font: str, size: float) -> None:
    """Add a centred line."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, font, size)


def body(paper: Paper, text: str, lead: str = "") -> None:
    """Add a paragraph whose first line is indented by two characters; ``lead`` stands bold before it."""
    paragraph = paper.add_paragraph()
    _indent(paragraph)
    _run(paragraph, lead, bold=True)
    _run(paragraph, text)


def heading(paper: Paper, text: str, level: int) -> None:
    """Add 一、 (level 1) or （一） (level 2), which the program's outline shows too."""
    _indent(paper.add_heading(literal(text), level))


def _indent(paragraph: Any) -> None:
    paragraph.paragraph_format.first_line_indent = Pt(2 * THREE)
    paragraph._p.get_or_add_pPr().ind.set(qn("w:firstLineChars"), "200")


def signed(paper: Paper, *lines: str) -> None:
    """Add who issues the paper and when, to the right."""
    for text in lines:
        paragraph = paper.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(4 * THREE)
        _run(paragraph, text)


def landscape(paper: Paper) -> None:
    """Begin a section on A4 landscape."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    _margins(section, LANDSCAPE)


# Tables


def table(paper: Paper, columns: Sequence[Column], rows: Sequence[Sequence[str]], size: float) -> None:
    """Add a table with a head that every page repeats; a row stays on one page."""
    grid = _grid(paper, len(rows) + 1, [column.width for column in columns])
    for number, (line_, texts) in enumerate(
        zip(grid._tbl.tr_lst, [[column.heading for column in columns], *rows], strict=True)
    ):
        _flag(line_, "w:cantSplit")
        if number == 0:
            _flag(line_, "w:tblHeader")
        for place, (tc, text) in enumerate(zip(line_.tc_lst, texts, strict=True)):
            font = HEADING_FONT if number == 0 else ""
            put(_Cell(tc, grid), text, size, columns[place].centred or number == 0, font)


def form(
    paper: Paper, widths: Sequence[float], rows: Sequence[Sequence[str]], heights: Sequence[float], size: float
) -> None:
    """Add a form: labels in the odd columns, what they mean beside them; a row of two texts reaches to the right edge.

    ``heights`` are the least heights of the rows in millimetres.
    """
    grid = _grid(paper, len(rows), widths)
    for line_, texts, least in zip(grid.rows, rows, heights, strict=True):
        line_.height = Mm(least)
        cells = line_.cells
        if len(texts) == 2:
            cells = [cells[0], cells[1].merge(cells[-1])]
        for place, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            label = place % 2 == 0
            put(cell, text, size, label, HEADING_FONT if label else "")


def _grid(paper: Paper, count: int, widths: Sequence[float]) -> Any:
    grid = paper.add_table(count, len(widths), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Mm(width)
    for row in grid._tbl.tr_lst:
        for tc, width in zip(row.tc_lst, widths, strict=True):
            tc.width = Mm(width)
    return grid


def _flag(row: Any, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))


def put(cell: Any, text: str, size: float, middle: bool = False, font: str = "") -> None:
    """Write a text into a cell, a paragraph for each of its lines."""
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    for number, part in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        form_ = paragraph.paragraph_format
        form_.line_spacing_rule, form_.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * 1.45)
        form_.space_before = form_.space_after = Pt(1.5)
        if middle:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, part, font, size)


def saved(paper: Paper) -> bytes:
    """Return a document's bytes as its library writes them."""
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()
