"""``kill -9`` at every commit of the lives of keys: before it, in it and after it.

What is left is legal, and whoever comes next goes on.
"""

import asyncio
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pkcs11 import Attribute, ObjectClass
from sqlalchemy import select

from keys.data_keys.custody import LEASE
from keys.data_keys.states import REST, WAIT, State
from keys.kek import KeyFileError
from keys.keks import kek_of
from keys.lives.lifecycle import KEEPING
from keys.lives.moves import signing, waiting
from keys.lives.policy import Policy
from keys.rows import KEY, life_of
from keys.signers.keepers import Keepers
from keys.signers.login import Login
from keys.signing_key import State as KeyState
from keys.sql import SqlKeys
from keys.vault import Vault
from store.database import Database
from store.micros import DAY, MINUTE
from store.outbox import OUTBOX
from tests import servers
from tests.conftest import KeptTables
from tests.keys.dying import WHERE, Death, due, line
from tests.keys.safes import KEK, NEXT, furnish, open_safe
from tests.keys.safes import opened as all_opened
from tests.keys.samples import CLAIMS, NOON
from tests.keys.signers import softhsm
from tests.keys.signers.softhsm import Token
from tests.keys.test_custody import assert_legal, events
from tests.keys.turner import custody_of, opened

WANTED = {KeyState.PUBLISHED, KeyState.ACTIVE, KeyState.SUSPENDED}
"""States in which a private part has to be there."""
PRIVATE = ObjectClass.PRIVATE_KEY
Fresh = Callable[[], str]
Die = Callable[[Death], int]


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """An empty database, each time; what another process calls it."""
    if request.param == "postgres":
        tables: KeptTables = request.getfixturevalue("kept_tables")
        return partial(emptied, tables)
    servers.make_sqlite(tmp_path / "empty.db")
    return partial(copied, tmp_path)


def emptied(tables: KeptTables) -> str:
    tables.empty()
    return tables.url


def copied(home: Path) -> str:
    for old in home.glob("motcua.db*"):
        old.unlink()
    return str(shutil.copy(home / "empty.db", home / "motcua.db"))


