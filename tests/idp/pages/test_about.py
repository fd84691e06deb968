"""What a service shows of itself where people sign in and decide, and where they begin there.

OpenID Connect Registration section 2 and Core section 4.
"""

import html
import re

import pytest

from clients.logos import LONGEST, fault
from store.micros import SECOND
from tests.idp.pages.front import at_the_door, before_the_decision, enter
from tests.oidc.front import change
from tests.png import png
from tests.world import World

POLICY, TERMS = "https://shop.example/privacy?a=1&b=2", "https://shop.example/terms"
HOME, LOGO = "https://shop.example/", "https://shop.example/logo.svg"
LINK = ' target="_blank" rel="noopener noreferrer nofollow"'
LOGIN = "https://shop.example/login?from=id"


async def registered(world: World) -> None:
    said = {"policy_uri": POLICY, "tos_uri": TERMS, "client_uri": HOME, "logo_uri": LOGO}
    await change(world, "shop", **said, initiate_login_uri=LOGIN)


@pytest.mark.anyio
@pytest.mark.protocol(24)
async def test_its_pages_are_linked_where_one_signs_in_and_where_one_decides(world: World) -> None:
    await registered(world)
    browser = await at_the_door(world)
    seen = [browser.page]
    await enter(browser)
    seen.append(browser.page)
    assert [page.url.path for page in seen] == ["/sign-in", "/decide"]
    for page in seen:
        for address in (POLICY, TERMS, HOME):
            assert f'<a href="{html.escape(address)}"{LINK}>' in page.text
        assert "logo.svg" not in page.text, "nobody has looked at it"
        assert "<img" not in page.text
        assert "img-src 'self';" in page.headers["content-security-policy"]


@pytest.mark.anyio
@pytest.mark.protocol(24)
async def test_an_approved_logo_is_shown_from_our_own_origin(world: World) -> None:
    await registered(world)
    logo = await world.house.parts.clients.logos.approve("shop", png(), world.now)
    world.now += 2 * SECOND
    browser = await at_the_door(world)
    shown = f'<img class="seal logo" src="/logo/{logo}.png" alt=""'
    assert shown in browser.page.text
    await enter(browser)
    assert shown in browser.page.text

    picture = await browser.http.get(f"/logo/{logo}.png")
    assert (picture.status_code, picture.content) == (200, png())
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert picture.headers["content-security-policy"].endswith("sandbox")

    await world.house.parts.clients.logos.approve("shop", png(64), world.now)
    assert (await browser.http.get(f"/logo/{logo}.png")).status_code == 404
    assert await world.house.parts.clients.logos.drop("shop", world.now)
    assert not await world.house.parts.clients.logos.drop("shop", world.now)
    assert [it["change"] for it in world.events() if it.get("client_id") == "shop"][-1] == "changed"


@pytest.mark.protocol(24)
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "it is no PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "it is no PNG"),
        (png() + b"<script>", "it is no PNG"),
        (png()[:20], "it is no PNG"),
        (png(47), "pixels"),
        (png(513), "pixels"),
        (png() + b"\0" * LONGEST, "octets"),
    ],
    ids=["nothing", "svg", "more", "less", "small", "large", "heavy"],
)
def test_what_is_no_small_png_is_no_logo(body: bytes, said: str) -> None:
    assert said in (fault(body) or "")
    assert fault(png()) is None


@pytest.mark.anyio
@pytest.mark.protocol(22)
async def test_a_person_begins_there_from_the_connected_services(world: World) -> None:
    await registered(world)
    browser = await before_the_decision(world)
    await browser.press("decision", "share")
    page = await browser.open("/account/services")
    [link] = re.findall(r'<a class="button quiet begins" href="([^"]+)" rel="([^"]+)"', page.text)
    assert html.unescape(link[0]) == f"{LOGIN}&iss=https%3A%2F%2Fid.example"
    assert link[1] == "noopener noreferrer"

    await world.house.parts.clients.disable("shop", world.now)
    world.now += 2 * SECOND
    assert "begins" not in (await browser.open("/account/services")).text
