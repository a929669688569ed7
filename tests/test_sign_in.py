"""Signing in over the network and in a real browser, and whoever tries to get in otherwise."""

import os
import pty
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from hashlib import sha256
from http.cookies import SimpleCookie
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page
from starlette.requests import HTTPConnection
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data.storage.accounts import person_ticket, session_ticket
from data.store import Store
from tests.browser import settle, visit
from tests.servers import PASSWORD, ROOT, running, sign_in, start_link
from tests.sockets import opened, run
from ui.doors import identity, start
from ui.doors.sign_in import BROWSER, next_page

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


def store_of(kept: Path) -> Store:
    return Store.open(f"sqlite:///{kept / 'var' / 'dashboard.db'}")


def cookies(answer: Message) -> SimpleCookie:
    return SimpleCookie("\r\n".join(answer.get_all("Set-Cookie", [])))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sign_in")


@pytest.fixture(scope="module")
def product(kept: Path) -> Iterator[str]:
    with running(ROOT / "dashboard.py", kept) as address:
        yield address


@pytest.fixture(scope="module")
def answer(product: str, kept: Path) -> Message:
    """The headers of the answer to name and password, which the module's one start link was used for."""
    key = parse_qs(urlsplit(start_link(product, kept)).query)["key"][0]
    form = {"key": key, "name": f"  {NAME} ", "password": PASSWORD, "again": PASSWORD}
    for wrong in ({"again": "别的"}, {"password": "1234567890", "again": "1234567890"}, {"name": " "}):
        status, headers, _ = ask(f"{product}/start", form | wrong)
        assert (status, "Set-Cookie" in headers) == (200, False)  # asked again; the link is not used up
    status, headers, _ = ask(f"{product}/start", form)
    assert status == 303
    return headers


@pytest.fixture(scope="module")
def cookie(answer: Message) -> str:
    return f"{identity.COOKIE}={cookies(answer)[identity.COOKIE].value}"


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
    assert start.address(host, 1, "/start", key="k") == f"http://{there}/start?key=k"


@pytest.mark.parametrize("name", [identity.COOKIE, BROWSER])
def test_the_cookies_are_out_of_reach_of_scripts_and_of_other_sites(answer: Message, name: str) -> None:
    morsel = cookies(answer)[name]
    assert morsel["httponly"]
    assert morsel["samesite"].lower() == "strict"
    assert morsel["path"] == "/"
    assert morsel["max-age"] == str({identity.COOKIE: 8 * 3600, BROWSER: 180 * 86400}[name])


def test_with_tls_the_cookie_is_this_host_s_alone() -> None:
    names = {}
    for scheme in ("https", "wss", "http", "ws"):
        scope = {"type": "http", "scheme": scheme, "path": "/", "headers": [], "server": ("127.0.0.1", 1)}
        names[scheme] = identity.cookie(HTTPConnection(scope), "c")
    assert names == {"https": "__Host-c", "wss": "__Host-c", "http": "c", "ws": "c"}


def test_behind_tls_the_cookie_is_secure(product: str, answer: Message) -> None:
    form = {"name": NAME, "password": PASSWORD}
    status, headers, _ = ask(f"{product}/sign-in", form, X_Forwarded_Proto="https")
    assert status == 303
    assert cookies(headers)[f"__Host-{identity.COOKIE}"]["secure"]


def test_a_used_link_gives_nothing(product: str, kept: Path, cookie: str) -> None:
    link = start_link(product, kept)
    key = parse_qs(urlsplit(link).query)["key"][0]
    form = {"key": key, "name": "旁人", "password": PASSWORD, "again": PASSWORD}
    for status, headers, text in (ask(link), ask(f"{product}/start", form)):
        assert status == 403
        assert "Set-Cookie" not in headers
        assert "只能用一次" in text


@pytest.mark.parametrize("key", ["", "x", "x" * 43])
def test_a_guessed_key_gives_nothing(key: str, product: str) -> None:
    form = {"key": key, "name": "旁人", "password": PASSWORD, "again": PASSWORD}
    status, headers, _ = ask(f"{product}/start", form)
    assert status == 403
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", ["start", "sign-in"])
def test_a_form_of_any_other_size_is_not_read(path: str, product: str) -> None:
    assert ask(f"{product}/{path}", {"key": "x", "name": "旁" * 5000})[0] == 413


