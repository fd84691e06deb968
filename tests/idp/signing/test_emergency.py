"""A signing key is lost: refused at once, and who is signing in does not notice."""

import pytest

from idp.signing.emergency import compromise
from keys.lives.by import By
from keys.lives.lifecycle import Refused
from keys.lives.moves import signing
from store.micros import SECOND
from tests.idp.pages.front import at_home
from tests.oidc.front import Browser, exchange, userinfo
from tests.oidc.offline import allowed, refresh
from tests.world import World

pytestmark = pytest.mark.anyio
OFFICER = By("officer-1", "a drill")


async def lose(world: World, *revoke: str) -> str:
    """The key that signs; and as long as it takes until every worker knows."""
    active = signing(await world.house.parts.custody.lives(), "ES256")
    assert active is not None
    await compromise(world.house.parts, active.kid, OFFICER, world.now, revoke)
    world.now += SECOND
    return active.kid


async def test_its_tokens_are_refused_and_open_sign_ins_go_on(world: World) -> None:
    """K-13 and K-14."""
    shop = Browser(world, await at_home(world))
    await shop.agree("person.email")
    before = await shop.tokens()
    begun = await shop.code()
    assert (await userinfo(world, before["access_token"])).status_code == 200

    lost = await lose(world)

    assert lost not in (await world.rp.get("/jwks")).text
    assert (await userinfo(world, before["access_token"])).status_code == 401
    after = await exchange(world, begun)
    assert after.status_code == 200, "a code that was out is good"
    assert (await userinfo(world, after.json()["access_token"])).status_code == 200
    assert (await userinfo(world, (await shop.tokens())["access_token"])).status_code == 200


async def test_refresh_tokens_end_where_somebody_chose_so(world: World) -> None:
    ada = Browser(world, await at_home(world))
    app, desk = await allowed(world, ada, "app"), await allowed(world, ada, "desk")
    await lose(world, "app")
    assert (await refresh(world, app["refresh_token"], "app")).json()["error"] == "invalid_grant"
    assert (await refresh(world, desk["refresh_token"], "desk")).status_code == 200
    told = [it["client_id"] for it in world.events() if it["type"] == "RefreshTokensRevoked"]
    assert told == ["app"]


async def test_the_second_of_two_who_report_it_is_told(world: World) -> None:
    lost = await lose(world)
    with pytest.raises(Refused, match="is compromised"):
        await compromise(world.house.parts, lost, OFFICER, world.now)
    assert signing(await world.house.parts.custody.lives(), "ES256") is not None
