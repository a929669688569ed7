"""The table's columns, each read from the same field of every row; what was set right goes into the notes."""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple

import pandas as pd

from data import privacy
from data.cells import CellError, Sheet, Value, address
from data.plan import Plan
from data.reading.deadlines import deadline
from data.reading.labels import Labels
from data.reading.lines import Line
from data.reading.names import known_names, split_names
from data.reading.notes import Note
from data.reading.scale import WeightScale
from data.reading.value_columns import FIELDS, promised, reported
from data.reading.values import BLANKS, Number, compact, number, plain, prose, serial, tier
from scoring.table import NAMES, PANEL, conform

_PROSE = ("basis", "goal", "indicator", "completion", "next_step", "evidence", "short_name")
_TIERS = ("self_tier", "peer_tier", "office_tier")


class Row(NamedTuple):
    """An indicator's line on its way into the table; ``more`` are the lines below it that only add names."""

    sheet: Sheet
    line: Line
    block: int
    label: tuple[str, str, str]
    goal: str  # of a parent line above, "" without one
    more: list[Line]

    def value(self, name: str) -> Value:
        """Return the raw value of a field, None where the sheet has no such column."""
        return self.line.values.get(name)

    def cell(self, name: str) -> str:
        """Return where a field stands, "" where the sheet has no such column."""
        column = self.line.header.columns.get(name)
        return address(self.line.row, column) if column else ""

    def format(self, name: str) -> str:
        """Return the number format of a field's cell."""
        return self.sheet.formats.get((self.line.row, self.line.header.columns.get(name, 0)), "")

    def formula(self, name: str) -> str:
        """Return the formula of a field's cell, "" where it has none."""
        return self.sheet.formulas.get((self.line.row, self.line.header.columns.get(name, 0)), "")

    def note(self, code: str, name: str, detail: str = "") -> Note:
        """Return a note on one of the row's cells."""
        return Note(code, self.sheet.name, self.cell(name), detail, compact(self.value("serial")))


class Rows(tuple[Row, ...]):
    """The indicators' rows, in their order, as columns of raw values."""

    def column(self, name: str) -> list[Value]:
        """Return a field's raw value in every row, None where the sheet has no such column."""
        return [row.line.values.get(name) for row in self] if self.have(name) else [None] * len(self)

    def have(self, *names: str) -> bool:
        """Tell whether any header above the rows has a column for one of the fields."""
        return not self.fields.isdisjoint(names)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Return the fields that some header has a column for."""
        headers = {id(row.line.header): row.line.header for row in self}
        return frozenset(name for header in headers.values() for name in header.columns)


def table_of(
    found: Iterable[Row],
    labels: Labels,
    plan: Plan | None,
    year: int | None,
    scale: WeightScale,
    typed: bool,
    notes: list[Note],
) -> pd.DataFrame:
    """Return the rows as printed: ``scoring.table.COLUMNS`` and ``block``.

    ``typed`` is False where the file knows no types (.csv): there a number typed as text is a number.
    """
    rows = Rows(found)
    columns: dict[str, object] = {name: _prose(rows, name, notes) for name in _PROSE}
    columns |= _indicators(rows, columns, notes)
    columns |= _quantified(rows, columns, notes)
    columns["serial"] = serials = _serials(rows, notes)
    if not typed:
        columns |= {name: _filled_down(columns[name], serials) for name in ("basis", "goal")}
    columns["weight"] = _weights(rows, typed, scale, notes)
    columns |= _deadlines(rows, year, notes)
    columns |= {name: _names(rows, name, plan, notes) for name in NAMES}
    columns |= {name: _scores(rows, name, typed, notes) for name in PANEL}
    columns |= {name: _tiers(rows, name, notes) for name in _TIERS}
    columns["stated_result"] = _results(rows, typed, notes)
    columns |= _progress(rows, columns["completion"], typed, notes)
    placed = [labels.resolve(row.label, own) for row, own in zip(rows, serials, strict=True)]
    columns |= {"category": [category for category, _ in placed], "group": [group for _, group in placed]}
    columns |= {"sheet": [row.sheet.name for row in rows], "row": [row.line.row for row in rows]}
    frame = pd.DataFrame(columns | {"year": year or float("nan")}, index=range(len(rows)))
    return conform(frame).assign(block=[row.block for row in rows])


def _prose(rows: Rows, name: str, notes: list[Note]) -> list[str]:
    texts = [""] * len(rows)
    for at, value in enumerate(rows.column(name)):
        if value is None:
            continue
        if isinstance(value, CellError):
            notes.append(rows[at].note("error_value", name, str(value)))
        text = prose(value)
        texts[at] = privacy.mask(text)
        if texts[at] != text:
            notes.append(rows[at].note("private_number", name))
    return ["" if text in BLANKS else text for text in texts] if name == "short_name" else texts


def _indicators(rows: Rows, columns: dict[str, object], notes: list[Note]) -> dict[str, object]:
    """Where 二级指标 is empty the row's own 一级指标 or 文件依据 is the indicator, if the row has points."""
    basis, goal, indicator = (list(columns[name]) for name in ("basis", "goal", "indicator"))  # type: ignore[call-overload]
    goal = [text or row.goal for text, row in zip(goal, rows, strict=True)]
    for at, row in enumerate(rows):
        if indicator[at] or number(row.value("weight")).value is None:
            continue
        for name, texts in (("goal", goal), ("basis", basis)):
            if texts[at] and (name in row.line.own or name == "goal"):
                notes.append(row.note("indicator_moved", "indicator"))
                indicator[at], texts[at] = texts[at], ""
                break
    return {"basis": basis, "goal": goal, "indicator": indicator}


