"""Who looked, through the front door: every release, by service, fact and month."""

import html
import json
import re
from typing import Any

import pytest

from idp.pages.account.activity import PAGE
from keys.secrets import new_id
from ledger.kinds import DataReleased
from store.micros import DAY, SECOND
from tests.browser import Browser
from tests.idp.pages.front import address, at_home, before_the_decision, told
from tests.oidc.front import exchange
from tests.sample import ADA, BAO
from tests.world import NOON, World

pytestmark = pytest.mark.anyio
ROOM = "/account/activity"


async def looked_at(world: World) -> Browser:
    """Shop has looked twice, a second after the other."""
    browser = await before_the_decision(world)
    await browser.press("decision", "share", tick=("person.email",))
    token = (await exchange(world, told(browser)["code"])).json()["access_token"]
    for _ in range(2):
        world.now += SECOND
        await world.rp.get("/userinfo", headers={"authorization": f"Bearer {token}"})
    await browser.open(ROOM)
    return browser


async def happened(world: World, *moments: int, **changes: Any) -> None:
    """Releases of long ago, of the person who is signed in."""
    [account_id] = set(world.rows("SELECT account_id FROM session"))
    parts = world.house.parts
    said: dict[str, Any] = {
        "grant_id": "g",
        "record_id": None,
        "client_id": "shop",
        "account_id": account_id,
        "purpose_id": "delivery",
        "purpose_version": 1,
        "attributes": ("person.name",),
        "registers": ("population",),
        "txn": "t",
    }
    writes = [
        parts.ledger.insert(DataReleased(**{"event_id": new_id(at), **said, **changes}), at)
        for at in moments
    ]
    await parts.storage.database.commit(*writes)


def times(browser: Browser) -> list[str]:
    return re.findall(r'<time datetime="([^"]+)"', browser.page.text)


def link(browser: Browser, words: str) -> str:
    found = re.search(rf'href="([^"]+)"[^>]*>{words}<', browser.page.text)
    assert found is not None, browser.page.text
    return html.unescape(found[1])


async def test_each_look_says_when_who_for_what_and_which_facts_from_which_register(
    world: World,
) -> None:
    browser = await looked_at(world)

    assert times(browser) == ["2030-01-01T19:00:02+07:00", "2030-01-01T19:00:01+07:00"]
    said = " ".join(re.sub(r"<[^>]+>", " ", browser.page.text).split())
    assert "1 January 2030 19:00:02 Trade Shop · words Full name Population register" in said
    assert "E-mail address Your account" in said
    assert "Phone number" not in browser.page.text.split("</form>")[1]


async def test_who_was_never_looked_at_is_told_so(world: World) -> None:
    browser = await at_home(world)
    page = await browser.open(ROOM)
    assert "Nobody has looked at your data in the last year." in page.text


async def test_what_another_was_asked_is_not_shown(world: World) -> None:
    await looked_at(world)
    other = await at_home(world, BAO)
    await other.open(ROOM)
    assert times(other) == []


async def test_the_list_is_narrowed_by_service_fact_and_month(world: World) -> None:
    browser = await looked_at(world)
    await happened(world, NOON - 40 * DAY)
    await browser.open(address(client_id="bank"))
    await browser.press("decision", "share")
    code = told(browser)["code"]
    token = (await exchange(world, code, client_id="bank")).json()["access_token"]
    world.now += SECOND
    await world.rp.get("/userinfo", headers={"authorization": f"Bearer {token}"})

    async def seen(query: str) -> list[str]:
        await browser.open(f"{ROOM}?{query}")
        return [it[:19] for it in times(browser)]

    assert len(await seen("service=&fact=&month=")) == 4
    assert await seen("service=bank") == ["2030-01-01T19:00:03"]
    assert 'value="bank" selected' in browser.page.text
    assert await seen("fact=person.email") == ["2030-01-01T19:00:02", "2030-01-01T19:00:01"]
    assert await seen("month=2029-11") == ["2029-11-22T19:00:00"]
    assert await seen("month=2029-11&service=bank") == []
    assert "Nobody looked: nothing in the last year fits what you chose." in browser.page.text
    assert len(await seen("month=2030-01")) == 3


async def test_a_month_begins_at_midnight_of_the_country(world: World) -> None:
    browser = await looked_at(world)
    midnight = 1_893_430_800 * SECOND  # 1 January 2030 in Viet Nam
    await happened(world, midnight - 1, midnight)

    await browser.open(f"{ROOM}?month=2029-12")
    assert times(browser) == ["2029-12-31T23:59:59+07:00"]
    await browser.open(f"{ROOM}?month=2030-01")
    assert times(browser)[-1] == "2030-01-01T00:00:00+07:00"


