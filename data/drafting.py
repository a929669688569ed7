"""What a version will hold, made before its transaction begins: pure, slow, and free to fail."""

import re
import unicodedata
from dataclasses import replace
from datetime import date
from importlib import resources

import pandas as pd

from data import canonical
from data.carry_over import carry_over
from data.checks import COMPARED, against_previous
from data.keeping import Contents, Draft
from data.plan import TABLES, Plan, parse, shipped
from data.privacy import mask
from data.reader import Reading, read_workbook

LONGEST_NAME = 120  # characters of a file name
INVISIBLE = {"Cc", "Cf", "Cs"}  # control, direction and half characters, by which a text shows as another


def contents_of(
    reading: Reading, original: bytes, details: Plan, base: pd.DataFrame | None, data_date: date
) -> Contents:
    """Return a reading's parts as bytes, with what it leaves blank carried over from the base version's table."""
    told = () if base is None else against_previous(reading.table, base)
    return Contents(
        original=original,
        table=canonical.table_bytes(carry_over(reading.table, base, data_date)),
        findings=canonical.findings_bytes((*reading.findings, *told)),
        plan=canonical.plan_bytes(details),
        method=resources.files("scoring").joinpath("method.toml").read_bytes(),
    )


def revised(reading: Reading, contents: Contents, details: Plan, data_date: date) -> Contents:
    """Return a version's parts with a changed plan, by which its original was read again.

    What was reported, carried over, and told by the comparison with the version before stays as it was.
    """
    told = [finding for finding in canonical.findings_of(contents.findings) if finding.code in COMPARED]
    return replace(
        contents,
        table=canonical.table_bytes(carry_over(reading.table, canonical.table_of(contents.table), data_date)),
        findings=canonical.findings_bytes((*reading.findings, *told)),
        plan=canonical.plan_bytes(details),
    )


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
