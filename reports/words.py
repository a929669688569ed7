"""The words of the screen and of the papers: statuses, numbers, dates, sentences. Each is declared here, once.

Points are rounded half away from zero, once, when they are written. A missing number is written —, never 0.
A sentence is a tuple of ``Span``; whoever draws it turns its tones into colours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import pandas as pd

from data.plan import Plan
from scoring.table import UNNAMED

MISSING = "—"
ASSUMED = "按假设"
EXAMPLE = "示例数据"
SHORT_NAME = 18  # characters
CLAUSE = 8  # characters; a shorter first clause says too little, the text is cut instead


@dataclass(frozen=True)
class Status:
    """What the core calls ``behind``, as the screen says it: word, shape, colour of fill and of text, 稳险空 group."""

    key: str
    word: str
    shape: str
    fill: str
    ink: str
    group: str  # steady | risk | unknown


@dataclass(frozen=True)
class Group:
    """稳, 险 or 空: the three parts, always from left to right, that add up to all points."""

    key: str
    word: str
    ink: str


STATUSES = {
    status.key: status
    for status in (
        Status("done", "已完成", "●", "#0B4F6C", "#0B4F6C", "steady"),
        Status("on_pace", "正常", "◎", "#20837A", "#1B6F66", "steady"),
        Status("behind", "滞后", "▲", "#D17F00", "#8A5200", "risk"),
        Status("overdue", "逾期", "■", "#B42318", "#B42318", "risk"),
        Status("not_reported", "未填报", "○", "#FFFFFF", "#4A5565", "unknown"),
        Status("unjudged", "待判", "◇", "#EEF1F5", "#4A5565", "unknown"),
    )
}
GROUPS = {
    group.key: group
    for group in (
        Group("steady", "按序时", "#1B6F66"),
        Group("risk", "有风险", "#B42318"),
        Group("unknown", "未填报", "#4A5565"),
    )
}
INKS = {  # of each tone
    **{key: status.ink for key, status in STATUSES.items()},
    **{key: group.ink for key, group in GROUPS.items()},
    "link": "#1F4FA3",  # ※: of the data, not of how the points stand
}
KEYS = {group: [key for key, mark in STATUSES.items() if mark.group == group] for group in GROUPS}
INK = "#16202E"
MUTED = "#6B7585"
LINK = "#1F4FA3"
RULE = "#DDE2E9"
OUTLINE = "#7C8798"
HATCH = "#C9D0DA"
SCORED_BY = {
    "panel": "集中考评组打分平均",
    "stated": "考评结果栏",
    "office_tier": "考评办定档",
    "peer_tier": "同组互评定档",
    "self_tier": "自评定档",
}
PROGRESS_FROM = {"reported": "完成进度栏", "targets": "量化目标", "percent": "文字中的百分数", "words": "按文字判断"}
SEVERITIES = {"blocking": "× 须先处理", "check": "※ 请核对", "normalized": "已规范"}
TIERS = {1: "一档", 2: "二档", 3: "三档"}


# Numbers


def rounded(value: float, places: int) -> Decimal:
    """Return ``value`` half away from zero; sums of binary fractions are first read as the decimals they stand for."""
    return Decimal(f"{value:.9f}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def number(value: float, places: int = 1) -> str:
    """Return 16.5, 60, −3 or —: at most ``places`` decimals, no trailing zeros, a true minus."""
    if pd.isna(value):
        return MISSING
    text = f"{rounded(value, places):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("0", "-0") else text.replace("-", "−")


def fixed(value: float) -> str:
    """Return a score as it stands in an evaluation: 1.80, or — where there is none."""
    return MISSING if pd.isna(value) else f"{rounded(value, 2):f}".replace("-", "−")


def points(value: float, places: int = 1) -> str:
    """Return 16.5分, or — for points that nobody knows."""
    return MISSING if pd.isna(value) else f"{number(value, places)}分"


def held(row: pd.Series) -> str:
    """Return the points of a summary's row, — where it has indicators and none of them says how many."""
    return number(row["weight"]) if row["weight"] or not row["indicators"] else MISSING


def amount(rows: pd.DataFrame) -> str:
    """Return how much some rows of the table are: 14.5分 8项; nothing where there are none."""
    known = rows["weight"].sum(min_count=1)
    return f"{points(known)} {len(rows)}项" if pd.notna(known) else f"{len(rows)}项没有写明分值" if len(rows) else ""


