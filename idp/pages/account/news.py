"""What the press before this page did: told once, and to the same person.

It waits in the one-time store under a name that travels in the address and says nothing.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from idp.pages.site import Site
from keys.secrets import digest, new_secret
from oidc.endpoints.message import Answer, Request, see_other
from store.micros import MINUTE


async def tell(site: Site, account_id: str, news: Mapping[str, Any], then: str) -> Answer:
    """Go on to the page ``then``, which hears it. ``news`` holds identifiers and times."""
    said = new_secret()
    await site.ports.one_time.put(
        _key(said, account_id, then), json.dumps(news).encode(), ttl=5 * MINUTE
    )
    return see_other(f"{then}?{urlencode({'said': said})}")


async def heard(site: Site, request: Request, account_id: str) -> Mapping[str, Any] | None:
    """What there is to tell on this page; nothing if it was told before, or to somebody else."""
    said = request.params().get("said")
    taken = await site.ports.one_time.take(_key(said, account_id, request.path)) if said else None
    if taken is None or not taken.first:
        return None
    news: Mapping[str, Any] = json.loads(taken.value)
    return news


def _key(said: str, account_id: str, page: str) -> str:
    return f"news:{digest(f'{said} {account_id} {page}')}"
