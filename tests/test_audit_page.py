"""The page 核查: points of plan and table, and the findings in three severities."""

import html
import re

import pytest

from data.findings import Finding
from data.plan import Content
from reports import audit
from reports.words import plain
from tests.forms import counted_once, drawn, planned
from tests.published import BARE, Published, headline, markup, opened, publish

FORM = """
项目 | 序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 科室负责人 | 分管领导
职能工作目标（7分） | 1-1 | 造林 | 2 | 12月底前 | 一科 | 张三 | 李四
^ | 1-2 | 巡查 | 3 | 12月底前 | 二科 | 王五 | 李四
"""
CHECK = Finding("names_alike", "check", "Sheet1", "I4", "“张三”与“张山”只差一个字。", "按两人统计。", "1-1")
BLOCKING = Finding("duplicate_conflict", "blocking", "Sheet1", "B4", "序号1-1出现两次。", "两行都计分。", "1-1")
DONE = Finding("due_spaced", "normalized", "Sheet1", "G4", "G4 中间有空格。", "去掉空格后读。")


def section(page: str, severity: str) -> str:
    """Return the part of the page that lists the findings of a severity."""
    return page.split(f'class="block findings {severity}"')[1].split('class="block')[0]


def test_the_notice_s_table_lacks_30_of_100_points_and_70_is_not_taken_for_70() -> None:
    app = opened("/audit?plan=泉州市商务局 2025")
    assert headline(app).startswith("表上读到45项、70分（另1项没有分值）；方案总分100分，少30分；")
    lines = re.findall(r"<tr><td>职能工作.*?</tr>", markup(app), re.S)
    cells = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", lines[0], re.S)]
    assert cells[1:] == ["70", "※ 70", "40", "少30分"]


def test_points_stand_by_plan_label_and_rows_and_add_up() -> None:
    contents = (Content("职能工作目标", 10, (), "", ""), Content("平安建设成效", 4, (), "", ""))
    form = drawn("项目 | 序号 | 二级指标 | 权重\n职能工作目标（7分） | 1-1 | 造林 | 2\n | 1-2 | 巡查 | ")
    functions, peace, total = audit.points(planned(14, contents), form, counted_once(form))
    assert (functions.planned, functions.stated, functions.read, functions.difference) == (10, 7, 2, -8)
    assert (functions.items, functions.weightless) == (2, 1)
    assert (peace.planned, peace.stated, peace.read, peace.items) == (4, None, 0, 0)
    assert (total.planned, total.stated, total.read, total.difference) == (14, None, 2, -12)


def test_without_a_plan_the_rows_are_compared_with_the_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(FORM))
    app = opened("/audit")
    assert "少2分" in markup(app)
    assert "没有写明方案总分" in headline(app)


@pytest.mark.parametrize(
    ("total", "sentence"),
    [("total = 5", "表上读到2项、5分，与方案总分5分一致；"), ("total = 4", "表上读到2项、5分；方案总分4分，多1分；")],
)
def test_the_headline_compares_with_the_plan_s_total(
    total: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(monkeypatch, Published(FORM, plan=f"{BARE}\n{total}"))
    assert headline(opened("/audit")).startswith(sentence)


def test_the_headline_names_what_blocks_before_what_is_to_be_checked() -> None:
    line = audit.Line(audit.TOTAL, None, None, 5.0, 2, 0)
    assert plain(audit.headline(line, (CHECK, BLOCKING, DONE, CHECK))).endswith("；1处须先处理；2处请核对。")
    assert plain(audit.headline(line, (DONE,))).endswith("；没有需要核对的。")


def test_each_severity_stands_in_its_own_section_with_cell_and_treatment(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = publish(monkeypatch, Published(FORM))
    for finding in (CHECK, BLOCKING, DONE):
        versions.add(finding)
    page = markup(opened("/audit"))
    for finding in (CHECK, BLOCKING, DONE):
        own = section(page, finding.severity)
        assert html.escape(finding.message) in own
        assert finding.cell in own
        assert finding.treatment in own
        for other in {"check", "blocking", "normalized"} - {finding.severity}:
            assert html.escape(finding.message) not in section(page, other)


def test_a_finding_with_a_serial_leads_to_its_indicator(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = publish(monkeypatch, Published(FORM))
    versions.add(CHECK)
    assert re.search(
        r'href="indicator\?serial=1-1&amp;plan=[^"]+">看指标 1-1',
        markup(opened("/audit")).replace('" target="_self', ""),
    )
    assert html.escape(CHECK.message) in markup(opened("/indicator?serial=1-1"))
    assert html.escape(CHECK.message) not in markup(opened("/indicator?serial=1-2"))


def test_many_findings_fold_away_and_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = publish(monkeypatch, Published(FORM))
    versions.add(CHECK, 1000)
    page = markup(opened("/audit"))
    assert "其余980处" in page
    assert "只列前400处，共1000处" in page


def test_findings_of_every_code_of_the_shipped_tables_are_grouped_by_a_matter() -> None:
    topics = audit.topics((CHECK, BLOCKING, DONE, Finding("never_heard_of", "check", "", "", "", "")), "check")
    assert [(topic.title, len(topic.findings)) for topic in topics] == [("科室与姓名", 1), ("文件", 1)]


def test_no_alert_boxes_and_no_status_colours_for_notes_on_the_data() -> None:
    app = opened("/audit?plan=泉州市商务局 2025")
    assert len(app.error) + len(app.warning) + len(app.info) == 0
    assert not re.search(r"ink-(behind|overdue|done|on_pace)", section(markup(app), "check"))
