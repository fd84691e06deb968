"""The edge itself: what no endpoint sees."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from consent.ports import Then
from oidc.endpoints.body import MAX_BODY
from oidc.endpoints.http import utc_now
from oidc.endpoints.refusal import as_refusal
from oidc.meanwhile import meanwhile
from store.database import Unstorable
from tests.oidc.front import browser, why
from tests.oidc.values import QUERY
from tests.world import World, open_world

pytestmark = pytest.mark.anyio


def posted() -> dict[str, Any]:
    """The scope of a form for the token endpoint."""
    return {
        "type": "http",
        "method": "POST",
        "path": "/token",
        "query_string": b"",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded")],
        "client": None,
    }


async def test_who_goes_away_in_the_middle_of_a_body_changes_nothing(world: World) -> None:
    parts: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"client_id=shop", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return parts.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await world.transport.app(posted(), receive, send)
    assert (sent[0]["status"], why(world)) == (400, "the client went away")


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [(b"client_id=shop", 400, "missing grant_type"), (b"x" * (MAX_BODY + 1), 413, "body too long")],
    ids=["a form", "too long"],
)
async def test_a_body_that_is_at_hand_is_not_waited_for(
    world: World, body: bytes, status: int, detail: str
) -> None:
    way = Way(body)
    await world.transport.app(posted(), way.receive, way)
    assert (way.status, why(world)) == (status, detail)


class Way:
    """A way out that takes nothing but whole answers, and has the body ready."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.status = 0

    def at_hand(self) -> bytes:
        return self._body

    def whole(self, status: int, *_: Any) -> bool:
        self.status = status
        return True

    async def receive(self) -> dict[str, Any]:
        raise AssertionError("nobody waits")

    async def __call__(self, message: Any) -> None:
        raise AssertionError("nothing goes by messages")


async def test_a_body_in_pieces_is_one_body(world: World) -> None:
    async def pieces() -> Any:
        for piece in (b"client_", b"id=sh", b"op"):
            yield piece

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await world.rp.post("/token", content=pieces(), headers=headers)
    assert (answer.status_code, why(world)) == (400, "missing grant_type")


async def test_paths_that_are_no_endpoints_are_pages(world: World) -> None:
    for path in ("/nothing", "/token/", "/authorize/x"):
        assert (await world.rp.get(path)).status_code == 404


@pytest.mark.protocol(60, 120)
async def test_of_many_that_resume_at_once_one_gets_the_code(
    tmp_path: Path, redis_url: str
) -> None:
    async with open_world(tmp_path, redis_url=redis_url) as world:
        ada = browser(world)
        page = (await ada.authorize(scope="openid")).headers["location"]
        resume = "/authorize/resume?i=" + page.partition("i=")[2]
        early = await asyncio.gather(*(ada.http.get(resume) for _ in range(10)))
        assert {answer.headers["location"] for answer in early} == {page}
        await ada.sign_in()
        answers = await asyncio.gather(*(ada.http.get(resume) for _ in range(10)))
        assert sorted(answer.status_code for answer in answers) == [303] + [400] * 9
        assert "the interaction has ended" in {refused.detail for refused in world.watch.refused}


@pytest.mark.protocol(50)
async def test_who_cancels_is_sent_back_with_access_denied(world: World) -> None:
    ada = browser(world)
    await ada.pages.open("/authorize?" + "&".join(f"{k}={v}" for k, v in QUERY.items()))
    here = ada.pages.here
    await ada.pages.press("action", "cancel")
    assert str(ada.pages.left_for).startswith(
        "https://shop.example/cb?error=access_denied&error_description=The%20person%20declined."
        "&state=s&iss=https%3A%2F%2Fid.example"
    )
    assert (await ada.http.get(here)).status_code == 400


@pytest.mark.protocol(50)
async def test_who_shares_nothing_is_sent_back_with_access_denied(world: World) -> None:
    ada = browser(world)
    await ada.sign_in()
    await ada.pages.open("/authorize?" + "&".join(f"{k}={v}" for k, v in QUERY.items()))
    await ada.pages.press("decision", "refuse")
    assert "error=access_denied&" in str(ada.pages.left_for)


async def test_a_value_that_cannot_be_kept_is_the_senders_fault() -> None:
    assert as_refusal(Unstorable("NUL in a text")).code == "invalid_request"


async def test_a_commit_is_never_left_behind() -> None:
    done = []

    async def commit(then: Then) -> None:
        assert then is not None
        then()
        await asyncio.sleep(0)
        done.append("commit")

    async def work() -> int:
        return 1 // 0

    with pytest.raises(ZeroDivisionError):
        await meanwhile(commit, work, waits=False)
    assert done == ["commit"]


async def test_what_a_commit_left_undone_is_done_after_it() -> None:
    """As where the store was about to close."""

    async def commit(_then: Then) -> str:
        return "committed"

    async def work() -> str:
        return "made"

    assert await meanwhile(commit, work, waits=False) == ("committed", "made")


async def test_what_has_to_be_waited_for_comes_before_the_commit() -> None:
    """So nothing is used up where a signature cannot be had."""
    done = []

    async def commit(_then: Then) -> None:
        done.append("commit")

    async def work() -> None:
        await asyncio.sleep(0)
        done.append("work")

    async def fails() -> int:
        return 1 // 0

    await meanwhile(commit, work, waits=True)
    assert done == ["work", "commit"]
    with pytest.raises(ZeroDivisionError):
        await meanwhile(commit, fails, waits=True)
    assert done == ["work", "commit"]


def test_the_clock_counts_microseconds() -> None:
    year = 365 * 24 * 3600 * 1_000_000
    assert 50 * year < utc_now() < 150 * year
