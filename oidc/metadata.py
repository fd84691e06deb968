"""What the provider says of itself, read from the tables that do the work.

OpenID Connect Discovery section 3; RFC 8414 section 2; RFC 9207 section 3; RP-Initiated Logout
section 2.1; Back-Channel Logout section 2.1; Front-Channel Logout section 3; RFC 9101 section
10.5; RFC 9126 section 5; Initiating User Registration via OpenID Connect section 4.1.1.
"""

from collections.abc import Mapping
from typing import Any

from consent.catalogue import CLAIMS
from keys.encryption import ALGS, ENCS
from oidc.authorize.channel import RESPONSE_MODES, RESPONSE_TYPES
from oidc.authorize.prompt import PROMPTS
from oidc.authorize.request_object import ALGORITHMS as ALGORITHMS_OF_OBJECTS
from oidc.client_auth import ALGORITHMS, METHODS
from oidc.grant_types import GRANT_TYPES
from oidc.ports import Config
from oidc.scopes import OF_PERSONS

OF_TOKENS = ("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid")
SIGNING_OUT = {
    "backchannel_logout_supported": True,
    "backchannel_logout_session_supported": True,
    "frontchannel_logout_supported": True,
    "frontchannel_logout_session_supported": True,
}
OF_REQUESTS = {
    "request_parameter_supported": True,
    "request_uri_parameter_supported": True,
    "require_request_uri_registration": True,
    "request_object_signing_alg_values_supported": list(ALGORITHMS_OF_OBJECTS),
    "require_pushed_authorization_requests": False,
}


def metadata(
    config: Config, addresses: Mapping[str, str], algorithms: tuple[str, ...]
) -> dict[str, Any]:
    """``addresses`` of the endpoints by their registered names; ``algorithms`` of our keys."""
    return {
        "issuer": config.issuer,
        **addresses,
        **of_clients(),
        **of_introspection(),
        "scopes_supported": sorted(OF_PERSONS),
        "response_types_supported": list(RESPONSE_TYPES),
        "response_modes_supported": list(RESPONSE_MODES),
        "acr_values_supported": list(config.acr_values),
        "subject_types_supported": ["pairwise"],
        **of_protection(algorithms),
        "code_challenge_methods_supported": ["S256"],
        "claim_types_supported": ["normal"],
        "claims_supported": [*OF_TOKENS, *sorted(CLAIMS)],
        "claims_parameter_supported": True,
        **OF_REQUESTS,
        "prompt_values_supported": list(PROMPTS),
        "ui_locales_supported": list(config.ui_locales),
        "authorization_response_iss_parameter_supported": True,
        **SIGNING_OUT,
    }


def of_clients() -> dict[str, Any]:
    """How clients prove themselves, and what for."""
    return {
        "grant_types_supported": list(GRANT_TYPES),
        "token_endpoint_auth_methods_supported": list(METHODS),
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "revocation_endpoint_auth_methods_supported": list(METHODS),
        "revocation_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
    }


def of_protection(algorithms: tuple[str, ...]) -> dict[str, list[str]]:
    """How what we say can be signed and encrypted."""
    encryption = {
        f"{kind}_encryption_{what}_values_supported": list(values)
        for kind in ("id_token", "userinfo", "introspection")
        for what, values in (("alg", ALGS), ("enc", ENCS))
    }
    return {
        "id_token_signing_alg_values_supported": list(algorithms),
        "userinfo_signing_alg_values_supported": list(algorithms),
        "introspection_signing_alg_values_supported": list(algorithms),
        **encryption,
    }


def of_introspection() -> dict[str, Any]:
    """Who proves nothing is told nothing."""
    return {
        "introspection_endpoint_auth_methods_supported": [it for it in METHODS if it != "none"],
        "introspection_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
    }
