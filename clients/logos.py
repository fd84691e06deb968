"""Logos of services: pictures that somebody here has looked at, shown from our own origin.

OpenID Connect Registration section 2 (``logo_uri``). Nothing is ever fetched from the address that
was registered: what is there may change, or be another's. What was approved is kept: a PNG that is
small in every way, in which nothing can run.
"""

import hashlib
import struct

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from clients.rows import LOGO
from keys.secrets import new_id
from ledger.event import Ledger
from ledger.kinds import ClientApplied
from store.database import Database, Unchanged, Write

LONGEST = 64 * 1024  # octets
NARROWEST, WIDEST = 48, 512  # pixels, in each direction
_HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"  # PNG (Third Edition) sections 5.2 and 11.2.2
_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_SIZE = struct.Struct(">II")
_DIGITS = 32  # of the digest, in its name

_PUT = insert(LOGO)
_PUT = _PUT.on_conflict_do_update(
    index_elements=["client_id"],
    set_={name: _PUT.excluded[name] for name in ("logo", "body", "approved_at")},
)
_DROP = delete(LOGO).where(LOGO.c.client_id == bindparam("the_client"))
_FIND = select(LOGO.c.body).where(LOGO.c.logo == bindparam("the_logo")).limit(1)


def fault(body: bytes) -> str | None:
    """Why this is no picture that is shown, or None."""
    if len(body) > LONGEST:
        return f"it has more than {LONGEST} octets"
    start = len(_HEAD)
    if len(body) < start + _SIZE.size or not (body.startswith(_HEAD) and body.endswith(_END)):
        return "it is no PNG"
    if not all(NARROWEST <= side <= WIDEST for side in _SIZE.unpack_from(body, start)):
        return f"it is not {NARROWEST} to {WIDEST} pixels wide and high"
    return None


class Logos:
    """By the client's name for whoever approves, by the picture's own for whoever shows it."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._put = database.prepare(_PUT)
        self._drop = database.prepare(_DROP)
        self._find = database.prepare(_FIND)

    async def approve(self, client_id: str, body: bytes, now: int) -> str:
        """Show this picture from now on, and no other. Returns its name."""
        logo = hashlib.sha256(body).hexdigest()[:_DIGITS]
        values = {"client_id": client_id, "logo": logo, "body": body, "approved_at": now}
        await self._database.commit(Write(self._put, values), self._told(client_id, now))
        return logo

    async def drop(self, client_id: str, now: int) -> bool:
        """Show none any more; false if there was none."""
        gone = Write(self._drop, {"the_client": client_id}, must_change=True)
        try:
            await self._database.commit(gone, self._told(client_id, now))
        except Unchanged:
            return False
        return True

    async def find(self, logo: str) -> bytes | None:
        """The picture of this name, as long as a client has it."""
        found = await self._database.read(self._find, the_logo=logo)
        return bytes(found[0]["body"]) if found else None

    def _told(self, client_id: str, now: int) -> Write:
        event = ClientApplied(event_id=new_id(now), client_id=client_id, change="changed")
        return self._ledger.insert(event, now)