async def test_what_is_older_than_a_year_is_not_shown(world: World) -> None:
    browser = await looked_at(world)
    await happened(world, world.now - 365 * DAY, world.now - 365 * DAY - 1)
    await browser.open(ROOM)
    assert len(times(browser)) == 3


async def test_pages_go_on_where_the_last_one_ended_whatever_happens_meanwhile(
    world: World,
) -> None:
    browser = await looked_at(world)
    count = PAGE * 2
    await happened(world, *(NOON - (1 + it) * SECOND for it in range(count)))
    await browser.open(f"{ROOM}?fact=person.name")
    seen = times(browser)
    assert len(seen) == PAGE
    assert "Newest" not in browser.page.text

    await happened(world, world.now)
    for _ in range(2):
        await browser.open(link(browser, "Earlier"))
        assert 'value="person.name" selected' in browser.page.text
        seen += times(browser)

    assert len(seen) == len(set(seen)) == count + 2
    assert seen == sorted(seen, reverse=True)
    assert "Earlier" not in browser.page.text
    assert re.search(r'href="[^"]+before=[^"]+ui_locales=vi"', browser.page.text)
    await browser.open(link(browser, "Newest"))
    assert len(times(browser)) == PAGE


async def test_the_same_rows_come_as_json_to_keep(world: World) -> None:
    browser = await looked_at(world)
    await happened(world, *(NOON - (1 + it) * SECOND for it in range(PAGE)))

    answer = await browser.http.get(link(browser, "Download as JSON"))

    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="who-looked.json"'
    looks = json.loads(answer.content)["looks"]
    assert len(looks) == PAGE + 2
    assert [it["at"] for it in looks[:PAGE]] == times(await fresh(browser))
    assert looks[0]["service"] == {
        "client_id": "shop",
        "name": "Shop",
        "agency": "Trade",
        "domain": "shop.example",
    }
    assert looks[0]["purpose"] == {"purpose_id": "delivery", "title": "words"}
    assert looks[0]["registers"] == [
        {
            "register": "Population register",
            "facts": [{"attribute": "person.name", "label": "Full name"}],
        },
        {
            "register": "Your account",
            "facts": [{"attribute": "person.email", "label": "E-mail address"}],
        },
    ]
    assert not any(word in answer.text for word in ("Lovelace", str(ADA.email), ADA.identifier))


async def fresh(browser: Browser) -> Browser:
    await browser.open(ROOM)
    return browser


async def test_the_download_keeps_to_what_was_chosen(world: World) -> None:
    browser = await looked_at(world)
    await happened(world, NOON - SECOND)
    await browser.open(f"{ROOM}?fact=person.email")

    answer = await browser.http.get(link(browser, "Download as JSON"))

    assert len(json.loads(answer.content)["looks"]) == 2


async def test_names_that_are_gone_are_told_as_they_were_written(world: World) -> None:
    """A client, a purpose, an attribute: whatever is registered no more still looked."""
    browser = await looked_at(world)
    await happened(
        world, NOON, client_id="gone", purpose_id="old", attributes=("person.shoe_size",)
    )
    page = await browser.open(ROOM)
    for words in ("<h3>Gone</h3>", "gone · old", "<li>person.shoe_size</li>"):
        assert words in page.text


@pytest.mark.parametrize(
    "query",
    [
        "service=nobody",
        "fact=person.nothing",
        "month=2030-13",
        "month=2028-01",
        "before=elsewhere",
        "before=1-",
        "before=9999999999999999999-e",
        "before=1-%27%20OR%201%3D1",
        "fact=person.name&fact=person.sex",
        "service=%00",
    ],
)
@pytest.mark.parametrize("path", [ROOM, f"{ROOM}.json"])
async def test_a_wish_that_is_not_offered_is_refused_and_not_echoed(
    world: World, query: str, path: str
) -> None:
    browser = await at_home(world)
    page = await browser.open(f"{path}?{query}")
    assert page.status_code == 400
    assert 'data-error="invalid_request"' in page.text
    assert query.split("=", 1)[1] not in page.text


async def test_who_is_not_signed_in_downloads_nothing(world: World) -> None:
    page = await world.browser().open(f"{ROOM}.json")
    assert page.url.path == "/sign-in"


async def test_a_service_that_was_stopped_is_still_found(world: World) -> None:
    browser = await looked_at(world)
    record = world.rows("SELECT record_id FROM record")[0]
    await browser.open(f"/account/stop?record={record}")
    await browser.press("stop", "yes")

    await browser.open(f"{ROOM}?service=shop")

    assert len(times(browser)) == 2


async def test_it_speaks_the_language_of_the_reader(world: World) -> None:
    browser = await looked_at(world)
    page = await browser.open(f"{ROOM}?ui_locales=vi")
    for words in ("Ai đã xem dữ liệu của bạn", "Bộ Thương mại", "Họ và tên", "tháng 1"):
        assert words in page.text
