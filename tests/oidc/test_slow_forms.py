"""Who sends a form slowly is judged by the time at which the last of it came."""

from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

import pytest
from httpx2 import AsyncClient, Response

from oidc.client_auth.assertion import TYPE
from store.micros import DAY, HOUR, MINUTE, SECOND
from tests.browser import Forms
from tests.oidc.front import browser, userinfo
from tests.oidc.test_private_key_jwt import statement
from tests.oidc.values import CALLBACK, VERIFIER
from tests.world import World

pytestmark = pytest.mark.anyio
FORM = {"content-type": "application/x-www-form-urlencoded"}


async def post(
    world: World, http: AsyncClient, path: str, form: Mapping[str, str], *, over: int
) -> Response:
    """``over`` so many microseconds."""

    async def pieces() -> AsyncIterator[bytes]:
        whole = urlencode(form).encode()
        yield whole[:5]
        world.now += over
        yield whole[5:]

    return await http.post(path, content=pieces(), headers=FORM)


@pytest.mark.parametrize(("over", "status"), [(59 * SECOND, 200), (75 * SECOND, 400)])
async def test_a_code_lives_no_longer(world: World, over: int, status: int) -> None:
    ada = browser(world)
    await ada.sign_in()
    form = {
        "grant_type": "authorization_code",
        "client_id": "shop",
        "code": await ada.code(),
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    answer = await post(world, world.rp, "/token", form, over=over)
    assert answer.status_code == status


@pytest.mark.parametrize(("over", "status"), [(4 * MINUTE, 200), (330 * SECOND, 401)])
async def test_an_access_token_lives_no_longer(world: World, over: int, status: int) -> None:
    ada = browser(world)
    await ada.sign_in()
    token = (await ada.tokens())["access_token"]
    assert (await userinfo(world, token)).status_code == 200
    answer = await post(world, world.rp, "/userinfo", {"access_token": token}, over=over)
    assert answer.status_code == status


@pytest.mark.parametrize(("over", "status"), [(MINUTE, 200), (10 * MINUTE, 401)])
async def test_a_statement_of_a_client_lives_no_longer(
    world: World, over: int, status: int
) -> None:
    form = {"client_assertion_type": TYPE, "client_assertion": statement(), "token": "x"}
    answer = await post(world, world.rp, "/revoke", form, over=over)
    assert answer.status_code == status


@pytest.mark.parametrize(("before", "to"), [(0, "/account/devices"), (29 * DAY + HOUR, "/sign-in")])
async def test_a_session_lives_no_longer(world: World, before: int, to: str) -> None:
    ada = browser(world)
    await ada.sign_in()
    world.now += before
    await ada.pages.open("/account/devices")
    form = {**Forms(ada.pages.page.text).found[-1].values, "session": "all"}
    answer = await post(world, ada.http, "/account/devices", form, over=DAY - MINUTE)
    assert (answer.status_code, answer.headers["location"]) == (303, to)
