"""Names of people and departments that may mean the same, or should and do not.

Two people's names look alike when they have the same length of at least three signs, differ in exactly one, stand in
the same column, never in the same row, and either stand with the same department or the rarer stands in one or two
rows only. Names of two signs are left alone, and titles do not count: 李伟 and 李佳 are two people, as are 刘副局长 and
陈副局长. Departments that differ in one sign (外贸科, 外资科) usually are two, so they also need a head in common.
Nothing is ever merged here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, islice

from data.checks import say
from data.checks.audit import Audit, Line
from data.findings import Finding
from data.plan import Plan

RARE = 2  # rows: a slip of the pen does not stand in more
PAIRS = 20  # more look-alikes than this are a naming habit, not slips
_NUMERALS = frozenset("一二三四五六七八九十东西南北上下前后甲乙丙丁0123456789")  # 一科 and 二科 are two
_TITLE = re.compile(
    "[副正]?(?:局|科|处|股|队|组|部|院|厅|市|县|区|镇|乡|校|会|站|所)长$|[副正]?(?:主任|书记|经理|调研员|主席|总工程?师?)$"
)


@dataclass
class Name:
    """Where a name stands: its rows, the first one first, the cell field, and the departments and heads it stands with."""

    column: str
    rows: list[Line] = field(default_factory=list)
    with_departments: Counter[str] = field(default_factory=Counter)
    with_heads: Counter[str] = field(default_factory=Counter)


def people(audit: Audit) -> Iterator[Finding]:
    """施纯洲 and 施纯州: one finding for each pair of people's names that look alike."""
    known = _confirmed(audit.plan, "person")
    for column, word in (("heads", "科室负责人"), ("leaders", "分管领导")):
        found = _names(audit, column)
        for one, other in islice(_alike(found, known), PAIRS):
            rare, often = sorted((one, other), key=lambda name: len(found[name].rows))
            both = f"“{rare}”（{_where(audit, found[rare])}）与“{often}”（{_where(audit, found[often])}）"
            message = f"{word}{both}只差一个字，可能是同一人。"
            treatment = f"按两人分别统计，不自动合并；{_proposal(found, rare, often)}。"
            yield say.finding(audit, found[rare].rows[0], column, "names_alike", "check", message, treatment)


def departments(audit: Audit) -> Iterator[Finding]:
    """法规科 and 法制科 under one head, 人教科 and 机关党委（人教科）."""
    found, known = _names(audit, "departments"), _confirmed(audit.plan, "department")
    for one, other in islice(_same_departments(found, known), PAIRS):
        rare, often = sorted((one, other), key=lambda name: len(found[name].rows))
        shared = "、".join(sorted(found[one].with_heads.keys() & found[other].with_heads.keys()))
        why = f"，负责人同为{shared}" if shared else ""
        both = f"“{rare}”（{_where(audit, found[rare])}）与“{often}”（{_where(audit, found[often])}）"
        message = f"科室{both}可能是同一科室{why}。"
        treatment = f"按两个科室分别统计，不自动合并；{_proposal(found, rare, often)}。"
        yield say.finding(audit, found[rare].rows[0], "departments", "departments_alike", "check", message, treatment)


def two_heads(audit: Audit) -> Iterator[Finding]:
    """Departments that are printed with more than one head; where most are, the column means something else."""
    found, known = _names(audit, "departments"), _confirmed(audit.plan, "person")
    several = {name: _distinct(own.with_heads, known) for name, own in found.items() if len(own.rows) > 1}
    odd = {name: heads for name, heads in several.items() if len(heads) > 1}
    if len(odd) > max(3, len(several) / 2):
        message = f"{len(odd)}个科室各有几位负责人（如{next(iter(odd))}），这一栏写的可能是具体经办人。"
        yield say.whole(audit, "heads_vary", "check", message, "按每行所写的人统计。")
        return
    for name, heads in odd.items():
        rarest = min(heads, key=lambda head: found[name].with_heads[head])
        line = next(line for line in found[name].rows if rarest in line.heads)
        said = "、".join(f"{head}{found[name].with_heads[head]}项" for head in heads)
        message = f"{name}有{len(heads)}位负责人：{said}。"
        treatment = "按每行所写的人统计，请核对是否写错科室或姓名。"
        yield say.finding(audit, line, "heads", "two_heads", "check", message, treatment)


