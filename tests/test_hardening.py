"""The server's doors: who may ask it for what, by which name and from where, and what every answer says of itself."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.requests import HTTPConnection, Request
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg

from tests.menu import menu
from tests.servers import ROOT, free_port, process_of, resident, running
from tests.sockets import done, opened, run
from ui.doors import callers, hardening, settings
from ui.doors.callers import called_by_its_name, from_its_own_page

ADDRESSES = [address for address, _ in menu().values()]
FOREIGN_NAMES = ("evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "127.0.0.2", "[::2]", "a b", "")
DEVELOPERS = (
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
    "/_stcore/agent/mcp",
    "/_stcore/bidi-components/meeting_foot/index.js",
    "/component/some.component/index.html",
    "/app/static/dashboard.db",
    "/oauth2callback",
    "/auth/login",
    "/index.html",
    "/.streamlit/config.toml",
)
DROPPED = {
    "clear_cache",
    "set_run_on_save",
    "load_git_info",
    "debug_disconnect_websocket",
    "debug_shutdown_runtime",
}
XSRF = "2|00000000|00000000000000000000000000000000|1700000000"


def ask(
    address: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """Return status, headers and text of an answer to exactly this request."""
    port = urlsplit(address).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    sent = {"Host": f"127.0.0.1:{port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return (
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read().decode(errors="replace"),
        )
    finally:
        connection.close()


def connection(**headers: str) -> HTTPConnection:
    """Return a POST as the server sees it that was reached at 10.0.0.5."""
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": pairs, "server": ("::ffff:10.0.0.5", 8501)}
    return HTTPConnection(scope)


# The name by which it is called


@pytest.mark.parametrize("host", FOREIGN_NAMES)
@pytest.mark.parametrize("path", ["/", "/department", "/_stcore/health", "/start?key=x"])
def test_nothing_is_served_under_a_foreign_name(host: str, path: str, server: str) -> None:
    status, _, text = ask(server, path, Host=host)
    if host == "a b" or not host:  # the HTTP library itself may refuse what is no name
        assert status in (400, 421)
    else:
        assert status == 421
        assert "这个地址打不开看板" in text


def test_a_websocket_under_a_foreign_name_is_refused_though_its_origin_has_the_same(server: str) -> None:
    port = urlsplit(server).port
    names = {"Host": f"evil.example:{port}", "Origin": f"http://evil.example:{port}"}
    status, _, _ = ask(server, "/_stcore/stream", **HANDSHAKE, **names)
    assert status == 403


HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec_WebSocket_Protocol": "streamlit",
}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]:8501", socket.gethostname(), "10.0.0.5:8501"])
def test_it_answers_to_loopback_its_own_name_and_the_address_it_was_reached_at(host: str) -> None:
    assert called_by_its_name(connection(host=host))


def test_further_names_are_those_the_operator_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not called_by_its_name(connection(host="kaohe.example.cn"))
    monkeypatch.setenv(callers.VARIABLE, "kaohe.example.cn, Other.example.cn:443")
    for host in ("kaohe.example.cn", "KAOHE.example.cn.:8443", "other.example.cn"):
        assert called_by_its_name(connection(host=host))
    for host in ("example.cn", "x.kaohe.example.cn", "10.0.0.6", "kaohe.example.cn@evil.example", "10.0.0.5:port"):
        assert not called_by_its_name(connection(host=host))


def test_two_names_at_once_or_none_are_refused() -> None:
    scope = connection(host="localhost").scope
    assert not called_by_its_name(HTTPConnection({**scope, "headers": scope["headers"] * 2}))
    assert not called_by_its_name(HTTPConnection({**scope, "headers": []}))


# Where a request comes from


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"origin": "http://10.0.0.5:8501"}, True),
        ({"origin": "https://10.0.0.5:8501", "sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"origin": "null", "sec_fetch_site": "same-origin"}, True),
        ({"origin": "null"}, False),
        ({"origin": "http://10.0.0.5:9999"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "http://[evil"}, False),
        ({"origin": "http://evil.example", "sec_fetch_site": "same-origin"}, False),
        ({"origin": "http://10.0.0.5:8501", "sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
    ],
)
def test_what_changes_something_comes_from_a_page_of_its_own(headers: dict[str, str], own: bool) -> None:
    assert from_its_own_page(connection(host="10.0.0.5:8501", **headers)) is own


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "http://localhost", "null"])
def test_a_websocket_from_another_site_s_page_is_refused(origin: str, server: str) -> None:
    assert ask(server, "/_stcore/stream", **HANDSHAKE, Origin=origin)[0] == 403


def test_a_websocket_from_its_own_page_is_served(server: str) -> None:
    with opened(server, "", headers={"Origin": server, "Sec-Fetch-Site": "same-origin"}) as page:
        assert "<h1" in page.html


def test_a_form_sent_from_another_site_is_refused(server: str) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        status, answer, text = ask(server, "/sign-out", "POST", b"", **headers)
        assert (status, "set-cookie" in answer) == (403, False)
        assert "请求来自别的网站" in text


def test_a_link_on_another_site_leads_here(server: str) -> None:
    assert ask(server, "/department", Sec_Fetch_Site="cross-site")[0] == 200


# What is there


@pytest.mark.parametrize("path", [*DEVELOPERS, "/nothing", "/department/nothing", "/nothing/"])
def test_what_is_no_page_is_not_found_in_chinese(path: str, server: str) -> None:
    for method in ("GET", "POST"):
        status, headers, text = ask(server, path, method, b"" if method == "POST" else None)
        assert status == 404
        assert headers["content-type"].startswith("text/html")
        assert "没有这一页" in text
        assert 'lang="zh-CN"' in text


def test_the_way_back_from_a_deep_address_leads_home(server: str) -> None:
    text = ask(server, "/department/nothing/more")[2]
    assert '<a href="../../">' in text


def test_every_page_is_served(server: str) -> None:
    assert [address for address in ADDRESSES if ask(server, address)[0] != 200] == []


def test_a_websocket_elsewhere_is_refused(server: str) -> None:
    assert ask(server, "/department", **HANDSHAKE)[0] == 403


def test_what_fails_outside_a_page_is_told_in_chinese_without_what_failed() -> None:
    request = Request({"type": "http", "path": "/start", "headers": []})
    answer = done(hardening.on_failure(request, RuntimeError("secret detail")))
    assert answer.status_code == 500
    assert "看板出了错，数据没有改动" in bytes(answer.body).decode()
    assert b"secret" not in answer.body


# Uploads


def upload(address: str, session: str, size: int, **headers: str) -> int:
    mark = "frontier"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="f"; filename="a.xlsx"\r\n\r\n'
    body = head.encode() + bytes(size) + f"\r\n--{mark}--\r\n".encode()
    own = {
        "Content_Type": f"multipart/form-data; boundary={mark}",
        "X_Xsrftoken": XSRF,
        "Cookie": f"_streamlit_xsrf={XSRF}",
    }
    try:
        return ask(address, f"/_stcore/upload_file/{session}/any", "PUT", body, **own | headers)[0]
    except (BrokenPipeError, ConnectionResetError):  # it answered and closed before it was told everything
        return 403


def test_files_of_strangers_are_refused_before_they_fill_memory(server: str) -> None:
    process = process_of(server)
    with opened(server, "upload") as page:
        before = resident(process)
        assert {upload(server, page.session, 10 * 2**20) for _ in range(20)} == {403}
        assert resident(process) - before < 20 * 2**20


def test_strangers_cannot_delete_files_either(server: str) -> None:
    with opened(server, "upload") as page:
        cookie = {"X_Xsrftoken": XSRF, "Cookie": f"_streamlit_xsrf={XSRF}; dashboard_editor=forged"}
        assert ask(server, f"/_stcore/upload_file/{page.session}/any", "DELETE", **cookie)[0] == 403


# Messages


def passed(*frames: Message) -> list[Message]:
    """Return the messages that reach what stands behind the doors."""
    heard: list[Message] = []

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        while not heard or heard[-1]["type"] != "websocket.disconnect":
            heard.append(await receive())

    async def told() -> Message:
        return next(rest)

    async def unsent(message: Message) -> None:
        raise AssertionError(message)

    rest: Iterator[Message] = iter((*frames, {"type": "websocket.disconnect", "code": 1000}))
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", b"localhost")]}
    doors = hardening.Hardening(behind, (), lambda _: False)
    done(doors(scope, told, unsent))  # type: ignore[arg-type]
    return heard[:-1]


def frame(message: BackMsg) -> Message:
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def every_message() -> dict[str, BackMsg]:
    """Return a message of each kind that Streamlit's browser side knows."""
    messages = {}
    for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields:
        message = messages[field.name] = BackMsg()
        if field.message_type:
            getattr(message, field.name).SetInParent()
        else:
            setattr(message, field.name, True)
    del messages["backend_operation_request"]
    for field in BackendOperationRequest.DESCRIPTOR.oneofs_by_name["payload"].fields:
        message = messages[field.name] = BackMsg()
        getattr(message.backend_operation_request, field.name).SetInParent()
    return messages


