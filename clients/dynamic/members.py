"""Metadata of a client as it is sent, and as ``Client`` has it.

RFC 7591 section 2; OpenID Connect Registration section 2; the IANA registry of OAuth Dynamic
Client Registration Metadata. Of the registered names those count that ``Client`` has; every other
is ignored. So a new member of ``Client`` can be registered as soon as it is there.
"""

from collections.abc import Mapping
from typing import Any

from clients.dynamic.refused import BadMetadata
from clients.model import Client
from keys.foreign import BadKey, WeakKey, foreign_keys

REGISTERED = frozenset(
    {
        "application_type",
        "backchannel_logout_session_required",
        "backchannel_logout_uri",
        "client_name",
        "client_uri",
        "default_acr_values",
        "default_max_age",
        "frontchannel_logout_session_required",
        "frontchannel_logout_uri",
        "grant_types",
        "id_token_encrypted_response_alg",
        "id_token_encrypted_response_enc",
        "id_token_signed_response_alg",
        "initiate_login_uri",
        "introspection_encrypted_response_alg",
        "introspection_encrypted_response_enc",
        "introspection_signed_response_alg",
        "jwks",
        "jwks_uri",
        "logo_uri",
        "policy_uri",
        "post_logout_redirect_uris",
        "redirect_uris",
        "request_object_encryption_alg",
        "request_object_encryption_enc",
        "request_object_signing_alg",
        "request_uris",
        "require_auth_time",
        "require_pushed_authorization_requests",
        "require_signed_request_object",
        "scope",
        "sector_identifier_uri",
        "software_id",
        "software_statement",
        "software_version",
        "token_endpoint_auth_method",
        "token_endpoint_auth_signing_alg",
        "tos_uri",
        "userinfo_encrypted_response_alg",
        "userinfo_encrypted_response_enc",
        "userinfo_signed_response_alg",
    }
)
"""Names of the registry that a client may choose a value for, if ``Client`` knows them."""

KNOWN = REGISTERED & Client.model_fields.keys()
MOST = 20  # addresses in a list
_NAME = "client_name#"
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def members(said: Mapping[str, Any]) -> dict[str, Any]:
    """What of it ``Client`` knows, in its words. Raises ``BadMetadata``."""
    found = {name: it for name, it in said.items() if name in KNOWN and it is not None}
    if "jwks" in found:
        found["jwks"] = _keys(found["jwks"])
    for name, value in found.items():
        if isinstance(value, list) and len(value) > MOST:
            raise BadMetadata(f"{name} has at most {MOST} entries.")
    names = {name.removeprefix(_NAME): it for name, it in said.items() if name.startswith(_NAME)}
    return {**found, "client_names": names} if names else found


def shown(client: Client) -> dict[str, Any]:
    """All that was registered, defaults too, as RFC 7591 section 3.2.1 shows it."""
    dumped = client.model_dump(mode="json", include={*KNOWN}, exclude_none=True)
    said = {name: value for name, value in dumped.items() if value not in ("", [])}
    if "jwks" in said:
        said["jwks"] = {"keys": said["jwks"]}
    said["grant_types"] = sorted(said["grant_types"])
    said["response_types"] = ["code"]
    said["subject_type"] = "pairwise"
    return {**said, **{_NAME + tag: name for tag, name in client.client_names.items()}}


def _keys(jwks: Any) -> list[Any]:
    """Kinds that we do not know are passed over; what is weak or must never be sent is not."""
    listed = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(listed, list):
        raise BadMetadata("jwks is a key set: it has a member keys.")
    return [jwk for jwk in listed if _is_judged(jwk)]


def _is_judged(jwk: Any) -> bool:
    try:
        foreign_keys([jwk])
    except WeakKey:
        return True
    except BadKey:
        return isinstance(jwk, dict) and bool(_PRIVATE & jwk.keys())
    return True
