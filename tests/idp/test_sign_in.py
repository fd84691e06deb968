"""Guessing passwords at the front door. NIST SP 800-63B-4 section 3.2.2.

What is said does not tell who has an account.
"""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from argon2 import extract_parameters, low_level
from httpx2 import Response
from structlog.testing import capture_logs

from idp.app import log
from idp.authentication.failures import FREE, LONGEST_DELAY, MOST, delay
from ledger.kinds import StrangerRefused
from store.micros import SECOND
from tests.browser import Browser
from tests.idp.pages.front import ENGLISH
from tests.sample import ADA, STRANGER
from tests.world import World, open_world

pytestmark = pytest.mark.anyio

WRONG = "not the password at all"


async def guess(browser: Browser, identifier: str, password: str = WRONG) -> Response:
    browser.http.headers.update(ENGLISH)
    await browser.open("/sign-in")
    return await browser.press("action", "password", identifier=identifier, password=password)


def shown(page: Response) -> tuple[int, str | None, str]:
    """All of an answer that a stranger could compare."""
    text = page.text.replace(ADA.identifier, "x" * 12).replace(STRANGER, "x" * 12)
    plain = re.sub(r'name="csrf" value="[^"]+"|data-options="[^"]+"', "", text)
    return page.status_code, page.headers.get("retry-after"), plain


async def entered(world: World) -> bool:
    browser = world.browser()
    await guess(browser, ADA.identifier, ADA.password)
    return browser.here.endswith("/account")


def failures(world: World) -> list[int]:
    return world.rows("SELECT failures FROM sign_in_failure")


async def test_the_right_password_leads_in_and_forgets_failures(world: World) -> None:
    for _ in range(FREE - 1):
        await guess(world.browser(), ADA.identifier)
    assert failures(world) == [FREE - 1]

    assert await entered(world)

    assert failures(world) == []
    assert [event["type"] for event in world.events()][-1] == "SignedIn"


async def test_after_the_fifth_failure_one_waits_longer_and_longer(world: World) -> None:
    for _ in range(FREE):
        await guess(world.browser(), ADA.identifier)
    for failed in (FREE, FREE + 1, FREE + 2):
        assert failures(world) == [failed]
        world.now += delay(failed) - 1
        assert not await entered(world), "even the right password is not looked at"
        assert failures(world) == [failed], "and what is not looked at is not counted"
        world.now += 1
        await guess(world.browser(), ADA.identifier)
    world.now += delay(FREE + 3)
    assert await entered(world)


def test_the_delay_grows_and_is_capped() -> None:
    assert [delay(failed) // SECOND for failed in range(FREE - 1, FREE + 5)] == [0, 1, 2, 4, 8, 16]
    assert delay(MOST) == LONGEST_DELAY


async def test_at_the_hundredth_failure_the_password_is_off_until_it_is_unlocked(
    world: World,
) -> None:
    world.sql.execute(
        "INSERT INTO sign_in_failure VALUES (?, ?, 0)",
        (world.house.parts.accounts.number_digest(ADA.identifier), MOST - 1),
    )
    await guess(world.browser(), ADA.identifier)
    assert failures(world) == [MOST]

    world.now += 365 * 24 * 3600 * SECOND
    assert not await entered(world)
    assert failures(world) == [MOST]


async def test_failures_survive_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        for _ in range(FREE):
            await guess(world.browser(), ADA.identifier)
    async with open_world(tmp_path, fresh=False) as world:
        assert failures(world) == [FREE]
        assert not await entered(world)


async def test_of_thirty_racing_guesses_none_is_looked_at_uncounted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = count_hashes(monkeypatch)
    browsers = [world.browser() for _ in range(30)]

    await asyncio.gather(*(guess(browser, ADA.identifier) for browser in browsers))

    assert len(looked_at) == FREE
    assert failures(world) == [FREE]


async def test_who_has_no_account_is_told_the_same_for_the_same_work(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes, browser = count_hashes(monkeypatch), world.browser()
    for _ in range(FREE + 2):
        known = await guess(browser, ADA.identifier)
        unknown = await guess(browser, STRANGER)
        assert shown(known) == shown(unknown)
    ada = await world.house.parts.accounts.find_by_number(ADA.identifier)
    assert ada is not None
    adas = await world.house.parts.passwords.find(ada.account_id)
    assert adas is not None
    assert (len(hashes), hashes.count(adas.hash)) == (2 * FREE, FREE)
    assert len({str(extract_parameters(kept)) for kept in hashes}) == 1, "the same cost"
    assert failures(world) == [FREE, FREE]


async def test_wrong_guesses_are_kept_of_accounts_that_there_are(world: World) -> None:
    """Else anybody could make the record of events grow without end, number after number."""
    browser = world.browser()
    for identifier in (STRANGER, "no number"):
        await guess(browser, identifier)
    assert world.events() == []
    assert world.watch.seen == [StrangerRefused(door="password", reason="password")] * 2
    with capture_logs() as lines:
        log(world.watch.seen[0])
    assert [(it["event"], it["log_level"], it["door"]) for it in lines] == [
        ("stranger refused", "info", "password")
    ]
    for _ in range(FREE + 2):
        await guess(browser, ADA.identifier)
    assert [it["type"] for it in world.events()] == ["SignInFailed"] * FREE


async def test_every_number_has_a_counter_of_its_own_under_a_name_nobody_can_guess(
    world: World,
) -> None:
    await guess(world.browser(), ADA.identifier)
    await guess(world.browser(), STRANGER)
    names = world.rows("SELECT number_digest FROM sign_in_failure")
    assert len(set(names)) == 2
    assert not any(ADA.identifier in name for name in names)


async def test_an_account_that_is_not_active_is_refused_like_a_wrong_password(
    world: World,
) -> None:
    browser = world.browser()
    wrong = shown(await guess(browser, ADA.identifier))
    world.sql.execute("UPDATE account SET status = 'closed'")
    assert shown(await guess(browser, ADA.identifier, ADA.password)) == wrong


@pytest.mark.parametrize("identifier", ["ada", "12345", "0" * 13, "\u0660" * 13, "\ufeff", "' --"])
async def test_what_is_no_personal_number_is_nobodys(world: World, identifier: str) -> None:
    page = await guess(world.browser(), identifier)
    assert page.status_code == 400
    assert failures(world) == []


async def test_a_number_may_be_written_with_gaps(world: World) -> None:
    browser = world.browser()
    spaced = " ".join((ADA.identifier[:3], ADA.identifier[3:6], ADA.identifier[6:]))
    await guess(browser, spaced, ADA.password)
    assert browser.here.endswith("/account")


async def test_when_too_many_wait_the_next_is_turned_away_uncounted(tmp_path: Path) -> None:
    async with open_world(tmp_path, hash_threads=1, hash_queue=1) as world:
        browsers = [world.browser() for _ in range(8)]
        pages = await asyncio.gather(*(guess(it, STRANGER) for it in browsers))
        turned_away = [page for page in pages if page.status_code == 503]
        assert turned_away
        assert all(page.headers["retry-after"] for page in turned_away)
        assert failures(world) == [len(pages) - len(turned_away)]


def count_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What each password was really hashed against, as Argon2 was asked to."""
    seen: list[str] = []
    verify = low_level.verify_secret

    def counted(kept: bytes, *said: Any) -> bool:
        seen.append(kept.decode())
        return verify(kept, *said)

    monkeypatch.setattr("argon2._password_hasher.verify_secret", counted)
    return seen