def test_the_link_is_printed_only_while_there_is_no_editor_and_nothing_keeps_the_key(tmp_path: Path) -> None:
    links = []
    for _ in range(2):
        with running(ROOT / "dashboard.py", tmp_path) as address:
            links.append(start_link(address, tmp_path))
    keys = [re.sub(r".*key=", "", link) for link in links]
    assert keys[0] != keys[1]
    held = [path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file()]
    assert not any(key.encode() in content for key in keys for content in held)
    store_of(tmp_path).accounts.add(NAME, PASSWORD, "测试")
    with running(ROOT / "dashboard.py", tmp_path) as address:
        told = (tmp_path / f"server-{urlsplit(address).port}.log").read_text()
        assert f"{address}/sign-in" in told
        assert "key=" not in told


def test_a_link_is_worthless_once_an_editor_was_added_on_the_terminal(tmp_path: Path) -> None:
    with running(ROOT / "dashboard.py", tmp_path) as address:
        link = start_link(address, tmp_path)
        store_of(tmp_path).accounts.add(NAME, PASSWORD, "测试")
        assert ask(link)[0] == 403


# The sign-in page


def test_name_and_password_make_a_session_and_lead_back(product: str, answer: Message) -> None:
    status, headers, _ = ask(f"{product}/sign-in", {"name": NAME, "password": PASSWORD, "next": "versions?v=1"})
    assert (status, headers["Location"]) == (303, "versions?v=1")
    with opened(product, "versions", cookie=f"{identity.COOKIE}={cookies(headers)[identity.COOKIE].value}") as page:
        assert SIGNED_IN in page.html


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "a/../b", "x\r\ny", ""],
)
def test_nobody_is_led_elsewhere(elsewhere: str) -> None:
    assert next_page(elsewhere) == "."


def test_a_wrong_name_and_a_wrong_password_look_alike(product: str, answer: Message) -> None:
    answers = [ask(f"{product}/sign-in", {"name": name, "password": "wrong"}) for name in (NAME, "周 舟")]
    assert [status for status, *_ in answers] == [403, 403]
    known, unknown = (text.replace(name, "") for (*_, text), name in zip(answers, (NAME, "周 舟"), strict=True))
    assert known == unknown
    assert not any("Set-Cookie" in headers for _, headers, _ in answers)


def test_a_name_with_markup_comes_back_as_text(product: str, answer: Message) -> None:
    assert "<b>x" not in ask(f"{product}/sign-in", {"name": '"><b>x', "password": "wrong"})[2]


def test_guesses_end_with_a_sentence_and_the_editor_s_browser_still_gets_in(tmp_path: Path) -> None:
    with running(ROOT / "dashboard.py", tmp_path) as address:
        store_of(tmp_path).accounts.add(NAME, PASSWORD, "测试")
        form = {"name": NAME, "password": PASSWORD}
        known = cookies(ask(f"{address}/sign-in", form)[1])[BROWSER].value
        answers = [ask(f"{address}/sign-in", {"name": NAME, "password": f"guess {number}"}) for number in range(12)]
        assert [status for status, *_ in answers] == [403] * 6 + [429] * 6
        assert "15分钟后再试" in answers[-1][2]
        assert answers[-1][1]["Retry-After"] == "900"
        assert ask(f"{address}/sign-in", form)[0] == 429
        assert ask(f"{address}/sign-in", form, X_Forwarded_For="10.9.9.9")[0] == 429
        assert ask(f"{address}/sign-in", form, Cookie=f"{BROWSER}={known}")[0] == 303


@pytest.mark.parametrize("path", ["sign-in", "sign-out", "start"])
@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "null"}]
)
def test_another_site_s_page_can_neither_sign_anybody_in_nor_out(
    path: str, headers: dict[str, str], product: str, cookie: str
) -> None:
    form = {"name": NAME, "password": PASSWORD}
    status, answered, _ = ask(f"{product}/{path}", form, Cookie=cookie, **headers)
    assert status == 403
    assert "Set-Cookie" not in answered
    with opened(product, "versions", cookie=cookie) as page:
        assert SIGNED_IN in page.html


# Getting in otherwise


def test_the_cookie_makes_an_editor_with_a_chinese_name(product: str, cookie: str) -> None:
    with opened(product, "versions", cookie=cookie) as page:
        assert SIGNED_IN in page.html
        assert VIEWER not in page.html


