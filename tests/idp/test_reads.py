"""The joined read behind single sign-on: of whom, and for which client."""

from collections.abc import Sequence
from typing import Any

import pytest

from store.database import Found, Prepared
from tests.idp.pages.front import address, at_home, enter
from tests.oidc.front import Browser, answered
from tests.sample import BANK, BAO, SHOP
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_what_is_shared_with_one_client_is_not_shared_with_another(world: World) -> None:
    browser = Browser(world, await at_home(world))
    await browser.agree()

    answered(await browser.authorize(client_id=SHOP.client_id))
    asked = await browser.authorize(client_id=BANK.client_id)

    assert asked.headers["location"].startswith("/decide?")


async def test_what_one_person_shares_another_in_the_same_browser_does_not(world: World) -> None:
    browser = Browser(world, await at_home(world))
    await browser.agree()
    world.now += 1
    await browser.pages.open(address(prompt="login"))
    await enter(browser.pages, BAO)

    assert (await browser.authorize()).headers["location"].startswith("/decide?")


async def test_single_sign_on_reads_the_database_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(world, await at_home(world))
    await browser.agree()
    answered(await browser.authorize())
    read, database = [], world.house.parts.storage.database

    async def counted(statement: Prepared, **values: Any) -> Sequence[Found]:
        read.append(statement.sql)
        return await type(database).read(database, statement, **values)

    monkeypatch.setattr(database, "read", counted)
    answered(await browser.authorize())
    assert len(read) == 1, read
