"""Whatever host a request names, and with one slash too many: no answer takes anybody there.

RFC 9110 section 7.2: who asks writes the Host, so nothing that we say rests on it.
"""

import pytest
from httpx2 import AsyncClient, Response

from idp.pages.routes import ROUTES
from oidc.endpoints.table import TABLE
from tests.idp.pages.front import address
from tests.sample import ISSUER
from tests.world import World

pytestmark = pytest.mark.anyio

EVIL = "evil.example"
NAMED = (*(it.path for it in (*TABLE, *ROUTES)), "/healthz", "/readyz", "/static/motcua.css")
PATHS = [path for path in NAMED if path != "/"]
WITH_THE_FORM = {301, 302, 307, 308}  # a browser may send there what it sent here


async def asked(world: World, path: str, host: str = EVIL) -> list[Response]:
    """Each way that a browser has."""
    headers = {"host": host, "x-forwarded-host": host}
    async with AsyncClient(transport=world.transport, base_url=ISSUER, headers=headers) as http:
        return [await http.get(path), await http.post(path, data={"password": "a secret"})]


async def test_a_slash_too_many_is_a_page_that_is_not_there(world: World) -> None:
    found = {path: await asked(world, f"{path}/") for path in PATHS}
    odd = {
        path: (answer.status_code, answer.headers.get("location"))
        for path, answers in found.items()
        for answer in answers
        if answer.status_code != 404 or "location" in answer.headers
    }
    assert odd == {}


async def test_a_form_is_never_sent_on_nor_anybody_to_another_host(world: World) -> None:
    for path in NAMED:
        for answer in await asked(world, path):
            assert answer.status_code not in WITH_THE_FORM, path
            assert EVIL not in f"{answer.headers}{answer.text}", path


@pytest.mark.parametrize("path", [TABLE[-2].path, TABLE[-1].path, "/jwks", "/account", address()])
async def test_what_is_said_is_the_same_for_every_host(world: World, path: str) -> None:
    ours, theirs = [await asked(world, path, host) for host in ("id.example", EVIL)]
    assert [said(answer) for answer in ours] == [said(answer) for answer in theirs]


def said(answer: Response) -> tuple[int, str, str]:
    """All but the one-time value in an address."""
    where = answer.headers.get("location", "").partition("?i=")[0]
    return answer.status_code, where, answer.text
