import re
import stat
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from http.cookies import SimpleCookie
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from itsdangerous import TimestampSigner
from playwright.sync_api import Page

from data.errors import StoreUnusable
from data.secret import secret
from tests.browser import settle, visit
from tests.servers import ROOT, running, start_link
from tests.sockets import opened, run
from ui import editor, start
from ui.editor import Editor, EditorNeeded

NAME = "林 溪"
SIGNED_IN = f"以“{NAME}”的名字编辑"
VIEWER = "只对编辑开放"


class Here(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


def ask(address: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, Message, str]:
    """Return status, headers and text of an answer, without following it elsewhere."""
    body = None if form is None else urlencode(form).encode()
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, body, sent)
    try:
        with urllib.request.build_opener(Here).open(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers, answer.read().decode()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("editor")


@pytest.fixture(scope="module")
def product(kept: Path) -> Iterator[str]:
    with running(ROOT / "dashboard.py", kept) as address:
        yield address


@pytest.fixture(scope="module")
def answer(product: str, kept: Path) -> Message:
    """The headers of the answer to the name, which the module's one start link was used for."""
    key = parse_qs(urlsplit(start_link(product, kept)).query)["key"][0]
    status, headers, _ = ask(f"{product}/start", {"key": key, "name": f"  {NAME} "})
    assert status == 303
    return headers


@pytest.fixture(scope="module")
def cookie(answer: Message) -> str:
    return answer["Set-Cookie"].split(";")[0]


# The session


def test_a_session_names_its_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    token = editor.sign(NAME)
    assert token.isascii()
    assert editor.of(token) == Editor(NAME)


@pytest.mark.parametrize("change", [lambda token: "", lambda token: token[:-2], lambda token: f"A{token}"])
def test_a_forged_session_is_nobody_s(change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    assert editor.of(change(editor.sign(NAME))) is None


def test_a_session_signed_with_another_secret_is_nobody_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path / "one"))
    token = editor.sign(NAME)
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path / "other"))
    assert editor.of(token) is None


