"""The logout token. OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.5.

It says that a session has ended, as the ID tokens of that session named it. Its type and its one
event keep it from being taken for an ID token (RFC 8725 section 3.12), and it never has a nonce.
"""

from typing import Any

from clients.model import Client
from keys.secrets import new_id
from oidc.client_ports import ClientKeys
from oidc.ports import Config, Keys
from oidc.protected import is_encrypted, seal_of
from store.micros import MINUTE, seconds

TYPE = "logout+jwt"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
LIFE = 2 * MINUTE  # section 2.4: at most two minutes


def logout_token_claims(
    client: Client, config: Config, *, subject: str, sid: str, now: int
) -> dict[str, Any]:
    """``jti`` is new at each attempt: whoever was not heard at the first may be at the second."""
    return {
        "iss": config.issuer,
        "aud": client.client_id,
        "iat": seconds(now),
        "exp": seconds(now + LIFE),
        "jti": new_id(now),
        "sub": subject,
        "sid": sid,
        "events": {EVENT: {}},
    }


async def sign(
    claims: dict[str, Any], client: Client, keys: Keys, client_keys: ClientKeys, now: int
) -> str:
    """Sections 2.4 and 2.6: signed as the client's ID tokens are, and encrypted if they are.

    Raises ``NoKeyOfTheClient``.
    """
    ring = await keys.current(now)
    token = await ring.signed(claims, typ=TYPE, alg=client.id_token_signed_response_alg)
    if not is_encrypted("id_token", client):
        return token
    return (await seal_of("id_token", client, client_keys, now))(token.encode(), True)
