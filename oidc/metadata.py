"""What the provider says of itself, read from the tables that do the work.

OpenID Connect Discovery section 3; RFC 8414 section 2; RFC 9207 section 3; RP-Initiated Logout
section 2.1; Initiating User Registration via OpenID Connect section 4.1.1.
"""

from collections.abc import Mapping
from typing import Any

from consent.catalogue import CLAIMS
from oidc.authorize.channel import RESPONSE_MODES, RESPONSE_TYPES
from oidc.authorize.prompt import PROMPTS
from oidc.client_auth import METHODS
from oidc.client_auth.private_key_jwt import ALGORITHMS
from oidc.grant_types import GRANT_TYPES
from oidc.ports import Config
from oidc.scopes import OF_PERSONS

OF_TOKENS = ("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid")


def metadata(
    config: Config, addresses: Mapping[str, str], algorithms: tuple[str, ...]
) -> dict[str, Any]:
    """``addresses`` of the endpoints by their registered names; ``algorithms`` of our keys."""
    return {
        "issuer": config.issuer,
        **addresses,
        **of_clients(),
        "scopes_supported": sorted(OF_PERSONS),
        "response_types_supported": list(RESPONSE_TYPES),
        "response_modes_supported": list(RESPONSE_MODES),
        "acr_values_supported": list(config.acr_values),
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": list(algorithms),
        "code_challenge_methods_supported": ["S256"],
        "claim_types_supported": ["normal"],
        "claims_supported": [*OF_TOKENS, *sorted(CLAIMS)],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "prompt_values_supported": list(PROMPTS),
        "ui_locales_supported": list(config.ui_locales),
        "authorization_response_iss_parameter_supported": True,
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
