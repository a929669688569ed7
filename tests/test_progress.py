import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import Method, disagreements, score
from scoring.completion import Reader
from tests.indicators import DEFAULT, scored, table

READER = Reader(DEFAULT)


def phrases(drawing: str) -> list[str]:
    return drawing.split()


def verdict(text: str) -> str:
    return READER.read(text).verdict


def percent(text: str) -> float | None:
    share = READER.read(text).percent
    return None if math.isnan(share) else share


def progress(drawing: str) -> tuple[float | None, str]:
    row = scored(drawing).iloc[0]
    return None if math.isnan(row["progress"]) else row["progress"], row["progress_source"]


@pytest.mark.parametrize(
    "text",
    phrases(
        """
    已完成 全部完成 已按期完成 圆满完成 超额完成 任务已完成。 完成 完成。 已办结 全面完成 已全面完成 已落实到位
    已经完成了 已完成任务 任务已完成！ 已完成全部3场活动 已完成年度目标任务 已完成2025年度目标任务 全年任务已全部完成
    完成全年目标任务 已完成信息报送任务 已圆满完成各项任务 已完成，邀请企业126家 工作已完成，未发现问题
    已全部完成（12月15日） 于12月15日全部完成 10月已完成 2025年10月31日已完成全部任务
    1.圆桌会议已完成；2.招商对接已完成 ①已完成②已完成 已将各项任务全部完成 按计划完成 不折不扣完成，已全部完成
    主体责任落实任务已完成 目标任务均已完成。 项目进展顺利，已全部完成 已超额完成全年任务，超序时进度
    已完成。下一步，正在谋划明年工作 超额完成全年目标5%
    """
    ),
)
def test_plain_words_say_that_it_is_done(text):
    assert verdict(text) == "done"


@pytest.mark.parametrize(
    "text",
    phrases(
        """
    未完成 尚未完成 没完成 未全部完成 尚未全部完成 未能全部完成 并未完成 还没有全部完成 是否已完成 无法全部完成
    不能说已完成 基本完成 已基本完成 初步完成 部分完成 大部分已完成 接近完成 已完成一半 已完成过半 已完成八成
    已完成三分之二 已完成80% 完成率63% 已完成年度任务的一半 已完成前期工作 前期工作已完成 已完成方案制定 完成方案起草
    已完成初稿 已完成第一阶段任务 上半年任务已完成 其中3个项目已全部完成 已完成3场活动 应完成3项，已完成2项
    2个项目已完成，1个在建 已完成，但仍有2项未完成 已完成方案制定，正在推进建设 已完成，正在推进二期 预计12月完成
    争取完成 即将完成 待完成 有望提前完成 努力按时完成 确保按期完成 力争超额完成 将于12月全部完成 计划12月底前全部完成
    下一步将全部完成 完成情况良好 完成率不高 完成后报送 已完成的不多 已完成但进度滞后
    """
    ),
)
def test_negated_limited_and_intended_words_do_not_say_that_it_is_done(text):
    assert verdict(text) != "done"


def test_a_negation_broken_by_a_line_end_still_negates():
    assert verdict("尚未\n全部完成") == ""
    assert verdict("会议已召开\n全部完成") == "done"


@pytest.mark.parametrize(
    "text",
    phrases(
        """
    正常推进 有序推进 正在推进 推进中 正在有序推进中 超序时进度 高于序时进度5% 快于序时进度 达到序时进度
    符合序时进度要求 不低于序时进度 按序时进度推进 按计划正常推进 已完成方案制定，正在推进建设 前期工作正在推进
    已完成1场，正在筹备第2场，正常推进 已举办3场，进展顺利 尚未完成，正在推进 未滞后，正常推进 无滞后，按计划推进
    各项工作有序推进，预计12月完成
    """
    ),
)
def test_plain_words_say_that_it_goes_as_it_should(text):
    assert verdict(text) == "on_pace"


@pytest.mark.parametrize(
    "text",
    phrases(
        """
    滞后 进度滞后 落后于序时进度 进度缓慢 进度偏慢 未达序时进度 未达到序时进度 低于序时进度5个百分点 未按期完成
    未能按期完成 无法完成 受资金影响进展缓慢 因资金未到位滞后 正在推进，但进度滞后 项目A滞后，项目B已完成
    """
    ),
)
def test_plain_words_say_that_it_lags(text):
    assert verdict(text) == "behind"


@pytest.mark.parametrize(
    "text",
    phrases(
        """
    未滞后 无滞后 没有滞后 不存在滞后 没有出现滞后 未出现进度滞后情况 避免进度滞后 滞后问题已解决 淘汰落后产能任务3项
    未正常推进 无法正常推进 预计达到序时进度 基本达到序时进度 将有序推进 同比增长1.6% 已举办3场
    """
    ),
)
def test_what_is_denied_or_only_hoped_for_says_nothing(text):
    assert verdict(text) == ""


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("完成63%", 0.63),
        ("完成率63%", 0.63),
        ("进度达63%", 0.63),
        ("完成率６３％", 0.63),
        ("完成 63 %", 0.63),
        ("63%", 0.63),
        ("完成0%", 0.0),
        ("已完成100%", 1.0),
        ("完成全年任务的105.3%", 1.053),
        ("完成年度目标的63%", 0.63),
        ("占全年目标63.5％", 0.635),
        ("为年度目标的63%", 0.63),
        ("完成投资12亿元，占年度投资计划的63%", 0.63),
        ("网络零售额1600亿元（完成全年目标64%）", 0.64),
        ("形象进度约63%", 0.63),
        ("增长5.5%，完成率63%", 0.63),
        ("完成率63%，同比增长5%", 0.63),
    ],
)
def test_a_percentage_of_the_way_is_progress(text, share):
    assert percent(text) == pytest.approx(share)


