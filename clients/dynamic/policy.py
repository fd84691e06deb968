"""What may register itself here, and on whose behalf. RFC 7591 sections 1.2 and 5."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from keys.foreign import ForeignKey

BARE = frozenset({"openid", "offline_access"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """``open``: also without an invitation, ``rate`` times an hour.

    ``scopes`` are those of people, ``purpose_id`` that of clients whose invitation names none,
    ``issuers`` the keys of those whose software statements are believed.
    """

    open: bool = False
    demonstration: bool = False
    rate: int = 1000
    purpose_id: str | None = None
    require_pkce: bool = True
    grant_types: frozenset[str] = frozenset({"authorization_code", "refresh_token"})
    scopes: frozenset[str] = BARE
    issuers: Mapping[str, Sequence[ForeignKey]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Of one client: whose it is, if an agency's, and why it may ask, if it may.

    ``scopes`` and ``grant_types``: those that it has already, by whosever word.
    """

    agency_id: str | None = None
    purpose_id: str | None = None
    scopes: frozenset[str] = frozenset()
    grant_types: frozenset[str] = frozenset()

    def asks(self, policy: Policy) -> frozenset[str]:
        """Without a purpose nothing about people can be asked: who it is, and that is all."""
        return policy.scopes if self.purpose_id else policy.scopes & BARE

    def given_scopes(self, policy: Policy) -> frozenset[str]:
        """That nobody can register: who has one was given it here."""
        return self.scopes - policy.scopes

    def given_grant_types(self, policy: Policy) -> frozenset[str]:
        """Likewise."""
        return self.grant_types - policy.grant_types
