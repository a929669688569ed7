"""Which column holds what: headings found by their words, never by their position.

│ 项目 │ 序号 │ … │ 权重 │ … │ 集中考评组打分            │ 考评结果 │   first header row
│      │      │   │      │   │ 1 │ 2 │ 3 │ 4 │ 5 │ 6 │ 7 │          │   second header row, where there is one
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from data.cells import Sheet, Value
from scoring.table import PANEL

LEVELS = ("level_1", "level_2", "level_3")

_SYNONYMS: dict[str, str] = {
    "category": "项目 类别 分类 板块 目标类别 指标类别 指标类型 目标类型 考核类别 考评类别 考核项目 考评项目 目标项目 类型",
    "serial": "序号 编号 序 项号 指标序号 指标编号 指标代码 任务序号 任务编号 目标序号 no no.",
    "basis": "文件依据 依据 政策依据 设定依据 任务来源 目标来源 指标来源 文件来源 来源 出处",
    "level_1": "一级指标 一级目标 一级任务",
    "level_2": "二级指标 二级目标 二级任务",
    "level_3": "三级指标 三级目标 三级任务",
    "indicator": "指标 指标名称 指标内容 具体指标 考核指标 考评指标 绩效指标 工作指标 工作目标 目标任务 年度目标 绩效目标 "
    "目标内容 任务内容 工作内容 工作任务 具体任务 主要任务 重点任务 年度任务 任务 目标 事项 工作事项 考核事项 考评事项 "
    "考核内容 考评内容 工作目标任务 年度工作目标 年度目标任务 主要目标 任务名称 目标名称 工作目标及要求 指标任务 重点工作任务",
    "weight": "权重 分值 权重分 权重分值 分值权重 权数 分数 满分 标准分 基准分 基本分 配分 赋分 指标分值 指标权重 目标分值 "
    "考核分值 考评分值 考核权重 考评权重 任务分值 标准分值 满分值 分值权数",
    "due_text": "完成时限 完成期限 完成时间 时限 期限 截止时间 截止日期 时间要求 时限要求 时间节点 办结时限 完成时限要求 "
    "计划完成时间 计划完成时限 要求完成时间 完成节点 目标时限",
    "departments": "责任科室 牵头科室 承办科室 主办科室 负责科室 落实科室 责任部门 牵头部门 承办部门 负责部门 主办部门 责任单位 "
    "牵头单位 承办单位 主办单位 责任处室 牵头处室 承办处室 责任股室 牵头股室 科室 部门 处室 股室 责任主体 牵头责任科室 "
    "责任科室单位 牵头责任单位 归口科室",
    "supports": "协办科室 配合科室 协助科室 参与科室 协办部门 配合部门 协办单位 配合单位 协办处室 配合处室 配合股室 协办",
    "heads": "科室负责人 责任人 负责人 具体责任人 部门负责人 处室负责人 股室负责人 责任科室负责人 牵头科室负责人 单位负责人 "
    "科长 直接责任人 科室责任人 第一责任人",
    "leaders": "分管领导 分管局领导 分管负责人 责任领导 牵头领导 局领导 主管领导 挂钩领导 分管副局长 分管局长 责任局领导 "
    "分管主任 分管副主任 委领导 分管委领导 包抓领导 领导",
    "completion": "全年完成情况 完成情况 年度完成情况 目标完成情况 实际完成情况 工作完成情况 任务完成情况 指标完成情况 工作进展 "
    "工作进展情况 进展情况 进展 最新进展 目前进展 推进情况 工作推进情况 落实情况 工作落实情况 完成情况说明 "
    "完成情况及成效 进展成效 工作成效 目前完成情况 当前进展",
    "reported_progress": "完成进度 完成率 完成比例 完成百分比 进度 当前进度 工作进度 目标完成率 年度完成率 指标完成率 任务完成率 "
    "完成进度百分比",
    "next_step": "下一步 下步措施 下一步措施 下步工作 下一步工作 下一步打算 下步打算 下一步计划 下步计划 下一步工作措施 "
    "下一步工作计划 下一步工作打算 下一步安排 下一步工作安排 下步工作安排 存在问题及下一步措施",
    "evidence": "佐证材料 佐证 佐证资料 证明材料 印证材料 支撑材料 举证材料 佐证材料清单",
    "short_name": "简称 指标简称 任务简称 短名",
    # what the scan made of 自评定档, 同组互评定档 and 考评办定档 stands here too
    "self_tier": "自评定档 自评 自评档次 自评等次 自评等级 单位自评 科室自评 自评定档情况 定档情况 定档正互评情况",
    "peer_tier": "同组互评定档 互评定档 同组互评 互评 组内互评 互评档次 互评等次 组内互评定档 考评互定档 同组互评档定 "
    "同组互评举证情况",
    "office_tier": "考评办定档 考评定档 考评办 考评办评定 考评办评档 考评为定档 绩效办定档 效能办定档 考核办定档 考评办档次",
    "stated_result": "考评结果 考评得分 考核得分 考核结果 最终得分 综合得分 最后得分 评定得分 评定结果 实得分 得分 "
    "考评结果得分 最终结果 平均分 平均得分 评委平均分 评委平均得分 考评组平均分 集中考评组平均分",
    "target_value": "目标值 年度目标值 全年目标值 目标数 年度目标数 全年目标数 指标值 年度指标值 计划数 年度计划数 考核目标值 目标数值 "
    "任务数 年度任务数 全年任务数",
    "counted_in": "计量单位 度量单位 数量单位 单位",
    "reported_value": "完成值 实际完成值 年度完成值 完成数 实际完成数 累计完成数 累计完成值 实际值 当前值 完成量 实际完成",
    "year": "年度 年份",
}
_FIELDS = {word: name for name, words in _SYNONYMS.items() for word in words.split()}
_PANEL_PARENT = re.compile(r"(集中考评|考评组|评委|专家|考评员|评审).{0,4}(打分|评分|分)?|^打分$|^评分$")
_PANEL_SEAT = re.compile(r"^(.*?)(?:第)?([1-9]\d?|[一二三四五六七八九])(?:号|位)?$")
_DIGITS = {char: number for number, char in enumerate("一二三四五六七八九", start=1)}
_NO_SEAT = re.compile("平均|均分|合计|总分|小计|总计")
_AND = re.compile("及其?|和|与|或")
_WHEN = re.compile(r"^(?:截[至止])?(?:20\d\d年度?|本年度?|当年|全年|目前|当前|\d{1,4}月份?[底末]?)+")
_STRESS = re.compile("^(?:主要|重点|具体|核心|关键|年度|绩效|工作)+")
_LOOSE = (
    "indicator",
    "weight",
    "due_text",
    "completion",
    "reported_progress",
    "reported_value",
    "target_value",
    "next_step",
)
_COMPLETION = re.compile(r"^(截至|截止)?.{0,10}(完成|进展|推进|落实)情况$")
_BRACKETED = re.compile(r"[(\[【〔].*?[)\]】〕]")
_MARKS = str.maketrans("", "", ":*、,。.·_-—/")


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Return a heading's bare words: half width, without blanks, marks, and what stands in brackets."""
    bare = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    return _BRACKETED.sub("", bare).translate(_MARKS) or bare.strip("()[]")


