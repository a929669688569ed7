"""data.reading.sources and its check: which citations mean one document, and which numbers and titles contradict each other."""

import pytest

from data.findings import Finding
from data.reading.citations import Citation
from data.reading.sources import Mention, akin, gather, shortens
from tests.forms import found

LISTED = "市委常委会2025年工作要点"
STAFFING = "示例市林业局职能配置、内设机构和人员编制规定"
NUMBERS = """
序号 | 依据 | 二级指标 | 权重
1-1 | 某市政府工作报告分解（某政办〔2025〕2号） | 造林 | 4
1-2 | {other} | 防火 | 3
"""


def gathered(*cited: tuple[int, str, str]) -> list[tuple[str, str, list[int]]]:
    """Return number, title and rows of the documents that some rows cite by title and number."""
    mentions = [Mention(row, "basis", Citation(title, number, (), 0, 1)) for row, title, number in cited]
    return [(source.number, source.title, [each.row for each in source.mentions]) for source in gather(mentions)]


def about(other: str) -> list[Finding]:
    return [each for each in found(NUMBERS.format(other=other)) if each.code.startswith("document_")]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("市委工作要点", LISTED),
        ("市政府工作报告", "示例市《政府工作报告》目标责任分解"),
        ("“三定”方案", STAFFING),
        ("“三定”规定", STAFFING),
        ("优化营商环境行动方案（2024-2025）", "某市进一步优化营商环境行动方案〔2024-2025年〕"),
        ("两岸融合发发展", "支持福建探索海峡两岸融合发展新路任务清单"),
    ],
)
def test_a_short_title_stands_for_a_longer_one(short: str, long: str) -> None:
    assert shortens(short, long)
    assert not shortens(long, short)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("方案", "优化环境方案"),
        ("市委工作要点", "市委工作方案"),
        ("信访工作条例", "信访工作条例实施细则"),
        ("2024年工作要点", "市委2025年工作要点"),
        ("要点工作市委", LISTED),
        ("", LISTED),
    ],
)
def test_other_titles_do_not(short: str, long: str) -> None:
    assert not shortens(short, long)


def test_scans_of_one_title_are_akin_and_other_titles_are_not() -> None:
    assert akin("政府工作报告目标任务分解", "政府工作报告目标责任分解")
    assert not akin("优化口岸营商环境工作方案", "提振消费专项行动实施方案")
    assert not akin("2024年工作要点", "2025年工作要点")


def test_one_number_is_one_document_whatever_its_title() -> None:
    several = gathered(
        (0, LISTED, "示委〔2025〕1号"), (1, LISTED, "示委〔2025〕1号"), (2, "工作要占", "示委〔2025〕1号")
    )
    assert several == [("示委〔2025〕1号", LISTED, [0, 1, 2])]


def test_a_title_without_its_number_belongs_to_the_document_it_shortens() -> None:
    assert gathered((0, LISTED, "示委〔2025〕1号"), (3, "市委工作要点", "")) == [("示委〔2025〕1号", LISTED, [0, 3])]
    assert [source[0] for source in gathered((0, LISTED, "示委〔2025〕1号"), (1, "信访工作条例", ""))] == [
        "示委〔2025〕1号",
        "",
    ]


def test_where_several_fit_the_one_that_was_named_most_lately_is_meant() -> None:
    plans = [(0, "口岸工作方案", "某政办〔2025〕1号"), (2, "外贸工作方案", "某政办〔2025〕2号")]
    assert gathered(*plans, (2, "工作方案", ""))[1] == ("某政办〔2025〕2号", "外贸工作方案", [2, 2])
    assert gathered(*plans, (1, "工作方案", ""))[0] == ("某政办〔2025〕1号", "口岸工作方案", [0, 1])


def test_where_several_fit_that_are_named_together_none_is_meant() -> None:
    plans = [(0, "口岸工作方案", "某政办〔2025〕1号"), (0, "外贸工作方案", "某政办〔2025〕2号")]
    assert gathered(*plans, (0, "工作方案", ""))[2] == ("", "工作方案", [0])


def test_a_number_without_issuer_belongs_to_the_one_that_has_it() -> None:
    whole, bare = (0, "优化环境行动方案", "某委办〔2024〕31号"), (1, "优化环境行动方案", "〔2024〕31号")
    assert gathered(bare, whole) == [("某委办〔2024〕31号", "优化环境行动方案", [1, 0])]
    other = (2, "山海协作实施意见", "某政办〔2024〕31号")
    assert len(gathered(bare, whole, other)) == 2
    assert len(gathered((1, "促进消费措施", "〔2024〕31号"), whole)) == 2


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ("市政府工作报告分解（某政报〔2025〕2号）", "document_numbers"),
        ("某市政府工作报告任务分解（某政办〔2024〕2号）", "document_numbers"),
        ("某市政府工作报告分解（某政办〔2025〕20号）", "document_numbers"),
        ("某市政府工作报告分解（〔2025〕2号）", "document_issuer"),
        ("森林火灾应急预案（某政办〔2025〕2号）", "document_titles"),
    ],
)
def test_contradictions_are_found_at_the_cell_that_differs(other: str, code: str) -> None:
    assert [(each.code, each.cell, each.severity) for each in about(other)] == [(code, "B3", "check")]


@pytest.mark.parametrize(
    "other",
    [
        "某市政府工作报告分解（某政办〔2025〕2号）",
        "某市政府工作报告分解(某政办[2025] 2 号)",
        "政府工作报告分解（某委发〔2023〕9号）",
        "某市政府绩效管理报告分解（某政办〔2025〕3号）",
        "某市2024年政府工作报告分解（某政办〔2024〕2号）",
        "林木采伐管理办法（某委办〔2025〕2号）",
        "无",
    ],
)
def test_documents_that_are_only_alike_raise_no_question(other: str) -> None:
    assert [each.code for each in about(other)] == []


def test_an_issuer_misread_in_one_sign_is_found_without_titles() -> None:
    drawing = "序号 | 依据 | 二级指标 | 权重\n1-1 | 某政办〔2025〕2号 | 造林 | 4\n1-2 | 某政{}〔2025〕2号 | 防火 | 3"
    assert [each.code for each in found(drawing.format("报")) if each.code.startswith("document_")] == [
        "document_numbers"
    ]
    assert [each.code for each in found(drawing.format("发")) if each.code.startswith("document_")] == []


def test_a_family_of_numbers_is_told_once() -> None:
    drawing = """
    序号 | 依据 | 二级指标 | 权重
    1-1 | 两岸融合发展任务清单（某委办〔2025〕7号） | 造林 | 4
    1-2 | 两岸融合发展任务清单（某委办〔2024〕7号） | 防火 | 3
    1-3 | 贯彻落实两岸融合发展任务清单（省委办〔2024〕7号） | 巡护 | 3
    """
    (finding,) = (each for each in found(drawing) if each.code.startswith("document_"))
    assert (
        "“某委办〔2025〕7号”（B2，1项）、“某委办〔2024〕7号”（B3，1项）、“省委办〔2024〕7号”（B4，1项）"
        in finding.message
    )
