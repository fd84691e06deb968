"""The first officers come by links that work once. What they bring is theirs alone."""

import asyncio
import json

import pytest

from idp.pages.console.paths import JOIN, KEYS
from keys.secrets import digest
from oidc.endpoints.cookies import FLOW
from store.micros import HOUR
from tests.idp.console.desk import (
    DAY_SHIFT,
    NIGHT_SHIFT,
    an_officer,
    before_joining,
    is_in,
    join,
    links,
)
from tests.idp.pages.front import token_for
from tests.idp.pages.keyring import options
from tests.soft_passkey import HONEST, UP, Authenticator, Lie
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_who_opens_the_link_chooses_a_name_makes_a_passkey_and_is_in(world: World) -> None:
    [link, _] = await links(world)
    browser = await before_joining(world, link)
    assert is_in(browser) is False

    await join(browser, Authenticator())

    assert browser.here == f"https://id.example{KEYS}"
    assert DAY_SHIFT in browser.page.text
    [officer] = await world.house.site.console.officers.everybody()
    assert (officer.name, officer.place, officer.role) == (DAY_SHIFT, 1, "security officer")
    told = [it for it in world.events() if it["type"].startswith("Officer")]
    assert [it["type"] for it in told] == ["OfficersInvited", "OfficerJoined", "OfficerSignedIn"]
    assert told[1]["officer_id"] == officer.officer_id
    assert DAY_SHIFT not in json.dumps(world.events())


async def test_the_cookie_is_the_console_s_own_and_strict(world: World) -> None:
    [link, _] = await links(world)
    browser = await before_joining(world, link)
    made = Authenticator().register(options(browser))
    form = browser.form(button="action")
    answer = await browser.http.post(
        JOIN, data={**form.values, "credential": made, "name": DAY_SHIFT, "action": "join"}
    )

    [cookie] = [it for it in answer.headers.get_list("set-cookie") if "console" in it]
    assert cookie.startswith("__Host-motcua-console=")
    assert cookie.endswith("; Path=/; Secure; HttpOnly; SameSite=Strict")


async def test_a_link_is_kept_as_a_digest_and_shown_in_no_event(world: World) -> None:
    made = await links(world)

    assert world.rows("SELECT link_digest FROM officer_link ORDER BY place") == [*map(digest, made)]
    assert not any(link in json.dumps(world.events()) for link in made)


async def test_a_link_works_once(world: World) -> None:
    [link, _] = await links(world)
    await join(await before_joining(world, link), Authenticator())

    late = await before_joining(world, link)

    assert late.page.status_code == 410
    assert '<body data-error="link_gone">' in late.page.text
    assert len(await world.house.site.console.officers.everybody()) == 1


async def test_of_two_who_bring_the_same_link_one_comes(world: World) -> None:
    [link, _] = await links(world)
    browsers = [await before_joining(world, link) for _ in range(4)]

    await asyncio.gather(
        *(join(it, Authenticator(), f"number {n}") for n, it in enumerate(browsers))
    )

    assert sum(map(is_in, browsers)) == 1
    assert len(await world.house.site.console.officers.everybody()) == 1
    assert world.rows("SELECT count(*) FROM officer_passkey") == [1]
    assert world.rows("SELECT count(*) FROM officer_session") == [1]


async def test_a_link_ends(world: World) -> None:
    [link, _] = await links(world, hours=1)
    in_time = await before_joining(world, link)

    world.now += HOUR
    late = await before_joining(world, link)
    await join(in_time, Authenticator())

    assert (late.page.status_code, in_time.page.status_code) == (410, 410)
    assert await world.house.site.console.officers.everybody() == []


async def test_new_links_replace_those_that_nobody_took(world: World) -> None:
    [old, _] = await links(world)
    [new, _] = await links(world)

    assert (await before_joining(world, old)).page.status_code == 410
    assert (await before_joining(world, new)).page.status_code == 200


async def test_when_one_has_come_one_link_is_made_and_when_two_have_none(world: World) -> None:
    await an_officer(world, Authenticator())
    [link] = await links(world)
    await join(await before_joining(world, link), Authenticator(), NIGHT_SHIFT)

    assert await links(world) == []
    assert [it.place for it in await world.house.site.console.officers.everybody()] == [1, 2]


