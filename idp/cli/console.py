"""How commands begin and what they say: tables for people, ``--json`` for machines."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, NoReturn, TypeVar

import orjson
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from idp.health import WrongSchema
from idp.parts import Parts
from idp.serve import CANNOT_START, told
from idp.settings import Settings
from idp.storage import open_storage
from keys.kek import KeyFileError
from keys.signers.held import CannotSign
from keys.signing_key import KeyFault
from ledger.kinds import ClientUnreadable, Event
from oidc.endpoints.http import utc_now
from store.database import NoDatabase, Unavailable, Unstorable

T = TypeVar("T")
Work = Callable[[Parts, int], Awaitable[T]]
AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]

REFUSED = 1
WHOLE = "kid"  # is copied from where it is shown: never folded
WIDEST = 1000


def run(work: Work[T]) -> T:
    """Open the database, do it, close; a clear sentence where that cannot be."""
    settings = read_settings()
    try:
        return asyncio.run(_with_parts(settings, work))
    except (CannotSign, KeyFault, KeyFileError, NoDatabase, WrongSchema) as error:
        fail(str(error), CANNOT_START)
    except Unstorable:
        fail("what was given is no text that can be kept", CANNOT_START)
    except Unavailable:
        fail("the database cannot be reached, or is busy: try again", CANNOT_START)


def read_settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        fail(told(error), CANNOT_START)


def fail(why: str, code: int = REFUSED) -> NoReturn:
    """One sentence, and out."""
    typer.echo(f"motcua: {why}", err=True)
    raise typer.Exit(code)


def asked(what: str, *, hidden: bool = False) -> str:
    """Typed by a person, or the next line of what is piped in."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=hidden))
    return sys.stdin.readline().rstrip("\n")


def show(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """A table whose columns are the names of the first row's members.

    In a terminal too narrow for it each row that has a ``WHOLE`` member stands by itself.
    """
    if as_json:
        typer.echo(orjson.dumps(list(map(dict, rows)), option=orjson.OPT_INDENT_2))
        return
    if not rows:
        typer.echo("none")
        return
    console, table = Console(), Table()
    for name in rows[0]:
        table.add_column(name.replace("_", " "), overflow="fold")  # nothing is ever cut
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    wanted = console.measure(table, options=console.options.update(max_width=WIDEST)).maximum
    if WHOLE in rows[0] and wanted > console.width:
        for row in rows:
            console.print(_alone(row), "")
        return
    console.print(table)


def _alone(row: Mapping[str, Any]) -> Table:
    grid = Table.grid(padding=(0, 2))
    for name, value in row.items():
        grid.add_row(name.replace("_", " "), str(value))
    return grid


def silent(event: Event) -> None:
    """What a command does is an event like any other; nobody reads a log of it.

    But whoever looks is told what was left out.
    """
    if isinstance(event, ClientUnreadable):
        text = f"client {event.client_id} cannot be read, and is left out: apply its registration"
        typer.echo(f"motcua: {text} again ({event.fault})", err=True)


async def _with_parts(settings: Settings, work: Work[T]) -> T:
    async with open_storage(settings, utc_now) as storage:
        policy = settings.keys.policy(settings.demonstration)
        return await work(Parts.over(storage, silent, policy), utc_now())
