"""Three replicas on one PostgreSQL behind nginx, with the files of ``deploy/``: readers, uploads, versions, accidents."""

import http.client
import os
import re
import signal
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests import replicas
from tests.browser import LOAD_MS, settle, watch
from tests.conftest import VIEWPORT
from tests.drawing import xlsx
from tests.postgres import Server
from tests.replicas import COOKIE, Fleet, fleet
from tests.servers import PASSWORD, ROOT, connections, process_of, resident, running
from tests.sockets import opened, prepared, run
from ui.doors import hardening, identity

PLAN, NAME = "某市林业局 2025", "林溪"
TITLE = "2025年度绩效目标考评表\n参评单位：某市林业局\n序号 | 二级指标 | 权重 | 完成时限 | 责任科室 | 完成进度\n"
XSRF = "2|00000000|00000000000000000000000000000000|1700000000"
BACK = 10.0  # seconds until a killed replica's readers are back
DEPARTMENTS = f"department?{urlencode({'plan': PLAN})}"
GROWTH = 40 * 2**20  # bytes
CONNECTED = (
    "wanted => (document.querySelector('[data-testid=stApp]')?.dataset.testConnectionState === 'CONNECTED') === wanted"
)


def table(number: int) -> bytes:
    """Return a table in which every department says which version this is."""
    rows = "\n".join(
        f"1-{row} | 造林{row}00亩 | 2 | 12月底前 | 第{number}批科室{row} | {number % 100}%" for row in range(1, 6)
    )
    return xlsx(TITLE + rows)


def publish(there: Fleet) -> int:
    """Publish the next version as an operator's script does; return its number."""
    newest = there.store.latest(PLAN)
    number = newest.number + 1 if newest else 1
    version = there.store.publish(
        plan=PLAN,
        content=table(number),
        filename="考评表.xlsx",
        base=newest and newest.id,
        author="某人",
        data_date=date(2025, 1, 31) + timedelta(days=number),
        note="",
        token=f"replicas {number}",
    )
    return version.number


def versions_in(html: str) -> set[str]:
    """Return the numbers of the versions that a page of departments shows, in its head and in its rows."""
    return {*re.findall(r"第(\d+)批", html), re.findall(r"第(\d+)版", html)[0]}


def ask(
    there: Fleet, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict, bytes]:
    """Return status, headers and body of nginx' answer to exactly this request, from an address of its own."""
    host = urlsplit(there.address)
    tls = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    connection = http.client.HTTPSConnection(
        "127.0.0.1", host.port, timeout=30, context=tls, source_address=("127.0.0.2", 0)
    )
    sent = {"Host": host.netloc} | {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def put(there: Fleet, session: str, cookie: str, size: int = 200_000) -> int:
    """Upload a file as an editor's page does."""
    mark = "frontier"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="f"; filename="a.xlsx"\r\n\r\n'
    body = head.encode() + bytes(size) + f"\r\n--{mark}--\r\n".encode()
    own = {"Content_Type": f"multipart/form-data; boundary={mark}", "X_Xsrftoken": XSRF}
    own |= {"Cookie": f"{cookie}; _streamlit_xsrf={XSRF}"}
    return ask(there, f"/_stcore/upload_file/{session}/file", "PUT", body, **own)[0]


def token(there: Fleet) -> str:
    """Return the cookie of a new session of the editor's."""
    accounts = there.store.accounts
    if not accounts.editors():
        accounts.add(NAME, PASSWORD, "测试")
    return f"__Host-{identity.COOKIE}={accounts.sign_in(NAME, PASSWORD, address='127.0.0.1').token}"


@contextmanager
def tab(browser: Browser, there: Fleet, cookie: str = "") -> Iterator[Page]:
    """A browser of its own; ``cookie`` as it would send it."""
    context = browser.new_context(ignore_https_errors=True, viewport=VIEWPORT, locale="zh-CN")
    for each in filter(None, cookie.split("; ")):
        name, _, value = each.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": there.address, "secure": True}])
    seen = watch(context)
    yield context.new_page()
    context.close()
    assert seen.elsewhere() == []


def visit(page: Page, there: Fleet, path: str = "", **query: str) -> Page:
    page.goto(f"{there.address}/{path}?{urlencode({'plan': PLAN} | query)}", timeout=LOAD_MS)
    return settle(page)


def upload_next(page: Page, there: Fleet, folder: Path) -> int:
    """Publish the next version through the page, and so through the replica that serves it."""
    number = len(there.store.versions(PLAN)) + 1
    file = folder / "考评表（12月）.xlsx"  # the name says the date
    file.write_bytes(table(number))
    visit(page, there, "upload")
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(str(file))
    page.locator("[data-testid=stCheckbox]").first.wait_for()
    for box in settle(page).locator("[data-testid=stCheckbox] label").all():  # what is out of the ordinary is confirmed
        box.click()
        settle(page)
    page.get_by_role("button", name=f"发布为第{number}版").click()
    page.get_by_role("heading", name=f"已发布为第{number}版").wait_for()
    return number


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory, postgres: Server, nginx: str) -> Iterator[Fleet]:
    """The replicas, with a first version."""
    with fleet(tmp_path_factory.mktemp("replicas"), postgres, nginx) as running_ones:
        publish(running_ones)
        yield running_ones


