"""Single pages in a real browser: what is seen at once, by hand, by paper, and how much it weighs.

All of them together: ``test_every_page.py``.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize

from tests.chromium import open_browser
from tests.idp.pages.front import address
from tests.idp.pages.served import serve
from tests.sample import ADA, BAO, ISSUER

SIZES: dict[int, ViewportSize] = {
    1280: {"width": 1280, "height": 800},
    320: {"width": 320, "height": 640},
}
BACK = re.compile(r"https://shop\.example/cb\?code=.+")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with (
        serve(tmp_path_factory.mktemp("served")) as port,
        open_browser(f"--host-resolver-rules=MAP *:443 127.0.0.1:{port}") as browser,
    ):
        yield browser


def visitor(chromium: Browser, language: str, width: int, **said: Any) -> BrowserContext:
    """A person with a browser of this kind."""
    return chromium.new_context(
        locale=language, viewport=SIZES[width], ignore_https_errors=True, **said
    )


def enter(page: Page, password: str = ADA.password) -> None:
    page.fill("#identifier", ADA.identifier)
    page.fill("#password", password)
    page.press("#password", "Enter")


def test_who_asks_and_for_whom_is_seen_at_once_on_a_small_screen(chromium: Browser) -> None:
    context = visitor(chromium, "en", 320)
    page = context.new_page()
    page.goto(ISSUER + address(prompt="consent"))
    enter(page)

    for words in ("Shop", "shop.example", "Ada Lovelace", "Trade asks for 4 facts"):
        box = page.get_by_text(words).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZES[320]["height"]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", SIZES)
def test_both_answers_look_the_same(chromium: Browser, width: int, scheme: str) -> None:
    context = visitor(chromium, "vi", width, color_scheme=scheme)
    page = context.new_page()
    page.goto(ISSUER + address(prompt="consent"))
    enter(page)

    looks = []
    for value in ("refuse", "share"):
        button = page.locator(f"button[value={value}]")
        box = button.bounding_box()
        assert box is not None
        style = "getComputedStyle(it)"
        names = ("color", "backgroundColor", "borderColor", "borderWidth", "font", "padding")
        said = button.evaluate(f"it => [{', '.join(f'{style}.{name}' for name in names)}]")
        looks.append((round(box["width"]), round(box["height"]), said))
        assert box["height"] >= 44
    assert looks[0] == looks[1]
    context.close()


def test_a_keyboard_is_enough_and_no_script_is_needed(chromium: Browser) -> None:
    context = visitor(chromium, "en", 1280, java_script_enabled=False)
    page = context.new_page()
    page.goto(ISSUER + address(prompt="consent"))
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    enter(page)

    summary = page.locator(".reveal summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text(str(ADA.phone_number)).is_visible()
    page.locator("button[value=refuse]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url(BACK)
    context.close()


def test_what_went_wrong_is_where_the_reader_is(chromium: Browser) -> None:
    context = visitor(chromium, "en", 320)
    page = context.new_page()
    page.goto(f"{ISSUER}/sign-in")
    enter(page, BAO.password)

    assert page.locator(":focus").get_attribute("id") == "problem"
    assert page.title().startswith("Error: ")
    assert page.locator("#password").get_attribute("aria-describedby") == "problem"
    context.close()


def test_paper_gets_no_buttons(chromium: Browser) -> None:
    context = visitor(chromium, "en", 1280)
    page = context.new_page()
    page.goto(ISSUER + address(prompt="consent"))
    enter(page)
    page.emulate_media(media="print")

    assert not page.locator("button[value=share]").is_visible()
    assert page.get_by_text("ada@example.org").is_visible()
    context.close()


def test_the_first_view_weighs_less_than_50_kb(chromium: Browser) -> None:
    context = visitor(chromium, "ar", 1280)
    page = context.new_page()
    loaded: dict[str, int] = {}

    def weigh(request: Request) -> None:
        sizes = request.sizes()
        loaded[request.url] = sizes["responseHeadersSize"] + sizes["responseBodySize"]

    page.on("requestfinished", weigh)
    page.goto(ISSUER + address(), wait_until="networkidle")

    assert any("motcua." in url for url in loaded), loaded
    assert sum(loaded.values()) < 50_000, loaded
    context.close()
