"""Which looks somebody wants to see, as the address says it, and how one is told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from consent.catalogue import ATTRIBUTES
from consent.looks import Key, Look, Wish
from idp.pages.account.names import Names
from idp.pages.account.owner import Owner
from idp.pages.dates import Month, months, second, stamp
from idp.pages.site import Site
from oidc.endpoints.message import Request
from oidc.errors import InvalidRequest
from oidc.params import Params
from store.micros import DAY

YEAR = 365 * DAY
CALLED = ("name", "agency", "domain")
_KEY = re.compile(r"([0-9]{1,18})-([0-9A-Za-z_-]{1,64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """``chosen``: the wishes by name. ``before``: where an older page begins."""

    names: Names
    clients: Sequence[str]
    months: Sequence[Month]
    chosen: Mapping[str, str]
    before: str | None
    wish: Wish

    @property
    def said(self) -> Mapping[str, str]:
        """What the address said."""
        return {**self.chosen, **({"before": self.before} if self.before else {})}


async def lookup(site: Site, request: Request, owner: Owner, now: int) -> Lookup:
    """Raises ``InvalidRequest`` for a wish that the page does not offer."""
    params, since = request.params(), now - YEAR
    clients = await site.looks.clients(owner.account_id)
    offered = months(since, now, owner.language)
    names = {"service": clients, "fact": [*ATTRIBUTES], "month": [it.key for it in offered]}
    chosen = {name: value for name in names if (value := params.get(name))}
    for name, value in chosen.items():
        if value not in names[name]:
            raise InvalidRequest(f"{name} is none of those offered")
    month = next((it for it in offered if it.key == chosen.get("month")), None)
    end = min(now + 1, month.ends) if month else now + 1
    return Lookup(
        names=Names(site, owner.language, now),
        clients=clients,
        months=offered,
        chosen=chosen,
        before=params.get("before"),
        wish=Wish(
            since=max(since, month.begins) if month else since,
            before=min(_key(params) or (end, ""), (end, "")),
            client_id=chosen.get("service"),
            attr_id=chosen.get("fact"),
        ),
    )


def _key(params: Params) -> Key | None:
    said = params.get("before")
    if said is None:
        return None
    found = _KEY.fullmatch(said)
    if found is None:
        raise InvalidRequest("before is no place in the list")
    return int(found[1]), found[2]


async def row(look: Look, names: Names) -> Mapping[str, Any]:
    """When, who, for what, and which facts from which register."""
    facts = [names.fact(attr_id) for attr_id in look.attributes]
    who = await names.service(look.client_id)
    return {
        "at": stamp(look.at),
        "time": second(look.at, names.language),
        "service": {"client_id": look.client_id, **{it: who[it] for it in CALLED}},
        "purpose": {"purpose_id": look.purpose_id, "title": await names.title(look.purpose_id)},
        "registers": [
            {
                "register": register,
                "facts": [{"attribute": it.attr_id, "label": it.label} for it in some],
            }
            for register, some in groupby(facts, key=lambda it: it.register)
        ],
    }
