"""Officers before the console, as these tests move them."""

from urllib.parse import urlencode

from idp.pages.console.cookie import COOKIE
from idp.pages.console.paths import JOIN, SIGN_IN, STOP
from keys.lives.moves import signing
from store.micros import HOUR
from tests.browser import Browser
from tests.idp.pages.front import ENGLISH
from tests.idp.pages.keyring import options
from tests.soft_passkey import HONEST, Authenticator, Lie
from tests.world import World

DAY_SHIFT, NIGHT_SHIFT = "Day shift", "Night shift"
WHY = "an odd entry in the log"


async def links(world: World, hours: int = 24) -> list[str]:
    """As ``motcua officers init`` makes them."""
    officers = world.house.site.console.officers
    return [*await officers.invite(world.now + hours * HOUR, world.now)]


def visitor(world: World) -> Browser:
    browser = world.browser()
    browser.http.headers.update(ENGLISH)
    return browser


async def before_joining(world: World, link: str) -> Browser:
    browser = visitor(world)
    await browser.open(f"{JOIN}?{urlencode({'link': link})}")
    return browser


async def join(
    browser: Browser, device: Authenticator, name: str = DAY_SHIFT, lie: Lie = HONEST
) -> None:
    made = device.register(options(browser), lie)
    await browser.press("action", "join", credential=made, name=name)


async def an_officer(world: World, device: Authenticator, name: str = DAY_SHIFT) -> Browser:
    """Came by the first link there is, and is in."""
    browser = await before_joining(world, (await links(world))[0])
    await join(browser, device, name)
    assert "Signing keys" in browser.page.text, browser.page.text
    return browser


async def sign_in(world: World, device: Authenticator, lie: Lie = HONEST) -> Browser:
    browser = visitor(world)
    await browser.open(SIGN_IN)
    await use(browser, device, lie)
    return browser


async def use(browser: Browser, device: Authenticator, lie: Lie = HONEST) -> None:
    """The passkey that the page asks for."""
    asked = device.sign_in(options(browser), lie)
    await browser.press("action", "passkey", credential=asked)


def is_in(browser: Browser) -> bool:
    return browser.http.cookies.get(COOKIE) is not None


async def active(world: World, alg: str = "ES256") -> str:
    """The kid of the key that signs."""
    found = signing(await world.house.parts.custody.lives(), alg)
    assert found is not None
    return found.kid


async def before_the_stop(world: World, browser: Browser) -> str:
    """Asked whether the key is to be stopped, whose kid this is."""
    kid = await active(world)
    await browser.open(f"{STOP}?key={kid}")
    return kid
