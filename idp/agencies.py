"""Agencies' own services: how they are reached, and how they register themselves.

What the settings say of both. RFC 7591 section 2.3 for whose statements are believed.
"""

from pathlib import Path

import orjson

from clients.courier import Courier
from clients.dynamic.draft import Drafts
from clients.dynamic.invites import Invites
from clients.dynamic.policy import Policy
from clients.dynamic.registrar import Doors, Registrar
from clients.networks import Networks
from clients.secrets import ClientSecrets
from idp.parts import Parts
from idp.settings import Settings
from keys.foreign import BadKey, ForeignKey, foreign_keys
from oidc.scopes import OF_PERSONS


class BadStatementKeys(Exception):
    """A file of keys for software statements is none; the text says which, in one sentence."""


def make_courier(settings: Settings) -> Courier:
    """Raises ``clients.calls.BadAuthorities``."""
    networks = Networks(loopback=settings.demonstration, private=settings.agency_networks)
    return Courier(networks, authorities=settings.agency_authorities)


def make_policy(settings: Settings) -> Policy:
    """Raises ``BadStatementKeys``."""
    said = settings.registration
    return Policy(
        open=said.mode == "open",
        demonstration=settings.demonstration,
        rate=said.rate,
        purpose_id=said.purpose,
        require_pkce=said.require_pkce,
        grant_types=frozenset(said.grant_types),
        scopes=OF_PERSONS,
        issuers={issuer: _keys(file) for issuer, file in said.statement_issuers.items()},
    )


def make_registrar(parts: Parts, courier: Courier, policy: Policy) -> Registrar:
    storage = parts.storage
    sealed = ClientSecrets(storage.vault)
    doors = Doors(
        database=storage.database,
        ledger=parts.ledger,
        clients=parts.clients,
        invites=Invites(storage.database, parts.ledger),
        drafts=Drafts(policy=policy, sealed=sealed, courier=courier),
        end_grants=parts.grants.end_of_all,
    )
    return Registrar(doors, policy)


def _keys(file: Path) -> tuple[ForeignKey, ...]:
    try:
        return foreign_keys(orjson.loads(file.read_bytes())["keys"])
    except (OSError, ValueError, LookupError, TypeError, BadKey) as error:
        raise BadStatementKeys(f"The file {file} is no key set of public keys.") from error
