"""The corpus, third part: what else is asked directly, and signing out.

RFC 6750; RFC 7009; RFC 7662; RFC 9126; OpenID Connect Core section 5.3; RP-Initiated Logout
section 2.
"""

from collections.abc import Mapping

from httpx2 import Response

from bench.beside.authorize import NONSENSE, Ask
from bench.beside.token import machine
from bench.beside.visitor import Visitor
from bench.side import ASKS


def said(path: str, **values: str) -> Ask:
    """To an endpoint by its name in discovery, as the client ``bench``."""
    return lambda it: it.post(it.place(path), values, ("bench", it.side.secret))


def nobody(path: str, **values: str) -> Ask:
    """As the one before, but nobody says who asks."""
    return lambda it: it.post(it.place(path), values)


def revoked(visitor: Visitor) -> Response:
    token = visitor.access_token()
    said("revocation_endpoint", token=token)(visitor)
    return visitor.userinfo(token)


def in_query(visitor: Visitor) -> Response:
    url = f"{visitor.url(visitor.side.userinfo)}?access_token={visitor.access_token()}"
    return visitor.http.get(url)


def machine_reads(visitor: Visitor) -> Response:
    return visitor.userinfo(machine()(visitor).json()["access_token"])


USERINFO: Mapping[str, Ask] = {
    "everything right": lambda it: it.userinfo(it.access_token()),
    "scheme in small letters": lambda it: it.userinfo(it.access_token(), "bearer"),
    "no token": lambda it: it.http.get(it.url(it.side.userinfo)),
    "nonsense": lambda it: it.userinfo(NONSENSE),
    "token in the body": lambda it: it.post(it.side.userinfo, {"access_token": it.access_token()}),
    "token in the query": in_query,
    "a token of client credentials": machine_reads,
    "scheme Basic": lambda it: it.http.get(it.url(it.side.userinfo), auth=("bench", "x")),
}

OTHERS: Mapping[str, Ask] = {
    "revocation, everything right, then userinfo": revoked,
    "revocation, unknown token": said("revocation_endpoint", token=NONSENSE),
    "revocation, no token": said("revocation_endpoint"),
    "revocation, nobody": nobody("revocation_endpoint", token=NONSENSE),
    "introspection, unknown token": said("introspection_endpoint", token=NONSENSE),
    "introspection, nobody": nobody("introspection_endpoint", token=NONSENSE),
    "pushed request, everything right": said("pushed_authorization_request_endpoint", **ASKS),
    "pushed request, wrong `redirect_uri`": said(
        "pushed_authorization_request_endpoint", **{**ASKS, "redirect_uri": "https://evil.example"}
    ),
    "pushed request, nobody": nobody("pushed_authorization_request_endpoint", **ASKS),
    "pushed request with a `request_uri`": said(
        "pushed_authorization_request_endpoint", **ASKS, request_uri="urn:x"
    ),
    "sign-out, nothing said": lambda it: it.get(it.place("end_session_endpoint")),
    "sign-out, hint nonsense": lambda it: it.get(
        it.place("end_session_endpoint"), id_token_hint=NONSENSE
    ),
    "sign-out, foreign way back": lambda it: it.get(
        it.place("end_session_endpoint"),
        client_id="bench",
        post_logout_redirect_uri="https://evil.example/",
    ),
    "key set": lambda it: it.get(it.side.jwks),
    "metadata of plain OAuth": lambda it: it.get("/.well-known/oauth-authorization-server"),
    "nothing there": lambda it: it.get("/nowhere"),
}
