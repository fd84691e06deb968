"""Keys and statements of others: the strict way in for what joserfc alone would forgive.

RFC 7517 sections 4 and 5; RFC 8725 sections 3.1, 3.2, 3.5 and 3.11; NIST SP 800-131A (RSA size).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from keys.compact import BadToken, claims, decoded, json_object, parts

LONGEST_KID = 256
MOST_KEYS = 10
MOST_TRIES = 4  # keys tried for a statement that names none
_RSA_BITS = range(2048, 8193)
_EXPONENTS = range(65537, 1 << 32)
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_ALG = {"EC": "ES256", "RSA": "PS256"}  # a key serves one algorithm


class BadKey(Exception):
    """A key that must not be registered; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A public key of somebody else's, found sound."""

    kid: str | None
    alg: str
    key: ECKey | RSAKey


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
    if not isinstance(jwk, Mapping) or jwk.get("kty") not in (*_ALG,):
        raise BadKey("A key is EC (P-256) or RSA; secrets and other kinds are no keys here.")
    if _PRIVATE & jwk.keys():
        raise BadKey("A key holds private members: keep them, and make a new key.")
    if jwk.get("use", "sig") != "sig" or jwk.get("key_ops", ["verify"]) != ["verify"]:
        raise BadKey("A key is not meant for signatures.")
    alg, kid = _ALG[jwk["kty"]], jwk.get("kid")
    if jwk.get("alg", alg) != alg:
        raise BadKey(f"The alg of a key of this kind is {alg}.")
    if kid is not None and not (isinstance(kid, str) and 0 < len(kid) <= LONGEST_KID):
        raise BadKey("The kid of a key is a short text.")
    return ForeignKey(kid, alg, _imported(jwk))


def _imported(jwk: Mapping[str, Any]) -> ECKey | RSAKey:
    try:
        if jwk["kty"] == "EC":
            return _point(ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")}))
        _check_strength(jwk)  # first: the library only warns, and after it has read the key
        return RSAKey.import_key({name: jwk[name] for name in ("kty", "n", "e")})
    except BadKey:
        raise
    except Exception as error:  # joserfc and cryptography have many words for it
        raise BadKey("A key cannot be read: its members are missing or wrong.") from error


def _point(key: ECKey) -> ECKey:
    if key.curve_name != "P-256":
        raise BadKey("An EC key is on the curve P-256.")
    return key


def _check_strength(jwk: Mapping[str, Any]) -> None:
    modulus, exponent = (int.from_bytes(decoded(jwk[name])) for name in ("n", "e"))
    if modulus.bit_length() not in _RSA_BITS or modulus % 2 == 0:
        raise BadKey("An RSA key has 2048 to 8192 bits.")
    if exponent not in _EXPONENTS or exponent % 2 == 0:
        raise BadKey("The exponent of an RSA key is odd and at least 65537.")


def read_statement(
    token: str, keys: Sequence[ForeignKey], *, alg: str, types: Collection[str | None]
) -> dict[str, Any]:
    """The claims of a JWT that one of these keys signed, with this algorithm.

    ``types`` are the ``typ`` that are good, in small letters; None stands for none. Times are
    integers but not judged. Raises ``BadToken``.
    """
    head, payload, signature = parts(token)
    header = json_object(decoded(head))
    if header.get("alg") != alg or "crit" in header or "b64" in header:
        raise BadToken("not the registered algorithm")
    typ = header.get("typ")
    if (typ.lower() if isinstance(typ, str) else typ) not in types:
        raise BadToken("not a statement of this type")
    message, octets = f"{head}.{payload}".encode(), decoded(signature)
    algorithm = JWSRegistry(algorithms=[alg]).get_alg(alg)
    for key in _candidates(keys, alg, header):
        if algorithm.verify(message, octets, key.key):
            return claims(decoded(payload))
    raise BadToken("no registered key made this signature")


def _candidates(
    keys: Sequence[ForeignKey], alg: str, header: Mapping[str, Any]
) -> Sequence[ForeignKey]:
    fit = [key for key in keys if key.alg == alg]
    if "kid" in header:
        return [key for key in fit if key.kid == header["kid"]]
    return fit[:MOST_TRIES]
