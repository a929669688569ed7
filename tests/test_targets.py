import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import read_workbook
from scoring.quantities import base, converted, quantities
from scoring.targets import COMPARATORS, KINDS, extract_targets
from tests.servers import ROOT

NOTICE = ROOT / "data" / "tables" / "quanzhou-commerce-2025.xlsx"
HERE = Path(__file__).parent
ENOUGH = 0.95

Promise = tuple[str, str, float, str, str]


def words(drawing: str) -> list[str]:
    return drawing.split()


def drawn(name: str) -> dict[str, list[Promise]]:
    """Return what a table drawn as text expects of each serial or sentence; - is an empty word."""
    table: dict[str, list[Promise]] = {}
    expected: list[Promise] = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            kind, comparator, value, unit, measure = line.split()
            expected.append((kind, comparator, float(value), unit.strip("-"), measure.strip("-")))
        elif line and not line.startswith("#"):
            expected = table.setdefault(line, [])
    return table


def promises(text: str) -> list[Promise]:
    return [(one.kind, one.comparator, one.value, one.unit, one.measure) for one in extract_targets(text)]


def agreement(expected: dict[str, list[Promise]]) -> tuple[float, float]:
    """Return precision and recall over all texts, and print them with whatever does not agree."""
    hits = found_in_all = 0
    for text, wanted in expected.items():
        found = promises(text)
        hits += (Counter(found) & Counter(wanted)).total()
        found_in_all += len(found)
        for one in (Counter(found) - Counter(wanted)).elements():
            print("not promised:", *one, "in", text)
        for one in (Counter(wanted) - Counter(found)).elements():
            print("not found:", *one, "in", text)
    total = sum(map(len, expected.values()))
    precision, recall = hits / found_in_all, hits / total
    print(f"{len(expected)} texts, {total} targets: precision {precision:.3f}, recall {recall:.3f}")
    return precision, recall


def notice() -> dict[str, str]:
    table = read_workbook(NOTICE.read_bytes(), NOTICE.name).table
    return dict(zip(table["serial"], table["indicator"], strict=True))


def test_the_notices_targets_are_found_as_written_down_by_hand():
    texts, expected = notice(), drawn("targets_of_the_notice.txt")
    assert expected.keys() == texts.keys()
    assert min(agreement({texts[serial]: wanted for serial, wanted in expected.items() if texts[serial]})) >= ENOUGH


@pytest.mark.parametrize("table", ["targets_of_other_plans.txt", "targets_of_strangers.txt"])
def test_other_bureaus_targets_are_found_as_written_down_by_hand(table):
    assert min(agreement(drawn(table))) >= ENOUGH


def test_a_value_is_the_number_and_a_unit_what_follows_it_as_written():
    read = [
        (one.value, one.unit)
        for one in quantities("３亿美元、100万平方米，两场，十余家，1.2万个，10～15家，５．５％，1,200人次")
    ]
    assert read == [
        (3, "亿美元"), (100, "万平方米"), (2, "场"), (10, "家"), (1.2, "万个"), (10, "家"), (5.5, "%"), (1200, "人次"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    words(
        """
    泉委〔2025〕20号 第28条，第4页 第44、45条 (5分) （5分） 2025年 2025年12月31日 12月底前 2024-2025年 2025.6.30 12345热线
    第二届 第2届 “6·18” “双十一” 一带一路 三争 三位一体 《十条措施》 “三个一批” 1+3+N 7×24小时 一期工程 5万吨级 9:30
    """
    ),
)
def test_what_counts_nothing_is_no_quantity(text):
    assert quantities(text) == ()


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1.5, "亿元", "万元", 15000),
        (5000, "万元", "亿元人民币", 0.5),
        (87, "个", "万个", 0.0087),
        (925000, "平方米", "万平方米", 92.5),
        (15, "亩", "公顷", 1),
        (1.2, "万", "亩", 12000),
        (1.2, "万", "公里", 12000),
        (126, "家", "家（次）", 126),
        (3, "场", "场次", 3),
        (12, "家", "个", 12),
        (1200, "公斤", "吨", 1.2),
        (3, "亿元", "亿美元", None),
        (3, "家", "项", None),
        (3, "人", "人次", None),
        (2, "%", "个百分点", None),
        (2, "万", "%", None),
    ],
)
def test_units_of_the_same_thing_are_converted_and_others_never(value, unit, to, expected):
    got = converted(value, unit, to)
    assert got is None if expected is None else got == pytest.approx(expected)


