"""Keys in SQL: sealed, made once whoever races, proven when read."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import orjson
import pytest
from sqlalchemy import insert, select, update

from keys.algorithms import ALGORITHMS
from keys.lives.by import By
from keys.lives.changes import born
from keys.lives.custody import Custody, Raced
from keys.lives.policy import Policy
from keys.rows import KEY, columns_of
from keys.signing_key import KeyFault, SigningKey, State, private_octets
from keys.sql import SqlKeys
from keys.vault import Vault
from ledger.event import Ledger
from ledger.kinds import KeyMade, KeyTurned
from store.database import Conflict, Database, Write
from tests.conftest import OpenDatabase
from tests.keys.samples import CLAIMS, NOON, es256, one, rs256
from tests.watchman import Watchman

VAULT = Vault(b"k" * 32)
PLACE = "signing_key.private_sealed:"


POLICY = Policy()
SOMEBODY = By("o-1", "a test")


def keys_in(database: Database, vault: Vault = VAULT, policy: Policy = POLICY) -> SqlKeys:
    return SqlKeys(database, vault, policy)


def custody_of(database: Database, watch: Watchman | None = None) -> Custody:
    return Custody(database, VAULT, Ledger(database, watch or Watchman()), POLICY)


async def change(database: Database, **values: Any) -> None:
    """Every row, by somebody who should not."""
    await database.commit(Write(database.prepare(update(KEY).values(**values)), {}))


async def put(database: Database, key: SigningKey, **changes: Any) -> None:
    """Its row, or one that differs."""
    assert key.private is not None
    row = {
        **columns_of(born(key, NOON)),
        "public_jwk": text(key),
        "private_sealed": VAULT.seal(private_octets(key.private), PLACE + key.kid),
        "demonstration": 0,
        "provider": "software",
        "reference": None,
    }
    await database.commit(Write(database.prepare(insert(KEY)), {**row, **changes}))


def text(key: SigningKey) -> str:
    return orjson.dumps(dict(key.public)).decode()


async def furnish(database: Database) -> None:
    """All that is wanted, without waiting for RSA keys."""
    await put_slow_ones(database)
    await custody_of(database).begin(NOON)


async def put_slow_ones(database: Database) -> None:
    for alg in ("RS256", "PS256"):
        await put(database, one(alg))


@pytest.mark.anyio
async def test_what_is_wanted_is_made_and_told(database: Database) -> None:
    watch = Watchman()
    custody = custody_of(database, watch)

    await custody.begin(NOON)

    lives = await custody.lives()
    assert {(it.alg, it.use, it.state, it.activated_at, it.published_at) for it in lives} == {
        (alg, "sig", State.ACTIVE, NOON, NOON) for alg in ALGORITHMS
    }
    told = {event.kid: event.state for event in watch.seen if isinstance(event, KeyMade)}
    assert told == {life.kid: life.state for life in lives}
    ring = await keys_in(database).load(NOON)
    assert ring.algorithms() == ("ES256", "Ed25519", "EdDSA", "PS256", "RS256")


@pytest.mark.anyio
async def test_making_it_again_changes_nothing(database: Database) -> None:
    await furnish(database)
    before = await custody_of(database).lives()
    await custody_of(database).begin(NOON + 1)
    assert await custody_of(database).lives() == before


@pytest.mark.anyio
async def test_of_programs_that_start_at_once_one_makes_them(open_database: OpenDatabase) -> None:
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(open_database()) for _ in range(8)]
        await put_slow_ones(doors[0])

        await asyncio.gather(*(custody_of(door).begin(NOON) for door in doors))

        assert len(await custody_of(doors[0]).lives()) == 5
        shown = {(await keys_in(door).load(NOON)).jwks_body for door in doors}
        assert len(shown) == 1


@pytest.mark.anyio
async def test_there_is_one_that_signs(database: Database) -> None:
    """K-02."""
    await put(database, es256(State.ACTIVE))
    with pytest.raises(Conflict):
        await put(database, es256(State.ACTIVE))


@pytest.mark.anyio
async def test_many_may_come_and_go(database: Database) -> None:
    for state in State:
        if state is not State.ACTIVE:
            await put(database, es256(state))
            await put(database, es256(state))
    assert len(await custody_of(database).lives()) == 2 * (len(State) - 1)


@pytest.mark.anyio
async def test_there_are_no_other_states(database: Database) -> None:
    with pytest.raises(Exception, match="ck_signing_key_state"):
        await put(database, es256(State.ACTIVE), state="lost")


@pytest.mark.anyio
async def test_the_archive_checks_what_the_set_no_longer_shows(database: Database) -> None:
    await furnish(database)
    old = (await keys_in(database).load(NOON)).sign(CLAIMS, typ="JWT")
    await change(database, state="retired", private_sealed=None)
    await put(database, es256(State.ACTIVE))

    ring = await keys_in(database).load(NOON)

    assert ring.verify(old, typ="JWT") == CLAIMS
    assert ring.jwks_body.count(b'"kid"') == 1


@pytest.mark.anyio
async def test_nothing_private_lies_open(database: Database) -> None:
    key = rs256()
    await put(database, key)
    await custody_of(database).begin(NOON)
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
    ring = await keys.load(NOON)
    assert await keys.load(NOON) is ring
    await put(database, es256(State.RETIRING))
    assert await keys.load(NOON) is not ring


@pytest.mark.anyio
async def test_another_key_encryption_key_is_found_out_at_start(database: Database) -> None:
    await furnish(database)
    with pytest.raises(KeyFault, match="right key-encryption key"):
        await keys_in(database, Vault(b"K" * 32)).load(NOON)


@pytest.mark.anyio
async def test_a_private_part_in_the_row_of_another_is_found_out(database: Database) -> None:
    await put(database, es256(State.ACTIVE), private_sealed=VAULT.seal(b"", PLACE))
    with pytest.raises(KeyFault, match="does not open"):
        await keys_in(database).load(NOON)


@pytest.mark.anyio
async def test_a_private_part_that_belongs_to_another_is_found_out(database: Database) -> None:
    key, other = es256(), es256()
    assert other.private is not None
    sealed = VAULT.seal(private_octets(other.private), PLACE + key.kid)
    await put(database, key, private_sealed=sealed)
    with pytest.raises(KeyFault, match="belongs to another"):
        await keys_in(database).load(NOON)


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
        await keys_in(database).load(NOON)


@pytest.mark.anyio
@pytest.mark.protocol(10)
async def test_of_two_who_rotate_at_once_one_does(database: Database) -> None:
    watch = Watchman()
    await furnish(database)
    await put(database, es256(State.PUBLISHED))
    custody = custody_of(database, watch)
    before = {(life.alg, life.state): life.kid for life in await custody.lives()}

    outcomes = await asyncio.gather(
        *(custody.rotate(SOMEBODY, NOON + 1) for _ in "ab"), return_exceptions=True
    )

    lives = await custody.lives()
    after = {(life.alg, life.state): life.kid for life in lives}
    assert [type(it) for it in outcomes if it] == [Raced]
    assert after["ES256", State.ACTIVE] == before["ES256", State.PUBLISHED]
    for alg in ALGORITHMS:
        assert after[alg, State.RETIRING] == before[alg, State.ACTIVE]
    assert {it.activated_at for it in lives if it.state is State.ACTIVE} == {NOON + 1}
    told = {event.kid: event.state for event in watch.seen if isinstance(event, KeyTurned)}
    assert told[after["ES256", State.ACTIVE]] == "active"
    assert told[after["ES256", State.RETIRING]] == "retiring"
    ring = await keys_in(database).load(NOON)
    assert ring.verify(ring.sign(CLAIMS, typ="JWT"), typ="JWT") == CLAIMS
