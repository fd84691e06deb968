"""What a client is told as it wishes to be told it. Core sections 5.3.2 and 10.2: rule J6 too."""

import json
from typing import Any, get_args

import jose.jwe
import orjson
import pytest
from httpx2 import Response
from joserfc import jwe
from joserfc.jwk import ECKey, RSAKey

from clients.model import Client
from keys.algorithms import ALGORITHMS
from keys.compact import decoded
from keys.encryption import ALGS, ENCS
from tests.keys.samples import ec_key, public, rsa_key
from tests.oidc.front import Browser, change, exchange, read_token, userinfo, why
from tests.oidc.values import ISSUER
from tests.world import World

pytestmark = pytest.mark.anyio

FOR: dict[str, ECKey | RSAKey] = {"EC": ec_key("to encrypt"), "RSA": rsa_key()}
KEYS = tuple(public(key, use="enc", kid=kty) for kty, key in FOR.items())
SIGNING = public(ec_key(), use="sig", kid="signing")


def key_of(alg: str) -> ECKey | RSAKey:
    return FOR["RSA" if alg.startswith("RSA") else "EC"]


def header_of(token: str) -> dict[str, Any]:
    return dict(json.loads(decoded(token.split(".", maxsplit=1)[0])))


def opened(token: str, alg: str, enc: str) -> bytes:
    """As the client reads it: with its private key, and with nothing but what it registered."""
    plain = jwe.decrypt_compact(token, key_of(alg), algorithms=[alg, enc]).plaintext
    assert plain is not None
    return plain


async def encrypting(world: World, kind: str, alg: str, enc: str, **changes: Any) -> None:
    wishes = {f"{kind}_encrypted_response_alg": alg, f"{kind}_encrypted_response_enc": enc}
    await change(world, "shop", jwks=(SIGNING, *KEYS), **wishes, **changes)


