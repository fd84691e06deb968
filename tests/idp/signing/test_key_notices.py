"""K-14: who may still believe a lost key hears of it, in a notice that the lost key has not signed.

RFC 8417 section 2 (security event tokens); RFC 8935 section 2 (push).
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import KeySet
from sqlalchemy import update

from clients.rows import CLIENT
from idp.signing.emergency import Stopped, compromise
from keys.lives.custody import Raced
from keys.lives.lifecycle import Step
from keys.lives.moves import signing
from keys.lives.moves import waiting as find_heir
from keys.lives.notice import EVENT
from keys.lives.plan import Task
from keys.ring import KeyRing
from keys.signers.held import CannotSign
from store.database import Write
from store.micros import DAY, HOUR, MINUTE, SECOND
from tests.desk import Desk, open_desk
from tests.idp.outbox.test_logout import deliver
from tests.idp.signing.test_emergency import OFFICER
from tests.oidc.front import change
from tests.sample import ISSUER
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


@pytest.fixture
def world(each_world: World) -> World:
    return each_world


async def lose(world: World, alg: str = "ES256") -> Stopped:
    active = signing(await world.house.parts.custody.lives(), alg)
    assert active is not None
    return await compromise(world.house.parts, active.kid, OFFICER, world.now)


async def read(world: World, token: str, typ: str = "secevent+jwt") -> dict[str, Any]:
    """As an agency does that fetches the key set anew."""
    keys = KeySet.import_key_set((await world.rp.get("/jwks")).json())
    said = jwt.decode(token, keys, algorithms=["ES256", "RS256"])
    assert said.header["typ"] == typ
    return dict(said.claims)


async def published(world: World) -> dict[str, str]:
    answer = await world.rp.get("/key-notices")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-cache", "who polls hears of it at once"
    return dict(answer.json()["sets"])


async def waiting(world: World) -> list[str]:
    return [it.message_id for it in await world.house.parts.post.dead_letters.list()]


async def test_a_service_that_wants_to_hear_of_it_is_told_once(world: World, desk: Desk) -> None:
    await change(world, "shop", key_notices_uri=desk.url("/keys"))
    assert await published(world) == {}  # it has the ring of this moment
    stopped = await lose(world)
    lost, signs = stopped.moves[0].life, stopped.signs
    assert signs is not None
    [told] = [it.told for it in stopped.agencies if it.told]
    assert told == ("shop",)

    await deliver(world)
    assert not desk.paths, "this process may still sign with the lost key itself"
    world.now += 3 * SECOND
    await deliver(world)

    assert desk.paths == ["/keys"]
    assert desk.heads[0]["content-type"] == "application/secevent+jwt"
    assert desk.heads[0]["accept"] == "application/json"
    said = await read(world, desk.posted[0])
    assert said == {
        "iss": ISSUER,
        "aud": "shop",
        "iat": world.now // SECOND,
        "jti": f"{lost.kid} shop",
        "events": {
            EVENT: {
                "kid": lost.kid,
                "alg": "ES256",
                "not_before": lost.changed_at // SECOND,
                "successor": signs.kid,
            }
        },
    }
    assert await waiting(world) == []


async def test_who_cannot_take_it_now_is_told_later_as_its_id_tokens_are_signed(
    world: World, desk: Desk
) -> None:
    await change(world, "old", key_notices_uri=desk.url())
    desk.status = 503
    await lose(world)
    world.now += 3 * SECOND
    await deliver(world)
    assert len(desk.paths) == 1
    assert len(await waiting(world)) == 1

    desk.status = 202
    world.now += MINUTE
    await deliver(world)
    assert len(desk.paths) == 2
    assert jws.extract_compact(desk.posted[1].encode()).headers()["alg"] == "RS256"
    first, second = [await read(world, it) for it in desk.posted]
    assert first["jti"] == second["jti"], "the same notice, signed anew"
    assert await waiting(world) == []


async def test_a_notice_of_a_lost_key_is_published_and_signed_by_another(world: World) -> None:
    assert await published(world) == {}
    stopped = await lose(world)
    lost = stopped.moves[0].life
    assert await published(world) == {}, "not before this process has the new key"
    world.now += SECOND

    sets = await published(world)
    assert [*sets] == [lost.kid]
    said = await read(world, sets[lost.kid])
    assert (said["jti"], "aud" in said, "sub" in said) == (lost.kid, False, False)
    assert said["events"][EVENT]["not_before"] == lost.changed_at // SECOND

    again = await lose(world)
    world.now += SECOND
    assert {*await published(world)} == {lost.kid, again.moves[0].life.kid}
    tag = (await world.rp.get("/key-notices")).headers["etag"]
    known = await world.rp.get("/key-notices", headers={"if-none-match": tag})
    assert (known.status_code, known.headers["cache-control"]) == (304, "no-cache")


async def test_what_was_published_stays_when_the_key_is_destroyed_and_goes_at_last(
    world: World,
) -> None:
    kid = (await lose(world)).moves[0].life.kid
    custody = world.house.parts.custody
    for step in (Step.DISCARD, Step.DESTROY):
        world.now += 8 * DAY
        await custody.take(kid, step, OFFICER, world.now)
    assert [*await published(world)] == [kid]
    world.now += custody.policy.archive
    assert await published(world) == {}


async def test_where_nobody_else_signs_with_its_algorithm_another_does(world: World) -> None:
    """The one that took its place has signed for too long; that of RS256 was turned in time."""
    stopped, custody = await lose(world), world.house.parts.custody
    with suppress(Raced):  # one waits in one of the worlds
        await custody.carry_out(Task(world.now, "RS256", Step.PUBLISH), world.now)
    heir = find_heir(await custody.lives(), "RS256")
    assert heir is not None
    await custody.take(heir.kid, Step.ACTIVATE, OFFICER, world.now + 10 * DAY)
    world.now += custody.policy.reached(120)
    [notice] = (await published(world)).values()
    assert jws.extract_compact(notice.encode()).headers()["kid"] == heir.kid
    assert (await read(world, notice))["jti"] == stopped.moves[0].life.kid


async def test_a_second_lost_key_does_not_sign_that_the_first_is_lost(
    world: World, desk: Desk
) -> None:
    """Its ring is of a moment ago, what it knows of keys is not."""
    await change(world, "shop", key_notices_uri=desk.url())
    first = (await lose(world)).moves[0].life.kid
    world.now += 2 * SECOND
    before = await published(world)
    second = (await lose(world)).moves[0].life.kid
    world.now += SECOND // 4
    await deliver(world)
    assert desk.posted == [], "neither of the first nor of the second"
    assert await published(world) in ({}, before)
    world.now += 2 * SECOND
    assert {*await published(world)} == {first, second}
    for notice in (await published(world)).values():
        assert jws.extract_compact(notice.encode()).headers()["kid"] not in (first, second)


async def test_a_program_that_begins_in_that_moment_publishes_nothing_yet(world: World) -> None:
    await lose(world)
    assert (await world.rp.get("/key-notices")).status_code == 503
    world.now += 2 * SECOND
    assert len(await published(world)) == 1


async def test_one_signs_for_all_who_ask_and_who_failed_waits_a_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, broken, real = 0, True, KeyRing.signed

    async def slow(ring: KeyRing, said: Mapping[str, Any], *, typ: str, alg: str) -> str:
        nonlocal tries
        tries += 1
        await asyncio.sleep(0.02)
        if broken:
            raise CannotSign("out of order")
        return await real(ring, said, typ=typ, alg=alg)

    monkeypatch.setattr(KeyRing, "signed", slow)
    await lose(world)
    world.now += 2 * SECOND

    async def asked() -> set[int]:
        answers = await asyncio.gather(*(world.rp.get("/key-notices") for _ in range(8)))
        return {it.status_code for it in answers}

    assert await asked() == await asked() == {503}
    assert tries == 1
    broken = False
    world.now += SECOND
    assert await asked() == {200}
    assert tries == 2


async def test_where_nothing_signs_nothing_is_published(world: World) -> None:
    await lose(world)
    world.now += world.house.parts.custody.policy.reached(120) + DAY
    assert (await world.rp.get("/key-notices")).status_code == 503


async def test_a_service_that_asked_no_more_is_let_go(world: World, desk: Desk) -> None:
    await change(world, "shop", key_notices_uri=desk.url())
    await lose(world)
    await change(world, "shop", key_notices_uri=None)
    await deliver(world)
    assert (desk.paths, await waiting(world)) == ([], [])


async def test_a_disabled_service_is_told_too(world: World, desk: Desk) -> None:
    """It may still believe what it has."""
    await change(world, "shop", key_notices_uri=desk.url())
    await world.house.parts.clients.disable("shop", world.now)
    stopped = await lose(world)
    [told] = [it.told for it in stopped.agencies if it.told]
    assert told == ("shop",)
    world.now += 3 * SECOND
    await deliver(world)
    assert (len(desk.posted), await waiting(world)) == (1, [])


@pytest.mark.parametrize("readable", [True, False], ids=["it could then", "it could not"])
async def test_a_service_that_cannot_be_read_is_told_when_it_can(
    world: World, desk: Desk, *, readable: bool
) -> None:
    """Whether it could be when the key was lost, or not."""
    await change(world, "shop", key_notices_uri=desk.url())
    client = await world.house.parts.clients.find("shop", world.now)
    if readable:
        await lose(world)
    database = world.house.parts.storage.database
    spoil = update(CLIENT).where(CLIENT.c.client_id == "shop").values(metadata_json="{")
    await database.commit(Write(database.prepare(spoil), {}))
    if not readable:
        await lose(world)
    await deliver(world)
    [waits] = await world.house.parts.post.dead_letters.list()
    assert (desk.paths, waits.failure) == ([], "its client cannot be read")

    assert client is not None
    await world.house.parts.clients.apply((), (client,), world.now)
    world.now += HOUR
    await deliver(world)
    assert (len(desk.paths), await waiting(world)) == (1, [])
