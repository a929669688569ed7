"""What pages ask about editors, the secret that marks known browsers, and the settings of who is let in."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from data.errors import StoreUnusable
from data.storage.accounts import person_ticket
from data.storage.journal import written
from data.storage.secret import secret
from data.store import Store
from tests.kept import button, opened_by, published, store, text, ticket  # noqa: F401  # store is a fixture
from tests.published import markup
from ui import editor, journal
from ui.doors import identity, settings
from ui.doors.settings import SettingInvalid
from ui.editor import Editor, EditorNeeded

VARIABLES = (settings.VIEW, settings.PROXY, settings.HEADER)


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "FORWARDED_ALLOW_IPS"):
        monkeypatch.delenv(name, raising=False)


def signed_in(monkeypatch: pytest.MonkeyPatch, name: str) -> str:
    held = ticket(name)
    monkeypatch.setattr(editor, "_ticket", lambda: held)
    return held


def test_the_ticket_of_this_browser_names_its_editor(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    signed_in(monkeypatch, "林 溪")
    assert editor.current() == Editor("林 溪")


def test_who_is_no_editor_can_neither_publish_nor_take_an_original(store: Store) -> None:  # noqa: F811
    assert editor.current() is None
    with store._database.read() as connection, pytest.raises(EditorNeeded, match="没有改动任何数据"):
        editor.session()(connection)
    with pytest.raises(EditorNeeded):
        editor.allowed(lambda: b"original", "某方案 第1版")()
    assert store.accounts.journal(0, 1)[0].result == "EditorNeeded"


def test_an_original_that_was_taken_is_noted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    signed_in(monkeypatch, "林溪")
    assert editor.allowed(lambda: b"original", "某方案 第1版")() == b"original"
    (entry,) = store.accounts.journal(0, 1)
    assert (entry.who, entry.act, entry.about, entry.result) == ("林溪", "original", "某方案 第1版", "ok")


def test_a_page_stands_for_readers_where_the_store_cannot_say_who_asks(
    store: Store,  # noqa: F811  # the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signed_in(monkeypatch, "林溪")

    def gone() -> Store:
        raise StoreUnusable("数据库文件打不开。")

    monkeypatch.setattr("ui.session.source", gone)
    assert editor.current() is None
    editor.seen()


# The secret


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = secret(tmp_path / "new")
    assert secret(tmp_path / "new") == first
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret"]


def test_a_secret_of_the_environment_is_used_unless_it_is_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_SECRET", "s" * 32)
    assert secret(tmp_path) == "s" * 32
    monkeypatch.setenv("DASHBOARD_SECRET", "changeme")
    with pytest.raises(StoreUnusable, match="太短"):
        secret(tmp_path)


# Settings


def test_anybody_may_look_unless_it_is_set_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not settings.access().signed_in_only
    monkeypatch.setenv(settings.VIEW, "signed-in")
    assert settings.access().signed_in_only


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({settings.VIEW: "closed"}, settings.VIEW),
        ({settings.PROXY: "proxy.local"}, settings.PROXY),
        ({settings.HEADER: "X-User"}, settings.PROXY),
        ({settings.HEADER: "X User", settings.PROXY: "10.0.0.2"}, settings.HEADER),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_its_name(
    variables: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingInvalid, match=named):
        settings.access()
    assert settings.unusable().startswith("没有启动")


# What a proxy says


def from_peer(client: tuple[str, int], *headers: tuple[str, str]) -> HTTPConnection:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    return HTTPConnection({"type": "websocket", "scheme": "ws", "path": "/", "headers": raw, "client": client})


USER = ("X-Remote-User", "林溪")
RAW = 50000  # the port of a peer of one's own; where the server has put in a forwarded address, it is 0


@pytest.mark.parametrize(
    ("proxy", "client", "headers", "known"),
    [
        ("10.0.0.2", ("10.0.0.2", RAW), [USER], True),
        ("10.0.0.2", ("10.0.0.2", RAW), [USER, ("X-Forwarded-For", "10.0.0.9")], True),
        ("10.0.0.2", ("10.0.0.9", RAW), [USER], False),
        ("10.0.0.2", ("127.0.0.1", RAW), [USER], False),
        ("10.0.0.2", ("10.0.0.2", 0), [USER, ("X-Forwarded-For", "10.0.0.2")], False),  # somebody on this machine
        ("10.0.0.2", ("10.0.0.2", RAW), [USER, ("X-Forwarded-For", f"10.0.0.2:{RAW}")], False),
        ("10.0.0.2", ("10.0.0.2", RAW), [USER, USER], False),
        ("127.0.0.1", ("127.0.0.1", RAW), [USER], True),
        ("127.0.0.1", ("10.0.0.9", 0), [USER, ("X-Forwarded-For", "10.0.0.9")], True),
        ("127.0.0.1", ("10.0.0.9", RAW), [USER, ("X-Forwarded-For", "10.0.0.9")], False),
        ("", ("127.0.0.1", RAW), [USER], False),
    ],
)
def test_a_person_is_taken_from_the_trusted_proxy_alone(
    proxy: str, client: tuple[str, int], headers: list[tuple[str, str]], known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.PROXY, proxy)
    monkeypatch.setenv(settings.HEADER, USER[0] if proxy else "")
    found = identity.known_ticket(from_peer(client, *headers))
    assert found == (person_ticket("林溪") if known else "")


def test_without_the_setting_no_header_names_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.PROXY, "127.0.0.1")
    assert identity.known_ticket(from_peer(("127.0.0.1", RAW), USER)) == ""


def test_a_person_named_by_the_proxy_publishes_only_as_an_enabled_editor(store: Store) -> None:  # noqa: F811
    assert editor.name_of(person_ticket("林溪")) is None
    ticket("林溪")
    assert editor.name_of(person_ticket("林　溪")) == "林溪"
    store.accounts.disable("林溪", "测试")
    assert editor.name_of(person_ticket("林溪")) is None


def test_a_claimed_address_does_not_count_as_another(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = [from_peer((f"10.0.0.{number}", 0), ("X-Forwarded-For", f"10.0.0.{number}")) for number in (1, 2)]
    assert len({identity.caller(each) for each in claims}) == 1
    monkeypatch.setenv(settings.PROXY, "127.0.0.1")
    assert [identity.caller(each) for each in claims] == ["10.0.0.1", "10.0.0.2"]


# The journal on 版本


def test_editors_see_who_did_what_and_readers_do_not(store: Store) -> None:  # noqa: F811
    published(store, "序号|二级指标|权重\n1-1|造林|4", "2025-06-30", "林溪<b>")
    assert "操作记录" not in text(opened_by("", "versions"))
    shown = markup(opened_by("周舟", "versions"))
    assert "<td>林溪&lt;b&gt;</td><td>发布</td><td>某市林业局 2025 第1版</td><td>成功</td>" in shown
    assert "<td>周舟</td><td>登录</td>" in shown


def test_the_journal_is_turned_a_page_at_a_time(store: Store) -> None:  # noqa: F811
    published(store, "序号|二级指标|权重\n1-1|造林|4", "2025-06-30")
    held = ticket("周舟")
    for number in range(journal.ON_A_PAGE):
        store.accounts.note("original", held, f"第{number}次")
    app = opened_by("周舟", "versions")
    assert "第19次" in text(app)
    assert "第0次" not in text(app)
    button(app, "更早的").click().run()
    assert "第0次" in text(app)
    button(app, "更新的").click().run()
    assert "第19次" in text(app)


def test_a_page_that_is_used_keeps_its_session_alive(store: Store, tmp_path: Path) -> None:  # noqa: F811
    published(store, "序号|二级指标|权重\n1-1|造林|4", "2025-06-30")
    app = opened_by("周舟", "versions")

    def seen(change: str = "") -> str:
        with closing(sqlite3.connect(tmp_path / "dashboard.db")) as connection:
            if change:
                connection.execute("UPDATE session SET seen_at = ?", (change,))
                connection.commit()
            return str(connection.execute("SELECT seen_at FROM session").fetchone()[0])

    earlier = written(datetime.now(UTC) - timedelta(minutes=30))
    assert seen(earlier) == earlier
    app.run()
    assert seen() > earlier
