"""Who may read the register: the provider it is paired with, for a reason that is named.

RFC 9068 (the token), RFC 7517 (the provider's keys), RFC 6750 section 3 (its refusals).
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request

ALGORITHMS = ("ES256",)
TYPE = "register-access+jwt"  # so that no token meant for somebody else opens the register
LONGEST = 120  # seconds; the provider says sixty
LEEWAY = 10
REASON = ("nid-txn", "nid-purpose", "nid-basis", "nid-on-behalf")
_SAYABLE = re.compile(r"[A-Za-z0-9_:., -]{1,200}")

Keys = Callable[[], Awaitable[KeySet]]
"""Fetches the provider's key set, anew at each call."""


class Refusal(Exception):
    """What a reader is told instead of values."""

    status = 401
    error = "invalid_token"
    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class NotTheProvider(Refusal):
    """The token is not the provider's, is for another register, or is too old."""


class NoReason(Refusal):
    """The reason for reading is missing, or is not one that can be logged."""

    status, error, headers = 400, "no_reason", {}


class Unavailable(Refusal):
    """For now; above all when the provider's keys cannot be had."""

    status, error, headers = 503, "unavailable", {"Retry-After": "5"}


def wall_clock() -> int:
    """Seconds since 1970."""
    return int(time.time())


@dataclass(frozen=True, slots=True)
class Pairing:
    """What a register and its provider agreed on. ``pairing_key`` makes the pseudonyms."""

    issuer: str
    register_id: str
    pairing_key: str
    keys: Keys
    clock: Callable[[], int] = wall_clock


class Gate:
    """Knows the provider's keys after the first question, and asks again for one it never saw."""

    def __init__(self, pairing: Pairing) -> None:
        self._pairing = pairing
        self._keys: KeySet | None = None

    async def admit(self, request: Request) -> dict[str, str]:
        """The reason for this reading, in the words of its headers; or a ``Refusal``."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise NotTheProvider
        self._check(await self._read(token))
        return reason(request)

    async def _read(self, token: str) -> jwt.Token:
        try:
            if self._keys is None:
                self._keys = await self._pairing.keys()
            try:
                return jwt.decode(token, self._keys, algorithms=ALGORITHMS)
            except InvalidKeyIdError:
                self._keys = await self._pairing.keys()
                return jwt.decode(token, self._keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError) as error:
            raise NotTheProvider from error

    def _check(self, token: jwt.Token) -> None:
        pairing = self._pairing
        issuer = {"essential": True, "value": pairing.issuer}
        rules = jwt.JWTClaimsRegistry(
            now=pairing.clock(),
            leeway=LEEWAY,
            iss=issuer,  # type: ignore[arg-type]  # an option is a plain dictionary
            sub=issuer,  # type: ignore[arg-type]  # as above
            exp={"essential": True},
            iat={"essential": True},
            jti={"essential": True},
        )
        try:
            rules.validate(token.claims)
        except JoseError as error:
            raise NotTheProvider from error
        if token.header.get("typ") != TYPE or token.claims.get("aud") != pairing.register_id:
            raise NotTheProvider
        if token.claims["exp"] - token.claims["iat"] > LONGEST:
            raise NotTheProvider


def reason(request: Request) -> dict[str, str]:
    said = {name.removeprefix("nid-"): request.headers.get(name, "") for name in REASON}
    if not all(_SAYABLE.fullmatch(text) for text in said.values()):
        raise NoReason
    return said
