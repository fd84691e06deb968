"""``motcua outbox``: what waits to be sent, and what was tried too often."""

from typing import Annotated, Any

import typer

from idp.cli.console import AsJson, fail, run, show
from idp.logs import moment
from idp.parts import Parts
from store.dead_letters import Waiting
from store.micros import seconds

commands = typer.Typer(help="Messages to agencies and people.", no_args_is_help=True)

Names = Annotated[
    list[str] | None,
    typer.Argument(help="Their ids; all dead letters if left out.", show_default=False),
]


@commands.command("list")
def list_(as_json: AsJson = False) -> None:
    """Everything that was not received yet, the dead letters first."""
    found = run(lambda parts, _: parts.post.dead_letters.list())
    show([_shown(each, as_json=as_json) for each in found], as_json=as_json)


@commands.command()
def retry(names: Names = None) -> None:
    """Try dead letters again, as often as the first time."""
    tried = run(lambda parts, now: _retry(parts, names, now))
    if names and tried < len(set(names)):
        fail(f"{tried} will be tried again: the others are no dead letters")
    typer.echo(f"{tried} will be tried again")


async def _retry(parts: Parts, names: list[str] | None, now: int) -> int:
    letters = parts.post.dead_letters
    dead = [each.message_id for each in await letters.list() if each.due_at is None]
    return sum([await letters.retry(name, now) for name in set(names or dead)])


def _shown(waiting: Waiting, *, as_json: bool) -> dict[str, Any]:
    return {
        "message_id": waiting.message_id,
        "kind": waiting.kind,
        "state": "dead" if waiting.due_at is None else "waiting",
        "attempts": waiting.attempts,
        "failure": waiting.failure if as_json else waiting.failure or "",
        "put_at": _time(waiting.put_at, as_json=as_json),
        "due_at": _time(waiting.due_at, as_json=as_json),
    }


def _time(micros: int | None, *, as_json: bool) -> int | str | None:
    if as_json:
        return micros
    return "" if micros is None else f"{moment(seconds(micros)).replace('T', ' ')} UTC"
