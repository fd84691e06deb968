"""Public keys that anybody can break, found by what such keys have in common (K-26).

NIST SP 800-56B section 6.4.2.3 (RSA moduli), NIST SP 800-186 appendix D (points on a curve), RFC
8032 section 5.1.3 and RFC 7748 section 6.1 (points of small order). That a point of P-256 lies on
its curve is seen to by ``cryptography`` when it reads one.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from math import gcd, isqrt, prod

from keys.compact import decoded

_SIZES = range(2048, 8193)
_EXPONENTS = range(65537, 1 << 32)
_SMALL = 10_000  # no factor is a prime below it
_ROUNDS = 100  # of Fermat's method: primes as close as CVE-2022-26320 are found in the first
_SQUARES = frozenset(root * root % 64 for root in range(64))

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _P - 1, _ORDER_8, _P - _ORDER_8})


def flaw(jwk: Mapping[str, str]) -> str | None:
    """What is wrong with a key that has all its members. Raises ``BadToken`` if it has not."""
    if jwk["kty"] == "RSA":
        return rsa_flaw(*(int.from_bytes(decoded(jwk[name])) for name in ("n", "e")))
    return ed25519_flaw(decoded(jwk["x"])) if jwk["kty"] == "OKP" else None


@lru_cache(maxsize=2048)
def rsa_flaw(modulus: int, exponent: int) -> str | None:
    """What is wrong with it, in one sentence."""
    if modulus.bit_length() not in _SIZES or modulus % 2 == 0:
        return "An RSA key has 2048 to 8192 bits."
    if exponent not in _EXPONENTS or exponent % 2 == 0:
        return "The exponent of an RSA key is odd and at least 65537."
    if gcd(modulus, _primes()) > 1:
        return "An RSA key has a small factor: make a new one."
    if _has_close_factors(modulus):
        return "The primes of an RSA key are too close to each other: make a new one."
    return None


@lru_cache(maxsize=2048)
def ed25519_flaw(public: bytes) -> str | None:
    """Whether it is a point of the curve, written in the one way, and not of small order."""
    y = int.from_bytes(public, "little") & ((1 << 255) - 1)
    if y >= _P or not _is_on_curve(y):
        return "A key is no point of the curve Ed25519."
    if y in _SMALL_ORDER:
        return "A key is a point of small order: everybody could sign with it."
    return None


@cache
def _primes() -> int:
    """The product of all small ones."""
    sieve = bytearray([1]) * _SMALL
    for number in range(2, isqrt(_SMALL) + 1):
        sieve[number * number :: number] = bytes(len(range(number * number, _SMALL, number)))
    return prod(number for number in range(2, _SMALL) if sieve[number])


def _has_close_factors(modulus: int) -> bool:
    """Fermat: an odd n is a^2 - b^2, and b is small where its factors are close."""
    a = isqrt(modulus - 1) + 1
    rest = a * a - modulus
    for _ in range(_ROUNDS):
        if rest % 64 in _SQUARES and isqrt(rest) ** 2 == rest:
            return True
        rest += 2 * a + 1
        a += 1
    return False


def _is_on_curve(y: int) -> bool:
    """RFC 8032 section 5.1.3: x^2 = (y^2 - 1) / (d y^2 + 1) has a root (Euler's criterion)."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    return pow(square, (_P - 1) // 2, _P) in {0, 1}
