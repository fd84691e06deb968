"""What officers see of the signing keys."""

import pytest

from idp.pages.console.paths import KEYS
from keys.algorithms import ALGORITHMS
from keys.lives.places import Place, Places
from keys.lives.policy import Policy
from tests.idp.console.desk import active, an_officer
from tests.soft_passkey import Authenticator
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_every_key_is_named_with_its_state_and_place(world: World) -> None:
    browser = await an_officer(world, Authenticator())

    lives = await world.house.parts.custody.lives()
    assert len(lives) == 2 * len(ALGORITHMS)
    for life in lives:
        assert browser.page.text.count(f">{life.kid[:8]}</code>") == 1
    assert browser.page.text.count("database, sealed") == len(lives)
    assert "5 keys begin to sign" in browser.page.text
    assert "style=" not in browser.page.text


async def test_a_key_past_its_time_is_an_alarm(world: World) -> None:
    browser = await an_officer(world, Authenticator())
    kid = await active(world)
    texts = {
        80: "another should have followed it",
        100: "Let its successor sign soon",
        120: "so sign-ins are refused",
    }
    for per_cent in texts:
        since = world.now - Policy().reached(per_cent)
        world.sql.execute("UPDATE signing_key SET activated_at = ? WHERE kid = ?", (since, kid))
        await browser.open(KEYS)
        said = [it for it, text in texts.items() if text in browser.page.text]
        assert said == [per_cent]
        assert ('<div class="note bad">' in browser.page.text) is (per_cent >= 100)


async def test_a_key_is_where_its_row_says_or_nowhere(world: World) -> None:
    kid = await active(world)
    places = Places(world.house.parts.storage.database)
    assert (await places.of_all())[kid] is Place.SOFTWARE

    for change, place in (
        ("provider = 'pkcs11', reference = 'a label'", Place.TOKEN),
        ("provider = 'remote'", Place.SERVICE),
        ("reference = NULL", Place.ERASED),
        ("provider = 'software', private_sealed = NULL", Place.ERASED),
    ):
        world.sql.execute(f"UPDATE signing_key SET {change} WHERE kid = ?", (kid,))
        assert (await places.of_all())[kid] is place
