"""``motcua keys``: which keys sign, which come and which go."""

from dataclasses import asdict
from typing import Any

import typer

from idp.cli.console import AsJson, run, show
from idp.logs import moment
from keys.sql import Listed
from store.micros import seconds

commands = typer.Typer(help="Signing keys.", no_args_is_help=True)


@commands.callback()
def keys() -> None:
    """Signing keys."""


@commands.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every signing key, the oldest first."""
    found = run(lambda parts, _: parts.keys.list())
    if not found and not as_json:
        typer.echo("none yet: `motcua serve` makes them when it first starts")
        return
    show([asdict(key) if as_json else _readable(key) for key in found], as_json=as_json)


def _readable(key: Listed) -> dict[str, Any]:
    times = {"created_at": key.created_at, "activated_at": key.activated_at}
    return asdict(key) | {name: _utc(micros) for name, micros in times.items()}


def _utc(micros: int | None) -> str:
    return "" if micros is None else f"{moment(seconds(micros)).replace('T', ' ')} UTC"
