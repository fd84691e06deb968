"""K-15: a token that our key signed and we never issued is refused, and somebody hears of it."""

from typing import Any

import pytest

from keys.lives.by import By
from keys.ring import KeyRing
from keys.secrets import new_id
from keys.sql import SqlKeys
from keys.statement import named_key
from ledger.kinds import TokenForged
from oidc.tokens import ACCESS, GRANT
from store.micros import MINUTE, SECOND
from tests.idp.pages.front import at_home
from tests.oidc.front import Browser, userinfo
from tests.oidc.test_introspect import for_archive, is_active, own_token
from tests.sample import ISSUER
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
def world(each_world: World) -> World:
    return each_world


async def stolen(world: World) -> KeyRing:
    """Our keys in other hands: what is signed there is not remembered here."""
    parts = world.house.parts
    keys = SqlKeys(parts.storage.database, parts.storage.vault, parts.custody.policy)
    return await keys.load(world.now)


async def forged(world: World, token: str, **changes: Any) -> str:
    """As a thief signs it who has seen a real one."""
    ring = await stolen(world)
    return ring.sign({**ring.verify(token, typ=ACCESS), **changes}, typ=ACCESS)


def alarms(world: World) -> list[str]:
    return [it.kid for it in world.watch.seen if isinstance(it, TokenForged)]


@pytest.mark.parametrize(
    "changes",
    [
        {GRANT: "another"},
        {GRANT: "a\0"},
        {"jti": "another"},
        {"jti": "\0"},
        {"sub": "somebody-else"},
        {"sub": "client:shop"},
        {"client_id": "desk"},
        {"scope": "openid profile email phone"},
        {"exp": 4_000_000_000},
    ],
    ids=lambda changes: " ".join(map(repr, changes.items())),
)
async def test_a_forged_token_opens_nothing_and_is_told(
    world: World, changes: dict[str, Any]
) -> None:
    shop = Browser(world, await at_home(world))
    await shop.agree("person.email")
    real = (await for_archive(world, shop))["access_token"]
    for bad in (
        await forged(world, real, **changes),
        await forged(world, real, **changes, aud=ISSUER),
    ):
        before = len(alarms(world))
        assert not await is_active(world, bad)
        answer = await userinfo(world, bad)
        assert answer.status_code == 401
        assert "invalid_token" in answer.headers["www-authenticate"]
        assert alarms(world)[before:] == [named_key(bad)] * 2
    assert await is_active(world, real)


async def test_nor_does_one_for_a_client_that_had_one_of_its_own(world: World) -> None:
    """The name of a client's own grant is no secret."""
    real = await own_token(world)
    bad = await forged(world, real, jti=new_id(world.now))
    assert await is_active(world, real)
    assert not await is_active(world, bad)
    assert alarms(world) == [named_key(bad)]


async def test_nor_does_one_that_names_another_grant_that_there_is(world: World) -> None:
    shop = Browser(world, await at_home(world))
    await shop.agree("person.email")
    real, other = [(await for_archive(world, shop))["access_token"] for _ in range(2)]
    ring = await stolen(world)
    grant = ring.verify(other, typ=ACCESS)[GRANT]
    assert not await is_active(world, await forged(world, real, **{GRANT: grant}))
    assert len(alarms(world)) == 1


async def test_what_was_issued_is_good_wherever_it_is_read(world: World) -> None:
    """Another ring remembers nothing of it."""
    shop = Browser(world, await at_home(world))
    await shop.agree("person.email")
    real = (await for_archive(world, shop))["access_token"]
    await world.house.parts.custody.rotate(By("somebody", "a test"), world.now)
    world.now += SECOND
    assert await is_active(world, real)
    assert await is_active(world, real)
    assert alarms(world) == []


async def test_a_token_whose_grant_has_ended_is_no_alarm(world: World) -> None:
    shop = Browser(world, await at_home(world))
    await shop.agree("person.email")
    real = (await shop.tokens())["access_token"]
    world.now += SECOND
    await world.ports.sign_out.end(shop.http.cookies["__Host-motcua"], world.now)
    assert (await userinfo(world, real)).status_code == 401
    assert alarms(world) == []


async def test_of_one_that_has_ended_nobody_asks_whether_it_was_issued(world: World) -> None:
    """What it was issued for may be gone by then."""
    shop = Browser(world, await at_home(world))
    await shop.agree("person.email")
    real = (await for_archive(world, shop))["access_token"]
    world.now += 5 * MINUTE
    bad = await forged(world, real, jti="another")
    assert not await is_active(world, bad)
    assert (await userinfo(world, bad)).status_code == 401
    assert alarms(world) == []
