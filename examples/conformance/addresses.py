"""Where the provider, its register and the hook answer, and where the suite does."""

import os
from typing import NamedTuple, Self

from examples.addresses import CannotRun

ALIAS = "motcua"


class Ports(NamedTuple):
    """``CONFORMANCE_PORTS`` names others, separated by commas, in this order."""

    provider: int = 9443
    register: int = 9444
    hook: int = 9445
    metrics: int = 9446

    @classmethod
    def chosen(cls) -> Self:
        """Raises ``CannotRun`` if the choice is none."""
        text = os.environ.get("CONFORMANCE_PORTS", "")
        try:
            return cls(*map(int, text.split(","))) if text else cls()
        except (ValueError, TypeError) as error:
            raise CannotRun("CONFORMANCE_PORTS holds up to four numbers.") from error

    @property
    def issuer(self) -> str:
        return f"https://localhost:{self.provider}"


def suite() -> str:
    """The suite, as it is started from its own instructions; ``CONFORMANCE_SUITE`` for another."""
    return os.environ.get("CONFORMANCE_SUITE", "https://localhost:8443")


def at_suite(path: str) -> str:
    """An address of this plan at the suite."""
    return f"{suite()}/test/a/{ALIAS}/{path}"