def test_a_header_from_outside_makes_nobody_an_editor(product: str, cookie: str) -> None:
    token = cookie.split("=", 1)[1]
    for ticket in (session_ticket(token), person_ticket(NAME), token):
        for name in (identity.HEADER, identity.HEADER.upper(), identity.HEADER.replace("-", "_"), "X-Remote-User"):
            with opened(product, "versions", headers={name: ticket}) as page:
                assert VIEWER in page.html
    with opened(product, "versions", headers={identity.HEADER: person_ticket("旁人")}, cookie=cookie) as page:
        assert SIGNED_IN in page.html


def test_what_the_store_holds_of_a_session_is_no_cookie(product: str, cookie: str) -> None:
    held = session_ticket(cookie.split("=", 1)[1]).removeprefix("session:")
    for forged in (held, f"session:{held}", cookie.split("=", 1)[1][:-1]):
        with opened(product, "versions", cookie=f"{identity.COOKIE}={forged}") as page:
            assert VIEWER in page.html


def test_the_id_of_an_editor_s_session_gives_a_stranger_nothing(product: str, cookie: str) -> None:
    with opened(product, "versions", cookie=cookie) as mine:
        with opened(product, "versions", session=mine.session) as theirs:
            assert theirs.session != mine.session
            assert VIEWER in theirs.html
        assert run(mine.connection, "versions")[0] == mine.session  # the editor is not cut off


def visitor(address: str, **headers: str) -> SimpleCookie:
    """Return the cookie that a browser is given before its page opens."""
    return cookies(ask(f"{address}{identity.ASKED_FIRST}", **headers)[1])


def test_every_browser_is_given_a_cookie_of_its_own_out_of_reach_of_scripts(product: str) -> None:
    given = [visitor(product)[identity.VISITOR] for _ in range(2)]
    assert given[0].value != given[1].value
    assert len(given[0].value) >= 43  # 256 bits
    assert given[0]["httponly"]
    assert given[0]["samesite"] == "Strict"
    assert (given[0]["path"], given[0]["domain"], given[0]["secure"]) == ("/", "", "")
    behind_tls = visitor(product, X_Forwarded_Proto="https")[f"__Host-{identity.VISITOR}"]
    assert behind_tls["secure"]
    assert not visitor(product, Cookie=f"{identity.VISITOR}=x")  # what it has is kept: its other tabs have it
    assert "Set-Cookie" not in ask(f"{product}/")[1]  # a link on another site comes without the cookie


@pytest.mark.parametrize("stranger", ["", f"{identity.VISITOR}=guessed", f"{identity.COOKIE}=x"])
def test_the_id_of_a_reader_s_session_gives_another_browser_nothing(product: str, stranger: str) -> None:
    own = f"{identity.VISITOR}={visitor(product)[identity.VISITOR].value}"
    with opened(product, "", cookie=own) as mine:
        with opened(product, "", cookie=stranger, session=mine.session) as theirs:
            assert theirs.session != mine.session
        assert run(mine.connection, "department")[0] == mine.session  # not cut off
    with opened(product, "", cookie=stranger, session=mine.session) as theirs:
        assert theirs.session != mine.session


def test_the_hash_that_streamlit_is_told_is_no_cookie(product: str) -> None:
    token = visitor(product)[identity.VISITOR].value
    told = sha256(token.encode()).hexdigest()
    with opened(product, "", cookie=f"{identity.VISITOR}={token}") as mine:
        for headers, stranger in (({identity.VISITOR_HEADER: told}, ""), ({}, f"{identity.VISITOR}={told}")):
            with opened(product, "", cookie=stranger, headers=headers, session=mine.session) as theirs:
                assert theirs.session != mine.session


def test_a_browser_comes_back_to_its_session_and_has_several_tabs(product: str) -> None:
    own = f"{identity.VISITOR}={visitor(product)[identity.VISITOR].value}"
    with opened(product, "", cookie=own) as one, opened(product, "department", cookie=own) as other:
        assert one.session != other.session
        assert all("<h1" in tab.html for tab in (one, other))
    for tab in (one, other):
        with opened(product, "", cookie=own, session=tab.session) as again:
            assert again.session == tab.session


def test_a_browser_without_cookies_is_served_and_its_session_is_nobody_s_to_take(product: str) -> None:
    with opened(product, "") as mine:
        assert "<h1" in mine.html
        with opened(product, "", session=mine.session) as theirs:
            assert theirs.session != mine.session


