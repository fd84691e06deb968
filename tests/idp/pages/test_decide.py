"""The decision page, through the front door. OpenID Connect Core section 3.1.2.4."""

import hashlib
import json
import re
from typing import Any

import pytest

from store.micros import SECOND
from tests.browser import Browser
from tests.idp.pages.front import address, before_the_decision, enter, told
from tests.sample import ADA, BAO, DELIVERY, PURPOSES
from tests.world import World

pytestmark = pytest.mark.anyio


def button(text: str, value: str) -> str:
    found = re.search(rf'<button ([^>]*)value="{value}">', text)
    assert found is not None
    return found[1]


def records(world: World) -> list[tuple[Any, ...]]:
    query = "SELECT client_id, asked, allowed FROM record WHERE ended_at IS NULL"
    return [tuple(row) for row in world.sql.execute(query)]


async def test_it_says_who_why_what_and_what_if_not(world: World) -> None:
    page = (await before_the_decision(world)).page

    for words in (
        "Trade asks for 4 facts about you",
        "You are acting for yourself: <strong>Ada Lovelace</strong>",
        "shop.example",
        "Fetched for you",
        "so that you need not type it; you may give it yourself instead",
        "Your choice",
        "Population register, as of 2 May 2021",
        "ada@example.org",
        "No machine decides alone.",
        "If you do not share",
        "They may look whenever you use this service, for 30 days at most.",
        "You can stop this at any time",
    ):
        assert words in page.text


async def test_every_switch_is_off_and_both_answers_weigh_the_same(world: World) -> None:
    page = (await before_the_decision(world)).page

    boxes = re.findall(r"<input[^>]*checkbox[^>]*>", page.text)
    assert len(boxes) == 3
    assert not any("checked" in box for box in boxes)
    assert button(page.text, "share") == button(page.text, "refuse")


async def test_what_others_must_not_read_over_the_shoulder_is_masked(world: World) -> None:
    page = (await before_the_decision(world)).page

    shown = re.search(
        r"<details class=\"reveal\"><summary>(.*?)</summary>(.*?)</details>", page.text
    )
    assert shown is not None
    assert ADA.phone_number not in shown[1]
    assert ADA.phone_number in shown[2]


async def test_sharing_keeps_what_was_ticked_and_the_words_that_were_read(world: World) -> None:
    browser = await before_the_decision(world)

    await browser.press("decision", "share", tick=("person.email",))

    assert "code" in told(browser)
    asked = "person.birthdate person.email person.name person.phone"
    assert records(world) == [("shop", asked, "person.email person.name")]
    [(kept, language, text)] = world.sql.execute("SELECT sha256, language, text FROM notice")
    assert kept == hashlib.sha256(text.encode()).hexdigest()
    assert language == "en"
    assert json.loads(text)["heading"] == "Trade asks for 4 facts about you"
    assert not any(word in text for word in ("Lovelace", "1815", str(ADA.email)))


async def test_who_reads_another_language_reads_another_notice(world: World) -> None:
    browser = await before_the_decision(world)
    english = browser.form(button="decision").values["shown"]

    await browser.open(browser.here + "&ui_locales=vi")

    assert browser.form(button="decision").values["shown"] != english


async def test_a_box_that_nobody_showed_is_not_ticked(world: World) -> None:
    browser = await before_the_decision(world)
    form = browser.form(button="decision")
    boxes = [("item", "person.id_number"), ("item", "person.phone"), ("item", "x" * 1000)]

    await browser.send(form.action, [*form.values.items(), ("decision", "share"), *boxes])

    assert [allowed for _, _, allowed in records(world)] == ["person.name person.phone"]


async def test_refusing_is_told_to_the_agency_and_keeps_no_record(world: World) -> None:
    browser = await before_the_decision(world)

    await browser.press("decision", "refuse", tick=("person.email",))

    assert told(browser)["error"] == "access_denied"
    assert records(world) == []


async def test_a_second_visit_asks_nothing_and_a_wider_one_only_what_is_new(world: World) -> None:
    browser = await before_the_decision(world, scope="openid profile")
    await browser.press("decision", "share")

    await browser.open(address(scope="openid profile"))
    assert "code" in told(browser)
    page = await browser.open(address(scope="openid profile email"))

    assert "Trade asks for 1 more fact about you" in page.text
    assert '<span class="tag safe">new</span>' in page.text
    assert "Ada Lovelace</dd>" not in page.text
    await browser.press("decision", "share", tick=("person.email",))
    asked = "person.birthdate person.email person.name"
    assert records(world) == [("shop", asked, "person.email person.name")]


