"""One person's walk through the pages, in one language and at one width."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from httpx2 import Client
from playwright.sync_api import Browser, BrowserContext, Page

from idp.accounts.person import Person
from oidc import pkce
from tests.pictures.stage import AGENCIES, MINH_ANH, PORTAL_SECRET, Stage
from tests.sample import ISSUER
from tests.world import basic

VERIFIER = "v" * 43
WIDE, NARROW = 1280, 320
HEIGHTS = {WIDE: 800, NARROW: 640}
ASKED: dict[str, dict[str, Any]] = {
    "portal": {"scope": "openid profile", "redirect_uri": f"{AGENCIES['PORTAL_URL']}/callback"},
    "tax": {
        "scope": "openid profile email phone",
        "redirect_uri": f"{AGENCIES['TAX_URL']}/callback",
        "claims": json.dumps(
            {"userinfo": {"nid:personal_id_number": None, "nid:address_permanent": None}}
        ),
    },
    "health": {
        "scope": "openid profile email phone address",
        "redirect_uri": "https://health.gov.example/callback",
    },
    "library": {
        "scope": "openid profile address",
        "redirect_uri": "https://library.gov.example/callback",
    },
}
SECRETS = {"portal": PORTAL_SECRET}
TELEPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


@dataclass(frozen=True)
class Visit:
    """``page`` is the window; a second device of the same person can be had."""

    stage: Stage
    page: Page
    language: str

    def go(self, path: str) -> None:
        self.page.goto(ISSUER + path)

    def sent_by(self, client_id: str, **more: str) -> None:
        """A service sends the person here."""
        self.go("/authorize?" + urlencode(request(client_id, **more)))

    def without_scripts(self, there: Callable[[], object]) -> None:
        """Go there, and see what is seen until a script goes on."""
        self.page.route("**/*.js", lambda route: route.abort())
        with self.page.expect_navigation():
            there()
        self.page.unroute("**/*.js")

    def enter(self, person: Person = MINH_ANH, password: str | None = None) -> None:
        enter(self.page, person, password)

    def press(self, name: str, value: str) -> None:
        self.page.click(f"button[name={name}][value={value}]")

    def looks(self, client_id: str) -> str:
        """The service to which the person was sent back just now fetches what it may.

        Returns its ID token.
        """
        [code] = parse_qs(urlsplit(self.page.url).query)["code"]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": ASKED[client_id]["redirect_uri"],
            "code_verifier": VERIFIER,
        }
        secret = SECRETS.get(client_id)
        proof = basic(client_id, secret) if secret else {}
        named = {} if secret else {"client_id": client_id}
        place, host = f"https://127.0.0.1:{self.stage.port}", {"host": urlsplit(ISSUER).netloc}
        with Client(base_url=place, headers=host, verify=False, trust_env=False) as service:
            said = service.post("/token", data={**form, **named}, headers=proof).json()
            bearer = {"authorization": f"Bearer {said['access_token']}"}
            assert service.get("/userinfo", headers=bearer).status_code == HTTPStatus.OK
        return str(said["id_token"])

    def elsewhere(self) -> None:
        """The same person signs in on a telephone."""
        context = visitor(self.stage.browser, self.language, 320, user_agent=TELEPHONE)
        page = context.new_page()
        page.goto(f"{ISSUER}/sign-in")
        enter(page, MINH_ANH)
        context.close()


Step = Callable[[Visit], None]


def request(client_id: str, **more: str) -> dict[str, str]:
    return {
        "client_id": client_id,
        "response_type": "code",
        "state": "s",
        "code_challenge": pkce.challenge(VERIFIER),
        "code_challenge_method": "S256",
        **ASKED[client_id],
        **more,
    }


def enter(page: Page, person: Person, password: str | None = None) -> None:
    page.fill("#identifier", person.identifier)
    page.fill("#password", password or person.password)
    page.click("button[value=password]")


def visitor(browser: Browser, language: str, width: int, **said: Any) -> BrowserContext:
    """Somebody with a browser of this kind."""
    return browser.new_context(
        locale=language,
        viewport={"width": width, "height": HEIGHTS[width]},
        ignore_https_errors=True,
        **said,
    )


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
