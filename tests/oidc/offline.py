"""A service that a person let look when they are not there, as these tests move it."""

from typing import Any

from httpx2 import Response

from tests.oidc.front import Browser, answered, exchange, read_token
from tests.world import World, basic

OFFLINE = {"scope": "openid profile email offline_access", "prompt": "consent"}
SECRETS = {"app": None, "desk": basic("desk", "100%25+s%C3%A4ker")}


async def allowed(world: World, browser: Browser, client_id: str = "app") -> dict[str, Any]:
    """What the service gets once the person has said yes."""
    await browser.agree(client_id=client_id, **OFFLINE)
    code = answered(browser.pages.page)["code"]
    named = {"client_id": None if SECRETS[client_id] else client_id}
    answer = await exchange(world, code, SECRETS[client_id], **named)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def refresh(world: World, token: str, client_id: str = "app", **changes: str) -> Response:
    secret = SECRETS.get(client_id)
    form = {"grant_type": "refresh_token", "refresh_token": token, **changes}
    if secret is None:
        form["client_id"] = client_id
    return await world.rp.post("/token", data=form, headers=secret)


async def refreshed(world: World, token: str, client_id: str = "app") -> dict[str, Any]:
    answer = await refresh(world, token, client_id)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def claims_of(world: World, tokens: dict[str, Any]) -> dict[str, Any]:
    """Of its ID token."""
    return dict((await read_token(world, tokens["id_token"])).claims)
