"""Fetches the provider's keys from where its discovery document says they are.

OpenID Connect Discovery section 4; RFC 7517 section 5.
"""

from ssl import create_default_context
from typing import Any

from httpx2 import AsyncBaseTransport, AsyncClient, HTTPError
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from examples.registers.access import Keys, Unavailable

DISCOVERY = "/.well-known/openid-configuration"


def fetched_from(issuer: str, transport: AsyncBaseTransport | None = None) -> Keys:
    """A function that fetches them. ``transport``: for a provider in the same process."""

    async def fetch() -> KeySet:
        try:
            async with AsyncClient(
                verify=create_default_context(), transport=transport, timeout=2.0, trust_env=False
            ) as client:
                metadata = await document(client, issuer + DISCOVERY)
                if metadata["issuer"] != issuer:
                    raise Unavailable
                return KeySet.import_key_set(await document(client, metadata["jwks_uri"]))
        except (HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise Unavailable from error

    return fetch


async def document(client: AsyncClient, url: str) -> Any:
    answer = await client.get(url)
    answer.raise_for_status()
    return answer.json()
