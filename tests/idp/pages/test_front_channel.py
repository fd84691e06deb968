"""Services that are told in frames of a sign-out. OpenID Connect Front-Channel Logout 1.0."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from httpx2 import Response
from playwright.sync_api import Route, expect

from oidc.endpoints.cookies import BROWSER
from tests.browser import Browser
from tests.chromium import open_browser
from tests.idp.pages.served import serve
from tests.oidc.front import Browser as Person
from tests.oidc.front import change, exchange, read_token
from tests.sample import ISSUER, SIGNED_OUT
from tests.world import World, open_world

HERE = "Asked through this browser"
OUT = "https://shop.example/out?from=id"
ISS = "iss=https%3A%2F%2Fid.example"


async def been_at(world: World, *client_ids: str) -> tuple[Person, dict[str, str]]:
    """Somebody who went to these services, and the ID token of each."""
    person, tokens = Person(world, world.browser()), {}
    await person.sign_in()
    for client_id in client_ids:
        code = await person.code(client_id=client_id)
        answer = await exchange(world, code, client_id=client_id)
        tokens[client_id] = answer.json()["id_token"]
    await person.pages.open("/account?ui_locales=en")
    return person, tokens


async def sid(world: World, token: str) -> str:
    return str((await read_token(world, token)).claims["sid"])


async def leave(browser: Browser) -> Response:
    await browser.open("/sign-out")
    return await browser.press("logout", "yes")


def frames(page: Response) -> list[str]:
    return [html.unescape(it) for it in re.findall(r'<iframe [^>]*src="([^"]+)"', page.text)]


def may_frame(page: Response) -> str:
    policy = page.headers["content-security-policy"]
    return next((it.strip() for it in policy.split(";") if "frame-src" in it), "")


@pytest.mark.anyio
@pytest.mark.protocol(90)
async def test_each_service_of_the_session_is_told_in_a_frame_and_no_other(world: World) -> None:
    await change(world, "shop", frontchannel_logout_uri=OUT)
    await change(world, "bank", frontchannel_logout_uri="https://bank.example/out")
    await change(world, "old", frontchannel_logout_uri="https://old.example/out")
    person, tokens = await been_at(world, "shop", "bank")
    page = await leave(person.pages)

    at_shop, at_bank = [await sid(world, tokens[it]) for it in ("shop", "bank")]
    assert at_shop != at_bank
    assert sorted(frames(page)) == [
        f"https://bank.example/out?{ISS}&sid={at_bank}",
        f"{OUT}&{ISS}&sid={at_shop}",
    ]
    assert may_frame(page) == "frame-src https://bank.example https://shop.example"
    assert page.text.index(HERE) < page.text.index("Shop")
    assert "<script" not in page.text, "nothing to go on to"


@pytest.mark.anyio
@pytest.mark.protocol(90)
async def test_after_the_frames_the_way_goes_on_by_a_script_or_a_button(world: World) -> None:
    await change(world, "shop", frontchannel_logout_uri=OUT)
    person, tokens = await been_at(world, "shop")
    asked = {"id_token_hint": tokens["shop"], "post_logout_redirect_uri": SIGNED_OUT}
    answer = await person.get("/end-session", **asked, state="s&t")
    page = await person.pages.open(answer.headers["location"])

    assert frames(page) == [f"{OUT}&{ISS}&sid={await sid(world, tokens['shop'])}"]
    assert f'href="{SIGNED_OUT}?state=s%26t" rel="noreferrer" data-on' in page.text
    assert re.search(r"<script src=\"/static/signed-out\.\w+\.js\"", page.text)
    assert (
        (await person.authorize(prompt="none", scope="openid"))
        .headers["location"]
        .count("login_required")
    ), "the session has ended before the frames are shown"


@pytest.mark.anyio
async def test_where_nobody_has_to_be_framed_the_way_goes_on_at_once(world: World) -> None:
    await change(world, "bank", frontchannel_logout_uri="https://bank.example/out")
    person, tokens = await been_at(world, "shop")
    asked = {"id_token_hint": tokens["shop"], "post_logout_redirect_uri": SIGNED_OUT}
    answer = await person.get("/end-session", **asked)

    assert answer.headers["location"] == SIGNED_OUT


@pytest.mark.anyio
async def test_a_page_without_frames_may_frame_nothing(world: World) -> None:
    person, _ = await been_at(world, "shop")
    page = await leave(person.pages)

    assert (frames(page), may_frame(page)) == ([], "")


@pytest.mark.anyio
@pytest.mark.protocol(90)
async def test_of_two_people_in_one_browser_each_session_is_named(world: World) -> None:
    await change(world, "shop", frontchannel_logout_uri=OUT)
    person, first = await been_at(world, "shop")
    world.now += 1_000_000
    await person.sign_in(1)
    code = await person.code()
    second = (await exchange(world, code)).json()["id_token"]
    page = await leave(person.pages)

    named = {await sid(world, token) for token in (first["shop"], second)}
    assert len(named) == 2
    assert {frame.rpartition("sid=")[2] for frame in frames(page)} == named


@pytest.mark.anyio
async def test_a_disabled_service_is_told_and_a_registration_that_is_gone_is_not(
    world: World,
) -> None:
    await change(world, "shop", frontchannel_logout_uri=OUT)
    person, _ = await been_at(world, "shop", "bank")
    await world.house.parts.clients.disable("shop", world.now)
    page = await leave(person.pages)

    assert len(frames(page)) == 1


@pytest.mark.anyio
@pytest.mark.protocol(89)
async def test_discovery_says_that_services_can_be_told_in_frames(world: World) -> None:
    said = (await world.rp.get("/.well-known/openid-configuration")).json()

    assert said["frontchannel_logout_supported"] is True
    assert said["frontchannel_logout_session_supported"] is True


@pytest.mark.protocol(90)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_real_browser_loads_the_frames_and_then_goes_on(tmp_path: Path, scripts: bool) -> None:
    tokens: dict[str, str] = {}
    cookies: list[str] = []

    @asynccontextmanager
    async def opening(folder: Path) -> AsyncIterator[World]:
        async with open_world(folder) as world:
            await change(world, "shop", frontchannel_logout_uri=OUT)
            await change(world, "bank", frontchannel_logout_uri="https://bank.example/out")
            person, got = await been_at(world, "shop", "bank")
            tokens.update(got)
            cookies.append(str(person.http.cookies.get(BROWSER)))
            yield world

    heard: list[str] = []

    def elsewhere(route: Route) -> None:
        heard.append(route.request.url)
        route.fulfill(body="<!doctype html>bye", content_type="text/html")

    with (
        serve(tmp_path, opening) as port,
        open_browser(f"--host-resolver-rules=MAP *:443 127.0.0.1:{port}") as chromium,
    ):
        context = chromium.new_context(ignore_https_errors=True, java_script_enabled=scripts)
        context.add_cookies([{"name": BROWSER, "value": cookies[0], "url": ISSUER}])
        for host in ("shop", "bank"):
            context.route(f"https://{host}.example/**", elsewhere)
        page = context.new_page()
        page.goto(
            f"{ISSUER}/end-session?id_token_hint={tokens['shop']}&post_logout_redirect_uri={SIGNED_OUT}"
        )
        if not scripts:
            assert len(page.frames) == 3
            page.click("a[data-on]")
        expect(page).to_have_url(SIGNED_OUT)
        context.close()
    assert heard[-1] == SIGNED_OUT
    assert sorted(it.partition("?")[0] for it in heard[:-1]) == [
        "https://bank.example/out",
        "https://shop.example/out",
    ]
    assert all("sid=" in it for it in heard[:-1])
