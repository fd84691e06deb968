"""RFC 6749 section 4.4: a client acts for itself."""

import asyncio

import pytest

from tests.oidc.front import POST_OFFICE, change, read_token, why
from tests.oidc.values import ISSUER
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def registered(world: World) -> None:
    await change(
        world,
        "post office",
        grant_types=frozenset({"client_credentials"}),
        scope="openid email reports parcels",
    )


async def ask(world: World, **form: str) -> tuple[int, dict[str, object]]:
    sent = {"grant_type": "client_credentials", **form}
    answer = await world.rp.post("/token", data=sent, headers=POST_OFFICE)
    return answer.status_code, answer.json()


@pytest.mark.protocol(75)
async def test_a_client_gets_a_token_of_its_own(world: World) -> None:
    status, body = await ask(world)
    assert status == 200
    assert body.keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert (body["scope"], body["expires_in"]) == ("parcels reports", 300)
    token = await read_token(world, str(body["access_token"]))
    assert token.claims["sub"] == "client:post office"
    assert (token.claims["client_id"], token.claims["aud"]) == ("post office", ISSUER)
    assert world.events()[-1]["event_id"] == token.claims["jti"]


async def test_its_tokens_are_for_its_registered_resource(world: World) -> None:
    await change(world, "post office", resource="https://api.post.example")
    _, body = await ask(world)
    token = await read_token(world, str(body["access_token"]))
    assert token.claims["aud"] == "https://api.post.example"


@pytest.mark.protocol(44)
async def test_it_gets_less_if_it_asks_for_less_and_never_what_is_a_persons(world: World) -> None:
    assert (await ask(world, scope="reports unknown"))[1]["scope"] == "reports"
    assert (await ask(world, scope="reports email openid"))[1]["scope"] == "reports"
    status, body = await ask(world, scope="openid email")
    assert (status, body["error"]) == (400, "invalid_scope")


async def test_one_grant_stands_for_all_its_tokens(world: World) -> None:
    await asyncio.gather(*(ask(world) for _ in range(10)))
    assert world.rows('SELECT count(*) FROM "grant"') == [1]
    assert len(world.events()) >= 10


@pytest.mark.protocol(80)
async def test_who_can_prove_nothing_gets_none(world: World) -> None:
    await change(world, "shop", grant_types=frozenset({"client_credentials"}))
    form = {"grant_type": "client_credentials", "client_id": "shop"}
    answer = await world.rp.post("/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    assert why(world) == "a public client has no credentials"
    assert world.rows('SELECT count(*) FROM "grant"') == [0]
