"""What is kept, as bytes: the same content gives the same bytes on every machine, so that hashes can be compared.

A table is JSON lines: a head with the columns and the index, then a list for each row. Findings are JSON lines, a plan
is the text of a plan.toml.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
from pandas.api.extensions import ExtensionArray

from data.findings import Finding
from data.garbage import uncollected
from data.plan import Plan, parse
from scoring.table import COLUMNS, DATES, NAMES, NUMBERS, conform
from scoring.targets import Target

Cells = Iterable[Any]


def canonical(value: object) -> bytes:
    """Return the one JSON form of a value; texts that are no Unicode (lone surrogates) survive too."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return sha256(content).hexdigest()


def link(previous: str, values: Sequence[object]) -> str:
    """Return a version's place in the chain: the hash over what it holds and over all versions before it."""
    return digest(canonical([previous, *values]))


def table_bytes(table: pd.DataFrame) -> bytes:
    """Return a table (``scoring.table.COLUMNS``) as JSON lines."""
    counted = isinstance(table.index, pd.RangeIndex)
    head = {"columns": COLUMNS, "index": None if counted else [int(label) for label in table.index]}
    rows = zip(*(_encoder(name)(table[name]) for name in COLUMNS), strict=True)
    return b"\n".join(map(canonical, (head, *rows)))


@uncollected()
def table_of(content: bytes) -> pd.DataFrame:
    """Return the table that ``table_bytes`` wrote, typed; a column that it does not know yet is missing."""
    head, *rows = _lines(content)
    index = pd.RangeIndex(len(rows)) if head["index"] is None else pd.Index(head["index"], dtype="int64")
    columns = zip(*rows, strict=True) if rows else [()] * len(head["columns"])
    decoded = {name: _decoder(name)(cells) for name, cells in zip(head["columns"], columns, strict=True)}
    table = pd.DataFrame(decoded, index=index)
    return table if tuple(decoded) == COLUMNS else conform(table)


def findings_bytes(findings: Iterable[Finding]) -> bytes:
    """Return findings as JSON lines."""
    return b"\n".join(canonical(asdict(finding)) for finding in findings)


def findings_of(content: bytes) -> tuple[Finding, ...]:
    """Return the findings that ``findings_bytes`` wrote."""
    return tuple(Finding(**entry) for entry in _lines(content))


def plan_bytes(plan: Plan) -> bytes:
    """Return the text of a plan.toml that says what the plan says; what is blank is left out."""
    return "\n".join(_section(plan, "")).encode()


def plan_of(content: bytes) -> Plan:
    """Return the plan that ``plan_bytes`` wrote."""
    return parse(content.decode(), "plan.toml")


def toml(value: object) -> str:
    """Return a text, number, date or list of them as TOML."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # TOML forbids DEL, JSON does not


def _lines(content: bytes) -> list[Any]:
    # A line break inside a text is escaped, so a newline always parts two entries.
    lines = [line for line in content.split(b"\n") if line]
    try:
        return list(orjson.loads(b"[%b]" % b",".join(lines)))
    except orjson.JSONDecodeError:  # a lone surrogate, which is no UTF-8
        return [json.loads(line.decode("utf-8", "surrogatepass")) for line in lines]


def _encoder(name: str) -> Callable[[pd.Series], Cells]:
    if name in NUMBERS:
        return lambda column: map(_number, column)
    if name == "targets":
        return lambda column: ([_entry(target) for target in targets] for targets in column)
    return _moments if name in DATES else iter


def _entry(target: Target) -> dict[str, object]:
    actual = None if target.actual is None else float(target.actual)
    return asdict(target) | {"value": float(target.value), "actual": actual}


def _number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else str(value)  # JSON knows no inf


def _moments(column: pd.Series) -> Cells:
    texts = np.datetime_as_string(column.to_numpy("datetime64[s]"), unit="s")
    return (None if text == "NaT" else str(text) for text in texts)


def _decoder(name: str) -> Callable[[Cells], npt.NDArray[Any] | ExtensionArray]:
    if name in NUMBERS:
        return lambda cells: np.array(cells, dtype="float64")  # None is NaN, "inf" infinite
    if name in DATES:
        return lambda cells: np.array([cell or "NaT" for cell in cells], dtype="datetime64[s]")
    if name in NAMES:
        return lambda cells: _objects(list(map(tuple, cells)))
    if name == "targets":
        return lambda cells: _objects([tuple(Target(**entry) for entry in cell) for cell in cells])
    return lambda cells: pd.array(list(cells), dtype="str")


def _objects(values: list[Any]) -> npt.NDArray[np.object_]:
    held = np.empty(len(values), dtype=object)
    held[:] = values
    return held


def _section(record: Any, prefix: str) -> Iterator[str]:
    values = [(field.name, getattr(record, field.name)) for field in fields(record)]
    nested = [(name, value) for name, value in values if _is_records(value)]
    yield from (
        f"{name} = {toml(value)}" for name, value in values if value not in (None, ()) and not _is_records(value)
    )
    for name, items in nested:
        for item in items:
            yield f"\n[[{prefix}{name}]]"
            yield from _section(item, f"{prefix}{name}.")


def _is_records(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and is_dataclass(value[0])
