"""After signing out: which services were signed out, and which will be.

OpenID Connect Back-Channel Logout 1.0 section 2.7. A service that is there answers in a moment, and
that moment is waited for; to one that is not it is told as soon as it is back. Front-Channel Logout
1.0 section 3: services that ask for it are told in frames; a small script goes on when those have
loaded, and whoever runs none presses its button.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from clients.model import Client
from idp.outbox.told import States
from idp.pages.builder import Page
from idp.pages.site import Site
from idp.pages.values import named
from oidc.endpoints.message import Answer, Request
from oidc.farewell import SIGNED_OUT, Farewell, ended_here

LOOKS, PAUSE = 10, 0.1  # seconds
OUT, SOON, HERE, ALONE = "out", "soon", "here", "alone"
SCRIPT = "signed-out.js"


async def show(site: Site, request: Request, now: int) -> Answer:
    reader, farewell = site.builder.reader(request), await ended_here(request, site.ports, now)
    clients = await _told(site, farewell)
    services = {
        state: [named(client, reader.language) for client, found in clients if found == state]
        for state in (OUT, SOON, HERE, ALONE)
    }
    values: dict[str, Any] = {
        "services": services,
        "frames": farewell.frames,
        "after": farewell.after,
    }
    page = Page(
        template="signed_out.html",
        values=values,
        here=None if farewell.after else (SIGNED_OUT, _query(farewell)),
        scripts=(SCRIPT,) if farewell.after else (),
        frames=farewell.frames,
    )
    return site.builder.build(page, reader)


def _query(farewell: Farewell) -> Mapping[str, str]:
    """By which the same page is found again."""
    return {"i": farewell.name} if farewell.name else {}


async def _told(site: Site, farewell: Farewell) -> Sequence[tuple[Client, str]]:
    """Every service once, also one that is disabled meanwhile; and how far it is.

    Whoever goes on from here need not wait to read it.
    """
    session_ids = farewell.session_ids
    found = await site.told.states(session_ids)
    listed = [await site.clients.show(name) for name in found]
    known = [it.client for it in listed if it is not None]
    waited_for = [it.client_id for it in known if it.backchannel_logout_uri is not None]
    for _ in range(0 if farewell.after else LOOKS):
        if not any(False in found[name] for name in waited_for):
            break
        await asyncio.sleep(PAUSE)
        found = await site.told.states(session_ids)
    return [(it, _state(it, found[it.client_id])) for it in known]


def _state(client: Client, states: States) -> str:
    if client.backchannel_logout_uri is None:
        return ALONE if client.frontchannel_logout_uri is None else HERE
    return SOON if any(in_vain is not None for in_vain in states) else OUT
