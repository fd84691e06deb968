"""Why a page that asks for a proof is shown again. NIST SP 800-63B-4 section 3.2.2."""

from dataclasses import dataclass
from http import HTTPStatus

from idp.authentication.refused import Refused
from oidc.endpoints.message import Header


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """``wait``: seconds, after which it is looked at again. ``typed``: what need not be again."""

    name: str
    status: int
    wait: int = 0
    typed: str = ""

    def headers(self) -> tuple[Header, ...]:
        """RFC 9110 section 10.2.3."""
        return ((b"retry-after", str(self.wait).encode()),) if self.wait else ()


NO_TROUBLE = Trouble(name="", status=HTTPStatus.OK)
MISSING = Trouble(name="incomplete", status=HTTPStatus.BAD_REQUEST)
BUSY = Trouble(name="temporarily_unavailable", status=HTTPStatus.SERVICE_UNAVAILABLE, wait=5)


def of(refused: Refused, *, wrong: str, off: str) -> Trouble:
    """``wrong`` and ``off`` are what the page calls these."""
    if refused.off:
        return Trouble(name=off, status=HTTPStatus.TOO_MANY_REQUESTS)
    if refused.wait:
        status = HTTPStatus.TOO_MANY_REQUESTS
        return Trouble(name="too_many_attempts", status=status, wait=refused.wait)
    return Trouble(name=wrong, status=HTTPStatus.BAD_REQUEST)
