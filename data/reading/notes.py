"""What the reader set right or could not read, cell by cell; each kind's words stand here once."""

from collections.abc import Iterable
from dataclasses import dataclass

from data.findings import Finding, Severity

_SHOWN = 12


@dataclass(frozen=True)
class Note:
    """One cell's matter. ``detail`` goes into the message, as printed or as read."""

    code: str
    sheet: str
    cell: str
    detail: str = ""
    serial: str = ""


# code: severity, message, treatment, whether cells of one sheet share a finding. {0}: the details, {1}: the cells
_WORDS: dict[str, tuple[Severity, str, str, bool]] = {
    "weight_as_text": (
        "normalized",
        "{1} 的权重写成了文本：{0}。",
        "按数字读；表里的 SUM 不会计入，建议改成数字。",
        True,
    ),
    "number_as_text": ("normalized", "{1} 的数字写成了文本：{0}。", "按数字读。", True),
    "score_as_text": (
        "check",
        "{1} 的打分写成了文本：{0}；电子表格的 AVERAGE 不计文本。",
        "按电子表格的算法，不计这一格；请改成数字。",
        False,
    ),
    "unreadable_number": ("check", "{1} 应当是数字，写的是“{0}”。", "按空白处理，不当作0。", False),
    "unreadable_tier": ("check", "{1} 应当是一档、二档或三档，写的是“{0}”。", "按未定档处理。", False),
    "error_value": ("check", "{1} 是错误值 {0}。", "按空白处理，不当作0。", False),
    "average_of_nothing": ("normalized", "{1} 显示 {0}：评委打分还空着，平均数算不出。", "按待评处理，不当作0。", True),
    "formula_without_value": (
        "check",
        "{1} 是公式，文件里没有存它的结果：{0}。",
        "按空白处理；请在电子表格软件里打开、保存一次再上传。",
        False,
    ),
    "serial_was_date": ("normalized", "{1} 的序号被电子表格改成了日期。", "还原为 {0}。", True),
    "due_spaced": ("normalized", "{1} 的完成时限中间有空格或换行：{0}。", "去掉空格后读。", True),
    "due_was_number": ("normalized", "{1} 的完成时限存成了日期序列数。", "还原为 {0}。", True),
    "due_unreadable": ("check", "{1} 的完成时限“{0}”读不出日期。", "按没有时限处理，不判逾期、不算序时。", False),
    "names_split": ("normalized", "{1} 一格里有几个名字：{0}。", "第一个为牵头，其余为协办。", True),
    "continued_row": ("normalized", "{1} 这一行只有名字，没有指标和权重。", "并入上一行，作为协办：{0}。", True),
    "indicator_moved": ("normalized", "{1} 的二级指标空着。", "取同一行左边的文字作为指标。", True),
    "target_value_joined": ("normalized", "目标值单独成一栏（{1}）。", "接在指标后面读，例如：{0}。", True),
    "merged_weight": ("check", "{1} 的权重与上面合并成一格，分不出各行多少。", "只在第一行计一次，本行不计分。", False),
    "private_number": ("normalized", "{1} 里有电话或证件号码。", "显示、入库、导出时遮去中间几位。", True),
    "weights_as_percent": ("normalized", "权重按百分比写（{1} 起）。", "按总分100分折算成分。", False),
    "weights_as_share": (
        "check",
        "权重都不到1，合计约为1（{1} 起）。",
        "按总分100分折算成分；如果本来就是分，请改写。",
        False,
    ),
    "progress_mixed": ("check", "完成进度有的像比例、有的像百分数：{0}（{1}）。", "没有%号的都按百分数读。", False),
    "progress_is_text": ("normalized", "{1} 的完成进度写的是文字：{0}。", "当作完成情况的文字读。", True),
    "hidden_rows": ("normalized", "有隐藏的行：{0}。", "照样读入。", False),
    "hidden_columns": ("normalized", "有隐藏的列：{0}。", "照样读入。", False),
    "hidden_sheet": ("check", "工作表“{0}”是隐藏的，里面也有考评表。", "不读这个工作表；要用它请取消隐藏。", False),
    "hidden_sheet_read": ("check", "考评表在隐藏的工作表“{0}”里。", "照样读入。", False),
    "hidden_target_sheet": (
        "check",
        "工作表“{0}”写有量化目标，但是隐藏的。",
        "不读这个工作表；要用它请取消隐藏。",
        False,
    ),
    "other_year_sheet": ("check", "工作表“{0}”是另一年度的考评表。", "不读这个工作表。", False),
    "sheets_joined": ("normalized", "考评表分在几个工作表里：{0}。", "按顺序接成一张表。", False),
    "unread_columns": ("normalized", "有几列没有用到：{0}。", "原样保留在文件里，不参与计算。", False),
    "unread_row": ("check", "{1} 这一行没有读成指标：{0}。", "不计入；如果是指标，请补上权重。", False),
    "year_unknown": (
        "check",
        "表里和文件名里都没有写年度。",
        "完成时限不推算到日期，不判逾期；请在标题写上年度。",
        False,
    ),
    "unit_unknown": ("check", "表里和文件名里都没有写参评单位。", "单位暂缺；请在表头写上参评单位。", False),
}


def as_findings(notes: Iterable[Note]) -> list[Finding]:
    """Turn notes into findings; notes of a kind that only tells what was set right share one for each sheet."""
    groups: dict[tuple[str, str, str], list[Note]] = {}
    for note in notes:
        shared = _WORDS[note.code][3]
        groups.setdefault((note.code, note.sheet, "" if shared else note.cell), []).append(note)
    return [_finding(group) for group in groups.values()]


def _finding(notes: list[Note]) -> Finding:
    first = notes[0]
    severity, message, treatment, _ = _WORDS[first.code]
    details = "、".join(dict.fromkeys(note.detail for note in notes if note.detail)) if len(notes) > 1 else first.detail
    cells = "、".join(note.cell for note in notes[:_SHOWN]) + (f" 等{len(notes)}格" if len(notes) > _SHOWN else "")
    words = (message.format(details, cells), treatment.format(details, cells))
    return Finding(first.code, severity, first.sheet, first.cell, *words, serial=first.serial)
