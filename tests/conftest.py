"""What the tests share: the running product, a browser that tells what it saw, and what was not run."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page

from data.plan import shipped
from data.store import Store, publish_shipped
from tests import disk, stores
from tests import office as office_program
from tests import postgres as postgres_server
from tests.browser import chromium, launched, watch
from tests.office import NO_OFFICE
from tests.postgres import NO_POSTGRES
from tests.servers import ROOT, running

NO_BROWSER = "没有浏览器"
NO_COMPILER, NO_NGINX = "没有编译器", "没有 nginx"
VIEWPORT = {"width": 1440, "height": 900}
MISSING = {
    NO_BROWSER: "没有找到浏览器：真实浏览器测试一项也没有运行。安装 chromium 与 fonts-noto-cjk 后重试。",
    NO_OFFICE: "没有找到 LibreOffice：表格、文稿的重算测试一项也没有运行。"
    "安装 libreoffice-calc-nogui、-impress-nogui、-writer-nogui 后重试。",
    NO_POSTGRES: "没有找到 PostgreSQL：版本库在它上面的测试一项也没有运行。安装 postgresql 后重试。",
    NO_COMPILER: "没有找到 C 编译器：断电、磁盘写满的测试一项也没有运行。在 Linux 上安装 gcc 与 libc6-dev 后重试。",
    NO_NGINX: "没有找到 nginx：多个副本的测试一项也没有运行。安装 nginx-light 后重试。",
}
NOT_RUN = pytest.StashKey[dict[str, int]]()

os.environ["DASHBOARD_HOME"] = tempfile.mkdtemp(prefix="dashboard-")  # nothing is kept in the checkout by a test
os.environ.pop("DATABASE_URL", None)

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running product, shared by the tests of a worker."""
    with running(ROOT / "dashboard.py", tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[str]:
    """The address of a product that nobody has asked for anything yet."""
    with running(ROOT / "dashboard.py", tmp_path) as address:
        yield address


@pytest.fixture(scope="session")
def shipped_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store as the first start leaves it, with the plans that ship; nobody may publish into it."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('shipped') / 'dashboard.db'}")
    publish_shipped(store, shipped())
    return store


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Server]:
    """A PostgreSQL server of this worker's own."""
    there = postgres_server.programs() is not None
    if not there and (os.environ.get("REQUIRE_POSTGRES") or os.environ.get("CI")):
        pytest.fail(f"{NO_POSTGRES}：这里要求在两种数据库上运行测试，请先安装 postgresql", pytrace=False)
    if not there:
        pytest.skip(NO_POSTGRES)
    with postgres_server.serving() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where ``tests.stores`` keeps what a test opens: in files, or in databases of a server."""
    if request.param == "sqlite":
        yield request.param
        return
    made = postgres_server.Databases(request.getfixturevalue("postgres"))
    monkeypatch.setattr(stores, "on_server", made.url)
    yield request.param
    made.give_back()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None and (os.environ.get("REQUIRE_BROWSER") or os.environ.get("CI")):
        pytest.fail(f"{NO_BROWSER}：这里要求运行浏览器测试，请先安装 chromium", pytrace=False)
    if path is None:
        pytest.skip(NO_BROWSER)
    with launched(path) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of a new browser profile; fails a test that leaves the machine, logs an error or shows an exception."""
    context = browser.new_context(viewport=VIEWPORT, locale="zh-CN", timezone_id="Asia/Shanghai")
    seen = watch(context)
    tab = context.new_page()
    yield tab
    exceptions = tab.locator("[data-testid=stException]").all_inner_texts()
    context.close()
    assert seen.elsewhere() == []
    assert seen.errors == []
    assert exceptions == []


@pytest.fixture(scope="session")
def office() -> str:
    """The path of LibreOffice, which ``tests.office`` starts."""
    path = office_program.program()
    if path is None and (os.environ.get("REQUIRE_OFFICE") or os.environ.get("CI")):
        pytest.fail(f"{NO_OFFICE}：这里要求运行文稿测试，请先安装 libreoffice-calc-nogui", pytrace=False)
    if path is None:
        pytest.skip(NO_OFFICE)
    return path


@pytest.fixture(scope="session")
def nginx() -> str:
    """The path of nginx, which ``tests.replicas`` starts."""
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if path is None and (os.environ.get("REQUIRE_NGINX") or os.environ.get("CI")):
        pytest.fail(f"{NO_NGINX}：这里要求运行多个副本的测试，请先安装 nginx-light", pytrace=False)
    if path is None:
        pytest.skip(NO_NGINX)
    return path


@pytest.fixture(scope="session")
def disk_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of ``tests.disk``, to be preloaded."""
    library = disk.built(tmp_path_factory.mktemp("library"))
    if library is None and (os.environ.get("REQUIRE_COMPILER") or os.environ.get("CI")):
        pytest.fail(f"{NO_COMPILER}：这里要求运行磁盘测试，请先安装 gcc 与 libc6-dev", pytrace=False)
    if library is None:
        pytest.skip(NO_COMPILER)
    return library


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if {"browser", "page"} & names:
            item.add_marker("browser")
        if "office" in names:
            item.add_marker("office")
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    terminalreporter.config.stash[NOT_RUN] = {
        reason: count for reason in MISSING if (count := sum(reason in told for told in skipped))
    }


def pytest_unconfigure(config: pytest.Config) -> None:
    for reason, count in config.stash.get(NOT_RUN, {}).items():
        print(f"\n！！ {MISSING[reason]}\n未运行 {count} 项")
