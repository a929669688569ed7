import pytest

from scoring.actuals import match_actuals
from tests.reported_sentences import Report, reports

REPORTS = reports()


def found(report: Report) -> list[float | None]:
    return [actual and actual.value for actual in match_actuals(report.targets, report.text)]


def agree(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else one == pytest.approx(other)


def test_the_figures_found_in_made_up_reports_are_those_written_by_hand(capsys):
    pairs = [pair for report in REPORTS for pair in zip(report.actuals, found(report), strict=True)]
    right = sum(agree(*pair) for pair in pairs if None not in pair)
    said = sum(expected is not None for expected, _ in pairs)
    read = sum(actual is not None for _, actual in pairs)
    with capsys.disabled():
        print(f"\n{len(REPORTS)} reports, {said} actuals: precision {right / read:.3f}, recall {right / said:.3f}")
    assert right >= 0.95 * read
    assert right >= 0.95 * said
