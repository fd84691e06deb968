"""From what a client says of itself to what is registered.

RFC 7591 section 2; OpenID Connect Registration section 2. What is not said has its default of
there; ``clients/rules`` judges the whole, as it judges every other client.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from clients.dynamic.members import members
from clients.dynamic.policy import Policy, Terms
from clients.dynamic.refused import BadMetadata
from clients.model import Client
from clients.rules import faults

DEFAULTS: dict[str, Any] = {
    "grant_types": ["authorization_code"],
    "token_endpoint_auth_method": "client_secret_basic",
    "token_endpoint_auth_signing_alg": None,
    "id_token_signed_response_alg": "RS256",
}
_ADDRESSES = "redirect_uris"
_NOT_SHOWN = re.compile(r"[^ !#-\[\]-~]")  # RFC 6749 section 5.2


def with_defaults(said: Mapping[str, Any]) -> dict[str, Any]:
    """Its members, not yet judged. Raises ``BadMetadata``."""
    found = {**DEFAULTS, **members(said)}
    _check_kinds(said, found)
    return found


def judged(found: Mapping[str, Any], ours: Mapping[str, Any], policy: Policy) -> Client:
    """A sound client, or ``BadMetadata``. ``ours``: the members that only we decide."""
    made = {"require_pkce": policy.require_pkce, **found, **ours}
    if found["token_endpoint_auth_method"] == "none":
        made["require_pkce"] = True
    made.setdefault("client_name", _called(found, ours["client_id"]))
    try:
        client = Client.model_validate(made)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        raise _bad(f"{fault['loc'][0] if fault['loc'] else 'it'}: {fault['msg']}.") from error
    if not _is_text(client):
        raise BadMetadata("it holds what is no text.")
    for wrong in faults(client, demonstration=policy.demonstration):
        raise _bad(wrong)
    return client


def scope(found: Mapping[str, Any], terms: Terms, policy: Policy) -> str:
    """What was asked for and may be; if nothing was said, all of that. What was given stays."""
    may = terms.asks(policy)
    if "refresh_token" not in found["grant_types"]:
        may -= {"offline_access"}
    asked = found.get("scope", " ".join(may))
    if not isinstance(asked, str):
        raise BadMetadata("scope is a list of words, separated by single spaces.")
    return " ".join(sorted(may & {*asked.split(" ")} | terms.given_scopes(policy)))


def grant_types(found: Mapping[str, Any], terms: Terms, policy: Policy) -> list[str]:
    """What was asked for, if it may be. What was given stays."""
    may, asked = policy.grant_types | terms.grant_types, found["grant_types"]
    if not may.issuperset(asked):
        raise BadMetadata(f"grant_types: {', '.join(sorted(may))} may register.")
    return sorted({*asked} | terms.given_grant_types(policy))


def _check_kinds(said: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """Response types and grant types fit each other; subjects are pairwise, always."""
    grant_types = found["grant_types"]
    if not isinstance(grant_types, list) or not all(isinstance(it, str) for it in grant_types):
        raise BadMetadata("grant_types is a list of names.")
    if said.get("response_types") not in (None, ["code"]):
        raise BadMetadata("response_types: only code is known here.")
    if "authorization_code" not in grant_types:
        raise BadMetadata("grant_types: the response type code needs authorization_code.")
    if said.get("subject_type") not in (None, "pairwise"):
        raise BadMetadata("subject_type: only pairwise is known here.")


def _is_text(client: Client) -> bool:
    """Half a character and NUL can be said in JSON, and kept nowhere."""
    try:
        return "\\u0000" not in client.model_dump_json()
    except PydanticSerializationError:
        return False


def _called(found: Mapping[str, Any], client_id: str) -> str:
    """Who gives no name is called by where people are sent back to."""
    first = found.get(_ADDRESSES)
    try:
        return urlsplit(first[0]).hostname or client_id if first else client_id
    except (ValueError, TypeError, LookupError, AttributeError):
        return client_id


def _bad(text: str) -> BadMetadata:
    plain = _NOT_SHOWN.sub("", text)
    if plain.startswith(_ADDRESSES):
        return BadMetadata(plain, "invalid_redirect_uri")
    return BadMetadata(plain)
