"""The fictional unit's five dated workbooks, made from source/example-indicators.toml and its quirks.

The quirks are what clerks really do to such a sheet; each line of the file says what it is there to show.
"""

import csv
import tomllib
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from data.tables.layout import CARRIED, EXTRAS, SEATS, Line, Row, Sum, Table, Value, canonical, joined, write

SOURCE = Path(__file__).parent / "source"
INDICATORS = SOURCE / "example-indicators.toml"
QUIRKS = SOURCE / "example-quirks.csv"
VERSIONS = ("04", "06", "08", "10", "12")
EVALUATED = "12"
UNIT = "示例市商务局"
TITLE = "2025年度示例市直政府系列单位绩效目标考评表（示例数据）"
SIGNATURE = (
    "单位主要领导：方致远    分管领导：叶书航    科室负责人：林海舟    经办人：沈小满    联系电话：138****0000    "
    "2025年{}月{}日"
)
WITHDRAWN = "撤回"  # the word that clears an earlier report
TIERS = ("一档", "二档", "三档")
SPREAD = (0.0, -0.03, 0.03, 0.0, 0.03, -0.03, 0.0)  # how the seven seats differ, as shares of the weight
PAGE_STARTS = ("1-8-1", "4-1")  # the indicators that stand first on the second page and the following
SUBTOTAL_AFTER = ("2-6-3", "6-5")


@dataclass(frozen=True)
class Quirk:
    """One deviation from the tidy table in an indicator's field; an entry of None empties it."""

    serial: str
    field: str
    entered: Value


def build(folder: Path) -> None:
    """Write the five workbooks into a folder."""
    for version in VERSIONS:
        (folder / f"example-commerce-2025-{version}.xlsx").write_bytes(canonical(write(table(version))))


def table(version: str) -> Table:
    """Return the table as it stood in a version, named by its month."""
    day = _month_end(int(version))
    signature = SIGNATURE.format(day.month, day.day)
    return Table(TITLE, UNIT, _pages(list(_rows(version))), (signature,), tuple(column.field for column in EXTRAS))


def _pages(rows: list[Row]) -> tuple[tuple[Line, ...], ...]:
    """Return the rows on their pages, with 小计 after the groups that have one and the total at the end."""
    pages: list[list[Row]] = [[]]
    for row in rows:
        if row.serial in PAGE_STARTS:
            pages.append([])
        pages[-1].append(row)
    lines = [[line for row in joined(page) for line in _with_subtotal(row)] for page in pages]
    lines[-1].append(Sum("total", "绩效目标考评得分"))
    return tuple(tuple(page) for page in lines)


def _with_subtotal(row: Row) -> list[Line]:
    return [row, Sum("subtotal", "小计", "serial")] if row.serial in SUBTOTAL_AFTER else [row]


def _rows(version: str) -> Iterator[Row]:
    with INDICATORS.open("rb") as file:
        source = tomllib.load(file)
    people = {entry["name"]: entry for entry in source["departments"]}
    quirks = _quirks(version)
    carried = dict.fromkeys(CARRIED, "")
    for number, entry in enumerate(source["indicators"]):
        carried |= {field: entry[field] for field in CARRIED if field in entry}
        row = _filled(_bare(entry, carried, [people[name] for name in entry["departments"]]), entry, version)
        if version == EVALUATED:
            row = _evaluated(row, entry, number)
        yield _with_quirks(row, quirks)


def _bare(entry: dict[str, Any], carried: dict[str, str], people: list[dict[str, str]]) -> Row:
    """Return an indicator before anything is reported; from 4-1 on its text reaches over three columns."""
    wide = entry["serial"] >= "4"
    return Row(
        serial=entry["serial"],
        indicator=entry["text"],
        weight=entry["weight"],
        category=carried["category"],
        basis="" if wide else carried["basis"],
        goal="" if wide else carried["goal"],
        spans="basis" if wide else "indicator",
        due=entry.get("due", "12月底前"),
        departments="、".join(person["name"] for person in people),
        heads="、".join(person["head"] for person in people),
        leaders="、".join(dict.fromkeys(person["leader"] for person in people)),
        short_name=entry["short"],
    )


def _filled(row: Row, entry: dict[str, Any], version: str) -> Row:
    """Return the row with what its department reported; evidence and next steps come with a report."""
    at = VERSIONS.index(version)
    said, progress = entry["said"][at], entry["progress"][at]
    figures = said.split("|")
    completion = entry["report"].format(*figures) if all(map(_is_figure, figures)) else said
    done = (progress != "" and progress >= 100) or "已完成" in completion
    reported = said not in ("", WITHDRAWN)
    return replace(
        row,
        completion=completion,
        progress=progress,
        evidence=entry.get("evidence", "") if reported else "",
        next_step=entry.get("next", "") if reported and not done else "",
    )


def _is_figure(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and text.isascii()


def _evaluated(row: Row, entry: dict[str, Any], number: int) -> Row:
    """Return the row with its tiers and seven scores around the share of its weight that the panel gives."""
    self_tier, peer_tier, office_tier = (TIERS[tier - 1] for tier in entry.get("tiers", (1, 1, 1)))
    shares = [entry.get("score", 0.98) + SPREAD[(number + seat) % SEATS] for seat in range(SEATS)]
    panel = tuple(round(min(1.0, share) * entry["weight"], 2) for share in shares)
    return replace(row, self_tier=self_tier, peer_tier=peer_tier, office_tier=office_tier, panel=panel)


def _quirks(version: str) -> list[Quirk]:
    with QUIRKS.open(encoding="utf-8", newline="") as file:
        return [
            Quirk(line["serial"], line["field"], _typed(line["type"], line["entered"]))
            for line in csv.DictReader(file)
            if line["version"] == version
        ]


def _typed(kind: str, text: str) -> Value:
    if kind == "number":
        return float(text)
    if kind == "date":
        return date.fromisoformat(text)
    return text or None


def _with_quirks(row: Row, quirks: list[Quirk]) -> Row:
    for quirk in [quirk for quirk in quirks if quirk.serial == row.serial]:
        row = _with_quirk(row, quirk)
    return row


def _with_quirk(row: Row, quirk: Quirk) -> Row:
    if quirk.field == "panel":
        return replace(row, panel=(None,) * SEATS)
    if quirk.field == "tiers":
        return replace(row, self_tier=None, peer_tier=None, office_tier=None)
    if quirk.field.startswith("panel_"):
        seat = int(quirk.field.removeprefix("panel_"))
        return replace(row, panel=(*row.panel[: seat - 1], quirk.entered, *row.panel[seat:]))
    change: dict[str, Any] = {quirk.field: quirk.entered}
    return replace(row, **change)


def _month_end(month: int) -> date:
    return date(2025, month, monthrange(2025, month)[1])