# The way through nginx


def test_browsers_of_one_office_are_spread_and_each_stays_with_its_replica(there: Fleet) -> None:
    cookies = [there.visitor(replica) for replica in there.replicas]
    for cookie, replica in zip(cookies, there.replicas, strict=True):
        idle = connections(replica)
        with opened(there.address, "", cookie=cookie) as one, opened(there.address, "", cookie=f"a=b; {cookie}") as two:
            assert connections(replica) >= idle + 2
            assert one.session != two.session
        with opened(there.address, "", cookie=cookie, session=one.session) as again:
            assert again.session == one.session


def test_the_cookie_of_a_browser_is_this_host_s_alone(there: Fleet) -> None:
    given = ask(there, identity.ASKED_FIRST)[1]["set-cookie"]
    assert given.startswith(f"{COOKIE}=")
    assert given.endswith("; Path=/; HttpOnly; SameSite=Strict; Secure")


def test_the_product_answers_to_its_own_name_and_believes_nginx_alone(there: Fleet) -> None:
    port = urlsplit(there.address).port
    assert ask(there, "/", Host=f"kaohe.example.cn:{port}")[0] == 200
    assert ask(there, "/", Host=f"evil.example:{port}")[0] == 421
    assert ask(there, "/sign-out", "POST", b"", Origin="https://evil.example")[0] == 403
    form = urlencode({"name": "没有此人", "password": "wrong"})
    kind = {"Content_Type": "application/x-www-form-urlencoded", "X_Forwarded_For": "10.9.9.9"}
    assert ask(there, "/sign-in", "POST", form.encode(), **kind)[0] == 403
    assert there.store.accounts.journal(0, 1)[0].address == "127.0.0.2"  # where nginx saw it come from


def test_static_files_are_packed_and_kept_and_pages_are_not(there: Fleet) -> None:
    shell = ask(there, "/")
    script = re.search(rb'src="\.?(/static/js/[^"]+\.js)"', shell[2])
    assert script
    for _ in range(2):
        status, headers, body = ask(there, script[1].decode(), Accept_Encoding="gzip")
        assert (status, headers["content-encoding"]) == (200, "gzip")
        assert "immutable" in headers["cache-control"]
        assert len(body) < 600_000
    assert "immutable" not in shell[1]["cache-control"]
    assert shell[1]["strict-transport-security"]


def test_a_page_asked_for_without_tls_is_led_to_it(there: Fleet) -> None:
    conf = (there.log.parent / "dashboard.conf").read_text("utf-8")
    (port,) = re.findall(r"listen 127\.0\.0\.1:(\d+) default_server", conf)
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
    connection.request("GET", "/department?v=1", headers={"Host": "kaohe.example.cn"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, "https://kaohe.example.cn/department?v=1")
    connection.close()


def round_trip(there: Fleet, editor: str, number: int) -> tuple[int, int, str]:
    """Upload a file and fetch a paper as a browser of its own; return both answers and the session."""
    cookie = f"{COOKIE}=reader-{number:04}-of-this-very-office; {editor}"
    with opened(there.address, "upload", cookie=cookie) as page:
        sent = put(there, page.session, cookie)
        status, _, paper = ask(there, prepared(page, "versions"), Cookie=cookie)
        return sent, status if paper.startswith(b"PK") else 0, page.session


def test_fifty_uploads_and_downloads_of_fifty_arrive_and_no_log_has_a_session(there: Fleet) -> None:
    editor = token(there)
    with ThreadPoolExecutor(4) as pool:
        trips = list(pool.map(lambda number: round_trip(there, editor, number), range(50)))
    assert [trip[:2] for trip in trips] == [(204, 200)] * 50
    log = there.log.read_text("utf-8")
    assert "PUT /_stcore/upload_file/..." in log
    assert "GET /media/..." in log
    logs = log + (there.log.parent / "error.log").read_text("utf-8")
    assert not any(session in logs for *_, session in trips)
    assert "reader-0001" not in logs


def test_an_upload_larger_than_any_workbook_is_stopped_by_nginx(there: Fleet) -> None:
    editor = token(there)
    with opened(there.address, "upload", cookie=editor) as page:
        with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):  # it answers before it is told all of it
            assert put(there, page.session, editor, 26 * 2**20) == 413
        assert put(there, page.session, f"{COOKIE}=elsewhere; {editor}") == 204  # found where its session is


