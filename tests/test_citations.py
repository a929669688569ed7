"""data.reading.references and data.reading.citations: documents by number and title, and their clauses, as offices write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading.citations import Citation, cited
from data.reading.references import clauses, numbers, parts

# Each line is drawn as: text => document | document, a document as number 《title》 clause clause@page
SOURCES = """
（空） =>
无 =>
市委常委会2025年工作要点（示委〔2025〕20号） => 示委〔2025〕20号 《市委常委会2025年工作要点》
《某省计划》(某政办[2024] 5号) => 某政办〔2024〕5号 《某省计划》
《某省计划》【某政办【2024】第05号】 => 某政办〔2024〕5号 《某省计划》
《某省计划》（某政办［２０２４］５号） => 某政办〔2024〕5号 《某省计划》
《某省计划》（某政办2024〕5号） => 某政办〔2024〕5号 《某省计划》
《某省计划》（某政办〔2O24〕l5号） => 某政办〔2024〕15号 《某省计划》
国办发〔2023〕1号 => 国办发〔2023〕1号 《》
依据某委办〔2025〕4号文件精神 => 某委办〔2025〕4号 《》
优化环境专项行动方案〔2024〕31号 => 〔2024〕31号 《优化环境专项行动方案》
市政府常务会议纪要〔2025〕12号 => 市政府常务会议纪要〔2025〕12号 《》
《信访工作条例》 => 《信访工作条例》
《缺陷产品召回管理条例》（国务院令第626号） => 国务院令第626号 《缺陷产品召回管理条例》
国务院令第722号《优化营商环境条例》第二十八条 => 国务院令第722号 《优化营商环境条例》 第28条
主席令第四十五号 => 主席令第45号 《》
商务部公告2024年第12号 => 商务部公告2024年第12号 《》
商务部2024年第12号公告 => 商务部公告2024年第12号 《》
2025年第3号令 => 令2025年第3号 《》
1.要点（示委〔2025〕1号）；2.印发《优化方案》的通知（示委办〔2025〕4号） => 示委〔2025〕1号 《要点》 | 示委办〔2025〕4号 《优化方案》
《甲意见》（某政〔2025〕2号）、《乙方案》（某政办〔2025〕9号） => 某政〔2025〕2号 《甲意见》 | 某政办〔2025〕9号 《乙方案》
某委〔2025〕20号《工作要点》，某政办〔2025〕2号《方案》 => 某委〔2025〕20号 《工作要点》 | 某政办〔2025〕2号 《方案》
某委〔2025〕20号和某委办〔2025〕4号 => 某委〔2025〕20号 《》 | 某委办〔2025〕4号 《》
《甲法》、《乙条例》第3条和《丙办法》 => 《甲法》 | 《乙条例》 第3条 | 《丙办法》
贯彻《甲意见》和《乙清单》任务清单（某委办〔2025〕7号） => 某委办〔2025〕7号 《贯彻《甲意见》和《乙清单》任务清单》
市委工作要点，市政府工作报告 => 《市委工作要点》 | 《市政府工作报告》
《某省某市↵造林规划》↵某林〔2024〕3号 => 某林〔2024〕3号 《某省某市造林规划》
1、《森林法》第三条第二款↵2、规划（2021—2025）第12、13条、附件2 => 《森林法》 第3条第2款 | 《规划（2021—2025）》 第12条 第13条 附件2
《监管意见》（国发﹝2024﹞10号）第（十二）条 => 国发〔2024〕10号 《监管意见》 第12条
《安全生产法》第三条；国办发〔2023〕1号第二部分第（三）点 => 《安全生产法》 第3条 | 国办发〔2023〕1号 《》 第2部分第3点
《关于某事的通知》（某委〔2025〕16号）中第五条要求 => 某委〔2025〕16号 《关于某事的通知》 第5条
为民办实事项目责任分解方案第7项 => 《为民办实事项目责任分解方案》 第7项
部门职责 => 《部门职责》
"""
TEXTS = """
造林5000亩 =>
出台《加快造林若干措施》，完成第3个样板 =>
建成第10条产业链，全市第4条地铁，第2条高速公路 =>
举办第3届展会，签约第1批项目，位于第5号地块，（2024）12号楼 =>
扩大进出口。（5分）（属市政府工作报告第3条） => 《市政府工作报告》 第3条
（属市委工作要点第28条，第4页；市政府工作报告第52条，第10页） => 《市委工作要点》 第28条@第4页 | 《市政府工作报告》 第52条@第10页
（市委工作要点第28条，市政府工作报告第52条） => 《市委工作要点》 第28条 | 《市政府工作报告》 第52条
（“三定”规定第6条、第11页，第8条、第12页） => 《“三定”规定》 第6条@第11页 第8条@第12页
依照《信访工作条例》做好信访工作 => 《信访工作条例》
落实《水法》第12条、第13条规定 => 《水法》 第12条 第13条
落实市委工作要点第5条，推进建设 => 《市委工作要点》 第5条
根据某委〔2025〕20号第3条，已举办2场 => 某委〔2025〕20号 《》 第3条
推进政策兑现（《优化营商环境条例》第二十八条） => 《优化营商环境条例》 第28条
按照《某局规定》（某委办〔2019〕3号）第9条 => 某委办〔2019〕3号 《某局规定》 第9条
见市委工作要点第4页 => 《市委工作要点》 第4页
行动方案（2024-2025）第5条，第6条；第16条 => 《行动方案（2024-2025）》 第5条 第6条 第16条
规划第三章第5节 => 《规划》 第3章第5节
"""
CLAUSES = {
    "第76、77、78条，第26页": ["第76条", "第77条", "第78条", "第26页"],
    "第44,45条": ["第44条", "第45条"],
    "第5-8条": ["第5条", "第6条", "第7条", "第8条"],
    "第二至四章": ["第2章", "第3章", "第4章"],
    "第5条、6条和8条": ["第5条", "第6条", "第8条"],
    "第3条第2款第（1）项": ["第3条第2款第1项"],
    "第三部分（二）": ["第3部分(2)"],
    "第3.2.1条": ["第3.2.1条"],
    "第一百二十条": ["第120条"],
    "第二〇条": ["第20条"],
    "第三条之一": ["第3条之一"],
    "附件二第3项": ["附件2第3项"],
    "P12": ["第12页"],
    "第三名、第二届、第5个": [],
}


def lines(drawing: str) -> list[tuple[str, str]]:
    pairs = (line.split("=>") for line in drawing.strip().splitlines())
    return [(text.strip().replace("（空）", "").replace("↵", "\n"), expected.strip()) for text, expected in pairs]


def told(citation: Citation) -> str:
    title = f"《{citation.title}》" if citation.title or citation.number else ""
    named = (f"{each.label}@{each.page}" if each.page else each.label for each in citation.clauses)
    return " ".join(part for part in (citation.number, title, *named) if part)


@pytest.mark.parametrize(("text", "expected"), lines(SOURCES))
def test_sources_are_read_by_number_title_and_clauses(text: str, expected: str) -> None:
    assert " | ".join(map(told, cited(text, sources=True))) == expected


@pytest.mark.parametrize(("text", "expected"), lines(TEXTS))
def test_other_texts_cite_only_where_they_say_so(text: str, expected: str) -> None:
    assert " | ".join(map(told, cited(text))) == expected


@pytest.mark.parametrize(("text", "expected"), CLAUSES.items())
def test_clauses_are_told_one_by_one(text: str, expected: list[str]) -> None:
    assert [clause.label for clause in clauses(text.translate(str.maketrans("（）", "()")))] == expected


def test_a_clause_is_shown_as_it_is_written_and_its_span_is_its_place() -> None:
    text = "《森林法》第三十二条第二款；《方案》第六、七条"
    (law, plan) = cited(text, sources=True)
    assert [clause.written for clause in (*law.clauses, *plan.clauses)] == ["第三十二条第二款", "第六条", "第七条"]
    assert [text[clause.start : clause.end] for clause in (*law.clauses, *plan.clauses)] == [
        "第三十二条第二款",
        "六",
        "七条",
    ]
    assert text[law.start : law.end] == "《森林法》第三十二条第二款"


def test_a_number_has_an_issuer_a_year_and_a_serial() -> None:
    assert parts("示委办〔2025〕4号") == ("示委办", "2025", "4")
    assert parts("〔2025〕4号") == ("", "2025", "4")
    assert parts("国务院令第626号") == ("国务院令", "", "626")
    assert parts("商务部公告2024年第12号") == ("商务部公告", "2024", "12")
    assert parts("") == ("", "", "")


issuers = st.text("示泉闽国委政办发财建人社函", min_size=1, max_size=8)
brackets = st.sampled_from(["〔〕", "[]", "［］", "（）", "()", "【】", "﹝﹞", "〔]"])


@given(issuers, st.integers(1990, 2039), st.integers(1, 9999), brackets, st.sampled_from(["", " ", "第"]))
def test_every_way_of_writing_a_number_reads_back(issuer: str, year: int, serial: int, pair: str, before: str) -> None:
    (number,) = cited(f"《工作方案》（{issuer}{pair[0]}{year}{pair[1]}{before}{serial}号）", sources=True)
    assert (number.number, number.title) == (f"{issuer}〔{year}〕{serial}号", "工作方案")
    assert parts(number.number) == (issuer, str(year), str(serial))


signs = st.text(
    "第一二十百0123、，。；：（）()〔〕[]《》〈〉“”条款项页章点号令公告附件P.-2024发某委依按照属和的 \n", max_size=200
)


@given(signs | st.text(max_size=60), st.booleans())
def test_any_text_can_be_read_and_every_span_lies_in_it(text: str, sources: bool) -> None:
    for citation in cited(text, sources=sources):
        assert citation.title or citation.number
        assert 0 <= citation.start < citation.end <= len(text)
        assert all(0 <= clause.start < clause.end <= len(text) for clause in citation.clauses)


@given(signs)
def test_clauses_and_numbers_of_any_text_stand_in_order(text: str) -> None:
    for found in (clauses(text), numbers(text)):
        assert [each.start for each in found] == sorted(each.start for each in found)
