"""RFC 6265bis section 5.7: only a cookie that a browser keeps for us alone is ours."""

import pytest

from oidc.endpoints.cookies import BROWSER
from tests.oidc.front import Browser
from tests.world import World

pytestmark = pytest.mark.anyio
OURS = BROWSER.encode()


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        (b"%(name)s=%(value)s", True),
        (b"a=b; %(name)s=%(value)s ;c", True),
        (b"%(name)s=%(value)s; %(name)s=%(value)s", True),
        (b"\xa0%(name)s=%(value)s", False),
        (b"\x85%(name)s=%(value)s", False),
        (b"%(name)s\xa0=%(value)s", False),
        (b"%(name)s=%(value)s\xa0", False),
        (b"%(name)s=planted; %(name)s=%(value)s", False),
        (b"%(name)s=%(value)s; %(name)s=planted", False),
        (b"%(name)s=%(value)s; %(name)s=; %(name)s=%(value)s", False),
    ],
)
async def test_a_session_is_known_by_its_cookie(
    world: World, ada: Browser, sent: bytes, known: bool
) -> None:
    secret = ada.http.cookies.get(BROWSER)
    assert secret is not None
    cookie = sent % {b"name": OURS, b"value": secret.encode()}
    answer = await world.rp.get("/account", headers=[(b"cookie", cookie)])
    assert answer.status_code == (200 if known else 303)


async def test_it_does_not_matter_in_how_many_headers_cookies_come(
    world: World, ada: Browser
) -> None:
    secret = ada.http.cookies.get(BROWSER)
    ours, planted = f"{BROWSER}={secret}", f"{BROWSER}=planted"
    for others, status in (("a=b", 200), (planted, 303)):
        answer = await world.rp.get("/account", headers=[("cookie", others), ("cookie", ours)])
        assert answer.status_code == status
