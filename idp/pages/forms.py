"""A form of ours, read as strictly as the protocol's parameters, with one name that may repeat."""

from dataclasses import dataclass
from typing import Self

from oidc.endpoints.message import Request
from oidc.errors import InvalidRequest
from oidc.params import Params, text

MOST = 50


@dataclass(frozen=True, slots=True)
class Form:
    """``several`` are the values of the boxes that were ticked."""

    params: Params
    several: frozenset[str]

    @classmethod
    def of(cls, request: Request, *, several: str) -> Self:
        """Of the body. Raises ``InvalidRequest``."""
        if not request.is_form():
            raise InvalidRequest("body is not a form")
        pairs = [piece.partition(b"=") for piece in request.body.split(b"&") if piece]
        mark = several.encode()
        ticked = [text(value.decode("latin-1")) for name, _, value in pairs if name == mark]
        rest = b"&".join(b"%s=%s" % (name, value) for name, _, value in pairs if name != mark)
        if len(ticked) > MOST or any("\0" in value for value in ticked):
            raise InvalidRequest("boxes that are none of ours")
        return cls(Params.read(rest).sound(), frozenset(ticked))

    def get(self, name: str) -> str | None:
        return self.params.get(name)

    def need(self, name: str) -> str:
        return self.params.need(name)
