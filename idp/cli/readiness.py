"""``motcua keys readiness``: who has fetched which key, and what hangs on those who have not."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from idp.cli.console import AsJson, fail, read_settings, run, show
from idp.cli.times import utc
from idp.parts import Parts
from keys.readiness.judge import Has, Readiness

KeyName = Annotated[
    str | None, typer.Argument(help="Its kid, for every service by itself; else all keys.")
]


def readiness(kid: KeyName = None, as_json: AsJson = False) -> None:
    """Which services have fetched a key, which have not, and how many sign in there."""
    found = [it for it in run(_look) if kid in {None, it.kid}]
    if kid is not None and not found:
        fail("no such key is shown to services: `motcua keys list` names them")
    if as_json:
        show([as_said(it) for it in found], as_json=True)
        return
    show(services(found[0]) if kid is not None else [_short(it) for it in found], as_json=False)
    if any(it.unknown for it in found):
        typer.echo(
            "Unknown: services that fetch where all do, from no network of their own. Give them"
            " key_set_name or source_networks (docs/keys.md)."
        )


async def _look(parts: Parts, now: int) -> Sequence[Readiness]:
    return await parts.gate.look(await parts.custody.lives(), now)


def services(found: Readiness) -> Sequence[Mapping[str, Any]]:
    """One line each, who carries most first; for people."""
    return [
        {
            "service": it.service.client_id,
            "agency": it.service.agency_id,
            "key": it.has.value,
            "sign-ins": f"{it.share:.1%}",
            "first": utc(it.first_at),
            "last": utc(it.last_at),
        }
        for it in found.services
    ]


def as_said(found: Readiness) -> Mapping[str, Any]:
    """For machines: shares from 0 to 1, times in microseconds."""
    percent = read_settings().keys.stale_percent
    return {
        **{name: it for name, it in asdict(found).items() if name != "services"},
        "ready": found.is_ready(percent),
        "stale_share": found.share(Has.NOT),
        "services": [
            {
                "client_id": it.service.client_id,
                "agency_id": it.service.agency_id,
                "key": it.has.value,
                "share": it.share,
                "sign_ins": it.service.sign_ins,
                "first_at": it.first_at,
                "last_at": it.last_at,
            }
            for it in found.services
        ],
    }


def _short(found: Readiness) -> Mapping[str, Any]:
    stale, unknown = found.stale, found.unknown
    ready = found.is_ready(read_settings().keys.stale_percent)
    return {
        "kid": found.kid,
        "alg": found.alg,
        "state": found.state.value,
        "fetched_by": f"{len(found.fetched)} of {found.known}",
        "not_fetched": ", ".join(it.service.client_id for it in stale),
        "sign-ins": f"{found.share(Has.NOT):.1%}",
        "unknown": f"{len(unknown)} ({found.share(Has.UNKNOWN):.1%})" if unknown else "",
        "ready": "yes" if ready else "no",
    }