@pytest.mark.parametrize("kind", every_message())
def test_messages_that_touch_others_or_the_server_itself_are_dropped(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardening, "PAUSE", 0)
    reader_s_own = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"}
    sent = frame(every_message()[kind])
    assert passed(sent) == ([sent] if kind in reader_s_own | {"deferred_file", "dataframe_chunk"} else [])
    assert (kind in DROPPED | {"install_skills", "dismiss_skills_nudge"}) is (passed(sent) == [])


def test_what_is_no_message_is_dropped_and_the_next_one_is_heard() -> None:
    good = frame(every_message()["app_heartbeat"])
    assert passed(
        {"type": "websocket.receive", "bytes": b"\xff\xff"}, {"type": "websocket.receive", "text": "x"}, good
    ) == [good]


def test_a_message_larger_than_any_page_sends_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardening, "PAUSE", 0)
    message = BackMsg()
    message.rerun_script.query_string = "x" * hardening.LARGEST
    assert passed(frame(message)) == []


def test_whoever_sends_what_is_dropped_waits_before_being_heard_again() -> None:
    bad, good = frame(every_message()["clear_cache"]), frame(every_message()["app_heartbeat"])
    began = time.monotonic()
    assert passed(bad, bad, good) == [good]
    assert time.monotonic() - began >= 2 * hardening.PAUSE


