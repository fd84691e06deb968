"""Keys of others: the strict way in for what joserfc alone would forgive.

RFC 7517 sections 4 and 5; RFC 7518 section 4.1; RFC 8725 sections 3.1 and 3.5; RFC 9864 section
2.2 (Ed25519); NIST SP 800-131A (RSA size). Keys that anybody can break: ``keys/weak.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from joserfc.jwk import ECKey, OKPKey, RSAKey

from keys.weak import flaw

LONGEST_KID = 256
MOST_KEYS = 10
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
SIGNING = {"EC": ("ES256",), "RSA": ("PS256", "RS256"), "OKP": ("Ed25519",)}
ENCRYPTING = {"EC": ("ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"), "RSA": ("RSA-OAEP-256",)}
_TO_ENCRYPT = ("encrypt", "wrapKey", "deriveKey", "deriveBits")
_NEWER = {"EdDSA": "Ed25519"}  # RFC 9864 section 2.2

Key = ECKey | OKPKey | RSAKey


class BadKey(Exception):
    """A key that must not be registered; the text says why, in one sentence."""


class WeakKey(BadKey):
    """One that anybody can break. Not to be passed over in silence where somebody can be told."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A public key of somebody else's, found sound.

    ``algs``: the one it is registered for; where it says none, what its kind can do for its use.
    """

    kid: str | None
    algs: tuple[str, ...]
    key: Key


def foreign_keys(jwks: Sequence[Mapping[str, Any]]) -> tuple[ForeignKey, ...]:
    """The keys of a key set, each found sound. Raises ``BadKey``."""
    if len(jwks) > MOST_KEYS:
        raise BadKey(f"A key set has at most {MOST_KEYS} keys.")
    found = tuple(_sound(jwk) for jwk in jwks)
    names = [key.kid for key in found]
    if len(set(names)) < len(names):
        raise BadKey("Two keys of a key set need two different kid.")
    return found


def _sound(jwk: Mapping[str, Any]) -> ForeignKey:
    if not isinstance(jwk, Mapping) or jwk.get("kty") not in (*SIGNING,):
        raise BadKey("A key is EC, OKP or RSA; secrets and other kinds are no keys here.")
    if _PRIVATE & jwk.keys():
        raise BadKey("A key holds private members: keep them, and make a new key.")
    useful, kid = _useful(jwk), jwk.get("kid")
    if not useful:
        raise BadKey("A key is not meant for signatures, nor for encryption.")
    algs = tuple(alg for alg in useful if "alg" not in jwk or means(jwk["alg"], alg))
    if not algs:
        raise BadKey(f"The alg of a key of this kind is {' or '.join(useful)}.")
    if kid is not None and not (isinstance(kid, str) and 0 < len(kid) <= LONGEST_KID):
        raise BadKey("The kid of a key is a short text.")
    return ForeignKey(kid, algs, _imported(jwk))


def newest(alg: str) -> str:
    """The name by which an algorithm goes now."""
    return _NEWER.get(alg, alg)


def _useful(jwk: Mapping[str, Any]) -> tuple[str, ...]:
    """RFC 7517 sections 4.2 and 4.3: what it is meant for; both, where it does not say."""
    use, ops = jwk.get("use"), jwk.get("key_ops")
    signs = use in (None, "sig") and ops in (None, ["verify"])
    may = ops is None or (isinstance(ops, list) and all(it in _TO_ENCRYPT for it in ops))
    encrypts = use in (None, "enc") and may
    kind = jwk["kty"]
    return (SIGNING[kind] if signs else ()) + (ENCRYPTING.get(kind, ()) if encrypts else ())


def means(said: object, alg: str) -> bool:
    """By either of its names."""
    return isinstance(said, str) and newest(said) == newest(alg)


def _imported(jwk: Mapping[str, Any]) -> Key:
    try:
        match jwk["kty"]:
            case "EC":
                return _on_curve(ECKey.import_key(_only(jwk, "crv", "x", "y")), "P-256")
            case "OKP":
                key = _on_curve(OKPKey.import_key(_only(jwk, "crv", "x")), "Ed25519")
                _refuse(flaw(jwk))
                return key
        _refuse(flaw(jwk))  # first: the library only warns, and after it has read the key
        return RSAKey.import_key(_only(jwk, "n", "e"))
    except BadKey:
        raise
    except Exception as error:  # joserfc and cryptography have many words for it
        raise BadKey("A key cannot be read: its members are missing or wrong.") from error


def _only(jwk: Mapping[str, Any], *members: str) -> dict[str, Any]:
    return {name: jwk[name] for name in ("kty", *members)}


Curved = TypeVar("Curved", ECKey, OKPKey)


def _on_curve(key: Curved, curve: str) -> Curved:
    if key.curve_name != curve:
        raise BadKey(f"A key of this kind is on the curve {curve}.")
    return key


def _refuse(why: str | None) -> None:
    if why is not None:
        raise WeakKey(why)
