"""RFC 7592: a client reads, changes and deletes its registration."""

from asyncio import gather
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from clients.model import BY_THE_HOUSE, Client
from store.micros import SECOND
from tests.keys.samples import ec_key, public
from tests.oidc.front import ADA, answered, browser, change, exchange, userinfo, why
from tests.oidc.registering import HERE, bearer, open_to_all, registered
from tests.oidc.values import CALLBACK
from tests.sample import ADA as PERSON
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_to_all(tmp_path) as opened:
        yield opened


async def manage(world: World, made: dict[str, Any], method: str = "GET", **sent: Any) -> Response:
    token = sent.pop("token", made["registration_access_token"])
    address = made["registration_client_uri"]
    return await world.rp.request(method, address, headers=bearer(token), **sent)


async def put(world: World, made: dict[str, Any], **said: Any) -> Response:
    return await manage(world, made, "PUT", json={"client_id": made["client_id"], **said})


@pytest.mark.protocol(15, 16)
async def test_what_was_registered_is_read_again(world: World) -> None:
    made = await registered(world, client_name="Shop")
    answer = await manage(world, made)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    once = {"client_secret", "client_secret_expires_at"}
    assert answer.json() == {name: it for name, it in made.items() if name not in once}


@pytest.mark.protocol(16)
async def test_what_is_deleted_is_gone_with_all_that_people_have_given_it(world: World) -> None:
    made = await registered(world, token_endpoint_auth_method="none")
    person = browser(world)
    await person.sign_in(ADA)
    asked = {"client_id": made["client_id"], "scope": "openid"}
    code = answered(await person.authorize(**asked))["code"]
    tokens = (await exchange(world, code, client_id=made["client_id"])).json()
    assert (await userinfo(world, tokens["access_token"])).status_code == 200

    answer = await manage(world, made, "DELETE")

    assert (answer.status_code, answer.content) == (204, b"")
    for method in ("GET", "PUT", "DELETE"):
        assert (await manage(world, made, method)).status_code == 401
    assert (await userinfo(world, tokens["access_token"])).status_code == 401
    world.now += 2 * SECOND
    assert (await person.authorize(**asked)).status_code == 400
    assert (await exchange(world, code, client_id=made["client_id"])).status_code == 401
    assert "ClientDisabled" in [event["type"] for event in world.events()]
    assert "RegistrationDeleted" in [event["type"] for event in world.events()]
    assert answered(await person.authorize(scope="openid"))["code"], "the person is signed in yet"


async def test_of_many_who_delete_at_once_one_does(world: World) -> None:
    made = await registered(world)
    answers = await gather(*(manage(world, made, "DELETE") for _ in range(6)))
    assert sorted(it.status_code for it in answers) == [204, 401, 401, 401, 401, 401]


async def test_a_change_replaces_all_that_was_said(world: World) -> None:
    made = await registered(world, client_name="Shop", default_max_age=60)
    other = "https://shop.example/other"
    answer = await put(world, made, redirect_uris=[other])
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["redirect_uris"], said["client_name"]) == ([other], "shop.example")
    assert "default_max_age" not in said
    assert "client_secret" not in said, "it has one, and it was not shown to us again"
    assert (await manage(world, made)).json() == said
    world.now += 2 * SECOND
    assert (await browser(world).authorize(client_id=made["client_id"])).status_code == 400
    assert "RegistrationChanged" in [event["type"] for event in world.events()]


async def kept(world: World, made: dict[str, Any]) -> Client:
    listed = await world.house.parts.clients.show(made["client_id"])
    assert listed is not None
    return listed.client


async def test_what_was_set_here_no_change_of_its_own_takes_away(world: World) -> None:
    """It would leave a profile, or those for whom a new key waits, by saying nothing of them."""
    made = await registered(world)
    ours = {
        "profile": "baseline",
        "resource": "https://api.example",
        "protected_resource": "https://api.example/shop",
        "require_pkce": True,
        "key_set_name": "0" * 32,
        "source_networks": (ip_network("192.0.2.0/24"),),
        "key_notices_uri": "https://shop.example/keys",
    }
    assert {*ours} == {*BY_THE_HOUSE}, "and one that comes later"
    await change(world, made["client_id"], **ours)

    others = {"key_set_name": "1" * 32, "source_networks": ["198.51.100.0/24"]}
    said = {**others, "resource": "https://else.example", "require_pkce": False}
    answer = await put(world, made, **HERE, **said, client_name="Renamed")

    assert answer.status_code == 200, answer.text
    assert not answer.json().keys() & ours.keys()
    client = await kept(world, made)
    assert {name: getattr(client, name) for name in ours} == ours
    assert client.client_name == "Renamed"


async def test_a_client_of_a_profile_stays_in_it_whatever_it_says(world: World) -> None:
    sound = {
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "id_token_signed_response_alg": "ES256",
        "jwks": {"keys": [public(ec_key("its"))]},
        "require_pushed_authorization_requests": True,
    }
    made = await registered(world, **sound)
    await change(world, made["client_id"], profile="fapi2", require_pkce=True)
    weaker = {**sound, "require_pushed_authorization_requests": False}
    answer = await put(world, made, **HERE, **weaker)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")
    assert (await put(world, made, **HERE, **sound)).status_code == 200
    assert (await kept(world, made)).profile == "fapi2"


