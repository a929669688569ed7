"""The papers of the version shown, each made when somebody asks for it.

Their libraries are imported when the first of their papers is made, for a page waits for none of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from reports import merging as merging_words
from reports import words
from reports.papers import fill_in_sheets as sheets
from reports.papers import official_form, tables
from reports.papers.marked_copy import can_mark
from ui import editor, markup, session
from ui.printing import imprint
from ui.session import View

NOTE = "官方表、全表里的电话、证件号已掩码。"
KEPT = "写进这一版的原件：只填空着的格（沿用的完成情况、没有公式的考评结果），文字、公式、版式都不动，电话不掩码，限编辑取用。"


@dataclass(frozen=True)
class Paper:
    """A paper: the label of its button, the file's name and ending, who makes it, and what it is good for."""

    label: str
    name: str
    ending: str
    make: Callable[[View], bytes]
    told: str


def downloads(view: View) -> None:
    """Draw the downloads of the version shown; writing into the original, which keeps its texts, is for editors."""
    st.html(markup.heading(f"下载第{view.version.number}版") + markup.note(NOTE))
    with st.container(horizontal=True, key="papers"):
        for paper in PAPERS:
            _button(view, paper)
        fill_in_sheets(view)
        if editor.current() and can_mark(session.source().original(view.version.id)):
            _button(view, Paper("官方表（写回原件）", "写回原件", ".xlsx", _written_back, KEPT), _for_editors)


def fill_in_sheets(view: View) -> None:
    """Draw the download of the sheets to hand out, filled with what the version shown holds."""
    _button(view, Paper(merging_words.SHEETS, "科室填报表", ".zip", _sheets, merging_words.SHEETS_HELP))


def slip(view: View, index: int) -> None:
    """Draw the download of the 督办单 for an indicator that is late or behind."""
    if view.scored.at[index, "status"] in words.KEYS["risk"]:
        name = f"督办单{view.scored.at[index, 'serial']!s}"
        make = partial(_slip, index=index)
        _button(view, Paper("督办单", name, ".docx", make, "这一项的目标、进度、责任和下一步，一页纸。"))


def file_name(view: View, paper: str, ending: str) -> str:
    """Return a name that every system takes: 示例市商务局 2025-第5版-官方表.xlsx."""
    return re.sub(r'[\x00-\x1f\\/:*?"<>|]', "_", f"{view.version.plan}-第{view.version.number}版-{paper}{ending}")


Make = Callable[[], bytes]


def _button(view: View, paper: Paper, behind: Callable[[View, Make], Make] = lambda _, make: make) -> None:
    make = behind(view, partial(paper.make, view))
    name = file_name(view, paper.name, paper.ending)
    st.download_button(paper.label, make, name, key=f"paper_{paper.label}", on_click="ignore", help=paper.told)


def _for_editors(view: View, make: Make) -> Make:
    return editor.allowed(make, f"{view.version.plan} 第{view.version.number}版")


def _clean(view: View) -> bytes:
    return official_form.write(view.scored, view.method, plan=view.plan, imprint=imprint(view))


def _written_back(view: View) -> bytes:
    store, version = session.source(), view.version
    return official_form.write(
        view.scored,
        view.method,
        original=store.original(version.id),
        filename=version.filename,
        form=store.form(version.id),
        plan=view.plan,
        imprint=imprint(view),
    )


def _deck(view: View) -> bytes:
    from reports.papers import deck

    return _of_meeting(view, deck.write)


def _bulletin(view: View) -> bytes:
    from reports.papers import bulletin

    return _of_meeting(view, bulletin.write)


def _of_meeting(view: View, write: Callable[..., bytes]) -> bytes:
    return write(
        view.scored,
        view.method,
        view.as_of,
        plan=view.plan,
        previous=view.previous,
        decisions=view.decisions,
        imprint=imprint(view),
    )


def _slip(view: View, index: int) -> bytes:
    from reports.papers import supervision_slip

    return supervision_slip.write(
        view.scored, view.method, index, view.as_of, plan=view.plan, decisions=view.decisions, imprint=imprint(view)
    )


def _table(view: View) -> bytes:
    return tables.write(view.scored, as_of=view.as_of, imprint=imprint(view))


def _csv(view: View) -> bytes:
    return tables.csv(view.scored, imprint=imprint(view))


def _sheets(view: View) -> bytes:
    return sheets.write(view.scored, imprint=imprint(view))


PAPERS = (
    Paper("官方表", "官方表", ".xlsx", _clean, "按通知的版式重新排的一张表，公式可重算。"),
    Paper("全表（.xlsx）", "全表", ".xlsx", _table, "每一列都在，另有分科室、分领导、分类别的汇总。"),
    Paper("全表（.csv）", "全表", ".csv", _csv, "带BOM的UTF-8，Excel、WPS直接打开不乱码。"),
    Paper("会议演示稿", "会议演示稿", ".pptx", _deck, "会议各页的演示稿，图表可改，备注写明数字在哪一格。"),
    Paper("情况通报", "情况通报", ".docx", _bulletin, "公文版式，正文可改，附全部指标的表。"),
)
