"""After signing out a person reads which services they were signed out of, for a moment."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from oidc.farewell import LIFE
from store.micros import SECOND
from tests.browser import Browser
from tests.desk import Desk, open_desk
from tests.idp.pages.front import enter
from tests.oidc.front import Browser as Person
from tests.oidc.front import change, exchange
from tests.sample import BAO
from tests.world import World

pytestmark = pytest.mark.anyio

OUT, SOON, ALONE = "Signed out as well", "as soon as they answer", "a sign-out of their own"
ENGLISH = "?ui_locales=en"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


async def been_at(world: World, *client_ids: str) -> Browser:
    person = Person(world, world.browser())
    await person.sign_in()
    for client_id in client_ids:
        code = await person.code(client_id=client_id)
        assert (await exchange(world, code, client_id=client_id)).status_code == 200
    await person.pages.open(f"/account{ENGLISH}")
    return person.pages


async def sign_out(browser: Browser) -> str:
    """Where it ends. The page is not opened yet."""
    await browser.open("/sign-out")
    form = {**browser.form(button="logout").values, "logout": "yes"}
    return str((await browser.http.post("/sign-out", data=form)).headers["location"])


async def deliver(world: World) -> None:
    await world.house.postman.turn(rung=True)
    await world.house.postman.finish()


async def test_services_are_named_by_what_became_of_their_sign_out(
    world: World, desk: Desk
) -> None:
    with open_desk() as broken:
        broken.status = 500
        await change(world, "shop", backchannel_logout_uri=desk.url())
        await change(world, "bank", backchannel_logout_uri=broken.url())
        browser = await been_at(world, "shop", "bank", "old")
        there = await sign_out(browser)
        await deliver(world)
        page = (await browser.open(there)).text
    out, soon, alone = (page.index(heading) for heading in (OUT, SOON, ALONE))
    assert out < page.index("Shop") < soon < page.index("Bank") < alone < page.index("Old")


async def test_it_is_told_to_that_browser_only_also_when_it_is_loaded_again(
    world: World, desk: Desk
) -> None:
    await change(world, "shop", backchannel_logout_uri=desk.url())
    browser = await been_at(world, "shop")
    there = await sign_out(browser)
    await deliver(world)

    stranger = await world.browser().open(there + "&ui_locales=en")
    assert "Shop" not in stranger.text
    first = await browser.open(there)
    assert first.text.index(OUT) < first.text.index("Shop")
    assert (await browser.open(there)).text == first.text


async def test_it_is_told_in_another_language_too(world: World, desk: Desk) -> None:
    await change(world, "shop", backchannel_logout_uri=desk.url())
    browser = await been_at(world, "shop")
    there = await sign_out(browser)
    await deliver(world)
    page = (await browser.open(there)).text
    [arabic] = re.findall(r'href="([^"]+ui_locales=ar)"', page)

    assert "Shop" in (await browser.open(unescape(arabic))).text


async def test_after_a_few_minutes_it_is_told_no_more(world: World, desk: Desk) -> None:
    await change(world, "shop", backchannel_logout_uri=desk.url())
    browser = await been_at(world, "shop")
    there = await sign_out(browser)
    world.now += LIFE - 1
    assert "Shop" in (await browser.open(there)).text
    world.now += 1
    page = (await browser.open(there)).text
    assert "You are signed out" in page
    assert "Shop" not in page


async def test_whoever_signs_in_next_in_that_browser_is_told_nothing(
    world: World, desk: Desk
) -> None:
    await change(world, "shop", backchannel_logout_uri=desk.url())
    browser = await been_at(world, "shop")
    there = await sign_out(browser)
    await browser.open("/sign-in")
    await enter(browser, BAO)

    assert "Shop" not in (await browser.open(there)).text


async def test_a_service_that_is_just_being_told_is_waited_for_a_moment(
    world: World, desk: Desk
) -> None:
    await change(world, "shop", backchannel_logout_uri=desk.url())
    browser = await been_at(world, "shop")
    page = (await browser.open(await sign_out(browser))).text  # nobody sends anything here
    assert SOON in page


@pytest.mark.parametrize("name", ["nothing", "", "%00", "%ff"])
async def test_any_other_name_tells_nothing(world: World, name: str) -> None:
    page = await world.browser().open(f"/signed-out?i={name}&ui_locales=en")
    assert OUT not in page.text


async def test_who_was_nowhere_reads_of_no_service(world: World) -> None:
    browser = await been_at(world)
    page = (await browser.open(await sign_out(browser))).text
    assert "You are signed out" in page
    assert not any(heading in page for heading in (OUT, SOON, ALONE))


async def test_a_service_that_is_disabled_meanwhile_is_told_and_named_all_the_same(
    world: World, desk: Desk
) -> None:
    await change(world, "shop", backchannel_logout_uri=desk.url())
    browser = await been_at(world, "shop", "old")
    await world.house.parts.clients.disable("shop", world.now)
    world.now += 2 * SECOND
    there = await sign_out(browser)
    await deliver(world)
    assert len(desk.got) == 1
    page = (await browser.open(there)).text
    assert page.index(OUT) < page.index("Shop") < page.index(ALONE) < page.index("Old")
