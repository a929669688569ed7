"""Which plan, version and as-of date this reader looks at, and everything that follows from the three.

The address holds the choice (``?plan=&v=&as_of=``), the session keeps it as plain values for the pages whose address
the menu opens without it, and ``current()`` returns it as one frozen ``View``. What is computed or drawn from a view is
kept by the view's key, never by hashing a frame.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from data import serving
from data.decisions import Decision
from data.findings import Finding
from data.plan import Plan, shipped
from data.storage.summaries import Summary
from data.store import Store, default_url
from data.versions import Listed, Version
from reports import words
from scoring import Method, score, summary
from scoring.errors import DashboardError

T = TypeVar("T")
P = ParamSpec("P")
CHOICE = ("plan", "v", "as_of")
# Of this run: each has a thread of its own.
_ASKED: ContextVar["Asked | None"] = ContextVar("asked", default=None)
_SEEN: ContextVar["View | None"] = ContextVar("view", default=None)


@dataclass(frozen=True)
class Asked:
    """What a run asks of the store, all of one moment.

    ``head`` is the store's number of versions and newest chain. ``several``: there are several plans that are no
    examples, or a list of units. ``plan`` is the name of the reader's, "" without one; ``notes`` say why where it is not
    the one in the address.
    """

    head: tuple[int, str]
    plans: tuple[str, ...]
    several: bool
    plan: str
    versions: tuple[Version, ...]
    decisions: tuple[Decision, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Summaries:
    """The tables of ``scoring.summary`` for one scored table; ``total`` is its one row."""

    total: pd.Series
    by_category: pd.DataFrame
    by_department: pd.DataFrame
    by_leader: pd.DataFrame
    by_head: pd.DataFrame
    by_month: pd.DataFrame


@dataclass(frozen=True, eq=False)
class View:
    """One version of one plan, judged on one day.

    ``scored`` has ``scoring.table.COLUMNS`` and ``SCORED_COLUMNS``; ``previous`` is the version before, judged on its
    own data date, None for the first. ``plans`` are all there are, ``versions`` the plan's, newest first; ``decisions``
    are what meetings decided on the plan. ``notes`` say what in the address could not be used.
    """

    plans: tuple[str, ...]
    plan: Plan
    version: Version
    versions: tuple[Version, ...]
    as_of: date
    method: Method
    scored: pd.DataFrame
    summaries: Summaries
    findings: tuple[Finding, ...]
    previous: pd.DataFrame | None
    decisions: tuple[Decision, ...]
    notes: tuple[str, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """Return what everything drawn from this view depends on."""
        versions = tuple(version.id for version in self.versions)
        return (versions, self.version.id, self.method.fingerprint, self.as_of, self.decisions)

    @property
    def total(self) -> pd.Series:
        """Return the summary of all indicators."""
        return self.summaries.total

    @property
    def phase(self) -> str:
        """Return blank, running or evaluation."""
        return words.phase(self.total)

    def link(self, page: str, **more: object) -> str:
        """Return the address of a page ("" is 总览) for the same plan, version and date."""
        choice = {"plan": self.version.plan, "v": self.version.number, "as_of": self.as_of.isoformat()}
        return f"{page or '.'}?{urlencode({**more, **choice})}"

    def place(self, index: int) -> dict[str, object]:
        """Return what names an indicator in an address: its serial, its place where the serial is not its own."""
        serial = self.scored.at[index, "serial"]
        own = serial and (self.scored["serial"] == serial).sum() == 1
        return {"serial": serial} if own else {"row": list(self.scored.index).index(index) + 1}

    def indicator(self, index: int) -> str:
        """Return the address of one indicator's own page."""
        return self.link("indicator", **self.place(index))


def cached(build: Callable[Concatenate[View, P], T]) -> Callable[Concatenate[View, P], T]:
    """Keep what ``build`` makes of a view, by the view's key and the further (hashable, positional) arguments."""

    @wraps(build)
    def kept(view: View, *more: P.args, **named: P.kwargs) -> T:
        return _kept(f"{build.__module__}.{build.__qualname__}", view.key, (more, named), build, view)

    return kept  # type: ignore[return-value]  # wraps() hides that it is called the same way


