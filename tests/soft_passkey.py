"""An authenticator of software, with the browser before it: it does what is asked, or lies.

WebAuthn Level 3 sections 5.1.3, 5.1.4 and 6. Each member of ``Lie`` is one way in which what comes
back differs from what was asked for; without any, it is an honest passkey.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40
ES256, EDDSA, RS256 = -7, -8, -257
ORIGIN = "https://id.example"

Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def b64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True, kw_only=True)
class Lie:
    """``client_data`` and ``authenticator_data`` change the octets; what is signed changes too."""

    type: str | None = None
    origin: str | None = None
    challenge: str | None = None
    rp_id: str | None = None
    flags: int | None = None
    count: int | None = None
    user_handle: str | None = None
    cose: Mapping[int, Any] | None = None
    credential_id: bytes | None = None
    members: Mapping[str, Any] = field(default_factory=dict)
    client_data: Callable[[bytes], bytes] = bytes
    authenticator_data: Callable[[bytes], bytes] = bytes
    attestation: Callable[[bytes], bytes] = bytes
    statement: tuple[str, Mapping[str, Any]] = ("none", {})
    signature: Callable[[bytes], bytes] = bytes


HONEST = Lie()


@dataclass
class Authenticator:
    """One credential. ``counts``: of those that never count, it is always 0."""

    key: Private = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    flags: int = UP | UV | BE | BS
    counts: bool = False
    count: int = 0
    user_handle: str = ""
    origin: str = ORIGIN

    def register(self, options: str, lie: Lie = HONEST) -> str:
        """What ``navigator.credentials.create`` gives, as our script writes it down."""
        asked = json.loads(options)
        self.user_handle = asked["user"]["id"]
        client_data = self._client_data("webauthn.create", asked["challenge"], lie)
        credential_id = self.credential_id if lie.credential_id is None else lie.credential_id
        key = cbor2.dumps(dict(cose(self.key) if lie.cose is None else lie.cose))
        named = len(credential_id).to_bytes(2) + credential_id
        data = self._data(asked["rp"]["id"], AT, lie) + bytes(16) + named + key
        form, statement = lie.statement
        made = {"fmt": form, "attStmt": statement, "authData": lie.authenticator_data(data)}
        response = {
            "clientDataJSON": b64(client_data),
            "attestationObject": b64(lie.attestation(cbor2.dumps(made))),
            "transports": ["internal", "hybrid"],
        }
        return self._written(credential_id, response, lie)

    def register_packed(self, options: str) -> str:
        """With a statement of its own, signed by the very key (section 8.2)."""
        plain = json.loads(self.register(options))
        client_data = unb64(plain["response"]["clientDataJSON"])
        data = cbor2.loads(unb64(plain["response"]["attestationObject"]))["authData"]
        signature = signed(self.key, data + hashlib.sha256(client_data).digest())
        statement = {"alg": ES256, "sig": signature}
        made = cbor2.dumps({"fmt": "packed", "attStmt": statement, "authData": data})
        plain["response"]["attestationObject"] = b64(made)
        return json.dumps(plain)

    def sign_in(self, options: str, lie: Lie = HONEST) -> str:
        """What ``navigator.credentials.get`` gives."""
        asked = json.loads(options)
        self.count += self.counts
        client_data = self._client_data("webauthn.get", asked["challenge"], lie)
        data = lie.authenticator_data(self._data(asked["rpId"], 0, lie))
        signature = signed(self.key, data + hashlib.sha256(client_data).digest())
        response = {
            "clientDataJSON": b64(client_data),
            "authenticatorData": b64(data),
            "signature": b64(lie.signature(signature)),
            "userHandle": self.user_handle if lie.user_handle is None else lie.user_handle,
        }
        credential_id = self.credential_id if lie.credential_id is None else lie.credential_id
        return self._written(credential_id, response, lie)

    def _client_data(self, kind: str, challenge: str, lie: Lie) -> bytes:
        said = {
            "type": lie.type or kind,
            "challenge": challenge if lie.challenge is None else lie.challenge,
            "origin": lie.origin or self.origin,
            "crossOrigin": False,
            **lie.members,
        }
        return lie.client_data(json.dumps(said).encode())

    def _data(self, rp_id: str, more: int, lie: Lie) -> bytes:
        flags = (self.flags if lie.flags is None else lie.flags) | more
        count = self.count if lie.count is None else lie.count
        digest = hashlib.sha256((lie.rp_id or rp_id).encode()).digest()
        return digest + flags.to_bytes(1) + count.to_bytes(4)

    def _written(self, credential_id: bytes, response: Mapping[str, Any], lie: Lie) -> str:
        return json.dumps({"id": b64(credential_id), "type": "public-key", "response": response})


def cose(key: Private) -> Mapping[int, Any]:
    """The public key as RFC 9053 writes it."""
    public = key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        return {1: 1, 3: EDDSA, -1: 6, -2: public.public_bytes_raw()}
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        modulus = numbers.n.to_bytes((public.key_size + 7) // 8)
        return {1: 3, 3: RS256, -1: modulus, -2: numbers.e.to_bytes(3)}
    point = public.public_numbers()
    size = (public.key_size + 7) // 8
    return {1: 2, 3: ES256, -1: 1, -2: point.x.to_bytes(size), -3: point.y.to_bytes(size)}


def signed(key: Private, data: bytes) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256()))
