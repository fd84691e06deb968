"""A client that is about to be registered, or changed, with the secret it needs.

RFC 7591 section 3.2.1; RFC 7592 section 2.2. Where its addresses lead is looked at last: only who
is right in everything else makes us call somebody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from clients.courier import Courier
from clients.dynamic import sector
from clients.dynamic.judge import grant_types, judged, scope, with_defaults
from clients.dynamic.policy import Policy, Terms
from clients.dynamic.refused import BadMetadata
from clients.model import BY_THE_HOUSE, OF_SECRETS, Client
from clients.rules import SECRETS
from clients.rules.authentication import JWT
from clients.secrets import ClientSecrets
from keys.secrets import digest, new_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What no client says of itself: its name, its terms, and how its secret was kept so far.

    ``ours``: what was set of it here, whether it was registered so or not.
    """

    client_id: str
    terms: Terms
    before: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)
    ours: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, client: Client) -> Self:
        own = not client.agency_id.startswith(sector.MARK)
        return cls(
            client_id=client.client_id,
            terms=Terms(
                agency_id=client.agency_id if own else None,
                purpose_id=client.purpose_id,
                scopes=frozenset(client.scope.split(" ")),
                grant_types=client.grant_types,
            ),
            before=client.agency_id,
            secrets={name: getattr(client, name) for name in OF_SECRETS if getattr(client, name)},
            ours={name: getattr(client, name) for name in BY_THE_HOUSE},
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """``secret``: a new one, told once."""

    client: Client
    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    policy: Policy
    sealed: ClientSecrets
    courier: Courier

    async def make(self, said: Mapping[str, Any], kept: Kept) -> Draft:
        """Raises ``BadMetadata``."""
        found = with_defaults(said)
        found["grant_types"] = grant_types(found, kept.terms, self.policy)
        secret, of_secret = self._secret(found["token_endpoint_auth_method"], kept)
        found["scope"] = scope(found, kept.terms, self.policy)
        ours = {
            "client_id": kept.client_id,
            "agency_id": kept.terms.agency_id or "",
            "purpose_id": kept.terms.purpose_id,
            **kept.ours,
            **of_secret,
        }
        client = judged(found, ours, self.policy)
        if kept.terms.agency_id is None:
            agency = sector.agency_of(client)
            client = client.model_copy(update={"agency_id": agency.agency_id})
        if kept.before not in ("", client.agency_id):
            raise BadMetadata("its sector cannot change: people are known to it by that.")
        await sector.check_document(client, self.courier)
        return Draft(client, secret)

    def _secret(self, method: object, kept: Kept) -> tuple[str | None, Mapping[str, str]]:
        """A new one where one is needed and there is none of its kind."""
        member = {**dict.fromkeys(SECRETS, OF_SECRETS[0]), JWT: OF_SECRETS[1]}.get(str(method))
        if member is None:
            return None, {}
        if member in kept.secrets:
            return None, {member: kept.secrets[member]}
        secret = new_secret()
        if method == JWT:
            return secret, {member: self.sealed.seal(kept.client_id, secret)}
        return secret, {member: digest(secret)}
