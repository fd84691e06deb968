"""Whoever takes a token and acts on it: each says whether it took this one. RFC 8725 section 3.12.

A refusal is the one that the reader's specification has, or the test fails there and then.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from httpx2 import Response

from examples.agency.logout import NoLogoutToken, read
from oidc.registration.messages import PATH
from store.micros import seconds
from tests.oidc.front import Browser, answered, browser, exchange, userinfo
from tests.oidc.objects import OUTSIDE
from tests.oidc.registering import bearer, post
from tests.oidc.test_introspect import is_active
from tests.oidc.test_private_key_jwt import show
from tests.oidc.values import ISSUER
from tests.sample import SIGNED_OUT

Takes = Callable[[Browser, str], Awaitable[bool]]


async def hint(ada: Browser, token: str) -> bool:
    """``id_token_hint`` of an authorization request."""
    asked = await ada.authorize(scope="openid", prompt="none", id_token_hint=token)
    said = answered(asked)
    return "code" in said or refused(said["error"], "invalid_request")


async def farewell(ada: Browser, token: str) -> bool:
    """``id_token_hint`` of an end-session request, in a browser in which nobody is signed in."""
    asked = {"id_token_hint": token, "post_logout_redirect_uri": SIGNED_OUT}
    there = (await browser(ada.world).get("/end-session", **asked)).headers["location"]
    return bool(there == SIGNED_OUT) or refused(there, "/signed-out")


async def opened(ada: Browser, token: str) -> bool:
    """Userinfo."""
    answer = await userinfo(ada.world, token)
    return answer.status_code == 200 or refused(answer.json()["error"], "invalid_token")


async def active(ada: Browser, token: str) -> bool:
    """Introspection, by who guards the archive."""
    return await is_active(ada.world, token)


async def revoked(ada: Browser, token: str) -> bool:
    """Revocation, by the client shop: most are answered alike, so look at what it did."""
    ada.world.sql.execute('UPDATE "grant" SET ended_at = NULL')
    answer = await ada.world.rp.post("/revoke", data={"token": token, "client_id": "shop"})
    if answer.status_code != 200:  # it is another client's
        return refused(answer.json()["error"], "invalid_grant")
    return bool(ada.world.rows('SELECT count(*) FROM "grant" WHERE ended_at IS NOT NULL')[0])


async def proven(ada: Browser, token: str) -> bool:
    """``client_assertion`` of the client tax."""
    return known(await show(ada.world, token, client_id="tax"))


def known(answer: Response) -> bool:
    """Whose statement is good gets as far as the code, which is none."""
    error = answer.json()["error"]
    return error == "invalid_grant" or refused(error, "invalid_client")


async def asked(ada: Browser, token: str) -> bool:
    """``request`` of an authorization request of the client tax."""
    answer = answered(await ada.get("/authorize", **OUTSIDE, request=token))
    return "code" in answer or refused(answer["error"], "invalid_request_object")


async def redeemed(ada: Browser, token: str) -> bool:
    """``code`` of a token request."""
    answer = await exchange(ada.world, token)
    return answer.status_code == 200 or refused(answer.json()["error"], "invalid_grant")


async def renewed(ada: Browser, token: str) -> bool:
    """``refresh_token`` of a token request of the client app."""
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "app"}
    answer = await ada.world.rp.post("/token", data=form)
    return answer.status_code == 200 or refused(answer.json()["error"], "invalid_grant")


async def named(ada: Browser, token: str) -> bool:
    """``request_uri`` of an authorization request of the client shop."""
    answer = await ada.get("/authorize", client_id="shop", request_uri=token)
    return answer.is_redirect or refused(str(answer.status_code), "400")


async def invited(ada: Browser, token: str) -> bool:
    """The initial access token of a registration."""
    return registered(await post(ada.world, token=token), "invalid_token")


async def managed(ada: Browser, token: str) -> bool:
    """The registration access token of who registered first."""
    first = "SELECT client_id FROM registration ORDER BY rowid LIMIT 1"
    [client_id] = ada.world.rows(first)
    address = f"{PATH}?client_id={client_id}"
    answer = await ada.world.rp.get(address, headers=bearer(token))
    return answer.status_code == 200 or refused(answer.json()["error"], "invalid_token")


async def believed(ada: Browser, token: str) -> bool:
    """The software statement of a registration."""
    answer = await post(ada.world, software_statement=token)
    unknown = answer.json().get("error") == "unapproved_software_statement"
    return not unknown and registered(answer, "invalid_software_statement")


def registered(answer: Response, otherwise: str) -> bool:
    return answer.status_code == 201 or refused(answer.json()["error"], otherwise)


async def heard(ada: Browser, token: str) -> bool:
    """By the agency of our demonstration, as what says that a session of shop's has ended."""
    jwks = (await ada.world.rp.get("/jwks")).json()
    try:
        read(token, jwks, issuer=ISSUER, client_id="shop", now=seconds(ada.world.now))
    except NoLogoutToken:
        return False
    return True


def refused(said: str, meant: str) -> bool:
    assert said == meant, said
    return False


READERS: Mapping[str, Takes] = MappingProxyType(
    {
        "hint": hint,
        "hint at the end": farewell,
        "userinfo": opened,
        "introspection": active,
        "revocation": revoked,
        "assertion": proven,
        "request object": asked,
        "code": redeemed,
        "refresh": renewed,
        "request_uri": named,
        "invitation": invited,
        "management": managed,
        "software statement": believed,
        "agency": heard,
    }
)