def test_a_real_browser_s_session_is_taken_up_with_its_cookie_and_not_without(product: str, page: Page) -> None:
    numbers: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: numbers.extend(session_in(frame))))
    visit(page, product)
    (mine,) = (each for each in page.context.cookies() if each["name"] == identity.VISITOR)
    page.goto("about:blank")
    with opened(product, "", session=numbers[0]) as theirs:
        assert theirs.session != numbers[0]
    with opened(product, "", cookie=f"{identity.VISITOR}={mine['value']}", session=numbers[0]) as again:
        assert again.session == numbers[0]


def session_in(frame: str | bytes) -> list[str]:
    message = ForwardMsg()
    message.ParseFromString(frame if isinstance(frame, bytes) else b"")
    number = message.new_session.initialize.session_id
    return [number] if number else []


def test_an_open_page_is_a_reader_s_at_once_when_its_editor_is_disabled(
    product: str, kept: Path, answer: Message
) -> None:
    accounts = store_of(kept).accounts
    accounts.add("周舟", PASSWORD, "测试")
    made = accounts.sign_in("周舟", PASSWORD, address="127.0.0.1")
    with opened(product, "versions", cookie=f"{identity.COOKIE}={made.token}") as page:
        assert "以“周舟”的名字编辑" in page.html
        accounts.disable("周舟", "测试")
        assert VIEWER in run(page.connection, "versions")[1]


# Only the signed-in look; a proxy signs people in


@pytest.fixture
def environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in request.param.items():
        monkeypatch.setenv(name, value)


PRIVATE = {"DASHBOARD_VIEW": "signed-in"}
PROXIED = {"DASHBOARD_USER_HEADER": "X-Remote-User", "DASHBOARD_TRUSTED_PROXY": "127.0.0.1"}


@pytest.mark.parametrize("environment", [PRIVATE], indirect=True)
def test_where_it_is_set_nobody_looks_without_signing_in(
    environment: None, fresh_server: str, tmp_path: Path, page: Page
) -> None:
    status, headers, _ = ask(f"{fresh_server}/versions?v=1", Accept="text/html")
    assert (status, headers["Location"]) == (303, "/sign-in?next=versions%3Fv%3D1")
    for path in ("/", "/_stcore/host-config", "/media/x.png", "/static/index.html"):
        assert ask(fresh_server + path)[0] == 401
    with pytest.raises(Exception, match="403"), opened(fresh_server, ""):
        pass
    sign_in(page, fresh_server, tmp_path, NAME)
    settle(page)
    store_of(tmp_path).accounts.disable(NAME, "测试")
    page.keyboard.press("r")  # runs the open page again
    page.get_by_text("登录后才能查看").wait_for()
    assert page.locator(".hundred").count() == 0


@pytest.mark.parametrize("environment", [PROXIED, PROXIED | PRIVATE], indirect=True)
def test_whom_the_proxy_names_publishes_once_he_is_an_editor(
    environment: None, fresh_server: str, tmp_path: Path
) -> None:
    named = {"X-Remote-User": "%E6%9E%97%20%E6%BA%AA"}
    with opened(fresh_server, "versions", headers=named) as page:
        assert VIEWER in page.html
    store_of(tmp_path).accounts.add(NAME, PASSWORD, "测试")
    with opened(fresh_server, "versions", headers=named) as page:
        assert SIGNED_IN in page.html


# In a real browser


def test_a_browser_goes_from_the_link_to_the_page_out_and_in_again(
    fresh_server: str, tmp_path: Path, page: Page
) -> None:
    link = start_link(fresh_server, tmp_path)
    page.goto(f"{fresh_server}/sign-in")
    assert "还没有编辑" in page.locator("main").inner_text()
    sign_in(page, fresh_server, tmp_path, "周　舟<b>")
    settle(page)
    assert "key=" not in page.url
    visit(page, f"{fresh_server}/versions")
    assert "以“周 舟<b>”的名字编辑" in page.locator("[data-testid=stMain]").inner_text()
    assert page.evaluate("document.cookie").find("dashboard_") == -1
    open_page = page.context.new_page()
    visit(open_page, f"{fresh_server}/versions")
    page.get_by_role("link", name="退出登录").click()
    page.get_by_role("button", name="退出").click()
    settle(page)
    open_page.keyboard.press("r")  # runs the page again; it still has the session that was ended
    open_page.get_by_text(VIEWER).wait_for()
    open_page.close()
    page.goto(f"{fresh_server}/upload")
    page.get_by_role("link", name="登录编辑").click()
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("姓名").fill("周舟<B>")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("密码").press("Enter")
    page.wait_for_url("**/upload*")
    page.locator("[data-testid=stFileUploader]").wait_for()
    assert ask(link)[0] == 403


