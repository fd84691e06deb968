"""Statements for one client, protected as it wishes: signed, then encrypted with a key of its own.

OpenID Connect Core sections 5.3.2, 10.1 and 10.2; Dynamic Client Registration section 2; RFC 7519
section 5.2 (nested). Who wishes encryption is never told anything without.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

import orjson

from clients.model import Client
from keys.encryption import encrypted, key_for
from keys.foreign import BadKey
from keys.ring import KeyRing
from oidc.client_ports import ClientKeys
from oidc.errors import InvalidRequest
from oidc.ports import Ports
from store.value import as_value

Kind = Literal[
    "id_token", "userinfo", "introspection"
]  # of whose signing and encryption a client may say how
KINDS: tuple[Kind, ...] = get_args(Kind)
SIGNED: Mapping[Kind, str] = {kind: f"{kind}_signed_response_alg" for kind in KINDS}
ENCRYPTED: Mapping[Kind, str] = {kind: f"{kind}_encrypted_response_alg" for kind in KINDS}
Seal = Callable[[bytes, bool], str]  # what is to be encrypted, and whether it is a signed JWT


class NoKeyOfTheClient(InvalidRequest):
    public = "No key of this client fits the encryption it registered: it needs one with use enc."


@as_value()
class Protection:
    """``alg`` signs, if there is one; ``seal`` encrypts, if there is one."""

    ring: KeyRing
    alg: str | None
    seal: Seal | None

    async def protect(self, claims: Mapping[str, Any], *, typ: str | None) -> str:
        """A JWT; plain JSON where nothing is wished."""
        if self.alg is not None:
            said = await self.ring.signed(claims, typ=typ, alg=self.alg)
        else:
            said = orjson.dumps(claims).decode()
        return said if self.seal is None else self.seal(said.encode(), self.alg is not None)


async def protection(kind: Kind, client: Client, ports: Ports, now: int) -> Protection:
    """To be asked before anything is used up: raises ``NoKeyOfTheClient``."""
    alg: str | None = getattr(client, SIGNED[kind])
    sealed = is_encrypted(kind, client)
    seal = await seal_of(kind, client, ports.client_keys, now) if sealed else None
    return Protection(await ports.keys.current(now), alg, seal)


def is_protected(kind: Kind, client: Client) -> bool:
    """Whether it wishes a JWT at all, signed or encrypted, and not plain JSON."""
    return getattr(client, SIGNED[kind]) is not None or is_encrypted(kind, client)


def is_encrypted(kind: Kind, client: Client) -> bool:
    return getattr(client, ENCRYPTED[kind]) is not None


async def seal_of(kind: Kind, client: Client, known: ClientKeys, now: int) -> Seal:
    """With the one of its keys that is meant for it. Raises ``NoKeyOfTheClient``."""
    alg = getattr(client, ENCRYPTED[kind])
    enc = getattr(client, f"{kind}_encrypted_response_enc")
    try:
        key = key_for(await known.of(client, now), alg)
    except BadKey as error:
        raise NoKeyOfTheClient(f"{client.client_id}: {error}") from error
    if key is None:
        raise NoKeyOfTheClient(f"{client.client_id} has no key for {alg}")
    return lambda plain, nested: encrypted(plain, key, alg=alg, enc=enc, nested=nested)
