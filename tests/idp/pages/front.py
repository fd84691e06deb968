"""A person before our pages, as these tests move them."""

from urllib.parse import parse_qs, urlencode, urlsplit

from idp.accounts.person import Person
from oidc import pkce
from oidc.endpoints.cookies import BROWSER
from tests.browser import Browser
from tests.sample import ADA, CALLBACK, SHOP
from tests.world import World

VERIFIER = "v" * 43
ENGLISH = {"accept-language": "en"}
QUERY = {
    "client_id": SHOP.client_id,
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid profile email phone",
    "state": "s",
    "code_challenge": pkce.challenge(VERIFIER),
    "code_challenge_method": "S256",
}


def address(**changes: str) -> str:
    return f"/authorize?{urlencode({**QUERY, **changes})}"


async def at_the_door(world: World, **changes: str) -> Browser:
    """Sent by a service, in English, before the sign-in page."""
    browser = world.browser()
    browser.http.headers.update(ENGLISH)
    await browser.open(address(**changes))
    assert browser.here.startswith("https://id.example/sign-in?i="), browser.page.text
    return browser


async def enter(browser: Browser, person: Person = ADA) -> None:
    await browser.press(
        "action", "password", identifier=person.identifier, password=person.password
    )


async def before_the_decision(world: World, **changes: str) -> Browser:
    browser = await at_the_door(world, **changes)
    await enter(browser)
    assert browser.here.startswith("https://id.example/decide?i="), browser.page.text
    return browser


async def at_home(world: World, person: Person = ADA) -> Browser:
    """Signed in for the account itself."""
    browser = world.browser()
    browser.http.headers.update(ENGLISH)
    await browser.open("/account")
    await enter(browser, person)
    assert browser.here == "https://id.example/account", browser.page.text
    return browser


def told(browser: Browser) -> dict[str, str]:
    """What the agency is told at its address."""
    assert browser.left_for is not None, browser.page.text
    assert browser.left_for.startswith(f"{CALLBACK}?")
    return {name: value for name, [value] in parse_qs(urlsplit(browser.left_for).query).items()}


def token_for(world: World, browser: Browser, path: str, cookie: str = BROWSER) -> str:
    """As a form to ``path`` would carry it in this browser, whatever page is shown."""
    secret = browser.http.cookies.get(cookie)
    assert secret is not None
    return world.house.site.csrf.token(secret, path, world.now)
