"""会议: the run of the meeting on a shared screen, one slide at a time, and what is decided on each.

The slide is in the address (``?slide=``), with the seconds of the rotation (``?every=``) and whether people are named
(``?names=off``), so that a reload, another screen and a reconnected one show the same.
"""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from reports import meeting
from reports.meeting.slides import Slide
from ui import decisions, markup, session, slides
from ui.printing import foot, imprint
from ui.session import View

HERE = Path(__file__).resolve().parent
EVERY = (0, 15, 30, 60)  # seconds for each slide that the foot offers; 0 turns by hand
SLOWEST = 600
_OPTIONS = "".join(
    f'<option value="{seconds}">{f"每页{seconds}秒" if seconds else "手动翻页"}</option>' for seconds in EVERY
)
_FOOT = (
    '<nav aria-label="会议翻页"><button data-name="back">上一页 ←</button><span data-name="place"></span>'
    '<button data-name="next">下一页 →</button>'
    f'<select data-name="every" aria-label="轮播">{_OPTIONS}</select><button data-name="pause"></button>'
    '<button data-name="full">全屏 F</button><button data-name="leave">退出 Esc</button></nav>'
)
_STYLE = """
nav { display: flex; flex-wrap: wrap; align-items: center; gap: 0 18px; font-size: max(13px, 2.2vh); color: #4A5565; }
:is(button, select) { font: inherit; color: inherit; background: none; border: 0; padding: 4px 2px; cursor: pointer; }
button:disabled { color: #8792A3; cursor: default; }
:is(button, select):focus-visible { outline: 2px solid #1F4FA3; }
[hidden] { display: none; }
"""
_COMPONENT = st.components.v2.component(
    "meeting_foot", html=_FOOT, css=_STYLE, js=(HERE / "meeting.js").read_text("utf-8")
)


def draw(view: View) -> None:
    """Draw the slide that the address names, below it what its operator needs."""
    names = st.query_params.get("names") != "off"
    run = _run(view, names)
    keys = [slide.key for slide in run]
    wanted = st.query_params.get("slide", keys[0])
    at = keys.index(wanted) if wanted in keys else 0
    with st.container(key="meeting"):
        st.html(slides.drawn(run[at]))
        with st.container(horizontal=True, vertical_alignment="center", key="meeting_foot"):
            rules = markup.link(view.link("method"), "口径", "plain")
            st.html(f'<p class="imprint">{markup.text(_imprint(view))}　{rules}</p>{foot(imprint(view).line())}')
            _names(names)
            decisions.noting(view, run[at])
            _keys(view, keys, at)


@session.cached
def _run(view: View, names: bool) -> tuple[Slide, ...]:
    return meeting.run(
        view.scored,
        view.method,
        as_of=view.as_of,
        plan=view.plan,
        previous=view.previous,
        decisions=view.decisions,
        names=names,
    )


def _imprint(view: View) -> str:
    return replace(imprint(view), head="").line()  # the room needs no hash


def _names(shown: bool) -> None:
    session.hold("meeting_names", shown)
    st.toggle("显示姓名", key="meeting_names", on_change=_name_people, width="content")


def _name_people() -> None:
    _ask("names", "" if st.session_state["meeting_names"] else "off")


def _keys(view: View, keys: list[str], at: int) -> None:
    _COMPONENT(
        key="meeting_keys",
        data={"slides": keys, "at": at, "every": _every(), "exit": view.link("")},
        on_slide_change=_turned,
        on_every_change=_rotated,
        width="content",
    )


def _every() -> int:
    wanted = st.query_params.get("every", "")
    return min(int(wanted), SLOWEST) if wanted.isascii() and wanted.isdigit() else 0


def _turned() -> None:
    _ask("slide", str(st.session_state["meeting_keys"].slide or ""))


def _rotated() -> None:
    _ask("every", str(st.session_state["meeting_keys"].every or ""))


def _ask(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
