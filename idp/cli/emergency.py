"""``motcua keys compromise``: a key may be somebody else's. What is told to who stops it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from idp.cli.console import AsJson, show
from idp.cli.key_steps import Kid, Reason, by, moved, tell_if_nothing_signs, tried
from idp.cli.readiness import as_said, services
from idp.cli.times import utc
from idp.signing.emergency import Safe, Stopped
from idp.signing.emergency import compromise as lose
from keys.readiness.judge import Has, Readiness
from store.micros import SECOND

Revoke = Annotated[
    list[str] | None,
    typer.Option(
        "--revoke", metavar="CLIENT", help="End this client's refresh tokens, too. May be repeated."
    ),
]


def compromise(kid: Kid, reason: Reason, revoke: Revoke = None, as_json: AsJson = False) -> None:
    """Somebody else may have this key: out with it, at once and for ever.

    Its successor signs, whoever has seen it. Says from when on each agency is safe.
    """
    stopped = tried(lambda parts, now: lose(parts, kid, by(reason), now, revoke or ()))
    if as_json:
        show([_whole(stopped)], as_json=True)
        tell_if_nothing_signs(stopped.signs, stopped.moves)
        return
    show(moved(stopped.moves), as_json=False)
    show(agencies(stopped), as_json=False)
    if stopped.successor is not None:
        behind(stopped.successor)
    tell_if_nothing_signs(stopped.signs, stopped.moves)
    typer.echo(
        "Tokens of this key are refused here already, and the notice is at /key-notices. Services"
        " under told are sent it by `motcua serve`; tell the others to fetch the key set again now."
    )
    if stopped.unreadable:
        unreadable(stopped.unreadable)


def unreadable(clients: Sequence[str]) -> None:
    """They are among those that may believe it, and nobody is told there by itself."""
    typer.echo(
        f"Call these, too: {', '.join(clients)}. They cannot be read: nobody knows what they"
        " believe. They are sent it once they can be."
    )


def _whole(stopped: Stopped) -> Mapping[str, Any]:
    return {
        "keys": moved(stopped.moves),
        "agencies": list(map(asdict, stopped.agencies)),
        "signs": stopped.signs and stopped.signs.kid,
        "successor": stopped.successor and as_said(stopped.successor),
        "unreadable": stopped.unreadable,
    }


def behind(successor: Readiness) -> None:
    """Who does not have the key that signs now, as far as anybody can tell."""
    its = [it for it in services(successor) if it["key"] != Has.FETCHED]
    if its:
        typer.echo(f"Not seen to have the key that signs now, {successor.kid}:")
        show(its, as_json=False)


def agencies(stopped: Stopped) -> Sequence[Mapping[str, Any]]:
    """From when on each is safe, for people."""
    now = stopped.moves[0].life.changed_at
    return [_safe(it, now) for it in stopped.agencies]


def _safe(agency: Safe, now: int) -> Mapping[str, Any]:
    wait = (agency.since - now) // SECOND
    return {
        "agency": agency.agency_id,
        "services": ", ".join(agency.clients),
        "told": ", ".join(agency.told),
        "safe": f"in {wait // 60} min {wait % 60} s, at {utc(agency.since)}" if wait else "now",
    }
