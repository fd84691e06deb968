"""``motcua keys``, what changes one: each says why, and a refusal says what to do next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from getpass import getuser
from typing import Annotated, Any, TypeVar

import typer

from idp.cli.console import AsJson, Work, fail, run, show
from idp.logs import moment
from idp.signing.emergency import Safe, Stopped
from idp.signing.emergency import compromise as lose
from keys.lives.by import By
from keys.lives.custody import Raced
from keys.lives.lifecycle import Refused, Step, TooEarly
from keys.lives.moves import Move
from store.micros import SECOND, seconds

T = TypeVar("T")
TIMES = (
    "created_at",
    "published_at",
    "activated_at",
    "deactivated_at",
    "compromised_at",
    "changed_at",
)
Kid = Annotated[str, typer.Argument(help="Its kid: `motcua keys list` names them.")]
Reason = Annotated[
    str, typer.Option("--reason", help="Why: kept as long as events are. Names no person.")
]
Revoke = Annotated[
    list[str] | None,
    typer.Option(
        "--revoke", metavar="CLIENT", help="End this client's refresh tokens, too. May be repeated."
    ),
]


def activate(kid: Kid, reason: Reason = "by hand", as_json: AsJson = False) -> None:
    """Sign with this key from now on: one that all have had the time to see."""
    _change(kid, Step.ACTIVATE, reason, as_json)


def suspend(kid: Kid, reason: Reason, as_json: AsJson = False) -> None:
    """Stop using a key, for the time being: nobody believes it. Its successor signs at once."""
    _change(kid, Step.SUSPEND, reason, as_json)


def resume(kid: Kid, reason: Reason, as_json: AsJson = False) -> None:
    """Show a suspended key again. It may sign when all have had the time to see it."""
    _change(kid, Step.RESUME, reason, as_json)


def compromise(kid: Kid, reason: Reason, revoke: Revoke = None, as_json: AsJson = False) -> None:
    """Somebody else may have this key: out with it, at once and for ever.

    Its successor signs, whoever has seen it. Says from when on each agency is safe.
    """
    stopped = _tried(lambda parts, now: lose(parts, kid, by(reason), now, revoke or ()))
    if as_json:
        said = {"keys": _moved(stopped.moves), "agencies": list(map(asdict, stopped.agencies))}
        show([said], as_json=True)
        return
    show(_moved(stopped.moves), as_json=False)
    show(agencies(stopped), as_json=False)
    typer.echo(
        "Tokens of this key are refused here already. Tell the agencies that are not safe yet to"
        " fetch the key set again now."
    )


def agencies(stopped: Stopped) -> Sequence[Mapping[str, Any]]:
    """From when on each is safe, for people."""
    now = stopped.moves[0].life.changed_at
    return [_safe(it, now) for it in stopped.agencies]


def by(reason: str) -> By:
    """Who is at this terminal."""
    return By(f"terminal: {getuser()}", reason[:200])


def readable(said: Mapping[str, Any], times: Collection[str] = TIMES) -> dict[str, Any]:
    """Times as people read them, and nothing where there is nothing."""
    return {
        name: utc(it) if name in times else "" if it is None else it for name, it in said.items()
    }


def utc(micros: int | None) -> str:
    return "" if micros is None else f"{moment(seconds(micros)).replace('T', ' ')} UTC"


def _change(kid: str, step: Step, reason: str, as_json: bool) -> None:
    moves = _tried(lambda parts, now: parts.custody.take(kid, step, by(reason), now))
    show(_moved(moves), as_json=as_json)


def _tried(work: Work[T]) -> T:
    try:
        return run(work)
    except TooEarly as error:
        fail(f"{error}: it may from {utc(error.at)} on")
    except Refused as error:
        fail(str(error))
    except Raced:
        fail("somebody else changed the keys at this moment: look again and repeat")


def _moved(moves: Sequence[Move]) -> list[dict[str, Any]]:
    return [
        {
            "kid": move.life.kid,
            "alg": move.life.alg,
            "was": move.was.state.value,
            "state": move.life.state.value,
        }
        for move in moves
    ]


def _safe(agency: Safe, now: int) -> Mapping[str, Any]:
    wait = (agency.since - now) // SECOND
    return {
        "agency": agency.agency_id,
        "services": ", ".join(agency.clients),
        "safe": f"in {wait // 60} min {wait % 60} s, at {utc(agency.since)}" if wait else "now",
    }