def _quantified(rows: Rows, columns: dict[str, object], notes: list[Note]) -> dict[str, object]:
    """Put 目标值 and 完成值, where they have columns of their own, into the texts of indicator and report."""
    names, said = (list(columns[name]) for name in ("indicator", "completion"))  # type: ignore[call-overload]
    indicators = list(names)
    for at, row in enumerate(rows if rows.have(*FIELDS) else ()):
        (target, of_target), (reached, of_reached) = ((row.value(name), row.format(name)) for name in FIELDS)
        unit = row.value("counted_in")
        indicators[at] = promised(names[at], target, of_target, unit)
        said[at] = reported(names[at], said[at], reached, of_reached, unit)
        if indicators[at] != names[at]:
            notes.append(row.note("target_value_joined", "target_value", indicators[at][:40]))
    return {"indicator": indicators, "completion": said}


def _filled_down(texts: object, serials: list[str]) -> list[str]:
    """Where a file knows no merged cells, a blank below a text means the same text within a group of serials."""
    filled: list[str] = list(texts)  # type: ignore[call-overload]
    groups = [serial.rpartition("-")[0] for serial in serials]
    for at in range(1, len(filled)):
        if not filled[at] and groups[at] and groups[at] == groups[at - 1]:
            filled[at] = filled[at - 1]
    return filled


def _serials(rows: Rows, notes: list[Note]) -> list[str]:
    read = list(map(serial, rows.column("serial")))
    for row, (text, undone) in zip(rows, read, strict=True):
        if undone:
            notes.append(row.note("serial_was_date", "serial", text))
    return [text for text, _ in read]


def _number(row: Row, name: str, notes: list[Note]) -> Number:
    """Read a number and note what makes it unreadable or not the number that a spreadsheet sees."""
    raw = row.value(name)
    if raw is None:
        if row.formula(name):
            notes.append(row.note("formula_without_value", name, row.formula(name)[:40]))
        return Number(None)
    if isinstance(raw, CellError):
        notes.append(row.note("error_value", name, str(raw)))
        return Number(None)
    found = number(raw, row.format(name))
    if found.unreadable:
        notes.append(row.note("unreadable_number", name, plain(raw)[:20]))
    return found


def _weights(rows: Rows, typed: bool, scale: WeightScale, notes: list[Note]) -> list[float | None]:
    read = [_number(row, "weight", notes) for row in rows]
    for row, found in zip(rows, read, strict=True):
        if typed and found.as_text and not found.percent:
            notes.append(row.note("weight_as_text", "weight", plain(row.value("weight"))))
        elif found.value is None and _below_merged_weight(row):
            notes.append(row.note("merged_weight", "weight"))
    first = next((row for row, found in zip(rows, read, strict=True) if found.value is not None), None)
    if first and scale.code:
        notes.append(first.note(scale.code, "weight"))
    return [scale.points(found.value) for found in read]


def _below_merged_weight(row: Row) -> bool:
    column, line = row.line.header.columns["weight"], row.line.row
    return any(r1 < line <= r2 and c1 <= column <= c2 for r1, c1, r2, c2 in row.sheet.merges)


def _deadlines(rows: Rows, year: int | None, notes: list[Note]) -> dict[str, object]:
    read = [deadline(value, year) for value in rows.column("due_text")]
    for row, found in zip(rows, read, strict=True):
        if found.spaced:
            notes.append(row.note("due_spaced", "due_text", plain(row.value("due_text")).replace("\n", "↵")))
        if found.undone or row.format("due_text").startswith("[numFmtId="):
            notes.append(row.note("due_was_number", "due_text", found.text))
        if found.text and found.due is None and year:
            notes.append(row.note("due_unreadable", "due_text", found.text))
    return {
        "due_text": [found.text for found in read],
        "due": pd.Series([found.due for found in read], dtype="datetime64[s]"),
    }


