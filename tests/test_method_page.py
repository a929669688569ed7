"""The page 口径: the rules of the method file, and how to read the screen."""

import html
from pathlib import Path

import pytest

from reports import method as said
from reports.words import STATUSES, plain
from scoring import Method
from tests.published import Published, headline, markup, opened, publish
from ui import method as drawn

RULES = Method.default().rules


def test_every_rule_stands_there_in_the_order_of_the_file_with_source_or_mark() -> None:
    items = markup(opened("/method")).split("<li>")[1:]
    assert len(items) == len(RULES)
    for rule, item in zip(RULES, items, strict=True):
        own = item.split("</li>")[0]
        assert html.escape(rule.title) in own
        assert ("按假设" in own) == rule.assumed
        assert html.escape(rule.source) in own
        words = rule.value if isinstance(rule.value, tuple) else ()
        assert all(html.escape(word) in own for word in words if isinstance(word, str))


def test_the_headline_counts_what_has_a_source_and_what_is_assumed() -> None:
    assumed = sum(rule.assumed for rule in RULES)
    sentence = f"状态和分数按{len(RULES)}条口径计算：{len(RULES) - assumed}条有出处，{assumed}条按假设执行，待确认。"
    assert headline(opened("/method")) == sentence


def test_a_changed_method_file_changes_the_page(tmp_path: Path) -> None:
    path = tmp_path / "method.toml"
    path.write_text(
        '[behind_tolerance]\ntitle = "容差<b>"\nvalue = 0.1\ntext = "慢{value}个百分点"\nsource = "某文件"\n', "utf-8"
    )
    page = drawn.rules(Method.load(path))
    assert "慢10个百分点" in page
    assert "容差&lt;b&gt;" in page
    assert "出处：某文件" in page


def test_every_status_is_told_with_shape_word_and_colour_in_the_order_it_is_asked() -> None:
    page = markup(opened("/method"))
    for key, status in STATUSES.items():
        assert f'ink-{key}"><i>{status.shape}</i> {status.word}' in page
        assert f"fill-{key}" in page
    assert set(said.order()) == set(STATUSES)


def test_the_page_works_without_any_table(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published())
    app = opened("/method")
    assert headline(app) == plain(said.headline(Method.default()))
