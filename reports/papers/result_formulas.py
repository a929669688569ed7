"""The formulas of 考评结果 that we write: a mean that says nothing of an empty panel, a sum that no error spoils."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from openpyxl.utils import get_column_letter

from data.formats.cell_edits import Place
from data.tables.layout import stretches

MOST_RANGES = 250  # a function takes 255 arguments


def mean(row: int, columns: Sequence[int], factor: str = "") -> str:
    """Return the mean of some cells of a row, nothing where all are empty; ``factor`` is what it is multiplied by."""
    cells = ",".join(_range(row, first, row, last) for first, last in stretches(sorted(columns)))
    return f'IF(COUNT({cells})=0,"",AVERAGE({cells}){factor})'


def total(cells: Iterable[Place], sheet: str, *, errors: bool) -> str:
    """Return the sum of cells of any sheets as it stands in ``sheet``; with ``errors``, of those that hold a score.

    Nothing where no cell holds a number. SUM is an error as soon as one of its cells is; SUMIF passes errors by. ""
    where a formula cannot name all cells.
    """
    ranges = list(_ranges(cells, sheet))
    if len(ranges) > MOST_RANGES:
        return ""
    if errors:
        return "+".join(f'SUMIF({each},">=0")' for each in ranges)
    return f'IF(COUNT({",".join(ranges)})=0,"",SUM({",".join(ranges)}))'


def _ranges(cells: Iterable[Place], here: str) -> Iterable[str]:
    ordered = sorted(set(cells), key=lambda place: (place[0], place[2], place[1]))
    for (sheet, column), group in groupby(ordered, key=lambda place: (place[0], place[2])):
        name = "" if sheet == here else "'{}'!".format(sheet.replace("'", "''"))
        for first, last in stretches([row for _, row, _ in group]):
            yield name + _range(first, column, last, column)


def _range(top: int, left: int, bottom: int, right: int) -> str:
    first, last = f"{get_column_letter(left)}{top}", f"{get_column_letter(right)}{bottom}"
    return first if first == last else f"{first}:{last}"
