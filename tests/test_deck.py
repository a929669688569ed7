"""The deck: opened again by its library it holds the meeting, native charts and tables, and nothing that runs."""

import io
import time
import zipfile

import openpyxl
import pytest
from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Pt

from data.store import Store
from reports import meeting
from reports.imprint import Imprint
from reports.meeting.slides import Slide
from reports.papers import deck
from scoring import summary
from tests import office as office_program
from tests.indicators import DEFAULT, scored
from tests.slides import BEFORE, DAY, PHASES, PLAN, RUNNING, decided, held, shipped

SHIPPED = [("示例市商务局 2025", 4), ("示例市商务局 2025", 5), ("泉州市商务局 2025", 1)]
MARK = Imprint(PLAN.name, 3, DAY, "0a1b2c3d4e5f6071", True)
THEME_FONTS = ("a:majorFont", "a:minorFont")
HOSTILE = ("=HYPERLINK(1)", "<a:b>&amp;", "+1", "@SUM(A1)", "_x0041_\x07", "\u202e倒", "15900000686")


def written(drawing: str = RUNNING, **more: object) -> bytes:
    return deck.write(scored(drawing), DEFAULT, DAY, **{"plan": PLAN, **more})


def opened(content: bytes) -> list:
    return list(Presentation(io.BytesIO(content)).slides)


def texts(slide) -> list[str]:
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return [*found, *(cell.text for table in tables for row in table.rows for cell in row.cells)]


def charts(slide) -> list:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def runs(slide) -> list:
    return list(slide._element.iter(qn("a:r")))


def of_version(store: Store, plan: str, number: int) -> tuple[bytes, tuple[Slide, ...]]:
    table, previous, details, day = shipped(store, plan, number)
    more = {"plan": details, "previous": previous}
    return deck.write(table, DEFAULT, day, **more), meeting.run(table, DEFAULT, as_of=day, **more)


def test_the_keywords_have_defaults():
    assert opened(deck.write(scored(RUNNING), DEFAULT, as_of=DAY))


@pytest.mark.parametrize(("plan", "number"), SHIPPED)
def test_every_slide_of_the_meeting_stands_in_the_deck(shipped_store: Store, plan: str, number: int):
    content, run = of_version(shipped_store, plan, number)
    slides = opened(content)
    assert [slide.shapes.title.text for slide in slides] == [slide.title for slide in run]
    for slide, given in zip(slides, run, strict=True):
        assert slide.notes_slide.notes_text_frame.text.splitlines()[1:] == list(given.notes)


@pytest.mark.parametrize("phase", PHASES)
def test_a_slide_is_16_by_9_and_nothing_leaves_it(phase: str):
    presentation = Presentation(io.BytesIO(written(PHASES[phase], previous=scored(BEFORE))))
    wide, high = presentation.slide_width, presentation.slide_height
    assert (wide, high) == (Pt(960), Pt(540))
    for slide in presentation.slides:
        for shape in slide.shapes:
            tall = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            assert 0 <= shape.left <= shape.left + shape.width <= wide
            assert 0 <= shape.top <= shape.top + tall <= high


def test_letters_are_large_enough_for_5_m():
    for slide in opened(written(previous=scored(BEFORE), decisions=(decided(1, "补植"),))):
        sizes = [int(run.find(qn("a:rPr")).get("sz")) / 100 for run in runs(slide)]
        footer = [size for size in sizes if size < 20]
        assert footer == [12, 12]  # the imprint and the page, for whoever prints it
        assert max(sizes) >= 39


def test_chinese_letters_have_their_font_by_name():
    content = written()
    for slide in opened(content):
        faces = {
            (run.find(f".//{qn('a:latin')}").get("typeface"), run.find(f".//{qn('a:ea')}").get("typeface"))
            for run in runs(slide)
        }
        assert faces == {("微软雅黑", "微软雅黑")}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        themes = [etree.fromstring(parts.read(name)) for name in parts.namelist() if "/theme/theme" in name]
    faces = {font.find(qn("a:ea")).get("typeface") for theme in themes for font in theme.iter(*map(qn, THEME_FONTS))}
    assert faces == {"微软雅黑"}


