"""Everything that pages need, opened once by the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from clients.sql import SqlClients
from consent.looks_sql import SqlLooks
from consent.narrowing_sql import SqlNarrowing
from consent.records import SqlRecords
from consent.release import Releases
from idp.authentication.passkeys.doors import PasskeyDoors
from idp.authentication.security import Security
from idp.authentication.sign_in import SignIn
from idp.officers.doors import Console
from idp.outbox.told import Told
from idp.pages.builder import Builder
from idp.pages.gate.csrf import Csrf
from idp.pages.problems import Problems
from idp.pages.static import Static
from idp.sessions.devices import Devices
from idp.sessions.sql import Sessions
from oidc.endpoints.message import Answer, Request
from oidc.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Doors only. ``account_pages``: their paths. ``clients``: also those that are disabled."""

    ports: Ports
    builder: Builder
    problems: Problems
    static: Static
    csrf: Csrf
    sign_in: SignIn
    security: Security
    passkeys: PasskeyDoors
    sessions: Sessions
    records: SqlRecords
    narrowing: SqlNarrowing
    looks: SqlLooks
    clients: SqlClients
    releases: Releases
    told: Told
    devices: Devices
    account_pages: frozenset[str]
    console: Console


View = Callable[[Site, Request, int], Awaitable[Answer]]
"""A page or what its form does: site, request and ``now`` to an answer."""
