"""What a service says of itself beside its name: its logo, and the pages that it links to.

OpenID Connect Registration section 2 (``logo_uri``, ``policy_uri``, ``tos_uri``, ``client_uri``);
Core section 4 (``initiate_login_uri``).
"""

from collections.abc import Mapping

from clients.model import Client
from idp.pages.languages import Language
from idp.pages.service.logo import path
from idp.pages.values import named
from oidc.authorize.redirect import added


def about(client: Client, language: Language) -> Mapping[str, str]:
    """How pages name it, and where more can be read; what it has not registered is empty."""
    return {
        **named(client, language),
        "logo": path(client.logo),
        "home": client.client_uri or "",
        "policy": client.policy_uri or "",
        "terms": client.tos_uri or "",
    }


def begins_at(client: Client, issuer: str) -> str:
    """Where a person who comes from us begins to sign in there; empty if nobody can."""
    return (
        added(client.initiate_login_uri or "", {"iss": issuer}) if client.initiate_login_uri else ""
    )