def heading_field(texts: tuple[str, ...]) -> str | None:
    """Return the field that a column's heading texts (upper to lower) name; None where they name none."""
    own = normal(texts[-1]) if texts else ""
    joined = normal("".join(texts))
    return _panel_seat(texts) or _FIELDS.get(own) or _FIELDS.get(joined) or _loose(own)


def _loose(word: str) -> str | None:
    """指标内容及目标值 is what its first part names; 10月进展 and 主要工作任务 what they name without month and stress."""
    if _COMPLETION.match(word):
        return "completion"
    bare = _STRESS.sub("", _WHEN.sub("", word))
    name = _FIELDS.get(_AND.split(word)[0]) or _FIELDS.get(bare)
    return name if name in _LOOSE or bare == word else None


def _panel_seat(texts: tuple[str, ...]) -> str | None:
    """集中考评组打分 over 3, 集中考评组打分3, 评委三: the third seat. A heading without a number is the first."""
    found = _PANEL_SEAT.match(normal("".join(texts)))
    parent, seat = (found[1], found[2]) if found else (normal("".join(texts)), "1")
    if not _PANEL_PARENT.search(parent) or _NO_SEAT.search(parent):
        return None
    return f"panel_{_DIGITS.get(seat) or int(seat)}"


class Header:
    """A header: where it ends, and the column (1-based) of each field below it."""

    def __init__(self, first: int, last: int, columns: dict[str, int], unread: dict[int, str]) -> None:
        self.first, self.last, self.columns, self.unread = first, last, columns, unread


def may_start_header(rows: Sequence[Sequence[Value]]) -> list[int]:
    """Return the numbers of the rows that can be a header's first row: they name several fields, in short texts."""
    texts = {value for value in chain.from_iterable(rows) if isinstance(value, str) and 0 < len(value) <= 24}
    named: dict[Value, str] = {text: _FIELDS[normal(text)] for text in texts if normal(text) in _FIELDS}
    fields = ({named[value] for value in row if value in named} for row in rows)
    return [number for number, found in enumerate(fields, start=1) if len(found) > 1]


