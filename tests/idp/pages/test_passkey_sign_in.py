"""Signing in by passkey, through the front door. WebAuthn Level 3 section 7.2."""

import asyncio
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from idp.authentication.enrol import Enrolment
from ledger.kinds import StrangerRefused
from oidc.endpoints.cookies import FLOW
from store.micros import MINUTE, SECOND
from tests.browser import Browser
from tests.idp.pages.front import ENGLISH, address, at_home, at_the_door, enter, token_for
from tests.idp.pages.keyring import (
    PASSKEYS,
    add,
    enter_by_passkey,
    options,
    reasons,
    use,
    with_passkey,
)
from tests.sample import ADA, BAO
from tests.soft_passkey import BE, BS, UP, UV, Authenticator, Lie, b64, unb64
from tests.world import World

pytestmark = pytest.mark.anyio

HOUR = 60 * MINUTE
OF_NOBODY = {"unknown", "user handle"}


def sessions(world: World) -> int:
    [number] = world.rows("SELECT count(*) FROM session")
    return int(number)


def kept(world: World) -> list[tuple[object, ...]]:
    return list(world.sql.execute("SELECT sign_count, synced, used_at FROM passkey"))


def shown(browser: Browser) -> str:
    """The page, without what is random in each: its form's token and its challenge."""
    plain = re.sub(r'(name="csrf" value|data-options)="[^"]+"', "", browser.page.text)
    return re.sub(r'nonce[-=]"?[^"\' ]+', "", plain)


def raised(world: World, level: int = 2) -> None:
    """How surely we know who Ada is."""
    world.sql.execute("UPDATE account SET level = ?", (level,))


@pytest.mark.parametrize(("level", "acr"), [(1, "urn:nid:acr:1"), (2, "urn:nid:acr:2")])
async def test_a_passkey_leads_in_at_the_lower_level_of_account_and_passkey(
    world: World, level: int, acr: str
) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    raised(world, level)

    browser = await enter_by_passkey(world, device)

    assert browser.here.endswith("/account")
    last = world.events()[-1]
    assert (last["type"], last["acr"], last["amr"]) == ("SignedIn", acr, ["pop", "user", "mfa"])


@pytest.mark.parametrize(
    "key",
    [
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
    ],
    ids=["Ed25519", "RS256"],
)
async def test_every_algorithm_that_is_offered_works(
    world: World, key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
) -> None:
    device = Authenticator(key=key)
    await with_passkey(world, device)
    browser = await enter_by_passkey(world, device)
    assert browser.here.endswith("/account")