def _names(rows: Rows, name: str, plan: Plan | None, notes: list[Note]) -> list[tuple[str, ...]]:
    people, cells = name != "departments", rows.column(name)
    known = known_names(set(cells), people)
    aliases = {alias.printed: alias.means for alias in plan.aliases} if plan else {}
    supports = [None] * len(rows) if people else rows.column("supports")

    @lru_cache(maxsize=None, typed=True)  # a long column has few different ones
    def meant(*cells: Value) -> tuple[str, ...]:
        parts = (part for cell in cells for part in split_names(cell, known, people))
        return tuple(dict.fromkeys(aliases.get(part, part) for part in parts))

    columns = []
    for row, own, support in zip(rows, cells, supports, strict=True):
        more = [line.values.get(name) for line in row.more if name in line.own]
        columns.append(meant(own, *more, support))
        if len(parts := split_names(own, known, people)) > 1:
            said = f"{plain(own).strip()}→{'、'.join(parts)}".replace("\n", " ")
            notes.append(row.note("names_split", name, said))
    return columns


def _scores(rows: Rows, name: str, typed: bool, notes: list[Note]) -> list[float | None]:
    """Read a panel seat; a number typed as text does not count, because no spreadsheet's AVERAGE counts it."""
    if not rows.have(name):
        return [None] * len(rows)
    scores = []
    for row in rows:
        found = _number(row, name, notes)
        if typed and found.as_text:
            notes.append(row.note("score_as_text", name, _both_means(row, typed)))
        scores.append(None if typed and found.as_text else found.value)
    return scores


def _both_means(row: Row, typed: bool) -> str:
    seats = [number(row.value(seat)) for seat in PANEL]
    every = [seat.value for seat in seats if seat.value is not None]
    counted = [seat.value for seat in seats if seat.value is not None and not seat.as_text]
    without = f"{sum(counted) / len(counted):.4g}" if counted else "待评"
    return f"不计得{without}，计入得{sum(every) / len(every):.4g}"


def _tiers(rows: Rows, name: str, notes: list[Note]) -> list[float | None]:
    if not rows.have(name):
        return [None] * len(rows)
    read = list(map(tier, rows.column(name)))
    for row, found in zip(rows, read, strict=True):
        if found.unreadable:
            notes.append(row.note("unreadable_tier", name, plain(row.value(name))[:20] or str(row.value(name))))
    return [found.value for found in read]


def _results(rows: Rows, typed: bool, notes: list[Note]) -> list[float | None]:
    """Read 考评结果: #DIV/0! beside an empty panel is what AVERAGE says of nothing, no mistake."""
    if not rows.have("stated_result"):
        return [None] * len(rows)
    results: list[float | None] = []
    for row in rows:
        raw = row.value("stated_result")
        if raw is None:  # also where a formula stands: the mean is ours to compute, the cache adds nothing
            results.append(None)
            continue
        if isinstance(raw, CellError) and all(row.value(seat) is None for seat in PANEL):
            notes.append(row.note("average_of_nothing", "stated_result", str(raw)))
            results.append(None)
            continue
        found = _number(row, "stated_result", notes)
        if typed and found.as_text:
            notes.append(row.note("number_as_text", "stated_result", plain(raw)))
        results.append(found.value)
    return results


def _progress(rows: Rows, completion: object, typed: bool, notes: list[Note]) -> dict[str, object]:
    """Read 完成进度 as shares: plain numbers are shares where all are ≤ 1.5, else percent; % decides for its cell."""
    texts = list(completion)  # type: ignore[call-overload]
    read: list[Number] = []
    for at, row in enumerate(rows):
        found = number(row.value("reported_progress"), row.format("reported_progress"))
        if found.unreadable and not isinstance(row.value("reported_progress"), CellError):
            words = prose(row.value("reported_progress"))
            notes.append(row.note("progress_is_text", "reported_progress", words[:20]))
            texts[at] = f"{texts[at]}；{words}" if texts[at] else words
            found = Number(None)
        elif found.unreadable or (found.value is None and row.formula("reported_progress")):
            _number(row, "reported_progress", notes)
        elif typed and found.as_text and not found.percent:
            notes.append(row.note("number_as_text", "reported_progress", prose(row.value("reported_progress"))))
        read.append(found)
    bare = [found.value for found in read if found.value is not None and not found.percent]
    percent = any(value > 1.5 for value in bare)
    small = [f"{value:g}" for value in bare if 0 < value <= 1.5]
    if percent and small:
        at = next(at for at, found in enumerate(read) if found.value is not None and 0 < found.value <= 1.5)
        notes.append(rows[at].note("progress_mixed", "reported_progress", "、".join(small[:5])))
    scale = 100 if percent else 1
    shares = [None if found.value is None else found.value / (1 if found.percent else scale) for found in read]
    return {"reported_progress": shares, "completion": texts}