def percent(share: float) -> str:
    """Return a share as whole percent: 0.795 is 80%."""
    return MISSING if pd.isna(share) else f"{number(share * 100, 0)}%"


def change(value: float) -> str:
    """Return a difference in points with its sign: +22, −6, ±0."""
    text = number(value)
    return "±0" if text == "0" else text if text.startswith("−") else f"+{text}"


def missing(value: object) -> bool:
    """Tell whether a single cell holds nothing."""
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value)


# Dates


def day(when: date, year: int) -> str:
    """Return 10月17日, with the year in front where it is not the plan's."""
    text = f"{when.month}月{when.day}日"
    return text if when.year == year else f"{when.year}年{text}"


def month(when: date, year: int) -> str:
    """Return 12月, with the year in front where it is not the plan's."""
    return f"{when.month}月" if when.year == year else f"{when.year}年{when.month}月"


def due(due_text: str, when: object, year: int) -> str:
    """Return a deadline as the table writes it, without its stray blanks; 未写明 where there is none."""
    written = re.sub(r"\s+", "", due_text)
    known = isinstance(when, date) and not missing(when)
    if known and (not written or not re.search(r"[年月日]", written)):
        return f"{day(when, year)}前"  # type: ignore[arg-type]  # known says it is a date
    return written or UNNAMED


def days_left(days: float) -> str:
    """Return 还剩75天, 今天到期 or 已过17天; nothing without a deadline."""
    if pd.isna(days):
        return ""
    return "今天到期" if days == 0 else f"还剩{days:.0f}天" if days > 0 else f"已过{-days:.0f}天"


def carried(made: date, as_of: date, year: int) -> str:
    """Return 沿用9月19日填报，已28天未更新: since when a report stands, and for how many days on a day."""
    days = (as_of - made).days
    return f"沿用{day(made, year)}填报" + (f"，已{days}天未更新" if days > 0 else "")


# Names


def short_name(short: str, indicator: str, goal: str = "", serial: str = "") -> str:
    """Return the table's 简称, else the first clause of the indicator, at most ``SHORT_NAME`` characters."""
    if short.strip():
        return _tidy(short)
    text = _tidy(indicator) or _tidy(goal)
    if not text:
        return f"{serial}（没有指标内容）" if serial else "（没有指标内容）"
    return _first_clause(text)


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" 。；;，,、")


def _first_clause(text: str) -> str:
    for marks in ("。；;", "，,：:", "、（(《“"):
        if len(text) <= SHORT_NAME:
            return text
        head = re.split(f"[{re.escape(marks)}]", text, maxsplit=1)[0].strip()
        text = head if len(head) >= CLAUSE else text
    return text if len(text) <= SHORT_NAME else text[: SHORT_NAME - 1] + "…"


def category(name: str) -> str:
    """Return a category short enough to label a bar: 职能工作目标 is 职能工作."""
    return name.removesuffix("目标").removesuffix("成效") if len(name) > 4 else name


def lead(names: tuple[str, ...]) -> str:
    """Return the first-named (牵头), 未写明 where nobody is."""
    return names[0] if names else UNNAMED


def heads(rows: pd.DataFrame) -> str:
    """Return the heads (科室负责人) named first in some rows, the most frequent at the front."""
    first = rows["heads"].map(lambda names: names[0] if names else "")
    return "、".join(str(name) for name in first[first != ""].value_counts().index)


# Sentences


class Span(NamedTuple):
    """A piece of a sentence; ``tone`` is "" or a key of ``INKS``, done also for what is earned."""

    text: str
    tone: str = ""


Sentence = tuple[Span, ...]


class Parts(NamedTuple):
    """The points of 稳, 险 and 空."""

    steady: float
    risk: float
    unknown: float


def plain(sentence: Sentence) -> str:
    """Return a sentence without its tones."""
    return "".join(span.text for span in sentence)


def parts(row: pd.Series) -> Parts:
    """Return a summary row's points as 稳, 险 and 空."""
    return Parts(*(float(sum(row[key] for key in keys)) for keys in KEYS.values()))


def most(table: pd.DataFrame) -> Parts:
    """Return the largest 稳, 险 and 空 that one row of a summary holds; 0 for an empty one."""
    return Parts(*(float(table[keys].sum(axis=1).max()) if len(table) else 0.0 for keys in KEYS.values()))