@pytest.mark.parametrize(("plan", "number"), SHIPPED)
def test_the_bar_holds_the_points_of_the_summary(shipped_store: Store, plan: str, number: int):
    table, *_ = shipped(shipped_store, plan, number)
    content, run = of_version(shipped_store, plan, number)
    place = next(place for place, slide in enumerate(run) if slide.kind == "overall")
    (chart,) = charts(opened(content)[place])
    bars = {series.name: series.values[0] for series in chart.plots[0].series}
    total = summary.total(table).iloc[0]
    assert sum(value for name, value in bars.items() if name != "原件缺失") == pytest.approx(total["weight"])
    assert bars.get("滞后", bars.get("待评", bars.get("未填报"))) == pytest.approx(
        total["weight"] - total["scored_weight"]
        if "待评" in bars
        else total["behind" if "滞后" in bars else "not_reported"]
    )


def test_a_leader_s_bars_are_what_his_departments_hold():
    place = next(place for place, slide in enumerate(held()) if slide.key == "leader-钱二")
    plotted = [
        (list(chart.plots[0].categories), {series.name: series.values for series in chart.plots[0].series})
        for chart in charts(opened(written())[place])
    ]
    assert plotted == [
        (["造林科", "防火科"], {"已完成": (None, 2), "正常": (None, None)}),
        (["造林科", "防火科"], {"滞后": (None, None), "逾期": (3, None)}),
        (["造林科", "防火科"], {"未填报": (None, 2), "待判": (None, None)}),
    ]


def test_the_numbers_behind_a_chart_can_be_edited():
    for slide in opened(written(previous=scored(BEFORE))):
        for chart in charts(slide):
            book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
            head, *rows = book["Sheet1"].values
            assert [row[0] for row in rows] == list(chart.plots[0].categories)
            assert list(head[1:]) == [series.name for series in chart.plots[0].series]
            columns = list(zip(*(row[1:] for row in rows), strict=True))
            assert columns == [tuple(series.values) for series in chart.plots[0].series]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_a_text(text: str):
    drawing = RUNNING.replace("造林5000亩", text).replace("防火科", text).replace("造林2000亩", text)
    content = written(drawing)
    shown = [each for slide in opened(content) for each in texts(slide)]
    literal = text.replace("\x07", "\ufffd").replace("\u202e", "\ufffd").replace("15900000686", "159****0686")
    assert literal in shown
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        books = [
            openpyxl.load_workbook(io.BytesIO(parts.read(name))) for name in parts.namelist() if name.endswith(".xlsx")
        ]
        everything = b"".join(map(parts.read, parts.namelist()))
    cells = [cell for book in books for row in book["Sheet1"].iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert b"15900000686" not in everything


def test_every_slide_says_where_it_comes_from():
    for slide in opened(written(imprint=MARK)):
        assert "示例数据　某市林业局 2025　第3版　数据截至2025年10月31日　校验码0a1b2c3d4e5f" in texts(slide)


def test_a_chart_tells_its_numbers_as_text_too():
    slide = next(slide for slide, given in zip(opened(written()), held(), strict=True) if given.kind == "overall")
    (frame,) = (shape for shape in slide.shapes if shape.has_chart)
    told = frame._element.nvGraphicFramePr.cNvPr.get("descr")
    assert told == "分值：已完成2、滞后4、逾期3、未填报3"


def test_the_same_input_gives_the_same_bytes():
    first = written(previous=scored(BEFORE), imprint=MARK)
    time.sleep(1.1)  # a date inside would have moved on
    assert written(previous=scored(BEFORE), imprint=MARK) == first


def test_workbooks_do_not_depend_on_the_xml_library_of_the_deck():
    assert openpyxl.LXML is False


def test_an_office_program_prints_a_page_for_each_slide(office: str, shipped_store: Store):
    content, run = of_version(shipped_store, "示例市商务局 2025", 4)
    assert office_program.pages(office_program.to_pdf(content, "pptx")) == len(run)
