"""After a sign-out: which sessions have ended, told for a moment to the browser in which they were.

OpenID Connect RP-Initiated Logout 1.0 sections 2 and 3; Back-Channel Logout 1.0 section 2.7;
Front-Channel Logout 1.0 section 3: a browser that has frames to load is shown the page with them
before it goes on. The page may be loaded again, or read in another language; whoever signs in next
in that browser is told nothing of it.
"""

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from oidc.endpoints.cookies import BROWSER, FLOW, drop_cookie, flow_of
from oidc.endpoints.message import Answer, Request, see_other
from oidc.ports import Ports
from oidc.waiting import Waiting
from store.micros import MINUTE
from store.one_time import OneTime

SIGNED_OUT = "/signed-out"
LIFE = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Farewell:
    """``frames`` are to be loaded, and ``after`` them the way goes on, if it is known.

    ``name``: under which the browser asks again ``until`` then.
    """

    session_ids: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    after: str | None = None
    until: int = 0
    name: str = ""


_FAREWELL = TypeAdapter(Farewell)


class Farewells:
    def __init__(self, one_time: OneTime) -> None:
        self._waiting = Waiting("signed-out", one_time)

    async def begin(self, farewell: Farewell, flow: str, now: int) -> str:
        """The name under which this browser may ask."""
        return await self._waiting.begin(_FAREWELL.dump_json(farewell), flow, now)

    async def find(self, name: str, flow: str | None, now: int) -> Farewell:
        """Nothing for another browser, or later."""
        held = await self._waiting.load(name, flow)
        found = _FAREWELL.validate_json(held.content) if held else Farewell()
        return replace(found, name=name) if now < found.until else Farewell()


async def leave(request: Request, ports: Ports, after: str | None, now: int) -> Answer:
    """End all sessions of the browser; then ``after``, or the page that says what has ended."""
    browser, out = request.cookie(BROWSER), drop_cookie(BROWSER)
    ended = await ports.sign_out.end(browser, now) if browser else ()
    frames = await ports.front_channel.frames(ended) if ended else ()
    if not ended or (after and not frames):
        return see_other(after or SIGNED_OUT, out)
    flow, cookies = flow_of(request)
    farewell = Farewell(tuple(ended), tuple(frames), after, until=now + LIFE)
    name = await Farewells(ports.one_time).begin(farewell, flow, now)
    return see_other(f"{SIGNED_OUT}?i={name}", out, *cookies)


async def ended_here(request: Request, ports: Ports, now: int) -> Farewell:
    """What this browser is told; nothing once somebody is signed in there again."""
    name = request.params().get("i")
    if name is None or request.cookie(BROWSER):
        return Farewell()
    return await Farewells(ports.one_time).find(name, request.cookie(FLOW), now)