def header_at(sheet: Sheet, row: int) -> Header | None:
    """Return the header that starts in ``row``, None where no table starts there: it must name 指标 and 权重."""
    if not may_start_header([sheet.rows[row - 1]]):
        return None
    last = row
    while last - row < 2 and last < len(sheet.rows) and _continues(sheet, row, last + 1):
        last += 1
    columns, unread = _columns(sheet, row, last)
    return Header(row, last, columns, unread) if {"indicator", "weight"} <= columns.keys() else None


def _continues(sheet: Sheet, first: int, row: int) -> bool:
    """Tell whether ``row`` still belongs to the header: headings above are merged into it, or nearly each text is one."""
    if sum(first <= r1 < row <= r2 for r1, _, r2, _ in sheet.merges) > 1:
        return True
    children = [column for column, text in enumerate(sheet.rows[row - 1], start=1) if _text(text)]
    named = [column for column in children if _is_heading(_stack(sheet, first, row, column))]
    return bool(children) and len(named) >= 0.7 * len(children)


def _is_heading(texts: tuple[str, ...]) -> bool:
    if len(texts[-1]) > 12:
        return False
    own = heading_field(texts[-1:])
    whole = heading_field(texts)
    below_panel = whole is not None and whole.startswith("panel_") and len(texts) > 1
    unit = bool(re.fullmatch(r"[(（].{1,6}[)）]", texts[-1].strip()))
    return own is not None or unit or (below_panel and bool(_PANEL_SEAT.match(normal(texts[-1]))))


def _stack(sheet: Sheet, first: int, last: int, column: int) -> tuple[str, ...]:
    """Return the heading texts above and in a column; a blank upper cell takes its left neighbour's text."""
    texts: list[str] = []
    for row in range(first, last + 1):
        text = _text(sheet.value(row, column))
        below = any(_text(sheet.value(lower, column)) for lower in range(row + 1, last + 1))
        if not text and below:
            text = next(filter(None, (_text(sheet.value(row, left)) for left in range(column - 1, 0, -1))), "")
        if text:
            texts.append(text)
    return tuple(texts)


def _columns(sheet: Sheet, first: int, last: int) -> tuple[dict[str, int], dict[int, str]]:
    width = max(len(sheet.rows[row - 1]) for row in range(first, last + 1))
    columns: dict[str, int] = {}
    unread: dict[int, str] = {}
    for column in range(1, width + 1):
        texts = _stack(sheet, first, last, column)
        name = heading_field(texts) if texts else None
        if (
            name == "indicator" and name in columns
        ):  # 考核内容 beside 目标任务: the more detailed one stands to the right
            columns.setdefault("goal", columns[name])
            columns[name] = column
        elif name and name not in columns and (not name.startswith("panel_") or name in PANEL):
            columns[name] = column
        elif texts:
            unread[column] = "".join(texts)
    if "counted_in" in columns and not columns.keys() & {"target_value", "reported_value"}:  # then it counts nothing
        column = columns.pop("counted_in")
        unread[column] = "".join(_stack(sheet, first, last, column))
    _spread_panel(sheet, first, last, columns)
    _second_label(sheet, first, last, columns)
    return _levels(columns), unread


def _spread_panel(sheet: Sheet, first: int, last: int, columns: dict[str, int]) -> None:
    """One heading 集中考评组打分 over blank headings stands for as many seats."""
    if "panel_1" not in columns or "panel_2" in columns:
        return
    for seat, name in enumerate(PANEL[1:], start=1):
        column = columns["panel_1"] + seat
        merged = any(r1 <= first <= r2 and c1 == columns["panel_1"] and column <= c2 for r1, c1, r2, c2 in sheet.merges)
        if not merged or _stack(sheet, first, last, column):
            return
        columns[name] = column


def _second_label(sheet: Sheet, first: int, last: int, columns: dict[str, int]) -> None:
    """项目 often spans two columns, the category and its group; the second one has no heading of its own."""
    column = columns.get("category", 0) + 1
    merged = any(r1 <= first <= r2 and c1 == column - 1 and c2 == column for r1, c1, r2, c2 in sheet.merges)
    if column > 1 and merged and not _stack(sheet, first, last, column):
        columns["group"] = column


def _levels(columns: dict[str, int]) -> dict[str, int]:
    """The deepest level is the indicator, the one above it its goal; of three the first is a label."""
    levels = [columns.pop(name) for name in LEVELS if name in columns]
    if "indicator" not in columns and levels:
        columns["indicator"] = levels.pop()
    if levels:
        columns["goal"] = levels.pop()
    if levels:
        columns.setdefault("category", levels.pop())
    return columns


def _text(value: Value) -> str:
    return str(value).strip() if value is not None else ""
