"""data.citations: documents by number and title, and their clauses, as offices write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.citations import alike, cited, parts

Expected = list[tuple[str, str, list[str]]]

SOURCES: list[tuple[str, Expected]] = [  # 文件依据
    ("", []),
    ("市委常委会2025年工作要点（示委〔2025〕20号）", [("示委〔2025〕20号", "市委常委会2025年工作要点", [])]),
    ("《某省计划》(某政办[2024] 5号)", [("某政办〔2024〕5号", "某省计划", [])]),
    ("《某省计划》【某政办【2024】第05号】", [("某政办〔2024〕5号", "某省计划", [])]),
    ("国办发〔2023〕1号", [("国办发〔2023〕1号", "", [])]),
    ("《信访工作条例》", [("", "信访工作条例", [])]),
    ("《缺陷产品召回管理条例》（国务院令第626号）", [("国务院令第626号", "缺陷产品召回管理条例", [])]),
    (
        "1.市委工作要点（示委〔2025〕1号）；2.印发《关于优化环境的方案》的通知（示委办〔2025〕4号）",
        [("示委〔2025〕1号", "市委工作要点", []), ("示委办〔2025〕4号", "关于优化环境的方案", [])],
    ),
    (
        "1、《森林法》第三十二条第二款\n2、某市造林规划（2021—2025）第12、13条、附件2",
        [("", "森林法", ["第32条第2款"]), ("", "某市造林规划", ["第12条", "第13条", "附件2"])],
    ),
    ("优化环境专项行动方案〔2024〕31号", [("〔2024〕31号", "优化环境专项行动方案", [])]),
]
TEXTS: list[tuple[str, Expected]] = [  # goal, indicator, report
    ("造林5000亩", []),
    ("出台《加快造林若干措施》，完成第3个样板", []),
    ("扩大进出口。（5分）（属市政府工作报告第3条）", [("", "市政府工作报告", ["第3条"])]),
    (
        "（属市委工作要点第28条，第4页；市政府工作报告第52条，第10页）",
        [("", "市委工作要点", ["第28条"]), ("", "市政府工作报告", ["第52条"])],
    ),
    ("（“三定”规定第9条）", [("", "“三定”规定", ["第9条"])]),
    ("依照《信访工作条例》做好信访工作", [("", "信访工作条例", [])]),
    ("见市委工作要点第4页", [("", "市委工作要点", ["第4页"])]),
    ("行动方案（2024-2025）第5条，第6条；第16条", [("", "行动方案", ["第5条", "第6条", "第16条"])]),
    ("规划第三章第5节", [("", "规划", ["第3章第5节"])]),
]


def told(text: str, sources: bool) -> Expected:
    return [(one.number, one.title, [clause.label for clause in one.clauses]) for one in cited(text, sources=sources)]


@pytest.mark.parametrize(("text", "expected"), SOURCES)
def test_a_source_is_read_by_number_title_and_clauses(text: str, expected: Expected) -> None:
    assert told(text, sources=True) == expected


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_other_texts_cite_only_where_they_say_so(text: str, expected: Expected) -> None:
    assert told(text, sources=False) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("市委工作要点", "市委常委会2025年工作要点"),
        ("市政府工作报告", "示例市《政府工作报告》目标责任分解"),
        ("“三定”方案", "示例市林业局职能配置、内设机构和人员编制规定"),
    ],
)
def test_a_short_title_means_the_whole_one(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), [("工作要点", "工作方案"), ("方案", "优化环境方案"), ("", "")])
def test_other_and_all_too_short_titles_mean_nothing(one: str, other: str) -> None:
    assert not alike(one, other)


def test_a_number_has_an_issuer_a_year_and_a_serial() -> None:
    assert parts("示委办〔2025〕4号") == ("示委办", "2025", "4")
    assert parts("国务院令第626号") == ("国务院令", "", "626")
    assert parts("") == ("", "", "")


@given(
    st.text(alphabet="第一二十0123、，。；（）()〔〕《》“”条款页号令附件2024发某依按照 \n.", max_size=300),
    st.booleans(),
)
def test_any_text_can_be_read_and_every_span_lies_in_it(text: str, sources: bool) -> None:
    for citation in cited(text, sources=sources):
        assert citation.title or citation.number
        assert 0 <= citation.start < citation.end <= len(text)
        assert all(0 <= clause.start < clause.end <= len(text) for clause in citation.clauses)
