"""考评表: the scored table as the official form, written back into its own workbook or onto a clean one."""

import pandas as pd

from data import read_workbook
from data.plan import Plan
from data.reading.form import Form
from data.workbook import open_workbook
from reports.imprint import Imprint
from reports.papers import clean_form, written_back
from reports.papers.original import Original
from scoring import Method


def write(
    scored: pd.DataFrame,
    method: Method,
    *,
    original: bytes | None = None,
    filename: str = "原件",
    form: Form | None = None,
    plan: Plan | None = None,
    imprint: Imprint | None = None,
) -> bytes:
    """Return the official form as .xlsx; a program that recalculates it shows our scores and our total.

    ``original`` is the .xlsx that the table was read from: its blank cells are filled, all else stays
    (``reports.papers.written_back``). Texts stay as they are there, so that is for editors only. An original in another
    format, or none, gives a clean form with private numbers masked (``reports.papers.clean_form``). ``form`` spares reading
    the original once more. The same bytes for the same input. Raises WorkbookRejected for an unreadable original.
    """
    told = imprint or Imprint()
    book = open_workbook(original, filename) if original is not None else None
    if original is None or book is None or book.format != "xlsx":
        return clean_form.write(scored, method, plan, told)
    form = form or read_workbook(original, filename, known=plan).form
    return written_back.write(scored, method, original, Original(book, form), told)
