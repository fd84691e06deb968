"""``motcua keys``: which keys sign, which come and which go, and what happens to them next."""

from contextlib import suppress
from dataclasses import asdict
from typing import Annotated, Any

import typer

from idp.cli.console import AsJson, fail, read_settings, run, show
from idp.cli.drill import drill
from idp.cli.emergency import compromise
from idp.cli.key_steps import activate, by, readable, resume, suspend
from idp.cli.readiness import readiness
from idp.cli.rewrap import rewrap
from idp.cli.times import utc
from idp.parts import Parts
from keys.lives.custody import Raced
from keys.lives.lifecycle import Life
from keys.lives.plan import Task
from keys.signers.held import CannotSign
from keys.signing_key import KeyFault
from store.database import Unavailable

commands = typer.Typer(help="Signing keys.", no_args_is_help=True)
commands.command()(rewrap)
commands.command()(drill)
_NAMING = {"ignore_unknown_options": True}  # the name of a key may begin with a hyphen
for step in (activate, suspend, resume, compromise, readiness):
    commands.command(context_settings=_NAMING)(step)

_LISTED = ("kid", "alg", "state", "published_at", "activated_at", "deactivated_at")


@commands.callback()
def keys() -> None:
    """Signing keys."""


@commands.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every signing key, the oldest first."""
    found = run(lambda parts, _: parts.custody.lives())
    if not found and not as_json:
        typer.echo("none yet: `motcua serve` makes them when it first starts")
        return
    show([asdict(key) if as_json else _short(key) for key in found], as_json=as_json)


@commands.command("show", context_settings=_NAMING)
def show_(kid: Annotated[str, typer.Argument(help="Its kid.")], as_json: AsJson = False) -> None:
    """All that is known of a key, and what the policy does with it next."""

    async def look(parts: Parts, now: int) -> tuple[list[Life], list[Task]]:
        lives = [life for life in await parts.custody.lives() if life.kid == kid]
        return lives, [task for task in await parts.custody.plan(now) if task.kid == kid]

    found, tasks = run(look)
    if not found:
        fail("there is no such key: `motcua keys list` names them")
    if as_json:
        show([asdict(found[0]) | {"next": [asdict(task) for task in tasks]}], as_json=True)
        return
    said = readable(asdict(found[0]))
    said["next"] = "; ".join(f"{task.step.value} at {utc(task.at)}" for task in tasks)
    show([{"what": name.replace("_", " "), "said": it} for name, it in said.items()], as_json=False)


@commands.command()
def plan(as_json: AsJson = False) -> None:
    """What the policy does next with every key, and when; the soonest first."""
    tasks = run(lambda parts, now: parts.custody.plan(now))
    show(
        [asdict(it) if as_json else readable(asdict(it), times=("at",)) for it in tasks],
        as_json=as_json,
    )


@commands.command()
def rotate() -> None:
    """Sign with other keys from now on. Only in the demonstration: elsewhere the policy does."""
    if not read_settings().demonstration:
        fail("only a demonstration's keys are rotated at once: see `motcua keys plan`")
    try:
        unmade = run(_rotated)
    except Raced:
        fail("somebody else rotates the keys at this moment")
    typer.echo("rotated: services see the new keys at their next look")
    if unmade is not None:
        typer.echo(f"but their successors are not there yet, `motcua serve` tries again: {unmade}")


async def _rotated(parts: Parts, now: int) -> str | None:
    """With successors, so that whoever looks next sees keys that it has not seen.

    Why there are none, where that is so: rotated they are all the same.
    """
    await parts.custody.rotate(by("rotate"), now)
    try:
        for task in await parts.custody.plan(now):
            if task.kid is None:
                with suppress(Raced):  # a process that serves was first
                    await parts.custody.carry_out(task, now)
    except (CannotSign, KeyFault, Unavailable) as error:
        return str(error)
    return None


def _short(key: Life) -> dict[str, Any]:
    said = readable(asdict(key))
    return {name: said[name] for name in _LISTED}
