import dataclasses

import pytest

from scoring import Method
from scoring.errors import DashboardError, MethodInvalid

DEFAULT = Method.default()


@pytest.fixture
def load(tmp_path):
    def written(text: str) -> Method:
        file = tmp_path / "method.toml"
        file.write_text(text, encoding="utf-8")
        return Method.load(file)

    return written


def entry(name: str, value: str, grounds: str = "assumed = true") -> str:
    return f'[{name}]\ntitle = "标题"\nvalue = {value}\ntext = "说明{{value}}。"\n{grounds}\n'


def test_every_rule_has_a_source_or_is_assumed():
    assert [rule.name for rule in DEFAULT.rules if not rule.source and not rule.assumed] == []


def test_every_rule_can_be_printed():
    for rule in DEFAULT.rules:
        assert rule.title
        assert rule.text.endswith("。")
        assert "{" not in rule.text


def test_the_texts_show_the_values_that_are_set(load):
    method = load(entry("behind_tolerance", "0.075") + entry("tier_shares", "[1, 0.85, 0.7]"))
    texts = {rule.name: rule.text for rule in method.rules}
    assert texts["behind_tolerance"] == "说明7.5。"
    assert texts["tier_shares"] == "说明100%、85%、70%。"


def test_coefficients_tolerance_and_scale_are_marked_as_assumed():
    assert DEFAULT.tier_shares == (1.0, 0.9, 0.8)
    assert DEFAULT.behind_tolerance == 0.05
    assert (DEFAULT.panel_scale, DEFAULT.pace, DEFAULT.behind_tier) == ("points", "month", 3)
    assumed = {rule.name for rule in DEFAULT.rules if rule.assumed}
    assert DEFAULT.far_beyond == 3
    assert {"tier_shares", "behind_tolerance", "behind_tier", "panel_scale", "far_beyond", "several_targets"} <= assumed


def test_what_a_file_leaves_out_is_the_default(load):
    changed = load(entry("panel_scale", '"percent"'))
    assert changed.panel_scale == "percent"
    assert [rule.name for rule in changed.rules] == [rule.name for rule in DEFAULT.rules]
    assert load("") == DEFAULT


def test_a_method_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEFAULT.pace = "day"
    assert hash(DEFAULT) == hash(Method.default())


@pytest.mark.parametrize(
    ("text", "named", "allowed"),
    [
        (entry("panel_scale", '"分数"'), "panel_scale", '"points"'),
        (entry("panel_scale", "3"), "panel_scale", '"percent"'),
        (entry("pace", '"week"'), "pace", '"month"'),
        (entry("behind_tolerance", "5"), "behind_tolerance", "0到1"),
        (entry("behind_tolerance", "nan"), "behind_tolerance", "0到1"),
        (entry("behind_tolerance", "true"), "behind_tolerance", "0到1"),
        (entry("behind_tolerance", '"0.05"'), "behind_tolerance", "0到1"),
        (entry("tier_shares", "[1.0, 0.9]"), "tier_shares", "三个"),
        (entry("tier_shares", "[0.8, 0.9, 1.0]"), "tier_shares", "不增加"),
        (entry("behind_tier", "1"), "behind_tier", "2或3"),
        (entry("behind_tier", "3.0"), "behind_tier", "2或3"),
        (entry("far_beyond", "1"), "far_beyond", "大于1"),
        (entry("far_beyond", "inf"), "far_beyond", "大于1"),
        (entry("far_beyond", "true"), "far_beyond", "大于1"),
        (entry("done_words", '"已完成"'), "done_words", "一列"),
        (entry("done_words", '["", "已完成"]'), "done_words", "非空"),
        (entry("behind_tolerence", "0.05"), "behind_tolerence", "behind_tolerance"),
        (entry("joint", "1"), "value", "title"),
        (entry("pace", '"day"', grounds=""), "pace", "assumed = true"),
        (entry("pace", '"day"', grounds="assumed = 1"), "assumed", "true 或 false"),
        (entry("pace", '"day"', grounds="source = 3"), "source", "文字"),
        ('[pace]\nvalue = "day"\ntext = "x"\nassumed = true', "title", "文字"),
        ('pace = "day"', "pace", "[pace]"),
        ("[pace]\ntitle = ", "TOML", "method.toml"),
    ],
)
def test_a_refused_file_names_the_entry_and_what_it_may_hold(load, text, named, allowed):
    with pytest.raises(MethodInvalid) as refused:
        load(text)
    assert named in str(refused.value)
    assert allowed in str(refused.value)
    assert str(refused.value).endswith("。")


def test_an_entry_without_its_value_is_refused(load):
    with pytest.raises(MethodInvalid, match="behind_tolerance"):
        load('[behind_tolerance]\ntitle = "容差"\ntext = "x"\nassumed = true')


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(DashboardError, match="打不开"):
        Method.load(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes("# 口径".encode("gb18030"))
    with pytest.raises(DashboardError, match="UTF-8"):
        Method.load(tmp_path / "gbk.toml")
