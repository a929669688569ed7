"""All versions of a plan as a table; for editors the original, and the restore of an old version."""

import secrets
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from data.serving import Served
from data.versions import Version
from reports import versions as said
from reports import words
from reports.words import GROUPS, KEYS, STATUSES
from scoring.errors import DashboardError
from ui import editor, markup, session
from ui.editor import Editor
from ui.markup import text
from ui.session import View

LONGEST_NOTE = 200
VIEWER = "原件、恢复只对编辑开放。"
TOLD = "restore_told"
NOTE, SURE, PICKED = "restore_note", "restore_sure", "version_picked"
_HEADS = ("版本", "数据截至", "发布", "说明", "文件", "各状态分值（稳→险→空）", "稳", "险", "空")


@session.cached
def table(view: View) -> str:
    """Return every version as a row, newest first, judged on its own data date; the one shown now is marked."""
    rows = "".join(_row(view, version) for version in view.versions)
    heads = "".join(f"<th>{head}</th>" for head in _HEADS)
    return f'<div class="scroll"><table class="tb versions"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(view: View, version: Version) -> str:
    total = session.summaries(version.id, view.method.fingerprint, version.data_date).total
    year = view.plan.year
    mark = "正在看" if version.id == view.version.id else "最新" if version.id == view.versions[0].id else ""
    again = said.history(version, view.versions)
    cells = (
        f"{markup.link(_address(version), f'第{version.number}版', 'plain')}<small>{mark}</small>",
        text(words.day(version.data_date, year)),
        f"{text(version.author) or said.NOBODY}<small>{said.moment(version.published_at, year)}</small>",
        text(version.note) or words.MISSING,
        f"{text(version.filename)}<small><code>{version.sha256[: said.HASH]}</code>{f'　{again}' if again else ''}</small>",
        f'<span class="stacked">{_stack(total)}</span>',
        *_groups(total),
    )
    current = ' class="current"' if version.id == view.version.id else ""
    return f"<tr{current}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _address(version: Version) -> str:
    return f".?{urlencode({'plan': version.plan, 'v': version.number})}"


def _stack(total: pd.Series) -> str:
    return "".join(
        f'<i class="fill-{key}" style="flex:{total[key]:g}" title="{mark.word} {words.points(total[key])}"></i>'
        for key, mark in STATUSES.items()
        if total[key] > 0
    )


def _groups(total: pd.Series) -> tuple[str, ...]:
    return tuple(f'<b class="ink-{group}">{words.number(total[KEYS[group]].sum())}</b>' for group in GROUPS)


def backed_up(view: View) -> str:
    """Return when the store was last backed up, or why it was not."""
    store = session.source()
    if not isinstance(store, Served):  # what is shown comes from a damaged store
        return ""
    backups = store.backups
    if backups.trouble:
        return markup.notice(backups.trouble)
    return markup.note(said.backed_up(len(backups.made()), backups.newest(), view.plan.year))


def editing(view: View) -> None:
    """Draw what only editors get: the originals, and the restore of an old version; tell others how to become one."""
    who = editor.current()
    if who is None:
        st.html(f'<p class="note">{text(VIEWER)}　{markup.sign_in("versions")}</p>')
        return
    st.html(markup.heading("取原件、恢复旧版") + signed_in(who))
    if TOLD in st.session_state:
        st.html(markup.notice(st.session_state.pop(TOLD)))
    with st.container(horizontal=True, vertical_alignment="bottom", key="version_actions"):
        version = _picked(view)
        st.download_button(
            markup.md(f"下载第{version.number}版原件"),
            editor.allowed(partial(session.source().original, version.id), f"{version.plan} 第{version.number}版"),
            file_name=version.filename,
            on_click="ignore",
        )
    if version.id != view.versions[0].id:
        _restoring(view, version, who)


def signed_in(who: Editor) -> str:
    """Return in whose name this browser edits, and the way out."""
    return f'<p class="note">以“{text(who.name)}”的名字编辑　{markup.link("sign-out", "退出登录", "plain")}</p>'


def _picked(view: View) -> Version:
    by_number = {version.number: version for version in view.versions}
    if st.session_state.get(PICKED) not in by_number:
        st.session_state[PICKED] = view.version.number
    number = st.selectbox(
        "版本",
        list(by_number),
        key=PICKED,
        format_func=lambda number: f"第{number}版（{words.day(by_number[number].data_date, view.plan.year)}）",
        width=220,
    )
    return by_number[number]


def _restoring(view: View, old: Version, who: Editor) -> None:
    newest = view.versions[0]
    st.html(f'<p class="small">{text(said.to_restore(old, newest, view.plan.year))}</p>')
    note = st.text_input("为什么恢复", key=NOTE, max_chars=LONGEST_NOTE, width=480)
    sure = st.checkbox(markup.md(f"确认把第{old.number}版恢复为最新版"), key=SURE)
    st.button(
        f"恢复为第{newest.number + 1}版",
        type="primary",
        disabled=not (sure and note.strip()),
        on_click=_restore,
        args=(old, newest.id, who.name, _token(old, newest)),
    )
    if sure and not note.strip():
        st.html(markup.note("请先写明为什么恢复。"))


def _token(old: Version, newest: Version) -> str:
    """Return the same token for the same intention, so that a double click restores once."""
    key = f"restore_token_{old.id}_{newest.id}"
    return str(st.session_state.setdefault(key, secrets.token_hex(16)))


def _restore(old: Version, base: int, author: str, token: str) -> None:
    store = session.source()
    note, check = str(st.session_state[NOTE]).strip(), editor.session()
    try:
        version = store.restore(old.id, base=base, author=author, note=note, token=token, session=check)
    except DashboardError as error:
        st.session_state[TOLD] = str(error)
        return
    st.session_state[TOLD] = said.restored(version, old)
    st.session_state[PICKED] = version.number
    st.session_state[NOTE], st.session_state[SURE] = "", False
    session.choose("v", str(version.number))
