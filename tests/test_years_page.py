"""变化, 与上一年度比较: the same unit's indicators of two years side by side."""

import re
from datetime import date

import pytest

from data.store import Store
from tests import cities
from tests.kept import opened_by, store, text
from tests.published import headline, markup, stands

__all__ = ["store"]

HEAD = "序号 | 二级指标 | 权重 | 时限 | 科室 | 完成情况 | 进度 | 结果"
THEN = f"""{HEAD}
1-1 | 造林5000亩以上 | 4 | 12月底前 | 造林科 | 已完成 | 100% | 3.6
1-2 | 创建森林村庄3个 | 3 | 12月底前 | 造林科 | 已完成 | 100% |
1-3 | 举办花卉博览会 | 3 | 12月底前 | 办公室 | | |
"""
NOW = f"""{HEAD}
1-1 | 创建森林村庄5个 | 3 | 12月底前 | 造林科 | | |
1-2 | 造林6200亩以上 | 5 | 12月底前 | 造林科 | 进展缓慢 | 10% |
1-3 | 建成林长制<b>平台</b> | 2 | 12月底前 | 办公室 | | |
"""
UNIT = "某市林业局"
YEAR = f"/changes?plan={UNIT} 2025&against=year"


@pytest.fixture
def two_years(store: Store) -> Store:
    cities.published(store, UNIT, THEN, date(2024, 12, 28))
    cities.published(store, UNIT, NOW, date(2025, 10, 31))
    return store


def rows(page: str) -> list[list[str]]:
    table = page.split('class="tb changes kind years"', 1)[1].split("</table>", 1)[0]
    lines = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    return [[" ".join(re.sub(r"<.*?>", " ", cell).split()) for cell in line.split("</td>")[:-1]] for line in lines]


def test_the_choice_stands_where_the_unit_has_an_earlier_year(two_years: Store) -> None:
    app = opened_by("", f"/changes?plan={UNIT} 2025")
    assert headline(app) == "只有一版，还没有可比的。"
    choice = next(group for group in app.get("button_group") if group.key == "against")
    assert list(choice.options) == ["与上一版比较", "与上一年度比较"]


def test_what_goes_on_is_new_and_is_gone_is_counted_in_the_headline(two_years: Store) -> None:
    app = opened_by("", YEAR)
    assert headline(app) == "与2024年度相比：延续2项，其中1项分值变了；新增1项、2分；不再考1项、3分。"
    assert "2024年度取第1版（数据截至12月28日），2025年度取第1版（数据截至10月31日）" in text(app)


def test_a_pair_shows_weight_text_status_and_score_of_both_years(two_years: Store) -> None:
    village, forest = rows(markup(opened_by("", YEAR)))
    assert forest[0] == "4 → 5"
    assert forest[1].startswith("造林6200亩以上 1-2 造林 5000 6200 亩以上")
    assert (forest[2], forest[4]) == ("● 已完成 得3.60", "▲ 滞后")
    assert (village[0], village[4]) == ("3", "○ 未填报")


@pytest.mark.parametrize(("kind", "name"), [("new", "建成林长制&lt;b&gt;平台&lt;/b&gt;"), ("gone", "举办花卉博览会")])
def test_new_and_gone_indicators_have_lists_of_their_own(kind: str, name: str, two_years: Store) -> None:
    app = opened_by("", YEAR)
    app.session_state["years_kind"] = kind
    page = markup(stands(app.run()))
    assert [name in page.split('class="tb changes', 1)[1], len(rows(page))] == [True, 1]


def test_an_address_that_asks_for_an_earlier_year_in_vain_is_answered(two_years: Store) -> None:
    app = opened_by("", f"/changes?plan={UNIT} 2024&against=year")
    assert f"{UNIT}没有更早年度的考评表" in text(app)
    assert headline(app) == "只有一版，还没有可比的。"
