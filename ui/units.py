"""各单位 as HTML: the units of a year in their groups, filtered and paged by the address (``?year=&q=&group=&state=``)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from urllib.parse import urlencode

import streamlit as st

from data.storage.roster import Roster, places
from data.storage.summaries import Summary
from data.store import Store
from data.versions import Listed
from reports import units as said
from reports import words
from reports.units import STATES, Query, Unit
from reports.words import EXAMPLE, STATUSES, Parts, Sentence
from ui import bars, browse, lead, markup, printing, session
from ui.markup import text

EVERY = ""  # group or state: all of them
RISK = "risk"  # the order that is not the list's
LIST_WIDTH = 200  # pixels
_HEADS = ("单位", "数据截至", "读到")
_ENDS = ("评分", "须核对")


@dataclass(frozen=True)
class City:
    """All units of one year, and what the page can show instead: ``years``, the last one first, of ``plans``.

    ``head`` is the store's newest chain.
    """

    year: int
    years: tuple[int, ...]
    plans: tuple[Listed, ...]
    roster: Roster | None
    units: tuple[Unit, ...]
    head: str

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Return the groups that have a name, in their order."""
        return tuple(dict.fromkeys(unit.group for unit in self.units if unit.group))

    @cached_property
    def states(self) -> Counter[str]:
        """Return how many units have submitted, are missing, are pending."""
        return Counter(unit.state for unit in self.units)

    @cached_property
    def headline(self) -> Sentence:
        """Return the answer: who has submitted, and how they stand."""
        return said.headline(self.units, self.roster is not None)


def city() -> City:
    """Return the units of the year that the address names, else of the last one in which a unit has published."""
    store = session.source()
    found = _city(store, session.told().head, store.roster(), st.query_params.get("year", ""))
    if store.trouble or found.states["pending"]:  # then it can change without an act
        _city.cache_clear()
    return found


@lru_cache(maxsize=8)
def _city(store: Store, head: tuple[int, str], roster: Roster | None, asked: str) -> City:
    """Return the city as it is until the next act or list of units."""
    plans, standings = session.listed(), session.standings()
    years, real = said.years(plans), said.years(plan for plan in plans if not plan.example)
    year = next((each for each in years if str(each) == asked), next(iter(real or years), 0))
    units = said.listed(places(roster, plans, year), standings, roster is not None)
    return City(year, years, plans, roster, units, head[1])


# What is looked for


def asked(city: City) -> Query:
    """Return what the address looks for; what it cannot find is no filter."""
    given = {name: st.query_params.get(name, "") for name in ("q", "group", "state", "order")}
    group = given["group"] if given["group"] in city.groups else EVERY
    state = given["state"] if given["state"] in STATES else EVERY
    return Query(given["q"], group, state, given["order"] == RISK)


def filters(city: City, query: Query, count: int) -> None:
    """Draw search, group, state and order, where there is anything to choose from; ``count`` units are left."""
    if not city.units:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="unit_filters"):
        _search(query.text)
        if len(city.groups) > 1:
            _list("group", query.group, (EVERY, *city.groups), lambda name: markup.option(name) or "全部组")
        there = tuple(state for state in STATES if city.states[state] or state == query.state)
        if len(there) > 1:
            _list("state", query.state, (EVERY, *there), lambda state: _state(state, city))
        _order(query.by_risk)
        st.html(markup.note(said.ORDERED if query.by_risk else said.NOT_RANKED), width="content")
    if query.narrows:
        everything = markup.link(f"units?{urlencode({'year': city.year})}", "显示全部", "plain")
        st.html(f'<p class="note">{text(said.listing(count, len(city.units)))}　{everything}</p>')


def _state(state: str, city: City) -> str:
    every = f"全部{len(city.units)}家"
    return next((f"{word} {city.states[key]}" for key, word in STATES.items() if key == state), every)


def _search(said_before: str) -> None:
    session.hold("unit_q", said_before)
    st.text_input(
        "搜索", key="unit_q", placeholder="搜单位名称", on_change=_take, args=("q",), label_visibility="collapsed"
    )


def _list(param: str, chosen: str, options: tuple[str, ...], called: Callable[[str], str]) -> None:
    session.hold(f"unit_{param}", chosen)
    st.selectbox(
        said.FILTERS[param],
        options,
        key=f"unit_{param}",
        format_func=called,
        on_change=_take,
        args=(param,),
        label_visibility="collapsed",
        width=LIST_WIDTH,
    )


def _order(by_risk: bool) -> None:
    session.hold("unit_order", by_risk)
    st.toggle("按险分排序", key="unit_order", on_change=_take, args=("order",))


def _take(param: str) -> None:
    value = st.session_state[f"unit_{param}"]
    st.query_params.pop("page", None)
    if value:
        st.query_params[param] = RISK if value is True else str(value)
    else:
        st.query_params.pop(param, None)


# What is found