# Versions


@pytest.mark.parametrize("soon", [5.0, pytest.param(3.0, marks=pytest.mark.proof)])  # seconds; beside other tests
def test_a_version_published_through_one_replica_shows_on_all_within_seconds(
    there: Fleet, browser: Browser, tmp_path: Path, soon: float
) -> None:
    cookies = [there.visitor(replica) for replica in there.replicas]
    with tab(browser, there, f"{cookies[0]}; {token(there)}") as clerk:
        readers = [browser.new_context(ignore_https_errors=True, viewport=VIEWPORT) for _ in cookies]
        pages = []
        for context, cookie in zip(readers, cookies, strict=True):
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": there.address, "secure": True}])
            pages.append(visit(context.new_page(), there, "department"))
        number = upload_next(clerk, there, tmp_path)
        since = time.monotonic()
        for page in pages:
            page.get_by_text("有新版本").wait_for(timeout=soon * 1000)
        assert time.monotonic() - since < soon
        for page in pages:
            page.get_by_role("button", name=f"看第{number}版").click()
            page.get_by_text(f"第{number}批科室1", exact=True).first.wait_for()
        for context in readers:
            context.close()


def read_on(there: Fleet, cookie: str, until: threading.Event, seen: list[set[str]]) -> None:
    while not until.is_set():
        with opened(there.address, DEPARTMENTS, cookie=cookie) as page:
            seen.append(versions_in(page.html))


def test_no_page_of_any_replica_mixes_two_versions_while_they_are_published(there: Fleet) -> None:
    over, seen = threading.Event(), []
    cookies = [there.visitor(replica) for replica in there.replicas]
    with ThreadPoolExecutor(3) as pool:
        reading = [pool.submit(read_on, there, cookie, over, seen) for cookie in cookies]
        try:
            for _ in range(5):
                number = publish(there)
                time.sleep(0.3)
            shown = [fresh(there, cookie) for cookie in cookies]
        finally:
            over.set()
        for each in reading:
            each.result()
    assert shown == [{str(number)}] * 3
    assert all(len(each) == 1 for each in seen)
    assert len(set.union(*seen)) > 1


def html_of(there: Fleet, cookie: str) -> str:
    with opened(there.address, DEPARTMENTS, cookie=cookie) as page:
        return page.html


def fresh(there: Fleet, cookie: str) -> set[str]:
    return versions_in(html_of(there, cookie))


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


# The soak


def soaked(there: Fleet, seconds: float, every: float) -> None:
    processes = [process_of(replica) for replica in there.replicas]
    memory, failed, over = [], [], time.monotonic() + seconds
    readers = [threading.Thread(target=click_on, args=(there, number, over, failed)) for number in range(12)]
    for reader in readers:
        reader.start()
    while time.monotonic() < over:
        time.sleep(min(every, max(0.0, over - time.monotonic())))
        publish(there)
        memory.append([resident(process) for process in processes])
    for reader in readers:
        reader.join()
    warm = len(memory) // 2
    assert failed == []
    for one in zip(*memory[warm:], strict=True):
        assert max(one) - one[0] < GROWTH, memory
    for replica in there.replicas:
        assert "Traceback" not in log_of(there, replica)


def click_on(there: Fleet, number: int, until: float, failed: list[str]) -> None:
    try:
        with opened(there.address, "", cookie=f"{COOKIE}=reader-{number}") as page:
            while time.monotonic() < until:
                for asked in ("", "department", "deadline", "audit"):
                    if "<h1" not in run(page.connection, asked)[1]:
                        failed.append(asked)
                    time.sleep(0.5)
    except Exception as error:  # noqa: BLE001  # a thread's exception would be lost
        failed.append(f"{type(error).__name__}: {error}")


def log_of(there: Fleet, replica: str) -> str:
    (log,) = there.log.parent.glob(f"*/server-{urlsplit(replica).port}.log")
    return log.read_text("utf-8")


def test_readers_and_versions_leave_nothing_behind(there: Fleet) -> None:
    soaked(there, 20, 4)


