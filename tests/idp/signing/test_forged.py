"""K-15: a token that our key signed and we never issued is refused, and somebody hears of it."""

from typing import Any

import pytest

from keys.secrets import new_id
from keys.statement import named_key
from ledger.kinds import TokenForged
from oidc.tokens import ACCESS, GRANT
from store.micros import SECOND
from tests.idp.pages.front import at_home
from tests.idp.signing.test_key_notices import Opens, opens, world
from tests.oidc.front import Browser, userinfo
from tests.oidc.test_introspect import for_archive, is_active
from tests.sample import ISSUER
from tests.world import World

__all__ = ["Opens", "opens", "world"]  # on each engine
pytestmark = pytest.mark.anyio


async def forged(world: World, token: str, **changes: Any) -> str:
    """As a thief signs it who has the key, after a real one."""
    ring = await world.ports.keys.current(world.now)
    said = {**ring.verify(token, typ=ACCESS), "jti": new_id(world.now), **changes}
    return ring.sign(said, typ=ACCESS)


def alarms(world: World) -> list[str]:
    return [it.kid for it in world.watch.seen if isinstance(it, TokenForged)]


async def test_a_forged_token_opens_nothing_and_is_told(world: World) -> None:
    shop = Browser(world, await at_home(world))
    await shop.agree("person.email")
    real = (await for_archive(world, shop))["access_token"]
    bad = await forged(world, real, **{GRANT: new_id(world.now)})
    assert (await is_active(world, real), alarms(world)) == (True, [])

    assert not await is_active(world, bad)
    assert alarms(world) == [named_key(bad)]
    bad = await forged(world, real, **{GRANT: new_id(world.now), "aud": ISSUER})
    answer = await userinfo(world, bad)
    assert (answer.status_code, "invalid_token" in answer.headers["www-authenticate"]) == (
        401,
        True,
    )
    assert alarms(world) == [named_key(bad)] * 2


async def test_a_token_whose_grant_has_ended_is_no_alarm(world: World) -> None:
    shop = Browser(world, await at_home(world))
    await shop.agree("person.email")
    real = (await shop.tokens())["access_token"]
    world.now += SECOND
    await world.ports.sign_out.end(shop.http.cookies["__Host-motcua"], world.now)
    assert (await userinfo(world, real)).status_code == 401
    assert alarms(world) == []