@st.cache_resource(show_spinner=False, max_entries=1024)
def _kept(name: str, key: tuple[object, ...], more: Any, _build: Callable[..., T], _view: View) -> T:
    positional, named = more
    return _build(_view, *positional, **named)


@st.cache_resource(show_spinner=False)
def source() -> Store:
    """Return the store of plans and versions; an empty one is given the plans that ship with the product."""
    return serving.opened(default_url(), shipped())


def trouble() -> str:
    """Return what readers should know about the store, "" where all is well."""
    return source().trouble


def plans() -> tuple[str, ...]:
    """Return the names of the plans that readers see."""
    return tuple(plan.name for plan in listed())


def listed() -> tuple[Listed, ...]:
    """Return the plans that readers see; ``DASHBOARD_EXAMPLE=off`` leaves the example out."""
    store = source()
    every, units = _listed(store, store.head())
    if store.trouble:  # then this may be from before
        _listed.cache_clear()
    return units if os.environ.get("DASHBOARD_EXAMPLE") == "off" else every


@lru_cache(maxsize=4)
def _listed(store: Store, head: tuple[int, str]) -> tuple[tuple[Listed, ...], tuple[Listed, ...]]:
    """Return all plans, and those that are no examples, as they are until the next act (``head``)."""
    every = store.listed()
    return every, tuple(plan for plan in every if not plan.example)


def standings() -> tuple[Summary, ...]:
    """Return how the newest version of each plan stands under the rules in force; a plan without a summary is left out."""
    store = source()
    found = _standings(store, store.head())
    if store.trouble or len(found) < len(listed()):  # more can come without an act
        _standings.cache_clear()
    return found


@lru_cache(maxsize=4)
def _standings(store: Store, head: tuple[int, str]) -> tuple[Summary, ...]:
    return store.summaries()


@st.cache_resource(show_spinner=False, max_entries=256)
def plan_of(version_id: int) -> Plan:
    """Return the plan as it was kept with a version."""
    return source().plan(version_id)


@st.cache_resource(show_spinner=False, max_entries=64)
def findings_of(version_id: int) -> tuple[Finding, ...]:
    """Return what was found in a version."""
    return source().findings(version_id)


@st.cache_resource(show_spinner=False)
def method() -> Method:
    """Return the rules in force."""
    return Method.default()


@st.cache_resource(show_spinner=False, max_entries=64)
def scored(version_id: int, fingerprint: str, as_of: date) -> pd.DataFrame:
    """Return a version's table, scored on a day. ``fingerprint`` is the method's: other rules, other table."""
    return score(source().table(version_id), method(), as_of=as_of)


@st.cache_resource(show_spinner=False, max_entries=64)
def summaries(version_id: int, fingerprint: str, as_of: date) -> Summaries:
    """Return all summaries of a version's scored table."""
    table = scored(version_id, fingerprint, as_of)
    return Summaries(
        summary.total(table).iloc[0],
        summary.by_category(table),
        summary.by_department(table),
        summary.by_leader(table),
        summary.by_head(table),
        summary.by_month(table),
    )


def ask() -> Asked | None:
    """Ask the store what a run needs of it, None where it does not answer: the menu stands also without it."""
    asked = None
    with suppress(DashboardError):
        asked = _ask()
    _ASKED.set(asked)
    return asked


def told() -> Asked:
    """Return what this run has asked; a run of a fragment alone asks now. Raises what keeps the store from answering."""
    return _ASKED.get() or _ask()


def _ask() -> Asked:
    store = source()
    with store.moment():  # over before anything is scored: as long as it lasts, nobody can publish into a file
        head, every = store.head(), listed()
        offered = tuple(plan.name for plan in every)
        several = sum(not plan.example for plan in every) > 1 or store.roster() is not None  # a long one takes time
        plan, notes = _plan(offered)
        versions = store.versions(plan) if plan else ()
        decisions = store.decisions(plan) if plan else ()
    return Asked(head, offered, several, plan, versions, decisions, notes)


