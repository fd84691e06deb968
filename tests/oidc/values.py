"""Values that the tests of the engine's thinking share."""

from typing import Any
from urllib.parse import urlencode

from clients.model import Client
from consent.catalogue import LANGUAGES
from consent.model import Record
from consent.purposes import Cell, Purpose
from keys.ring import KeyRing
from oidc import pkce
from oidc.authorize.request import Asker, AuthorizeRequest, parse
from oidc.params import Params
from oidc.ports import Config
from oidc.standing import Session
from store.micros import MINUTE, SECOND
from tests.keys.samples import new_ring

NOON = 1_893_499_200 * SECOND + 250_000  # 1 January 2030, a quarter of a second past twelve
HOUR = 60 * MINUTE
ISSUER = "https://id.example"
CALLBACK = "https://shop.example/cb"
VERIFIER = "v" * 43
CONFIG = Config(issuer=ISSUER)
RING: KeyRing = new_ring()
WORDS = dict.fromkeys(LANGUAGES, "words")

SHOP = Client(
    client_id="shop",
    client_name="Shop",
    agency_id="trade",
    redirect_uris=(CALLBACK,),
    token_endpoint_auth_method="none",
    scope="openid profile email phone address",
    purpose_id="delivery",
)
DELIVERY = Purpose(
    purpose_id="delivery",
    titles=WORDS,
    descriptions=WORDS,
    data_life=WORDS,
    refusal=WORDS,
    access="recurring",
    max_duration_days=30,
    cells=(
        Cell(attr_id="person.name", necessity="required", basis="request", why=WORDS),
        Cell(attr_id="person.email", necessity="optional", basis="consent", why=WORDS),
    ),
)
NAME, EMAIL = frozenset({"person.name"}), frozenset({"person.email"})

QUERY = {
    "client_id": "shop",
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid profile email",
    "state": "s",
    "nonce": "n",
    "code_challenge": pkce.challenge(VERIFIER),
    "code_challenge_method": "S256",
}


def params(**changes: str | None) -> Params:
    said = {name: value for name, value in {**QUERY, **changes}.items() if value is not None}
    return Params.read(urlencode(said).encode())


def asker(config: Config = CONFIG, **changes: Any) -> Asker:
    client = SHOP.model_copy(update=changes)
    return Asker(client=client, purpose=DELIVERY, ring=RING, config=config)


def asked(**changes: str | None) -> AuthorizeRequest:
    """A valid request, received at noon."""
    return parse(params(**changes), asker(), NOON)


def session(**changes: Any) -> Session:
    """Ada's: she signed in an hour ago."""
    known: dict[str, Any] = {
        "session_id": "session-1",
        "account_id": "account-1",
        "subject": "s-1",
        "sid": "sid-1",
        "auth_time": NOON - HOUR,
        "acr": "urn:nid:acr:1",
        "amr": ("pwd",),
        "ends_at": NOON + HOUR,
    }
    return Session(**{**known, **changes})


def record(**changes: Any) -> Record:
    """She was asked for both an hour ago and allowed her name."""
    known: dict[str, Any] = {
        "record_id": "record-1",
        "account_id": "account-1",
        "client_id": "shop",
        "purpose_id": "delivery",
        "purpose_version": 1,
        "asked": NAME | EMAIL,
        "allowed": NAME,
        "given_at": NOON - HOUR,
        "expires_at": NOON + HOUR,
    }
    return Record(**{**known, **changes})
