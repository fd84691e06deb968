"""A token of one kind offered as another. RFC 8725 sections 2.8, 3.11 and 3.12.

Every kind of token that we make or take is shown to everybody who takes one. All are real: of one
person, one session and one moment, signed by keys that are good.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from consent.registers.connector import TOKEN_TYPE as REGISTER
from keys.ring import KeyRing
from oidc import logout_token
from oidc.client_auth.assertion import LIVES
from store.micros import seconds
from tests.oidc.front import Browser, change, exchange, read_token, userinfo
from tests.oidc.objects import request_object
from tests.oidc.offline import allowed
from tests.oidc.readers import READERS
from tests.oidc.registering import invited, open_to_all, registered
from tests.oidc.test_introspect import ARCHIVE, SIGNED, introspect
from tests.oidc.test_par import pushed
from tests.oidc.test_private_key_jwt import statement
from tests.oidc.test_software_statement import believing
from tests.oidc.test_software_statement import statement as software_statement
from tests.oidc.values import CONFIG, NOON
from tests.sample import ARCHIVE_ADDRESS
from tests.world import World

pytestmark = pytest.mark.anyio

GOOD = {
    "ID token": {"hint", "hint at the end"},
    "access token": {"userinfo", "introspection", "revocation"},
    "logout token": {"agency"},
    "userinfo": set(),
    "introspection": set(),
    "statement to a register": set(),
    "code": {"code"},
    "refresh token": {"refresh"},
    "client assertion": {"assertion"},
    "request object": {"request object"},
    "pushed request": {"request_uri"},
    "initial access token": {"invitation"},
    "registration access token": {"management"},
    "software statement": {"software statement"},
}
"""Where each kind is taken; nowhere else is it."""


async def made(world: World, ada: Browser) -> dict[str, str]:
    """One of each. ``shop`` has them, but for what others alone can have."""
    refresh = (await allowed(world, ada))["refresh_token"]
    await change(world, "shop", resource=ARCHIVE_ADDRESS, userinfo_signed_response_alg="ES256")
    tokens = await ada.tokens()
    access, ring = tokens["access_token"], await world.ports.keys.current(world.now)
    known = (await read_token(world, tokens["id_token"])).claims
    return {
        "ID token": tokens["id_token"],
        "access token": access,
        "logout token": await logout(world, known),
        "userinfo": (await userinfo(world, access)).text,
        "introspection": (await introspect(world, access, {**ARCHIVE, **SIGNED})).text,
        "statement to a register": to_a_register(ring, known),
        "code": await ada.code(),
        "refresh token": refresh,
        "client assertion": statement(exp=seconds(NOON + LIVES)),
        "request object": request_object(),
        "pushed request": await pushed(world),
        "initial access token": await invited(world, remaining=99),
        "registration access token": (await registered(world))["registration_access_token"],
        "software statement": software_statement(),
    }


async def logout(world: World, known: dict[str, Any]) -> str:
    client = await world.ports.clients.find("shop", world.now)
    assert client is not None
    claims = logout_token.logout_token_claims(
        client, CONFIG, subject=known["sub"], sid=known["sid"], now=world.now
    )
    keys, theirs = world.ports.keys, world.ports.client_keys
    return await logout_token.sign(claims, client, keys, theirs, world.now)


def to_a_register(ring: KeyRing, known: dict[str, Any]) -> str:
    """With all that an ID token says, and then some."""
    return ring.sign({**known, "client_id": "shop", "scope": "openid"}, typ=REGISTER)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """One in which everything can be had."""
    async with open_to_all(tmp_path, statement_issuers=believing(tmp_path)) as opened:
        yield opened


@pytest.mark.protocol(59, 68, 73, 79, 88, 93)
async def test_each_kind_of_token_is_good_for_one_thing(world: World, ada: Browser) -> None:
    tokens = await made(world, ada)
    assert tokens.keys() == GOOD.keys()
    assert set().union(*GOOD.values()) == READERS.keys()

    taken = {
        kind: {place for place, takes in READERS.items() if await takes(ada, token)}
        for kind, token in tokens.items()
    }

    assert taken == GOOD


@pytest.mark.protocol(85, 86, 87)
async def test_an_id_token_comes_from_the_token_endpoint_alone_and_signed(
    world: World, ada: Browser
) -> None:
    """Nothing comes from the front channel, so there is nothing that a hash would bind to it."""
    for response_type in ("id_token", "token", "code id_token", "code token id_token", "none"):
        answer = await ada.authorize(response_type=response_type)
        assert "id_token=" not in answer.headers["location"]
        assert "error=unsupported_response_type" in answer.headers["location"]
    answer = await exchange(world, await ada.code())
    said = await read_token(world, answer.json()["id_token"])
    assert not {"at_hash", "c_hash", "s_hash"} & said.claims.keys()
    about = (await world.rp.get("/.well-known/openid-configuration")).json()
    offered = [value for name, value in about.items() if name.endswith("_alg_values_supported")]
    assert not {"none", "dir", "RSA1_5", "PBES2-HS256+A128KW"} & set().union(*offered)
