"""合并科室填报表, in words: what came, what was not taken, where two departments say different things."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from data.merging import ACTUAL, ACTUAL_EVIDENCE, Answer, Conflict, Merged, Remark, Value
from reports import words
from reports.words import Sentence, Span
from scoring.standing import targets_of

START: Sentence = (Span("把各科室交回的填报表合成一份，再照常核对、发布。"),)
START_NOTE = (
    "可以一次选多个文件，也可以选一个zip。按序号对到最新一版的各行；留空的沿用，两个科室对同一格说法不一的，逐处选定。"
)
ENTRY = "由科室分头填报"
OPEN, BACK, AGAIN, ENTER = "合并科室填报表", "改传一份考评表", "重新选文件", "进入核对"
SHEETS = "科室填报表（zip）"
SHEETS_HELP = "每个科室一份，只有本科室牵头和协办的行，带上次填报；文字已锁定，电话、证件号已掩码。"
FIELDS = {
    "completion": "全年完成情况",
    "reported_progress": "完成进度",
    "evidence": "佐证材料",
    "next_step": "下一步",
    "self_tier": "自评定档",
    ACTUAL: "实际值",
    ACTUAL_EVIDENCE: "佐证",
}
Row = Any  # a row of ``itertuples`` over a table
CUT = 30  # characters of a text that is only named


def headline(merged: Merged, refused: int) -> Sentence:
    """Return how many files came, how much they fill in, and what is still to be chosen."""
    filled = len({place.row for place, _ in merged.settled} | {each.place.row for each in merged.conflicts})
    told = f"，填了{filled}项" if filled else "，一格也没有填"
    spans = [Span(f"读到{len(merged.sheets)}份填报表{told}")]
    if refused:
        spans += [Span("；"), Span(f"{refused}份没有读出", "risk")]
    if merged.conflicts:
        spans += [Span("；"), Span(f"{len(merged.conflicts)}处说法不一", "risk"), Span("，请逐处选定")]
    return (*spans, Span("。"))


def remark(which: Remark, plan: str) -> str:
    """Return what in a file was not taken, and what stands instead."""
    row = f"“{which.serial}”" if which.serial else "没有序号的"
    text = _cut(which.detail)
    match which.code:
        case "other_plan":
            return f"是“{which.detail}”的，不是“{plan}”的；整份没有采用"
        case "department_unknown":
            named = f"写的科室“{text}”最新一版里没有" if which.detail else "看不出是哪个科室的"
            return f"{named}；各行按序号采用"
        case "foreign_row":
            return f"{row}这一行不是这个科室的，没有采用"
        case "unknown_row":
            return f"{row}这一行（{text}）最新一版里没有，没有采用"
        case "text_changed":
            return f"{row}的指标与最新一版不同（{text}），以最新一版为准"
        case "weight_changed":
            return f"{row}的权重与最新一版不同（{text}），以最新一版为准"
        case "target_unknown":
            return f"{row}的量化目标“{text}”最新一版里没有，实际值没有采用"


def place(merged: Merged, conflict: Conflict) -> str:
    """Return 1-7-2 消费品以旧换新：完成进度; a target's name stands before 实际值."""
    row = _row(merged, conflict)
    called = words.short_name(row.short_name, row.indicator, row.goal, row.serial)
    target = targets_of(row)[conflict.place.target].measure if conflict.place.target >= 0 else ""
    return f"{row.serial} {called}：{target}{FIELDS[conflict.place.field]}".strip()


def answer(merged: Merged, conflict: Conflict, which: Answer) -> str:
    """Return 市场科：85%; the file's name where that alone tells the answers apart."""
    alone = [each.department for each in conflict.answers].count(which.department) == 1 and which.department
    who = which.department if alone else f"{which.department or '未写明科室'}（{which.file}）"
    return f"{who}：{_value(merged, conflict, which.value)}"


def _row(merged: Merged, conflict: Conflict) -> Row:
    return next(merged.base.iloc[[conflict.place.row]].itertuples())


def _value(merged: Merged, conflict: Conflict, value: Value) -> str:
    if isinstance(value, str):
        return value
    match conflict.place.field:
        case "reported_progress":
            return f"{value * 100:.10g}%"
        case "self_tier":
            return words.TIERS.get(int(value), f"{value:g}")
    return f"{value:.12g}{targets_of(_row(merged, conflict))[conflict.place.target].unit}"


def dates(days: Sequence[date], year: int) -> str:
    """Return what the files say of 数据截至 where that is not one day; "" where it is."""
    if len(days) == 1:
        return ""
    if not days:
        return "各份都没有填数据截至，进入核对后请填写。"
    return f"各份写的数据截至不一（{'、'.join(words.day(day, year) for day in days)}），进入核对后请填写。"


def lacking(open_conflicts: int, filled: bool) -> str:
    """Return what still holds the button; "" where nothing does."""
    if not filled:
        return "没有可以合并的内容。"
    return f"还有{open_conflicts}处没有选定。" if open_conflicts else ""


def file_name(merged: Merged) -> str:
    """Return the name of the merged workbook."""
    names = {sheet.department or sheet.file for sheet in merged.sheets if sheet.rows}
    return f"合并填报（{len(names)}个科室）.xlsx"


def _cut(text: str) -> str:
    return text if len(text) <= CUT else f"{text[:CUT]}…"