def line(city: City) -> None:
    """Draw the line above the page: the year, up to when its tables speak, 口径; the years to choose from; 打印."""
    year = f"{city.year}年度绩效目标" if city.year else "绩效目标"
    parts = (text(year), text(said.data_dates(city.units)), markup.link("method", "口径"))
    with st.container(horizontal=True, vertical_alignment="center", key="context"):
        shown = "".join(f"<span>{part}</span>" for part in parts if part)
        foot = printing.foot(said.imprint(city.units, city.year, city.head))
        st.html(f'<p class="context">{shown}</p>{foot}')
        if len(city.years) > 1:
            _years(city)
        printing.button()


def _years(city: City) -> None:
    session.hold("unit_year", city.year)
    st.selectbox(
        "年度",
        city.years,
        key="unit_year",
        format_func=lambda year: f"{year}年度",
        on_change=_take,
        args=("year",),
        label_visibility="collapsed",
        width=130,
    )


def answer(city: City) -> None:
    """Draw the headline, who has not submitted, and what else the reader should know about the page."""
    told = (
        said.missing(city.units),
        "" if city.roster else said.NO_ROSTER,
        said.ONE_UNIT if city.roster is None and sum(unit.counted for unit in city.units) == 1 else "",
    )
    waiting = said.pending(city.units)
    notes = "".join(markup.note(each) for each in told if each)
    notice = markup.notice(waiting) if waiting else ""
    lead.show(city.headline)
    if notes or notice:
        st.html(notes + notice)


def show(city: City, found: tuple[Unit, ...]) -> None:
    """Draw the units on the page of the list that the address asks for, and the page numbers."""
    if not found:
        return
    st.html(_table(city, found))
    if len(found) > browse.PAGE:
        st.html(markup.note(said.place(browse.first(len(found)), browse.PAGE, len(found))))
    browse.pages(len(found))


def _table(city: City, found: tuple[Unit, ...]) -> str:
    start = browse.first(len(found))
    shown = found[start : start + browse.PAGE]
    scale = bars.tracks(said.tracks(found))
    bodies = "".join(_group(city, name, list(units), scale) for name, units in groupby(shown, lambda unit: unit.group))
    return f'<table class="tb units">{_head(scale)}{bodies}</table>'


def _head(scale: Parts) -> str:
    middle = f'<th class="three" style="{_grid(scale)}"><div class="row heads">{bars.tops()}</div></th>'
    first, last = ("".join(f"<th>{head}</th>" for head in heads) for heads in (_HEADS, _ENDS))
    return f"<thead><tr>{first}{middle}{last}</tr></thead>"


def _grid(scale: Parts) -> str:
    return f"--cells:{bars.columns(scale)}"


def _group(city: City, name: str, shown: list[Unit], scale: Parts) -> str:
    rows = "".join(_unit(unit, scale) for unit in shown)
    if not name:
        return f"<tbody>{rows}</tbody>"
    every = [unit for unit in city.units if unit.group == name]
    head = f'<tr class="group"><th colspan="6" scope="rowgroup">{text(name)}<small>{text(said.group(every))}</small></th></tr>'
    return f"<tbody>{head}{rows}</tbody>"


def _unit(unit: Unit, scale: Parts) -> str:
    if unit.plan is None:
        told = f'<td colspan="5" class="none">{text(said.expected(unit))}</td>'
        return f'<tr><td><b class="what">{text(unit.name)}</b></td>{told}</tr>'
    name = f"<td>{markup.link(_address('.', unit.plan), unit.name, 'what')}{_example(unit.plan)}</td>"
    if unit.summary is None:
        return f'<tr>{name}<td colspan="5" class="none">{STATES["pending"]}</td></tr>'
    held, year = unit.summary, unit.plan.year
    points = {key: getattr(held, key) for key in STATUSES}
    row = f'<div class="row" title="{text(said.told(unit))}">{bars.cells(points, scale)}</div>'
    cells = (
        _pair(words.day(held.data_date, year), f"第{held.number}版"),
        _pair(*said.readable(held)),
        f'<td class="three" style="{_grid(scale)}">{row}</td>',
        _pair(*said.scored(held)),
        f"<td>{_findings(unit.plan, held)}</td>",
    )
    return f"<tr>{name}{''.join(cells)}</tr>"


def _address(page: str, plan: Listed) -> str:
    return f"{page}?{urlencode({'plan': plan.name})}"


def _example(plan: Listed) -> str:
    return f' <b class="example">{EXAMPLE}</b>' if plan.example else ""


def _pair(above: str, below: str) -> str:
    """Return a cell with a small line below; where there is nothing above it stands alone."""
    if not above:
        return f'<td class="none">{text(below)}</td>'
    return f"<td>{text(above)}{f'<small>{text(below)}</small>' if below else ''}</td>"


def _findings(plan: Listed, summary: Summary) -> str:
    marks = (("blocking", "×", summary.blocking), ("check", "※", summary.check))
    there = [
        markup.link(_address("audit", plan), f"{sign} {count}", f"mark {key}") for key, sign, count in marks if count
    ]
    return "　".join(there) or '<span class="muted">没有</span>'
