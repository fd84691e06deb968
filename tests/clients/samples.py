"""Agencies and clients that tests begin with, each as it may be registered."""

from typing import Any

from clients.model import Agency, Client
from keys.secrets import digest
from tests.keys.samples import ec_key, public

NOON = 1_893_499_200_250_000
DIGEST = digest("a secret")
MINISTRY = Agency(
    agency_id="tax-department",
    names={"vi": "Cục Thuế", "en": "Tax Department"},
    domain="tax.gov.example",
)
PORTAL = Client(
    client_id="portal",
    client_name="Portal",
    client_names={"vi": "Cổng", "en": "Portal"},
    agency_id="tax-department",
    redirect_uris=("https://portal.gov.example/callback",),
    client_secret_digest=DIGEST,
)
TAX: dict[str, Any] = {
    "client_id": "tax",
    "token_endpoint_auth_method": "private_key_jwt",
    "client_secret_digest": "",
    "jwks": (public(ec_key()),),
}
NATIVE: dict[str, Any] = {
    "application_type": "native",
    "token_endpoint_auth_method": "none",
    "client_secret_digest": "",
}


def client(**changes: Any) -> Client:
    """The portal, changed, and made as a file would make it."""
    return Client.model_validate({**PORTAL.model_dump(), **changes})
