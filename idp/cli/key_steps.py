"""``motcua keys``, what changes one: each says why, and a refusal says what to do next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from getpass import getuser
from typing import Annotated, Any, TypeVar

import typer

from idp.cli.console import AsJson, Work, fail, run, show
from idp.cli.times import utc
from keys.lives.by import By, Override
from keys.lives.custody import Raced
from keys.lives.lifecycle import Life, Refused, Step, TooEarly
from keys.lives.moves import Move
from keys.readiness.gate import NotReady

T = TypeVar("T")
TIMES = (
    "created_at",
    "published_at",
    "activated_at",
    "deactivated_at",
    "compromised_at",
    "changed_at",
    "held_at",
)
Kid = Annotated[str, typer.Argument(help="Its kid: `motcua keys list` names them.")]
Reason = Annotated[
    str, typer.Option("--reason", help="Why: kept as long as events are. Names no person.")
]
Overridden = Annotated[
    str | None,
    typer.Option(
        "--override",
        metavar="REASON",
        help="Although services have not fetched it; kept as long as events are. Names no person.",
    ),
]


def activate(
    kid: Kid,
    reason: Reason = "by hand",
    override: Overridden = None,
    as_json: AsJson = False,
) -> None:
    """Sign with this key from now on: one that all have had the time to see.

    Refused while too much hangs on services that have not fetched it.
    """
    who = by(reason)
    if override is not None:
        if not override.strip():
            fail("--override says why: what was done for the services that do not have the key")
        who = replace(who, override=Override(override[:200], (who.actor,)))
    taken = tried(lambda parts, now: parts.custody.take(kid, Step.ACTIVATE, who, now))
    show(moved(taken.moves), as_json=as_json)


def suspend(kid: Kid, reason: Reason, as_json: AsJson = False) -> None:
    """Stop using a key, for the time being: nobody believes it. Its successor signs at once."""
    _change(kid, Step.SUSPEND, reason, as_json)


def resume(kid: Kid, reason: Reason, as_json: AsJson = False) -> None:
    """Show a suspended key again. It may sign when all have had the time to see it."""
    _change(kid, Step.RESUME, reason, as_json)


def by(reason: str) -> By:
    """Who is at this terminal."""
    return By(f"terminal: {getuser()}", reason[:200])


def readable(said: Mapping[str, Any], times: Collection[str] = TIMES) -> dict[str, Any]:
    """Times as people read them, and nothing where there is nothing."""
    return {
        name: utc(it) if name in times else "" if it is None else it for name, it in said.items()
    }


def _change(kid: str, step: Step, reason: str, as_json: bool) -> None:
    taken = tried(lambda parts, now: parts.custody.take(kid, step, by(reason), now))
    show(moved(taken.moves), as_json=as_json)
    if step is Step.SUSPEND:
        tell_if_nothing_signs(taken.signs, taken.moves)


def tell_if_nothing_signs(signs: Life | None, moves: Sequence[Move]) -> None:
    """Beside what is shown, so that a machine can read the rest."""
    if signs is None:
        typer.echo(
            f"It is stopped, but no key could be made: nothing signs with {moves[0].was.alg} until"
            " one is. `motcua serve` tries again within 20 seconds: see that the place where keys"
            " are kept can be reached.",
            err=True,
        )


def tried(work: Work[T]) -> T:
    try:
        return run(work)
    except TooEarly as error:
        fail(f"{error}: it may from {utc(error.at)} on")
    except NotReady as error:
        fail(
            f"{error}. Have them fetch the key set, or say --override REASON:"
            f" `motcua keys readiness {error.found.kid}` shows each"
        )
    except Refused as error:
        fail(str(error))
    except Raced:
        fail("somebody else changed the keys at this moment: look again and repeat")


def moved(moves: Sequence[Move]) -> list[dict[str, Any]]:
    return [
        {
            "kid": move.life.kid,
            "alg": move.life.alg,
            "was": move.was.state.value,
            "state": move.life.state.value,
        }
        for move in moves
    ]