@pytest.mark.parametrize(("hours", "known"), [(7.9, True), (8.1, False), (-0.1, False)])
def test_a_session_lasts_eight_hours(
    hours: float, known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    made = int(time.time() - hours * 3600)
    with monkeypatch.context() as clock:
        clock.setattr(TimestampSigner, "get_timestamp", lambda self: made)
        token = editor.sign(NAME)
    assert (editor.of(token) is not None) is known


def test_an_ended_session_stays_ended_where_a_page_still_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    token, other = editor.sign(NAME), editor.sign(NAME)
    editor.end(token)
    editor.end("nonsense")
    assert (editor.of(token), editor.of(other)) == (None, Editor(NAME))


def test_who_is_no_editor_can_neither_publish_nor_take_an_original() -> None:
    with pytest.raises(EditorNeeded, match="没有改动任何数据"):
        editor.session()(None)  # type: ignore[arg-type]  # it is asked before anything is read
    with pytest.raises(EditorNeeded):
        editor.allowed(lambda: b"original")()


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


# The start link


def test_a_key_is_good_once_and_only_the_last_one_issued() -> None:
    link = start.StartLink()
    old, key = link.issue(), link.issue()
    assert len(key) >= 43  # 256 bits
    assert not link.fits(old)
    assert link.fits(key)
    assert not link.use("")
    assert link.use(key)
    assert not link.use(key)
    assert not link.fits(key)


@pytest.mark.parametrize(
    ("host", "there"),
    [("", "127.0.0.1:1"), ("0.0.0.0", "127.0.0.1:1"), ("10.0.0.5", "10.0.0.5:1"), ("::1", "[::1]:1")],
)
def test_the_link_leads_to_where_the_server_listens(host: str, there: str) -> None:
    assert start.address(host, 1, "k") == f"http://{there}/start?key=k"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(answer: Message) -> None:
    morsel = SimpleCookie(answer["Set-Cookie"])[start.COOKIE]
    assert morsel["httponly"]
    assert morsel["samesite"].lower() == "strict"
    assert morsel["path"] == "/"
    assert morsel["max-age"] == str(8 * 3600)


def test_a_used_link_gives_nothing(product: str, kept: Path, cookie: str) -> None:
    link = start_link(product, kept)
    key = parse_qs(urlsplit(link).query)["key"][0]
    for status, headers, text in (ask(link), ask(f"{product}/start", {"key": key, "name": "旁人"})):
        assert status == 403
        assert "Set-Cookie" not in headers
        assert "只能用一次" in text


@pytest.mark.parametrize("key", ["", "x", "x" * 43])
def test_a_guessed_key_gives_nothing(key: str, product: str) -> None:
    status, headers, _ = ask(f"{product}/start", {"key": key, "name": "旁人"})
    assert status == 403
    assert "Set-Cookie" not in headers


def test_a_form_of_any_other_size_is_not_read(product: str) -> None:
    assert ask(f"{product}/start", {"key": "x", "name": "旁" * 5000})[0] == 413


def test_the_key_is_never_sent_on_or_kept(product: str) -> None:
    headers = ask(f"{product}/start?key=x")[1]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


# The server


def test_the_cookie_makes_an_editor_with_a_chinese_name(product: str, cookie: str) -> None:
    with opened(product, "versions", cookie=cookie) as page:
        assert SIGNED_IN in page.html
        assert VIEWER not in page.html


def test_a_header_from_outside_makes_nobody_an_editor(product: str, cookie: str) -> None:
    token = cookie.split("=", 1)[1]
    for name in (start.HEADER, start.HEADER.upper(), start.HEADER.replace("-", "_")):
        with opened(product, "versions", headers={name: token}) as page:
            assert VIEWER in page.html
    with opened(product, "versions", headers={start.HEADER: "旁人".encode().hex()}, cookie=cookie) as page:
        assert SIGNED_IN in page.html


def test_a_forged_cookie_makes_nobody_an_editor(product: str, cookie: str) -> None:
    signature = -5  # not the last character, whose low bits say nothing
    forged = f"{cookie[:signature]}{'A' if cookie[signature] != 'A' else 'B'}{cookie[signature + 1 :]}"
    with opened(product, "versions", cookie=forged) as page:
        assert VIEWER in page.html


def test_the_id_of_an_editor_s_session_gives_a_stranger_nothing(product: str, cookie: str) -> None:
    with opened(product, "versions", cookie=cookie) as mine:
        with opened(product, "versions", session=mine.session) as theirs:
            assert theirs.session != mine.session
            assert VIEWER in theirs.html
        assert run(mine.connection, "versions")[0] == mine.session  # the editor is not cut off


def test_the_start_page_tells_an_editor_who_he_is(product: str, cookie: str) -> None:
    status, _, text = ask(f"{product}/start", Cookie=cookie)
    assert status == 200
    assert f"“{NAME}”" in text


def test_another_site_cannot_end_a_session(product: str, cookie: str) -> None:
    status, headers, _ = ask(f"{product}/logout", {}, Cookie=cookie, Sec_Fetch_Site="cross-site")
    assert status == 403
    assert "Set-Cookie" not in headers
    with opened(product, "versions", cookie=cookie) as page:
        assert SIGNED_IN in page.html


def test_a_browser_goes_from_the_link_to_the_page_and_out_again(fresh_server: str, tmp_path: Path, page: Page) -> None:
    link = start_link(fresh_server, tmp_path)
    page.goto(link)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("姓名").fill("周　舟<b>")
    page.get_by_role("button", name="开始编辑").click()
    settle(page)
    assert "key=" not in page.url
    visit(page, f"{fresh_server}/versions")
    assert "以“周 舟<b>”的名字编辑" in page.locator("[data-testid=stMain]").inner_text()
    assert page.evaluate("document.cookie").find(start.COOKIE) == -1
    other = page.context.browser.new_page()  # type: ignore[union-attr]  # it was launched
    other.goto(link)
    assert "只能用一次" in other.locator("main").inner_text()
    other.close()
    open_page = page.context.new_page()
    visit(open_page, f"{fresh_server}/versions")
    page.get_by_role("link", name="退出编辑").click()
    page.get_by_role("button", name="退出").click()
    settle(page)
    open_page.keyboard.press("r")  # runs the page again; it still has the session that was ended
    open_page.get_by_text(VIEWER).wait_for()
    visit(page, f"{fresh_server}/versions")
    assert VIEWER in page.locator("[data-testid=stMain]").inner_text()


def test_the_terminal_shows_a_new_link_at_every_start_and_nothing_keeps_the_key(tmp_path: Path) -> None:
    links = []
    for _ in range(2):
        with running(ROOT / "dashboard.py", tmp_path) as address:
            links.append(start_link(address, tmp_path))
    keys = [re.sub(r".*key=", "", link) for link in links]
    assert keys[0] != keys[1]
    held = [path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file()]
    assert not any(key.encode() in content for key in keys for content in held)
