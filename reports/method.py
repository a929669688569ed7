"""The method in words: the rules of the method file, and what the words and numbers on the screen mean."""

from dataclasses import dataclass

from reports import words
from reports.indicator import ORDER
from reports.words import Sentence, Span
from scoring import Method

MEANINGS = {
    "not_reported": "各版都没有填报：完成情况、完成进度、定档、打分全是空白",
    "done": "量化目标全部达到，或进度达到100%，或文字写明完成",
    "overdue": "完成时限已过，还没有完成",
    "behind": "量化目标或进度比序时慢，超过容差；或增速、比率低于目标值，或超出上限；或文字表示滞后；或只有定档且为三档",
    "on_pace": "有进度、定档、打分或文字支持，且不属于以上几种",
    "unjudged": "填了内容，但无从衡量；不称正常",
}
GROUP_MEANINGS = {
    "steady": "稳：已完成或按序时推进",
    "risk": "险：有失分风险",
    "unknown": "空：还不知道",
}


@dataclass(frozen=True)
class Convention:
    """How one kind of number or word on the screen is to be read."""

    title: str
    text: str


CONVENTIONS = (
    Convention("分", "按考评表的权重计，不按项数。最多写一位小数，考评期写两位；小数四舍五入，只在写出时舍一次。"),
    Convention("百分数", "写整数；两个百分数要比较时写一位小数。增长率只与增长率比，差几个百分点，不换算成完成率。"),
    Convention(
        "比序时少、还差",
        "“比序时少”比的是到今天应达的数，“还差”“离目标差”比的是目标本身。有几个目标的，说落后最多的那个；"
        "“未写明数据”是填报没有写到这个目标，不是零。",
    ),
    Convention("“—”", "没有，或者不知道。空白不写成0。"),
    Convention(
        "稳、险、空",
        "三部分依次排列，加起来就是读到的全部分值。斜纹只表示未填报，虚线框表示方案里有、表上没读到的分值。",
    ),
    Convention(
        "判断日期",
        "默认取这一版的数据截至日，不取当天。页面上方可以改，改后的日期随地址走；序时、还剩几天、状态都按它算，填报内容仍是这一版的。",
    ),
    Convention(
        "还剩、已过", "从判断日期到完成时限的天数；当天写今天到期。时限已过而没有填报的，仍是未填报，列在最前。"
    ),
    Convention("沿用", "这一版没有填的，用上一版所填，注明日期和已有几天未更新，仍按判断日期的序时判断。"),
    Convention("待评", "还没有打分。得分只来自集中考评组打分或考评结果栏；只有定档的只作预估，不算得分。"),
    Convention("最终得分在…至…之间", "下限是已得分，上限是已得分加待评的全部分值。这是范围，不是预测。"),
    Convention("协办", "一项由几个科室或领导承担的，分值计在排在第一的（牵头），其余为协办。"),
)


def headline(method: Method) -> Sentence:
    """Return how many rules there are, and how many of them nobody has laid down."""
    assumed = sum(rule.assumed for rule in method.rules)
    sourced = len(method.rules) - assumed
    head = f"状态和分数按{len(method.rules)}条口径计算"
    if not assumed:
        return (Span(f"{head}，条条有出处。"),)
    return (Span(f"{head}：{sourced}条有出处，"), Span(f"{assumed}条{words.ASSUMED}", "behind"), Span("执行，待确认。"))


def assumes(method: Method, rule: str) -> bool:
    """Tell whether a rule of the method is one that nobody has laid down (按假设)."""
    return any(each.assumed for each in method.rules if each.name == rule)


def order() -> tuple[str, ...]:
    """Return the statuses in the order in which they are asked."""
    return ORDER
