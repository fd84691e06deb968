"""Keys in SQL: sealed, made once whoever races, proven when read."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import orjson
import pytest
from sqlalchemy import insert, select, update

from keys.signing_key import KeyFault, SigningKey, State, private_octets
from keys.sql import SigningKeyRow, SqlKeys
from keys.vault import Vault
from ledger.event import KeyMade, Ledger
from store.database import Conflict, Database, Write
from store.schema import table
from tests.conftest import OpenDatabase
from tests.keys.samples import CLAIMS, NOON, es256, rs256
from tests.watchman import Watchman

KEY = table(SigningKeyRow)
VAULT = Vault(b"k" * 32)
PLACE = "signing_key.private_sealed:"


def keys_in(database: Database, vault: Vault = VAULT, watch: Watchman | None = None) -> SqlKeys:
    return SqlKeys(database, vault, Ledger(database, watch or Watchman()))


async def change(database: Database, **values: Any) -> None:
    """Every row, by somebody who should not."""
    await database.commit(Write(database.prepare(update(KEY).values(**values)), {}))


async def put(database: Database, key: SigningKey, **changes: Any) -> None:
    """Its row, or one that differs."""
    assert key.private is not None
    row = {
        "kid": key.kid,
        "alg": key.alg,
        "use": "sig",
        "state": key.state.value,
        "public_jwk": text(key),
        "private_sealed": VAULT.seal(private_octets(key.private), PLACE + key.kid),
        "created_at": NOON,
        "activated_at": None,
    }
    await database.commit(Write(database.prepare(insert(KEY)), {**row, **changes}))


def text(key: SigningKey) -> str:
    return orjson.dumps(dict(key.public)).decode()


async def furnish(database: Database) -> None:
    """All that is wanted, without waiting for an RSA key."""
    await put(database, rs256())
    await keys_in(database).ensure(NOON)


@pytest.mark.anyio
async def test_what_is_wanted_is_made_and_told(database: Database) -> None:
    watch = Watchman()
    keys = keys_in(database, watch=watch)

    await keys.ensure(NOON)

    made = {(key.alg, key.use, key.state, key.activated_at) for key in await keys.list()}
    assert made == {
        ("ES256", "sig", "active", NOON),
        ("ES256", "sig", "published", None),
        ("RS256", "sig", "active", NOON),
    }
    told = {event.kid: event.state for event in watch.seen if isinstance(event, KeyMade)}
    assert told == {key.kid: key.state for key in await keys.list()}
    ring = await keys.load()
    assert sorted(ring.algorithms()) == ["ES256", "RS256"]


@pytest.mark.anyio
async def test_making_it_again_changes_nothing(database: Database) -> None:
    await furnish(database)
    before = await keys_in(database).list()
    await keys_in(database).ensure(NOON + 1)
    assert await keys_in(database).list() == before


@pytest.mark.anyio
async def test_of_programs_that_start_at_once_one_makes_them(open_database: OpenDatabase) -> None:
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(open_database()) for _ in range(8)]
        await put(doors[0], rs256())

        await asyncio.gather(*(keys_in(door).ensure(NOON) for door in doors))

        assert len(await keys_in(doors[0]).list()) == 3
        shown = {(await keys_in(door).load()).jwks_body for door in doors}
        assert len(shown) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("state", [State.ACTIVE, State.PUBLISHED])
async def test_there_is_one_that_signs_and_one_that_waits(database: Database, state: State) -> None:
    await put(database, es256(state))
    with pytest.raises(Conflict):
        await put(database, es256(state))


@pytest.mark.anyio
async def test_many_may_go(database: Database) -> None:
    for state in (State.RETIRING, State.RETIRED):
        await put(database, es256(state))
        await put(database, es256(state))
    assert len(await keys_in(database).list()) == 4


@pytest.mark.anyio
async def test_there_are_no_other_states(database: Database) -> None:
    with pytest.raises(Exception, match="ck_signing_key_state"):
        await put(database, es256(State.ACTIVE), state="lost")


@pytest.mark.anyio
async def test_the_archive_checks_what_the_set_no_longer_shows(database: Database) -> None:
    await furnish(database)
    old = (await keys_in(database).load()).sign(CLAIMS, typ="JWT")
    await change(database, state="retired", private_sealed=None)
    await put(database, es256(State.ACTIVE))

    ring = await keys_in(database).load()

    assert ring.verify(old, typ="JWT") == CLAIMS
    assert ring.jwks_body.count(b'"kid"') == 1


@pytest.mark.anyio
async def test_nothing_private_lies_open(database: Database) -> None:
    key = rs256()
    await put(database, key)
    await keys_in(database).ensure(NOON)
    assert key.private is not None
    for row in await database.read(database.prepare(select(KEY))):
        everything = b"".join(str(value).encode() for value in dict(row).values())
        assert b'"d"' not in everything
        assert private_octets(key.private)[-64:] not in bytes(row["private_sealed"])
        assert bytes(row["private_sealed"])[:1] == b"\x01"


@pytest.mark.anyio
async def test_the_ring_is_the_same_one_until_a_key_changes(database: Database) -> None:
    """So what it remembers is kept, and keys are not opened at every reading."""
    await furnish(database)
    keys = keys_in(database)
    ring = await keys.load()
    assert await keys.load() is ring
    await put(database, es256(State.RETIRING))
    assert await keys.load() is not ring


@pytest.mark.anyio
async def test_another_key_encryption_key_is_found_out_at_start(database: Database) -> None:
    await furnish(database)
    with pytest.raises(KeyFault, match="right key-encryption key"):
        await keys_in(database, Vault(b"K" * 32)).load()


@pytest.mark.anyio
async def test_a_private_part_in_the_row_of_another_is_found_out(database: Database) -> None:
    await put(database, es256(State.ACTIVE), private_sealed=VAULT.seal(b"", PLACE))
    with pytest.raises(KeyFault, match="does not open"):
        await keys_in(database).load()


@pytest.mark.anyio
async def test_a_private_part_that_belongs_to_another_is_found_out(database: Database) -> None:
    key, other = es256(), es256()
    assert other.private is not None
    sealed = VAULT.seal(private_octets(other.private), PLACE + key.kid)
    await put(database, key, private_sealed=sealed)
    with pytest.raises(KeyFault, match="belongs to another"):
        await keys_in(database).load()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"alg": "RS256"}, "shown as another"),
        ({"kid": "another", "private_sealed": None}, "shown as another"),
        ({"public_jwk": text(es256())}, "shown as another"),
    ],
)
async def test_a_row_that_somebody_changed_is_found_out(
    database: Database, changes: dict[str, Any], why: str
) -> None:
    await put(database, es256(State.ACTIVE), **changes)
    with pytest.raises(KeyFault, match=why):
        await keys_in(database).load()
