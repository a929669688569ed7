"""The audit: everything a person should know about a table before publishing it (rules 13, 14, 16).

Each check is one function that takes an ``Audit`` and yields findings; its words stand in it.
"""

import re

import pandas as pd

from data.checks import (
    content,
    deadlines,
    duplicates,
    evidence,
    groups,
    labels,
    names,
    numbering,
    scores,
    sources,
    target_sheet,
    totals,
)
from data.checks.audit import audit_of
from data.checks.changes import COMPARED, LAPSED, against_previous
from data.findings import Finding
from data.plan import Plan
from data.reading.form import Form

__all__ = ["COMPARED", "LAPSED", "against_previous", "run"]

CHECKS = (
    totals.total_points,
    labels.labels_total,
    labels.label_points,
    totals.subtotals,
    totals.totals,
    groups.group_points,
    numbering.gaps,
    numbering.order,
    numbering.sum_serials,
    duplicates.repeated,
    duplicates.conflicting,
    content.weightless,
    content.textless,
    content.odd_weights,
    content.citations,
    sources.documents,
    names.people,
    names.departments,
    names.two_heads,
    names.heads_of_two,
    names.several_leaders,
    deadlines.missing,
    deadlines.outside_year,
    deadlines.against_steps,
    scores.outside_scale,
    scores.partial_panel,
    scores.unscored_results,
    scores.odd_results,
    scores.tiers_differ,
    scores.odd_tiers,
    evidence.without_evidence,
    evidence.contradictions,
    evidence.far_beyond,
    target_sheet.unknown_serials,
    target_sheet.faults,
    target_sheet.actuals_apart,
)


def run(form: Form, table: pd.DataFrame, plan: Plan | None) -> tuple[Finding, ...]:
    """Return what all checks find, in the order of sheet, row and column; what concerns a whole sheet comes first."""
    audit = audit_of(form, table, plan)
    found = [finding for check in CHECKS for finding in check(audit)]
    sheets = {sheet: place for place, sheet in enumerate(form.sheets())}
    return tuple(sorted(found, key=lambda finding: (sheets.get(finding.sheet, -1), *_place(finding.cell))))


def _place(cell: str) -> tuple[int, int, str]:
    letters, digits = re.sub(r"\d", "", cell), re.sub(r"\D", "", cell)
    return int(digits or 0), len(letters), letters
