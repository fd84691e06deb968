"""Ways to prove who one is, one table of them.

NIST SP 800-63B-4. ``acr`` is the lower of what the account and the authenticator are good for;
``amr`` follows RFC 8176.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Authenticator:
    name: str
    level: int
    amr: tuple[str, ...]


PASSWORD = Authenticator("password", level=1, amr=("pwd",))
PASSWORD_TOTP = Authenticator("password and code", level=2, amr=("pwd", "otp", "mfa"))
PASSKEY = Authenticator("passkey", level=2, amr=("pop", "user", "mfa"))

AUTHENTICATORS: Mapping[str, Authenticator] = MappingProxyType(
    {authenticator.name: authenticator for authenticator in (PASSWORD, PASSWORD_TOTP, PASSKEY)}
)


def acr(authenticator: Authenticator, account_level: int) -> str:
    """Never more than was really reached (NIST SP 800-63C-4; eIDAS: the weakest link)."""
    return f"urn:nid:acr:{min(authenticator.level, account_level)}"


def acr_values() -> tuple[str, ...]:
    """What they reach, the least first: OpenID Connect Discovery section 3."""
    return tuple(sorted({acr(it, account_level=it.level) for it in AUTHENTICATORS.values()}))
