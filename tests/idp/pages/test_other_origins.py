"""What scripts of other origins may read of our pages: nothing. The Fetch standard section 3.2."""

import pytest

from tests.idp.pages.front import at_home
from tests.world import World

pytestmark = pytest.mark.anyio
PATHS = ("/", "/sign-in", "/account", "/sign-out", "/signed-out", "/static/x.css", "/logo/x.png")


@pytest.mark.protocol(119)
async def test_no_page_is_for_scripts_of_other_origins(world: World) -> None:
    browser = await at_home(world)
    asked = {"origin": "https://spa.example", "access-control-request-method": "POST"}
    for path in PATHS:
        for method in ("GET", "HEAD", "OPTIONS", "POST"):
            answer = await browser.http.request(method, path, headers=asked)
            assert not [name for name in answer.headers if name.startswith("access-control-")]
            assert answer.status_code < 500, (method, path)


@pytest.mark.protocol(119)
async def test_a_page_has_a_head_and_says_which_methods_it_takes(world: World) -> None:
    browser = await at_home(world)
    whole = await browser.http.get("/account")
    head = await browser.http.head("/account")
    assert (head.status_code, head.headers["content-type"]) == (200, whole.headers["content-type"])
    options = await browser.http.options("/account")
    assert (options.status_code, {*options.headers["allow"].split(", ")}) == (405, {"GET", "HEAD"})
