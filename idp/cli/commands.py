"""Every command, one line each."""

import typer

from idp.cli import accounts, clients, keys, officers, outbox, upkeep
from idp.serve import HELP

command_line = typer.Typer(
    help="One door: a national digital identity and single sign-on service.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
command_line.add_typer(accounts.commands, name="accounts")
command_line.add_typer(clients.commands, name="clients")
command_line.add_typer(keys.commands, name="keys")
command_line.add_typer(officers.commands, name="officers")
command_line.add_typer(outbox.commands, name="outbox")
command_line.command()(upkeep.migrate)
command_line.command()(upkeep.settings)


@command_line.command(help=HELP, add_help_option=False)
def serve() -> None:
    """Listed here; started by ``idp/cli/__init__.py``."""
