"""K-13: a stop is done at once, whatever cannot be made, put away or told at that moment."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from structlog.testing import capture_logs

from idp.pages.console.paths import KEYS
from idp.signing.emergency import compromise
from idp.signing.rotation import Rotation
from keys.lives.by import By
from keys.lives.custody import Custody, Raced
from keys.lives.lifecycle import Step
from keys.lives.moves import signing
from keys.lives.plan import Task
from keys.lives.policy import Policy
from keys.readiness.gate import Gate
from keys.readiness.judge import Service
from keys.signers.keepers import Keepers
from keys.signers.pkcs11 import Pkcs11
from keys.signing_key import State
from ledger.event import Ledger
from ledger.kinds import Event, KeyTurned
from store.database import Unavailable
from store.micros import SECOND
from store.sqlite import SqliteDatabase
from tests.idp.console.desk import WHY, active, an_officer, before_the_stop
from tests.idp.signing.test_token import kept, token
from tests.keys.signers.softhsm import Token
from tests.keys.signers.test_pkcs11 import stuck
from tests.oidc.front import browser, exchange
from tests.soft_passkey import Authenticator
from tests.world import World, open_world

__all__ = ["token"]
pytestmark = pytest.mark.anyio
BY = By("officer-1", "a drill")


async def state(world: World, kid: str) -> State:
    lives = await world.house.parts.custody.lives()
    return next(it.state for it in lives if it.kid == kid)


async def turned(world: World) -> None:
    """By whoever turns the keys, until nothing is due."""
    parts = world.house.parts
    mine = Rotation(parts.custody, parts.gate, parts.storage.database, lambda: world.now)
    while await mine.tried() == 0.0:
        pass


async def test_with_the_token_taken_out_an_officer_stops_a_key_all_the_same(
    tmp_path: Path, token: Token
) -> None:
    """No successor waits and none can be made: nothing is signed, and the page says so."""
    async with kept(tmp_path, token) as world:
        ada = browser(world)
        await ada.sign_in()
        code = await ada.code(scope="openid")
        officer = await an_officer(world, Authenticator())
        kid = await before_the_stop(world, officer)

        with token.taken_out():
            await officer.press("stop", "yes", reason=WHY)

            assert officer.page.status_code == 200
            assert f"{kid[:8]}</code> is stopped" in officer.page.text
            assert "No key could be made that signs instead." in officer.page.text
            assert "Nothing is signed with <span" in officer.page.text
            assert await state(world, kid) is State.SUSPENDED
            world.now += SECOND
            assert (await exchange(world, code)).status_code == 503
            await turned(world)
            assert signing(await world.house.parts.custody.lives(), "ES256") is None

        storage = world.house.parts.storage  # a token that comes back wants a new process
        ledger = Ledger(storage.database, world.watch)
        elsewhere = Custody(storage.database, storage.vault, ledger, Policy.of_demonstration())
        [task] = [it for it in await elsewhere.plan(world.now) if it.alg == "ES256"]
        await elsewhere.carry_out(task, world.now)
        world.now += SECOND
        assert await active(world) != kid
        assert (await exchange(world, code)).status_code == 200
        await officer.open(KEYS)
        assert "Nothing is signed with" not in officer.page.text


async def test_with_the_token_taken_out_a_lost_key_is_out_all_the_same(
    tmp_path: Path, token: Token
) -> None:
    async with kept(tmp_path, token) as world:
        kid = await active(world)
        with token.taken_out(), capture_logs() as lines:
            stopped = await compromise(world.house.parts, kid, BY, world.now)

        assert (stopped.signs, stopped.successor) == (None, None)
        assert await state(world, kid) is State.COMPROMISED
        assert [it["alg"] for it in lines if it.get("outcome") == "nothing signs"] == ["ES256"]
        world.now += SECOND
        assert kid not in (await world.rp.get("/jwks")).text


async def test_a_token_that_does_not_answer_holds_up_a_stop_for_seconds(
    tmp_path: Path, token: Token
) -> None:
    async with kept(tmp_path, token) as world:
        kid, began = await active(world), monotonic()
        async with stuck(token):
            taken = await world.house.parts.custody.take(kid, Step.SUSPEND, BY, world.now)
            assert monotonic() - began < 10

        assert taken.signs is None
        assert await state(world, kid) is State.SUSPENDED


async def test_a_key_that_is_shown_again_signs_at_once_where_none_does(
    tmp_path: Path, token: Token
) -> None:
    async with kept(tmp_path, token) as world:
        kid, custody = await active(world), world.house.parts.custody
        with token.taken_out():
            await custody.take(kid, Step.SUSPEND, BY, world.now)
            await custody.take(kid, Step.RESUME, BY, world.now)
            await turned(world)
        assert await active(world) == kid


async def test_what_began_to_sign_in_the_meantime_is_left_alone(world: World) -> None:
    kid = await active(world)
    task = Task(world.now, "ES256", Step.ACTIVATE)
    with pytest.raises(Raced):
        await world.house.parts.custody.carry_out(task, world.now)
    assert await active(world) == kid


class Slow(Pkcs11):
    """By the time it has to destroy something, somebody else holds the database."""

    sql: sqlite3.Connection

    async def discard(self, reference: str) -> None:
        self.sql.execute("BEGIN IMMEDIATE")


async def gone(_: int) -> Sequence[Service]:
    raise Unavailable("the database")


async def test_what_fails_after_the_commit_fails_nobody_and_is_done_later(
    tmp_path: Path, token: Token
) -> None:
    async with (
        kept(tmp_path, token) as world,
        SqliteDatabase(tmp_path / "motcua.db", patience=0.1) as database,
    ):
        parts, kid = world.house.parts, await active(world)
        keeper = Slow(token.module, token.label, token.pin_file, 1)
        keeper.sql = world.sql
        ledger, policy = Ledger(database, world.watch), parts.custody.policy
        keepers = Keepers([keeper], makes=keeper.name)
        custody = Custody(database, parts.storage.vault, ledger, policy, keepers)
        gate = Gate(database, ledger, gone, policy)
        with capture_logs() as lines:
            stopped = await compromise(
                replace(parts, custody=custody, gate=gate), kid, BY, world.now
            )
        world.sql.execute("ROLLBACK")
        keeper.close()

        assert await state(world, kid) is State.COMPROMISED
        assert stopped.signs is not None
        assert (stopped.signs.kid, stopped.successor) == (await active(world), None)
        assert [it["outcome"] for it in lines] == [
            "not put away yet",
            "who has the successor is not known",
        ]
        left = f"SELECT reference FROM signing_key WHERE kid = '{kid}'"
        assert world.rows(left) != [None]
        await turned(world)
        assert world.rows(left) == [None]


async def test_a_stop_of_which_no_news_can_be_kept_is_shown_by_the_keys(tmp_path: Path) -> None:
    """The news of it waits in the one-time store, which is held by somebody else by then."""
    async with open_world(tmp_path, patience=0.05) as world:
        officer = await an_officer(world, Authenticator())
        kid = await before_the_stop(world, officer)
        with closing(sqlite3.connect(tmp_path / "one-time.db", isolation_level=None)) as held:

            class Holding(list[Event]):
                def append(self, event: Event) -> None:
                    if isinstance(event, KeyTurned) and not held.in_transaction:
                        held.execute("BEGIN IMMEDIATE")
                    super().append(event)

            world.watch.seen = Holding()
            await officer.press("stop", "yes", reason=WHY)
            assert held.in_transaction
            held.execute("ROLLBACK")

        assert await state(world, kid) is State.SUSPENDED
        assert officer.page.status_code == 200
        assert officer.here == f"https://id.example{KEYS}"
        assert f">{kid[:8]}</code>" in officer.page.text
