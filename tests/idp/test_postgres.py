"""The whole on PostgreSQL, with one-time values in PostgreSQL or in Redis."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from idp.app import House
from idp.authentication.failures import FREE
from idp.authentication.refused import Refused
from idp.authentication.sign_in import Guess
from idp.background import Broom
from idp.migrate import migrate_postgres
from idp.sessions.lives import LIFE
from idp.sessions.rows import KEPT
from oidc.endpoints.cookies import BROWSER
from store.micros import SECOND
from tests.authenticator import at_the_code, give_app, say_anew
from tests.idp.pages.front import at_home, told
from tests.idp.pages.keyring import PASSKEYS, enter_by_passkey, options, use, with_passkey
from tests.oidc.front import Browser, exchange, userinfo
from tests.sample import ADA, furnish
from tests.soft_passkey import Authenticator
from tests.world import NOON, World, open_house_in, settings_for

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def on_postgres(data: Path, url: str, **changes: Any) -> AsyncIterator[World]:
    await migrate_postgres(url)
    settings = settings_for(data, database_url=url, **changes)
    async with open_house_in(World(NOON), settings) as world:
        await furnish(world.house.parts, NOON)
        yield world


def guess(house: House, identifier: str, password: str, now: int) -> Any:
    said = Guess(identifier=identifier, password=password, browser_secret=None, label="")
    return house.site.sign_in.attempt(said, now)


@pytest.mark.parametrize("one_time", ["postgres", "redis"])
async def test_one_sign_in_from_end_to_end(
    tmp_path: Path, postgres_url: str, one_time: str, request: pytest.FixtureRequest
) -> None:
    changes = {"redis_url": request.getfixturevalue("redis_url")} if one_time == "redis" else {}
    async with on_postgres(tmp_path, postgres_url, **changes) as world:
        shop = Browser(world, await at_home(world))
        await shop.agree("person.email", scope="openid profile email")
        code = told(shop.pages)["code"]
        answers = await asyncio.gather(*(exchange(world, code) for _ in range(30)))
        assert sorted(answer.status_code for answer in answers) == [200] + [400] * 29

        tokens = await shop.tokens(scope="openid profile email")
        claims = (await userinfo(world, tokens["access_token"])).json()
        assert claims["email"] == ADA.email
        assert claims["name"] == "Ada Lovelace"

        world.now += SECOND
        await world.ports.sign_out.end(shop.http.cookies["__Host-motcua"], world.now)
        assert (await userinfo(world, tokens["access_token"])).status_code == 401
        assert (await world.rp.get("/readyz")).status_code == 200


async def test_of_thirty_racing_guesses_none_is_looked_at_uncounted(
    tmp_path: Path, postgres_url: str
) -> None:
    async with on_postgres(tmp_path, postgres_url) as world:
        house, now = world.house, world.now
        wrong = "not the password at all"
        outcomes = await asyncio.gather(
            *(guess(house, ADA.identifier, wrong, now) for _ in range(30))
        )
        assert outcomes == [Refused(wait=1)] * 30
        failed = [event for event in world.watch.seen if type(event).__name__ == "SignInFailed"]
        assert len(failed) == FREE
        assert isinstance(await guess(house, ADA.identifier, ADA.password, now), Refused)
        later = await guess(house, ADA.identifier, ADA.password, now + SECOND)
        assert not isinstance(later, Refused)


async def test_of_thirty_who_bring_one_code_one_is_let_in(
    tmp_path: Path, postgres_url: str
) -> None:
    async with on_postgres(tmp_path, postgres_url) as world:
        app = await give_app(world)
        for code in (app.code(world.now), app.papers[0]):
            browsers = [await at_the_code(world) for _ in range(6)]
            await asyncio.gather(*(say_anew(world, it, code) for it in browsers for _ in range(5)))
            assert len({it.http.cookies.get(BROWSER) for it in browsers} - {None}) == 1
        account = await world.house.parts.accounts.find_by_number(ADA.identifier)
        assert account is not None
        assert (await world.house.parts.factors.means.of(account.account_id)).codes_left == 9


async def test_what_has_served_its_time_is_deleted(tmp_path: Path, postgres_url: str) -> None:
    async with on_postgres(tmp_path, postgres_url) as world:
        await at_home(world)
        world.now += LIFE + KEPT
        broom = Broom(world.house.parts.storage, lambda: world.now)
        await broom.turn()
        await broom.turn()
        account = await world.house.parts.accounts.find_by_number(ADA.identifier)
        assert account is not None
        assert await world.house.parts.sessions.of_account(account.account_id, NOON) == []


async def test_who_enters_by_a_passkey_while_it_is_removed_is_out_again(
    tmp_path: Path, postgres_url: str
) -> None:
    device = Authenticator()
    async with on_postgres(tmp_path, postgres_url) as world:
        for milliseconds in range(12):
            await with_passkey(world, device)
            owner = await enter_by_passkey(world, device)
            await owner.open(PASSKEYS)
            [passkey_id] = re.findall("remove[?]passkey=([0-9a-f]+)", owner.page.text)
            await owner.open(f"{PASSKEYS}/remove?passkey={passkey_id}")
            other = world.browser()
            await other.open("/sign-in")

            entering = asyncio.create_task(use(other, device.sign_in(options(other))))
            await asyncio.sleep(milliseconds / 1000)
            await owner.press("remove", "yes")
            await entering

            await other.open("/account")
            assert other.here.endswith("/sign-in")
