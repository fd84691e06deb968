"""What every page and the sheet say about themselves. CSP Level 3; RFC 9700 section 4.16."""

import hashlib
import re
from base64 import b64encode

import pytest

from idp.pages.headers import source
from tests.idp.pages.front import at_the_door
from tests.world import World

pytestmark = pytest.mark.anyio

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
SAID = {
    "cache-control": "no-store",
    "content-type": "text/html; charset=utf-8",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@pytest.mark.parametrize("path", ["/signed-out", "/nowhere", "/authorize"])
async def test_a_page_is_not_framed_stored_or_scripted(world: World, path: str) -> None:
    page = await world.browser().http.get(path)

    assert SAID.items() <= dict(page.headers).items()
    assert page.headers["content-security-policy"] == POLICY
    assert "camera=()" in page.headers["permissions-policy"]


async def test_a_form_may_end_at_the_proven_address_alone(world: World) -> None:
    browser = await at_the_door(world)

    policy = browser.page.headers["content-security-policy"]
    assert policy.startswith(f"{POLICY} https://shop.example; ")


async def test_a_page_runs_the_scripts_that_it_names_and_no_others(world: World) -> None:
    page = await world.browser().open("/sign-in")
    [(path, integrity)] = re.findall(
        r'<script src="(/static/passkey\.[0-9a-f]{16}\.js)" integrity="sha256-([^"]+)" defer>',
        page.text,
    )

    script = await world.browser().http.get(path)

    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert b64encode(hashlib.sha256(script.content).digest()).decode() == integrity
    policy = page.headers["content-security-policy"]
    assert policy == f"{POLICY}; script-src https://id.example{path}; connect-src 'self'"


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("https://a.example/cb?x=1", "https://a.example"),
        ("http://localhost:8001/cb", "http://localhost:8001"),
        ("example.app:/cb", "example.app:"),
    ],
)
def test_an_address_is_named_by_its_origin(address: str, named: str) -> None:
    assert source(address) == named


async def test_the_sheet_is_kept_for_good_under_a_name_of_its_content(world: World) -> None:
    browser = await at_the_door(world)
    [sheet] = re.findall(
        r'<link rel="stylesheet" href="(/static/motcua\.[0-9a-f]{16}\.css)">', browser.page.text
    )

    answer = await browser.http.get(sheet)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    again = await browser.http.get(sheet, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_first_view_is_light_and_calls_nobody(world: World) -> None:
    browser = await at_the_door(world)
    links = re.findall(r'(?:href|src)="([^"]+)"', browser.page.text)
    files = [link for link in links if link.startswith("/static/")]

    weight = len(browser.page.content)
    for file in files:
        weight += len((await browser.http.get(file)).content)

    assert len(files) == 3
    assert weight < 50_000
    assert all(link.startswith(("/", "#")) for link in links)
