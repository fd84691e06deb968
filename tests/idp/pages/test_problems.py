"""What goes wrong is a page that says what to do next. WCAG 2.2, 3.3.1 and 3.3.3."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idp.pages.routes import ROUTES
from idp.pages.words.problems import PROBLEMS
from oidc.authorize.pushed import PREFIX
from tests.idp.pages.front import ENGLISH, address, at_home
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("path", "status", "code", "words"),
    [
        ("/nowhere", 404, "not_found", "There is nothing here"),
        ("/static/motcua.css", 404, "not_found", "There is nothing here"),
        ("/account/nowhere", 404, "not_found", "There is nothing here"),
        ("/decide", 400, "invalid_request", "We could not read that"),
        ("/decide?i=x", 400, "interaction_expired", "This took too long"),
        ("/sign-in?i=x", 400, "interaction_expired", "This took too long"),
        ("/sign-in?i=x&i=y", 400, "invalid_request", "We could not read that"),
        (address(request_uri=f"{PREFIX}x"), 400, "invalid_request_uri", "Start again at the"),
        (address(client_id="nobody"), 400, "invalid_client", "This link does not work"),
        (address(redirect_uri="https://evil.example"), 400, "invalid_request", "does not work"),
    ],
)
async def test_a_problem_is_a_page(
    world: World, path: str, status: int, code: str, words: str
) -> None:
    page = await world.browser().open(path, ENGLISH)

    assert page.status_code == status
    assert f'<body data-error="{code}">' in page.text
    assert words in page.text
    assert "What you can do" in page.text
    assert "evil" not in page.text


async def test_what_strangers_write_into_an_address_is_told_to_nobody(world: World) -> None:
    await world.browser().open("/Lovelace")

    assert [refused.endpoint for refused in world.watch.refused] == ["elsewhere"]


async def test_a_method_that_is_not_taken_says_which_are(world: World) -> None:
    browser = await at_home(world)

    page = await browser.http.put("/account")

    assert page.status_code == 405
    assert set(page.headers["allow"].split(", ")) == {"GET", "HEAD"}


async def test_every_page_can_be_asked_for_its_head(world: World) -> None:
    browser = await at_home(world)

    page = await browser.http.head("/account")

    assert (page.status_code, page.content) == (200, b"")


async def test_a_body_that_is_no_form_is_refused(world: World) -> None:
    page = await world.browser().http.post("/sign-in", json={"action": "password"})

    assert page.status_code == 400


async def test_a_form_too_long_to_be_ours_is_refused(world: World) -> None:
    page = await world.browser().send("/sign-in", [("identifier", "1" * 70_000)])

    assert page.status_code == 413


async def test_each_problem_is_said_in_every_language(world: World) -> None:
    assert len({problem.title for problem in PROBLEMS.values()}) == len(PROBLEMS)


ADDRESSES = st.sampled_from([route.path for route in ROUTES])
FIELDS = st.sampled_from(
    ["i", "csrf", "action", "decision", "item", "identifier", "password", "record", "session"]
)
TEXTS = st.binary(max_size=40).map(lambda raw: "".join(f"%{byte:02x}" for byte in raw))
FORMS = st.lists(st.tuples(FIELDS, TEXTS), max_size=6).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs).encode()
)
KIND = {"content-type": "application/x-www-form-urlencoded"}


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(path=ADDRESSES, query=FORMS, body=FORMS | st.binary(max_size=200))
async def test_any_bytes_are_answered_and_change_nothing(
    world: World, path: str, query: bytes, body: bytes
) -> None:
    browser = world.browser()

    for page in (
        await browser.http.get(f"{path}?{query.decode()}"),
        await browser.http.post(f"{path}?{query.decode()}", content=body, headers=KIND),
    ):
        assert page.status_code < 500
    assert world.rows("SELECT count(*) FROM session") == [0]
