"""From bytes to cells, in whatever process: what the child does with a file."""

from data.cells import Workbook
from data.formats import delimited, flat, ods, wire, xlsx
from data.formats.container import kind_of, open_package
from data.formats.refusals import refused
from data.limits import Limits


def parse(content: bytes, limits: Limits) -> bytes:
    """Return the workbook as ``data.formats.wire`` writes it. Raises WorkbookRejected."""
    answer = wire.encode(_read(content, limits))
    if len(answer) > limits.answer:
        raise refused("too_much_text", limit=limits.answer // 2**20)
    return answer


def _read(content: bytes, limits: Limits) -> Workbook:
    kind = kind_of(content)
    if kind == "xls":
        return flat.read_xls(content, limits)
    if kind == "csv":
        return delimited.read(content, limits)
    package = open_package(content, limits)
    if package.kind == "ods":
        return ods.read(package, limits)
    return xlsx.read(content, package, limits)