def heads_of_two(audit: Audit) -> Iterator[Finding]:
    """One head over departments that are not spellings of each other."""
    found = _names(audit, "departments")
    alike = {frozenset(pair) for pair in _same_departments(found, known=set())}
    under: dict[str, list[str]] = defaultdict(list)
    for name, own in found.items():
        for head in own.with_heads:
            under[head].append(name)
    for head, several in under.items():
        if len(several) > 1 and not all(frozenset(pair) in alike for pair in combinations(several[:PAIRS], 2)):
            line = next(line for line in found[several[-1]].rows if head in line.heads)
            message = f"{head}同时是{'、'.join(several[: say.PIECES])}的负责人。"
            yield say.finding(audit, line, "heads", "head_of_two", "check", message, "按每行所写的科室统计，请核对。")


def several_leaders(audit: Audit) -> Iterator[Finding]:
    """Departments under several leaders, which may be so by topic: told once for the whole table."""
    under: dict[str, dict[str, Line]] = defaultdict(dict)
    for (departments, _, leaders), lines in audit.responsible.items():
        if len(departments) == 1 and leaders:
            under[departments[0]].setdefault(leaders[0], lines[0])
    known = _confirmed(audit.plan, "person")
    odd = {name: leaders for name, leaders in under.items() if len(_distinct(Counter(leaders.keys()), known)) > 1}
    if odd:
        said = "；".join(f"{name}（{'、'.join(leaders)}）" for name, leaders in islice(odd.items(), say.PIECES))
        message = f"{len(odd)}个科室在不同指标上分属几位分管领导：{said}{'等' if len(odd) > say.PIECES else ''}。"
        line = list(next(iter(odd.values())).values())[1]
        yield say.finding(audit, line, "leaders", "several_leaders", "check", message, "按每行所写的分管领导统计。")


def _names(audit: Audit, column: str) -> dict[str, Name]:
    """Return where each name of a column stands; joint rows do not tell whose head is whose, unless they pair up."""
    found: dict[str, Name] = {}
    for (departments, heads, _), lines in audit.responsible.items():
        pairs = dict(zip(departments, heads, strict=True)) if len(departments) == len(heads) else {}
        for name in getattr(lines[0], column):
            own = found.setdefault(name, Name(column))
            own.rows += lines
            own.with_departments.update(dict.fromkeys(departments[:1], len(lines)))
            if column == "departments" and name in pairs:
                own.with_heads[pairs[name]] += len(lines)
    return found


def _confirmed(plan: Plan | None, kind: str) -> set[str]:
    """Return the spellings that a person has settled."""
    return {alias.printed for alias in (plan.aliases if plan is not None else ()) if alias.kind == kind}


def _alike(found: Mapping[str, Name], known: set[str]) -> Iterator[tuple[str, str]]:
    for one, other in _one_sign_apart(found):
        if {one, other} & known or len(_TITLE.sub("", one)) < 3:
            continue
        near = found[one].with_departments.keys() & found[other].with_departments.keys()
        rare = min(len(found[one].rows), len(found[other].rows)) <= RARE
        if (near or rare) and not _together(found[one], found[other]):
            yield one, other


def _same_departments(found: Mapping[str, Name], known: set[str]) -> Iterator[tuple[str, str]]:
    for one, other in _one_sign_apart(found):
        heads = found[one].with_heads.keys() & found[other].with_heads.keys()
        if heads and not {one, other} & known and not _together(found[one], found[other]):
            yield one, other
    for name in found:
        inner = [part for part in name.replace("(", "（").rstrip("）)").split("（") if part]
        for other in inner if len(inner) > 1 else []:
            if other in found and not {name, other} & known:
                yield name, other


def _one_sign_apart(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of one length that differ in one sign, found through what they share: no name meets every other."""
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in names:
        for place in range(len(name) if len(name) <= 30 else 0):
            shared[name[:place], name[place + 1 :]].append(name)
    for (before, _), several in shared.items():
        for one, other in combinations(several[: say.PIECES * 4], 2):
            if not {one[len(before)], other[len(before)]} <= _NUMERALS:
                yield one, other


def _together(one: Name, other: Name) -> bool:
    return bool({line.Index for line in one.rows} & {line.Index for line in other.rows})


def _distinct(heads: Counter[str], known: set[str]) -> list[str]:
    """Return the heads without the second spelling of one: look-alikes have their own finding."""
    kept: list[str] = []
    for head, _ in heads.most_common():
        respelled = len(head) > 2 and any(any(_one_sign_apart((head, other))) for other in kept)
        if head not in known and not respelled:
            kept.append(head)
    return kept


def _where(audit: Audit, name: Name) -> str:
    first = say.cell(audit, name.rows[0], name.column)
    return f"{first}，{len(name.rows)}项" if len(name.rows) == 1 else f"{first}等，{len(name.rows)}项"


def _proposal(found: Mapping[str, Name], rare: str, often: str) -> str:
    if len(found[rare].rows) == len(found[often].rows):
        return "两种写法一样多，请核对以哪个为准"
    return f"如确是同一个，建议统一写作“{often}”"
