"""The lines of a sheet: which rows are indicators, which are sums, labels, repeated headers or furniture.

Every line keeps its row; a field's value keeps the column that the header above it names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from data.cells import Sheet, Value
from data.reading.headings import Header, header_at, may_start_header
from data.reading.outline import LOWEST, is_deeper, level
from data.reading.values import BLANKS, compact, number, plain
from scoring.table import PANEL

_SUM = re.compile(r"^.{0,15}(小计|合计|总计|共计|总分|总得分)$|^.{0,8}(考评|考核|最终|绩效)?得分$")
_TOTAL = re.compile(r"总计|总分|总得分|得分$")
_SIGNATURE = re.compile(
    r"(主要领导|负责人|分管领导|经办人|填表人|填报人|制表人|审核人|审批人|联系电话|联系人|电话|日期|盖章|签字|签名|签章|"
    r"填报单位|参评单位|单位名称|填报时间)[（(]?.{0,8}[:：]|^(注|备注|说明|填表说明)[:：]|^\d{4}年.{0,4}月.{0,4}日$|"
    r"^第?\d+页|^第.{1,3}页.*共.{1,3}页$"
)
_TITLE = re.compile(
    r"(考评表|考核表|评价表|目标表|任务表|分解表|一览表|明细表|情况表|评分表|责任表)([（(].*)?$|^附件\d*[:：]?$|^附表"
)
_SECTION = re.compile(
    r"^(表[一二三四五六七八九十\d]+|[（(]?[一二三四五六七八九十]+[)）、.．]).{2,20}$|^.{2,15}[（(][\d.]+分[)）]$"
)
_NAMED = frozenset({"departments", "heads", "leaders", "due_text"})
_CARRIED = ("category", "group", "basis", "goal", "due_text", "departments", "supports", "heads", "leaders")
_SCORES = frozenset({*PANEL, "stated_result", "self_tier", "peer_tier", "office_tier"})

Place = tuple[int, int]
Cover = dict[int, dict[int, Place]]  # by row and column
Kind = Literal["indicator", "continued", "parent", "label", "subtotal", "total", "furniture", "unread"]


class Line(NamedTuple):
    """One row below a header. ``values`` are the raw cell values by field, merged ones carried down.

    ``own`` names the fields that have a value of their own in this row; ``cells`` is the whole row.
    """

    kind: Kind
    row: int
    values: Mapping[str, Value]
    own: frozenset[str]
    header: Header
    cells: Sequence[Value]
    weight_format: str = ""

    @property
    def text(self) -> str:
        """Return all that the row says."""
        return " ".join(_texts(self.cells))


def headers(sheet: Sheet) -> list[Header]:
    """Return every header of the sheet, also those repeated for each printed page, in their order."""
    found: list[Header] = []
    for row in may_start_header(sheet.rows):
        header = header_at(sheet, row) if not found or row > found[-1].last else None
        if header:
            found.append(_completed(header, found[-1]) if found else header)
    return found


def _completed(header: Header, above: Header) -> Header:
    """A repeated header that names less than the one above, in the same columns, means the same columns."""
    same = all(above.columns.get(name, column) == column for name, column in header.columns.items())
    taken = set(header.columns.values()) | header.unread.keys()
    missing = {name: column for name, column in above.columns.items() if column not in taken}
    columns = {**missing, **header.columns} if same else header.columns
    return Header(header.first, header.last, columns, header.unread)


def read_lines(sheet: Sheet, found: list[Header]) -> list[Line]:
    """Return the lines below the headers ``found`` in the sheet, in order."""
    cover = _cover(sheet)
    lines: list[Line] = []
    for header, below in zip(found, [*found[1:], None], strict=True):
        last = below.first - 1 if below else len(sheet.rows)
        block = [_line(sheet, header, cover.get(row, {}), row) for row in range(header.last + 1, last + 1)]
        lines.extend(_heading_above(sheet, header))
        lines.extend(_without_page_titles(block, below is not None))
    return [line for line in _sections(_without_tail(lines)) if line.kind != "furniture"]


def fits(sheet: Sheet, header: Header) -> bool:
    """Tell whether a sheet without a header of its own goes on below another sheet's header."""
    lines = read_lines(sheet, [Header(0, 0, header.columns, {})])
    rows = [line for line in lines if line.kind == "indicator"]
    return bool(rows) and all(
        number(line.values["weight"]).value is not None and isinstance(line.values["indicator"], str) for line in rows
    )


def _sections(lines: list[Line]) -> list[Line]:
    """一　职能工作目标　70 above 1, 2, 3 … or above （一）, （二） is a label; （一） below such a label and 1　…　5 above
    1.1, 1.2 … are parents: their points stand below.
    """
    serials = [compact(line.values.get("serial")) if line.kind == "indicator" else "" for line in lines]
    highest = min(map(level, serials), default=0)
    told = []
    for line, serial, at in zip(lines, serials, range(len(lines)), strict=True):
        if serial and _is_parent(line, level(serial), _below(lines, serials, at)):
            kind: Kind = "label" if level(serial) == highest < LOWEST else "parent"
            line = line._replace(kind=kind)
        told.append(line)
    return told


def _below(lines: list[Line], serials: list[str], at: int) -> list[float | None]:
    """Return the weights of the rows right below that are one step deeper than the one at ``at``."""
    weights: list[float | None] = []
    step = None
    for below in range(at + 1, len(lines)):
        if lines[below].kind != "indicator":
            continue
        if not is_deeper(serials[below], serials[at]):
            break
        step = step or serials[below]
        if level(serials[below]) == level(step):
            weights.append(number(lines[below].values["weight"]).value)
    return weights


