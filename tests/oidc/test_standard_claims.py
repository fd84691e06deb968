"""Core sections 5.1 and 5.4: a person of whom everything is known, asked for all of it."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from consent.catalogue import ATTRIBUTES, CLAIMS, SCOPES
from consent.claims import ADDRESS
from store.micros import seconds
from tests.oidc.front import BAO, Browser, browser, change, query, read_token, userinfo
from tests.oidc.values import NOON
from tests.sample import ADA, EVERYTHING, PURPOSES, purpose
from tests.world import MORNING, World

pytestmark = pytest.mark.anyio

ALL = purpose(
    "everything",
    *((it.attr_id, "required", "consent") for it in ATTRIBUTES.values() if "consent" in it.bases),
)
STANDARD = {
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "address",
}
TEXTS = STANDARD - {"updated_at", "email_verified", "phone_number_verified", "address"}


async def asked_for_all(world: World) -> None:
    await world.house.parts.purposes.apply((*PURPOSES, ALL), world.now)
    await change(world, "shop", purpose_id="everything")


@pytest.mark.protocol(61, 62, 63)
async def test_every_standard_claim_is_given_with_its_type(world: World, ada: Browser) -> None:
    await asked_for_all(world)
    await ada.agree(scope=EVERYTHING)
    tokens = await ada.tokens(scope=EVERYTHING)
    said = (await userinfo(world, tokens["access_token"])).json()

    assert said.keys() == {"sub", *STANDARD}
    assert all(isinstance(said[name], str) and said[name].strip() for name in TEXTS)
    assert (said["email_verified"], said["phone_number_verified"]) == (False, False)
    assert said["updated_at"] == seconds(MORNING) < seconds(NOON)
    assert said["birthdate"] == "1990-12-10"
    assert (said["nickname"], said["picture"]) == (ADA.nickname, ADA.picture)
    assert (said["locale"], said["zoneinfo"]) == ("en-GB", "Europe/London")
    assert said["address"].keys() <= set(ADDRESS)
    assert all(isinstance(part, str) and part for part in said["address"].values())
    inside = (await read_token(world, tokens["id_token"])).claims
    assert not STANDARD & inside.keys()


@pytest.mark.protocol(61, 62)
@pytest.mark.parametrize("scope", SCOPES)
async def test_a_scope_gives_its_claims_and_no_other(
    world: World, ada: Browser, scope: str
) -> None:
    await asked_for_all(world)
    asked = f"openid {scope}"
    await ada.agree(scope=asked)
    said = (await userinfo(world, (await ada.tokens(scope=asked))["access_token"])).json()
    assert said.keys() == {"sub", *SCOPES[scope]}


@pytest.mark.protocol(64)
@pytest.mark.parametrize("claim", sorted(STANDARD))
async def test_each_can_be_asked_for_by_its_name(world: World, ada: Browser, claim: str) -> None:
    await asked_for_all(world)
    asked = json.dumps({"userinfo": {claim: {"essential": True}}})
    await ada.agree(scope="openid", claims=asked)
    said = (await userinfo(world, (await ada.tokens(claims=asked))["access_token"])).json()
    assert said.keys() == {"sub", claim}


async def test_what_is_asked_stands_on_the_page_with_its_value_and_source(
    world: World, ada: Browser
) -> None:
    await asked_for_all(world)
    page = (
        await ada.pages.open(f"/authorize?{urlencode(query(scope=EVERYTHING, ui_locales='en'))}")
    ).text
    for value in (
        "Countess, ada.l",
        "https://people.example/ada, https://people.example/ada.png, https://ada.example/",
        "en-GB, Europe/London",
        "1 January 2030",
    ):
        assert value in page, value
    assert page.count("Your account") >= 4


@pytest.mark.protocol(62)
async def test_what_is_not_known_is_left_out(world: World) -> None:
    """Nothing is held of him but that he has an account, since this morning."""
    await asked_for_all(world)
    bao = browser(world)
    await bao.sign_in(BAO)
    await bao.agree(scope=EVERYTHING)
    said = (await userinfo(world, (await bao.tokens(scope=EVERYTHING))["access_token"])).json()
    assert said.keys() == {"sub", "updated_at"}


@pytest.mark.protocol(61)
def test_the_scopes_are_those_of_the_specification() -> None:
    """Section 5.4."""
    known: dict[str, Any] = dict(SCOPES)
    assert frozenset().union(*known.values()) == STANDARD
    assert CLAIMS.keys() >= STANDARD
