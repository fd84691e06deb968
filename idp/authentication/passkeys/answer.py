"""What a browser says that an authenticator said, read strictly: WebAuthn Level 3, W-14.

Sections 5.1 (its JSON), 5.8.1 (client data), 6.5.4 and CTAP 2.2 section 8 (canonical CBOR). Here
is refused what the library would let pass: members sent twice, a framed page, octets left over.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

import cbor2

from idp.authentication.passkeys import PasskeyRefused

LONGEST = 16 * 1024  # characters of the whole answer
LONGEST_ID = 1023  # octets of a credential id: section 7.1 step 25
DEEPEST = 4  # maps and lists in one another: CTAP 2.2 section 8
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_TRANSPORTS = frozenset({"ble", "hybrid", "internal", "nfc", "smart-card", "usb"})

Members = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """Which passkey it says it is of, and of whom; of the rest nothing is read yet."""

    credential_id: str
    response: Members

    @property
    def user_handle(self) -> object:
        return self.response.get("userHandle")


@dataclass(frozen=True, slots=True)
class Answer:
    """``response`` as it came: its members in base64url. ``challenge`` too."""

    credential_id: str
    challenge: str
    client_data: bytes
    response: Members

    def octets(self, name: str) -> bytes:
        return octets(_text(self.response, name))

    def transports(self) -> str:
        """Those that we know, with spaces between them: section 5.8.4."""
        said = self.response.get("transports")
        known = {it for it in said if isinstance(it, str)} if isinstance(said, list) else set()
        return " ".join(sorted(known & _TRANSPORTS))


def read(text: str) -> Answer:
    """Raises ``PasskeyRefused``; nothing of it is verified yet."""
    return whole(named(text))


def named(text: str) -> Named:
    """Raises ``PasskeyRefused``."""
    if len(text) > LONGEST:
        raise PasskeyRefused("too long")
    credential = _object(text)
    response = credential.get("response")
    if not isinstance(response, dict) or credential.get("type") != "public-key":
        raise PasskeyRefused("no credential")
    credential_id = _text(credential, "id")
    if not 0 < len(octets(credential_id)) <= LONGEST_ID:
        raise PasskeyRefused("credential id")
    return Named(credential_id, response)


def whole(said: Named) -> Answer:
    """Raises ``PasskeyRefused``."""
    client_data = octets(_text(said.response, "clientDataJSON"))
    return Answer(said.credential_id, _challenge(client_data), client_data, said.response)


def _challenge(client_data: bytes) -> str:
    """Section 5.8.1. A page of ours is never framed: neither is its ceremony (W-04)."""
    try:
        said = _object(client_data.decode())
    except UnicodeDecodeError as error:
        raise PasskeyRefused("client data") from error
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        raise PasskeyRefused("cross-origin")
    return _text(said, "challenge")


def octets(text: str) -> bytes:
    """Base64url without padding and without anything else; one way to write each octet."""
    if not _BASE64URL.fullmatch(text):
        raise PasskeyRefused("base64url")
    try:
        read_as = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise PasskeyRefused("base64url") from error
    if written(read_as) != text:
        raise PasskeyRefused("base64url")
    return read_as


def written(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def canonical(encoded: bytes) -> Any:
    """The one value, written in the one way, with nothing after it."""
    try:
        value = cbor2.loads(
            encoded, max_depth=DEEPEST, allow_indefinite=False, allow_duplicate_keys=False
        )
        again = cbor2.dumps(value, canonical=True)
    except Exception as error:  # tags become anything: their makers raise anything
        raise PasskeyRefused("cbor") from error
    if again != encoded:
        raise PasskeyRefused("cbor")
    return value


def _object(text: str) -> Members:
    """A JSON object in which no member comes twice."""
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise PasskeyRefused("json") from error
    if not isinstance(found, dict):
        raise PasskeyRefused("json")
    return found


def _once(pairs: list[tuple[str, Any]]) -> Members:
    if len(members := dict(pairs)) != len(pairs):
        raise PasskeyRefused("json")
    return members


def _text(members: Members, name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise PasskeyRefused(f"no {name}")
    return value
