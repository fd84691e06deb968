"""Officers, their links and their passkeys, in SQL."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields

from idp.authentication.passkeys.credential import Credential, used
from idp.officers import rows
from idp.officers.rows import FIRST, SECURITY_OFFICER
from keys.secrets import digest, new_id, new_secret
from ledger.event import Ledger
from ledger.kinds import OfficersInvited
from store.database import Database, Found, Unchanged, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """``place``: by which of the first links they came. Times in microseconds."""

    officer_id: str
    place: int | None
    role: str = SECURITY_OFFICER
    name: str
    handle: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerPasskey(Credential):
    officer_id: str


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """A passkey, and by which ``handle`` its officer is known to it."""

    passkey: OfficerPasskey
    handle: str


class Officers:
    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._everybody = database.prepare(rows.EVERYBODY)
        self._insert = database.prepare(rows.INSERT)
        self._invite = database.prepare(rows.INVITE)
        self._find_link = database.prepare(rows.FIND_LINK)
        self._take = database.prepare(rows.TAKE)
        self._insert_passkey = database.prepare(rows.INSERT_PASSKEY)
        self._of_officer = database.prepare(rows.OF_OFFICER)
        self._by_credential = database.prepare(rows.BY_CREDENTIAL)
        self._used = database.prepare(rows.USED)

    async def everybody(self) -> Sequence[Officer]:
        """The first who came first."""
        found = await self._database.read(self._everybody)
        return [Officer(**{it.name: row[it.name] for it in fields(Officer)}) for row in found]

    async def invite(self, ends_at: int, now: int) -> Sequence[str]:
        """A secret for each of the first places that is free; it is kept as a digest.

        Those that were made before, and not taken, are good no longer.
        """
        while True:
            with suppress(Unchanged):  # somebody came by one of them: look again
                return await self._invited(ends_at, now)

    async def _invited(self, ends_at: int, now: int) -> Sequence[str]:
        taken = {officer.place for officer in await self.everybody()}
        made = {place: new_secret() for place in FIRST if place not in taken}
        links = [
            {"place": place, "link_digest": digest(secret), "ends_at": ends_at}
            for place, secret in made.items()
        ]
        if made:
            event = OfficersInvited(event_id=new_id(now), links=len(made))
            writes = [Write(self._invite, values, must_change=True) for values in links]
            await self._database.commit(*writes, self._ledger.insert(event, now))
        return [*made.values()]

    async def place_of(self, link: str, now: int) -> int | None:
        """Where this link leads; nowhere if it or its place is taken, or it ended or never was."""
        for row in await self._database.read(self._find_link, link_digest=digest(link), now=now):
            return int(row["place"])
        return None

    def taken(self, link: str, place: int, now: int) -> Write:
        """Must change: of all who bring the link, one takes it."""
        values = {"link_digest": digest(link), "the_place": place, "now": now}
        return Write(self._take, values, must_change=True)

    def joined(self, officer: Officer, passkey: OfficerPasskey) -> Sequence[Write]:
        """A conflict, if somebody came by this place already, or has this credential."""
        kept = Write(self._insert_passkey, asdict(passkey))
        return (Write(self._insert, asdict(officer)), kept)

    async def passkeys_of(self, officer_id: str) -> Sequence[OfficerPasskey]:
        found = await self._database.read(self._of_officer, officer_id=officer_id)
        return [_passkey(row) for row in found]

    async def find(self, credential_id: str) -> KnownPasskey | None:
        for row in await self._database.read(self._by_credential, credential_id=credential_id):
            return KnownPasskey(_passkey(row), row["handle"])
        return None

    def used(self, passkey: OfficerPasskey, count: int, synced: bool, now: int) -> Write:
        return used(self._used, passkey, count, synced, now)


def _passkey(row: Found) -> OfficerPasskey:
    return OfficerPasskey(**{it.name: row[it.name] for it in fields(OfficerPasskey)})
