"""方案 for editors: steps ticked 已办, the order of the deputies, confirmed aliases; saving makes a new version."""

import secrets
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from data.plan import Alias, Plan, Step
from data.storage.drafting import plain
from reports import plan as said
from scoring.errors import DashboardError
from ui import editor, markup, session
from ui.editor import Editor
from ui.session import View
from ui.versions import signed_in

LONGEST = 200  # characters of a material or a note
ALIKE = ("names_alike", "departments_alike")  # findings that propose an alias
TOLD = "plan_told"
WHERE = ("departments", "heads", "leaders")


class NotSaved(DashboardError):
    """What was entered cannot be saved; nothing has changed."""


@dataclass(frozen=True)
class Base:
    """What is edited, by whom, on which version; ``token`` makes a double click save once."""

    plan: Plan
    version: int
    departments: frozenset[str]
    who: Editor
    token: str

    def key(self, name: object) -> str:
        """Return the key of a widget; another version starts with its own values."""
        return f"plan_{self.version}_{name}"

    def value(self, name: object) -> Any:
        """Return what was entered."""
        return st.session_state.get(self.key(name))


def editing(view: View) -> None:
    """Draw the form for an editor on the newest version; nothing for others."""
    who = editor.current()
    if who is None:
        return
    st.html(markup.heading("改方案") + signed_in(who))
    if TOLD in st.session_state:
        st.html(markup.notice(st.session_state.pop(TOLD)))
    newest = view.versions[0]
    if view.version.id != newest.id:
        st.html(markup.note(f"方案从最新的第{newest.number}版改起，请先在上方选第{newest.number}版。"))
        return
    token = st.session_state.setdefault(f"plan_token_{newest.id}", secrets.token_hex(16))
    names = view.scored["departments"]
    base = Base(view.plan, newest.id, frozenset(name for several in names for name in several), who, token)
    with st.form("plan_edit"):
        _steps(base)
        _deputies(base, view)
        _aliases(base, view)
        st.text_input("为什么改（写进版本说明）", key=base.key("note"), max_chars=LONGEST)
        st.html(markup.note(said.to_save(newest.number + 1)))
        st.form_submit_button(f"保存为第{newest.number + 1}版", type="primary", on_click=_save, args=(base,))


def _steps(base: Base) -> None:
    for place, step in enumerate(base.plan.steps):
        done, day, evidence = st.columns([1.6, 0.7, 2], vertical_alignment="bottom")
        title = markup.md(f"{step.number}　{step.title}　已办")
        done.checkbox(title, value=step.done_on is not None, key=base.key(f"done_{place}"))
        day.date_input("办理日期", value=step.done_on, format="YYYY-MM-DD", key=base.key(f"day_{place}"))
        evidence.text_input("材料", value=step.evidence, max_chars=LONGEST, key=base.key(f"evidence_{place}"))


def _deputies(base: Base, view: View) -> None:
    leaders = dict.fromkeys(name for names in view.scored["leaders"] for name in names)
    st.text_area(
        "副组长（一行一个，按本局的排序）",
        value="\n".join(base.plan.deputies),
        placeholder="\n".join(leaders),
        key=base.key("deputies"),
    )


def _aliases(base: Base, view: View) -> None:
    for place, alias in enumerate(base.plan.aliases):
        by = f"（{alias.confirmed_by}确认）" if alias.confirmed_by else ""
        st.checkbox(markup.md(f"“{alias.printed}”即“{alias.means}”{by}"), value=True, key=base.key(f"alias_{place}"))
    for finding in view.findings:
        if finding.code in ALIKE:
            st.html(markup.note(f"※ {finding.message}"))
    names = sorted({name for column in WHERE for several in view.scored[column] for name in several})
    printed, means = st.columns(2)
    for column, label, name in ((printed, "确认别名：表上写", "printed"), (means, "即", "means")):
        column.selectbox(
            label, names, index=None, placeholder="不加", format_func=markup.option, key=base.key(f"alias_{name}")
        )


def _save(base: Base) -> None:
    try:
        plan, note = changed(base), plain(str(base.value("note") or "")).strip()
        if not note:
            raise NotSaved("没有保存：请写明为什么改。")
        version = session.source().revise(
            plan, base=base.version, author=base.who.name, note=note, token=base.token, session=editor.session()
        )
    except DashboardError as error:
        st.session_state[TOLD] = str(error)
        return
    st.session_state[TOLD] = said.saved(version.number)
    session.choose("v", str(version.number))


def changed(base: Base) -> Plan:
    """Return the plan as it was entered. Raise NotSaved where something is missing, or nothing has changed."""
    lines = plain(str(base.value("deputies") or "")).split("\n")
    plan = replace(
        base.plan,
        steps=tuple(_step(base, place, step) for place, step in enumerate(base.plan.steps)),
        deputies=tuple(dict.fromkeys(line.strip() for line in lines if line.strip())),
        aliases=_confirmed(base),
    )
    if plan == base.plan:
        raise NotSaved("没有保存：方案没有改动。")
    return plan


def _step(base: Base, place: int, step: Step) -> Step:
    day: date | None = base.value(f"day_{place}")
    if not base.value(f"done_{place}"):
        return replace(step, done_on=None, evidence="")
    if day is None:
        raise NotSaved(f"没有保存：第{step.number}步勾了已办，请写办理日期；还没有办的请去掉勾。")
    return replace(step, done_on=day, evidence=plain(str(base.value(f"evidence_{place}") or "")).strip())


def _confirmed(base: Base) -> tuple[Alias, ...]:
    kept = tuple(alias for place, alias in enumerate(base.plan.aliases) if base.value(f"alias_{place}"))
    printed, means = base.value("alias_printed"), base.value("alias_means")
    if not printed and not means:
        return kept
    if not printed or not means or printed == means:
        raise NotSaved("没有保存：确认别名要选两个不同的名字。")
    if (printed in base.departments) != (means in base.departments):
        raise NotSaved(f"没有保存：“{printed}”与“{means}”一个是科室、一个是人名，不能是别名。")
    kind = "department" if printed in base.departments else "person"
    chained = (replace(alias, means=means) if alias.means == printed else alias for alias in kept)
    return (*chained, Alias(printed, means, kind, base.who.name))
