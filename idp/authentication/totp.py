"""Codes of an authenticator app: RFC 6238 over RFC 4226, six digits that change every 30 seconds.

NIST SP 800-63B-4 section 3.1.4; OWASP ASVS 6.5.5. SHA-1, because that is what every app reads from
a picture, and HMAC does not ask its hash to withstand collisions.
"""

from base64 import b32encode
from secrets import token_bytes

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from idp.accounts.person import in_our_digits
from keys.secrets import same
from store.micros import SECOND

STEP = 30  # seconds
DIGITS = 6
SECRET = 20  # bytes: 160 bits, RFC 4226 section 4, requirement 6
DRIFT = 1  # steps before and after ours, for a clock that is not quite right
_GROUP = 4


def new_shared_secret() -> bytes:
    """160 random bits, for one person's app and us."""
    return token_bytes(SECRET)


def plain(typed: str) -> str:
    """The code without the gap that apps show in its middle, in any script's digits."""
    return in_our_digits("".join(typed.split()))


def step_of(now: int) -> int:
    """How many whole steps have passed since 1970."""
    return now // (STEP * SECOND)


def code_at(secret: bytes, step: int) -> str:
    """What the app shows during this step."""
    return _totp(secret).generate(step * STEP).decode()


def step_shown(secret: bytes, code: str, now: int) -> int | None:
    """The step of which this is the code, ours or one beside it; nothing if it is of none."""
    ours, found = step_of(now), None
    for step in range(ours - DRIFT, ours + DRIFT + 1):
        if same(code, code_at(secret, step)):
            found = step
    return found


def address(secret: bytes, account: str, issuer: str) -> str:
    """What the picture says to the app: an ``otpauth`` URI."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def typed(secret: bytes) -> str:
    """The secret in groups of four, for who cannot take the picture."""
    text = b32encode(secret).decode()
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303  the one hash that every app knows
