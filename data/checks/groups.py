"""Points stated in a group's texts, （5分）, against the rows of the group.

A group are the rows whose serials share all but the last part (1-3-1, 1-3-2); where serials have less than three
parts, or there are none, the rows under one 一级指标.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from data.checks import say
from data.checks.audit import Audit, Line, is_blank, weight_of
from data.checks.points import KEPT, difference, stated
from data.findings import Finding


@dataclass(frozen=True)
class Statement:
    """Points stated in one cell of a row, and the sums that they may mean."""

    line: Line
    field: str
    values: tuple[float, ...]
    sums: tuple[float, ...]

    def fits(self) -> bool:
        """Tell whether some sum is what is stated, or what the cell's several figures add up to."""
        return any(say.same(value, total) for value in (*self.values, sum(self.values)) for total in self.sums)


def group_points(audit: Audit) -> Iterator[Finding]:
    """Points stated in a text that fit neither its row, nor the rows under it, nor its group."""
    runs = _runs(audit.lines)
    keys = [_key(line, run, 3) for line, run in zip(audit.lines, runs, strict=True)]
    said = _statements(audit.lines, keys, runs)
    for key, group in _gathered(audit.lines, keys).items():
        statements = said.get(key, [])
        loose = next((each for each in statements if not each.fits()), None)
        if loose and not _add_up(statements, weight_of(group)):
            yield _finding(audit, group, statements, loose)


def _runs(lines: Sequence[Line]) -> list[int]:
    """Number the stretches of rows under one 一级指标; a blank one belongs to the text above it."""
    runs: list[int] = []
    place, goal = ("", "", ""), ""
    for line in lines:
        own = (line.sheet, line.category, line.group)
        fresh = not runs or own != place or line.goal not in ("", goal)
        goal = line.goal or ("" if own != place else goal)
        place = own
        runs.append((runs[-1] if runs else 0) + fresh)
    return runs


def _key(line: Line, run: int, least: int) -> Hashable:
    """Return a row's group: the parent of a serial that has the ``least`` number of parts, else its run."""
    return (line.category, line.number[:-1]) if len(line.number) >= least else run


def _gathered(lines: Sequence[Line], keys: Sequence[Hashable]) -> dict[Hashable, list[Line]]:
    found: dict[Hashable, list[Line]] = defaultdict(list)
    for line, key in zip(lines, keys, strict=True):
        found[key].append(line)
    return found


def _statements(lines: Sequence[Line], keys: list[Hashable], runs: list[int]) -> dict[Hashable, list[Statement]]:
    """Return each group's statements; one may mean its row, the rows with its text, its run, group or chapter."""
    goals = [(key, line.goal) for key, line in zip(keys, lines, strict=True)]
    parents = [_key(line, run, 2) for line, run in zip(lines, runs, strict=True)]
    ways = [
        (own, {key: weight_of(some) for key, some in _gathered(lines, own).items()})
        for own in (keys, goals, runs, parents)
    ]
    found: dict[Hashable, list[Statement]] = defaultdict(list)
    for place, line in enumerate(lines):
        for field in ("basis", "goal", "indicator"):
            if values := stated(getattr(line, field)):
                sums = (line.weight, *(sums[own[place]] for own, sums in ways))
                found[keys[place]].append(Statement(line, field, values, sums))
    return found


def _add_up(statements: list[Statement], total: float) -> bool:
    """Tell whether each 一级指标 of the group states its own share of the group's points."""
    values = {(each.line.goal, value) for each in statements for value in each.values}
    return len(values) > 1 and say.same(sum(value for _, value in values), total)


def _finding(audit: Audit, group: list[Line], statements: list[Statement], loose: Statement) -> Finding:
    total, missing = weight_of(group), sum(is_blank(line.weight) for line in group)
    values = list(dict.fromkeys(value for each in statements for value in each.values))
    said = "、".join(f"（{say.points(value)}分）" for value in values)
    rest = f"（其中{missing}行没有权重）" if missing else ""
    rows = f"{say.names(group)}{'合计' if len(group) > 1 else '只有'}{say.points(total)}分{rest}"
    if len(values) > 1:
        code, message = "group_points_conflict", f"同一组指标标注的分值不一致：{said}，而{rows}。"
    else:
        code, message = "group_points", f"指标标注{said}，而{rows}，{difference(total, values[0])}。"
    return say.finding(audit, loose.line, loose.field, code, "check", message, KEPT)
