"""A real Chromium, and what it saw: every request, every error."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

LOAD_MS = 30_000
OURS = {"127.0.0.1", ""}  # "" is data: and blob:
# Streamlit's client asks for these beside a deep link's path first, then at the root.
PROBE = re.compile(r"^https?://[^/]+/[^/]+/_stcore/(health|host-config)$")
ARGUMENTS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A headline, or what stands there instead where the page failed.
ANSWER = "[data-testid=stMain] h1, [data-testid=stAlert], [data-testid=stException]"
# Resolves once the script is done, every element is fresh, and nothing on the page has changed for 300 ms.
SETTLED = """
() => new Promise(resolve => {
  let last = performance.now();
  const observer = new MutationObserver(() => { last = performance.now(); });
  observer.observe(document.documentElement, {subtree: true, childList: true, attributes: true, characterData: true});
  const timer = setInterval(() => {
    const app = document.querySelector('[data-testid=stApp]');
    if (!app || app.dataset.testScriptState !== 'notRunning' || app.dataset.testConnectionState !== 'CONNECTED') return;
    if (app.querySelector('[data-stale=true],[data-testid=stSkeleton]') || performance.now() - last < 300) return;
    clearInterval(timer); observer.disconnect(); resolve();
  }, 50);
})
"""


def chromium() -> str | None:
    """Return the path of an installed Chromium, None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Seen:
    """What happened in a browser context since it was opened."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def elsewhere(self) -> list[str]:
        """Return the addresses asked for that are not this machine's."""
        return [url for url in self.requests if (urlsplit(url).hostname or "") not in OURS]


def watch(context: BrowserContext) -> Seen:
    """Record every request, websocket, console error and uncaught exception of the context's pages."""
    seen = Seen()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not PROBE.match(message.location["url"]):
            seen.errors.append(f"{message.text} ({message.location['url']})")

    context.on("request", lambda request: seen.requests.append(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: seen.requests.append(socket.url)))
    context.on("console", note)
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))
    return seen


def visit(page: Page, url: str) -> Page:
    """Open the address and return once its headline stands and nothing moves any more."""
    page.goto(url, wait_until="commit")
    return settle(page)


def settle(page: Page) -> Page:
    page.locator(ANSWER).first.wait_for(timeout=LOAD_MS)
    page.evaluate(SETTLED)
    assert page.locator("[data-testid=stMain] h1").count() > 0, page.locator("body").inner_text()
    return page
