"""The script that every page runs in: page settings, menu, context line, then the page.

It lies in ``ui/`` because a folder ``pages/`` beside the script would make Streamlit use its old router for the first
visitor of a fresh server.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # the server and the tests start this file from different places
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402  # after the path, as the next lines need it

from ui import context, editor, live, session  # noqa: E402  # after the path

MENU = (  # file, title, whether it needs a table
    ("overview", "总览", True),
    ("department", "科室", True),
    ("leader", "分管领导", True),
    ("deadline", "时限", True),
    ("indicator", "指标", True),
    ("changes", "变化", True),
    ("meeting", "会议", True),
    ("what_if", "推演", True),
    ("upload", "上传", False),
    ("versions", "版本", True),
    ("plan", "方案", True),
    ("audit", "核查", True),
    ("clauses", "依据", True),
    ("method", "口径", False),
    ("units", "各单位", False),
)
CITY = "units"  # speaks of no plan; in the menu where there are several
ROOM = "meeting"  # its slides fill the screen

st.set_page_config(page_title="绩效考评看板", page_icon=str(ROOT / "ui" / "icon.png"), layout="wide")
st.logo(str(ROOT / "ui" / "logo.svg"), size="large")
editor.seen()
may_look = editor.may_look()
asked = session.ask()
pages = {
    st.Page(
        ROOT / "pages" / f"{name}.py",
        title=title,
        url_path=name.replace("_", "-"),
        default=name == "overview",
        visibility="visible" if name != CITY or (asked and asked.several) else "hidden",
    ): needs_table
    for name, title, needs_table in MENU
}
page = st.navigation(list(pages), position="top")
view = session.current(asked) if may_look and page.url_path != CITY else None
if may_look:
    context.trouble()
if view:
    session.keep({"plan": view.version.plan, "v": str(view.version.number), "as_of": view.as_of.isoformat()})
if view and page.url_path != ROOM:
    context.line(view)
    live.notice(view)
if not may_look:
    context.signed_out()
elif view or not pages[page]:
    page.run()
else:
    context.no_table()
