"""Who there is in the world of a test: people, agencies, what they may ask and why."""

from typing import Any

from joserfc.jwk import ECKey

from clients.model import Agency, Client
from consent.catalogue import LANGUAGES
from consent.purposes import Purpose
from idp.accounts.person import Person
from idp.authentication.enrol import Enrolment
from idp.parts import Parts
from keys.secrets import digest

ISSUER = "https://id.example"
CALLBACK = "https://shop.example/cb"
SIGNED_OUT = "https://shop.example/bye"
POST_SECRET = "100% säker"

ADA = Person(
    identifier="001315000018",
    password="analytical engines weave",
    phone_number="+84600001815",
    email="ada@example.org",
    nickname="Countess",
    preferred_username="ada.l",
    profile="https://people.example/ada",
    picture="https://people.example/ada.png",
    website="https://ada.example/",
    locale="en-GB",
    zoneinfo="Europe/London",
)
BAO = Person(identifier="001090000026", password="mưa rơi trên mái tôn")
STRANGER = "001099000099"  # has no account

REGISTER = (
    {
        "name": {
            "value": {
                "name": "Ada Lovelace",
                "family_name": "Lovelace",
                "middle_name": "King",
                "given_name": "Ada",
            },
            "updated_at": "2021-05-02",
            "status": "current",
        },
        "birthdate": {"value": "1990-12-10", "updated_at": "2021-05-02", "status": "current"},
        "sex": {"value": "female", "updated_at": "2021-05-02", "status": "current"},
        "id_number": {"value": ADA.identifier, "updated_at": "2021-05-02", "status": "current"},
        "address_permanent": {
            "value": {"formatted": "12 Ockham Park, Surrey", "locality": "Surrey", "country": "GB"},
            "updated_at": "2021-05-02",
            "status": "current",
        },
    },
)

PERSONAL = (
    "Lovelace",
    "1990-12-10",
    "Ockham",
    *(word for person in (ADA, BAO) for word in (person.identifier, person.password)),
    "ada@example.org",
    "+84600001815",
    "Countess",
    "ada.l",
    "people.example/ada",
    "Europe/London",
)
"""What must be in no event and no log."""

TAX_KEY = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
EVERYTHING = "openid profile email phone address"
WORDS = dict.fromkeys(LANGUAGES, "words")


def purpose(purpose_id: str, *cells: tuple[str, str, str]) -> Purpose:
    return Purpose.model_validate(
        {
            "purpose_id": purpose_id,
            "titles": WORDS,
            "descriptions": WORDS,
            "data_life": WORDS,
            "refusal": WORDS,
            "access": "recurring",
            "max_duration_days": 30,
            "cells": [
                {"attr_id": attr_id, "necessity": necessity, "basis": basis, "why": WORDS}
                for attr_id, necessity, basis in cells
            ],
        }
    )


DELIVERY = purpose(
    "delivery",
    ("person.name", "required", "request"),
    ("person.birthdate", "optional", "consent"),
    ("person.email", "optional", "consent"),
    ("person.phone", "optional", "consent"),
)
REFUND = purpose(
    "refund",
    ("person.name", "required", "request"),
    ("person.id_number", "required", "request"),
    ("person.address.permanent", "optional", "consent"),
)
PURPOSES = (DELIVERY, REFUND)

TRADE = Agency(
    agency_id="trade",
    names={"vi": "Bộ Thương mại", "en": "Trade", "ar": "وزارة التجارة"},
    domain="shop.example",
)
TREASURY = Agency(
    agency_id="treasury", names={"vi": "Kho bạc", "en": "the Treasury"}, domain="tax.example"
)
AGENCIES = (TRADE, TREASURY)


def client(client_id: str, **changes: Any) -> Client:
    """A public client of Trade, except for what is said."""
    said: dict[str, Any] = {
        "client_id": client_id,
        "client_name": client_id.title(),
        "agency_id": TRADE.agency_id,
        "redirect_uris": (CALLBACK,),
        "post_logout_redirect_uris": (SIGNED_OUT,),
        "token_endpoint_auth_method": "none",
        "scope": EVERYTHING,
        "purpose_id": DELIVERY.purpose_id,
    }
    return Client(**{**said, **changes})


SHOP = client("shop")
BANK = client("bank", agency_id="treasury")
CLERK = client("clerk", grant_types=frozenset({"client_credentials"}))
POST = client(
    "post office",
    token_endpoint_auth_method="client_secret_basic",
    client_secret_digest=digest(POST_SECRET),
    require_pkce=False,
)
COUNTER = client(
    "counter",
    token_endpoint_auth_method="client_secret_post",
    client_secret_digest=digest(POST_SECRET),
)
TAX = client(
    "tax",
    agency_id="treasury",
    purpose_id=REFUND.purpose_id,
    token_endpoint_auth_method="private_key_jwt",
    grant_types=frozenset({"authorization_code", "client_credentials"}),
    jwks=(TAX_KEY.as_dict(private=False),),
)
COURT = TAX.model_copy(
    update={
        "client_id": "court",
        "profile": "fapi2",
        "require_pushed_authorization_requests": True,
    }
)
OLD = client("old", id_token_signed_response_alg="RS256")
REFRESHING = frozenset({"authorization_code", "refresh_token"})
APP = client("app", grant_types=REFRESHING)
DESK = client(
    "desk",
    token_endpoint_auth_method="client_secret_basic",
    client_secret_digest=digest(POST_SECRET),
    grant_types=REFRESHING,
)
ARCHIVE_ADDRESS = "https://archive.example"
ARCHIVE = client(
    "archive",
    token_endpoint_auth_method="client_secret_basic",
    client_secret_digest=digest(POST_SECRET),
    grant_types=frozenset({"client_credentials"}),
    scope="look",
    protected_resource=ARCHIVE_ADDRESS,
)
CLIENTS = (SHOP, BANK, CLERK, POST, COUNTER, TAX, COURT, OLD, APP, DESK, ARCHIVE)


async def furnish(parts: Parts, now: int) -> None:
    """What every world begins with."""
    await parts.clients.apply(AGENCIES, CLIENTS, now)
    await parts.purposes.apply(PURPOSES, now)
    for person in (ADA, BAO):
        await Enrolment(parts).add(person, now)
