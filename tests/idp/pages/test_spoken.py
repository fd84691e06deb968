"""Which language a page speaks, all the way; and what another language within it looks like."""

import re
from html import unescape

import pytest

from tests.browser import Browser
from tests.idp.pages.front import address, before_the_decision, enter
from tests.sample import DELIVERY, SHOP, TRADE
from tests.world import World

pytestmark = pytest.mark.anyio

FIRST = ("vi", "en")
MIXED = {"accept-language": "ar, en;q=0.5"}


def speaks(browser: Browser, tag: str) -> bool:
    return f'<html lang="{tag}" dir="' in browser.page.text


async def without_arabic(world: World) -> None:
    """Its purpose and its agency are registered in the first two languages alone."""
    texts = ("titles", "descriptions", "data_life", "refusal")
    fewer = {name: dict.fromkeys(FIRST, "words") for name in texts}
    cells = [
        cell.model_copy(update={"why": dict.fromkeys(FIRST, "words")}) for cell in DELIVERY.cells
    ]
    purpose = DELIVERY.model_copy(update={**fewer, "cells": tuple(cells)})
    agency = TRADE.model_copy(update={"names": {tag: TRADE.names[tag] for tag in FIRST}})
    parts = world.house.parts
    await parts.purposes.apply([purpose], world.now)
    await parts.clients.apply([agency], [SHOP], world.now)


async def test_arabic_is_told_from_right_to_left(world: World) -> None:
    browser = world.browser()
    await browser.open(address(ui_locales="ar"))
    assert '<html lang="ar" dir="rtl">' in browser.page.text
    assert browser.page.headers["content-language"] == "ar"


async def test_what_a_service_wishes_lasts_through_every_page_on_the_way(world: World) -> None:
    browser = world.browser()
    browser.http.headers.update({"accept-language": "vi"})
    await browser.open(address(ui_locales="ar"))
    await enter(browser)
    assert browser.here.startswith("https://id.example/decide")
    assert speaks(browser, "ar")
    for path in ("/decide?i=over", "/nowhere", "/account", "/sign-out", "/signed-out"):
        await browser.open(path)
        assert speaks(browser, "ar"), path


async def test_the_wish_of_the_next_service_counts_more_than_that_of_the_last(
    world: World,
) -> None:
    browser = world.browser()
    await browser.open(address(ui_locales="ar"))
    await browser.open(address(ui_locales="en"))
    assert speaks(browser, "en")


async def test_what_the_person_chose_counts_more_than_any_wish_and_stays(world: World) -> None:
    browser = world.browser()
    await browser.open("/sign-in?ui_locales=en")
    await browser.open(address(ui_locales="ar"))
    assert speaks(browser, "en")
    await browser.open("/authorize?client_id=nobody&ui_locales=ar")
    assert browser.page.status_code == 400
    assert speaks(browser, "en")


async def test_an_agency_that_errs_is_answered_in_the_language_it_wished(world: World) -> None:
    browser = world.browser()
    await browser.open("/authorize?client_id=nobody&ui_locales=ar")
    assert speaks(browser, "ar")


async def test_a_question_without_arabic_is_asked_in_one_language_that_it_has(
    world: World,
) -> None:
    await without_arabic(world)
    browser = world.browser()
    browser.http.headers.update(MIXED)
    await browser.open(address())
    assert speaks(browser, "ar")
    await enter(browser)

    assert speaks(browser, "en")
    assert "Trade asks for 4 facts about you" in browser.page.text
    assert 'hreflang="ar"' not in browser.page.text
    assert '<p class="note" lang="ar" dir="rtl">' in browser.page.text


async def test_its_notice_and_record_are_of_that_language(world: World) -> None:
    await without_arabic(world)
    browser = world.browser()
    browser.http.headers.update(MIXED)
    await browser.open(address())
    await enter(browser)
    await browser.press("decision", "share")

    assert browser.left_for is not None
    assert world.rows("SELECT language FROM notice") == ["en"]


async def test_a_question_that_is_written_in_arabic_says_nothing_of_it(world: World) -> None:
    browser = await before_the_decision(world, ui_locales="ar")
    assert speaks(browser, "ar")
    assert 'hreflang="ar"' in browser.page.text
    assert 'class="note"' not in browser.page.text


async def test_what_is_registered_in_another_language_says_which(world: World) -> None:
    await without_arabic(world)
    browser = world.browser()
    browser.http.headers.update(MIXED)
    await browser.open(address())
    await enter(browser)
    await browser.press("decision", "share")
    await browser.open("/account")

    assert speaks(browser, "ar")
    assert '<bdi lang="vi">Bộ Thương mại</bdi>' in browser.page.text
    assert "<bdi>Ada Lovelace</bdi>" in browser.page.text


@pytest.mark.parametrize(
    "path", ["/nowhere", "/decide?i=" + "x" * 60, "/authorize?client_id=nobody", "/sign-in?i=x&i=y"]
)
async def test_an_error_page_can_be_had_in_another_language(world: World, path: str) -> None:
    browser = world.browser()
    await browser.open(path, {"accept-language": "vi"})
    [link] = re.findall(r'href="([^"]*ui_locales=ar)"', browser.page.text)
    said = re.findall(r"data-error=.(\w+)", browser.page.text)
    await browser.open(path.partition("?")[0] + unescape(link))

    assert speaks(browser, "ar")
    assert ("interaction_expired" in said) == ("interaction_expired" in browser.page.text)
    await browser.open("/nowhere", {"accept-language": "vi"})
    assert speaks(browser, "ar"), "it is kept"
