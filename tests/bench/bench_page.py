"""总览 in a real browser against an empty Streamlit page on the same settings, served beside it.

All times are taken inside the page with ``performance.now()``: from the start of the navigation, or from the moment the
key R (Streamlit's own rerun) was pressed. Headline: the first H1 with text is in the page. Settled: the last change of
the page or message from the server before a long silence.
"""

import statistics
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.bench.harness import machine, table
from tests.browser import chromium, launched
from tests.servers import ROOT, running

ROUNDS = 15
RERUN, FORWARD = "r", "ArrowRight"
EXAMPLE = "?plan=示例市商务局 2025"
AIMS = {"headline": 1.5, "settled": 3.0, "rerun": 2.0}
WORDS = {"headline": "headline readable, new session", "settled": "settled, new session", "rerun": "rerun, settled"}

CLOCK = """
(() => {
  const SILENCE = 500;
  const clock = window.__clock = {start: 0, headline: null, last: 0, heard: 0};
  const now = () => { clock.last = performance.now(); };
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => { now(); clock.heard += 1; });
    }
  };
  const changed = () => {
    now();
    const headline = document.querySelector('[data-testid=stMain] h1');
    if (clock.headline === null && headline && headline.textContent.trim()) clock.headline = clock.last;
  };
  const options = {subtree: true, childList: true, attributes: true, characterData: true};
  const observe = () => new MutationObserver(changed).observe(document.documentElement, options);
  document.documentElement ? observe() : document.addEventListener('readystatechange', observe, {once: true});
  window.addEventListener('keydown', event => {
    Object.assign(clock, {start: event.timeStamp, last: event.timeStamp, heard: 0});
  }, true);
  window.__silent = () => {
    const app = document.querySelector('[data-testid=stApp]');
    return clock.heard > 0 && clock.headline !== null && app.dataset.testScriptState === 'notRunning'
      && !app.querySelector('[data-stale=true],[data-testid=stSkeleton]') && performance.now() - clock.last > SILENCE;
  };
})();
"""


@dataclass(frozen=True)
class Visit:
    """Milliseconds."""

    headline: float
    settled: float
    rerun: float


def visit(context: BrowserContext, address: str, key: str) -> Visit:
    """Open the address in a new tab, which is a new session with a warm HTTP cache, then press the key twice."""
    tab = context.new_page()
    tab.goto(address, wait_until="commit")
    settled = wait(tab)
    headline = float(tab.evaluate("__clock.headline"))
    reruns = [press(tab, key) for _ in range(2)]
    tab.close()
    return Visit(headline, settled, reruns[-1])


def press(tab: Page, key: str) -> float:
    tab.keyboard.press(key)
    return wait(tab)


def wait(tab: Page) -> float:
    tab.wait_for_function("() => window.__silent()", polling=100)
    return float(tab.evaluate("__clock.last - __clock.start"))


def measure(browser: Browser, addresses: tuple[tuple[str, str], ...]) -> list[list[Visit]]:
    """Return one list of visits for each address with its key, taken in turn."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.add_init_script(CLOCK)
    for address in addresses:
        visit(context, *address)
    rounds = [[visit(context, *address) for address in addresses] for _ in range(ROUNDS)]
    return [list(visits) for visits in zip(*rounds, strict=True)]


def row(measure: str, ours: list[Visit], empty: list[Visit], words: str = "") -> list[str]:
    page, floor = (statistics.median(getattr(each, measure) for each in visits) for visits in (ours, empty))
    return [
        words or WORDS[measure],
        f"{page:.0f} ms",
        f"{floor:.0f} ms",
        f"{page / floor:.2f} ×",
        f"≤ {AIMS[measure]} ×",
    ]


def main() -> None:
    path = chromium()
    if path is None:
        sys.exit("bench_page needs chromium")
    with ExitStack() as stack:
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        scripts = (ROOT / "dashboard.py", Path(__file__).with_name("empty.py"))
        product, empty = (stack.enter_context(running(script, kept)) for script in scripts)
        browser = stack.enter_context(launched(path))
        pages = (product, empty, f"{product}/{EXAMPLE}", f"{product}/meeting{EXAMPLE}")
        ours, floor, example, meeting = measure(browser, tuple(zip(pages, (RERUN, RERUN, RERUN, FORWARD), strict=True)))
        print(f"\nMachine: {machine()}, Chromium {browser.version}")
    headings = ["总览", "ours", "empty page", "ratio", "aim"]
    for title, visits in (("the notice's table", ours), ("the example", example)):
        rows = [row(measure, visits, floor) for measure in AIMS]
        table(f"总览 against an empty page: {title} (medians of {ROUNDS}, in turn)", headings, rows)
    forward = row("rerun", meeting, floor, "slide forward, settled, against the empty page's rerun")
    table(f"会议 against an empty page: the example (medians of {ROUNDS}, in turn)", ["会议", *headings[1:]], [forward])


if __name__ == "__main__":
    main()
