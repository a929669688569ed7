"""目标值, 计量单位 and 完成值 in columns of their own, put into the sentences that the official form would have.

│ 指标名称     │ 目标值 │ 计量单位 │ 完成值 │
│ 高标准农田   │ 1200   │ 亩       │ 960    │   the indicator 高标准农田1200亩, the report 高标准农田960亩
│ 抽检合格率   │ ≥98%   │          │ 99%    │   抽检合格率≥98%, 抽检合格率99%
│ 综合楼建设   │ 投用   │          │ 封顶   │   综合楼建设：投用, 封顶
"""

import re

from data.cells import Value
from data.reading.values import compact, number, prose

FIELDS = ("target_value", "reported_value")
_FIGURE = re.compile(r"[≥≤><=约超达不低少高于]*\d[\d,.]*(?:%|[\u4e00-\u9fff]{0,4})")


def promised(name: str, value: Value, number_format: str, unit: Value) -> str:
    """Return the indicator with its target value behind its name; the name alone where there is none."""
    text = _text(value, number_format, unit)
    if not text or _says(name, text):
        return name
    return f"{name}{text}" if _FIGURE.fullmatch(text) else f"{name}：{text}" if name else text


def reported(name: str, said: str, value: Value, number_format: str, unit: Value) -> str:
    """Return the report with the value reached, which bears the indicator's name; the report alone where there is none."""
    text = _text(value, number_format, unit)
    if not text or _says(said, text):
        return said
    told = f"{name}{text}" if _FIGURE.fullmatch(text) else text
    return f"{said}；{told}" if said else told


def _says(words: str, text: str) -> bool:
    """Tell whether words hold a value already: 20 stands in 新增企业20家, 3 neither in 13场 nor in 3月底前."""
    return bool(re.search(rf"(?<![\d.]){re.escape(text)}(?![\d.月日年季])", words))


def _text(value: Value, number_format: str, unit: Value) -> str:
    found, text, counted_in = number(value, number_format), prose(value), compact(unit)
    if found.value is None:
        return text
    if found.percent:
        return f"{found.value * 100:.12g}%"
    return text if not counted_in or text.endswith(counted_in) else f"{text}{counted_in}"
