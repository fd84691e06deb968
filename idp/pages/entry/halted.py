"""A sign-in that waits for its code, as the address of the page names it."""

from collections.abc import Mapping
from dataclasses import dataclass

from idp.authentication.half_way import Half, HalfWay
from idp.authentication.means import Held
from idp.pages.door import Door
from idp.pages.entry.need import BEST
from idp.pages.paths import CODE
from idp.pages.site import Site
from oidc.authorize.acr import needed_level
from oidc.endpoints.message import Request

PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Halted:
    """A sign-in at its second step. ``paper``: a recovery code is to be typed, not the app's.

    ``held``: what the person has just now.
    """

    name: str
    half: Half
    held: Held
    to: Door
    paper: bool

    @property
    def alone(self) -> bool:
        """Nothing else is missing: the password is known by the session."""
        return bool(self.half.session_id)

    @property
    def optional(self) -> bool:
        """The service only wishes for it."""
        one = self.to.errand
        return self.alone and one is not None and needed_level(one.interaction.request) < BEST

    def query(self, *, paper: bool) -> Mapping[str, str]:
        return {**self.to.query, "t": self.name, **({"with": PAPER} if paper else {})}

    def at(self, *, paper: bool) -> str:
        return self.to.at(CODE, **self.query(paper=paper))


async def halfway(site: Site, request: Request, to: Door, now: int) -> Halted | None:
    params = request.params()
    name, paper = params.get("t"), params.get("with") == PAPER
    if name is None:
        return None
    half = await HalfWay(site.ports.one_time).load(name, to.query, to.flow, now)
    if half is None:
        return None
    held = await site.security.means.of(half.account_id)
    if not held.totp:  # it was removed meanwhile: no code would ever be right
        return None
    return Halted(name=name, half=half, held=held, to=to, paper=paper)