async def test_a_scope_and_a_grant_that_it_was_given_are_its_own(world: World) -> None:
    """No registration could ask for them again."""
    made = await registered(world)
    both = frozenset({"authorization_code", "client_credentials"})
    await change(world, made["client_id"], scope="openid profile tax:read", grant_types=both)
    answer = await put(world, made, **HERE, grant_types=sorted(both), scope="openid rates:read")
    assert answer.status_code == 200, answer.text
    assert answer.json()["scope"] == "openid tax:read"
    assert answer.json()["grant_types"] == sorted(both)


async def test_a_grant_that_it_was_given_stays_though_it_says_nothing_of_it(world: World) -> None:
    made = await registered(world)
    both = frozenset({"authorization_code", "client_credentials"})
    await change(world, made["client_id"], scope="openid tax:read", grant_types=both)
    for said in ({}, {"grant_types": ["authorization_code", "refresh_token"]}, {}):
        answer = await put(world, made, **HERE, **said)
        assert answer.status_code == 200, answer.text
        expected = both.union(said.get("grant_types", ()))
        assert (await kept(world, made)).grant_types == expected, "what it chose itself it may drop"
        assert answer.json()["grant_types"] == sorted(expected)
        assert "tax:read" in answer.json()["scope"].split(" ")


async def test_who_was_given_a_grant_that_needs_a_secret_cannot_become_public(world: World) -> None:
    made = await registered(world)
    both = frozenset({"authorization_code", "client_credentials"})
    await change(world, made["client_id"], grant_types=both)
    before = await kept(world, made)
    answer = await put(world, made, **HERE, token_endpoint_auth_method="none")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")
    assert "a public client cannot use client_credentials" in answer.json()["error_description"]
    assert await kept(world, made) == before


async def test_who_needs_another_kind_of_secret_is_given_one(world: World) -> None:
    made = await registered(world, token_endpoint_auth_method="none")
    assert "client_secret" not in made
    first = (await put(world, made, **HERE)).json()
    again = (await put(world, made, **HERE)).json()
    assert (len(first["client_secret"]), "client_secret" in again) == (43, False)
    jwt = {"token_endpoint_auth_method": "client_secret_jwt"}
    assert (await put(world, made, **HERE, **jwt)).json()["client_secret"]
    assert "client_secret" not in (await put(world, made, **HERE, **jwt)).json()


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [
        ({"redirect_uris": ["http://shop.example/cb"]}, 400, "invalid_redirect_uri"),
        ({"client_id": "tax"}, 400, "invalid_client_metadata"),
        ({"client_id": None}, 400, "invalid_client_metadata"),
        ({"registration_access_token": "x"}, 400, "invalid_request"),
        ({"registration_client_uri": "x"}, 400, "invalid_request"),
        ({"client_secret_expires_at": 0}, 400, "invalid_request"),
        ({"client_id_issued_at": 0}, 400, "invalid_request"),
        ({"redirect_uris": ["https://else.example/cb"]}, 400, "invalid_client_metadata"),
        ({"grant_types": ["client_credentials"]}, 400, "invalid_client_metadata"),
    ],
    ids=str,
)
async def test_a_change_that_may_not_be_changes_nothing(
    world: World, said: dict[str, Any], status: int, error: str
) -> None:
    made = await registered(world)
    before = (await manage(world, made)).json()
    answer = await put(world, made, **{**HERE, **said})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert (await manage(world, made)).json() == before


async def test_a_host_that_would_become_another_is_refused(world: World) -> None:
    """People are known to it by its host."""
    made = await registered(world)
    answer = await put(world, made, redirect_uris=["https://else.example/cb"])
    assert "sector" in answer.json()["error_description"]
    assert answer.status_code == 400


@pytest.mark.protocol(16)
async def test_only_its_own_token_manages_a_client(world: World) -> None:
    mine, others = await registered(world), await registered(world)
    for token in (others["registration_access_token"], "made up", ""):
        answer = await manage(world, mine, token=token)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert (await manage(world, mine, token=None)).status_code == 401
    tax = f"/register/client?client_id=tax&token={mine['registration_access_token']}"
    head = bearer(mine["registration_access_token"])
    assert (await world.rp.get(tax, headers=head)).status_code == 401
    assert (await world.rp.get("/register/client", headers=head)).status_code == 400
    assert (await world.rp.get("/register/client?client_id=%00", headers=head)).status_code == 400


async def test_no_secret_of_a_registration_lies_in_the_open(world: World) -> None:
    made = await registered(world, client_name="Shop")
    token = made["registration_access_token"]
    kept = "".join(f"{row}" for row in world.sql.iterdump())
    assert made["client_secret"] not in kept
    assert token not in kept
    assert PERSON.password not in kept
    await manage(world, made, token="made up")
    assert why(world) == "no such client, or another token"
    assert CALLBACK in kept