async def test_sent_twice_it_is_decided_once(world: World) -> None:
    browser = await before_the_decision(world)
    form = browser.form(button="decision")
    pairs = [*form.values.items(), ("decision", "share")]

    answers = [await browser.http.post(form.action, data=dict(pairs)) for _ in range(2)]

    assert {answer.headers["location"] for answer in answers} == {
        form.action.replace("/decide", "/authorize/resume")
    }
    assert len(records(world)) == 1


async def test_what_changed_meanwhile_is_looked_at_again(world: World) -> None:
    browser = await before_the_decision(world)
    changed = DELIVERY.model_copy(update={"descriptions": {"vi": "khác", "en": "something else"}})
    await world.house.parts.purposes.apply((changed, *PURPOSES[1:]), world.now)
    world.now += 2_000_000

    page = await browser.press("decision", "share")

    assert page.status_code == 409
    assert '<body data-error="changed">' in page.text
    assert "something else" in page.text
    assert records(world) == []
    await browser.press("decision", "share")
    assert "code" in told(browser)


async def test_that_a_machine_takes_part_is_said_before_it_is_decided(world: World) -> None:
    machine = DELIVERY.model_copy(update={"automated": True})
    await world.house.parts.purposes.apply((machine, *PURPOSES[1:]), world.now)

    page = (await before_the_decision(world)).page

    assert "A machine takes part in the decision." in page.text
    assert "No machine decides alone." not in page.text


async def test_a_register_that_is_away_holds_nobody_up(world: World) -> None:
    await world.population.becomes("down")
    try:
        browser = await before_the_decision(world)
    finally:
        await world.population.becomes("none")

    assert "not available right now" in browser.page.text
    assert "If you share, it is delivered when it does." in browser.page.text
    await browser.press("decision", "share")
    assert "code" in told(browser)


async def test_who_signed_out_meanwhile_decides_nothing(world: World) -> None:
    browser = await before_the_decision(world)
    form = browser.form(button="decision")
    await world.house.site.sessions.end(browser.http.cookies["__Host-motcua"], world.now)

    await browser.send(form.action, [*form.values.items(), ("decision", "share")])

    assert browser.here.startswith("https://id.example/sign-in?i=")
    assert records(world) == []


@pytest.mark.parametrize("decision", ["", "yes", "share\0"])
async def test_only_an_answer_is_an_answer(world: World, decision: str) -> None:
    browser: Browser = await before_the_decision(world)

    page = await browser.press("decision", decision)

    assert page.status_code == 400
    assert records(world) == []


async def test_asked_again_about_one_thing_the_rest_stays_as_it_was_decided(world: World) -> None:
    browser = await before_the_decision(world)
    await browser.press("decision", "share", tick=("person.phone", "person.email"))

    world.now += SECOND
    page = await browser.open(address(scope="openid email", prompt="consent"))
    assert page.text.count('name="item"') == 1
    await browser.press("decision", "share")

    [(_, asked, allowed)] = records(world)
    assert {"person.email", "person.phone", "person.name"} <= set(asked.split())
    assert "person.phone" in allowed.split()
    assert "person.email" not in allowed.split()


@pytest.mark.parametrize("decision", ["share", "refuse"])
async def test_what_one_person_was_shown_another_cannot_answer(world: World, decision: str) -> None:
    """I3: a page that stayed open in a tab, while she signed out and somebody else signed in."""
    browser = await before_the_decision(world)
    form = browser.form(button="decision")
    world.now += SECOND
    world.sql.execute(f"UPDATE session SET ended_at = {world.now}")
    await browser.open(address(prompt="login"))
    await enter(browser, BAO)

    page = await browser.send(form.action, [*form.values.items(), ("decision", decision)])

    assert "/sign-in?i=" in browser.here, "whoever is meant is not here any more"
    assert "Lovelace" not in page.text
    assert records(world) == []
    assert not [event for event in world.events() if event["type"].startswith("Decision")]


async def test_an_answer_is_that_of_the_person_to_whom_the_page_was_shown(world: World) -> None:
    """I3: both are signed in; who came for the one errand does not answer for the other."""
    browser = await before_the_decision(world)
    form = browser.form(button="decision")
    [ada] = world.rows("SELECT account_id FROM session")
    world.now += SECOND
    await browser.open(address(prompt="login"))
    await enter(browser, BAO)

    await browser.send(form.action, [*form.values.items(), ("decision", "share")])

    assert "code" in told(browser)
    assert world.rows("SELECT account_id FROM record") == [ada]
