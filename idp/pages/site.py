"""Everything that pages need, opened once by the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from consent.records import SqlRecords
from consent.release import Releases
from idp.authentication.sign_in import SignIn
from idp.pages.builder import Builder
from idp.pages.csrf import Csrf
from idp.pages.problems import Problems
from idp.pages.static import Static
from idp.sessions.sql import Sessions
from oidc.endpoints.message import Answer, Request
from oidc.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Doors only."""

    ports: Ports
    builder: Builder
    problems: Problems
    static: Static
    csrf: Csrf
    sign_in: SignIn
    sessions: Sessions
    records: SqlRecords
    releases: Releases


View = Callable[[Site, Request, int], Awaitable[Answer]]
"""A page or what its form does: site, request and ``now`` to an answer."""
