"""情况通报 and 督办单: opened again by their library, in office style, with what the scored table holds."""

import io
import time
import zipfile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from data.store import Store
from reports import changes, indicator, lists, words
from reports.imprint import Imprint
from reports.papers import bulletin, supervision_slip
from scoring import summary
from scoring.changes import compare
from tests import office as office_program
from tests.indicators import DEFAULT, scored
from tests.slides import BEFORE, DAY, EVALUATION, PHASES, PLAN, RUNNING, decided, shipped

MARK = Imprint(PLAN.name, 3, DAY, "0a1b2c3d4e5f6071", True)
PEOPLE = ("赵四", "吴五", "钱二", "孙三", "周一")
SHIPPED = [("示例市商务局 2025", 4), ("示例市商务局 2025", 5), ("泉州市商务局 2025", 1)]


def written(drawing: str = RUNNING, **more: object) -> bytes:
    return bulletin.write(scored(drawing), DEFAULT, DAY, **{"plan": PLAN, **more})


def slip(index: int = 0, drawing: str = RUNNING, **more: object) -> bytes:
    return supervision_slip.write(scored(drawing), DEFAULT, index, DAY, **{"plan": PLAN, **more})


def lines(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]


def annex(content: bytes) -> list[list[str]]:
    (grid,) = Document(io.BytesIO(content)).tables
    return [[cell.text for cell in row.cells] for row in grid.rows]


def fields(content: bytes) -> dict[str, str]:
    (grid,) = Document(io.BytesIO(content)).tables
    pairs: dict[str, str] = {}
    for row in grid.rows:
        texts = [cell.text for cell in row.cells]
        merged = len(set(texts[1:])) == 1
        pairs |= {texts[0]: texts[1]} if merged else dict(zip(texts[::2], texts[1::2], strict=True))
    return pairs


def headings(content: bytes, level: int) -> list[str]:
    paragraphs = Document(io.BytesIO(content)).paragraphs
    return [paragraph.text for paragraph in paragraphs if paragraph.style.name == f"Heading {level}"]


# 情况通报


def test_the_keywords_have_defaults():
    assert "关于2025年度绩效目标进展情况的通报" in lines(bulletin.write(scored(RUNNING), DEFAULT, as_of=DAY))


@pytest.mark.parametrize(
    ("phase", "third"), [("blank", "到期安排"), ("running", "逾期和滞后事项"), ("evaluation", "失分事项")]
)
def test_each_phase_of_the_year_has_its_own_third_part(phase: str, third: str):
    assert headings(written(PHASES[phase]), 1) == [
        *("一、总体情况", "二、分领导分科室情况", f"三、{third}", "四、下一步工作"),
    ]


@pytest.mark.parametrize(("plan", "number"), SHIPPED)
def test_the_whole_is_told_by_the_leading_sentence(shipped_store: Store, plan: str, number: int):
    table, previous, details, day = shipped(shipped_store, plan, number)
    told = lines(bulletin.write(table, DEFAULT, day, plan=details, previous=previous))
    total = summary.total(table).iloc[0]
    assert words.plain(words.overview(total, details)) in told


def test_what_changed_is_told_where_there_is_a_version_before():
    story = changes.story(compare(scored(BEFORE), scored(RUNNING)), DAY, 2025)
    told = f"与上一版相比，{''.join(map(words.plain, story[:-1]))}"
    assert told in lines(written(previous=scored(BEFORE)))
    assert not [line for line in lines(written()) if line.startswith("与上一版相比")]


def test_leaders_stand_in_the_bureau_s_order_with_what_each_holds():
    content = written()
    assert headings(content, 2) == ["（一）钱二分管范围", "（二）孙三分管范围", "（三）没有写明分管领导的"]
    told = lines(content)
    assert (
        told[told.index("（二）孙三分管范围") + 1]
        == "承担4分、1项（4分有风险）。另协办3分。造林科承担4分、1项（4分有风险）。"
    )


def test_what_is_behind_stands_with_target_report_deadline_and_next_step():
    told = lines(written(decisions=(decided(1, "每周报进度", serial="1-2"),)))
    first = next(line for line in told if line.startswith("1. 抚育1.2万亩（1-2，3分，造林科、防火科）。"))
    (row,) = indicator.lines(scored(RUNNING).iloc[[1]])
    assert f"目标：抚育1.2万亩。进展：抚育1万亩（{indicator.verdict(row, DEFAULT)}）。" in first
    assert first.endswith("时限：9月30日前，已过31天。")
    assert "1. 抚育1.2万亩（造林科、防火科、赵四）：每周报进度。" in told
    assert "下列事项的下一步由会议议定：出台防火办法。" in told
    assert "请防火科、办公室补填尚未填报的2项、3分。" in told


def test_lost_points_stand_with_their_score():
    told = lines(written(EVALUATION))
    assert "1. 造林5000亩（1-1，4分，造林科）。得3.50分，失0.50分。" in told


