"""Points as texts and sums state them."""

import re

from data.checks import say
from data.checks.audit import Audit, weight_of
from data.reading.form import Sum

KEPT = "按各行权重计分，不按标注的分值调整。"

_STATED = re.compile(r"[(\[【〔](?:共计|合计|总计|总分|满分|分值|权重|共|计)?:?(\d{1,4}(?:\.\d{1,2})?)分[)\]】〕]")


def stated(text: str) -> tuple[float, ...]:
    """Return the points stated in brackets: （5分）, (共10分). 每项（加2分） states none."""
    return tuple(float(found) for found in _STATED.findall(say.bare(text))) if "分" in text else ()


def difference(rows: float, said: float) -> str:
    """Say by how much the rows' points miss or exceed what is said: 少2分."""
    return f"{'少' if rows < said else '多'}{say.points(abs(said - rows))}分"


def grand_totals(audit: Audit) -> list[Sum]:
    """Return the sums that speak for the whole table: totals, and a 合计 at its end that is no category's."""
    return [each for each in audit.form.sums if each.kind == "total" or _ends(audit, each)]


def _ends(audit: Audit, each: Sum) -> bool:
    last = each.after == len(audit.printed) and "合计" in say.bare(each.text)
    return last and (len(audit.form.sums) == 1 or (each.points or 0) > weight_of(audit.printed) - say.HAIR)


def printed_total(audit: Audit) -> Sum | None:
    """Return the printed total of the whole table, the greatest where there are several."""
    told = [each for each in grand_totals(audit) if each.points is not None]
    return max(told, key=lambda each: each.points or 0.0, default=None)
