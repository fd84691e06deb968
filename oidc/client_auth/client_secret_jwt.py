"""A client proves with a statement that it knows a secret, and does not send the secret.

OpenID Connect Core section 9; RFC 7518 section 3.2 (HMAC with SHA-256, the secret's octets).
"""

from clients.model import Client
from keys.compact import BadToken
from keys.statement import read_secret_statement
from oidc.client_auth.assertion import TYPES, assertion, check, shown
from oidc.client_auth.method import Method
from oidc.client_auth.presented import Presented
from oidc.errors import InvalidClient
from oidc.ports import Ports

ALGORITHMS = ("HS256",)


async def prove(presented: Presented, client: Client, ports: Ports, now: int) -> None:
    said = assertion(presented)
    secret = ports.client_secrets.open(client)
    if secret is None:
        raise InvalidClient("the client has no secret that can be read")
    try:
        claims = read_secret_statement(said, secret, types=TYPES)
    except BadToken as error:
        raise InvalidClient(f"client_assertion: {error}") from error
    await check(claims, presented, client, ports, now)


METHOD = Method("client_secret_jwt", lambda request: shown(request, with_secret=True), prove)
