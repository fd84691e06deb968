"""What a service sent somebody here for.

OpenID Connect Core section 3.1.2.3: what a service asked for waits under the ``i`` of the page,
so that two requests may go on in one browser at a time.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from clients.model import Client
from idp.pages.reader import Reader
from idp.pages.site import Site
from oidc.authorize.interaction import Interaction, Interactions, resume_address
from oidc.authorize.respond import client_of, refused
from oidc.endpoints.cookies import FLOW
from oidc.endpoints.message import Answer, Request
from oidc.endpoints.reply import send
from oidc.errors import AccessDenied, InteractionExpired, OAuthError


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """``flow`` is the secret of the browser that the errand belongs to."""

    interaction: Interaction
    client: Client
    flow: str
    reader: Reader
    request: Request

    @property
    def query(self) -> dict[str, str]:
        return {"i": self.interaction.interaction_id}

    def at(self, path: str, **more: str) -> str:
        """A page of this errand."""
        return f"{path}?{urlencode({**self.query, **more})}"

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
    return Errand(interaction=found, client=client, flow=flow, reader=reader, request=request)


async def call_off(site: Site, one: Errand, now: int, error: OAuthError | None = None) -> Answer:
    """The errand is over, and the service is told: the person cancelled or said no, or cannot."""
    said = error or AccessDenied("the person declined")
    reply = await refused(one.interaction, said, site.ports, now)
    return send(reply, one.request, site.ports.pages)
