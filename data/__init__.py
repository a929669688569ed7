"""Tables in and out: reading a workbook, what was found in it, and the versions of a plan."""

from data.errors import WorkbookRejected
from data.findings import Finding
from data.formats import pure_openpyxl  # noqa: F401  # first of all, before anything imports openpyxl
from data.reader import Reading, read_workbook

__all__ = ["Finding", "Reading", "WorkbookRejected", "read_workbook"]
