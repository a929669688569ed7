"""The sheet 量化目标: rows of no indicator, what could not be understood, and figures that the report contradicts."""

from collections.abc import Iterator

from data.checks import say
from data.checks.audit import Audit, Line
from data.findings import Finding
from data.reading.target_sheet import Stated
from data.reading.values import plain
from scoring.targets import match_actuals

_HAIR = 1e-9  # share of a figure that a conversion between units may add or take
# fault: the field, the finding's code, message, treatment. {0}: what is written
_FAULTS = {
    "value_missing": (
        "value",
        "target_without_value",
        "没有写目标值。",
        "不用这一行；没有数字的请在目标一栏写“文字目标”。",
    ),
    "value_unreadable": (
        "value",
        "target_value_unreadable",
        "的目标值“{0}”读不出数，或与单位对不上。",
        "不用这一行；请只写数字，单位写在单位一栏。",
    ),
    "comparator_unknown": (
        "comparator",
        "target_comparator_unknown",
        "的比较“{0}”看不懂。",
        "按“不少于”计算；请写 >=、>、<=、< 或 =。",
    ),
    "actual_unreadable": (
        "actual",
        "target_actual_unreadable",
        "的实际值“{0}”读不出数，或与单位对不上。",
        "按没有填处理；请只写数字，要清掉上次的数请在完成情况里写“撤回”。",
    ),
    "actual_alone": ("actual", "target_actual_alone", "写了实际值“{0}”，没有写目标值。", "不用这一行；请补目标值。"),
}


def unknown_serials(audit: Audit) -> Iterator[Finding]:
    """Rows whose serial no indicator has, one finding for each serial."""
    known = {line.serial for line in audit.printed if line.serial}
    unknown = {(row.sheet, row.serial): row for row in reversed(audit.form.stated) if row.serial not in known}
    for row in unknown.values():
        said = f"量化目标表的序号“{row.serial}”在考评表里没有。" if row.serial else "量化目标表的这一行没有写序号。"
        yield _finding(row, "serial", "target_serial_unknown", said, "不用这几行；请改成考评表里的序号。")


def faults(audit: Audit) -> Iterator[Finding]:
    """Figures and comparators that cannot be understood."""
    for row in audit.form.stated:
        for fault in row.read("").faults:
            field, code, message, treatment = _FAULTS[fault]
            said = message.format(plain(getattr(row.entry, field))[:20])
            yield _finding(row, field, code, f"{row.serial or f'第{row.row}行'}{said}", treatment)


def actuals_apart(audit: Audit) -> Iterator[Finding]:
    """实际值 that is not what the report of the same indicator says."""
    for line in audit.lines:
        if line.completion and line.targets:
            yield from _apart(line, [row for row in audit.form.stated if row.serial == line.serial])


def _apart(line: Line, rows: list[Stated]) -> Iterator[Finding]:
    read = [(row, row.read(line.indicator).target) for row in rows]
    stated = [(row, target) for row, target in read if target is not None and target.kind != "none"]
    told = match_actuals(tuple(target for _, target in stated), line.completion)
    for (row, target), actual in zip(stated, told, strict=True):
        if target.actual is None or actual is None or abs(actual.value - target.actual) <= _HAIR * abs(actual.value):
            continue
        figures = f"实际值{say.figure(target.actual, target)}与完成情况中的{say.figure(actual.value, target)}不一致"
        message = f"{say.called(line)}的{target.measure}，{figures}。"
        yield _finding(row, "actual", "target_actual_differs", message, "按实际值计算。")


def _finding(row: Stated, field: str, code: str, message: str, treatment: str) -> Finding:
    return Finding(code, "check", row.sheet, row.cell(field), message, treatment, row.serial)