@pytest.mark.parametrize(("plan", "number"), SHIPPED)
def test_the_annex_holds_every_indicator_as_the_table_does(shipped_store: Store, plan: str, number: int):
    table, _, details, day = shipped(shipped_store, plan, number)
    head, *rows = annex(bulletin.write(table, DEFAULT, day, plan=details))
    assert [row[head.index("序号")] for row in rows] == list(table["serial"])
    assert [row[head.index("分值")] for row in rows] == [words.number(weight, 2) for weight in table["weight"]]
    assert [row[head.index("责任科室")] for row in rows] == [
        "、".join(names) or "未写明" for names in table["departments"]
    ]
    if "状态" in head:
        assert [row[head.index("状态")][2:] for row in rows] == [words.STATUSES[key].word for key in table["status"]]
        assert [row[head.index("完成情况")] for row in rows] == [text.strip() for text in table["completion"]]
    if "得分" in head:
        assert [row[head.index("得分")] for row in rows] == [words.fixed(score) for score in table["score"]]


def test_it_looks_as_an_office_paper_does():
    paper = Document(io.BytesIO(written()))
    first, last = paper.sections
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(margin / Mm(1)) for margin in margins] == [37, 35, 28, 26]
    assert (first.orientation, last.orientation) == (WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE)
    fonts = {name: paper.styles[name] for name in ("Title", "Heading 1", "Heading 2", "Normal")}
    faces = [style.element.rPr.rFonts.get(qn("w:eastAsia")) for style in fonts.values()]
    assert faces == ["方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]
    assert [style.font.size for style in fonts.values()] == [Pt(22), Pt(16), Pt(16), Pt(16)]
    body = next(paragraph for paragraph in paper.paragraphs if paragraph.text.startswith("现将"))
    assert body._p.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert paper.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_every_page_has_its_number_and_says_where_it_comes_from():
    paper = Document(io.BytesIO(written(imprint=MARK)))
    number, mark = paper.sections[0].footer.paragraphs
    assert (number.text, number._p.find(f".//{qn('w:instrText')}").text) == ("—  —", "PAGE")
    assert mark.text == "示例数据　某市林业局 2025　第3版　数据截至2025年10月31日　校验码0a1b2c3d4e5f"
    assert paper.sections[1].footer.is_linked_to_previous
    assert paper.paragraphs[0].text == "示例数据"


@pytest.mark.parametrize("phase", PHASES)
def test_with_names_off_nobody_is_named(phase: str):
    content = written(PHASES[phase], names=False, previous=scored(BEFORE), decisions=(decided(1, "补植"),))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        everything = parts.read("word/document.xml").decode()
    assert [name for name in PEOPLE if name in everything] == []


HOSTILE = ("<w:p>&lt;", "=1+1", "_x0041_\x07", "\u202e倒", "15900000686")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_a_text(text: str):
    drawing = RUNNING.replace("造林5000亩", text).replace("造林2000亩", text)
    literal = text.replace("\x07", "\ufffd").replace("\u202e", "\ufffd").replace("15900000686", "159****0686")
    content = written(drawing)
    assert annex(content)[1][1] == annex(content)[1][-1] == literal
    assert fields(slip(0, drawing))["目标要求"] == literal
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"15900000686" not in b"".join(map(parts.read, parts.namelist()))


def test_the_same_input_gives_the_same_bytes():
    first = (written(previous=scored(BEFORE), imprint=MARK), slip(imprint=MARK))
    time.sleep(1.1)  # a date inside would have moved on
    assert (written(previous=scored(BEFORE), imprint=MARK), slip(imprint=MARK)) == first


@pytest.mark.parametrize(
    ("number", "written_as"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_numbers_of_headings_are_chinese(number: int, written_as: str):
    assert bulletin.chinese(number) == written_as


# 督办单


def test_a_slip_holds_all_of_one_indicator():
    (row,) = indicator.lines(scored(RUNNING).iloc[[0]])
    decisions = (decided(1, "补种到位。", serial="1-1"),)
    assert fields(slip(0, decisions=decisions, imprint=MARK)) == {
        "督办事项": "造林5000亩",
        "指标序号": "1-1",
        "分值": "4分",
        "责任科室": "造林科",
        "负责人": "赵四",
        "协办科室": "—",
        "分管领导": "孙三",
        "完成时限": "12月31日前（还剩61天）",
        "当前状态": "▲ 滞后",
        "目标要求": "造林5000亩",
        "目前进展": f"造林2000亩\n{indicator.verdict(row, DEFAULT)}。",
        "议定事项": "补种到位",
        "下一步": "11月补植",
        "办理要求": "请于　　　　年　　月　　日前办结，并将结果书面报送办公室。",
        "办理情况\n（科室填写）": "",
        "分管领导\n意见": "",
    }


def test_a_slip_without_a_decision_leaves_the_line_out():
    found = fields(slip(3))
    assert "议定事项" not in found
    assert (found["下一步"], found["目前进展"]) == ("（会上定）", "科室尚未填报，时限已过123天。")


def test_an_office_program_prints_both_and_a_slip_on_one_page(office: str, shipped_store: Store):
    table, previous, plan, day = shipped(shipped_store, "示例市商务局 2025", 4)
    paper = bulletin.write(table, DEFAULT, day, plan=plan, previous=previous)
    assert office_program.pages(office_program.to_pdf(paper, "docx")) > 4
    for index in lists.watch(table).index[:2]:
        single = supervision_slip.write(table, DEFAULT, index, day, plan=plan)
        assert office_program.pages(office_program.to_pdf(single, "docx")) == 1
