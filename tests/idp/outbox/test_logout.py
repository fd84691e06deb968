"""Whoever signs out is signed out at every service. OpenID Connect Back-Channel Logout 1.0."""

from asyncio import gather, to_thread
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jose import jwt
from joserfc import jwe

from idp.background import Broom
from idp.outbox.logout import AT_ONCE
from idp.outbox.worker import LEASE
from idp.sessions.farewell import LOGOUT
from oidc.logout_token import EVENT
from store.micros import DAY, HOUR, MINUTE, SECOND
from store.outbox import Message
from tests.desk import Desk, open_desk
from tests.keys.samples import ec_key, public
from tests.oidc.front import ADA, BAO, Browser, browser, change, exchange, read_token
from tests.ports import free_port
from tests.sample import ISSUER
from tests.world import World, open_world

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


async def told_by(world: World, desk: Desk, *client_ids: str) -> None:
    """These clients want to be told there."""
    for client_id in client_ids:
        url = desk.url(f"/{client_id}")
        await change(world, client_id, backchannel_logout_uri=url)


async def deliver(world: World) -> None:
    postman = world.house.postman
    while not await postman.turn(rung=True):
        await postman.finish()


async def signed_in(world: World, *client_ids: str, who: int = ADA) -> tuple[Browser, list[Any]]:
    """Somebody who went to these clients; and the ID tokens that they got."""
    someone = browser(world)
    await someone.sign_in(who)
    tokens = []
    for client_id in client_ids:
        code = await someone.code(client_id=client_id)
        answer = await exchange(world, code, client_id=client_id)
        tokens.append((await read_token(world, answer.json()["id_token"])).claims)
    return someone, tokens


async def many_ended(world: World, client_id: str, number: int) -> None:
    """As if that many sessions had ended in which somebody went to this client."""
    parts, [account] = world.house.parts, world.rows("SELECT account_id FROM session")
    for name in (f"{number:03}" for number in range(number)):
        body = parts.post.letters.seal(name, {"account_id": account})
        message = Message(message_id=f"{name} {client_id}", kind=LOGOUT, body=body)
        await parts.storage.database.commit(parts.post.outbox.insert(message, world.now))


async def sign_out(someone: Browser) -> None:
    await someone.pages.open("/sign-out")
    await someone.pages.press("logout", "yes")


async def key(world: World, kid: str) -> Any:
    """python-jose would try the keys in turn, and fail at the first of another kind."""
    [found] = [it for it in (await world.rp.get("/jwks")).json()["keys"] if it["kid"] == kid]
    return found


@pytest.mark.protocol(88, 89)
@pytest.mark.parametrize(("client_id", "alg"), [("shop", "ES256"), ("old", "RS256")])
async def test_a_logout_token_says_what_the_id_token_said_and_that_it_is_over(
    world: World, desk: Desk, client_id: str, alg: str
) -> None:
    await told_by(world, desk, client_id)
    ada, [known] = await signed_in(world, client_id)
    await sign_out(ada)
    await deliver(world)

    [form] = desk.got
    assert list(form) == ["logout_token"]
    token = form["logout_token"]
    header = jwt.get_unverified_header(token)
    assert (header["typ"], header["alg"]) == ("logout+jwt", alg)
    said = jwt.decode(
        token,
        await key(world, header["kid"]),
        algorithms=[alg],
        audience=client_id,
        issuer=ISSUER,
        options={"verify_exp": False, "verify_iat": False},
    )
    now = world.now // SECOND
    assert said.pop("jti")
    assert said == {
        "iss": ISSUER,
        "aud": client_id,
        "iat": now,
        "exp": now + 120,
        "sub": known["sub"],
        "sid": known["sid"],
        "events": {EVENT: {}},
    }
    assert world.rows("SELECT count(*) FROM outbox") == [0]


@pytest.mark.protocol(12, 88)
async def test_whoever_wants_id_tokens_encrypted_gets_logout_tokens_so(
    world: World, desk: Desk
) -> None:
    """Section 2.4. Without a key it is tried again, and never sent in clear."""
    await told_by(world, desk, "shop")
    ada, _ = await signed_in(world, "shop")
    key = ec_key("to encrypt")
    wish = {
        "id_token_encrypted_response_alg": "ECDH-ES+A128KW",
        "id_token_encrypted_response_enc": "A128GCM",
    }
    await change(world, "shop", **wish)
    await sign_out(ada)
    await deliver(world)
    assert not desk.got

    await change(world, "shop", jwks=(public(key, use="enc"),))
    world.now += MINUTE
    await deliver(world)
    [form] = desk.got
    inside = jwe.decrypt_compact(form["logout_token"], key, algorithms=[*wish.values()])
    assert inside.plaintext is not None
    said = await read_token(world, inside.plaintext.decode())
    assert (said.header["typ"], said.claims["events"]) == ("logout+jwt", {EVENT: {}})


