"""Where everything answers, all on loopback."""

import os
import socket
from typing import NamedTuple, Self


class CannotRun(Exception):
    """Why not, in one sentence."""


class Ports(NamedTuple):
    """``DEMO_PORTS`` names others, separated by commas, in this order."""

    provider: int = 8000
    portal: int = 8001
    tax: int = 8002
    registers: int = 8010
    metrics: int = 9464

    @classmethod
    def chosen(cls) -> Self:
        """Raises ``CannotRun`` if the choice is none."""
        text = os.environ.get("DEMO_PORTS", "")
        try:
            return cls(*map(int, text.split(","))) if text else cls()
        except (ValueError, TypeError) as error:
            raise CannotRun("DEMO_PORTS holds up to five numbers, with commas between.") from error

    def url(self, name: str) -> str:
        """A browser's cookies with the prefix ``__Host-`` work on this name without TLS."""
        return f"http://localhost:{getattr(self, name)}"

    def check(self) -> None:
        """Raises ``CannotRun`` if somebody else listens on one of them."""
        for name, port in self._asdict().items():
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except (OSError, OverflowError) as error:
                    raise CannotRun(
                        f"Port {port}, for {name}, is taken: stop the program that uses it, "
                        "or name other ports in DEMO_PORTS."
                    ) from error
