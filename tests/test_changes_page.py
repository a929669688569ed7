import pytest

from tests.published import Published, headline, markup, opened, publish

HEAD = "序号 | 二级指标 | 权重 | 时限 | 科室 | 分管领导 | 完成情况 | 进度"
ROWS = """
1-1 | 造林5000亩 | {weight} | 12月底前 | 造林科 | 方远 | {planted} | {progress}
1-2 | 抚育森林1.2万亩 | 3 | 12月底前 | 抚育科 | 方远 | {tended} |
"""


def drawn(weight: str = "4", planted: str = "", progress: str = "", tended: str = "") -> str:
    return HEAD + ROWS.format(weight=weight, planted=planted, progress=progress, tended=tended)


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> Published:
    return publish(
        monkeypatch,
        Published(
            drawn(planted="已造林3000亩", progress="60%"),
            drawn(planted="已造林3100亩", progress="62%", tended="已抚育1万亩"),
            drawn(weight="5", planted="已完成造林5000亩", progress="100%", tended="已抚育1万亩"),
        ),
    )


def test_the_last_two_versions_are_compared_unless_the_address_says_otherwise(three: Published) -> None:
    app = opened("changes")
    assert [app.selectbox(key=f"{side}_version").value for side in ("from", "to")] == ["2", "3"]
    app = opened("changes?from=1&to=2")
    assert [app.selectbox(key=f"{side}_version").value for side in ("from", "to")] == ["1", "2"]
    assert "第1版 → 第2版" in markup(app)


def test_a_newer_version_is_compared_with_the_one_before_it(three: Published) -> None:
    assert opened("changes?to=2").selectbox(key="from_version").value == "1"


@pytest.mark.parametrize("wanted", ["9", "0", "-1", "x", ""])
def test_an_address_of_no_version_is_told_and_answered(wanted: str, three: Published) -> None:
    app = opened(f"changes?from={wanted}&to=3")
    assert app.selectbox(key="from_version").value == "2"
    assert ("没有第" in markup(app)) is bool(wanted)  # an empty parameter does not arrive


def test_the_lists_write_the_address(three: Published) -> None:
    app = opened("changes")
    app.selectbox(key="from_version").select("1").run()
    assert app.query_params["from"] == "1"
    assert "第1版 → 第3版" in markup(app)


def test_the_story_has_five_sentences_and_the_departments_move(three: Published) -> None:
    body = markup(opened("changes"))
    story = body.split('<ol class="story">', 1)[1].split("</ol>", 1)[0]
    assert story.count("<li>") == 5
    assert "造林5000亩" in story
    assert "由4分改为5分" in story
    departments = body.split('class="dumbbells"', 1)[1]
    assert "造林科" in departments


def test_what_was_not_reported_again_stands_with_its_days(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(drawn(planted="已造林3000亩", tended="已抚育1万亩"), drawn(planted="已造林3100亩")))
    stale = markup(opened("changes")).split("多日未更新", 1)[1].split("</table>", 1)[0]
    assert "<b>31天</b><small>6月30日填报</small>" in stale
    assert "抚育森林" in stale
    assert "造林5000亩" not in stale


def test_one_version_has_nothing_to_be_compared_with(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, Published(drawn()))
    app = opened("changes")
    assert headline(app) == "只有一版，还没有可比的。"
    assert not [box for box in app.selectbox if box.key == "from_version"]


def test_a_version_compared_with_itself_says_that_nothing_changed(three: Published) -> None:
    assert "没有一项填报有变化" in headline(opened("changes?from=2&to=2"))
