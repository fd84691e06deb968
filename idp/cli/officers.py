"""``motcua officers``: links for the first two, and who they are. They keep watch over the keys."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from idp.cli.console import AsJson, fail, read_settings, run, show
from idp.cli.times import utc
from idp.officers.store import Officers
from idp.pages.console.paths import JOIN
from idp.parts import Parts
from store.micros import HOUR

commands = typer.Typer(help="Security officers.", no_args_is_help=True)


@commands.callback()
def officers() -> None:
    """Security officers."""


@commands.command()
def init(
    hours: Annotated[int, typer.Option(min=1, max=72, help="For how long the links work.")] = 24,
    as_json: AsJson = False,
) -> None:
    """Print a link for each of the first two officers who is not there yet.

    Each works once, is shown this once, and replaces one that was made before.
    """

    async def work(parts: Parts, now: int) -> Sequence[Mapping[str, Any]]:
        ends_at = now + hours * HOUR
        links = await _officers(parts).invite(ends_at, now)
        return [{"link": address(link), "works until": utc(ends_at)} for link in links]

    links = run(work)
    if not links:
        fail("there are two officers already: `motcua officers list` names them")
    if as_json:
        show([{"link": it["link"], "ends_at": it["works until"]} for it in links], as_json=True)
        return
    for it in links:  # one a line, whole, to be copied
        typer.echo(it["link"])
    until = links[0]["works until"]
    typer.echo(f"Each is for one officer, and works once, until {until}.", err=True)


@commands.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every officer: what they call themselves, and since when they are there."""
    found = run(lambda parts, _: _officers(parts).everybody())
    if not found and not as_json:
        typer.echo("none yet: `motcua officers init` makes links for the first two")
        return
    show(
        [
            {
                "officer_id": it.officer_id,
                "name": it.name,
                "role": it.role,
                "since": it.created_at if as_json else utc(it.created_at),
            }
            for it in found
        ],
        as_json=as_json,
    )


def address(link: str) -> str:
    """Where an officer goes with it."""
    return f"{read_settings().issuer_name()}{JOIN}?link={link}"


def _officers(parts: Parts) -> Officers:
    return Officers(parts.storage.database, parts.ledger)