async def test_on_an_errand_it_leads_on_with_a_new_secret(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    browser = await at_the_door(world)

    await enter_by_passkey(world, device, browser=browser)

    assert browser.here.startswith("https://id.example/decide?i="), browser.page.text


async def test_the_options_name_nobody_and_ask_for_the_user(world: World) -> None:
    browser = world.browser()
    await browser.open("/sign-in", ENGLISH)

    asked = json.loads(options(browser))

    assert asked["userVerification"] == "required"
    assert (asked["rpId"], asked["allowCredentials"]) == ("id.example", [])
    assert len(unb64(asked["challenge"])) == 32


@pytest.mark.parametrize(
    ("rule", "lie", "why"),
    [
        ("W-01", Lie(type="webauthn.create"), "type"),
        ("W-01", Lie(type="payment.get"), "type"),
        ("W-02", Lie(challenge=b64(bytes(32))), "challenge"),
        ("W-02", Lie(challenge=""), "challenge"),
        ("W-03", Lie(origin="https://id.example.evil.example"), "origin"),
        ("W-03", Lie(origin="http://id.example"), "origin"),
        ("W-03", Lie(origin="https://id.example:444"), "origin"),
        ("W-04", Lie(members={"crossOrigin": True}), "cross-origin"),
        ("W-04", Lie(members={"crossOrigin": "false"}), "cross-origin"),
        ("W-04", Lie(members={"topOrigin": "https://id.example"}), "cross-origin"),
        ("W-05", Lie(rp_id="example"), "rp id"),
        ("W-06", Lie(flags=UV | BE | BS), "presence"),
        ("W-06", Lie(flags=UP | BE | BS), "verification"),
        ("W-07", Lie(flags=UP | UV | BS), "backup"),
        ("W-07", Lie(flags=UP | UV), "backup"),
        ("W-11", Lie(credential_id=bytes(32)), "unknown"),
        ("W-11", Lie(user_handle=b64(bytes(32))), "user handle"),
        ("W-11", Lie(user_handle=""), "user handle"),
        ("W-12", Lie(signature=lambda good: good[:-1] + bytes([good[-1] ^ 1])), "signature"),
        ("W-12", Lie(signature=lambda good: b""), "signature"),
        ("W-14", Lie(client_data=lambda good: good.replace(b"{", b'{"type":"x",')), "json"),
        ("W-14", Lie(client_data=lambda good: good + b" {}"), "json"),
        ("W-14", Lie(client_data=lambda good: good.decode().encode("utf-16")), "client data"),
        ("W-14", Lie(client_data=lambda good: b"\xef\xbb\xbf" + good), "json"),
        ("W-14", Lie(client_data=lambda good: b"[" * 5000), "json"),
        ("W-14", Lie(client_data=lambda good: b"[]"), "json"),
        ("W-14", Lie(authenticator_data=lambda good: good + b"\0"), "malformed"),
        ("W-14", Lie(authenticator_data=lambda good: good[:36]), "malformed"),
        ("W-14", Lie(authenticator_data=lambda good: good[:32] + b"\xc5" + good[33:]), "malformed"),
    ],
)
async def test_a_lie_is_refused_and_changes_nothing(
    world: World, rule: str, lie: Lie, why: str
) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    before = (sessions(world), kept(world))
    events = len(world.events())

    browser = await enter_by_passkey(world, device, lie)

    grown = len(world.events()) - events
    assert grown == (why not in OF_NOBODY), "an attack on a passkey that we know is kept, no other"
    assert (browser.page.status_code, reasons(world)) == (400, [f"passkey: {why}"])
    assert 'data-error="passkey_refused"' in browser.page.text
    assert "use another passkey or your password" in browser.page.text
    assert (sessions(world), kept(world)) == before
    assert "evil" not in browser.page.text
    await enter_by_passkey(world, device, browser=browser)
    assert browser.here.endswith("/account"), "and the honest answer still leads in"


@pytest.mark.parametrize(
    "credential",
    [
        "{",
        "null",
        "[]",
        "{}",
        '{"id":"AAAA","type":"public-key","response":7}',
        '{"id":"AAAA","type":"password","response":{}}',
        '{"id":7,"type":"public-key","response":{"clientDataJSON":"e30"}}',
        '{"id":"","type":"public-key","response":{"clientDataJSON":"e30"}}',
        '{"id":"AAAA","type":"public-key","response":{}}',
        '{"id":"AAAA","type":"public-key","response":{"clientDataJSON":"e30"}}',
        '{"id":"AAAA","type":"public-key","response":{"clientDataJSON":"e30="}}',
        '{"id":"AAAA","type":"public-key","response":{"clientDataJSON":"e3 0"}}',
        '{"id":"AAAA","type":"public-key","response":{"clientDataJSON":"e"}}',
        '{"id":"AAB","type":"public-key","response":{"clientDataJSON":"e30"}}',
        '{"id":"' + "A" * 1400 + '","type":"public-key","response":{"clientDataJSON":"e30"}}',
        '{"id":"AAAA","id":"AAAB","type":"public-key","response":{"clientDataJSON":"e30"}}',
        '{"id":"AAAA","type":"public-key","response":{"clientDataJSON":"\\ud800"}}',
        "9" * 5000,
        "[" * 9000,
        " " * 20_000,
    ],
)
async def test_w14_what_is_no_answer_is_refused(world: World, credential: str) -> None:
    browser = world.browser()
    await browser.open("/sign-in", ENGLISH)

    page = await use(browser, credential)

    assert page.status_code == 400
    assert 'data-error="passkey_refused"' in page.text
    assert len(reasons(world)) == 1
    assert (sessions(world), world.events()) == (0, [])


@pytest.mark.parametrize(
    "lie",
    [
        Lie(challenge=b64(bytes(32))),
        Lie(members={"crossOrigin": True}),
        Lie(client_data=lambda good: b""),
    ],
)
@pytest.mark.parametrize("named", ["credential_id", "user_handle"])
async def test_what_a_stranger_says_is_refused_alike_and_never_kept(
    world: World, lie: Lie, named: str
) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    known = await enter_by_passkey(world, device, lie)
    unknown: dict[str, Any] = {"credential_id": bytes(32), "user_handle": b64(bytes(32))}
    events = world.events()

    stranger = await enter_by_passkey(world, device, replace(lie, **{named: unknown[named]}))

    assert isinstance(world.watch.seen[-1], StrangerRefused)
    assert world.events() == events
    assert stranger.page.status_code == known.page.status_code == 400
    assert 'data-error="passkey_refused"' in stranger.page.text
    assert shown(stranger) == shown(known)


async def test_w02_a_stranger_s_answer_spends_the_challenge_too(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    browser = world.browser()
    await browser.open("/sign-in", ENGLISH)
    asked = options(browser)

    await use(browser, device.sign_in(asked, Lie(credential_id=bytes(32))))
    await use(browser, device.sign_in(asked))

    assert reasons(world) == ["passkey: unknown", "passkey: challenge"]


async def test_w02_a_challenge_is_good_once_also_when_the_answer_was_wrong(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    browser = world.browser()
    await browser.open("/sign-in", ENGLISH)
    asked, form = options(browser), browser.form(button="action", value="passkey")

    for lie, why in ((Lie(rp_id="x"), "rp id"), (Lie(), "challenge")):
        sent = {**form.values, "credential": device.sign_in(asked, lie), "action": "passkey"}
        page = await browser.send(form.action, [*sent.items()])
        assert page.status_code == 400
        assert reasons(world)[-1] == f"passkey: {why}"


async def test_w02_a_challenge_is_good_for_five_minutes(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    for wait, status in ((5 * MINUTE - 1, 200), (5 * MINUTE, 400)):
        browser = world.browser()
        await browser.open("/sign-in", ENGLISH)
        world.now += wait
        await enter_by_passkey(world, device, browser=browser)
        assert browser.page.status_code == status
    assert 'data-error="passkey_expired"' in browser.page.text
    assert reasons(world) == ["passkey: expired"]
    assert world.events()[-1]["reason"] == "passkey: expired"


async def test_w02_a_challenge_of_another_browser_or_purpose_is_none(world: World) -> None:
    device, theirs = Authenticator(), world.browser()
    await theirs.open("/sign-in", ENGLISH)
    mine = await at_home(world)
    await mine.open("/account/passkeys")
    for_adding = json.dumps({**json.loads(options(mine)), "rpId": "id.example"})
    await add(mine, device)
    await mine.open("/sign-in", ENGLISH)

    for asked in (options(theirs), for_adding):
        await use(mine, device.sign_in(asked))
        assert reasons(world)[-1] == world.events()[-1]["reason"] == "passkey: challenge"
    assert mine.page.status_code == 400


async def test_the_same_answer_sent_ten_times_at_once_starts_one_session(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    browser = world.browser()
    await browser.open("/sign-in", ENGLISH)
    form = browser.form(button="action", value="passkey")
    answer = device.sign_in(options(browser))
    said = {"credential": answer, "action": "passkey"}
    tokens = [token_for(world, browser, "/sign-in", FLOW) for _ in range(10)]
    before = sessions(world)

    answers = await asyncio.gather(
        *(browser.http.post(form.action, data={**said, "csrf": it}) for it in tokens)
    )

    assert sorted(answer.status_code for answer in answers) == [303, *[400] * 9]
    assert sessions(world) == before + 1
    assert reasons(world) == ["passkey: challenge"] * 9
    assert [event["type"] for event in world.events()].count("SignInFailed") == 9


async def test_w13_a_count_that_does_not_grow_is_a_copy_and_refused(world: World) -> None:
    device = Authenticator(counts=True, flags=UP | UV, count=7)
    await with_passkey(world, device)
    await enter_by_passkey(world, device)
    before = (sessions(world), kept(world))
    assert kept(world)[0][0] == 8

    for count in (8, 7, 0):
        browser = await enter_by_passkey(world, device, Lie(count=count))
        assert browser.page.status_code == 400
        assert [event["type"] for event in world.events()][-2:] == ["PasskeyCloned", "SignInFailed"]

    assert (sessions(world), kept(world)) == before
    assert reasons(world) == ["passkey: sign count"] * 3
    device.count = 20
    assert (await enter_by_passkey(world, device)).here.endswith("/account")


async def test_w13_nobody_without_the_key_can_cry_clone(world: World) -> None:
    device = Authenticator(counts=True, flags=UP | UV, count=7)
    await with_passkey(world, device)

    await enter_by_passkey(world, device, Lie(count=1, signature=lambda good: b"\0" + good))

    assert "PasskeyCloned" not in [event["type"] for event in world.events()]


async def test_w13_a_passkey_that_is_removed_meanwhile_is_not_called_a_copy(world: World) -> None:
    """Whoever was let in before it was removed is no longer signed in."""
    device, refused = Authenticator(), 0
    for turns in range(24):
        await with_passkey(world, device)
        owner = await enter_by_passkey(world, device)
        [passkey_id] = world.rows("SELECT passkey_id FROM passkey")
        await owner.open(f"{PASSKEYS}/remove?passkey={passkey_id}")
        other = world.browser()
        await other.open("/sign-in")

        removing = asyncio.create_task(owner.press("remove", "yes"))
        for _ in range(turns):
            await asyncio.sleep(0)
        await use(other, device.sign_in(options(other)))
        await removing

        refused += other.page.status_code == 400
        await other.open("/account")
        assert other.here.endswith("/sign-in")
    assert refused
    assert reasons(world) == ["passkey: unknown"] * refused
    assert "PasskeyCloned" not in [event["type"] for event in world.events()]


async def test_who_enters_by_a_passkey_while_it_is_reset_is_out_again(world: World) -> None:
    device, entered = Authenticator(), 0
    for turns in range(0, 60, 2):
        await with_passkey(world, device)
        other = world.browser()
        await other.open("/sign-in")

        entering = asyncio.create_task(use(other, device.sign_in(options(other))))
        for _ in range(turns):
            await asyncio.sleep(0)
        await Enrolment(world.house.parts).reset(ADA.identifier, world.now)
        await entering

        entered += other.page.status_code != 400
        await other.open("/account")
        assert other.here.endswith("/sign-in")
    assert entered


async def test_w13_of_two_answers_with_one_count_at_once_one_is_let_in(world: World) -> None:
    device = Authenticator(counts=True, flags=UP | UV, count=7)
    await with_passkey(world, device)
    browsers = [world.browser() for _ in range(5)]
    for browser in browsers:
        await browser.open("/sign-in", ENGLISH)
    answers = [device.sign_in(options(browser), Lie(count=9)) for browser in browsers]

    await asyncio.gather(*(use(*pair) for pair in zip(browsers, answers, strict=True)))

    assert sorted(browser.page.status_code for browser in browsers) == [200, 400, 400, 400, 400]


async def test_the_largest_count_there_is_is_kept(world: World) -> None:
    device = Authenticator(counts=True, flags=UP | UV)
    await with_passkey(world, device)
    browser = await enter_by_passkey(world, device, Lie(count=0xFFFFFFFF))
    assert browser.here.endswith("/account")
    assert kept(world)[0][0] == 0xFFFFFFFF


async def test_what_a_sign_in_says_of_the_passkey_is_kept(world: World) -> None:
    device = Authenticator(flags=UP | UV | BE)
    await with_passkey(world, device)
    assert kept(world) == [(0, 0, None)]
    world.now += SECOND

    await enter_by_passkey(world, device, Lie(flags=UP | UV | BE | BS))

    assert kept(world) == [(0, 1, world.now)]


async def test_w11_the_user_handle_of_somebody_else_opens_neither_account(world: World) -> None:
    ada, bao = Authenticator(), Authenticator()
    await with_passkey(world, ada)
    await with_passkey(world, bao, BAO)
    assert ada.user_handle != bao.user_handle

    await enter_by_passkey(world, ada, Lie(user_handle=bao.user_handle))

    assert reasons(world) == ["passkey: user handle"]


async def test_an_account_that_is_not_active_is_not_opened(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    world.sql.execute("UPDATE account SET status = 'closed'")

    browser = await enter_by_passkey(world, device)

    assert browser.page.status_code == 400
    assert reasons(world) == ["passkey: account"]


async def test_when_the_password_is_off_the_passkey_still_works(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    world.sql.execute("INSERT INTO sign_in_failure SELECT number_digest, 100, 0 FROM account")

    assert (await enter_by_passkey(world, device)).here.endswith("/account")


async def test_without_a_script_the_page_says_what_to_do(world: World) -> None:
    browser = await at_the_door(world)

    page = await browser.press("action", "passkey")

    assert page.status_code == 400
    assert 'data-error="passkey_missing"' in page.text
    await enter(browser)
    assert "/decide?i=" in browser.here


async def test_where_a_passkey_alone_will_do_no_password_is_spoken_of(world: World) -> None:
    browser = await with_passkey(world, Authenticator())
    await browser.open("/account/security/password")
    await enter(browser)
    assert 'id="password"' not in browser.page.text, "the password was right, and is not enough"

    for credential, error in (("", "passkey_missing"), ("{}", "passkey_refused")):
        await use(browser, credential)
        assert f'data-error="{error}"' in browser.page.text
        assert "your password" not in browser.page.text.partition('class="after')[0]
        assert "any public service counter" in browser.page.text


async def test_a_form_of_another_site_is_not_looked_at(world: World) -> None:
    device = Authenticator()
    await with_passkey(world, device)
    browser = world.browser()
    await browser.open(address(), ENGLISH)
    answer = device.sign_in(options(browser))
    form = browser.form(button="action", value="passkey")

    page = await browser.send(form.action, [("credential", answer), ("action", "passkey")])

    assert (page.status_code, reasons(world)) == (403, [])
