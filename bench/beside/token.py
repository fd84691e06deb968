"""The corpus, second part: token requests. RFC 6749 sections 3.2 and 5.2; RFC 7636 section 4.6."""

from collections.abc import Mapping

from httpx2 import Response

from bench.beside.authorize import NONSENSE, Ask
from bench.beside.visitor import Visitor
from bench.side import HOME, MACHINE_ASKS, REDEEMS


def redeemed(**changes: str | None) -> Ask:
    return lambda visitor: visitor.redeem(**changes)


def form(visitor: Visitor) -> dict[str, str]:
    return {**REDEEMS, "code": visitor.code()}


def replayed(visitor: Visitor) -> Response:
    once = form(visitor)
    visitor.token(once)
    return visitor.token(once)


def after_a_replay(visitor: Visitor) -> Response:
    """Of the first token, once its code has been used again."""
    once = form(visitor)
    token = visitor.token(once).json()["access_token"]
    visitor.token(once)
    return visitor.userinfo(token)


def of_another(visitor: Visitor) -> Response:
    return visitor.token(form(visitor), "bench-other")


def twice_proven(visitor: Visitor) -> Response:
    values = {**form(visitor), "client_id": "bench", "client_secret": visitor.side.secret}
    return visitor.token(values)


def by_body(visitor: Visitor) -> Response:
    values = {**form(visitor), "client_id": "bench", "client_secret": visitor.side.secret}
    return visitor.post(visitor.side.token, values)


def doubled(visitor: Visitor) -> Response:
    return visitor.token({**form(visitor), "code_verifier": ["a" * 43, "b" * 43]})


def as_json(visitor: Visitor) -> Response:
    auth = ("bench", visitor.side.secret)
    return visitor.http.post(visitor.url(visitor.side.token), json=form(visitor), auth=auth)


def machine(**changes: str) -> Ask:
    return lambda visitor: visitor.token({**MACHINE_ASKS, **changes}, "bench-machine")


TOKEN: Mapping[str, Ask] = {
    "everything right": redeemed(),
    "no client authentication": lambda it: it.post(it.side.token, form(it)),
    "wrong secret": lambda it: it.token(form(it), secret="wrong"),  # noqa: S106  it is wrong
    "unknown client": lambda it: it.token(form(it), "nobody"),
    "the secret in the body, registered for Basic": by_body,
    "the secret both ways": twice_proven,
    "no `grant_type`": redeemed(grant_type=None),
    "unknown `grant_type`": redeemed(grant_type="wish"),
    "a `grant_type` not registered": redeemed(grant_type="client_credentials"),
    "no `code`": redeemed(code=None),
    "unknown `code`": redeemed(code=NONSENSE),
    "no `redirect_uri`": redeemed(redirect_uri=None),
    "another `redirect_uri`": redeemed(redirect_uri=f"{HOME}/"),
    "no `code_verifier`": redeemed(code_verifier=None),
    "wrong `code_verifier`": redeemed(code_verifier="x" * 43),
    "`code_verifier` too short": redeemed(code_verifier="x"),
    "a parameter twice": doubled,
    "another client's code": of_another,
    "a code twice": replayed,
    "the first token, after that": after_a_replay,
    "GET": lambda it: it.get(it.side.token),
    "JSON in place of a form": as_json,
    "an unknown parameter": redeemed(weather="fine"),
    "client credentials": machine(),
    "client credentials, another scope": machine(scope="write"),
}
