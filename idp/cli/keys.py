"""``motcua keys``: which keys sign, which come and which go."""

from dataclasses import asdict

import typer

from idp.cli.console import AsJson, run, show

commands = typer.Typer(help="Signing keys.", no_args_is_help=True)


@commands.callback()
def keys() -> None:
    """Signing keys."""


@commands.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every signing key, the oldest first."""
    found = run(lambda parts, _: parts.keys.list())
    show([asdict(key) for key in found], as_json=as_json)
