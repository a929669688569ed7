"""How a target stands, in the words that are read aloud. Targets are drawn as ``tests.indicators`` says."""

import pytest

from reports import indicator, standing
from scoring.standing import Standing, standings
from tests.indicators import DEFAULT, promised, scored

OCTOBER, YEAR_END = "2025-10-31", "2025-12-31"  # 10/12 and all of the time has gone


def row(drawing: str, as_of: str = OCTOBER, due: str = YEAR_END) -> indicator.Row:
    return next(indicator.lines(scored(f"indicator | targets | due\n造林 | {drawing} | {due}", as_of)))


def one(drawing: str, as_of: str = OCTOBER, due: str = YEAR_END) -> Standing:
    return standings(row(drawing, as_of, due), DEFAULT)[0]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("count >= 2场 圆桌会议", "2场及以上"),
        ("count > 100个 海外仓", "超100个"),
        ("count = 4份 文件", "4份"),
        ("count <= 3起 事故", "不超过3起"),
        ("count < 3起 事故", "低于3起"),
        ("amount > 3亿美元 外资", "超3亿美元"),
        ("amount >= 92.5万平方米 面积", "92.5万平方米及以上"),
        ("growth >= 5.5% 零售额", "增长5.5%及以上"),
        ("growth > 2% 外资", "增长超2%"),
        ("growth >= 0% 出口", "与去年持平"),
        ("growth = 0% 出口", "与去年持平"),
        ("decline >= 3% 能耗", "下降3%及以上"),
        ("rate >= 95% 办结率", "95%及以上"),
    ],
)
def test_a_promise_is_told_with_its_comparator_in_words(target, said):
    assert standing.promise(promised(target)[0]) == said


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("count >= 2场 圆桌会议 = 1", "1场"),
        ("amount >= 3亿美元 外资 = 1.72", "1.72亿美元"),
        ("amount >= 3亿美元 外资 = 1.723456", "1.72亿美元"),
        ("amount >= 3亿美元 外资 = 0.00123", "0.0012亿美元"),
        ("growth >= 5% 零售额 = 5.3", "增长5.3%"),
        ("growth >= 2% 外资 = -3.1", "下降3.1%"),
        ("growth >= 0% 出口 = 0", "持平"),
        ("decline >= 3% 能耗 = 2.1", "下降2.1%"),
        ("decline >= 3% 能耗 = -1", "增长1%"),
        ("rate >= 95% 办结率 = 96.2", "96.2%"),
        ("count >= 2场 圆桌会议", "未写明数据"),
    ],
)
def test_what_was_reached_keeps_its_unit_and_its_decimals(target, said):
    assert standing.reached(one(target)) == said


@pytest.mark.parametrize(
    ("target", "as_of", "said"),
    [
        ("amount >= 600亿元 总投资 = 353", OCTOBER, "比序时少147亿元"),
        ("amount >= 3亿美元 外资 = 1.72", OCTOBER, "比序时少0.78亿美元"),
        ("amount >= 20亿元 销售额 = 14", OCTOBER, "比序时少2.7亿元"),
        ("amount >= 20亿元 销售额 = 18.6", OCTOBER, "比序时多1.9亿元"),
        ("amount >= 3亿美元 外资 = 2.5", OCTOBER, "与序时持平"),
        ("amount >= 3亿美元 外资 = 2.5", YEAR_END, "还差0.5亿美元"),
        ("count >= 2场 圆桌会议 = 0", OCTOBER, "比序时少1场"),
        ("count >= 2场 圆桌会议 = 1", OCTOBER, "与序时持平"),
        ("count >= 2场 圆桌会议 = 1", YEAR_END, "还差1场"),
        ("count >= 2万场 直播 = 1.5", OCTOBER, "比序时少0.2万场"),
        ("count >= 80家 企业 = 86", OCTOBER, "已达到目标"),
        ("count > 100个 海外仓 = 100", OCTOBER, "与目标持平，没有超过"),
        ("growth >= 2% 外资 = -3.1", OCTOBER, "离目标差5.1个百分点"),
        ("growth >= 5.5% 零售额 = 2.5", OCTOBER, "离目标差3.0个百分点"),
        ("rate >= 60% 上线率 = 57", OCTOBER, "离目标差3个百分点"),
        ("growth >= 5% 零售额 = 5.3", OCTOBER, "超过目标0.3个百分点"),
        ("growth >= 5% 零售额 = 5", OCTOBER, "与目标持平"),
        ("growth > 5% 零售额 = 5", OCTOBER, "与目标持平，没有超过"),
        ("growth >= 5% 零售额 = 5.3", YEAR_END, "已达到目标"),
        ("decline >= 3% 能耗 = 2.1", OCTOBER, "离目标差0.9个百分点"),
        ("level >= 90分 测评 = 88.5", OCTOBER, "离目标差1.5分"),
        ("count <= 3起 事故 = 5", OCTOBER, "超出上限2起"),
        ("rate <= 5% 投诉率 = 5.1", OCTOBER, "超出上限0.1个百分点"),
        ("count < 3起 事故 = 3", OCTOBER, "到了上限，应低于它"),
        ("count <= 3起 事故 = 3", OCTOBER, "没有超出上限"),
        ("count >= 2场 圆桌会议", OCTOBER, "未写明数据"),
    ],
)
def test_how_it_stands_is_told_in_the_unit_of_the_target_without_dust(target, as_of, said):
    assert standing.gap(one(target, as_of)) == said


