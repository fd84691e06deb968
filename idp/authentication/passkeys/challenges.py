"""Challenges: random, of one browser and one purpose, once, for five minutes.

WebAuthn Level 3 section 13.4.3; W-02; NIST SP 800-63B-4 section 3.2.7 (replay). One is spent by
the first answer that names it, whether or not the rest of that answer is right.
"""

from idp.authentication.passkeys import PasskeyRefused
from keys.secrets import digest, new_secret
from store.micros import MINUTE
from store.one_time import OneTime

LIFE = 5 * MINUTE
_KEPT = 2 * LIFE  # so that a late answer is told from a strange one


class Challenges:
    """``secret`` is of the browser's cookie; an answer from another browser finds nothing."""

    def __init__(self, one_time: OneTime) -> None:
        self._one_time = one_time

    async def new(self, purpose: str, secret: str, now: int) -> str:
        """256 random bits, in base64url."""
        challenge = new_secret()
        await self._one_time.put(_key(challenge, purpose, secret), str(now).encode(), ttl=_KEPT)
        return challenge

    async def spend(self, challenge: str, purpose: str, secret: str, now: int) -> None:
        """For exactly one caller; raises ``PasskeyRefused`` for all others."""
        taken = await self._one_time.take(_key(challenge, purpose, secret))
        if taken is None or not taken.first:
            raise PasskeyRefused("challenge")
        if now - int(taken.value) >= LIFE:
            raise PasskeyRefused("expired")


def _key(challenge: str, purpose: str, secret: str) -> str:
    return f"challenge:{digest(f'{purpose} {secret} {challenge}')}"
