"""What is used once is used once, on both engines. NIST SP 800-63B-4 sections 3.1.2 and 3.1.4."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import insert

from idp.accounts.sql import AccountRow
from idp.authentication.means import Held, Means
from idp.authentication.passwords import Passwords
from idp.authentication.recovery import new_codes
from idp.authentication.recovery_codes import RecoveryCodes
from idp.authentication.totps import Totps
from keys.vault import Vault
from store.database import Conflict, Database, Unchanged, Write
from store.schema import table
from tests.conftest import OpenDatabase

pytestmark = pytest.mark.anyio

ADA = "ada"
SECRET = b"12345678901234567890"
VAULT = Vault(b"k" * 32)


async def add_ada(database: Database) -> None:
    row = AccountRow(
        account_id=ADA, number_digest="d", number_sealed=b"", contact_sealed=b"", created_at=0
    )
    statement = database.prepare(insert(table(AccountRow)))
    await database.commit(Write(statement, row.model_dump()))


async def done(database: Database, *writes: Write) -> bool:
    try:
        await database.commit(*writes)
    except (Conflict, Unchanged):
        return False
    return True


async def test_of_thirty_who_bring_one_code_at_two_doors_one_is_let_in(
    open_database: OpenDatabase,
) -> None:
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(open_database()) for _ in range(2)]
        await add_ada(doors[0])
        apps = [Totps(door, VAULT) for door in doors]
        await doors[0].commit(apps[0].add(ADA, SECRET, 7, now=1))
        for step in (8, 10):
            takes = [apps[n % 2].take(ADA, step) for n in range(30)]
            won = await asyncio.gather(*(done(doors[n % 2], it) for n, it in enumerate(takes)))
            assert won.count(True) == 1
        for step in (7, 8, 9, 10):
            assert not await done(doors[0], apps[0].take(ADA, step)), "nor any before it"
        app = await apps[1].find(ADA)
        assert app is not None
        assert (app.secret, app.last_step) == (SECRET, 10)


async def test_of_thirty_who_bring_one_recovery_code_one_is_let_in(
    open_database: OpenDatabase,
) -> None:
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(open_database()) for _ in range(2)]
        await add_ada(doors[0])
        codes, papers = new_codes(), [RecoveryCodes(door) for door in doors]
        await doors[0].commit(*papers[0].replace(ADA, codes, 1))
        uses = [papers[n % 2].use(ADA, codes[0], 2) for n in range(30)]
        won = await asyncio.gather(*(done(doors[n % 2], it) for n, it in enumerate(uses)))
        assert won.count(True) == 1
        assert not await done(doors[0], papers[0].use("bao", codes[1], 2)), "nor is it anybody's"
        assert (await Means(doors[0]).of(ADA)).codes_left == 9


async def test_codes_that_were_made_anew_replace_all_and_once(database: Database) -> None:
    await add_ada(database)
    totps, papers, (first, second) = (
        Totps(database, VAULT),
        RecoveryCodes(database),
        (new_codes(), new_codes()),
    )
    await database.commit(totps.add(ADA, SECRET, 7, 1), *papers.replace(ADA, first, 1))

    renewal = (totps.codes_renewed(ADA, 1), *papers.replace(ADA, second, 2))
    assert await done(database, *renewal)
    assert not await done(database, totps.codes_renewed(ADA, 1))

    assert not await done(database, papers.use(ADA, first[0], 3))
    assert await done(database, papers.use(ADA, second[0], 3))


async def test_what_an_account_has_is_told_in_one_read(database: Database) -> None:
    await add_ada(database)
    means, totps = Means(database), Totps(database, VAULT)
    assert await means.of(ADA) == Held(password=False, totp=False, codes_left=0)

    await database.commit(Passwords(database).set_first(ADA, "hash", 1))
    held = await means.of(ADA)
    assert (held.second_factor, held.best(2), held.best(1)) == (False, 1, 1)

    papers = RecoveryCodes(database).replace(ADA, new_codes(), 1)
    await database.commit(totps.add(ADA, SECRET, 7, 1), *papers)
    held = await means.of(ADA)
    assert held == Held(password=True, totp=True, codes_left=10, codes_made=1)
    assert (held.second_factor, held.best(2), held.best(1)) == (True, 2, 1)

    assert await done(database, totps.remove(ADA), RecoveryCodes(database).forget(ADA))
    assert not await done(database, totps.remove(ADA))
    assert await means.of(ADA) == Held(password=True, totp=False, codes_left=0)


async def test_one_person_has_one_app(database: Database) -> None:
    await add_ada(database)
    totps = Totps(database, VAULT)
    assert await done(database, totps.add(ADA, SECRET, 7, 1))
    assert not await done(database, totps.add(ADA, b"0" * 20, 7, 1))


async def test_an_app_cannot_be_read_from_the_table(database: Database) -> None:
    row = Totps(database, VAULT).add(ADA, SECRET, 7, 1).values
    assert SECRET not in row["secret_sealed"]