@pytest.mark.protocol(88)
async def test_every_service_of_the_session_is_told_once_and_no_other(
    world: World, desk: Desk
) -> None:
    await told_by(world, desk, "shop", "bank", "old")
    _, _ = await signed_in(world, "shop", "old", who=BAO)
    ada, [at_shop, at_bank, _] = await signed_in(world, "shop", "bank", "shop")
    await sign_out(ada)
    await deliver(world)

    said = [jwt.get_unverified_claims(form["logout_token"]) for form in desk.got]
    found = sorted((it["aud"], it["sub"], it["sid"]) for it in said)
    assert found == sorted((it["aud"], it["sub"], it["sid"]) for it in (at_shop, at_bank))
    assert sorted(desk.paths) == ["/bank", "/shop"]


async def test_a_service_that_has_no_address_for_it_is_not_told(world: World, desk: Desk) -> None:
    ada, _ = await signed_in(world, "shop")
    await sign_out(ada)
    await deliver(world)
    assert world.rows("SELECT count(*) FROM outbox") == [0]


@pytest.mark.protocol(88)
@pytest.mark.parametrize("way", ["agency", "one", "all"])
async def test_however_a_session_ends_its_services_are_told(
    world: World, desk: Desk, way: str
) -> None:
    await told_by(world, desk, "shop")
    ada, _ = await signed_in(world, "shop")
    sessions, [account] = world.house.parts.sessions, world.rows("SELECT account_id FROM session")
    if way == "agency":
        hint = (await ada.tokens())["id_token"]
        await ada.get("/end-session", id_token_hint=hint)
    elif way == "one":
        [session_id] = world.rows("SELECT session_id FROM session")
        assert await sessions.end_one(session_id, account, world.now)
    else:
        assert await sessions.end_all(account, world.now) == 1
    await deliver(world)
    assert len(desk.got) == 1


@pytest.mark.protocol(88)
async def test_a_service_that_was_down_is_told_when_it_is_back_with_a_token_of_that_moment(
    world: World,
) -> None:
    port = free_port()
    await change(world, "shop", backchannel_logout_uri=f"http://127.0.0.1:{port}/out")
    ada, _ = await signed_in(world, "shop")
    await sign_out(ada)
    for _ in range(6):
        await deliver(world)
        world.now = await world.house.parts.post.outbox.next_due()
    assert world.rows("SELECT attempts FROM outbox") == [6]
    assert world.rows("SELECT failure FROM outbox") == ["ConnectError"]

    with open_desk(port=port) as desk:
        world.now += HOUR
        await deliver(world)
        [form] = desk.got
    said = jwt.get_unverified_claims(form["logout_token"])
    assert said["iat"] == world.now // SECOND
    assert world.rows("SELECT count(*) FROM outbox") == [0]


@pytest.mark.protocol(88)
async def test_who_says_no_is_asked_again_for_a_day_and_in_the_end_is_a_dead_letter(
    world: World, desk: Desk
) -> None:
    await told_by(world, desk, "shop")
    desk.status = 400
    ada, _ = await signed_in(world, "shop")
    await sign_out(ada)
    began = world.now
    letters = world.house.parts.post.dead_letters
    while not (await letters.count()).dead:
        world.now = await world.house.parts.post.outbox.next_due()
        await deliver(world)
    assert DAY < world.now - began < DAY + HOUR

    [dead] = await letters.list()
    assert dead.failure in {"status 400", "left alone for a while"}
    before = len(desk.got)
    world.now += DAY
    await deliver(world)
    assert len(desk.got) == before

    desk.status = 200
    assert await letters.retry(dead.message_id, world.now)
    await deliver(world)
    assert len(desk.got) == before + 1
    assert world.rows("SELECT count(*) FROM outbox") == [0]


async def test_a_session_that_began_weeks_ago_still_knows_its_services(
    world: World, desk: Desk
) -> None:
    await told_by(world, desk, "shop")
    ada, _ = await signed_in(world, "shop")
    world.now += 29 * DAY
    await Broom(world.house.parts.storage, lambda: world.now).turn()
    await sign_out(ada)
    await deliver(world)
    assert len(desk.got) == 1


