"""The sheet 写回说明: which cells were filled, and where the workbook's own results are not ours."""

from collections.abc import Iterable, Iterator

import numpy as np

from data.cells import address
from data.formats.cell_edits import Entry, Formula, NewSheet, Place
from reports import words
from reports.imprint import Imprint
from reports.papers.original import Filled, Original, Printed
from scoring.table import PANEL

SHEET = "写回说明"
WIDTHS = (24, 9, 46, 60)  # characters
EXCERPT = 40  # characters
SAME = 1e-6  # points
UNSCORED = "待评"
Line = tuple[Entry | None, ...]


def sheet(
    original: Original, printed: tuple[Printed, ...], filled: list[Filled], indicators: int, imprint: Imprint
) -> NewSheet:
    """Return the sheet. ``indicators`` counts the scored table's rows, of which some may stand nowhere."""
    lines = [
        (imprint.line(),),
        ("绩效考评看板写回：只填了原来空着的格；原有的文字、数字、公式和版式都没有改动。",),
        *_lost(indicators - sum(not row.again for row in printed)),
        *_scored(original, printed),
        *_listed("填写的单元格", "内容", "来由", [(each.place, _short(each.shown), each.why) for each in filled]),
        *_listed("与看板不同、照原样保留的考评结果", "原件", "看板", _different(original, printed)),
        *_errors(original, printed),
    ]
    return NewSheet(SHEET, tuple(lines), WIDTHS)


def _lost(count: int) -> Iterator[Line]:
    if count:
        yield (f"有{count}项指标在这份原件里找不到对应的行，没有写回。",)


def _scored(original: Original, printed: tuple[Printed, ...]) -> Iterator[Line]:
    given = _given(printed)
    if given:
        yield (f"看板的数：已评{len(given)}项，共得{words.fixed(sum(given))}分；没有评的不计，不当作0分。",)
        yield "已评各项之和", None, _sum(original, printed) or sum(given)


def _given(printed: tuple[Printed, ...]) -> list[float]:
    return [row.score for row in printed if not row.again and not np.isnan(row.score)]


def _sum(original: Original, printed: tuple[Printed, ...]) -> Formula | None:
    """Return the sum of the cells that agree with us, and of our numbers for those that do not."""
    apart = {place for place, _, _ in _different(original, printed)}
    agreeing = tuple(row for row in printed if original.cell(row.index, "stated_result") not in apart)
    formula = original.sum_of(agreeing, SHEET)
    ours = [f"+{score!r}" for score in _given(tuple(row for row in printed if row not in agreeing))]
    return Formula(formula.text + "".join(ours)) if formula else None


def _listed(title: str, third: str, fourth: str, lines: list[tuple[Place, str, str]]) -> Iterator[Line]:
    if lines:
        yield ()
        yield (f"{title}（{len(lines)}处）",)
        yield "工作表", "单元格", third, fourth
        yield from ((name, address(row, column), one, two) for (name, row, column), one, two in lines)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1]}…"


def _kept(original: Original, printed: tuple[Printed, ...]) -> Iterable[tuple[Printed, Place]]:
    """Yield the rows whose 考评结果 stood in the workbook, with its cell."""
    for row in printed:
        place = original.cell(row.index, "stated_result")
        if place and not original.blank(place):
            yield row, place


def _different(original: Original, printed: tuple[Printed, ...]) -> list[tuple[Place, str, str]]:
    found = []
    for row, place in _kept(original, printed):
        told = _by_formula(original, row, place) if original.formula(place) else _by_hand(original, row, place)
        if told:
            found.append((place, told, UNSCORED if np.isnan(row.score) else words.fixed(row.score)))
    return found


def _by_formula(original: Original, row: Printed, place: Place) -> str:
    """Return what a formula that is no mean, or a mean of other seats than ours, says; "" where it says the same."""
    mean, formula = _mean(original, row), _short(original.formula(place))
    if "AVERAGE(" not in formula.upper():
        return f"公式{formula}，不一定是打分的平均" if mean is not None else ""
    same = mean is None or abs(mean - row.score) < SAME
    return "" if same and (mean is not None or np.isnan(row.score)) else f"公式{formula}，按表内打分得{_told(mean)}"


def _by_hand(original: Original, row: Printed, place: Place) -> str:
    value = original.value(place)
    if isinstance(value, int | float) and abs(value - row.score) < SAME:
        return ""
    if isinstance(value, int | float):
        return f"写着{value:g}"
    return f"写着文字“{_short(str(value))}”，合计公式不计它" if not np.isnan(row.score) else ""


def _errors(original: Original, printed: tuple[Printed, ...]) -> Iterator[Line]:
    """Tell of means of nothing: they are errors, and so is every sum with one of them."""
    empty = [row for row, place in _kept(original, printed) if original.formula(place) and _mean(original, row) is None]
    if empty:
        yield ()
        instead = "，合计看上面的“已评各项之和”" if _given(printed) else ""
        yield (
            f"有{len(empty)}行的考评结果是公式而打分还空着：会显示 #DIV/0!，含它的合计公式也一样。"
            f"原件的公式照样保留{instead}。",
        )


def _mean(original: Original, row: Printed) -> float | None:
    """Return the mean of every number that stands in the row's seats, as AVERAGE takes it; None of nothing."""
    values = (original.value(place) for seat in PANEL if (place := original.cell(row.index, seat)))
    numbers = [float(each) for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
    return sum(numbers) / len(numbers) if numbers else None


def _told(mean: float | None) -> str:
    return "不出数" if mean is None else words.fixed(mean)