def unknown_word(row: pd.Series | Mapping[str, float]) -> str:
    """Return what 空 holds here: 未填报, 待判 or both."""
    if not row["unjudged"] > 0:
        return "未填报"
    return "未填报或待判" if row["not_reported"] > 0 else "待判"


def phase(total: pd.Series) -> str:
    """Return ``evaluation`` from the first score on, ``blank`` while nothing is reported, else ``running``."""
    if total["scored_weight"] > 0:
        return "evaluation"
    return "blank" if parts(total).unknown >= total["weight"] - 1e-9 and not total["unjudged"] > 0 else "running"


def gap(plan: Plan, weight: float) -> float:
    """Return the plan's points that the table lacks; negative where it holds more, 0 where no total is known."""
    return 0.0 if plan.total is None else float(rounded(plan.total - weight, 6))


def overview(total: pd.Series, plan: Plan) -> Sentence:
    """Return the sentence that leads: all points of the plan, as 稳, 险, 空, and what the source itself lacks."""
    lacking = gap(plan, total["weight"])
    body = {"evaluation": _evaluation, "blank": _blank, "running": _running}[phase(total)](total, lacking != 0)
    if not lacking:
        return body
    head = Span(f"方案{points(plan.total or 0)}，读到{points(total['weight'])}")
    return (head, *body, Span(f"；{_lacking(plan, lacking)}。"))


def _lacking(plan: Plan, lacking: float) -> str:
    if lacking < 0:
        return f"比方案多{points(-lacking)}"
    return f"另{points(lacking)}{'原件缺失' if plan.gaps else '没有读到'}"


def _blank(total: pd.Series, within: bool) -> Sentence:
    if within:
        return (Span("，"), Span("全部尚未填报", "unknown"))
    return (Span(f"{points(total['weight'])}全部尚未填报：方案刚印发，先看谁承担、何时到期。"),)


def _running(total: pd.Series, within: bool) -> Sentence:
    steady, risk, unknown = parts(total)
    all_of = "" if within else points(total["weight"])
    opening = (
        f"{all_of}{'，' if within else ''}全部有填报：" if not unknown else f"{all_of}{'：' if within else '中，'}"
    )
    clauses: list[Span] = [Span(opening), Span(points(steady), "steady"), Span("已完成或按序时推进，")]
    if risk:
        clauses += [Span(points(risk), "risk"), Span("有失分风险")]
    else:
        clauses += [Span("已填报的暂无失分风险")]
    if unknown:
        clauses += [
            Span("，"),
            Span(points(unknown), "unknown"),
            Span(f"尚{unknown_word(total)}".replace("尚待判", "待判")),
        ]
    return tuple(clauses) if within else (*clauses, Span("。"))


def _evaluation(total: pd.Series, within: bool) -> Sentence:
    lost, pending = total["scored_weight"] - total["score"], total["weight"] - total["scored_weight"]
    clauses = [
        Span("；" if within else ""),
        Span("已评定" + points(total["scored_weight"], 2) if pending > 0 else f"{points(total['weight'], 2)}全部评定"),
        Span("，"),
        Span(f"得{points(total['score'], 2)}", "done"),
        Span("，"),
        Span(f"失{points(lost, 2)}", "risk" if lost > 0 else ""),
    ]
    if pending > 0:
        between = f"待评，最终得分在{number(total['score_low'], 2)}至{number(total['score_high'], 2)}之间"
        clauses += [Span("；还有"), Span(points(pending, 2), "unknown"), Span(between)]
    return tuple(clauses) if within else (*clauses, Span("。"))


def departments(table: pd.DataFrame) -> Sentence:
    """Return who holds the points at risk and the unreported ones, or has lost some, from ``summary.by_department``."""
    return _holders(table, "各科室")


def _holders(table: pd.DataFrame, everyone: str) -> Sentence:
    if table["scored_weight"].sum() > 0:
        return _losing(table)
    risk, unknown = _most(table, KEYS["risk"], 2), _most(table, KEYS["unknown"], 1)
    steady = table["done"].sum() + table["on_pace"].sum()
    if not risk and not steady:
        return _held(table, everyone)
    if risk:
        head = (Span("失分风险集中在" if len(table) > 1 else "失分风险在"), *_named(risk, "risk"))
    else:
        head = (Span(f"{everyone}已填报的指标暂无失分风险"),)
    tail = (
        (Span(f"；{unknown_word(table.sum(numeric_only=True))}最多的是"), *_named(unknown, "unknown"))
        if unknown
        else ()
    )
    return (*head, *tail, Span("。"))


