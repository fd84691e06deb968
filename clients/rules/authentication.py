"""How a client proves who it is, and with which keys.

RFC 7591 section 2; OpenID Connect Core section 9; RFC 9700 section 2.5.
"""

import re
from collections.abc import Iterator

from clients.model import Client
from keys.encryption import ALGS
from keys.foreign import BadKey, newest

SECRETS = frozenset({"client_secret_basic", "client_secret_post"})  # methods that need a secret
JWT = "client_secret_jwt"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def authentication(client: Client) -> Iterator[str]:
    method = client.token_endpoint_auth_method
    if method in SECRETS and not _DIGEST.fullmatch(client.client_secret_digest):
        yield "client_secret_digest is the SHA-256 of the secret, 64 hexadecimal digits."
    if method not in SECRETS and client.client_secret_digest:
        yield f"client_secret_digest has no place with {method}."
    if method == JWT and not client.client_secret_sealed:
        yield "a client of client_secret_jwt is made by `motcua clients add`: its secret is sealed."
    if method != JWT and client.client_secret_sealed:
        yield f"client_secret_sealed has no place with {method}."
    if method == "none" and "client_credentials" in client.grant_types:
        yield "a public client cannot use client_credentials."


def keys(client: Client) -> Iterator[str]:
    """RFC 7591 section 2: ``jwks`` and ``jwks_uri`` exclude each other."""
    if client.jwks and client.jwks_uri is not None:
        yield "jwks and jwks_uri exclude each other."
    try:
        known = {alg for key in client.keys for alg in key.algs} - {*ALGS}
    except BadKey as error:
        yield f"jwks: {error}"
        return
    alg = client.token_endpoint_auth_signing_alg
    signs = client.token_endpoint_auth_method == "private_key_jwt"
    if signs and client.jwks_uri is None and not ({alg} & known if alg else known):
        yield f"jwks has no key for {alg or 'signatures'}."
    asks_with = client.request_object_signing_alg
    if asks_with and client.jwks_uri is None and newest(asks_with) not in known:
        yield f"jwks has no key for {asks_with}."


def algorithm(client: Client) -> Iterator[str]:
    """OpenID Connect Core section 9: HMAC with a secret, everything else with a key."""
    method, alg = client.token_endpoint_auth_method, client.token_endpoint_auth_signing_alg
    if alg is not None and (method == JWT) != (alg == "HS256"):
        yield f"token_endpoint_auth_signing_alg {alg} has no place with {method}."
