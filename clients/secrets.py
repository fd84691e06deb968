"""The secrets of clients that must be read back, sealed: those of ``client_secret_jwt`` alone.

OpenID Connect Core section 10.1 (the octets of a secret are a key). All others are digests.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress

from clients.model import Client
from clients.rows import CLIENT
from keys.data_keys.columns import SealedColumn
from keys.vault import Unsealable, Vault

SECRET = SealedColumn(
    CLIENT, "metadata_json", member="client_secret_sealed", context="client.client_secret"
)


class ClientSecrets:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, client_id: str, secret: str) -> str:
        """For ``client_secret_sealed`` of this client; of no use to another one."""
        return urlsafe_b64encode(
            self._vault.seal(secret.encode(), SECRET.place(client_id))
        ).decode()

    def open(self, client: Client) -> bytes | None:
        """Its octets; None where there is none, or it was sealed for another place."""
        with suppress(Unsealable, ValueError):
            sealed = urlsafe_b64decode(client.client_secret_sealed)
            return self._vault.open(sealed, SECRET.place(client.client_id))
        return None
