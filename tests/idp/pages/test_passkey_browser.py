"""Passkeys in a real browser, with the authenticator that Chromium plays for tests.

WebAuthn Level 3 sections 5.1.3, 5.1.4 and 11 (virtual authenticators).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import faults, open_browser, spills
from tests.idp.pages.served import serve
from tests.idp.pages.test_pictures import SIZES, enter
from tests.sample import ISSUER

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PASSKEYS = f"{ISSUER}/account/passkeys"


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Browser]:
    """Passkeys are for pages whose certificate is right: here every one is."""
    with (
        serve(tmp_path) as port,
        open_browser(
            f"--host-resolver-rules=MAP *:443 127.0.0.1:{port}", "--ignore-certificate-errors"
        ) as browser,
    ):
        yield browser


NO_AUTOFILL = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"
"""As in browsers that do not know it: there one presses the button."""


class Device:
    """A person's browser with an authenticator in it."""

    def __init__(self, chromium: Browser, language: str = "en", width: int = 1280) -> None:
        self.context = chromium.new_context(
            locale=language, viewport=SIZES[width], ignore_https_errors=True
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._heard)
        self.protocol = self.context.new_cdp_session(self.page)
        self.protocol.send("WebAuthn.enable")
        made = self.protocol.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        self.name = made["authenticatorId"]

    def _heard(self, said: Any) -> None:
        if said.type == "error" and "400" not in said.text:
            self.wrong.append(said.text)

    def recognise(self, person: bool) -> None:
        """Whether the finger on the sensor is the right one, from now on."""
        said = {"authenticatorId": self.name, "isUserVerified": person}
        self.protocol.send("WebAuthn.setUserVerified", said)

    def passkeys(self) -> list[dict[str, Any]]:
        got = self.protocol.send("WebAuthn.getCredentials", {"authenticatorId": self.name})
        found: list[dict[str, Any]] = got["credentials"]
        return found

    def add(self) -> None:
        """As somebody who signs in by password."""
        self.page.goto(f"{ISSUER}/sign-in?again=%2Faccount%2Fpasskeys")
        enter(self.page)
        self.page.wait_for_url(PASSKEYS)
        self.page.fill("#name", "this computer")
        self.page.click("button[value=add]")
        self.page.get_by_text("The passkey was added").wait_for()

    def leave(self) -> None:
        self.page.goto(f"{ISSUER}/sign-out")
        self.page.click("button[value=yes]")
        self.page.wait_for_url(re.compile("/signed-out"))


def test_a_passkey_is_added_and_signs_in_by_a_press(chromium: Browser) -> None:
    device = Device(chromium)
    device.add()
    assert device.page.get_by_role("heading", name="this computer").is_visible()
    [kept] = device.passkeys()
    assert (kept["rpId"], kept["isResidentCredential"]) == ("id.example", True)
    device.leave()
    device.page.add_init_script(NO_AUTOFILL)
    device.page.goto(f"{ISSUER}/sign-in")

    device.page.click("button[value=passkey]")

    device.page.wait_for_url(f"{ISSUER}/account")
    assert device.wrong == []
    device.context.close()


def test_autofill_needs_no_press(chromium: Browser) -> None:
    device = Device(chromium)
    device.add()
    device.leave()

    device.page.goto(f"{ISSUER}/sign-in")  # the person touches the sensor: nothing else

    device.page.wait_for_url(f"{ISSUER}/account")
    assert device.wrong == []
    device.context.close()


def test_who_is_not_recognised_is_told_and_may_use_the_password(chromium: Browser) -> None:
    device = Device(chromium)
    device.add()
    device.recognise(False)
    device.leave()
    device.page.add_init_script(NO_AUTOFILL)
    device.page.goto(f"{ISSUER}/sign-in")

    device.page.click("button[value=passkey]")

    device.page.get_by_text("No passkey was used. Try again, or use your password.").wait_for()
    enter(device.page)
    device.page.wait_for_url(f"{ISSUER}/account")
    assert device.wrong == []
    device.context.close()


def test_the_same_device_is_not_added_twice(chromium: Browser) -> None:
    device = Device(chromium)
    device.add()
    device.page.goto(f"{ISSUER}/sign-in?again=%2Faccount%2Fpasskeys")
    device.page.wait_for_url(PASSKEYS)

    device.page.click("button[value=add]")

    device.page.get_by_text("This device has a passkey for your account already.").wait_for()
    assert len(device.passkeys()) == 1
    device.context.close()


def test_without_scripts_there_is_no_button_and_the_password_works(chromium: Browser) -> None:
    context = chromium.new_context(locale="en", java_script_enabled=False, ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"{ISSUER}/sign-in")

    assert not page.locator("button[value=passkey]").is_visible()
    enter(page)
    page.goto(PASSKEYS)
    assert not page.locator("button[value=add]").is_visible()
    context.close()


@pytest.mark.parametrize(("language", "width"), [("vi", 1280), ("en", 320), ("ar", 320)])
def test_the_pages_are_fit_for_everybody(chromium: Browser, language: str, width: int) -> None:
    device = Device(chromium, language, width)
    page, wrong = device.page, device.wrong

    def look() -> None:
        wrong.extend(faults(page))
        wrong.extend([f"{page.url} spills"] if spills(page) else [])

    page.add_init_script(NO_AUTOFILL)
    page.goto(f"{ISSUER}/sign-in?again=%2Faccount%2Fpasskeys")
    page.locator("button[value=passkey]").wait_for()
    look()
    enter(page)
    page.wait_for_url(PASSKEYS)
    look()
    page.click("button[value=add]")
    page.locator(".note").first.wait_for()
    look()
    page.locator(".rename summary").click()
    look()
    page.goto(f"{ISSUER}/sign-in?again=%2Faccount%2Fpasskeys")
    page.click("button[value=passkey]")
    page.wait_for_url(PASSKEYS)
    page.click("a[href^='/account/passkeys/remove']")
    look()
    page.click("button[name=remove]")
    page.locator(".note").first.wait_for()
    look()
    device.context.close()
    assert wrong == []
