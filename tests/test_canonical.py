"""data.storage.canonical: what is kept comes back as it was, and the same content has the same bytes."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from data.findings import Finding
from data.plan import Alias, Content, Gap, Issue, Plan, Prefix, Step, shipped
from data.storage import canonical
from scoring.table import COLUMNS, DATES, NAMES, NUMBERS, TUPLES, conform
from scoring.targets import COMPARATORS, KINDS, Target

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.floats(width=64) | st.integers(0, 100).map(float)
moments = st.none() | st.integers(-(10**11), 10**11).map(lambda seconds: np.datetime64(seconds, "s"))
names = st.lists(st.text(max_size=4), max_size=3).map(tuple)
figures = st.floats(allow_nan=False, allow_infinity=False)
places = st.integers(0, 10**6)
targets = st.lists(
    st.builds(
        Target,
        st.sampled_from(KINDS),
        st.sampled_from(COMPARATORS),
        figures,
        texts,
        texts,
        places,
        places,
        st.none() | figures,
        texts,
    ),
    max_size=3,
).map(tuple)


def cells(name: str) -> st.SearchStrategy[object]:
    if name in NUMBERS:
        return numbers
    if name in DATES:
        return moments
    return names if name in NAMES else targets if name in TUPLES else texts


rows = st.fixed_dictionaries({name: cells(name) for name in COLUMNS})


def table(lines: list[dict[str, object]], index: list[int] | None = None) -> pd.DataFrame:
    columns = {name: pd.Series([line[name] for line in lines], dtype=kind(name)) for name in COLUMNS}
    frame = pd.DataFrame(columns)
    return conform(frame if index is None else frame.set_axis(pd.Index(index, dtype="int64")))


def kind(name: str) -> str:
    if name in NUMBERS:
        return "float64"
    return "datetime64[s]" if name in DATES else "object" if name in TUPLES else "str"


def assert_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True, check_index_type="exact", check_column_type="exact")
    assert type(one.index) is type(other.index)
    assert [[type(cell) for cell in one[name]] for name in TUPLES] == [
        [type(c) for c in other[name]] for name in TUPLES
    ]


@given(st.lists(rows, max_size=3))
def test_any_table_comes_back_exactly_and_its_bytes_too(lines: list[dict[str, object]]):
    drawn = table(lines)
    content = canonical.table_bytes(drawn)
    assert_same(canonical.table_of(content), drawn)
    assert canonical.table_bytes(canonical.table_of(content)) == content


@given(st.lists(st.integers(0, 10**6), unique=True, max_size=3))
def test_the_rows_keep_the_numbers_that_the_reader_gave_them(index: list[int]):
    lines: list[dict[str, object]] = [
        {name: () if name in TUPLES else None if name in DATES else 1.0 if name in NUMBERS else "" for name in COLUMNS}
        for _ in index
    ]
    drawn = table(lines, index)
    assert_same(canonical.table_of(canonical.table_bytes(drawn)), drawn)


def test_names_are_tuples_and_confirmed_targets_are_targets():
    confirmed = (
        Target("count", ">", 100.0, "个", "海外仓", 2, 9, 87.0, "台账"),
        Target("none", "=", 0.0, "", "", 0, 0),
    )
    one = pd.DataFrame({"departments": [("办公室", "财务科")], "targets": [confirmed]})
    back = canonical.table_of(canonical.table_bytes(conform(one)))
    assert back.loc[0, "departments"] == ("办公室", "财务科")
    assert back.loc[0, "targets"] == confirmed


@given(targets)
def test_targets_come_back_as_targets_and_a_whole_number_has_the_same_bytes_as_its_float(confirmed: tuple[Target, ...]):
    drawn = conform(pd.DataFrame({"targets": pd.Series([confirmed], dtype="object")}))
    (back,) = canonical.table_of(canonical.table_bytes(drawn))["targets"]
    assert back == confirmed
    whole = tuple(replace(target, value=int(target.value)) for target in confirmed if target.value.is_integer())
    same = tuple(replace(target, value=float(target.value)) for target in whole)
    sides = (conform(pd.DataFrame({"targets": pd.Series([each], dtype="object")})) for each in (whole, same))
    assert len({canonical.table_bytes(side) for side in sides}) == 1


def test_a_table_that_was_kept_before_anybody_confirmed_targets_reads_and_hashes_as_it_did():
    content = b'{"columns":["serial","targets"],"index":null}\n["1-1",[]]'
    table = canonical.table_of(content)
    assert table.loc[0, "targets"] == ()
    line = canonical.table_bytes(table).split(b"\n")[1]
    assert line.endswith(b',[],"",null]')


def test_a_blank_stays_a_blank_and_is_never_zero():
    back = canonical.table_of(canonical.table_bytes(conform(pd.DataFrame({"serial": ["1-1"]}))))
    assert math.isnan(back.loc[0, "weight"])
    assert back.loc[0, "due"] is pd.NaT
    assert b"0" not in canonical.table_bytes(conform(pd.DataFrame({"serial": ["a"]}))).split(b"\n")[1]


def test_a_table_without_a_later_column_is_still_read():
    content = b'{"columns":["serial","weight"],"index":null}\n["1-1",2.5]'
    assert_same(canonical.table_of(content), conform(pd.DataFrame({"serial": ["1-1"], "weight": [2.5]})))


def test_the_form_of_a_kept_table_does_not_drift():
    drawn = conform(
        pd.DataFrame(
            {
                "serial": ["1-1", "1-2"],
                "weight": [2.5, None],
                "due": pd.to_datetime(pd.Series(["2025-12-31", None])),
                "departments": [("办公室",), ()],
            }
        )
    )
    _, first, second = canonical.table_bytes(drawn).decode().split("\n")
    assert first == (
        '["1-1","","","","","","",2.5,"","2025-12-31T00:00:00",["办公室"],[],[],"","",'
        'null,null,null,null,null,null,null,null,null,null,null,null,"",null,null,[],"",null]'
    )
    assert second.startswith('["1-2","","","","","","",null,"",null,[],')


@given(st.lists(st.builds(Finding, st.text(), st.just("check"), st.text(), st.text(), st.text(), st.text(), st.text())))
def test_findings_come_back_as_they_were(findings: list[Finding]):
    content = canonical.findings_bytes(findings)
    assert canonical.findings_of(content) == tuple(findings)
    assert canonical.findings_bytes(canonical.findings_of(content)) == content


days = st.dates(date(1000, 1, 1), date(9999, 12, 31))
points = st.none() | st.floats(0, 1e6)
several = st.lists(texts, max_size=2).map(tuple)
plans = st.builds(
    Plan,
    unit=texts,
    year=st.integers(1900, 2100),
    title=texts,
    document=texts,
    example=st.booleans(),
    total=points,
    contents=st.lists(st.builds(Content, texts, points, several, texts, texts), max_size=2).map(tuple),
    subjects=texts,
    chair=texts,
    deputies=several,
    organisation=texts,
    organisation_clause=texts,
    steps=st.lists(
        st.builds(Step, st.integers(1, 9), texts, texts, texts, days, texts, texts, st.none() | days, texts), max_size=2
    ).map(tuple),
    aliases=st.lists(st.builds(Alias, texts, texts, texts, texts), max_size=2).map(tuple),
    prefixes=st.lists(st.builds(Prefix, texts, texts, texts, texts), max_size=2).map(tuple),
    gaps=st.lists(st.builds(Gap, texts, points, texts), max_size=2).map(tuple),
    issues=st.lists(st.builds(Issue, texts, days, texts, texts), max_size=2).map(tuple),
)


@given(plans)
def test_any_plan_comes_back_as_it_was(plan: Plan):
    assert canonical.plan_of(canonical.plan_bytes(plan)) == plan


def test_the_shipped_plans_come_back_as_they_were():
    assert [canonical.plan_of(canonical.plan_bytes(plan)) for plan in shipped()] == list(shipped())


def test_a_chain_depends_on_every_value_and_on_what_went_before():
    chains = {
        canonical.link(previous, values)
        for previous in ("", "a")
        for values in ([1, "x"], [1, "y"], ["1", "x"], [1, None], [1, "x", ""])
    }
    assert len(chains) == 10
