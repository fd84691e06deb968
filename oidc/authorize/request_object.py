"""A request object: an authorization request that its client has signed.

RFC 9101 sections 4, 6 and 10.8; OpenID Connect Core sections 6.1 and 6.3; FAPI 2.0 Message Signing
section 5.3.1. None is decrypted.
"""

from dataclasses import dataclass
from typing import Any, get_args

from clients.model import Client
from keys.compact import BadToken, decoded, json_object, parts
from keys.foreign import BadKey, means
from keys.statement import named_key, read_statement
from oidc.client_ports import ClientKeys
from oidc.errors import InvalidRequestObject, OAuthError, RequestNotSupported
from store.micros import MINUTE, SECOND, seconds

LONGEST = 16 * 1024  # characters
TYPES = (None, "jwt", "oauth-authz-req+jwt")
LEEWAY = 10 * SECOND
LIVES = 60 * MINUTE  # the longest, where a life must be said
ALGORITHMS: tuple[str, ...] = get_args(
    get_args(Client.model_fields["request_object_signing_alg"].annotation)[0]
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose objects are read, with which keys of theirs, by whom."""

    client: Client
    keys: ClientKeys
    issuer: str

    async def read(self, text: str, now: int) -> dict[str, Any]:
        """What it says, once all of it holds.

        Raises ``InvalidRequestObject``, and ``RequestNotSupported`` where none need be signed.
        """
        try:
            alg = algorithm(json_object(decoded(parts(text, LONGEST)[0])).get("alg"), self.client)
            keys = await self.keys.of(self.client, now, named_key(text, LONGEST))
            said = read_statement(text, keys, alg=alg, types=TYPES, longest=LONGEST)
        except (BadKey, BadToken) as error:
            raise InvalidRequestObject(f"request object: {error}") from error
        check_names(said, self.client, self.issuer)
        check_times(said, now)
        if is_strict(self.client):
            check_life(said, now)
        return said


def is_strict(client: Client) -> bool:
    """RFC 9101 section 6.3: nothing counts but what is signed."""
    return client.require_signed_request_object or client.profile == "fapi2"


def algorithm(said: object, client: Client) -> str:
    """The registered one; where none is, any of ours. Raises as ``Reader.read`` does."""
    mine = client.request_object_signing_alg
    for alg in ALGORITHMS if mine is None else (mine,):
        if means(said, alg):
            return alg
    unsigned = said == "none" and mine is None and not is_strict(client)
    refusal: type[OAuthError] = RequestNotSupported if unsigned else InvalidRequestObject
    raise refusal("request object: not the registered algorithm")


def check_names(said: dict[str, Any], client: Client, issuer: str) -> None:
    """A statement by which a client authenticates names it as ``sub``: that is no request."""
    aud = said.get("aud")
    if said.get("iss") != client.client_id or said.get("sub") == client.client_id:
        raise InvalidRequestObject("request object: iss or sub are not as they should be")
    if issuer not in (aud if isinstance(aud, list) else [aud]):
        raise InvalidRequestObject("request object: it is for somebody else")
    if "request" in said or "request_uri" in said:
        raise InvalidRequestObject("request object: another one is in it")


def check_times(said: dict[str, Any], now: int) -> None:
    """In whole seconds."""
    if "exp" in said and seconds(now - LEEWAY) >= said["exp"]:
        raise InvalidRequestObject("request object: it has expired")
    if max(said.get("nbf", 0), said.get("iat", 0)) > seconds(now + LEEWAY):
        raise InvalidRequestObject("request object: it is of the future")


def check_life(said: dict[str, Any], now: int) -> None:
    exp, nbf, longest = said.get("exp"), said.get("nbf"), seconds(LIVES)
    if exp is None or nbf is None:
        raise InvalidRequestObject("request object: exp or nbf is missing")
    if exp - nbf > longest or seconds(now - LEEWAY) - nbf > longest:
        raise InvalidRequestObject("request object: it is good for too long")
