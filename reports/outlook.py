"""The outlook in words: the page's answer, what is worth doing, and how far away it is.

What a tier would bring is called 预估 everywhere, and 按假设 where nobody has laid down the tiers' shares.
"""

import math
from typing import Any

import pandas as pd

from data.plan import Plan
from reports import indicator, standing, words
from reports.method import assumes
from reports.words import ASSUMED, TIERS, Sentence, Span
from scoring import Method
from scoring.outlook import Opportunity
from scoring.standing import standings

Row = Any  # a row of ``itertuples`` over a scored table

FEW = 3  # things that the page's sentence names
UNKNOWN = "距离不明"
NOT_PUBLISHED = "推演不改变任何已发布的数据，也不会保存；推演写在地址里，复制浏览器地址栏发给同事，打开就是同一画面。"
WORTH_NOTE = (
    "转稳：补上差距后不再有失分风险，不等于得分。{}：按更高一档会多得的分，打分以后才有得分。"
    "尚未填报、待判的不知道差多少，不在此列。"
)
NOTHING_WORTH = "没有：待评的指标里，没有滞后、逾期的，也没有可以提高一档的。"
NOTHING_REPORTED = "还没有填报，不知道差多少；可以先设想几项，看全局和各科室怎么变。"
MOVED = "只标出推演改变了的"
KINDS = {"gap": "补上差距，分值转稳", "tier": "提高一档，预估增加"}


def headline(total: pd.Series, phase: str, found: tuple[Opportunity, ...], method: Method) -> Sentence:
    """Return the page's answer. ``total`` is the row of ``outlook.total``, ``phase`` that of ``words.phase``."""
    if not total["weight"] > 0:
        return (Span("没有一项写明分值，还不能推演。"),)
    if phase == "evaluation":
        return _evaluation(total, method)
    if phase == "blank":
        return (Span(f"{words.points(total['weight'])}全部尚未填报", "unknown"), Span("：还看不出先抓哪几项。"))
    return (*_running(total, found), *_estimated(total, method))


def estimate(method: Method) -> str:
    """Return 预估, with 按假设 behind it where the tiers' shares are assumed."""
    return f"预估（{ASSUMED}）" if assumes(method, "tier_shares") else "预估"


def _running(total: pd.Series, found: tuple[Opportunity, ...]) -> Sentence:
    if not total["risk"] > 0:
        rest = f"，还有{words.points(total['unknown'])}尚未填报或待判" if total["unknown"] > 0 else ""
        return (Span("已填报的暂无失分风险", "steady"), Span(f"{rest}。"))
    gaps = [one.gain for one in found if one.kind == "gap"][:FEW]
    head = (Span("还有"), Span(words.points(total["risk"]), "risk"), Span("有失分风险"))
    if not gaps:
        return (*head, Span("，都已定档。"))
    which = f"这{len(gaps)}项" if len(gaps) > 1 else "下面第一项"
    return (*head, Span(f"，抓好{which}可转稳"), Span(words.points(sum(gaps)), "steady"), Span("。"))


def _estimated(total: pd.Series, method: Method) -> Sentence:
    if not total["estimated_weight"] > 0:
        return ()
    covered = words.points(total["estimated_weight"])
    return (Span(f"已定档{covered}，{estimate(method)}得{words.points(total['estimated'], 2)}。"),)


def _evaluation(total: pd.Series, method: Method) -> Sentence:
    certain = Span(f"得{words.points(total['certain'], 2)}", "done")
    pending = total["high"] - total["low"]
    if not pending > 1e-9:
        return (Span(f"{words.points(total['weight'], 2)}全部评定，"), certain, Span("：没有待评的可以推演。"))
    more = f"；待评{words.points(pending, 2)}都还没有定档"
    if total["estimated_weight"] > 0:
        more = f"；现有定档{estimate(method)}再得{words.points(total['estimated'], 2)}"
    between = f"，最终在{span(total['low'], total['high'], '至')}之间。"
    return (Span(f"已评{words.points(total['certain_weight'], 2)}，"), certain, Span(more), Span(between))


def whole(plan: Plan, total: pd.Series, method: Method) -> str:
    """Return how the outlook is to be read, and which points of the plan it cannot hold."""
    told = "“／”后面是所覆盖的分值；最终得分中，待评的按0分到满分计，定档不改变它；" + f"{estimate(method)}不是得分。"
    lacking = words.gap(plan, total["weight"])
    if lacking > 0:
        told += f"方案{words.points(plan.total or 0)}，读到{words.points(total['weight'])}，另{words.points(lacking)}不在内。"
    return told


def span(low: float, high: float, between: str = "～") -> str:
    """Return a range: 83.54～95.54, one number where both are the same."""
    ends = words.number(low, 2), words.number(high, 2)
    return ends[0] if ends[0] == ends[1] else between.join(ends)


# What is worth doing


def gain(one: Opportunity) -> str:
    """Return what it would bring: 转稳2分; 预估+0.2分 (一档)."""
    if one.kind == "gap":
        return f"转稳{words.points(one.gain)}"
    return f"预估+{words.number(one.gain, 2)}分"


def aim(one: Opportunity) -> str:
    """Return what would have to happen: 补到序时83%; 补到目标; 提高到一档."""
    if one.kind == "tier":
        return f"提高到{TIERS[one.tier]}"
    return "补到目标" if one.aim >= 1 else f"补到序时{words.percent(one.aim)}"


def distance(one: Opportunity, row: Row, method: Method) -> str:
    """Return how far away it is, in the words of the targets where they judge the row: 总投资比序时少147亿元."""
    if row.progress_source == "targets" and row.status != "done":
        return standing.short(standings(row, method))
    if math.isnan(one.distance):
        return f"目标已达到，差的不在进度，{UNKNOWN}" if row.status == "done" else UNKNOWN
    if one.kind == "gap" and row.status != "overdue":
        return indicator.against_pace(row)
    return f"离目标还差{words.number(one.distance * 100, 0)}个百分点"


# One indicator on the board


def stands(row: Row, method: Method) -> str:
    """Return what else is known of an indicator beside its status: tier with its estimate, progress against 序时."""
    if not math.isnan(row.score):
        return f"已得{words.number(row.score, 2)}分，定档不影响得分"
    said = []
    if tier := indicator.tier(row):
        said.append(f"{tier}，{estimate(method)}{words.number(row.estimate, 2)}分")
    if row.progress_source == "targets" and row.status != "done":
        said.append(standing.short(standings(row, method)))
    elif not math.isnan(row.progress):
        said.append(f"完成{words.percent(row.progress)}，{indicator.against_pace(row)}")
    return "；".join(said)


def tried(count: int) -> str:
    """Return what stands above the board."""
    return f"推演了{count}项" if count else "还没有推演"
