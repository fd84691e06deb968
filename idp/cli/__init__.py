"""The command line. What serves starts without the libraries that draw tables."""

import sys

from idp.memory import garbage


def main() -> None:
    """``motcua ...``; exits 0 when done, 1 when refused, 2 when misused, 3 when it cannot begin."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["serve"]:
        garbage.rest()
        from idp.serve import main as serve  # noqa: PLC0415  only what serving needs

        sys.exit(serve(arguments[1:]))
    from idp.cli.commands import command_line  # noqa: PLC0415  not what serving needs

    command_line(prog_name="motcua")
