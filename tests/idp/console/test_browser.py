"""The console in a real browser, with the authenticator that Chromium plays for tests.

WebAuthn Level 3 sections 5.1.3, 5.1.4 and 11 (virtual authenticators).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from idp.pages.console.paths import JOIN, KEYS, SIGN_IN
from keys.signing_key import State
from store.micros import HOUR, MINUTE
from tests.chromium import open_browser
from tests.idp.console.desk import DAY_SHIFT, WHY, active, links
from tests.idp.pages.served import serve
from tests.idp.pages.test_passkey_browser import NO_AUTOFILL, Device
from tests.idp.pages.test_pictures import enter
from tests.sample import ISSUER
from tests.world import World, open_world


@dataclass
class Stage:
    """The application, and the browser for which every address is its."""

    chromium: Browser
    world: World
    loop: asyncio.AbstractEventLoop

    def links(self) -> list[str]:
        made = asyncio.run_coroutine_threadsafe(links(self.world), self.loop).result()
        return [f"{ISSUER}{JOIN}?link={link}" for link in made]

    def active(self) -> str:
        return asyncio.run_coroutine_threadsafe(active(self.world), self.loop).result()

    def state(self, kid: str) -> str:
        async def look() -> str:
            lives = await self.world.house.parts.custody.lives()
            return next(it.state.value for it in lives if it.kid == kid)

        return asyncio.run_coroutine_threadsafe(look(), self.loop).result()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made: list[tuple[World, asyncio.AbstractEventLoop]] = []

    @asynccontextmanager
    async def opening(folder: Path) -> AsyncIterator[World]:
        async with open_world(folder) as world:
            made.append((world, asyncio.get_running_loop()))
            yield world

    with (
        serve(tmp_path, opening) as port,
        open_browser(
            f"--host-resolver-rules=MAP *:443 127.0.0.1:{port}", "--ignore-certificate-errors"
        ) as browser,
    ):
        yield Stage(browser, *made[0])


def join(device: Device, link: str, name: str = DAY_SHIFT) -> None:
    device.page.goto(link)
    device.page.fill("#name", name)
    device.page.click("button[value=join]")


def test_an_officer_comes_looks_and_stops_a_key(stage: Stage) -> None:
    device, [link, _] = Device(stage.chromium), stage.links()
    page, kid = device.page, stage.active()
    join(device, link)
    page.wait_for_url(f"{ISSUER}{KEYS}")
    [kept] = device.passkeys()
    assert (kept["rpId"], kept["isResidentCredential"]) == ("id.example", True)
    expect(page.locator("svg.timeline.wide")).to_be_visible()

    stage.world.now += 6 * MINUTE
    page.get_by_role("link", name="Emergency stop").click()
    page.locator(f"a[href$='{kid}']").click()
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_label("Why").fill(WHY)
    page.get_by_role("button", name="Stop this key").click()

    expect(page.get_by_role("heading", name=f"{kid[:8]} is stopped")).to_be_visible()
    assert stage.state(kid) == State.SUSPENDED.value
    page.reload()
    expect(page.get_by_role("heading", name=f"{kid[:8]} is stopped")).to_have_count(0)
    page.go_back()
    assert stage.state(kid) == State.SUSPENDED.value
    assert device.wrong == []
    device.context.close()


def test_an_officer_signs_in_and_out(stage: Stage) -> None:
    device, [link, _] = Device(stage.chromium), stage.links()
    join(device, link)
    device.page.wait_for_url(f"{ISSUER}{KEYS}")
    device.page.get_by_role("button", name="Sign out").click()
    device.page.wait_for_url(f"{ISSUER}{SIGN_IN}")

    device.page.get_by_role("button", name="Use your passkey").click()

    device.page.wait_for_url(f"{ISSUER}{KEYS}")
    assert device.wrong == []
    device.context.close()


def test_without_a_name_no_passkey_is_made(stage: Stage) -> None:
    device, [link, _] = Device(stage.chromium), stage.links()
    join(device, link, "")

    assert device.passkeys() == []
    assert device.page.url == link
    device.context.close()


def test_who_is_not_recognised_does_not_come(stage: Stage) -> None:
    device, [link, _] = Device(stage.chromium), stage.links()
    device.recognise(False)

    join(device, link)

    device.page.get_by_text("No passkey was made.").first.wait_for()
    assert device.page.url == link
    device.context.close()


def test_a_link_that_was_used_or_is_over_lets_nobody_in(stage: Stage) -> None:
    first, second, [link, other] = Device(stage.chromium), Device(stage.chromium), stage.links()
    join(first, link)
    first.page.wait_for_url(f"{ISSUER}{KEYS}")

    second.page.goto(link)
    expect(second.page.get_by_text("This link works no longer")).to_be_visible()
    stage.world.now += 24 * HOUR
    second.page.goto(other)
    expect(second.page.get_by_text("This link works no longer")).to_be_visible()
    first.context.close()
    second.context.close()


def test_neither_door_opens_with_the_other_s_passkey(stage: Stage) -> None:
    """One device holds both; each is offered at both doors, and refused at the wrong one."""
    citizen = Device(stage.chromium)
    citizen.add()
    citizen.page.goto(f"{ISSUER}{KEYS}")
    assert citizen.page.url == f"{ISSUER}{SIGN_IN}"
    citizen.page.get_by_role("button", name="Use your passkey").click()
    expect(citizen.page.get_by_text("This passkey was not accepted")).to_be_visible()

    officer, [link, _] = Device(stage.chromium), stage.links()
    officer.page.add_init_script(NO_AUTOFILL)
    join(officer, link)
    officer.page.wait_for_url(f"{ISSUER}{KEYS}")
    officer.page.goto(f"{ISSUER}/account")
    assert officer.page.url == f"{ISSUER}/sign-in"
    officer.page.click("button[value=passkey]")
    expect(officer.page.get_by_text("This passkey was not accepted")).to_be_visible()
    enter(officer.page)
    officer.page.wait_for_url(f"{ISSUER}/account")
    citizen.context.close()
    officer.context.close()