async def told(world: World, ada: Browser) -> Response:
    answer = await userinfo(world, (await ada.tokens())["access_token"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jwt")
    assert answer.headers["cache-control"] == "no-store"
    return answer


@pytest.mark.protocol(12, 83)
@pytest.mark.parametrize("enc", ENCS)
@pytest.mark.parametrize("alg", ALGS)
async def test_an_id_token_is_signed_and_then_encrypted(
    world: World, ada: Browser, alg: str, enc: str
) -> None:
    await encrypting(world, "id_token", alg, enc, id_token_signed_response_alg="PS256")
    token = (await ada.tokens(nonce="n"))["id_token"]
    header, kid = header_of(token), "RSA" if alg.startswith("RSA") else "EC"
    known = {"alg": alg, "enc": enc, "kid": kid, "cty": "JWT"}
    assert {name: header[name] for name in known} == known
    assert header.keys() - known.keys() <= {"epk"}  # so no zip: rule J6
    inside = await read_token(world, opened(token, alg, enc).decode(), "PS256")
    assert inside.claims["nonce"] == "n"
    assert inside.header["typ"] == "JWT"


@pytest.mark.parametrize("enc", ENCS)
async def test_another_library_opens_it_too(world: World, ada: Browser, enc: str) -> None:
    await encrypting(world, "id_token", "RSA-OAEP-256", enc)
    private = FOR["RSA"].as_dict(private=True)
    inside = jose.jwe.decrypt((await ada.tokens())["id_token"], private)
    assert inside is not None
    assert (await read_token(world, inside.decode())).claims["aud"] == "shop"


@pytest.mark.protocol(67)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # some clients know no other name
@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_userinfo_is_signed_for_who_wishes_it(world: World, ada: Browser, alg: str) -> None:
    await ada.agree("person.email")
    await change(world, "shop", userinfo_signed_response_alg=alg)
    tokens = await ada.tokens(scope="openid email")
    answer = await userinfo(world, tokens["access_token"])
    assert answer.headers["content-type"] == "application/jwt"
    said = await read_token(world, answer.text, alg)
    subject = (await read_token(world, tokens["id_token"])).claims["sub"]
    assert said.claims == {
        "sub": subject,
        "iss": ISSUER,
        "aud": "shop",
        "email": "ada@example.org",
        "email_verified": False,
    }
    assert said.header.keys() == {"alg", "kid"}


@pytest.mark.protocol(12, 67)
@pytest.mark.parametrize("alg", ["ECDH-ES+A256KW", "RSA-OAEP-256"])
async def test_userinfo_is_signed_and_then_encrypted(world: World, ada: Browser, alg: str) -> None:
    await encrypting(world, "userinfo", alg, "A256GCM", userinfo_signed_response_alg="ES256")
    token = (await told(world, ada)).text
    assert header_of(token)["cty"] == "JWT"
    said = await read_token(world, opened(token, alg, "A256GCM").decode())
    assert (said.claims["iss"], said.claims["aud"]) == (ISSUER, "shop")


@pytest.mark.protocol(67)
async def test_userinfo_may_be_encrypted_alone(world: World, ada: Browser) -> None:
    """Core section 5.3.2."""
    await encrypting(world, "userinfo", "ECDH-ES", "A128GCM")
    token = (await told(world, ada)).text
    assert "cty" not in header_of(token)
    said = orjson.loads(opened(token, "ECDH-ES", "A128GCM"))
    assert said.keys() == {"sub", "iss", "aud"}


async def test_the_id_token_and_userinfo_are_wished_apart(world: World, ada: Browser) -> None:
    await encrypting(world, "userinfo", "ECDH-ES", "A128GCM")
    tokens = await ada.tokens()
    assert (await read_token(world, tokens["id_token"])).claims["aud"] == "shop"


@pytest.mark.parametrize(
    ("jwks", "kid"),
    [
        ((SIGNING, public(ec_key("to encrypt"), kid="any")), "any"),
        ((public(ec_key(), kid="any"), public(ec_key("to encrypt"), use="enc", kid="enc")), "enc"),
        (
            (
                public(ec_key(), use="enc", kid="enc"),
                public(ec_key("to encrypt"), alg="ECDH-ES", kid="exact"),
            ),
            "exact",
        ),
        ((public(ec_key("to encrypt"), use="enc", kid=None),), None),
    ],
)
@pytest.mark.protocol(12)
async def test_the_key_is_the_one_that_is_most_plainly_meant(
    world: World, ada: Browser, jwks: tuple[dict[str, Any], ...], kid: str | None
) -> None:
    await encrypting(world, "id_token", "ECDH-ES", "A128GCM")
    await change(world, "shop", jwks=jwks)
    token = (await ada.tokens())["id_token"]
    assert header_of(token).get("kid") == kid
    assert opened(token, "ECDH-ES", "A128GCM")


@pytest.mark.parametrize("jwks", [(), (SIGNING,), (KEYS[1],), ({"kty": "EC"},)])
async def test_without_a_key_nothing_is_told_and_nothing_used_up(
    world: World, ada: Browser, jwks: tuple[dict[str, Any], ...]
) -> None:
    await encrypting(world, "id_token", "ECDH-ES", "A128GCM")
    code = await ada.code()
    await change(world, "shop", jwks=jwks)
    answer = await exchange(world, code)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert "shop" in why(world)

    await change(world, "shop", jwks=KEYS)
    assert (await exchange(world, code)).status_code == 200


async def test_userinfo_without_a_key_writes_no_release_down(world: World, ada: Browser) -> None:
    token = (await ada.tokens())["access_token"]
    await encrypting(world, "userinfo", "ECDH-ES", "A128GCM")
    await change(world, "shop", jwks=())
    answer = await userinfo(world, token)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert "DataReleased" not in {event["type"] for event in world.events()}


async def test_what_is_offered_is_what_may_be_registered(world: World) -> None:
    said = (await world.rp.get("/.well-known/openid-configuration")).json()
    for kind in ("id_token", "userinfo", "introspection"):
        known = {
            f"{kind}_signed_response_alg": said[f"{kind}_signing_alg_values_supported"],
            f"{kind}_encrypted_response_alg": said[f"{kind}_encryption_alg_values_supported"],
            f"{kind}_encrypted_response_enc": said[f"{kind}_encryption_enc_values_supported"],
        }
        for member, values in known.items():
            annotation = Client.model_fields[member].annotation
            literals = [each for each in get_args(annotation) if each is not type(None)]
            registered = {word for each in literals for word in get_args(each) or (each,)}
            assert registered == set(values), member
