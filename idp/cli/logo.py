"""``motcua clients logo``: the picture that people see of a service. ``clients/logos.py``."""

from pathlib import Path
from typing import Annotated

import typer

from clients.logos import fault
from idp.cli.console import fail, run
from idp.parts import Parts

ClientId = Annotated[str, typer.Argument(help="Its client_id.")]
Picture = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="A PNG.")]
Remove = Annotated[bool, typer.Option("--remove", help="Show none any more.")]


def logo(client_id: ClientId, picture: Picture = None, remove: Remove = False) -> None:
    """Approve the logo of a service: look at it first, it is shown where people sign in."""
    if remove == (picture is not None):
        fail("give a picture to show, or --remove")
    if picture is not None:
        _approve(client_id, picture.read_bytes())
    elif not run(lambda parts, now: parts.clients.logos.drop(client_id, now)):
        fail("there is no logo of this client")
    typer.echo("removed" if remove else "approved")


def _approve(client_id: str, body: bytes) -> None:
    wrong = fault(body)
    if wrong is not None:
        fail(f"nothing was approved: {wrong}")

    async def work(parts: Parts, now: int) -> bool:
        if not await parts.clients.is_there(client_id):
            return False
        await parts.clients.logos.approve(client_id, body, now)
        return True

    if not run(work):
        fail("there is no such client: `motcua clients list` names them")
