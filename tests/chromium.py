"""A real browser: Debian's Chromium, driven by Playwright; and axe, which knows WCAG."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import program

AXE = Axe()
QUIET = (  # it runs as root in a container, and must not look for the world outside
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def open_browser(*more: str) -> Iterator[Browser]:
    """With ``more`` switches. Where Chromium is not installed: a failure in CI, else a skip."""
    path = program("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *more])
        try:
            yield browser
        finally:
            browser.close()


def faults(page: Page) -> list[str]:
    """What axe finds wrong with a page, one sentence for each rule and the places it names."""
    if not page.evaluate("'axe' in window"):  # to put it there takes as long as to use it
        page.evaluate(AXE.axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(it => it.violations)")
    return [
        f"{page.url}: {fault['help']}: {[node['html'] for node in fault['nodes']]}"
        for fault in found
    ]


def spills(page: Page) -> bool:
    """Whether anything is wider than the window, so that a person must scroll sideways."""
    wider: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wider
