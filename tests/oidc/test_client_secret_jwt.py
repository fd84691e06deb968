"""OpenID Connect Core section 9: a client that proves it knows a secret, and does not send it."""

import hmac
from typing import Any

import pytest
from httpx2 import Response

from clients.secrets import ClientSecrets
from keys.secrets import new_secret
from oidc.client_auth.assertion import TYPE
from store.micros import MINUTE, SECOND, seconds
from tests.keys.samples import public, rsa_key, signed
from tests.oidc.front import change, why
from tests.oidc.test_private_key_jwt import show
from tests.oidc.test_private_key_jwt import statement as signed_by_tax
from tests.oidc.values import ISSUER, NOON
from tests.sample import AGENCIES, client
from tests.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.protocol(73)]

SECRET = new_secret()


def statement(
    secret: str = SECRET, head: dict[str, Any] | None = None, digest: str = "sha256", **changes: Any
) -> str:
    said = {"iss": "mill", "sub": "mill", "aud": ISSUER, "jti": "1", "exp": seconds(NOON + MINUTE)}
    header = {"alg": "HS256", "typ": "JWT", **(head or {})}
    return signed(header, {**said, **changes}, lambda it: hmac.digest(secret.encode(), it, digest))


async def register(world: World, **changes: Any) -> None:
    """The mill, which has a secret that can be read back."""
    sealed = ClientSecrets(world.house.parts.storage.vault).seal("mill", SECRET)
    said = {
        "token_endpoint_auth_method": "client_secret_jwt",
        "token_endpoint_auth_signing_alg": "HS256",
        "client_secret_sealed": sealed,
        **changes,
    }
    await world.house.parts.clients.apply(AGENCIES, (client("mill", **said),), NOON)
    world.now += 2 * SECOND


def known(answer: Response) -> bool:
    """The code is looked at, then; and it is none."""
    assert (answer.status_code, answer.json()["error"]) in {
        (400, "invalid_grant"),
        (401, "invalid_client"),
    }
    return answer.status_code == 400


@pytest.mark.protocol(74)
@pytest.mark.parametrize("aud", [ISSUER, f"{ISSUER}/token", [f"{ISSUER}/token"]], ids=str)
async def test_the_secret_s_octets_are_the_key(world: World, aud: Any) -> None:
    await register(world)
    assert known(await show(world, statement(aud=aud)))


async def test_the_same_statement_is_not_enough_twice(world: World) -> None:
    await register(world)
    assert known(await show(world, statement()))
    assert not known(await show(world, statement()))
    assert why(world) == "client_assertion used twice"


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ({"secret": "x" * 43}, "not made with the secret"),
        ({"secret": ""}, "not made with the secret"),
        ({"head": {"alg": "HS512"}, "digest": "sha512"}, "not the registered algorithm"),
        ({"head": {"alg": "none"}}, "came with private_key_jwt"),
        ({"head": {"typ": "at+jwt"}}, "not a statement of this type"),
        ({"aud": "https://else.example"}, "somebody else"),
        ({"iss": "shop"}, "iss and sub are not the client"),
        ({"exp": seconds(NOON) - 10}, "has expired"),
        ({"jti": None}, "no jti"),
    ],
    ids=str,
)
async def test_a_statement_that_is_off_is_refused(
    world: World, said: dict[str, Any], detail: str
) -> None:
    await register(world)
    assert not known(await show(world, statement(**said)))
    assert detail in why(world)


@pytest.mark.protocol(72)
async def test_only_the_registered_method_is_taken(world: World) -> None:
    await register(world)
    await show(world, statement(sub="tax", iss="tax"))
    assert why(world) == "tax came with client_secret_jwt"
    await show(world, signed_by_tax(iss="mill", sub="mill"))
    assert why(world) == "mill came with private_key_jwt"
    answer = await world.rp.post("/token", data={"client_id": "mill", "client_secret": SECRET})
    assert (answer.status_code, why(world)) == (401, "mill came with client_secret_post")


async def test_the_type_of_the_statement_must_be_said(world: World) -> None:
    await register(world)
    assert not known(await show(world, statement(), client_assertion_type=None))
    assert "client_assertion_type" in why(world)
    assert known(await show(world, statement(), client_assertion_type=TYPE))


@pytest.mark.parametrize("kept", ["", "AAAA", "no base64url at all ü", "elsewhere"])
async def test_a_secret_that_cannot_be_read_back_proves_nothing(world: World, kept: str) -> None:
    if kept == "elsewhere":
        kept = ClientSecrets(world.house.parts.storage.vault).seal("shop", SECRET)
    await register(world, client_secret_sealed=kept)
    assert not known(await show(world, statement()))
    assert why(world) == "the client has no secret that can be read"


async def test_a_secret_that_is_short_is_none(world: World) -> None:
    sealed = ClientSecrets(world.house.parts.storage.vault).seal("mill", "short")
    await register(world, client_secret_sealed=sealed)
    assert not known(await show(world, statement("short")))
    assert "not made with the secret" in why(world)


async def test_without_a_registered_algorithm_any_is_taken_that_a_key_is_for(world: World) -> None:
    await change(world, "tax", token_endpoint_auth_signing_alg=None)
    assert known(await show(world, signed_by_tax()))
    await change(world, "tax", jwks=(public(rsa_key(), alg="RS256"),))
    assert not known(await show(world, signed_by_tax(jti="2")))
    assert "no registered key" in why(world)
    none = "eyJhbGciOiJub25lIn0." + signed_by_tax(jti="3").partition(".")[2]
    assert not known(await show(world, none))
    assert "not the registered algorithm" in why(world)
