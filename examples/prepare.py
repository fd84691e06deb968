"""Brings the provider to where the demonstration needs it, as its command line would.

``motcua migrate``, ``clients apply`` and ``accounts add`` in one program: a start in place of
three. Whoever and whatever is there already stays as it is.
"""

import sys

from examples.furnish import PEOPLE
from idp.cli.commands import command_line


def main(registration: str) -> int:
    """Returns the exit code of the first command that fails."""
    for arguments in (
        ["migrate"],
        ["clients", "apply", registration],
        ["accounts", "add", "--from", str(PEOPLE)],
    ):
        code: int | None = command_line(arguments, prog_name="motcua", standalone_mode=False)
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
