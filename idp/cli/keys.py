"""``motcua keys``: which keys sign, which come and which go."""

from dataclasses import asdict
from typing import Any

import typer

from idp.cli.console import AsJson, run, show
from idp.parts import Parts
from idp.settings import Settings

commands = typer.Typer(help="Signing keys.", no_args_is_help=True)


@commands.callback()
def keys() -> None:
    """Signing keys."""


@commands.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every signing key, the oldest first."""

    async def work(parts: Parts, settings: Settings, now: int) -> list[dict[str, Any]]:
        return [asdict(key) for key in await parts.keys.list()]

    show(run(work), as_json=as_json)
