"""Who looked: every time a service got facts about a person, in the last year.

The page and its download tell the same, with the same wishes. Nothing is said of values.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import orjson

from consent.catalogue import ATTRIBUTES
from idp.pages.account.lookup import Lookup, lookup, row
from idp.pages.account.owner import owner, room
from idp.pages.dates import day
from idp.pages.door import sign_in_first
from idp.pages.paths import ACTIVITY, SIGN_IN
from idp.pages.site import Site
from oidc.endpoints.message import JSON, NO_STORE, Answer, Request, see_other

PAGE = 25
DOWNLOAD = f"{ACTIVITY}.json"


async def show(site: Site, request: Request, now: int) -> Answer:
    who = await owner(site, request, now)
    if who is None:
        return sign_in_first(ACTIVITY)
    asked = await lookup(site, request, who, now)
    found = await site.looks.page(who.account_id, asked.wish, PAGE + 1)
    looks = found[:PAGE]
    rows = [{**await row(look, asked.names), "day": day(look.at, who.language)} for look in looks]
    older = {**asked.chosen, "before": "{}-{}".format(*looks[-1].key)} if found[PAGE:] else None
    values = {
        "days": [(name, list(some)) for name, some in groupby(rows, key=lambda it: it["day"])],
        "filters": await _filters(site, asked, who.account_id),
        "filtered": bool(asked.chosen),
        "newer": asked.before is not None,
        "newest": _address(ACTIVITY, asked.chosen),
        "older": older and _address(ACTIVITY, older),
        "download": _address(DOWNLOAD, asked.chosen),
    }
    return room(site, who, "activity.html", values, (ACTIVITY, asked.said))


async def download(site: Site, request: Request, now: int) -> Answer:
    """All of it in one file: JSON (RFC 8259), which the browser keeps and does not show."""
    who = await owner(site, request, now)
    if who is None:
        return see_other(SIGN_IN)
    asked = await lookup(site, request, who, now)
    looks: list[Mapping[str, Any]] = []
    async for part in site.looks.every(who.account_id, asked.wish):
        looks += [await row(look, asked.names) for look in part]
    saved = (b"content-disposition", b'attachment; filename="who-looked.json"')
    body = orjson.dumps({"looks": looks}, option=orjson.OPT_INDENT_2)
    return Answer(200, body, (JSON, NO_STORE, saved))


async def _filters(site: Site, asked: Lookup, account_id: str) -> Sequence[Mapping[str, Any]]:
    """What can be wished for: name, value and label of each, and whether it is."""
    services = [(it, await asked.names.service(it)) for it in asked.clients]
    options = {
        "service": [(it, f"{who['agency']} · {who['name']}") for it, who in services],
        "fact": [(it, asked.names.fact(it).label) for it in ATTRIBUTES],
        "month": [(it.key, it.label) for it in asked.months],
    }
    return [
        {"name": name, "options": some, "chosen": asked.chosen.get(name, "")}
        for name, some in options.items()
    ]


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