async def test_a_session_that_was_prolonged_again_and_again_still_knows_them(
    world: World, desk: Desk
) -> None:
    await told_by(world, desk, "shop")
    ada, _ = await signed_in(world, "shop")
    for _ in range(3):
        world.now += 20 * DAY
        await ada.sign_in(ADA)
        await Broom(world.house.parts.storage, lambda: world.now).turn()
    assert world.rows("SELECT count(*) FROM session") == [1]
    await sign_out(ada)
    await deliver(world)
    assert len(desk.got) == 1

    world.now += 32 * DAY
    await Broom(world.house.parts.storage, lambda: world.now).turn()
    assert world.rows('SELECT count(*) FROM "grant"') == [0], "nobody has to be told any more"


async def test_what_lies_in_the_outbox_does_not_say_about_whom(world: World, desk: Desk) -> None:
    await told_by(world, desk, "shop")
    ada, [known] = await signed_in(world, "shop")
    [account] = world.rows("SELECT account_id FROM session")
    await sign_out(ada)
    [body] = world.rows("SELECT body FROM outbox")
    assert account.encode() not in body
    assert known["sub"].encode() not in body


async def test_two_processes_tell_a_service_once_each(
    world: World, desk: Desk, tmp_path: Path
) -> None:
    await told_by(world, desk, "shop")
    for _ in range(5):
        ada, _ = await signed_in(world, "shop")
        await sign_out(ada)
    async with open_world(tmp_path, fresh=False) as other:
        other.now = world.now
        await gather(*(deliver(each) for each in (world, other)))
    assert len(desk.got) == 5


async def test_of_two_processes_one_sends_what_fell_due_by_itself(
    world: World, desk: Desk, tmp_path: Path
) -> None:
    await told_by(world, desk, "shop")
    async with open_world(tmp_path, fresh=False) as other:
        other.now = world.now
        for each in (world, other):
            ada, _ = await signed_in(world, "shop")
            await sign_out(ada)
            pause = await each.house.postman.turn(rung=False)
            await each.house.postman.finish()
            assert bool(pause) == (each is other), "another has the lease"
        other.now += LEASE
        assert await other.house.postman.turn(rung=False) == 0
        await other.house.postman.finish()
    assert len(desk.got) == 2


@pytest.mark.protocol(88)
async def test_a_slow_service_holds_up_no_other(world: World, desk: Desk) -> None:
    with open_desk(slow=True) as slow:
        await told_by(world, slow, "bank")
        await told_by(world, desk, "shop")
        ada, _ = await signed_in(world, "shop")
        await many_ended(world, "bank", AT_ONCE + 3)
        await sign_out(ada)
        while not await world.house.postman.turn(rung=True):
            pass
        assert await to_thread(desk.heard.wait, 10)
        assert len(slow.got) <= AT_ONCE
        slow.open.set()
        await world.house.postman.finish()
    assert world.rows("SELECT failure FROM outbox") == ["left alone for a while"] * 3


async def test_a_service_that_cannot_be_read_is_told_when_it_can(world: World, desk: Desk) -> None:
    await told_by(world, desk, "shop")
    ada, _ = await signed_in(world, "shop")
    await sign_out(ada)
    [text] = world.rows("SELECT metadata_json FROM client WHERE client_id = 'shop'")
    spoil = "UPDATE client SET metadata_json = ? WHERE client_id = 'shop'"
    world.sql.execute(spoil, ("{",))
    await deliver(world)
    assert world.rows("SELECT failure FROM outbox") == ["its client cannot be read"]

    world.sql.execute(spoil, (text,))
    world.now += HOUR
    await deliver(world)
    assert len(desk.got) == 1


async def test_a_message_that_nobody_can_send_stops_no_other(world: World, desk: Desk) -> None:
    await told_by(world, desk, "shop")
    parts = world.house.parts
    for kind in ("unheard of", "logout", "notice"):
        odd = Message(message_id=f"{kind} shop", kind=kind, body=b"not sealed")
        await parts.storage.database.commit(parts.post.outbox.insert(odd, world.now))
    ada, _ = await signed_in(world, "shop")
    await sign_out(ada)
    await deliver(world)
    assert len(desk.got) == 1
    failures = world.rows("SELECT failure FROM outbox ORDER BY kind")
    assert failures == ["Unsealable", "Unsealable", "KeyError"]
