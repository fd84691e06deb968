"""A person with passkeys, before our pages."""

import re
from html import unescape

from httpx2 import Response

from idp.accounts.person import Person
from ledger.kinds import SignInFailed, StrangerRefused
from tests.browser import Browser
from tests.idp.pages.front import ENGLISH, at_home
from tests.sample import ADA
from tests.soft_passkey import HONEST, Authenticator, Lie
from tests.world import World

PASSKEYS = "/account/passkeys"


def options(browser: Browser) -> str:
    """What the page tells its script."""
    found = re.search(r'data-options="([^"]+)"', browser.page.text)
    assert found is not None, browser.page.text
    return unescape(found[1])


async def offer(browser: Browser, credential: str, name: str = "my phone") -> Response:
    return await browser.press("action", "add", credential=credential, name=name)


async def add(
    browser: Browser, device: Authenticator, lie: Lie = HONEST, name: str = "my phone"
) -> Response:
    """On the page of passkeys, as somebody who has just signed in."""
    await browser.open(PASSKEYS)
    return await offer(browser, device.register(options(browser), lie), name)


async def with_passkey(world: World, device: Authenticator, person: Person = ADA) -> Browser:
    """Signed in by password, with one passkey added."""
    browser = await at_home(world, person)
    await add(browser, device)
    assert "The passkey was added" in browser.page.text, browser.page.text
    return browser


async def use(browser: Browser, credential: str) -> Response:
    return await browser.press("action", "passkey", credential=credential)


async def enter_by_passkey(
    world: World, device: Authenticator, lie: Lie = HONEST, browser: Browser | None = None
) -> Browser:
    """A new browser, at the sign-in page of the account, unless one is given where it stands."""
    if browser is None:
        browser = world.browser()
        browser.http.headers.update(ENGLISH)
        await browser.open("/sign-in")
    await use(browser, device.sign_in(options(browser), lie))
    return browser


async def prove_again(browser: Browser, device: Authenticator) -> None:
    """Who has a passkey shows it before changing how they sign in."""
    await browser.open("/sign-in?again=%2Faccount%2Fpasskeys")
    await use(browser, device.sign_in(options(browser)))
    assert browser.here.endswith(PASSKEYS), browser.page.text


def reasons(world: World) -> list[str]:
    """Why passkeys were refused, in the words of the log."""
    said = []
    for event in world.watch.seen:
        if isinstance(event, SignInFailed):
            said.append(event.reason)
        elif isinstance(event, StrangerRefused):
            said.append(f"{event.door}: {event.reason}")
    return said