@pytest.fixture
def die() -> Iterator[Die]:
    """How a story ended."""
    words = [sys.executable, "-m", "tests.keys.dying"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as mother:
        assert mother.stdin is not None
        assert mother.stdout is not None
        said, heard = mother.stdin, mother.stdout

        def ended(death: Death) -> int:
            said.write(line(death))
            said.flush()
            return int(heard.readline())

        yield ended
        said.close()


async def legal(database: Database, keepers: Keepers | None = None) -> None:
    """What lies there opens and signs, and its events lead each key to its state."""
    lives = await custody_of(database).lives()
    assert_legal(lives)
    told = [it for it in await events(database) if it["type"] != "KeyOverdue"]
    letters = await database.read(database.prepare(select(OUTBOX.c.message_id)))
    lost = [it.kid for it in lives if it.compromised_at is not None]
    assert [it["message_id"] for it in letters] == lost, (
        "a loss is told where it is, and only there"
    )
    assert {it["kid"] for it in told} == {life.kid for life in lives}
    for life in lives:
        its = [it for it in told if it["kid"] == life.kid]
        left = [it["was"] for it in its if it["type"] == "KeyTurned"]
        assert Counter(it["state"] for it in its) == Counter([*left, life.state.value])
    for row in await database.read(database.prepare(select(KEY))):
        state, sealed = life_of(row).state, row["private_sealed"]
        assert sealed is None or state in KEEPING
        assert (sealed or row["reference"]) or state not in WANTED
    now = max((life.changed_at for life in lives), default=NOON)
    ring = await SqlKeys(database, Vault(KEK), Policy(), keepers).load(now)
    if signing(lives, "ES256") is not None:
        assert ring.verify(await ring.signed(CLAIMS, typ="JWT"), typ="JWT") == CLAIMS


async def goes_on(place: str, keepers: Keepers | None = None) -> None:
    """Whoever turns the keys next, from the moment of that death on, for two hundred days."""
    async with opened(place) as database:
        await legal(database, keepers)
        custody = custody_of(database, keepers=keepers)
        began = max((it.changed_at for it in await custody.lives()), default=NOON)
        for now in (began, began + MINUTE, began + 100 * DAY, began + 200 * DAY):
            await due(custody, now)
            await legal(database, keepers)
            lives = await custody.lives()
            assert signing(lives, "ES256") is not None
            assert waiting(lives, "ES256") is not None
        left = {it.state for it in lives if it.changed_at <= began}
        assert left <= {KeyState.DESTROYED, KeyState.PUBLISHED, KeyState.SUSPENDED}


def deaths(
    story: Callable[..., Death], fresh: Fresh, die: Die, *, more_than: int
) -> Iterator[tuple[int, str]]:
    """The commit at which each came, counted from one, and the place that it left."""
    commits = die(story(place=fresh()))
    assert commits > more_than
    for last in range(1, commits + 1):
        for where in WHERE:
            place = fresh()
            assert die(story(place=place, last=last, where=where)) == -9, (last, where)
            yield last, place


def test_at_every_commit_of_a_signing_key(fresh: Fresh, die: Die) -> None:
    story = partial(Death, story="signing keys")
    for _, place in deaths(story, fresh, die, more_than=20):
        asyncio.run(goes_on(place))


async def there(token: Token, *, away: bool = False) -> set[str]:
    """What private parts lie in a token, by what we call them."""
    session = Login(token.module, token.label, token.pin_file).session()
    found = [*session.get_objects()]
    ids = {it[Attribute.ID].hex() for it in found if it[Attribute.CLASS] is PRIVATE}
    if away:
        for it in found:
            it.destroy()
    session.close()
    return ids


async def nothing_is_left_behind(place: str, token: Token) -> None:
    """At the end the token has what rows name, and at most one key that was made in vain."""
    async with opened(place) as database:
        rows = await database.read(database.prepare(select(KEY.c.reference)))
    named = {row["reference"] for row in rows} - {None}
    kept = await there(token, away=True)
    assert named <= kept
    assert len(kept - named) <= 1


@pytest.fixture
def token(tmp_path: Path) -> Token:
    """Named before ``die``: processes that begin later find it."""
    return softhsm.token(tmp_path, mine=True)


def test_at_every_commit_of_a_key_in_a_token(tmp_path: Path, token: Token, die: Die) -> None:
    """Also where a key was destroyed there and its row does not say so yet."""
    here = (str(token.module), token.label, str(token.pin_file))
    servers.make_sqlite(tmp_path / "empty.db")
    story = partial(Death, story="signing keys", token=here)
    commits = die(story(place=copied(tmp_path)))
    for last in range(1, commits + 1):
        asyncio.run(there(token, away=True))
        place = copied(tmp_path)
        assert die(story(place=place, last=last)) == -9, last
        keeper = token.keeper(sessions=1)
        asyncio.run(goes_on(place, Keepers([keeper], makes=keeper.name, patience=10)))
        keeper.close()
        asyncio.run(nothing_is_left_behind(place, token))


async def opens(place: str, plain: dict[str, bytes], *, furnished: bool) -> None:
    """All that was sealed opens, and whoever is next ends what was begun."""
    said = plain if furnished else {}
    async with opened(place) as database:
        now = NOON + WAIT + LEASE
        safe = await open_safe(database, NEXT, KEK, now=now)
        assert await all_opened(safe) == said
        await safe.changes.rewrap(now)
        for _ in range(3):  # a day later: first what is old is sealed anew, then it may end
            await safe.custody.turn(now + REST + WAIT)
        known = await safe.data_keys.read()
        wrapped = [it.wrapped for chain in known.values() for it in chain]
        by = {kek_of(it) for it in wrapped if it is not None}
        assert by == {safe.data_keys.keks.first}
        assert (await safe.states(now + REST + WAIT))[-1] is State.MAKING
        assert State.OPENING not in await safe.states(now + REST + WAIT)
        alone = await open_safe(database, NEXT, now=now + REST + WAIT)
        assert await all_opened(alone) == said
        with pytest.raises(KeyFileError):
            await open_safe(database, KEK, now=now)


async def sealed_in(place: str) -> dict[str, bytes]:
    async with opened(place) as database:
        return await furnish(database, (await open_safe(database)).vault)


def test_at_every_commit_of_data_keys(fresh: Fresh, die: Die) -> None:
    """K-17: made, wrapped anew, followed by others, sealed anew, ended and erased."""
    story = partial(Death, story="data keys")
    plain = asyncio.run(sealed_in(fresh()))
    for last, place in deaths(story, fresh, die, more_than=15):
        asyncio.run(opens(place, plain, furnished=last > 1))