def _is_parent(line: Line, depth: int, below: list[float | None]) -> bool:
    """Tell whether a row's points stand below it: nobody answers for it, or the parts add up to it."""
    own = number(line.values.get("weight")).value
    parts = [weight for weight in below if weight is not None]
    if own is not None and not parts and depth < LOWEST:
        return False
    if not line.own & _NAMED:
        return len(below) > (1 if depth == LOWEST else 0)
    return len(below) > 1 and own is not None and abs(sum(parts) - own) < 1e-9


def _cover(sheet: Sheet) -> Cover:
    """Return by row, for each column that a merged range covers, the range's first cell."""
    covered: Cover = {}
    for r1, c1, r2, c2 in sheet.merges:
        for row in range(r1, min(r2, len(sheet.rows)) + 1):
            covered.setdefault(row, {}).update(dict.fromkeys(range(c1 + (row == r1), c2 + 1), (r1, c1)))
    return covered


def _line(sheet: Sheet, header: Header, covered: dict[int, Place], row: int) -> Line:
    cells = sheet.rows[row - 1]
    width = len(cells)
    values = {name: cells[column - 1] if column <= width else None for name, column in header.columns.items()}
    own = {name for name, value in values.items() if value is not None and value != ""}
    if covered:
        _fill(values, own, sheet, header, covered, row)
    weight_format = sheet.formats.get((row, header.columns["weight"]), "") if sheet.formats else ""
    return Line(_kind(values, own, cells), row, values, frozenset(own), header, cells, weight_format)


def _texts(cells: Iterable[Value]) -> list[str]:
    return [text for value in cells if value is not None and (text := plain(value).strip())]


def _fill(
    values: dict[str, Value], own: set[str], sheet: Sheet, header: Header, covered: dict[int, Place], row: int
) -> None:
    """Give covered cells their merged range's value: texts and names are carried down, points never are.

    A text merged over 文件依据 … 二级指标 is the indicator's, not its basis.
    """
    for name, column in header.columns.items():
        first = covered.get(column)
        if first is None or name in own or first[0] <= header.last:
            continue
        if name == "indicator" or (name in _CARRIED and first[0] != row):
            values[name] = sheet.value(*first)
    first = covered.get(header.columns["indicator"])
    if first is not None and first[0] == row:
        for name in ("basis", "goal"):
            if header.columns.get(name) == first[1]:
                values[name] = None
                own.discard(name)
                own.add("indicator")


def _kind(values: dict[str, Value], own: set[str], cells: Sequence[Value]) -> Kind:
    if type(values["weight"]) in (int, float) and not own.isdisjoint(_NAMED):
        return "indicator"  # points that somebody answers for, as on nearly every row
    texts = _texts(cells)
    if not texts and own.isdisjoint(_SCORES):
        return "furniture"
    sums = [_bare(text) for text in texts if ("计" in text or "分" in text) and _SUM.match(_bare(text))]
    if sums and own.isdisjoint(_NAMED):
        return "total" if _TOTAL.search(sums[0]) else "subtotal"
    if "weight" not in own and any(is_remark(text) or _TITLE.search(compact(text)) for text in texts):
        return "furniture"
    return _content_kind(values, own, texts)


def _content_kind(values: dict[str, Value], own: set[str], texts: list[str]) -> Kind:
    has_points = "weight" in own and compact(values["weight"]) not in BLANKS
    if has_points or ("serial" in own and (len(texts) > 1 or _is_serial(values["serial"]))):
        return "indicator"
    if len(texts) == 1 and not own & {"departments", "heads", "leaders", "completion"}:
        return "label"
    if "indicator" in own:
        return "indicator"
    return "continued" if own & {"departments", "heads", "leaders", "completion"} else "unread"


def _is_serial(value: Value) -> bool:
    return bool(re.fullmatch(r"[\d.\-—－]+", compact(value))) or not isinstance(value, str)


def _bare(text: str) -> str:
    return re.sub(r"[（(].*?[)）]|[:：]", "", compact(text))


def _heading_above(sheet: Sheet, header: Header) -> list[Line]:
    """表二　行政能力目标 right above a header is the label of the rows below it."""
    row = header.first - 1
    texts = _texts(sheet.rows[row - 1]) if row > 0 else []
    if len(texts) != 1 or not _SECTION.search(compact(texts[0])) or _TITLE.search(compact(texts[0])):
        return []
    return [Line("label", row, {}, frozenset(), header, sheet.rows[row - 1])]


def _without_page_titles(block: list[Line], header_follows: bool) -> Iterator[Line]:
    """A title printed again above the next page's header is no section's label."""
    last = len(block)
    while header_follows and last and block[last - 1].kind in ("label", "furniture"):
        last -= 1
    yield from block[:last]


def is_remark(text: str) -> bool:
    """Tell whether a text stands below or above a table for itself: a signature, a note, the page's number."""
    return bool(_SIGNATURE.search(compact(text)))


def _without_tail(lines: list[Line]) -> list[Line]:
    """What stands alone below the last indicator or sum is a remark, not a label or an unread row."""
    last = max((at for at, line in enumerate(lines) if line.kind in ("indicator", "subtotal", "total")), default=-1)
    return [line for at, line in enumerate(lines) if at <= last or line.kind == "continued"]


def stated_weight(line: Line) -> float | None:
    """Return what a 小计, total or label row states in the weight column, None where no number stands there."""
    return number(line.values.get("weight"), line.weight_format).value
