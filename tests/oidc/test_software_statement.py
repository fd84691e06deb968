"""RFC 7591 section 2.3: what somebody whom we believe says of a client's software."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from store.micros import DAY, SECOND, seconds
from tests.keys.samples import ec_key, public, signed
from tests.keys.test_foreign import ES256
from tests.oidc.registering import open_to_all, refused, registered
from tests.oidc.test_registration import manage
from tests.oidc.values import NOON
from tests.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.protocol(17)]

DIRECTORY = "https://directory.example"
INVALID = "invalid_software_statement"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_to_all(tmp_path, statement_issuers=believing(tmp_path)) as opened:
        yield opened


def believing(folder: Path, *keys: dict[str, Any]) -> dict[str, Path]:
    """A setting by which the directory is believed, by these keys or by the usual one."""
    file = folder / "directory.json"
    file.write_text(json.dumps({"keys": keys or [public(ec_key())]}))
    return {DIRECTORY: file}


def statement(head: dict[str, Any] | None = None, **changes: Any) -> str:
    claims = {"iss": DIRECTORY, "iat": seconds(NOON), "software_id": "4711", "client_name": "Shop"}
    return signed({"alg": "ES256", "kid": "one", **(head or {})}, {**claims, **changes}, ES256)


async def test_what_it_says_wins_and_it_comes_back_as_it_was(world: World) -> None:
    said = statement()
    made = await registered(world, software_statement=said, client_name="Bank", software_id="1")
    assert (made["client_name"], made["software_id"]) == ("Shop", "4711")
    assert made["software_statement"] == said
    assert (await manage(world, made)).json()["software_statement"] == said


async def test_nothing_of_its_envelope_is_metadata(world: World) -> None:
    said = statement(sub="x", aud="y", jti="z", exp=seconds(NOON + DAY), software_statement="w")
    made = await registered(world, software_statement=said)
    assert made["software_statement"] == said


async def test_an_issuer_that_nobody_knows_is_not_believed(world: World) -> None:
    for issuer in ("https://else.example", None, 7):
        error = await refused(world, software_statement=statement(iss=issuer))
        assert error == "unapproved_software_statement"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "a.b.c",
        statement()[:-4] + "AAAA",
        statement({"alg": "none"}),
        statement({"alg": "HS256"}),
        statement({"alg": "RS256"}),
        statement({"typ": "at+jwt"}),
        statement({"kid": "two"}),
        statement(exp=seconds(NOON - 11 * SECOND)),
        statement(nbf=seconds(NOON + 11 * SECOND)),
        statement(iat=seconds(NOON + 11 * SECOND)),
        statement(exp="soon"),
        {},
        ["a"],
    ],
)
async def test_what_it_did_not_sign_is_refused(world: World, said: Any) -> None:
    assert await refused(world, software_statement=said) == INVALID


async def test_what_it_says_is_judged_like_everything_else(world: World) -> None:
    said = statement(redirect_uris=["http://shop.example/cb"])
    assert await refused(world, software_statement=said) == "invalid_redirect_uri"
