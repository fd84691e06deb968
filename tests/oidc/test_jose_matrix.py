"""Algorithm, key, place: which signature passes where, and that no other does.

RFC 8725 sections 2.1 and 3.1; RFC 7515 section 4.1; rules J1, J3 and J4. Each table holds the cells
that must pass as well as those that must not.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest

from examples.agency.logout import ALGORITHMS as HEARD
from examples.agency.logout import EVENT, TYPE
from keys.algorithms import ALGORITHMS
from keys.compact import decoded
from keys.foreign import means
from oidc.client_auth.assertion import LIVES
from oidc.tokens import ACCESS, ID
from store.micros import seconds
from tests.keys.samples import one
from tests.oidc.forgers import Cell, Forger, cells, disguised, ours, owned, secrets_of
from tests.oidc.front import Browser, browser, change
from tests.oidc.objects import claims as request_claims
from tests.oidc.readers import READERS, Takes, known
from tests.oidc.registering import open_to_all
from tests.oidc.test_client_secret_jwt import SECRET, register
from tests.oidc.test_private_key_jwt import show
from tests.oidc.test_software_statement import DIRECTORY, believing
from tests.oidc.values import ISSUER, NOON
from tests.sample import ARCHIVE_ADDRESS
from tests.world import World

pytestmark = pytest.mark.anyio

ENDED: Mapping[str, Any] = {"jti": "one", "events": {EVENT: {}}}
OF_CLIENTS = ("ES256", "PS256", "RS256", "Ed25519")
PLACES_OF_OURS = {
    "hint": ("id_token", ID),
    "hint at the end": ("id_token", ID),
    "userinfo": ("access_token", ACCESS),
    "introspection": ("access_token", ACCESS),
    "revocation": ("access_token", ACCESS),
}


async def wrong(ada: Browser, takes: Takes, table: Iterable[tuple[Cell, bool]]) -> list[str]:
    """The cells that did what they must not, and how many there were of both kinds."""
    seen = [(cell, passes, await takes(ada, cell.token)) for cell, passes in table]
    assert {passes for _, passes, _ in seen} == {True, False}
    return [f"{cell}: {took}" for cell, passes, took in seen if took is not passes]


def forever(claims: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    while True:
        yield claims


@pytest.mark.protocol(59, 68, 87, 93)
@pytest.mark.parametrize("place", PLACES_OF_OURS)
async def test_of_ours_passes_what_our_key_signed_as_it_signs(
    world: World, ada: Browser, place: str
) -> None:
    await change(world, "shop", resource=ARCHIVE_ADDRESS)
    member, typ = PLACES_OF_OURS[place]
    claims = orjson.loads(decoded((await ada.tokens())[member].split(".")[1]))
    own = ours(world)
    assert {forger.alg for forger in own} == set(ALGORITHMS)
    rogues = [*disguised("a stranger's", own), *owned("a stranger's own", ["ES256"])]
    forgers = [*own, *rogues, *secrets_of(own)]
    usual = next(forger.kid for forger in own if forger.alg == "ES256")

    table = (
        (cell, cell.forger in own and (cell.alg, cell.kid) == (cell.forger.alg, cell.forger.kid))
        for cell in cells(forgers, typ, forever(claims), usual)
    )
    assert await wrong(ada, READERS[place], table) == []


@pytest.mark.protocol(87, 88)
async def test_an_agency_hears_of_the_end_what_our_key_signed_as_it_signs(
    world: World, ada: Browser
) -> None:
    """By the reader of the demonstration, which knows two of our algorithms."""
    said = orjson.loads(decoded((await ada.tokens())["id_token"].split(".")[1]))
    claims = {name: it for name, it in {**said, **ENDED}.items() if name != "nonce"}
    own = ours(world)
    rogues = [*disguised("a stranger's", own), *owned("a stranger's own", ["ES256"])]
    forgers = [*own, *rogues, *secrets_of(own)]
    usual = next(forger.kid for forger in own if forger.alg == "ES256")

    def passes(cell: Cell) -> bool:
        named = (cell.forger.alg, cell.forger.kid)
        return cell.forger in own and cell.alg in HEARD and (cell.alg, cell.kid) == named

    table = ((it, passes(it)) for it in cells(forgers, TYPE, forever(claims), usual))
    assert await wrong(ada, READERS["agency"], table) == []


@pytest.mark.protocol(17, 87)
async def test_of_whom_we_believe_passes_what_their_key_signed(tmp_path: Path) -> None:
    """A software statement has no registered algorithm: each key is for one."""
    keys = [dict(one(alg).public) for alg in OF_CLIENTS]
    async with open_to_all(tmp_path, statement_issuers=believing(tmp_path, *keys)) as world:
        theirs = owned("its", OF_CLIENTS)
        usual = theirs[0].kid
        posing = [Forger(f"we as {it.name}", usual, it.alg, it.key) for it in ours(world)]
        forgers = [*theirs, *posing, *secrets_of(theirs)]

        def passes(cell: Cell) -> bool:
            mine = cell.forger in theirs and means(cell.alg, cell.forger.alg)
            return mine and cell.kid in (cell.forger.kid, None)

        said = {"iss": DIRECTORY, "client_name": "Shop"}
        table = ((it, passes(it)) for it in cells(forgers, None, forever(said), None, usual))
        assert await wrong(browser(world), READERS["software statement"], table) == []


def statements() -> Iterator[Mapping[str, Any]]:
    """Each is good once."""
    for number in count():
        exp = seconds(NOON + LIVES)
        yield {"iss": "tax", "sub": "tax", "aud": ISSUER, "jti": str(number), "exp": exp}


PLACES_OF_CLIENTS = {
    "assertion": ("token_endpoint_auth_signing_alg", statements),
    "request object": ("request_object_signing_alg", lambda: forever(request_claims())),
}


@pytest.mark.protocol(73, 87, 100)
@pytest.mark.parametrize("registered", OF_CLIENTS)
@pytest.mark.parametrize("place", PLACES_OF_CLIENTS)
async def test_of_a_client_passes_what_its_key_signed_as_it_registered(
    world: World, ada: Browser, place: str, registered: str
) -> None:
    member, claims = PLACES_OF_CLIENTS[place]
    theirs = owned("its", OF_CLIENTS)
    jwks = tuple(dict(one(alg).public) for alg in OF_CLIENTS)
    await change(world, "tax", jwks=jwks, **{member: registered})
    usual = next(forger.kid for forger in theirs if forger.alg == registered)
    posing = [Forger(f"we as {it.name}", usual, it.alg, it.key) for it in ours(world)]
    other = next(forger.kid for forger in theirs if forger.alg != registered)
    forgers = [*theirs, *posing, *secrets_of(theirs)]

    def passes(cell: Cell) -> bool:
        mine = cell.forger in theirs and cell.forger.alg == registered
        return mine and means(cell.alg, registered) and cell.kid in (cell.forger.kid, None)

    table = ((cell, passes(cell)) for cell in cells(forgers, None, claims(), None, other))
    assert await wrong(ada, READERS[place], table) == []


@pytest.mark.protocol(73, 87)
async def test_of_a_client_with_a_secret_passes_what_the_secret_signed(
    world: World, ada: Browser
) -> None:
    await register(world, jwks=tuple(dict(one(alg).public) for alg in OF_CLIENTS))
    secret = Forger("its secret", "any", "HS256", SECRET.encode())
    theirs = owned("its", OF_CLIENTS)
    others = [Forger("another secret", "any", "HS256", b"x" * 43), *ours(world)]
    forgers = [secret, *others, *theirs, *secrets_of(theirs)]

    async def takes(someone: Browser, token: str) -> bool:
        return known(await show(someone.world, token, client_id="mill"))

    claims = ({**said, "iss": "mill", "sub": "mill"} for said in statements())
    table = (
        (cell, cell.forger is secret and cell.alg == "HS256")
        for cell in cells(forgers, None, claims, None)
    )
    assert await wrong(ada, takes, table) == []
