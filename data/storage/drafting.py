"""What a version will hold, made before its transaction begins: pure, slow, and free to fail."""

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import resources

import pandas as pd

from data.carry_over import carry_over, confirmed_before
from data.cells import address
from data.checks import COMPARED, LAPSED, against_previous
from data.checks.audit import lines_of
from data.errors import RowUnknown
from data.plan import TABLES, Plan, parse, shipped
from data.privacy import mask
from data.reader import Reading, read_workbook
from data.storage import canonical
from data.storage.keeping import Contents, Draft
from data.storage.summaries import Summary, summarised
from data.versions import Version
from scoring import Method
from scoring.errors import DashboardError
from scoring.targets import Target

LONGEST_NAME = 120  # characters of a file name
INVISIBLE = {"Cc", "Cf", "Cs"}  # control, direction and half characters, by which a text shows as another


def contents_of(
    reading: Reading, original: bytes, details: Plan, base: pd.DataFrame | None, data_date: date
) -> Contents:
    """Return a reading's parts as bytes, with what it leaves blank carried over from the base version's table."""
    table = carry_over(reading.table, base, data_date)
    told = () if base is None else against_previous(reading.table.assign(targets=table["targets"]), base)
    return Contents(
        original=original,
        table=canonical.table_bytes(table),
        findings=canonical.findings_bytes((*reading.findings, *told)),
        plan=canonical.plan_bytes(details),
        method=resources.files("scoring").joinpath("method.toml").read_bytes(),
    )


def revised(reading: Reading, contents: Contents, details: Plan, data_date: date) -> Contents:
    """Return a version's parts with a changed plan, by which its original was read again.

    What was reported, confirmed, carried over, and told by the comparison with the version before stays as it was.
    """
    before = canonical.table_of(contents.table)
    table = carry_over(reading.table, before, data_date)
    told = [finding for finding in canonical.findings_of(contents.findings) if finding.code in COMPARED]
    return replace(
        contents,
        table=canonical.table_bytes(table.assign(targets=confirmed_before(table, before))),
        findings=canonical.findings_bytes((*reading.findings, *told)),
        plan=canonical.plan_bytes(details),
    )


def confirmed(contents: Contents, row: int, targets: tuple[Target, ...], data_date: date) -> Contents:
    """Return a version's parts with the targets of one indicator as a person has confirmed them.

    ``row`` is its label in the table's index. A 实际值 that the version did not hold is a report of its day. Raise
    RowUnknown for a row that the table does not have.
    """
    table = canonical.table_of(contents.table)
    if row not in table.index:
        raise RowUnknown(f"这一版的表里没有第{row}号这一行，没有确认。请刷新页面，从指标列表重新打开这一项。")
    line = lines_of(table.loc[[row]])[0]
    confirmed = [targets if label == row else old for label, old in table["targets"].items()]
    table["targets"] = pd.Series(confirmed, table.index, dtype="object")
    if _measured(targets) - _measured(line.targets):
        table.loc[row, "reported_on"] = pd.Timestamp(data_date).as_unit("s")
    lapsed = (LAPSED, line.sheet, address(int(line.row), 1))
    told = (
        finding
        for finding in canonical.findings_of(contents.findings)
        if (finding.code, finding.sheet, finding.cell) != lapsed
    )
    return replace(contents, table=canonical.table_bytes(table), findings=canonical.findings_bytes(told))


def standing(version: Version, contents: Contents) -> Summary | None:
    """Return how a version with these parts stands under the rules in force, None where that cannot be told."""
    try:
        plan, table = canonical.plan_of(contents.plan), canonical.table_of(contents.table)
        return summarised(version, plan, table, canonical.findings_of(contents.findings), Method.default())
    except (ArithmeticError, DashboardError, LookupError, TypeError, ValueError):
        return None


def before_publishing(draft: Draft) -> Version:
    """Return a draft as the version that it will be, as far as that can be known before its transaction."""
    return Version(
        id=0,
        plan=draft.plan,
        number=0,
        base=draft.base,
        data_date=draft.data_date,
        author=draft.author,
        note=draft.note,
        filename=draft.filename,
        sha256=canonical.digest(draft.contents.original),
        published_at=datetime.now(UTC),
    )


def _measured(targets: tuple[Target, ...]) -> set[tuple[str, str, float]]:
    return {(target.measure, target.unit, target.actual) for target in targets if target.actual is not None}


def first_plan(name: str, data_date: date) -> Plan:
    """Return the plan of a plan's first version: the one that ships under this name, else one that says no more."""
    known = next((plan for plan in shipped() if plan.name == name), None)
    unit = name.removesuffix(str(year_of(name))).strip()
    blank = f"unit = {canonical.toml(unit)}\nyear = {year_of(name) or data_date.year}"
    return known or parse(blank, "plan.toml")


def year_of(name: str) -> int | None:
    """Return the year in a plan's name, 泉州市商务局 2025."""
    found = re.search(r" (\d{4})$", name)
    return int(found[1]) if found else None


def shipped_drafts(plan: Plan) -> list[Draft]:
    """Return a shipped plan's issues as drafts, in their order; each one's base is the one before it."""
    drafts: list[Draft] = []
    table = None
    for issue in plan.issues:
        original = (TABLES / issue.file).read_bytes()
        reading = read_workbook(original, issue.file, year=plan.year)
        contents = contents_of(reading, original, plan, table, issue.data_date)
        table = canonical.table_of(contents.table)
        token = f"shipped {plan.name} {issue.file}"
        drafts.append(Draft(plan.name, None, issue.data_date, issue.author, issue.note, issue.file, token, contents))
    return drafts


def plain(text: str) -> str:
    """Return a text as it may be shown: without invisible characters, with private numbers masked (rule 17)."""
    shown = (char for char in text if char == "\n" or unicodedata.category(char) not in INVISIBLE)
    return mask("".join(shown))


def file_name(path: str) -> str:
    """Return the name of an uploaded file for showing; nothing is ever stored or opened under it."""
    name = plain(re.split(r"[/\\]", path)[-1]).replace("\n", "")
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= LONGEST_NAME else f"{stem[: LONGEST_NAME - 10]}{dot}{ending[:9]}"


def day(moment: date) -> date:
    """Return the date of a date or a moment."""
    return date(moment.year, moment.month, moment.day)
