"""Refresh tokens: each says of which family it is and which of its tokens, and proves it.

RFC 6749 sections 1.5, 6 and 10.4; RFC 9700 section 4.14.2. The family is a secret of 256 random
bits that is kept as a digest, and each token an HMAC of the one number that sets it apart. So the
successor of a token can be said again without having been kept, and no other than a token of ours
is looked for.
"""

import re
from dataclasses import dataclass
from typing import Self

from keys.secrets import keyed, new_ticket, same, ticket_digest
from keys.versions import Secrets

_TOKEN = re.compile(
    r"(?P<family>[0-9a-f]{14}\.[A-Za-z0-9_-]{43})\.(?P<number>0|[1-9][0-9]{0,8})\.[A-Za-z0-9_-]{43}"
)


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """``family``: the secret that its tokens share. ``generation``: which of them it is."""

    family: str
    generation: int = 0

    @classmethod
    def first(cls, now: int) -> Self:
        """Of a new family."""
        return cls(new_ticket(now))

    def successor(self) -> "RefreshToken":
        return RefreshToken(self.family, self.generation + 1)

    @property
    def family_digest(self) -> str:
        """What is kept of it."""
        return ticket_digest(self.family)


class RefreshTokens:
    """``secrets`` are of this purpose alone."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def write(self, token: RefreshToken) -> str:
        return _written(token, self._secrets.first)

    def read(self, text: str) -> RefreshToken | None:
        """Nothing, if we did not write it. Whether it is good is not judged."""
        found = _TOKEN.fullmatch(text)
        if found is None:
            return None
        token = RefreshToken(found["family"], int(found["number"]))
        ours = any(same(_written(token, secret), text) for secret in self._secrets.all)
        return token if ours else None


def _written(token: RefreshToken, secret: bytes) -> str:
    said = f"{token.family}.{token.generation}"
    return f"{said}.{keyed(secret, said)}"
