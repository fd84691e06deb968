"""OAuth 2.0 Form Post Response Mode: answers that a page posts to the client."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from httpx2 import Response

from oidc.endpoints.cookies import BROWSER
from tests.browser import Forms
from tests.oidc.front import Browser, browser, exchange, why
from tests.oidc.values import CALLBACK, ISSUER
from tests.world import World

pytestmark = pytest.mark.anyio
MODE = {"response_mode": "form_post"}


def posted(answer: Response) -> dict[str, str]:
    """What the page would post, and that it says so in the right way."""
    assert answer.status_code == 200, answer.text
    assert "location" not in answer.headers
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    [form] = Forms(answer.text).found
    assert (form.action, form.method, form.buttons) == (CALLBACK, "post", [])
    return form.values


@pytest.mark.protocol(36, 39, 43)
@pytest.mark.parametrize("state", ["s", "ộ\"'<&>\t +%00", "s" * 4096])
async def test_a_code_is_posted(world: World, ada: Browser, state: str) -> None:
    said = posted(await ada.authorize(scope="openid", state=state, **MODE))

    assert said.keys() == {"code", "state", "iss"}
    assert (said["state"], said["iss"]) == (state, ISSUER)
    assert (await exchange(world, said["code"])).status_code == 200


@pytest.mark.protocol(38, 39, 41)
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"prompt": "none", "max_age": "0"}, "login_required"),
        ({"prompt": "none", "scope": "openid email"}, "consent_required"),
        ({"scope": "email"}, "invalid_scope"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"request": "x"}, "invalid_request_object"),
        ({"code_challenge": "x"}, "invalid_request"),
    ],
)
async def test_a_refusal_is_posted_too(
    world: World, ada: Browser, changes: dict[str, str | None], error: str
) -> None:
    world.now += 1
    said = posted(await ada.authorize(**{"scope": "openid", **changes}, **MODE))

    assert said.keys() == {"error", "error_description", "state", "iss"}
    assert said["error"] == error


@pytest.mark.protocol(28, 39)
async def test_nothing_is_posted_to_an_address_that_is_not_proven(ada: Browser) -> None:
    answer = await ada.authorize(redirect_uri="https://evil.example/cb", **MODE)

    assert answer.status_code == 400
    assert "evil.example" not in answer.text


@pytest.mark.protocol(39)
async def test_who_must_sign_in_first_is_posted_on_afterwards(world: World) -> None:
    ada = browser(world)
    page = (await ada.authorize(scope="openid", **MODE)).headers["location"]
    await ada.sign_in()

    said = posted(await ada.http.get(page.replace("/sign-in", "/authorize/resume")))

    assert (await exchange(world, said["code"])).status_code == 200


@pytest.mark.protocol(26, 39)
async def test_a_posted_request_is_posted_back(world: World, ada: Browser) -> None:
    query = {**MODE, "scope": "openid"}
    sent = dict((await ada.authorize(**query)).request.url.params)
    answer = await world.rp.post("/authorize", data=sent)

    assert "code" in posted(await ada.http.get(answer.headers["location"]))


@pytest.mark.protocol(39, 50)
@pytest.mark.parametrize("where", ["sign-in", "decide"])
async def test_who_cancels_is_posted_back(world: World, where: str) -> None:
    ada = browser(world)
    if where == "decide":
        await ada.sign_in()
    await ada.pages.open(str((await ada.authorize(**MODE)).headers["location"]))
    name, value = {"sign-in": ("action", "cancel"), "decide": ("decision", "refuse")}[where]

    await ada.pages.press(name, value)

    assert posted(ada.pages.page)["error"] == "access_denied"


@pytest.mark.protocol(39)
async def test_the_form_may_go_to_the_client_alone_and_one_script_sends_it(ada: Browser) -> None:
    answer = await ada.authorize(scope="openid", **MODE)

    policy = answer.headers["content-security-policy"].split("; ")
    assert "form-action https://shop.example" in policy
    [(path, integrity)] = re.findall(r'<script src="(.+?)" integrity="(.+?)" defer>', answer.text)
    assert re.fullmatch(r"/static/post\.[0-9a-f]{16}\.js", path)
    script = (await ada.http.get(path)).content
    assert integrity == f"sha256-{b64encode(sha256(script).digest()).decode()}"
    assert f"script-src {ISSUER}{path}" in policy
    assert "default-src 'none'" in policy
    assert "<button" in answer.text


@pytest.mark.protocol(39)
async def test_a_page_that_posts_remembers_nothing(world: World, ada: Browser) -> None:
    """Back and reload: the errand is over, and no second code comes of it."""
    world.now += 1
    page = (await ada.authorize(scope="openid", prompt="login", **MODE)).headers["location"]
    resume = page.replace("/sign-in", "/authorize/resume")
    world.now += 1
    await ada.sign_in()
    posted(await ada.http.get(resume))

    again = await ada.http.get(resume)

    assert again.status_code == 400
    assert 'data-error="interaction_expired"' in again.text
    assert why(world) == "no such interaction, or not in this browser"
    assert BROWSER in ada.http.cookies