@pytest.mark.parametrize(
    "text",
    phrases(
        """
    同比增长1.6% 下降2.8% 增速3% 占比12% 占GDP的3% 高于全省1个百分点 办结率100% 满意率98% 预算执行率63%
    完成5.5%的增长目标 完成目标值5.5% 完成12亿元、增长5% 完成率同比提高3% 完成进度较上月提高5% 序时进度91.7%
    时间进度50% 进度超序时5% 高于序时进度5% 进度滞后5% 超额完成5% 未完成37% 预计完成90% 力争完成率达100%
    """
    ),
)
def test_growth_rates_and_intentions_are_not_progress(text):
    assert percent(text) is None


def test_of_several_percentages_the_one_of_the_whole_counts_else_the_lowest():
    assert percent("总体完成63%，其中圆桌会议完成30%") == 0.63
    assert percent("6月完成30%，目前完成63%") == 0.63
    assert percent("圆桌会议完成80%，招商对接完成30%") == 0.3


@pytest.mark.parametrize(
    ("drawing", "share", "source"),
    [
        ("reported_progress | completion\n0.5 | 完成率63%，正常推进", 0.5, "reported"),
        ("reported_progress | completion\n_ | 完成率63%，正常推进", 0.63, "percent"),
        ("completion\n已完成", 1.0, "words"),
        ("completion\n正常推进", None, "words"),
        ("completion\n召开了会议", None, ""),
        ("reported_progress\n1.2", 1.2, "reported"),
        ("reported_progress\n0", 0.0, "reported"),
        ("reported_progress\n-0.2", None, ""),
    ],
)
def test_the_first_source_that_says_something_is_named(drawing, share, source):
    assert progress(drawing) == (share, source)


def test_sources_that_contradict_each_other_are_told():
    drawn = table(
        """
        serial | reported_progress | completion
        1-1    | 1                 | 完成率63%
        1-2    | 0.63              | 已完成
        1-3    | 1                 | 进度滞后
        1-4    | 0.634             | 完成率63%
        1-5    | 1                 | 已完成
        1-6    | 0.5               | 正常推进
        1-7    | _                 | 完成率63%
        """
    )
    told = disagreements(drawn, DEFAULT)
    assert drawn.loc[told.index, "serial"].tolist() == ["1-1", "1-2", "1-3"]
    assert told["reported"].tolist() == [1, 0.63, 1]
    assert told["words"].tolist() == ["", "done", "behind"]
    assert told["percent"].iloc[0] == 0.63


def test_words_are_taken_from_the_method_file(tmp_path):
    file = tmp_path / "method.toml"
    file.write_text(
        '[done_words]\ntitle = "词"\nvalue = ["搞掂"]\ntext = "{value}"\nassumed = true\n', encoding="utf-8"
    )
    method = Method.load(file)
    assert Reader(method).read("搞掂").verdict == "done"
    assert Reader(method).read("圆满完成").verdict == ""


def test_an_empty_list_of_words_never_matches(tmp_path):
    file = tmp_path / "method.toml"
    file.write_text('[behind_words]\ntitle = "词"\nvalue = []\ntext = "{value}"\nassumed = true\n', encoding="utf-8")
    assert Reader(Method.load(file)).read("进度滞后").verdict == ""


PIECES = [
    *phrases("已 未 完成 全部 63% 。 ， ； 滞后 推进 正在 ① 1. （ ） 目标 任务 的 将 无 序时进度 下一步 １ ％ . - /"),
    "\n",
    " ",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_can_be_read(text):
    statement = READER.read(text)
    assert statement.verdict in ("", "done", "on_pace", "behind")
    assert math.isnan(statement.percent) or statement.percent >= 0
    assert statement.written or (math.isnan(statement.percent) and statement.verdict == "")


@pytest.mark.parametrize("repeated", ["各项", "超过", "达到", "已经", "全年目标任务", "已完成", "未", "完成63%", "("])
def test_a_text_that_repeats_itself_is_read_like_any_other(repeated):
    for text in (repeated * 500, f"已完成{repeated * 500}啊", f"完成{repeated * 15}啊63%", f"滞后{repeated * 500}啊"):
        assert READER.read(text).written


@given(
    st.integers(0, 99),
    st.sampled_from(["完成{}%", "完成率为{}%", "总体进度达{}%", "占年度目标的{}%", "已完成全年任务的{}%"]),
)
def test_a_written_percentage_reads_back_and_is_never_done(number, sentence):
    text = sentence.format(number)
    assert percent(text) == pytest.approx(number / 100)
    assert scored(f"completion | due\n{text} | 2025-12-31")["status"].iloc[0] in ("behind", "on_pace")


@given(
    st.sampled_from(["未", "尚未", "没有", "无法", "预计", "力争", "基本"]),
    st.sampled_from(["全部完成", "按期完成", "圆满完成"]),
)
def test_no_negated_or_intended_word_is_ever_done(before, word):
    assert verdict(before + word) != "done"


def test_missing_texts_are_read_as_blank():
    frame = table("serial\n1").assign(completion=pd.Series([None], dtype="str"))
    assert score(frame, DEFAULT, date(2025, 10, 31))["status"].tolist() == ["not_reported"]