# On the terminal


def editors(home: Path, *arguments: str, typed: str | None = None) -> tuple[int, str]:
    """Run ``python -m data editors`` in a terminal, or with ``typed`` from a pipe; return its code and all it printed."""
    command = [sys.executable, "-m", "data", "editors", *arguments]
    environment = os.environ | {"DASHBOARD_HOME": str(home)}
    told = subprocess.run(
        command, cwd=ROOT, env=environment, input=typed or "", capture_output=True, encoding="utf-8", check=False
    )
    return told.returncode, told.stdout + told.stderr


def at_a_terminal(home: Path, *arguments: str, typed: tuple[str, ...]) -> str:
    """Run the command with a terminal of its own and type lines when it asks; return what the terminal showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "data", "editors", *arguments],
        cwd=ROOT,
        env=os.environ | {"DASHBOARD_HOME": str(home)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen, waiting = b"", list(typed)
    try:
        while chunk := os.read(ours, 1024):
            seen += chunk
            if waiting and seen.decode(errors="ignore").count("：") > len(typed) - len(waiting):
                os.write(ours, f"{waiting.pop(0)}\n".encode())
    except OSError:  # the terminal's other end is closed
        pass
    os.close(ours)
    process.wait(20)
    return seen.decode()


def test_an_editor_added_on_a_terminal_signs_in_and_the_password_is_not_shown(tmp_path: Path) -> None:
    shown = at_a_terminal(tmp_path, "add", NAME, typed=(PASSWORD, PASSWORD))
    assert "可以登录" in shown
    assert PASSWORD not in shown
    accounts = Store.open(f"sqlite:///{tmp_path / 'dashboard.db'}").accounts
    assert accounts.sign_in(NAME, PASSWORD, address="").token


def test_two_passwords_that_differ_change_nothing(tmp_path: Path) -> None:
    assert "不一样" in at_a_terminal(tmp_path, "add", NAME, typed=(PASSWORD, f"{PASSWORD}x"))
    assert "还没有编辑" in editors(tmp_path, "list")[1]


def test_editors_are_listed_disabled_and_given_new_passwords(tmp_path: Path) -> None:
    code, told = editors(tmp_path, "add", NAME, "--generate")
    made = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", told)
    assert code == 0
    assert made
    accounts = Store.open(f"sqlite:///{tmp_path / 'dashboard.db'}").accounts
    assert accounts.sign_in(NAME, made[0], address="").token
    assert editors(tmp_path, "passwd", NAME, typed=f"{PASSWORD}\n")[0] == 0
    assert accounts.sign_in(NAME, PASSWORD, address="").token
    assert editors(tmp_path, "disable", NAME)[0] == 0
    assert "已停用" in editors(tmp_path, "list")[1]
    assert {entry.who.split("（")[0] for entry in accounts.journal(0, 99) if entry.act != "sign-in"} == {"命令行"}


@pytest.mark.parametrize(
    "arguments", [("disable", "没有"), ("passwd", "没有"), ("add", ""), ("add", "字" * 21), ("add", "甲", PASSWORD)]
)
def test_what_cannot_be_done_is_a_sentence_and_no_traceback(arguments: tuple[str, ...], tmp_path: Path) -> None:
    code, told = editors(tmp_path, *arguments)
    assert code != 0
    assert "Traceback" not in told


def test_the_address_that_the_terminal_gives_marks_the_browser_of_an_editor(
    product: str, kept: Path, answer: Message
) -> None:
    told = editors(kept / "var", "add", "沈 舟", typed=f"{PASSWORD}\n")[1]
    address = re.search(r"/sign-in\?browser=\S+", told)
    assert address
    status, headers, _ = ask(product + address[0])
    assert (status, cookies(headers)[BROWSER].value) == (200, address[0].partition("=")[2])
    assert identity.COOKIE not in cookies(headers)  # the password is asked for all the same
    assert "Set-Cookie" not in ask(f"{product}/sign-in?browser=forged")[1]


def test_a_weak_password_is_refused_with_what_would_work(tmp_path: Path) -> None:
    code, told = editors(tmp_path, "add", NAME, typed="12345678901\n")
    assert (code, "不相干的词" in told) == (1, True)
