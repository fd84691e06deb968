"""What a client must register to be told things encrypted.

OpenID Connect Dynamic Client Registration section 2; OpenID Connect Core section 10.2.
"""

from collections.abc import Iterator

from clients.model import Client
from keys.encryption import key_for
from keys.foreign import BadKey

KINDS = ("id_token", "userinfo", "introspection")


def encryption(client: Client) -> Iterator[str]:
    for kind in KINDS:
        alg = getattr(client, f"{kind}_encrypted_response_alg")
        enc = getattr(client, f"{kind}_encrypted_response_enc")
        if alg is None and enc is not None:
            yield f"{kind}_encrypted_response_enc needs {kind}_encrypted_response_alg."
        if alg is not None and enc is None:
            yield (
                f"{kind}_encrypted_response_enc is A128GCM or A256GCM: "
                "what the specification means by leaving it out, A128CBC-HS256, is not offered."
            )
        if alg is not None and client.jwks_uri is None and not _has_key(client, alg):
            yield f"jwks has no key for {alg}: one with use enc."


def _has_key(client: Client, alg: str) -> bool:
    """What else is wrong with its keys is said by another rule."""
    try:
        return key_for(client.keys, alg) is not None
    except BadKey:
        return True
