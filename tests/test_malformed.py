"""Files that are broken on purpose: none stalls or fells the product; and ordinary ones: none is refused."""

import time

import pytest

from data.errors import WorkbookRejected
from data.reader import read_workbook
from tests import malformed
from tests import office as office_program
from tests.malformed import Malformed

SECONDS = 20
MALFORMED, ORDINARY, OFFICE = 500, 120, 12


def answer(file: Malformed) -> str:
    """Return why the file was refused, "" where it was read; anything else that is raised fails the test."""
    started = time.monotonic()
    try:
        read_workbook(file.content, file.filename, year=2025)
        return ""
    except WorkbookRejected as error:
        return str(error)
    finally:
        assert time.monotonic() - started < SECONDS, file.kind


def is_answered(number: int) -> None:
    file = malformed.malformed(number)
    told = answer(file)
    assert told == "" or ("请" in told or "补上后再上传" in told)
    assert not any(trace in told for trace in ("Traceback", "Error", "Exception", "None", "/var/"))


def is_read(number: int) -> None:
    content, count = malformed.ordinary(number)
    assert len(read_workbook(content, "考评表.xlsx", year=2025).table) == count


def is_read_as_the_office_saves_it(number: int, ending: str) -> None:
    content, count = malformed.ordinary(number)
    kinds = {"xlsx": office_program.XLSX, "ods": "calc8", "xls": "MS Excel 97"}
    saved = office_program.converted(content, "xlsx", ending, kinds[ending])
    assert len(read_workbook(saved, f"考评表.{ending}", year=2025).table) == count


@pytest.mark.parametrize("number", range(0, MALFORMED, 10), ids=lambda number: f"{number}")
def test_a_malformed_file_is_answered_in_a_sentence_in_time(number: int) -> None:
    is_answered(number + number // 10 % 10)  # each kind in turn


@pytest.mark.proof
@pytest.mark.parametrize("number", range(MALFORMED))
def test_every_malformed_file_is_answered_in_a_sentence_in_time(number: int) -> None:
    is_answered(number)


@pytest.mark.parametrize("number", range(0, ORDINARY, 10))
def test_an_ordinary_file_is_not_refused(number: int) -> None:
    is_read(number)


@pytest.mark.proof
@pytest.mark.parametrize("number", range(ORDINARY))
def test_no_ordinary_file_is_refused(number: int) -> None:
    is_read(number)


@pytest.mark.parametrize("ending", ["xlsx"])
def test_an_ordinary_file_saved_by_libreoffice_is_not_refused(ending: str, office: str) -> None:
    is_read_as_the_office_saves_it(0, ending)


@pytest.mark.proof
@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
@pytest.mark.parametrize("number", range(OFFICE))
def test_no_ordinary_file_saved_by_libreoffice_is_refused(number: int, ending: str, office: str) -> None:
    is_read_as_the_office_saves_it(number, ending)