@pytest.mark.proof
def test_half_an_hour_of_readers_and_versions_leaves_nothing_behind(
    tmp_path: Path, postgres: Server, nginx: str
) -> None:
    with fleet(tmp_path, postgres, nginx) as anew:
        publish(anew)
        soaked(anew, 1800, 60)


# Accidents


@pytest.mark.proof
def test_a_replica_that_hangs_is_passed_over(there: Fleet) -> None:
    home = there.replicas[1]
    cookie, process = there.visitor(home), process_of(home)
    os.kill(process, signal.SIGSTOP)
    try:
        since = time.monotonic()
        assert ask(there, identity.ASKED_FIRST, Cookie=cookie)[0] == 200  # as a browser does before its WebSocket
        assert "<h1" in html_of(there, cookie)
        assert time.monotonic() - since < BACK
    finally:
        os.kill(process, signal.SIGCONT)


def test_the_readers_of_a_killed_replica_are_back_within_seconds(
    there: Fleet, browser: Browser, tmp_path: Path
) -> None:
    home, port = there.replicas[0], urlsplit(there.replicas[0]).port
    cookie = f"{there.visitor(home)}; {token(there)}"
    with tab(browser, there, cookie) as page, opened(there.address, "upload", cookie=cookie) as before:
        visit(page, there, "department")
        os.kill(process_of(home), signal.SIGKILL)
        since = time.monotonic()
        page.wait_for_function(CONNECTED, arg=False)
        page.wait_for_function(CONNECTED, arg=True, timeout=BACK * 1000)
        settle(page)
        assert time.monotonic() - since < BACK
        assert page.get_by_role("heading", level=1).count() == 1
        page.get_by_role("link", name="版本", exact=True).first.click()
        page.wait_for_url("**/versions*")
        with opened(there.address, "upload", cookie=cookie) as now:  # with another replica
            assert now.session != before.session
            with running(
                ROOT / "dashboard.py", tmp_path, port=port
            ):  # it comes back, and nginx sends new connections to it again
                time.sleep(6)
                with opened(there.address, "", cookie=cookie):
                    assert connections(home) > 0
                assert put(there, now.session, cookie) == 204
                address = prepared(now, "versions")
                assert ask(there, address, Cookie=cookie)[0] == 200


def test_pages_stand_while_postgresql_is_away_and_publishing_works_again_afterwards(
    there: Fleet, postgres: Server, browser: Browser, tmp_path: Path
) -> None:
    cookies = [there.visitor(replica) for replica in there.replicas[1:]]
    editor = f"{cookies[0]}; {token(there)}"
    for cookie in cookies:
        shown = fresh(there, cookie)
    postgres.stop()
    try:
        for cookie in cookies:
            with opened(there.address, DEPARTMENTS, cookie=cookie) as page:
                assert versions_in(page.html) == shown
                assert "数据库暂时没有应答" in page.html
    finally:
        postgres.start()
    wait_until(lambda: "数据库暂时没有应答" not in html_of(there, cookies[0]))
    with tab(browser, there, editor) as page:
        number = upload_next(page, there, tmp_path)
    for cookie in cookies:
        with opened(there.address, DEPARTMENTS, cookie=cookie) as page:
            assert versions_in(page.html) == {str(number)}
            assert "数据库暂时没有应答" not in page.html


# What ships


def test_the_operator_s_manual_names_the_files_that_ship_and_no_others() -> None:
    manual = (ROOT / "docs" / "运维手册.md").read_text("utf-8")
    named = set(re.findall(r"deploy/([\w@.-]+\w)", manual.replace("dashboard-backup.*", "dashboard-backup.service ")))
    shipped = {path.name for path in replicas.DEPLOY.iterdir()}
    assert named <= shipped
    assert shipped - named == {"dashboard-backup.timer"}  # copied with its service


def test_a_unit_starts_what_the_tests_start() -> None:
    unit = (replicas.DEPLOY / "dashboard@.service").read_text("utf-8")
    (command,) = re.findall(r"^ExecStart=/opt/dashboard/.venv/bin/python (.*)", unit, flags=re.MULTILINE)
    assert command == "-m streamlit run dashboard.py --server.address=127.0.0.1 --server.port=%i"
    ports = re.findall(r"server 127\.0\.0\.1:(\d+) ", (replicas.DEPLOY / "nginx.conf").read_text("utf-8"))
    assert [int(port) for port in ports] == list(replicas.PORTS)


def test_the_secret_of_the_environment_file_is_refused() -> None:
    lines = (replicas.DEPLOY / "dashboard.env").read_text("utf-8").splitlines()
    (given,) = (line.partition("=")[2] for line in lines if line.startswith("DASHBOARD_SECRET="))
    assert hardening.is_weak(given)
