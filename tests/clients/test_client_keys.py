"""OpenID Connect Core section 10.1.1: a client's keys, and how soon a new one is known."""

import json
from asyncio import gather
from collections.abc import AsyncIterator
from typing import Any

import pytest

from clients.client_keys import FLOOR, FRESH, MOST, STALE, ClientKeys, read
from clients.courier import Courier
from clients.model import Client
from clients.networks import Networks
from keys.compact import BadToken
from store.micros import SECOND
from tests.clients.samples import NOON, TAX, client
from tests.desk import Desk, open_desk
from tests.keys.samples import ec_key, public, rsa_key

pytestmark = [pytest.mark.anyio, pytest.mark.protocol(11)]

UNKNOWN: list[Any] = [
    {"kty": "AKP", "alg": "ML-DSA-44", "kid": "later", "pub": "AAAA"},
    {"kty": "oct", "k": "AAAA"},
    {"kty": "EC", "crv": "P-999"},
    "no key",
]


class House:
    """A client whose keys lie at a desk of its own."""

    def __init__(self, desk: Desk, keys: ClientKeys) -> None:
        self.desk = desk
        self.client: Client = client(**{**TAX, "jwks": (), "jwks_uri": desk.url("/jwks")})
        self.keys = keys
        desk.headers = {"Content-Type": "application/json"}
        self.publish(public(ec_key("one")))

    def publish(self, *jwks: Any) -> None:
        self.desk.body = json.dumps({"keys": jwks}).encode()

    async def names(self, now: int, kid: str | None = None) -> list[str | None]:
        return [key.kid for key in await self.keys.of(self.client, now, kid)]

    @property
    def looks(self) -> int:
        return len(self.desk.paths)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    with open_desk() as desk:
        async with Courier(Networks(loopback=True), patience=10) as courier:
            yield House(desk, ClientKeys(courier))


async def test_what_was_registered_needs_no_look(house: House) -> None:
    registered = client(**TAX)
    assert await house.keys.of(registered, NOON) == registered.keys
    assert house.looks == 0


async def test_keys_are_fetched_once_and_kept_for_a_minute(house: House) -> None:
    assert await house.names(NOON) == ["one"]
    assert await house.names(NOON + FRESH - 1, "one") == ["one"]
    assert house.looks == 1
    assert await house.names(NOON + FRESH) == ["one"]
    assert house.looks == 2


async def test_a_new_key_is_known_at_once_to_who_asks_for_it(house: House) -> None:
    await house.names(NOON)
    house.publish(public(ec_key("one")), public(ec_key("two")))
    assert await house.names(NOON + FLOOR, "two") == ["one", "two"]


async def test_a_rotation_that_names_no_key_works_within_a_minute(house: House) -> None:
    await house.names(NOON)
    house.publish(public(ec_key("two")))
    assert await house.names(NOON + 60 * SECOND) == ["two"]


async def test_a_kid_that_is_nowhere_makes_no_flood(house: House) -> None:
    await house.names(NOON)
    for number in range(100):
        await house.names(NOON + FLOOR + number, f"made up {number}")
    assert house.looks == 2


async def test_who_asks_at_the_same_time_waits_for_one_look(house: House) -> None:
    found = await gather(*(house.names(NOON, "one") for _ in range(20)))
    assert found == [["one"]] * 20
    assert house.looks == 1


async def test_kinds_that_nobody_knows_are_passed_over(house: House) -> None:
    house.publish(*UNKNOWN, public(ec_key("one")), public(rsa_key(), kid="three"))
    assert await house.names(NOON) == ["one", "three"]


@pytest.mark.parametrize("status", [404, 500, 302])
async def test_a_failure_is_not_kept_for_long(house: House, status: int) -> None:
    house.desk.status = status
    assert await house.names(NOON) == await house.names(NOON + FLOOR - 1) == []
    assert house.looks == 1
    house.desk.status = 200
    assert await house.names(NOON + FLOOR) == ["one"]


async def test_old_keys_are_good_for_a_while_when_there_are_no_new_ones(house: House) -> None:
    await house.names(NOON)
    house.desk.status = 503
    assert await house.names(NOON + STALE - 1) == ["one"]
    assert await house.names(NOON + STALE) == []


async def test_a_key_that_was_taken_away_is_gone(house: House) -> None:
    await house.names(NOON)
    house.publish()
    assert await house.names(NOON + FRESH) == []


async def test_only_so_many_addresses_are_remembered(house: House) -> None:
    house.desk.status = 404
    await house.names(NOON)
    for number in range(MOST):
        house.keys._begun(f"http://{number}.example/")  # noqa: SLF001  two thousand looks take long
    house.desk.status = 200
    assert await house.names(NOON) == ["one"]


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys":[],"keys":[]}'])
def test_what_is_no_key_set_is_refused(document: bytes) -> None:
    with pytest.raises(BadToken):
        read(document)
