"""What a service sent somebody here for.

OpenID Connect Core section 3.1.2.3: what a service asked for waits under the ``i`` of the page,
so that two requests may go on in one browser at a time.
"""

from dataclasses import dataclass

from clients.model import Client
from idp.pages.builder import Reader
from idp.pages.site import Site
from oidc.authorize.interaction import Interaction, Interactions, resume_address
from oidc.authorize.respond import client_of
from oidc.endpoints.cookies import FLOW
from oidc.endpoints.message import Request
from oidc.errors import InteractionExpired


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """``flow`` is the secret of the browser that the errand belongs to."""

    interaction: Interaction
    client: Client
    flow: str
    reader: Reader

    @property
    def query(self) -> dict[str, str]:
        return {"i": self.interaction.interaction_id}

    @property
    def resume(self) -> str:
        """Where the person goes on when a page is done."""
        return resume_address(self.interaction.interaction_id)

    @property
    def answers_to(self) -> tuple[str, ...]:
        """The proven address at which it ends."""
        return (self.interaction.request.redirect_uri,)


async def errand(site: Site, request: Request, now: int) -> Errand:
    """The errand ``i``, in the browser it began in. Raises ``InteractionExpired``."""
    flow, waiting = request.cookie(FLOW) or "", Interactions(site.ports.one_time)
    found = await waiting.load(request.params().need("i"), flow)
    if found is None or not found.bound:
        raise InteractionExpired("no such interaction in this browser")
    reader = site.builder.reader(request, found.request.ui_locales)
    client = await client_of(found.request, site.ports, now)
    return Errand(interaction=found, client=client, flow=flow, reader=reader)