def current(asked: Asked | None = None) -> View | None:
    """Return the reader's view, None where there is no table yet; pages run only where there is one.

    Without ``asked`` the store is asked anew. Raises what keeps it from answering.
    """
    found = _found(asked or _ask())
    _SEEN.set(found)
    return found


def seen() -> View | None:
    """Return the view that this run has found, None in a run of a fragment alone."""
    return _SEEN.get()


def _found(asked: Asked) -> View | None:
    versions = asked.versions
    if not versions:
        return None
    version, version_notes = _version(versions)
    as_of, as_of_notes = _as_of(version.data_date)
    rules = method()
    law = rules.fingerprint
    before = next((other for other in versions if other.number < version.number), None)
    return View(
        plans=asked.plans,
        plan=plan_of(version.id),
        version=version,
        versions=versions,
        as_of=as_of,
        method=rules,
        scored=scored(version.id, law, as_of),
        summaries=summaries(version.id, law, as_of),
        findings=findings_of(version.id),
        previous=scored(before.id, law, before.data_date) if before else None,
        decisions=asked.decisions,
        notes=(*asked.notes, *version_notes, *as_of_notes),
    )


def view() -> View:
    """Return on a page what the frame found in the same run; it runs pages that need a view only where one exists."""
    found = seen() or current()
    if found is None:
        st.stop()
    return found


def asked(name: str) -> str | None:
    """Return what the address says; where it says nothing of plan, version and date, what this session chose before."""
    if any(part in st.query_params for part in CHOICE):
        return st.query_params.get(name)
    return st.session_state.get(f"chosen_{name}")


def hold(key: str, value: object) -> None:
    """Let a widget show ``value``; one that shows it already is left alone, so that the browser need not draw it anew."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def keep(choice: dict[str, str]) -> None:
    """Write the choice into the session and, where it differs, into the address."""
    for name, value in choice.items():
        st.session_state[f"chosen_{name}"] = value
    if any(st.query_params.get(name) != value for name, value in choice.items()):
        st.query_params.update(choice)


def choose(name: str, value: str) -> None:
    """Take a new choice, in one step of the browser's history; a new plan opens its newest version, a version its date."""
    choice = {part: asked(part) or "" for part in CHOICE} | {name: value}
    versions = {str(version.number): version for version in source().versions(choice["plan"])}
    if name == "plan":
        choice["v"] = next(iter(versions), "")
    if name != "as_of" and choice["v"] in versions:
        choice["as_of"] = versions[choice["v"]].data_date.isoformat()
    keep(choice)


def pick(name: str, options: tuple[str, ...], default: str) -> tuple[str, str]:
    """Return the option that the address names and "", else ``default`` and a sentence where it names another."""
    wanted = st.query_params.get(name)
    if wanted is None or wanted in options:
        return (wanted if wanted in options else default), ""
    return default, f"地址里的“{wanted}”不在这张表中，现在显示“{default}”。"


def _plan(plans: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    wanted = asked("plan")
    if not plans or wanted is None or wanted in plans:
        return (wanted if wanted in plans else plans[0] if plans else ""), ()
    return plans[0], (f"没有“{wanted}”这个方案，现在显示“{plans[0]}”。",)


def _version(versions: tuple[Version, ...]) -> tuple[Version, tuple[str, ...]]:
    wanted = asked("v")
    found = next((version for version in versions if str(version.number) == wanted), None)
    if found or wanted is None:
        return found or versions[0], ()
    return versions[0], (f"没有第“{wanted}”版，现在显示最新的第{versions[0].number}版。",)


def _as_of(data_date: date) -> tuple[date, tuple[str, ...]]:
    wanted = asked("as_of")
    try:
        return (date.fromisoformat(wanted) if wanted else data_date), ()
    except ValueError:
        return data_date, (f"“{wanted}”不是日期，现在按这一版的数据截至日{data_date.isoformat()}判断。",)
