"""What somebody can do while what they commit is on its way to the disk."""

from collections.abc import Callable

Meanwhile = Callable[[], None]
"""It never raises."""


def nothing() -> None:
    """What there is to do, mostly."""
