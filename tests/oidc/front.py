"""A browser and an agency, as the tests of the endpoints move them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from httpx2 import AsyncClient, Response
from joserfc import jwt
from joserfc.jwk import KeySet

from idp.sessions.start import Authenticated
from oidc.endpoints.cookies import BROWSER
from store.micros import SECOND
from tests.browser import Browser as Pages
from tests.oidc.values import CALLBACK, QUERY, VERIFIER
from tests.sample import AGENCIES
from tests.world import World, basic

POST_OFFICE = basic("post+office", "100%25+s%C3%A4ker")
ADA, BAO = 0, 1


@dataclass
class Browser:
    """One person's browser, or nobody's. ``pages`` is the same one, with forms to fill in."""

    world: World
    pages: Pages

    @property
    def http(self) -> AsyncClient:
        return self.pages.http

    async def get(self, path: str, **query: str) -> Response:
        return await self.http.get(f"{path}?{urlencode(query)}" if query else path)

    async def authorize(self, **changes: str | None) -> Response:
        return await self.get("/authorize", **query(**changes))

    async def sign_in(self, who: int = ADA) -> None:
        """As the page does it, without what a password costs."""
        account = self.world.rows("SELECT account_id FROM account ORDER BY rowid")[who]
        proof = Authenticated(
            account_id=account, acr="urn:nid:acr:1", amr=("pwd",), label="A browser"
        )
        old = self.http.cookies.get(BROWSER)
        started = await self.world.house.parts.start(proof, old, self.world.now)
        self.remember(BROWSER, started.browser_secret)

    def remember(self, cookie: str, value: str) -> None:
        self.http.cookies.set(cookie, value, domain="id.example", path="/")

    async def agree(self, *items: str, **changes: str) -> None:
        """Share what is needed and these items."""
        await self.pages.open(f"/authorize?{urlencode(query(**changes))}")
        await self.pages.press("decision", "share", tick=items)

    async def code(self, **changes: str | None) -> str:
        return answered(await self.authorize(**{"scope": "openid", **changes}))["code"]

    async def tokens(self, **changes: str | None) -> dict[str, Any]:
        """What a code of this browser buys."""
        answer = await exchange(self.world, await self.code(**changes))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def query(**changes: str | None) -> dict[str, str]:
    return {name: value for name, value in {**QUERY, **changes}.items() if value is not None}


def browser(world: World) -> Browser:
    """A new one, with no cookies; it needs no port, so nothing of it must be closed."""
    return Browser(world, world.browser())


def answered(response: Response) -> dict[str, str]:
    """What came back to the agency's address, in the query or the fragment."""
    assert response.status_code == 303, response.text
    address = urlsplit(response.headers["location"])
    assert response.headers["location"].startswith(CALLBACK), address
    return {name: value for name, [value] in parse_qs(address.query or address.fragment).items()}


async def exchange(
    world: World, issued: str, headers: dict[str, str] | None = None, /, **changes: str | None
) -> Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": "shop",
        "code": issued,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        **changes,
    }
    sent = {name: value for name, value in form.items() if value is not None}
    return await world.rp.post("/token", data=sent, headers=headers)


async def read_token(world: World, token: str, *algs: str) -> jwt.Token:
    keys = KeySet.import_key_set((await world.rp.get("/jwks")).json())
    return jwt.decode(token, keys, algorithms=list(algs) or ["ES256", "RS256"])


async def userinfo(world: World, access_token: str) -> Response:
    return await world.rp.get("/userinfo", headers={"Authorization": f"Bearer {access_token}"})


async def change(world: World, client_id: str, **changes: Any) -> None:
    """The client's registration. A moment later everybody knows."""
    clients = world.house.parts.clients
    client = await clients.find(client_id, world.now)
    assert client is not None
    await clients.apply(AGENCIES, (client.model_copy(update=changes),), world.now)
    world.now += 2 * SECOND


def why(world: World) -> str:
    """The reason of the last refusal, as the log has it."""
    return world.watch.refused[-1].detail
