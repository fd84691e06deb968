"""What the client wants shown. OpenID Connect Core section 3.1.2.1.

Initiating User Registration via OpenID Connect section 4.1: a value that is not announced is
refused, never ignored.
"""

from oidc.errors import InvalidRequest
from oidc.scopes import words

PROMPTS = ("none", "login", "consent", "select_account")
_KNOWN = frozenset(PROMPTS)


def parse(value: str | None) -> frozenset[str]:
    asked = words(value)
    if not asked <= _KNOWN:
        raise InvalidRequest("unknown prompt", public="The prompt is not supported.")
    if "none" in asked and len(asked) > 1:
        raise InvalidRequest("prompt=none and more", public="The prompt none stands alone.")
    return asked
