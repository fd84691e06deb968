"""A whole day with a passkey, and one with a password and a code: real processes, a real browser.

One sign-in, two agencies, a level that one of them must have, and one way out of both.
"""

import re
from base64 import b32decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from idp.authentication.totp import code_at, step_of
from oidc.endpoints.http import utc_now
from tests.chromium import open_browser
from tests.idp.pages.test_passkey_browser import DEVICE, NO_AUTOFILL
from tests.journeys.stage import Stage, open_stage, sign_in
from tests.journeys.test_sign_out import until_signed_out


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with open_stage(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="en-GB")
    yield context.new_page()
    context.close()


def share(page: Page) -> None:
    page.click("button[name=decision][value=share]")
    expect(page.locator("dl")).to_contain_text("Minh Anh")


def leave_both(page: Page, stage: Stage) -> None:
    """Out at the portal, and so at tax."""
    page.goto(stage.url("portal"))
    page.click("a[href='/logout']")
    expect(page).to_have_url(re.compile("/signed-out"))
    until_signed_out(page, stage, "tax")


def test_a_day_with_a_passkey(page: Page, stage: Stage) -> None:
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.add_init_script(NO_AUTOFILL)

    page.goto(stage.url("provider", "/account/passkeys"))
    sign_in(page)
    page.goto(stage.url("provider", "/account/passkeys"))
    page.click("button[value=add]")
    expect(page.locator("main")).to_contain_text("The passkey was added")

    # This session is of the password: what needs level 2 asks for the passkey, and for no more.
    page.goto(stage.url("tax", "/login"))
    share(page)
    expect(page.locator("body")).to_contain_text("level 1")
    page.click("a[href='/login?level=2']")
    expect(page.locator("input[name=password]")).to_have_count(0)
    page.click("button[value=passkey]")
    expect(page.locator("body")).to_contain_text("level 2")

    page.goto(stage.url("provider", "/sign-out"))
    page.click("button[name=logout][value=yes]")
    page.goto(stage.url("portal", "/login"))
    page.click("button[value=passkey]")
    share(page)
    expect(page.locator("body")).to_contain_text("level 2")
    page.goto(stage.url("tax", "/login"))
    expect(page.locator("body")).to_contain_text("level 2")  # nothing is asked a second time

    leave_both(page, stage)


class App:
    """What reads the key. Each code it shows is used once: the oldest that is still good first."""

    def __init__(self, key: str) -> None:
        self._secret = b32decode("".join(key.split()))
        self._last = 0

    def code(self) -> str:
        self._last = max(self._last + 1, step_of(utc_now()) - 1)
        return code_at(self._secret, self._last)


def add_app(page: Page, stage: Stage) -> App:
    page.goto(stage.url("provider", "/account/security/app"))
    app = App(page.locator("p.key").inner_text())
    for _ in range(2):  # should a new half minute begin in this very moment
        page.fill("input[name=code]", app.code())
        page.click("button[name=add]")
        if not page.locator("#problem").count():
            break
    expect(page.locator("main")).to_contain_text("Your authenticator app is added")
    return app


def test_a_day_with_a_password_and_a_code(page: Page, stage: Stage) -> None:
    page.goto(stage.url("provider", "/account"))
    sign_in(page)
    page.goto(stage.url("tax", "/login"))
    share(page)
    expect(page.locator("body")).to_contain_text("level 1")
    app = add_app(page, stage)

    # This session is of the password alone: what needs level 2 asks for a code, and for no more.
    page.goto(stage.url("tax"))
    page.click("a[href='/login?level=2']")
    expect(page.locator("input[name=password]")).to_have_count(0)
    page.fill("input[name=code]", app.code())
    page.click("button[name=action][value=code]")
    expect(page.locator("body")).to_contain_text("level 2")

    page.goto(stage.url("provider", "/sign-out"))
    page.click("button[name=logout][value=yes]")
    page.goto(stage.url("portal", "/login"))
    sign_in(page)
    page.fill("input[name=code]", app.code())
    page.click("button[name=action][value=code]")
    share(page)
    expect(page.locator("body")).to_contain_text("level 2")
    page.goto(stage.url("tax", "/login"))
    expect(page.locator("body")).to_contain_text("level 2")  # nothing is asked a second time

    leave_both(page, stage)
