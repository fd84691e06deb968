"""A client's program that registers itself, as the tests move it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from httpx2 import Response

from clients.dynamic.invites import Invite, Invites
from keys.secrets import new_id
from store.micros import DAY
from tests.oidc.values import CALLBACK
from tests.sample import DELIVERY
from tests.world import World, open_world

HERE = {"redirect_uris": [CALLBACK]}


@asynccontextmanager
async def open_to_all(folder: Path, **changes: Any) -> AsyncIterator[World]:
    """A world in which anybody may register. ``changes`` are settings of registration."""
    said = {"mode": "open", "purpose": DELIVERY.purpose_id, "require_pkce": False, **changes}
    async with open_world(folder, registration=said) as world:
        yield world


async def post(world: World, said: Any = None, token: str | None = None, **more: Any) -> Response:
    body = {**HERE, **more} if said is None else said
    return await world.rp.post("/register", json=body, headers=bearer(token))


async def registered(world: World, **more: Any) -> dict[str, Any]:
    answer = await post(world, **more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def refused(world: World, **more: Any) -> str:
    """By which error; and nothing was kept."""
    before = world.rows("SELECT client_id FROM client")
    answer = await post(world, **more)
    assert answer.status_code == 400, answer.text
    assert answer.json().keys() == {"error", "error_description"}
    assert world.rows("SELECT client_id FROM client") == before
    return str(answer.json()["error"])


async def invited(world: World, **changes: Any) -> str:
    """An initial access token."""
    invites = Invites(world.house.parts.storage.database, world.house.parts.ledger)
    invite = Invite(**{"invite_id": new_id(world.now), "ends_at": world.now + DAY, **changes})
    return await invites.make(invite, world.now)


def bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}
