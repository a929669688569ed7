"""The page 依据: documents, clauses, and what still lacks evidence."""

import re
from urllib.parse import quote

import pandas as pd
import pytest
from playwright.sync_api import Page

from reports import clauses
from reports.clauses import Query
from reports.words import plain
from scoring import Method, score
from tests.browser import visit
from tests.kept import opened_by, published, store, text  # noqa: F401  # store is a fixture
from tests.published import headline, markup, opened

TABLE = """
序号 | 文件依据 | 一级指标 | 二级指标 | 权重 | 时限 | 科室 | 完成情况 | 佐证材料
1-1 | 《某市造林规划》（某林发〔2024〕3号） | | 造林5000亩 | 4 | 12月底前 | 造林科 | 已造林2000亩 | 验收单
1-2 | 某市造林规划(某林发[2024] 3 号)第12条，第4页 | | 抚育森林 | 3 | 12月底前 | 造林科 | 已抚育4000亩 |
1-3 | | （属造林规划第十二条） | 巡护 | 2 | 12月底前 | 护林科 | | 台账
1-4 | 《<b>某办法</b>》第3条 | | 防火 | 2 | 12月底前 | 护林科 | 已防火 |
1-5 | | | 宣传 | 1 | 12月底前 | 办公室 | 按某林发〔2025〕9号执行 | 某林〔2025〕8号
"""
FOREIGN = """
序号 | 政策依据 | 考核指标 | 分值 | 完成时限 | 责任股室 | 完成情况 | 佐证材料
1 | 国务院令第722号《优化营商环境条例》第二十八条、《安全生产法》第三条第二款 | 开展检查 | 40 | 12月底 | 一股 | 已检查2次 | 无
2 | 县委〔2025〕3号附件2；县政府2025年第4号令 | 出台《若干措施》 | 30 | 12月底 | 二股 | | ——
3 | 2025年市安委会工作要点第三部分（二） | 排查隐患 | 30 | 12月底 | 一股 | | 台账
"""
PLAN = "某市造林规划（某林发〔2024〕3号）"


@pytest.fixture
def scored(store) -> pd.DataFrame:  # type: ignore[no-untyped-def]  # noqa: F811
    version = published(store, TABLE, "2025-10-31")
    return score(store.table(version.id), Method.default(), as_of=version.data_date)


def told(documents: tuple[clauses.Document, ...]) -> list[tuple[str, list[str]]]:
    return [(document.name, [clause.label for clause in document.clauses]) for document in documents]


def test_a_document_stands_once_with_its_clauses_in_order(scored: pd.DataFrame) -> None:
    plan, rules = clauses.index(scored).documents
    assert (plan.name, plan.others) == (PLAN, ("造林规划",))
    assert [(each.label, each.pages, each.rows, each.evidenced, each.reported) for each in plan.clauses] == [
        ("第12条", ("第4页",), (1, 2), True, True),
        ("", (), (0,), True, True),
    ]
    assert [(clause.label, clause.evidenced, clause.reported) for clause in rules.clauses] == [("第3条", False, True)]


def test_what_only_a_report_cites_is_no_ground(scored: pd.DataFrame) -> None:
    found = clauses.index(scored)
    assert found.unfounded == (4,)
    assert not [document.name for document in found.documents if "2025" in document.name]


def test_the_headline_counts_clauses_without_evidence(scored: pd.DataFrame) -> None:
    assert plain(clauses.headline(clauses.index(scored), 5)) == (
        "4项指标依据2份文件的2个条款；其中1个条款还没有一项有佐证材料；另有1项没有写依据。"
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query("造林规划"), [(PLAN, ["第12条", ""])]),
        (Query("造林规划 巡护"), [(PLAN, ["第12条"])]),
        (Query("第12条"), [(PLAN, ["第12条"])]),
        (Query("第十二条"), [(PLAN, ["第12条"])]),
        (Query("林发〔2024〕3号"), [(PLAN, ["第12条", ""])]),
        (Query("护林科"), [(PLAN, ["第12条"]), ("<b>某办法</b>", ["第3条"])]),
        (Query("", "evidence"), [("<b>某办法</b>", ["第3条"])]),
        (Query("", "report"), []),
        (Query("没有这个"), []),
    ],
)
def test_documents_and_clauses_are_found_by_words_and_by_what_they_lack(
    query: Query, expected: list[tuple[str, list[str]]], scored: pd.DataFrame
) -> None:
    assert told(clauses.narrowed(clauses.index(scored), query, clauses.texts(scored))) == expected


def test_the_points_of_a_document_are_those_of_its_indicators_each_once(scored: pd.DataFrame) -> None:
    rows = scored.loc[list(clauses.index(scored).documents[0].rows)]
    assert sum(share.points for share in clauses.shares(rows)) == 9
    assert clauses.amount(clauses.index(scored).documents[0], rows) == "1个条款　3项9分"


