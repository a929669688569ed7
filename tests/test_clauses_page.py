"""The page 依据: documents, clauses, and what still lacks evidence."""

import pytest
from playwright.sync_api import Page

from reports import clauses
from reports.words import plain
from scoring import Method, score
from tests.browser import visit
from tests.forms import found
from tests.kept import opened_by, published, store, text  # noqa: F401  # store is a fixture
from tests.published import headline, opened

TABLE = """
序号 | 文件依据 | 一级指标 | 二级指标 | 权重 | 时限 | 科室 | 完成情况 | 佐证材料
1-1 | 《某市造林规划》（某林发〔2024〕3号） | | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林2000亩 | 验收单
1-2 | 《某市造林规划》（某林发〔2024〕3号）第12条 | | 抚育森林 | 3 | 12月底前 | 造林科 | 已抚育4000亩 |
1-3 | | （属造林规划第12条） | 巡护 | 2 | 12月底前 | 护林科 | | 台账
1-4 | 《<b>某办法</b>》第3条 | | 防火 | 2 | 12月底前 | 护林科 | |
1-5 | | | 宣传 | 1 | 12月底前 | 办公室 | |
"""
NUMBERS = """
序号 | 依据 | 二级指标 | 权重
1-1 | 政府工作报告分解（某政办〔2025〕2号） | 造林 | 4
1-2 | {other} | 防火 | 3
"""


@pytest.fixture
def index(store):  # type: ignore[no-untyped-def]  # noqa: F811
    version = published(store, TABLE, "2025-10-31")
    scored = score(store.table(version.id), Method.default(), as_of=version.data_date)
    return clauses.index(scored)


def test_a_document_stands_once_with_its_clauses_in_order(index: clauses.Index) -> None:
    plan, rules = index.documents
    assert plan.name == "某市造林规划（某林发〔2024〕3号）"
    assert [(clause.label, clause.rows, clause.evidenced, clause.reported) for clause in plan.clauses] == [
        ("第12条", (1, 2), True, True),
        ("", (0,), True, True),
    ]
    assert [(clause.label, clause.evidenced, clause.reported) for clause in rules.clauses] == [("第3条", False, False)]
    assert index.unfounded == (4,)


def test_the_headline_counts_clauses_without_evidence(index: clauses.Index) -> None:
    assert plain(clauses.headline(index, 5)) == (
        "4项指标依据2份文件、2个条款；其中1个条款还没有一项有佐证材料；另有1项没有写依据。"
    )


def test_the_page_tells_what_each_clause_lacks(store) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, TABLE, "2025-10-31")
    page = text(opened_by("", "/clauses"))
    assert "某市造林规划（某林发〔2024〕3号）" in page
    assert "第3条尚未填报" in page
    assert "没有写依据的指标" in page
    assert "&lt;b&gt;某办法&lt;/b&gt;" in page


def test_one_document_is_chosen_by_the_address(store) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, TABLE, "2025-10-31")
    page = text(opened_by("", "/clauses?document=某市造林规划（某林发〔2024〕3号）"))
    assert "第12条" in page
    assert "第3条" not in page
    assert "不在这张表中" in text(opened_by("", "/clauses?document=没有"))


def test_a_table_without_sources_says_so(store) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, "序号 | 二级指标 | 权重\n1-1 | 造林 | 4", "2025-10-31")
    assert headline(opened_by("", "/clauses")) == "1项指标都没有写明文件依据。"


@pytest.mark.parametrize(
    ("other", "count"),
    [
        ("市政府工作报告分解（某政报〔2025〕2号）", 1),
        ("政府工作报告分解（某政办〔2024〕2号）", 1),
        ("政府工作报告分解（〔2025〕2号）", 1),
        ("政府工作报告分解（某政办〔2025〕2号）", 0),
        ("政府工作报告分解（某委发〔2023〕9号）", 0),
        ("政府工作报告分解（某政办〔2025〕3号）", 1),
        ("林木采伐管理办法（某政办〔2025〕3号）", 0),
        ("政府工作报告分解办法（某政办〔2025〕3号）", 0),
    ],
)
def test_numbers_that_differ_in_one_part_below_one_title_are_found(other: str, count: int) -> None:
    findings = [each for each in found(NUMBERS.format(other=other)) if each.code == "document_numbers"]
    assert [(each.cell, each.severity) for each in findings] == [("B3", "check")] * count


def test_the_notice_s_contradictory_numbers_stand_on_the_page() -> None:
    page = text(opened("/clauses?plan=泉州市商务局 2025"))
    assert "依据“泉政办〔2025〕2号”，1-4-1依据“泉政报〔2025〕2号”" in page
    assert "省委办〔2024〕7号" in page


def test_the_page_stands_in_a_browser(server: str, page: Page) -> None:
    visit(page, f"{server}/clauses")
    page.get_by_role("link", name="在核查页看位置").click()
    page.wait_for_url(lambda url: "/audit" in url)
