"""What the engine asks of grants: their tokens, and what may be released by them.

OpenID Connect Core section 5.3 (claims); RFC 6749 sections 4.1.3 (redemption) and 6 (refresh);
RFC 7009 (revocation).
"""

from collections.abc import Mapping
from typing import Any, Protocol

from consent.model import Family, Grant, Issue, LiveFamily, Redemption
from consent.policy import LiveGrant
from consent.ports import Then


class Issues(Protocol):
    """What is known of tokens since they were issued."""

    async def find(self, jti: str, grant_id: str) -> Issue | None: ...

    def forged(self, kid: str | None) -> None:
        """Tell of a token that this key signed and that was never issued."""
        ...


class Grants(Protocol):
    """The durable roots of families of tokens; ``issues``: of their access tokens."""

    @property
    def issues(self) -> Issues: ...

    async def redeem(
        self, grant: Grant, *, jti: str, now: int, family: Family | None = None, then: Then = None
    ) -> Redemption:
        """Make the grant if its code never was redeemed and its session and record are live.

        With a family of refresh tokens it outlives its session.
        """
        ...

    async def end_replayed(self, code_digest: str, now: int) -> bool:
        """End the grant this code was redeemed for; false if it never was."""
        ...

    async def end_reused(self, grant_id: str, now: int) -> None:
        """End the grant whose refresh token came from two sides."""
        ...

    async def stand(self, grant: Grant, *, jti: str, now: int, then: Then = None) -> None:
        """Make a client's own grant if it is not there; the event in any case."""
        ...

    async def live(self, grant_id: str, now: int) -> LiveGrant | None:
        """The grant with what its record allows, if neither has ended."""
        ...

    async def end(self, grant_id: str, client_id: str, now: int) -> None:
        """End a client's grant. Nothing happens if it has ended or is another's."""
        ...

    async def revoke_token(self, jti: str, client_id: str, *, ends_at: int, now: int) -> None:
        """Refuse this one token of a client until it would have ended by itself."""
        ...

    async def is_revoked(self, jti: str, now: int) -> bool: ...

    async def stands(self, grant_id: str, jti: str, now: int) -> bool:
        """Whether grant, record and session live, and the token was not given back."""
        ...


class Families(Protocol):
    """The refresh tokens of a grant."""

    async def find(self, family_digest: str, now: int) -> LiveFamily | None:
        """The family, if neither it nor its grant nor its record has ended."""
        ...

    async def use(
        self, live: LiveFamily, newest: int, *, jti: str, now: int, then: Then = None
    ) -> bool:
        """Write down which token is the newest; false if it is not as it was any more."""
        ...


class Releases(Protocol):
    async def deliver(self, live: LiveGrant, now: int) -> Mapping[str, Any]:
        """Claims, once their release is on disk; ``GrantGone`` if it ended at that moment."""
        ...
