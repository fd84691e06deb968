"""A valid authorization request. RFC 6749 section 4.1.1; RFC 7636; OpenID Connect Core 3.1.2.1."""

import re

from pydantic import TypeAdapter

from clients.model import Client
from consent.policy import asked_claims, wanted
from consent.purposes import Purpose
from keys.ring import KeyRing
from oidc import claims, scopes
from oidc.authorize import offline, prompt
from oidc.authorize.challenge import challenge
from oidc.authorize.hint import subjects_of
from oidc.claims import AskedClaims
from oidc.errors import InvalidRequest, UnmetAuthenticationRequirements
from oidc.params import Params
from oidc.ports import Config
from store.micros import SECOND
from store.value import as_value

LONGEST = 4096
LONGEST_WISH = 256
_AGE = re.compile(r"[0-9]{1,10}")


@as_value(kw_only=True)
class AuthorizeRequest:
    """``claims``: what is asked at userinfo. ``wanted``: their attributes, and ``OFFLINE``.

    ``acr_values`` are wishes, of ``acr_needed`` one must be reached. ``subjects``: who may be
    meant; with none, anybody. ``max_age`` and ``received_at`` are microseconds. ``mark``: of a
    pushed one, what is claimed when it is completed.
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
    response_mode: str | None = None
    mark: str | None = None

    def dump(self) -> bytes:
        return _REQUEST.dump_json(self)

    @staticmethod
    def load(stored: bytes) -> "AuthorizeRequest":
        return _REQUEST.validate_json(stored)


_REQUEST = TypeAdapter(AuthorizeRequest)


@as_value(kw_only=True)
class Asker:
    """Whom a request is from, and what it is read against."""

    client: Client
    purpose: Purpose | None
    ring: KeyRing
    config: Config


def parse(params: Params, asker: Asker, now: int) -> AuthorizeRequest:
    asked, shown = claims.parse(params.get("claims")), prompt.parse(params.get("prompt"))
    scope = scopes.of_person(params.get("scope"), asker.client)
    scope = offline.heard(scope, shown, asker.purpose)
    names = asked_claims(scope, asked.userinfo)
    return AuthorizeRequest(
        client_id=asker.client.client_id,
        redirect_uri=params.need("redirect_uri"),
        state=short(params, "state"),
        nonce=short(params, "nonce"),
        scope=scope,
        claims=names,
        wanted=wanted(names, asker.purpose) | offline.wanted(scope),
        prompt=shown,
        max_age=max_age(params.get("max_age"), asker.client),
        code_challenge=challenge(params, asker.client),
        acr_values=wishes(params, asked, asker),
        acr_needed=reachable(asked, asker.config),
        subjects=subjects_of(params.get("id_token_hint"), asked.subjects, asker.ring),
        login_hint=wish(params, "login_hint"),
        ui_locales=wish(params, "ui_locales"),
        received_at=now,
        response_mode=params.get("response_mode"),
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


def wishes(params: Params, asked: AskedClaims, asker: Asker) -> tuple[str, ...]:
    """Of the values that our authenticators reach; what is no value of ours is no wish."""
    said = (*(params.get("acr_values") or "").split(), *asked.acr_wished)
    said = said or asker.client.default_acr_values
    return tuple([value for value in said if value in asker.config.acr_values]) if said else ()


def reachable(asked: AskedClaims, config: Config) -> frozenset[str]:
    """OpenID Connect Core section 5.5.1.1: what no authenticator of ours reaches is refused."""
    needed = asked.acr_needed.intersection(config.acr_values)
    if asked.acr_needed and not needed:
        raise UnmetAuthenticationRequirements("none of the acr values can be reached")
    return needed
