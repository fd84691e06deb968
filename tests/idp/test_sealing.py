"""The care of data keys inside the running program: K-17, K-18."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from idp.sealing.custody import TURN, Custodian, keeping
from keys.data_keys.changes import AHEAD
from keys.data_keys.states import MOST, WAIT
from tests.idp.pages.front import at_home
from tests.oidc.front import Browser, exchange
from tests.sample import ADA
from tests.world import NOON, World, open_house_in, open_world, settings_for

pytestmark = pytest.mark.anyio


def custodian(world: World) -> Custodian:
    return Custodian(world.house.parts, lambda: world.now)


async def test_people_stay_signed_in_while_everything_is_sealed_anew(world: World) -> None:
    """By a process that learns of the new data key as every other does."""
    shop = Browser(world, await at_home(world))
    before = await shop.tokens()
    world.sql.execute(f"UPDATE data_key SET uses = {MOST} WHERE purpose = 'sealing'")
    keeper = custodian(world)
    assert await keeper.turn() == TURN
    assert world.rows("SELECT version FROM data_key WHERE purpose = 'sealing'") == [1, 2]

    world.now += WAIT
    while not await keeper.turn():
        pass

    old = "SELECT count(*) FROM account WHERE substr(number_sealed, 1, 5) = x'0200000001'"
    assert world.rows(old) == [0]
    assert (await shop.tokens()).keys() == before.keys()
    [account] = [it for it in [await _account(world)] if it]
    assert await world.house.parts.accounts.number_of(account) == ADA.identifier


async def _account(world: World) -> str:
    found = await world.house.parts.accounts.find_by_number(ADA.identifier)
    assert found is not None
    return found.account_id


async def test_every_renewable_secret_follows_without_a_restart(world: World) -> None:
    """K-27: the new one makes, what the old one made is still taken."""
    shop = Browser(world, await at_home(world))
    keeper = custodian(world)
    known = await world.house.parts.storage.data_keys.read()
    renewed = ["codes", "csrf", "one-time values", "password", "refresh tokens"]
    for purpose in renewed:
        assert await keeper.custody.changes.renew(purpose, known[purpose], world.now)
    world.now += WAIT - 1
    await keeper.turn()
    code = await shop.code()
    page = await shop.authorize(prompt="login")
    assert world.house.parts.storage.vault.secrets("codes").newest == 0

    world.now += 1
    await keeper.turn()
    for purpose in renewed:
        assert world.house.parts.storage.vault.secrets(purpose).newest == 1
    assert (await exchange(world, code)).status_code == 200, "a code of before"
    assert (await shop.get(page.headers["location"])).status_code == 200, "a request of before"
    assert (await shop.tokens())["access_token"]
    assert await at_home(world), "a password of before, a form of now"


async def test_seals_are_set_aside_while_it_runs(world: World) -> None:
    async with keeping(world.house.parts, lambda: world.now):
        await custodian(world).turn()
    [uses] = world.rows("SELECT uses FROM data_key WHERE purpose = 'sealing'")
    assert uses >= AHEAD


async def test_a_locked_database_stops_no_custodian(tmp_path: Path) -> None:
    async with open_world(tmp_path, patience=0.05) as world:
        world.sql.execute("BEGIN IMMEDIATE")
        with capture_logs() as logs:
            assert await custodian(world).turn() == TURN
        world.sql.execute("ROLLBACK")
    assert [line["outcome"] for line in logs if line["event"] == "data_keys"] == ["unavailable"]


async def test_a_data_key_that_cannot_be_unwrapped_is_told_and_what_was_known_stays(
    world: World,
) -> None:
    shop = Browser(world, await at_home(world))
    world.sql.execute(
        "INSERT INTO data_key SELECT purpose, 2, key_id, x'03aaaaaaaa', 0, 0, 0, NULL"
        " FROM data_key WHERE purpose = 'sealing'"
    )
    with capture_logs() as logs:
        assert await custodian(world).turn() == TURN
    assert [line["log_level"] for line in logs if line["event"] == "data_keys"] == ["error"]
    assert (await shop.tokens())["access_token"]


async def test_what_opens_with_no_key_is_told(world: World) -> None:
    world.sql.execute(
        "UPDATE account SET contact_sealed = substr(contact_sealed, 1, length(contact_sealed) - 1)"
    )
    keeper = custodian(world)
    known = await world.house.parts.storage.data_keys.read()
    await keeper.custody.changes.renew("sealing", known["sealing"], world.now)
    world.now += WAIT
    with capture_logs() as logs:
        while not await keeper.turn():
            pass
    [line] = [line for line in logs if line["event"] == "data_keys"]
    assert line["outcome"] == "does not open"
    assert line["values"] == world.rows("SELECT count(*) FROM account")[0]


async def test_a_key_encryption_key_is_changed_between_two_starts(tmp_path: Path) -> None:
    async with open_world(tmp_path):
        pass
    (tmp_path / "kek").rename(tmp_path / "kek.before")
    (tmp_path / "kek").write_bytes(b"n" * 32)
    (tmp_path / "kek").chmod(0o600)
    both = settings_for(tmp_path, previous_key_encryption_key_file=tmp_path / "kek.before")
    async with open_house_in(World(NOON), both) as world:
        assert await custodian(world).custody.changes.rewrap(NOON)
    async with open_house_in(World(NOON), settings_for(tmp_path)) as world:
        found = await world.house.parts.accounts.find_by_number(ADA.identifier)
        assert found is not None
        assert await world.house.parts.accounts.number_of(found.account_id) == ADA.identifier
