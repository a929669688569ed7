"""The same scoring as formulas of a workbook, for a spreadsheet program to calculate.

A sheet of rows (mean, tier, estimate, pace, days, status, month) and a sheet of sums by category, department, leader and
month, each cell a COUNTIFS or SUMIFS over whole columns; points held jointly are left out.
"""

import io

import pandas as pd
import xlsxwriter

from scoring import Method
from scoring.table import PANEL, STATUSES, TIERS
from tests.bench.by_hand import gone

METHOD = Method.default()
NUMBERS = ("weight", "reported_progress", *TIERS, *PANEL)
FIRST = dict(zip(("due", "category", "department", "leader", *NUMBERS), "ABCDEFGHIJKLMNOP", strict=True))
MADE = dict(
    zip(("score", "tier", "estimate", "pace", "days_left", "status", "month", "low", "high"), "QRSTUVWXY", strict=True)
)
AT = FIRST | MADE


def workbook(frame: pd.DataFrame, as_of: pd.Timestamp) -> bytes:
    """Return an .xlsx with a line for each row of the table; its formulas have 0 as their kept values."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        rows, sums = book.add_worksheet("rows"), book.add_worksheet("sums")
        values = pd.DataFrame(
            {
                "due": (frame["due"] - pd.Timestamp("1899-12-30")).dt.days.astype(float),
                "category": frame["category"],
                "department": frame["departments"].str[0],
                "leader": frame["leaders"].str[0],
                **{name: frame[name] for name in NUMBERS},
            }
        )
        formulas = list(_formulas(as_of).values())
        for number, row in enumerate(values.itertuples(index=False), start=1):
            for column, value in enumerate(row):
                if value == value:
                    rows.write(number, column, value)
            for column, formula in enumerate(formulas, start=len(row)):
                rows.write_formula(number, column, formula.replace("#", str(number + 1)))
        _sum_up(sums, values.assign(month=frame["due"].dt.strftime("%Y-%m")))
    return kept.getvalue()


def _formulas(as_of: pd.Timestamp) -> dict[str, str]:
    """Return each made column's formula, # for the row."""
    serial = (as_of - pd.Timestamp("1899-12-30")).days
    cell = {name: f"{letter}#" for name, letter in AT.items()}
    seats = f"{cell[PANEL[0]]}:{cell[PANEL[-1]]}"
    first, second, third = (cell[tier] for tier in TIERS)
    shares = ",".join(map(str, METHOD.tier_shares))
    due, progress = cell["due"], cell["reported_progress"]
    granted = f"((YEAR({due})-{as_of.year})*12+MONTH({due})-1+DAY({due})/DAY(EOMONTH({due},0)))"
    given = f"COUNT({progress},{first}:{third},{seats})"
    tier, score, pace = cell["tier"], cell["score"], cell["pace"]
    return {
        "score": f'=IF(COUNT({seats})=0,"",AVERAGE({seats}))',
        "tier": f'=IF({first}<>"",{first},IF({second}<>"",{second},IF({third}<>"",{third},"")))',
        "estimate": f'=IF({tier}="","",{cell["weight"]}*CHOOSE({tier},{shares}))',
        "pace": f"=MAX(0,MIN(1,{gone(as_of.date())}/{granted}))",
        "days_left": f"={due}-{serial}",
        "status": f'=IF({given}=0,"not_reported",IF(N({progress})>=1,"done",IF({cell["days_left"]}<0,"overdue",'
        f'IF(AND({progress}<>"",{progress}<{pace}-{METHOD.behind_tolerance}),"behind",'
        f'IF(AND({tier}=3,{progress}="",{score}=""),"behind",'
        f'IF(COUNT({progress},{tier},{score})>0,"on_pace","unjudged"))))))',
        "month": f'=TEXT({due},"yyyy-mm")',
        "low": f'=IF({score}="",0,{score})',
        "high": f'=IF({score}="",{cell["weight"]},{score})',
    }


def _sum_up(sheet: xlsxwriter.worksheet.Worksheet, values: pd.DataFrame) -> None:
    last = len(values) + 1
    area = {name: f"rows!${letter}$2:${letter}${last}" for name, letter in AT.items()}
    row = 0
    for group in ("category", "department", "leader", "month"):
        for name in sorted(values[group].unique()):
            row += 1
            sheet.write(row, 0, name)
            of = f"{area[group]},$A{row + 1}"
            asked = [f"=COUNTIFS({of})"]
            asked += [f'=SUMIFS({area["weight"]},{of},{area["status"]},"{status}")' for status in STATUSES]
            asked += [f'=SUMIFS({area["weight"]},{of},{area["score"]},">=0")']
            asked += [f"=SUMIFS({area[each]},{of})" for each in ("score", "low", "high")]
            for column, formula in enumerate(asked, start=1):
                sheet.write_formula(row, column, formula)


def sums(content: bytes) -> pd.DataFrame:
    """Return what a program calculated, a row for each name, in the order of ``by_hand.SUMS``."""
    return pd.read_excel(io.BytesIO(content), sheet_name="sums", header=None, index_col=0).dropna(how="all")
