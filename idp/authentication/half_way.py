"""A sign-in of which one part is proven and the code is still to come.

NIST SP 800-63B-4 section 3.2.2; RFC 9700 section 4.7. It waits for ten minutes, in the browser and
on the way on which it began, and is completed once.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

import orjson

from idp.authentication import PASSWORD
from idp.authentication.means import Held
from idp.sessions.lives import LIFE_OF_2
from idp.sessions.sql import LiveSession
from oidc.waiting import Waiting
from store.micros import MINUTE
from store.one_time import OneTime

PASSWORD_HOLDS = LIFE_OF_2
PATIENCE = 10 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """Whose it is, and by what the first part was proven.

    ``password_set_at``: by the password that was set then. ``session_id``: by a session that
    began with the password; empty if there is none. ``auth_time``: of that session.
    """

    account_id: str
    password_set_at: int
    session_id: str = ""
    auth_time: int | None = None


def after_session(session: LiveSession, held: Held, now: int) -> Half | None:
    """That the code alone is missing: the session began with the password, and with it alone.

    How long that may be ago is as long as level 2 lasts; nothing, if more is missing.

    A session that had level 2 and lost it by doing nothing does not get it back by what lies beside
    the device: something that is known, or a passkey, must be shown (SP 800-63B-4 section 2.2.3).
    """
    recent = now - session.auth_time < PASSWORD_HOLDS
    if not (held.second_factor and recent and session.amr == PASSWORD.amr):
        return None
    return Half(
        account_id=session.account_id,
        password_set_at=0,
        session_id=session.session_id,
        auth_time=session.auth_time,
    )


class HalfWay:
    """Those waiting, in the one-time store."""

    def __init__(self, one_time: OneTime) -> None:
        self._waiting = Waiting("code", one_time)

    async def begin(self, half: Half, way: Mapping[str, str], flow: str, now: int) -> str:
        """Its name. ``way``: the query of the door it goes through; ``flow``: the browser's."""
        content = {"half": asdict(half), "way": urlencode(way), "until": now + PATIENCE}
        return await self._waiting.begin(orjson.dumps(content), flow, now)

    async def load(self, name: str, way: Mapping[str, str], flow: str, now: int) -> Half | None:
        """Nothing in another browser, on another way, too late, or once it is completed."""
        held = await self._waiting.load(name, flow)
        if held is None:
            return None
        content = orjson.loads(held.content)
        if content["way"] != urlencode(way) or now >= content["until"]:
            return None
        return Half(**content["half"])

    async def finish(self, name: str) -> bool:
        """True for exactly one caller."""
        return await self._waiting.finish(name)
