"""The page of passkeys, through the front door. WebAuthn Level 3 section 7.1."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from idp.authentication.failures import MOST as MOST_FAILURES
from idp.authentication.passkeys import PasskeyRefused
from idp.authentication.passkeys.enrol import MOST, Offered
from oidc.endpoints.cookies import BROWSER
from store.micros import MINUTE
from tests.browser import Browser
from tests.idp.pages.front import ENGLISH, at_home, enter, token_for
from tests.idp.pages.keyring import (
    PASSKEYS,
    add,
    enter_by_passkey,
    offer,
    options,
    prove_again,
    with_passkey,
)
from tests.sample import ADA, BAO
from tests.soft_passkey import BS, UP, UV, Authenticator, Lie, b64, cose, unb64
from tests.world import World

pytestmark = pytest.mark.anyio

P384 = ec.generate_private_key(ec.SECP384R1())
SHORT_RSA = rsa.generate_private_key(public_exponent=65537, key_size=1024)
GOOD = dict(cose(ec.generate_private_key(ec.SECP256R1())))


def stored(world: World) -> list[Any]:
    return world.rows("SELECT name FROM passkey ORDER BY created_at")


def kinds(world: World) -> list[str]:
    return [event["type"] for event in world.events()]


def refusal(world: World) -> str:
    return world.watch.refused[-1].detail


async def test_several_can_be_added_and_each_is_told_in_plain_words(world: World) -> None:
    browser, phone = await at_home(world), Authenticator()
    await add(browser, phone, name="my phone")
    await prove_again(browser, phone)
    page = await add(browser, Authenticator(flags=UP | UV), name=" the  <key> ")

    assert stored(world) == ["my phone", "the <key>"]
    assert "On all your devices" in page.text
    assert "On one device only" in page.text
    assert "the &lt;key&gt;" in page.text
    assert "not used yet" in page.text
    assert kinds(world).count("PasskeyAdded") == 2


async def test_who_was_signed_in_hears_of_it(world: World) -> None:
    browser = await at_home(world)
    before = len(world.rows("SELECT 1 FROM outbox WHERE kind = 'notice'"))

    await add(browser, Authenticator())

    assert len(world.rows("SELECT 1 FROM outbox WHERE kind = 'notice'")) == before + 1


async def test_without_a_name_it_is_called_after_the_browser(world: World) -> None:
    browser = await at_home(world)
    browser.http.headers.update({"user-agent": "Firefox/140.0 Linux"})
    await add(browser, Authenticator(), name=" ")
    assert stored(world) == ["Firefox, Linux"]


async def test_the_page_says_when_it_was_last_used(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    browser = await enter_by_passkey(world, device)

    page = await browser.open(PASSKEYS, ENGLISH)

    assert "last used 1 January 2030, 19:00" in page.text.replace(" Jan ", " January ")


async def test_the_options_ask_for_a_verified_user_and_name_what_is_known(world: World) -> None:
    device = Authenticator()
    browser = await with_passkey(world, device)
    await prove_again(browser, device)

    asked = json.loads(options(browser))

    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["attestation"] == "none"
    assert [it["alg"] for it in asked["pubKeyCredParams"]] == [-7, -8, -257]
    [known] = asked["excludeCredentials"]
    assert known == {
        "id": b64(device.credential_id),
        "type": "public-key",
        "transports": ["hybrid", "internal"],
    }


async def test_an_account_is_known_to_devices_by_a_name_that_tells_nothing(world: World) -> None:
    ada, again, bao = [await at_home(world, person) for person in (ADA, ADA, BAO)]
    handles = []
    for browser in (ada, again, bao):
        await browser.open(PASSKEYS)
        user = json.loads(options(browser))["user"]
        assert len(unb64(user["id"])) == 32
        assert user["name"] in {"Một Cửa ···018", "Một Cửa ···026"}
        handles.append(user["id"])

    assert handles[0] == handles[1] != handles[2]
    accounts = world.rows("SELECT account_id FROM account")
    assert not {handles[0], handles[2]} & {*accounts}


LIES = [
    ("W-01", Lie(type="webauthn.get"), "type"),
    ("W-02", Lie(challenge=b64(bytes(32))), "challenge"),
    ("W-03", Lie(origin="https://evil.example"), "origin"),
    ("W-04", Lie(members={"crossOrigin": True}), "cross-origin"),
    ("W-04", Lie(members={"topOrigin": "https://evil.example"}), "cross-origin"),
    ("W-05", Lie(rp_id="evil.example"), "rp id"),
    ("W-06", Lie(flags=UV), "presence"),
    ("W-06", Lie(flags=UP), "verification"),
    ("W-07", Lie(flags=UP | UV | BS), "backup"),
    ("W-08", Lie(cose={**cose(P384), 3: -35, -1: 2}), "algorithm"),
    ("W-08", Lie(cose={**cose(P384), -1: 2}), "key"),
    ("W-08", Lie(cose={**GOOD, 3: -37}), "algorithm"),
    ("W-08", Lie(cose={**GOOD, 3: -8}), "key"),
    ("W-08", Lie(cose={**GOOD, -3: bytes(32)}), "malformed"),
    ("W-08", Lie(cose={**GOOD, -2: b""}), "malformed"),
    ("W-08", Lie(cose={**GOOD, 1: 9}), "malformed"),
    ("W-08", Lie(cose=cose(SHORT_RSA)), "key"),
    ("W-09", Lie(statement=("none", {"sig": b"x"})), "malformed"),
    ("W-09", Lie(statement=("packed", {"alg": -7, "sig": b"x"})), "malformed"),
    ("W-09", Lie(statement=("packed", {"alg": -7, "sig": b"x", "x5c": [b"x"]})), "attestation"),
    ("W-09", Lie(statement=("fido-u2f", {"sig": b"x", "x5c": [b"x"]})), "attestation"),
    ("W-09", Lie(statement=("tpm", {})), "attestation"),
    ("W-09", Lie(statement=("unheard of", {})), "attestation"),
    ("W-10", Lie(credential_id=bytes(1024)), "credential id"),
    ("W-10", Lie(credential_id=b""), "credential id"),
    ("W-14", Lie(attestation=lambda good: good + b"\0"), "cbor"),
    ("W-14", Lie(attestation=lambda good: good[:-1]), "cbor"),
    ("W-14", Lie(attestation=lambda good: b""), "cbor"),
    ("W-14", Lie(attestation=lambda good: b"\xbf" + good[1:] + b"\xff"), "cbor"),
    ("W-14", Lie(attestation=lambda good: b"\x81" * 3000 + b"\0"), "cbor"),
    ("W-14", Lie(attestation=lambda good: b"\x5b" + b"\xff" * 8), "cbor"),
    ("W-14", Lie(attestation=lambda good: b"\xa2\x61a\1\x61a\2"), "cbor"),
    ("W-14", Lie(attestation=lambda good: b"\x18\1"), "cbor"),
    ("W-14", Lie(attestation=lambda good: cbor2.dumps([])), "attestation"),
    (
        "W-14",
        Lie(attestation=lambda good: cbor2.dumps({"fmt": "none", "attStmt": {}})),
        "malformed",
    ),
    ("W-14", Lie(attestation=lambda good: bytes(20_000)), "too long"),
    ("W-14", Lie(authenticator_data=lambda good: good + b"\0"), "malformed"),
    ("W-14", Lie(authenticator_data=lambda good: good[:60]), "malformed"),
    ("W-14", Lie(authenticator_data=lambda good: good[:37]), "malformed"),
    ("W-14", Lie(cose=dict(reversed(GOOD.items()))), "cbor"),
    ("W-14", Lie(client_data=lambda good: good.replace(b"{", b'{"type":"x",')), "json"),
]


@pytest.mark.parametrize(("rule", "lie", "why"), LIES)
async def test_a_lie_is_refused_and_nothing_is_stored(
    world: World, rule: str, lie: Lie, why: str
) -> None:
    browser = await at_home(world)

    page = await add(browser, Authenticator(), lie)

    assert (page.status_code, refusal(world)) == (400, why)
    assert 'data-error="passkey_not_added"' in page.text
    assert stored(world) == []
    assert "PasskeyAdded" not in kinds(world)
    await add(browser, Authenticator())
    assert stored(world) == ["my phone"], "and an honest one is added"


async def test_w09_what_a_device_says_of_itself_is_verified(world: World) -> None:
    device, browser = Authenticator(), await at_home(world)
    await browser.open(PASSKEYS)

    await offer(browser, device.register_packed(options(browser)))

    assert stored(world) == ["my phone"]


async def test_w02_a_challenge_is_good_once_and_for_five_minutes(world: World) -> None:
    browser = await at_home(world)
    await browser.open(PASSKEYS)
    asked, form = options(browser), browser.form(button="action", value="add")

    async def send(device: Authenticator, lie: Lie) -> int:
        credential = device.register(asked, lie)
        sent = {**form.values, "credential": credential, "action": "add"}
        return (await browser.send(form.action, [*sent.items()])).status_code

    assert await send(Authenticator(), Lie(rp_id="x")) == 400
    assert (await send(Authenticator(), Lie()), refusal(world)) == (400, "challenge")

    await browser.open(PASSKEYS)
    asked = options(browser)
    world.sql.execute("UPDATE session SET auth_time = auth_time + ?", (5 * MINUTE,))
    world.now += 5 * MINUTE
    assert (await send(Authenticator(), Lie()), refusal(world)) == (400, "expired")
    assert stored(world) == []


async def test_w02_a_challenge_for_somebody_else_is_none(world: World) -> None:
    ada, bao = await at_home(world), await at_home(world, BAO)
    await ada.open(PASSKEYS)
    await bao.open(PASSKEYS)

    page = await offer(ada, Authenticator().register(options(bao)))

    assert (page.status_code, refusal(world), stored(world)) == (400, "challenge", [])


@pytest.mark.parametrize("person", [ADA, BAO], ids=["one's own", "somebody else's"])
async def test_w10_a_credential_is_registered_once_whoever_comes(world: World, person: Any) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    other = await at_home(world, person)
    if person is ADA:
        await prove_again(other, device)

    page = await add(other, Authenticator(credential_id=device.credential_id))

    assert (page.status_code, refusal(world)) == (400, "known already")
    assert len(stored(world)) == 1


async def test_the_same_answer_sent_ten_times_at_once_adds_one(world: World) -> None:
    browser = await at_home(world)
    await browser.open(PASSKEYS)
    said = {"credential": Authenticator().register(options(browser)), "action": "add"}
    tokens = [token_for(world, browser, PASSKEYS) for _ in range(10)]

    answers = await asyncio.gather(
        *(browser.http.post(PASSKEYS, data={**said, "csrf": it}) for it in tokens)
    )

    assert sorted(it.status_code for it in answers) == [303, *[400] * 9]
    assert len(stored(world)) == 1


async def test_w15_after_five_minutes_one_signs_in_again_before_adding(world: World) -> None:
    browser = await at_home(world)
    await browser.open(PASSKEYS)
    credential = Authenticator().register(options(browser))
    world.now += 5 * MINUTE + 1

    page = await offer(browser, credential)

    assert browser.here.endswith("/sign-in?again=%2Faccount%2Fpasskeys")
    assert stored(world) == []
    page = await browser.open(PASSKEYS)
    assert "data-options" not in page.text
    assert "script" not in page.headers["content-security-policy"]
    await browser.open("/sign-in?again=%2Faccount%2Fpasskeys")
    await enter(browser)
    assert browser.here.endswith(PASSKEYS)
    assert options(browser)


async def test_w15_who_has_a_passkey_proves_it_before_adding_another(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    browser = await at_home(world)

    page = await browser.open(PASSKEYS)
    assert "data-options" not in page.text, "the password alone is not the best there is"

    await prove_again(browser, device)
    await add(browser, Authenticator(), name="second")
    assert stored(world) == ["my phone", "second"]


async def test_a_passkey_is_renamed_by_its_owner_alone(world: World) -> None:
    device = Authenticator()
    ada, bao = await with_passkey(world, device), await at_home(world, BAO)
    await ada.press("action", "rename", name="  old\tphone " + "x" * 100)
    assert stored(world) == [("old phone " + "x" * 100)[:60]]
    form = ada.form(button="action", value="rename")

    await ada.press("action", "rename", name=" ")
    await bao.open(PASSKEYS)
    sent = {**bao.form(button="action", value="add").values, "passkey": form.values["passkey"]}
    await bao.send(PASSKEYS, [*{**sent, "name": "mine now", "action": "rename"}.items()])

    assert bao.page.status_code == 200
    assert stored(world) == [("old phone " + "x" * 100)[:60]]


async def remove(browser: Browser, passkey_id: str) -> None:
    await browser.open(f"{PASSKEYS}/remove?passkey={passkey_id}")
    await browser.press("remove", "yes")


async def test_a_removed_passkey_opens_nothing_and_its_owner_hears_of_it(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    browser = await enter_by_passkey(world, device)
    browser.http.headers.update(ENGLISH)
    [passkey_id] = world.rows("SELECT passkey_id FROM passkey")
    before = len(world.rows("SELECT 1 FROM outbox WHERE kind = 'notice'"))

    await remove(browser, passkey_id)

    assert "The passkey was removed" in browser.page.text
    assert (stored(world), kinds(world)[-1]) == ([], "PasskeyRemoved")
    assert len(world.rows("SELECT 1 FROM outbox WHERE kind = 'notice'")) == before + 1
    assert (await enter_by_passkey(world, device)).page.status_code == 400


async def test_whom_a_passkey_let_in_elsewhere_goes_with_it(world: World) -> None:
    device = Authenticator()
    by_password = await with_passkey(world, device)
    elsewhere = await enter_by_passkey(world, device)
    browser = await enter_by_passkey(world, device)
    browser.http.headers.update(ENGLISH)
    [passkey_id] = world.rows("SELECT passkey_id FROM passkey")

    await browser.open(f"{PASSKEYS}/remove?passkey={passkey_id}")
    assert "where you signed in with it, you are signed out" in browser.page.text
    await browser.press("remove", "yes")

    for who, there in ((browser, True), (by_password, True), (elsewhere, False)):
        page = await who.open("/account")
        assert (page.url.path == "/account") is there
    assert "a passkey was removed" in [event.get("reason") for event in world.events()]


async def test_whom_another_passkey_let_in_stays(world: World) -> None:
    lost, other = Authenticator(), Authenticator()
    await with_passkey(world, lost)
    [lost_id] = world.rows("SELECT passkey_id FROM passkey")
    by_lost = await enter_by_passkey(world, lost)
    browser = await enter_by_passkey(world, lost)
    browser.http.headers.update(ENGLISH)
    await add(browser, other)
    by_other = await enter_by_passkey(world, other)
    first_by_lost = await enter_by_passkey(world, lost)
    first_by_lost.http.headers.update(ENGLISH)
    await prove_again(first_by_lost, other)

    await remove(browser, lost_id)

    for who, there in ((browser, True), (by_other, True), (first_by_lost, True), (by_lost, False)):
        page = await who.open("/account")
        assert (page.url.path == "/account") is there


async def test_who_came_by_nobody_knows_which_passkey_goes_with_any(world: World) -> None:
    """As all of those did that the version before let in."""
    device = Authenticator()
    await with_passkey(world, device)
    elsewhere = await enter_by_passkey(world, device)
    world.sql.execute("UPDATE session SET passkey_id = NULL")
    browser = await enter_by_passkey(world, device)
    [passkey_id] = world.rows("SELECT passkey_id FROM passkey")
    await remove(browser, passkey_id)
    assert (await elsewhere.open("/account")).url.path != "/account"


async def test_nothing_changes_by_a_session_that_ended_in_that_moment(world: World) -> None:
    """Between the look and the commit."""
    device = Authenticator()
    browser = await with_passkey(world, device)
    [passkey] = await world.house.site.passkeys.kept.of_account(account(world))
    secret = browser.http.cookies.get(BROWSER)
    session = await world.house.site.sessions.current(secret, world.now)
    assert session is not None
    await browser.open(PASSKEYS)
    await prove_again(browser, device)
    asked = options(browser)
    secret = browser.http.cookies.get(BROWSER) or ""
    await world.house.site.sessions.end_all(session.account_id, world.now)

    enrol = world.house.site.passkeys.enrol
    assert not await enrol.remove(passkey, session, world.now)
    offered = Offered(Authenticator().register(asked), secret, "x")
    with pytest.raises(PasskeyRefused, match="signed out"):
        await enrol.add(session, offered, world.now)

    assert len(stored(world)) == 1


def account(world: World) -> str:
    [found] = set(world.rows("SELECT account_id FROM passkey"))
    return str(found)


async def test_removing_asks_for_the_best_there_is(world: World) -> None:
    device = Authenticator()
    stale = await with_passkey(world, device)
    [passkey_id] = world.rows("SELECT passkey_id FROM passkey")
    token = token_for(world, stale, f"{PASSKEYS}/remove")

    await stale.open(f"{PASSKEYS}/remove?passkey={passkey_id}")
    assert "/sign-in?again=" in stale.here
    await stale.send(
        f"{PASSKEYS}/remove", [("csrf", token), ("passkey", passkey_id), ("remove", "yes")]
    )

    assert "/sign-in?again=" in stale.here
    assert len(stored(world)) == 1


async def test_somebody_elses_passkey_is_not_there(world: World) -> None:
    await with_passkey(world, Authenticator())
    [passkey_id] = world.rows("SELECT passkey_id FROM passkey")
    bao = await at_home(world, BAO)
    await bao.open(PASSKEYS)
    token = token_for(world, bao, f"{PASSKEYS}/remove")

    await bao.open(f"{PASSKEYS}/remove?passkey={passkey_id}")
    assert bao.here.endswith(PASSKEYS)
    await bao.send(f"{PASSKEYS}/remove", [("csrf", token), ("passkey", passkey_id)])

    assert len(stored(world)) == 1


async def test_a_password_that_is_off_is_no_other_way_in(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    browser = await enter_by_passkey(world, device)
    browser.http.headers.update(ENGLISH)
    [passkey_id] = world.rows("SELECT passkey_id FROM passkey")
    digest = world.house.parts.accounts.number_digest(ADA.identifier)
    world.sql.execute("INSERT INTO sign_in_failure VALUES (?, ?, 0)", (digest, MOST_FAILURES))

    await remove(browser, passkey_id)
    assert "your only way into this account" in browser.page.text
    assert len(stored(world)) == 1

    world.sql.execute("UPDATE sign_in_failure SET failures = failures - 1")
    await remove(browser, passkey_id)
    assert stored(world) == []


async def test_the_last_way_in_stays_also_when_two_are_removed_at_once(world: World) -> None:
    first, second = Authenticator(), Authenticator()
    await with_passkey(world, first)
    browser = await enter_by_passkey(world, first)
    browser.http.headers.update(ENGLISH)
    await add(browser, second, name="second")
    world.sql.execute("DELETE FROM password")
    ids = world.rows("SELECT passkey_id FROM passkey")
    forms = []
    for passkey_id in ids:
        await browser.open(f"{PASSKEYS}/remove?passkey={passkey_id}")
        forms.append(browser.form(button="remove").values)

    await asyncio.gather(
        *(browser.http.post(f"{PASSKEYS}/remove", data={**it, "remove": "yes"}) for it in forms)
    )

    assert len(stored(world)) == 1
    [last] = world.rows("SELECT passkey_id FROM passkey")
    await remove(browser, last)
    assert "your only way into this account" in browser.page.text
    assert len(stored(world)) == 1


async def test_an_account_has_at_most_so_many(world: World) -> None:
    browser = await at_home(world)
    await browser.open(PASSKEYS)
    asked = [options(browser)]
    for _ in range(2):
        await browser.open(PASSKEYS)
        asked.append(options(browser))
    await offer(browser, Authenticator().register(asked[0]))
    world.sql.execute("UPDATE session SET amr = 'pop user mfa'")
    for number in range(MOST - 1):
        world.sql.execute(
            "INSERT INTO passkey SELECT passkey_id || ?, credential_id || ?, account_id, "
            "public_key, sign_count, name, syncable, synced, transports, aaguid, created_at, "
            "used_at FROM passkey LIMIT 1",
            (number, number),
        )

    await browser.open("/account")
    sent = {"csrf": "", "credential": Authenticator().register(asked[1]), "action": "add"}
    await browser.open(PASSKEYS)
    assert "as many as an account can have" in browser.page.text
    sent["csrf"] = browser.form(button="action", value="rename").values["csrf"]
    page = await browser.send(PASSKEYS, [*sent.items()])

    assert (page.status_code, refusal(world)) == (400, "too many")
    assert len(stored(world)) == MOST


@pytest.mark.parametrize("path", [PASSKEYS, f"{PASSKEYS}/remove?passkey=x"])
async def test_nobody_is_nobody(world: World, path: str) -> None:
    browser = world.browser()
    await browser.open(path)
    assert urlsplit(browser.here).path == "/sign-in"


@pytest.mark.parametrize("path", [PASSKEYS, f"{PASSKEYS}/remove"])
async def test_who_signed_out_meanwhile_changes_nothing(world: World, path: str) -> None:
    browser = await with_passkey(world, Authenticator())
    token = token_for(world, browser, path)
    world.sql.execute("UPDATE session SET ended_at = 1")

    await browser.send(path, [("csrf", token), ("passkey", "x"), ("action", "rename")])

    assert browser.here.endswith("/sign-in")


@pytest.mark.parametrize("path", [PASSKEYS, f"{PASSKEYS}/remove"])
async def test_a_form_of_another_site_changes_nothing(world: World, path: str) -> None:
    browser = await with_passkey(world, Authenticator())
    page = await browser.send(path, [("csrf", "x"), ("passkey", "x"), ("action", "rename")])
    assert page.status_code == 403


async def test_an_unknown_action_is_refused(world: World) -> None:
    browser = await with_passkey(world, Authenticator())
    page = await browser.press("action", "rename", name="x", action="burn")
    assert page.status_code == 400