def _losing(table: pd.DataFrame) -> Sentence:
    """Return who has lost points in the evaluation, and whose points are still to be scored."""
    sums = pd.DataFrame({"lost": table["scored_weight"] - table["score"].fillna(0)}).round(9)
    sums["pending"] = (table["weight"] - table["scored_weight"]).round(9)
    lost, pending = _most(sums, ["lost"], 2), _most(sums, ["pending"], 1)
    head = (Span("失分最多的是"), *_named(lost, "risk", 2)) if lost else (Span("已评定的没有失分"),)
    tail = (Span("；待评最多的是"), *_named(pending, "unknown", 2)) if pending else ()
    return (*head, *tail, Span("。"))


def _held(table: pd.DataFrame, everyone: str) -> Sentence:
    most = _most(table, ["weight"], 2)
    if not most:
        return (Span(f"{everyone}都没有写明分值。"),)
    return (Span(f"{everyone}都尚未填报；承担最多的是"), *_named(most, "unknown"), Span("。"))


def _most(table: pd.DataFrame, columns: list[str], count: int) -> list[tuple[str, float]]:
    sums = table[columns].sum(axis=1)
    top = sums[sums > 0].sort_values(ascending=False, kind="stable").head(count)
    return [(str(name), float(value)) for name, value in top.items()]


def _named(most: list[tuple[str, float]], tone: str, places: int = 1) -> Sentence:
    spans: list[Span] = []
    for place, (name, value) in enumerate(most):
        spans += [Span("和" if place else ""), Span(name, tone), Span(f"（{points(value, places)}）")]
    return tuple(spans)


def leaders(table: pd.DataFrame) -> Sentence:
    """Return in whose 分管 the points at risk lie, or were lost, from ``summary.by_leader``."""
    sums = table.sum(numeric_only=True)
    risk = _most(table, KEYS["risk"], 1)
    if not risk or table["scored_weight"].sum() > 0:
        return _holders(table, "各分管范围")
    name, value = risk[0]
    where = f"在{name}分管范围。" if name != UNNAMED else "没有写明分管领导。"
    return (Span(f"{points(parts(sums).risk)}失分风险中，"), Span(points(value), "risk"), Span(where))


def deadlines(busiest: pd.Series, due_day: date, left: int, year: int) -> Sentence:
    """Return when most points fall due and how they stand. ``busiest`` is a row of ``summary.by_month``."""
    _, risk, unknown = parts(busiest)
    end = f"{month(due_day, year)}底" if (due_day + pd.Timedelta(days=1)).day == 1 else day(due_day, year)
    clauses = [Span(f"{points(busiest['weight'])}集中在{end}到期，{days_left(left)}")]
    if risk:
        clauses += [Span("，其中"), Span(points(risk), "risk"), Span("有风险")]
    if unknown:
        all_of = unknown >= busiest["weight"] - 1e-9
        clauses += [Span("、" if risk else "，"), Span("全部" if all_of else points(unknown), "unknown")]
        clauses += [Span(f"{'尚' if all_of else ''}{unknown_word(busiest)}")]
    return (*clauses, Span("。"))


NO_DEADLINES: Sentence = (Span("没有一项写明完成时限。"),)
NO_TABLE: Sentence = (Span("还没有考评表。"),)
SIGNED_OUT: Sentence = (Span("登录已过期或已退出：登录后才能查看。"),)
MATRIX_NOTE = "每格一条，长度为分值，全表同一比例尺；“—”表示不承担。"
JOINT_NOTE = "联合承担的指标只计入牵头（排在第一位的），不重复计分；其余为协办。"


def holder(name: str, row: pd.Series, who: str = "") -> Sentence:
    """Return what one department or leader holds: 外资科　林叙　承担8分、4项：3分完成或按序时，5分有风险，0分未填报."""
    steady, risk, unknown = parts(row)
    return (
        Span("　".join(part for part in (name, who) if part)),
        Span(f"　承担{points(row['weight'])}、{row['indicators']:.0f}项："),
        Span(points(steady), "steady"),
        Span("完成或按序时，"),
        Span(points(risk), "risk"),
        Span("有风险，"),
        Span(points(unknown), "unknown"),
        Span(unknown_word(row)),
    )
