"""ui.lead: a page's headline in the theme's colours."""

import pytest
from streamlit.testing.v1 import AppTest

from reports.words import INKS
from tests.published import headline


@pytest.fixture
def page() -> AppTest:
    def script() -> None:
        from reports.words import INKS, Span
        from ui import lead

        lead.show((Span("1. 得[甲]*5*分"), *(Span(f"{tone}：<b>3-2</b>分", tone) for tone in INKS)), "注：<i>没有</i>")

    return AppTest.from_function(script).run()


def test_every_tone_has_a_colour_of_the_theme(page: AppTest) -> None:
    assert not page.exception
    assert page.title[0].value.count(":red[") == sum(ink == INKS["risk"] for ink in INKS.values())
    assert ":primary[link" in page.title[0].value


def test_texts_stand_as_they_are(page: AppTest) -> None:
    assert headline(page) == "1. 得[甲]*5*分" + "".join(f"{tone}：<b>3-2</b>分" for tone in INKS)
    assert "注：&lt;i&gt;没有" in page.get("html")[0].proto.body