def test_without_a_deadline_only_the_target_can_be_compared_with():
    assert standing.gap(one("amount >= 3亿美元 外资 = 1.72", due="_")) == "还差1.28亿美元"
    assert standing.due(one("amount >= 3亿美元 外资 = 1.72", due="_")) == ""


def test_what_should_be_by_now_is_told_for_what_grows_over_the_year_only():
    assert standing.due(one("count >= 80家 企业 = 61")) == "序时应达66家"
    assert standing.due(one("amount >= 500亿元 总投资 = 353")) == "序时应达417亿元"
    assert standing.due(one("growth >= 5% 零售额 = 5.3")) == ""


MEETINGS, VISITS, GROWTH = "count >= 2场 圆桌会议", "count >= 60家 走访", "growth >= 5% 增加值"


@pytest.mark.parametrize(
    ("drawing", "as_of", "said"),
    [
        (f"{MEETINGS} = 0", OCTOBER, "造林：比序时少1场。"),
        (f"{MEETINGS} = 2", OCTOBER, "造林：已达到目标。"),
        (f"{GROWTH} = 3.2", OCTOBER, "造林：增长3.2%，离目标差1.8个百分点。"),
        (f"{MEETINGS} = 0；{VISITS} = 60", OCTOBER, "造林：圆桌会议比序时少1场。"),
        (f"{MEETINGS} = 0；{VISITS} = 20", OCTOBER, "造林：圆桌会议比序时少1场（另有1个目标滞后）。"),
        (f"{MEETINGS} = 2；{VISITS} = 61", OCTOBER, "造林：2个目标都已达到。"),
        (f"{MEETINGS} = 2；{VISITS}", OCTOBER, "造林：写明的目标已达到；走访未写明数据，不判已完成。"),
        (f"{MEETINGS} = 1；{VISITS}", OCTOBER, "造林：圆桌会议与序时持平；走访未写明数据。"),
        (f"{VISITS} = 60；{GROWTH} = 4.9", OCTOBER, "造林：增加值增长4.9%，离目标差0.1个百分点。"),
        (f"{MEETINGS} = 1；{VISITS} = 60", "2026-01-10", "造林：时限已过10天，圆桌会议还差1场。"),
        (f"{MEETINGS} = 1；{VISITS} = 60", YEAR_END, "造林：圆桌会议还差1场。"),
    ],
)
def test_the_headline_names_the_target_furthest_behind(drawing, as_of, said):
    assert "".join(span.text for span in indicator.headline(row(drawing, as_of), DEFAULT)) == said


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        ("0.5", "造林：完成50%，比序时慢33个百分点；圆桌会议比序时少1场。"),
        ("0.9", "造林：完成90%，比序时快7个百分点。"),
        ("1", "造林：已完成。"),
    ],
)
def test_a_row_that_its_own_column_calls_behind_tells_which_target_lacks_what(progress, said):
    drawing = (
        f"indicator | targets | due | reported_progress\n造林 | {MEETINGS} = 0；{VISITS} = 60 | {YEAR_END} | {progress}"
    )
    one_row = next(indicator.lines(scored(drawing, OCTOBER)))
    assert "".join(span.text for span in indicator.headline(one_row, DEFAULT)) == said


@pytest.mark.parametrize(
    ("drawing", "decided", "reason"),
    [
        (f"{MEETINGS} = 0", "behind", "圆桌会议0场，序时应达1场，比序时少1场"),
        (f"{VISITS} = 49", "done", "走访49家，序时应达50家，比序时少1家"),
        (f"{VISITS} = 49", "behind", "走访49家，序时应达50家，比序时少1家，在容差以内"),
        (f"{MEETINGS} = 2；{VISITS}", "done", "走访未写明数据，不判已完成"),
        (f"{MEETINGS} = 2；{VISITS} = 60", "done", "2个目标全部达到"),
        (f"{MEETINGS} = 2；{GROWTH} = 5.3", "done", "增加值增长5.3%，超过目标0.3个百分点，时限未到"),
        (f"{GROWTH} = 5.3", "on_pace", "有进度支持（量化目标）"),
    ],
)
def test_every_test_of_the_status_tells_the_figures_it_rests_on(drawing, decided, reason):
    tests = {test.status: test for test in indicator.tests(row(drawing), DEFAULT)}
    assert tests[decided].reason == reason
    assert set(tests[decided].rules) <= {rule.name for rule in DEFAULT.rules}