UNITS = st.sampled_from(
    words("家 场 个 份 项 人次 家（次） 亿元 亿美元 亿元人民币 万元 万平方米 公里 万个 % 个百分点 ％")
)
NUMBERS = st.one_of(
    st.integers(1, 999_999).map(lambda n: (str(n), float(n))),
    st.integers(1000, 9_999_999).map(lambda n: (f"{n:,}", float(n))),
    st.decimals(0, 9999, places=2).map(lambda n: (str(n), float(n))),
    st.integers(1, 9999).map(lambda n: (str(n).translate({48 + d: 0xFF10 + d for d in range(10)}), float(n))),
    st.sampled_from([("三", 3.0), ("两", 2.0), ("十二", 12.0), ("三百二十", 320.0), ("一千零五", 1005.0)]),
)
FORMS = st.sampled_from(
    [
        ("", "", ">="), ("", "以上", ">="), ("", "及以上", ">="), ("", "及以上以上", ">="), ("不少于", "", ">="),
        ("不低于", "", ">="), ("至少", "", ">="), ("达到", "", ">="), ("力争", "", ">="), ("超", "", ">"),
        ("超过", "", ">"), ("突破", "", ">"), ("突破", "以上", ">"), ("不超过", "", "<="), ("控制在", "以内", "<="),
        ("不高于", "", "<="), ("低于", "", "<"), ("少于", "", "<"),
    ]
)  # fmt: skip
AROUND = st.tuples(
    st.sampled_from(
        ["", "做好各项工作。", "2025年12月底前，", "落实泉委〔2025〕20号第28条要求；", "持续深化“三争”行动\n"]
    ),
    st.sampled_from(["新增海外仓", "外贸企业", "办结率", "全年培训活动", "利用外资"]),
    st.sampled_from(["", "。", "，推动高质量发展。", "；（5分）", "\n"]),
)


@given(NUMBERS, UNITS, FORMS, AROUND)
def test_whatever_is_promised_reads_back_with_value_unit_comparator_and_span(number, unit, form, around):
    (written, value), (before, after, comparator), (head, noun, tail) = number, form, around
    figure = f"{before}{written}{unit}{after}"
    targets = extract_targets(f"{head}{noun}{figure}{tail}")
    if base(unit) == "百分点" and not targets:
        return  # 办结率2个百分点 says neither up nor down
    (target,) = targets
    assert (target.value, target.unit, target.comparator) == (value, unit.replace("％", "%"), comparator)
    assert (target.start, target.end) == (len(head + noun), len(head + noun + figure))


@given(
    NUMBERS, UNITS, st.text(alphabet="推动发展，。；、（）“”《》 \n"), st.text(alphabet="等工作，。；、（）“”《》 \n")
)
def test_a_quantity_is_where_it_was_written(number, unit, head, tail):
    (written, value) = number
    found = quantities(f"{head}。{written}{unit}。{tail}")
    if "“" not in head and "《" not in head:  # what stands in quotes is a name
        assert [(one.value, one.unit) for one in found] == [(value, unit.replace("％", "%"))]
    for one in found:
        assert (one.start, one.end) == (len(head) + 1, len(head) + 1 + len(written + unit))


PIECES = """
    举办 新增 增长 下降 超 不少于 及以上 以内 每季度 全年 分别 与去年持平 零事故 排名前三 出台 办法 《办法》 的 、 ， 。 （ ） “ ”
    2 10-15 1.2 两 百分之 第 20 2025 年 月 日 家 场 万 亿元 % 个百分点 项目 企业 率 其中 从 提高到 〔 〕 号 １２ ，300
"""
PROSE = st.lists(st.sampled_from([*words(PIECES), "\n"]), max_size=40).map("".join)


@given(st.one_of(st.text(), PROSE))
def test_any_text_can_be_read_and_its_targets_stand_in_it_in_order_and_apart_or_share_one_figure(text):
    targets = extract_targets(text)
    last = (0, 0)
    for target in targets:
        assert last[1] <= target.start < target.end <= len(text) or last == (target.start, target.end)
        last = (target.start, target.end)
        assert math.isfinite(target.value)
        assert target.kind in KINDS
        assert target.comparator in COMPARATORS