async def test_a_passkey_that_was_asked_for_with_another_link_is_refused(world: World) -> None:
    [one, other] = await links(world)
    browser = await before_joining(world, one)
    made = Authenticator().register(options(browser))

    await browser.press("action", "join", credential=made, name=DAY_SHIFT, link=other)

    assert browser.page.status_code == 400
    assert '<body data-error="passkey_refused">' in browser.page.text
    assert await world.house.site.console.officers.everybody() == []
    assert (await before_joining(world, other)).page.status_code == 200


async def test_a_passkey_that_was_asked_for_in_another_browser_is_refused(world: World) -> None:
    [link, _] = await links(world)
    mine, theirs = await before_joining(world, link), await before_joining(world, link)

    made = Authenticator().register(options(theirs))
    await mine.press("action", "join", credential=made, name=DAY_SHIFT)

    assert '<body data-error="passkey_refused">' in mine.page.text
    assert await world.house.site.console.officers.everybody() == []


@pytest.mark.parametrize(
    ("lie", "name", "why"),
    [
        (HONEST, " \t ", "incomplete"),
        (Lie(flags=UP), DAY_SHIFT, "passkey_refused"),
        (Lie(origin="https://id.example.evil.example"), DAY_SHIFT, "passkey_refused"),
        (Lie(type="webauthn.get"), DAY_SHIFT, "passkey_refused"),
    ],
)
async def test_what_is_wrong_is_said_and_leaves_the_link(
    world: World, lie: Lie, name: str, why: str
) -> None:
    [link, _] = await links(world)
    browser = await before_joining(world, link)

    await join(browser, Authenticator(), name, lie)

    assert browser.page.status_code == 400
    assert f'<body data-error="{why}">' in browser.page.text
    assert await world.house.site.console.officers.everybody() == []
    await join(browser, Authenticator())
    assert is_in(browser)


async def test_a_form_without_a_passkey_says_what_it_needs(world: World) -> None:
    [link, _] = await links(world)
    browser = await before_joining(world, link)
    values = {**browser.form(button="action").values, "name": DAY_SHIFT}
    del values["credential"]

    await browser.send(JOIN, [*values.items()])

    assert '<body data-error="passkey_missing">' in browser.page.text


async def test_a_challenge_is_good_for_five_minutes(world: World) -> None:
    [link, _] = await links(world)
    browser = await before_joining(world, link)
    made = Authenticator().register(options(browser))
    world.now += HOUR // 12

    await browser.press("action", "join", credential=made, name=DAY_SHIFT)

    assert '<body data-error="passkey_expired">' in browser.page.text


@pytest.mark.parametrize("csrf", [None, "made up", "foreign"])
async def test_a_form_that_is_not_ours_makes_nobody_an_officer(
    world: World, csrf: str | None
) -> None:
    [link, _] = await links(world)
    browser, other = await before_joining(world, link), await before_joining(world, link)
    made = Authenticator().register(options(browser))
    foreign = token_for(world, other, JOIN, FLOW)
    token = {"csrf": foreign if csrf == "foreign" else csrf} if csrf else {}

    answer = await browser.http.post(
        JOIN, data={"link": link, "credential": made, "name": DAY_SHIFT, **token}
    )

    assert answer.status_code == 403
    assert await world.house.site.console.officers.everybody() == []


async def test_a_link_whose_place_was_taken_meanwhile_is_gone_and_asks_for_no_passkey(
    world: World,
) -> None:
    """Links of two terminals: ``init`` wrote one more for a place by which somebody came."""
    [link, _] = await links(world)
    rows = world.sql.execute("SELECT place, link_digest, ends_at FROM officer_link").fetchall()
    browser, early = await before_joining(world, link), await before_joining(world, link)
    await join(early, Authenticator())
    world.sql.execute("INSERT INTO officer_link VALUES (?, ?, ?)", rows[0])

    await join(browser, Authenticator(), NIGHT_SHIFT)
    late = await before_joining(world, link)

    assert [it.page.status_code for it in (browser, late)] == [410, 410]
    assert "Your link still works" not in browser.page.text
    assert [it.place for it in await world.house.site.console.officers.everybody()] == [1]
