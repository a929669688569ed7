"""Meetings for tests: a small drawn table in each phase of the year, the shipped ones, and all that a slide says."""

import re
from dataclasses import fields, is_dataclass
from datetime import date

import pandas as pd

from data.decisions import Decision
from data.plan import Plan, parse
from data.store import Store
from reports import meeting
from reports.meeting.slides import Slide
from scoring import score
from tests.indicators import DEFAULT, scored

PLAN = parse(
    'unit = "某市林业局"\nyear = 2025\ntotal = 12\nchair = "周一"\ndeputies = ["钱二", "孙三"]',
    "test.toml",
)
RUNNING = """
serial|indicator   |weight|due       |departments  |heads|leaders  |completion|reported_progress|next_step|sheet |row
1-1   |造林5000亩  |4     |2025-12-31|造林科       |赵四 |孙三     |造林2000亩|0.4              |11月补植 |考评表|5
1-2   |抚育1.2万亩 |3     |2025-09-30|造林科、防火科|赵四|钱二、孙三|抚育1万亩|0.8              |         |考评表|6
2-1   |防火演练2场 |2     |2025-12-31|防火科       |吴五 |钱二     |已完成2场 |1                |         |考评表|7
2-2   |出台防火办法|2     |2025-06-30|防火科       |吴五 |钱二     |          |                 |         |考评表|8
3-1   |信访件办结  |1     |          |办公室       |     |         |          |                 |         |考评表|9
"""
BEFORE = RUNNING.replace("造林2000亩|0.4", "造林1500亩|0.3").replace("已完成2场 |1  ", "已完成1场 |0.5")
BLANK = re.sub(r"(?m)^(\d.*?\|)[^|]*\|[^|]*\|[^|]*(\|考评表.*)$", r"\1 | | \2", RUNNING)
EVALUATION = """
serial | indicator   | weight | due        | departments | heads | leaders | completion | panel_1 | panel_2 | sheet  | row
1-1    | 造林5000亩  | 4      | 2025-12-31 | 造林科      | 赵四  | 孙三    | 已完成     | 3       | 4       | 考评表 | 5
2-1    | 防火演练2场 | 2      | 2025-12-31 | 防火科      | 吴五  | 钱二    | 已完成     | 2       | 2       | 考评表 | 6
2-2    | 防火办法    | 6      | 2025-11-30 | 防火科      | 吴五  | 钱二    | 进度滞后   |         |         | 考评表 | 7
"""
PHASES = {"running": RUNNING, "blank": BLANK, "evaluation": EVALUATION}
DAY = date(2025, 10, 31)


def held(drawing: str = RUNNING, **more: object) -> tuple[Slide, ...]:
    """Return the slides of a meeting about what is drawn."""
    return meeting.run(scored(drawing), DEFAULT, as_of=DAY, **{"plan": PLAN, **more})


def decided(number: int, text: str, **more: object) -> Decision:
    """Return a decision that says only what a test is about."""
    known = {"serial": "", "who": "周一", "until": None, "decided_on": date(2025, 9, 1), "author": "某人"}
    return Decision(id=number, plan=PLAN.name, text=text, **{**known, **more})


def shipped(store: Store, plan: str, number: int) -> tuple[pd.DataFrame, pd.DataFrame | None, Plan, date]:
    """Return a shipped version scored on its own day, the one before it, its plan and its day."""
    versions = {version.number: version for version in store.versions(plan)}
    tables = {
        each: None if each not in versions else _scored(store, versions[each].id, versions[each].data_date)
        for each in (number, number - 1)
    }
    return tables[number], tables[number - 1], store.plan(versions[number].id), versions[number].data_date


def _scored(store: Store, version: int, day: date) -> pd.DataFrame:
    return score(store.table(version), DEFAULT, as_of=day)


def said(value: object) -> list[str]:
    """Return every text in a slide, with its notes."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value):
        return [text for field in fields(value) for text in said(getattr(value, field.name))]
    return [text for each in value for text in said(each)] if isinstance(value, tuple) else []