def test_the_page_tells_what_each_clause_lacks(store) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, TABLE, "2025-10-31")
    page = text(opened_by("", "/clauses"))
    assert PLAN in page
    assert "第3条没有佐证材料" in page
    assert "表中也写作：造林规划" in page
    assert "没有写依据的指标" in page


def test_texts_from_cells_are_shown_literally(store) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    hostile = "<img src=x onerror=alert(1)>"
    published(store, TABLE.replace("验收单", hostile).replace("造林科", hostile), "2025-10-31")
    page = markup(opened_by("", "/clauses"))
    assert "<b>某办法" not in page
    assert "<img" not in page
    assert "&lt;b&gt;某办法&lt;/b&gt;" in page
    assert "&lt;img src=x" in page


def test_one_document_is_chosen_by_the_address(store) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, TABLE, "2025-10-31")
    page = text(opened_by("", f"/clauses?document={quote(PLAN)}"))
    assert "找到1份文件的1个条款。" in page
    assert "第12条" in page
    assert "第3条" not in page
    assert "没有写依据的指标" not in page
    assert "不在这张表中" in text(opened_by("", "/clauses?document=没有"))


def test_the_address_narrows_and_what_it_asks_in_vain_is_answered(store) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, TABLE, "2025-10-31")
    assert "造林5000亩" not in text(opened_by("", "/clauses?gap=evidence"))
    assert "没有符合的文件和条款。" in text(opened_by("", "/clauses?q=没有这个"))
    assert PLAN in text(opened_by("", "/clauses?gap=nonsense"))


def test_searching_changes_the_address(store) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, TABLE, "2025-10-31")
    app = opened_by("", "/clauses")
    app.text_input(key="clause_q").set_value("巡护").run()
    assert app.query_params["q"] == "巡护"
    assert "抚育森林" in text(app)
    assert "造林5000亩" not in text(app)
    app.text_input(key="clause_q").set_value("").run()
    assert "q" not in app.query_params


def test_a_table_without_sources_says_so(store) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, "序号 | 二级指标 | 权重\n1-1 | 造林 | 4", "2025-10-31")
    assert headline(opened_by("", "/clauses")) == "1项指标都没有写明文件依据。"


def test_another_unit_s_way_of_citing_is_understood(store) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    published(store, FOREIGN, "2025-10-31")
    app = opened_by("", "/clauses")
    assert headline(app) == "3项指标依据5份文件的4个条款；其中3个条款还没有一项有佐证材料。"
    page = text(app)
    for named in (
        "优化营商环境条例（国务院令第722号）",
        "第二十八条没有佐证材料",
        "安全生产法",
        "第三条第二款没有佐证材料",
        "县委〔2025〕3号",
        "附件2尚未填报",
        "县政府令2025年第4号",
        "2025年市安委会工作要点",
        "第三部分（二）",
    ):
        assert named in page


def test_the_notice_s_documents_stand_once_with_the_clauses_that_name_them_shortly() -> None:
    app = opened(f"/clauses?plan={quote('泉州市商务局 2025')}")
    assert headline(app) == "25项指标依据23份文件的61个条款；还没有一个条款有佐证材料；另有21项没有写依据。"
    sections = re.findall(r'<div class="block document">.*?</div>', markup(app), re.DOTALL)
    leading = next(each for each in sections if "泉委〔2025〕20号" in each)
    assert "第28条" in leading
    assert "第4页" in leading
    assert "表中也写作：市委工作要点" in leading


def test_the_notice_s_contradictory_numbers_stand_at_the_head_of_the_page() -> None:
    head = markup(opened(f"/clauses?plan={quote('泉州市商务局 2025')}")).split('class="conflicts"')[1].split("</ul>")[0]
    assert head.count("<li>") == 4
    for number in (
        "泉政报〔2025〕2号",
        "泉委办〔2024〕7号",
        "省委办〔2024〕7号",
        "省委办〔2023〕31号",
        "“〔2024〕31号”",
    ):
        assert number in head


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5])
def test_the_example_has_no_contradiction_and_every_short_title_finds_its_document(version: int) -> None:
    app = opened(f"/clauses?plan={quote('示例市商务局 2025')}&v={version}")
    assert "11份文件的15个条款" in headline(app)
    assert 'class="conflicts"' not in markup(app)


def test_the_page_stands_in_a_browser(server: str, page: Page) -> None:
    visit(page, f"{server}/clauses")
    page.get_by_role("link", name="信访工作条例").first.click()
    page.get_by_text("找到1份文件").wait_for()
    page.get_by_role("link", name="显示全部").click()
    page.get_by_role("link", name="在核查页看位置和处理").click()
    page.wait_for_url(lambda url: "/audit" in url)
