"""A valid authorization request. RFC 6749 section 4.1.1; RFC 7636; OpenID Connect Core 3.1.2.1."""

import re
from dataclasses import dataclass

from pydantic import TypeAdapter

from clients.model import Client
from consent.policy import asked_claims, wanted
from consent.purposes import Purpose
from keys.ring import KeyRing
from oidc import claims, scopes
from oidc.authorize import prompt
from oidc.authorize.hint import subjects_of
from oidc.claims import AskedClaims
from oidc.errors import InvalidRequest, UnmetAuthenticationRequirements
from oidc.params import Params
from oidc.ports import Config
from store.micros import SECOND

LONGEST = 4096
LONGEST_WISH = 256
_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_AGE = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeRequest:
    """``claims``: what is asked at userinfo. ``wanted``: the attributes behind them.

    ``acr_values`` are wishes, of ``acr_needed`` one must be reached. ``subjects``: who may be
    meant; with none, anybody. ``max_age`` and ``received_at`` are microseconds.
    """

    client_id: str
    redirect_uri: str
    state: str | None
    nonce: str | None
    scope: frozenset[str]
    claims: frozenset[str]
    wanted: frozenset[str]
    prompt: frozenset[str]
    max_age: int | None
    code_challenge: str | None
    acr_values: tuple[str, ...]
    acr_needed: frozenset[str]
    subjects: frozenset[str]
    login_hint: str | None
    ui_locales: str | None
    received_at: int

    def dump(self) -> bytes:
        return _REQUEST.dump_json(self)

    @staticmethod
    def load(stored: bytes) -> "AuthorizeRequest":
        return _REQUEST.validate_json(stored)


_REQUEST = TypeAdapter(AuthorizeRequest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Whom a request is from, and what it is read against."""

    client: Client
    purpose: Purpose | None
    ring: KeyRing
    config: Config


def parse(params: Params, asker: Asker, now: int) -> AuthorizeRequest:
    asked = claims.parse(params.get("claims"))
    scope = scopes.of_person(params.get("scope"), asker.client)
    names = asked_claims(scope, asked.userinfo)
    return AuthorizeRequest(
        client_id=asker.client.client_id,
        redirect_uri=params.need("redirect_uri"),
        state=short(params, "state"),
        nonce=short(params, "nonce"),
        scope=scope,
        claims=names,
        wanted=wanted(names, asker.purpose),
        prompt=prompt.parse(params.get("prompt")),
        max_age=max_age(params.get("max_age"), asker.client),
        code_challenge=challenge(params, asker.client),
        acr_values=(*(params.get("acr_values") or "").split(), *asked.acr_wished),
        acr_needed=reachable(asked, asker.config),
        subjects=subjects_of(params.get("id_token_hint"), asked.subjects, asker.ring),
        login_hint=wish(params, "login_hint"),
        ui_locales=wish(params, "ui_locales"),
        received_at=now,
    )


def short(params: Params, name: str) -> str | None:
    """Kept and returned byte for byte, or refused: never cut."""
    value = params.get(name)
    if value is not None and len(value.encode()) > LONGEST:
        raise InvalidRequest(f"{name} is too long", public=f"Parameter {name} is too long.")
    return value


def wish(params: Params, name: str) -> str | None:
    """OpenID Connect Core section 3.1.2.1: a hint never is an error."""
    value = params.get(name)
    return value if value is not None and len(value) <= LONGEST_WISH else None


def max_age(value: str | None, client: Client) -> int | None:
    if value is None:
        default = client.default_max_age
        return None if default is None else default * SECOND
    if not _AGE.fullmatch(value):
        raise InvalidRequest("max_age is no number", public="Parameter max_age is malformed.")
    return int(value) * SECOND


def challenge(params: Params, client: Client) -> str | None:
    """RFC 7636 section 4.4.1; RFC 9700 section 2.1.1: S256 only; no method means ``plain``."""
    value, method = params.get("code_challenge"), params.get("code_challenge_method")
    if value is None and method is None and not client.require_pkce:
        return None
    if value is None:
        raise InvalidRequest("no code_challenge", public="Parameter code_challenge is missing.")
    if method != "S256":
        raise InvalidRequest("not S256", public="The code challenge method must be S256.")
    if not _CHALLENGE.fullmatch(value):
        raise InvalidRequest("bad code_challenge", public="The code challenge is malformed.")
    return value


def reachable(asked: AskedClaims, config: Config) -> frozenset[str]:
    """OpenID Connect Core section 5.5.1.1: what no authenticator of ours reaches is refused."""
    needed = asked.acr_needed & set(config.acr_values)
    if asked.acr_needed and not needed:
        raise UnmetAuthenticationRequirements("none of the acr values can be reached")
    return needed