def test_a_reader_who_clears_the_caches_of_all_clears_nothing_and_reads_on(server: str) -> None:
    with opened(server, "department") as page:
        page.connection.send(every_message()["clear_cache"].SerializeToString())
        assert run(page.connection, "leader")[0] == page.session


# What every answer says


@pytest.mark.parametrize(
    "path",
    ["/", "/department", "/start?key=x", "/nothing", "/_stcore/health", "/_stcore/upload_file/a/b", "/favicon.png"],
)
def test_every_answer_says_what_browsers_may_do_with_it(path: str, server: str) -> None:
    _, headers, _ = ask(server, path)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] in ("same-origin", "strict-origin")
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    directives = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert directives["default-src"] == directives["base-uri"] == directives["frame-ancestors"] == "'none'"
    assert directives["form-action"] == "'self'"
    scripts = directives.get("script-src", "").split()
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"} & set(scripts)


def test_the_policy_names_the_one_script_of_the_shell_by_its_hash(server: str) -> None:
    policy = ask(server, "/")[1]["content-security-policy"]
    assert len(re.findall(r"'sha256-[A-Za-z0-9+/]{43}='", policy)) == 1


def test_nothing_is_told_to_streamlit_and_no_error_s_details_to_readers() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["server"]["enableXsrfProtection"] is True
    assert settings["server"]["enableAgentApi"] is settings["server"]["enableStaticServing"] is False


# Nothing leaves the machine

RECORDER = """
import sys

def heard(event, about):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        asked = about[0] if event.startswith("socket.get") else about[1][0]
        if asked not in (None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"):
            with open({log!r}, "a") as kept:
                print(event, asked, file=kept)

sys.addaudithook(heard)
"""


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file into which every Python that is started writes whom it calls beyond this machine."""
    (tmp_path / "sitecustomize.py").write_text(RECORDER.format(log=str(tmp_path / "heard")))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "heard"


def test_open_to_the_network_it_calls_nobody_and_says_who_may_look(
    heard: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")
    with running(ROOT / "dashboard.py", tmp_path) as address:
        port = urlsplit(address).port
        with opened(address, "", headers={"Origin": address}) as page:
            assert "<h1" in page.html
        shouted = {"Host": f"LOCALHOST:{port}", "Origin": f"http://localhost:{port}"}
        hidden = {"Origin": "null", "Sec_Fetch_Site": "same-origin"}
        for origin in ({"Origin": "http://evil.example"}, shouted, hidden):
            assert ask(address, "/_stcore/stream", **HANDSHAKE, **origin)[0] == 403
        log = (tmp_path / f"server-{port}.log").read_text("utf-8")
    assert not heard.exists(), heard.read_text()
    assert f"绩效考评看板：http://127.0.0.1:{port}" in log
    assert "不登录都可以查看" in log
    subprocess.run([sys.executable, "-c", "import socket; socket.socket(2, 2).connect(('192.0.2.1', 1))"], check=False)
    assert "192.0.2.1" in heard.read_text()  # or nothing would have been heard


@pytest.mark.parametrize(
    ("view", "host", "told"),
    [("open", "127.0.0.1", ""), ("open", "10.0.0.5", "不登录都可以查看"), ("signed-in", "10.0.0.5", "登录才能看")],
)
def test_whoever_starts_it_is_told_who_may_look(
    view: str, host: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.VIEW, view)
    said = settings.openness(host)
    assert told in said
    assert bool(said) is bool(told)


# Secrets


@pytest.mark.parametrize(
    "secret", ["", "short", "s" * 64, "changeme" * 8, "0123456789abcdef" * 4, "your-secret-key-here" * 3]
)
def test_a_secret_that_can_be_guessed_is_weak(secret: str) -> None:
    assert hardening.is_weak(secret)


def test_a_random_secret_is_strong() -> None:
    assert not hardening.is_weak("b7c1e09f52d84a6e9d0f3b6a71c2e85dd94b60f7")


@pytest.mark.parametrize("name", ["DASHBOARD_SECRET", "STREAMLIT_SERVER_COOKIE_SECRET"])
def test_a_weak_secret_refuses_the_start_in_a_sentence(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard.py"), f"--server.port={free_port()}"]
    kept = {"HOME": str(tmp_path), "DASHBOARD_HOME": str(tmp_path / "var"), name: "changeme"}
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | kept, capture_output=True, check=False, timeout=60, encoding="utf-8"
    )
    assert done.returncode != 0
    assert f"没有启动：{name} 太短" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "var").exists()


def test_names_of_an_operator_open_the_product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(callers.VARIABLE, "kaohe.example.cn")
    with running(ROOT / "dashboard.py", tmp_path) as address:
        assert ask(address, "/", Host="kaohe.example.cn")[0] == 200
        assert ask(address, "/", Host="other.example.cn")[0] == 421
