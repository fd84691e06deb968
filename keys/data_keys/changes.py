"""What changes data keys, each with its event in the same commit: new ones, other wrapping, ends.

All of it may be done by any process at any time, and by several at once: whoever is late changes
nothing (K-17).
"""

from collections.abc import Iterable, Sequence

from keys.data_keys import rows
from keys.data_keys.sql import DataKeys, fresh, place, values
from keys.data_keys.states import WAIT, Kept, Known
from keys.keks import Keks, kek_of
from keys.purposes import SEALING
from keys.secrets import new_id
from keys.vault import Vault
from ledger.event import Ledger
from ledger.kinds import DataKeyEnded, DataKeyMade, DataKeysRewrapped
from store.database import Conflict, Database, Unchanged, Write

AHEAD = 1 << 16  # seals that a process sets aside at once


class Changes:
    def __init__(self, database: Database, ledger: Ledger, data_keys: DataKeys) -> None:
        self._database = database
        self._ledger = ledger
        self._data_keys = data_keys
        self._rewrap = database.prepare(rows.REWRAP)
        self._end = database.prepare(rows.END)
        self._erase = database.prepare(rows.ERASE)

    async def renew(self, purpose: str, chain: Sequence[Kept], now: int) -> bool:
        """Make the version after these; it waits first. False if another process was first."""
        key = fresh(purpose, chain[-1].version + 1)
        event = DataKeyMade(event_id=new_id(now), purpose=purpose, version=key.version)
        made = self._data_keys.insert(key, now, now + WAIT)
        try:
            await self._database.commit(made, self._ledger.insert(event, now))
        except Conflict:
            return False
        return True

    async def rewrap(self, now: int) -> int:
        """Wrap all by the first key-encryption key, in one commit: how many. Data stays as it is.

        Raises ``Unsealable`` if one of them is wrapped by a key that nobody here has.
        """
        keks = self._data_keys.keks
        while old := _under_others(await self._data_keys.read(), keks):
            event = DataKeysRewrapped(event_id=new_id(now), kek_id=keks.first, data_keys=len(old))
            try:
                await self._database.commit(
                    *(self._rewrapped(keks, *it) for it in old), self._ledger.insert(event, now)
                )
            except Unchanged:
                continue  # another process does the same: look what is left
            return len(old)
        return 0

    async def end(self, over: Iterable[Kept], now: int) -> None:
        """They open nothing any more."""
        for it in over:
            event = DataKeyEnded(event_id=new_id(now), purpose=it.purpose, version=it.version)
            write = Write(self._end, values(it, now=now), must_change=True)
            await self._quietly(write, self._ledger.insert(event, now))

    async def erase(self, over: Iterable[Kept]) -> None:
        """Nobody can open anything with them again."""
        for it in over:
            await self._quietly(Write(self._erase, values(it), must_change=True))

    async def _quietly(self, *writes: Write) -> None:
        try:
            await self._database.commit(*writes)
        except Unchanged:
            return  # another process was first

    def _rewrapped(self, keks: Keks, it: Kept, wrapped: bytes) -> Write:
        where = place(it.purpose, it.version, bytes.fromhex(it.key_id))
        anew = keks.wrap(keks.unwrap(wrapped, where), where)
        return Write(self._rewrap, values(it, was=wrapped, now_wrapped=anew), must_change=True)


def _under_others(known: Known, keks: Keks) -> Sequence[tuple[Kept, bytes]]:
    """What is wrapped by another key-encryption key than the first."""
    kept = [(it, it.wrapped) for chain in known.values() for it in chain]
    return [(it, by) for it, by in kept if by is not None and kek_of(by) != keks.first]


class Meter:
    """Counts seals before they are made: a process sets some aside and then writes nothing (K-18).

    What it did not use when it was killed counts as used.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._count = database.prepare(rows.COUNT)
        self._aside: dict[int, int] = {}

    async def set_aside(self, ahead: int = AHEAD) -> None:
        """So that at least half of ``ahead`` may be sealed; with none, what was sealed counts."""
        for version, seals in self._vault.seals().items():
            aside = self._aside.get(version, 0)
            if aside < seals + ahead // 2 or aside < seals:
                more = {"the_purpose": SEALING, "the_version": version}
                more["more"] = seals + ahead - aside
                await self._database.commit(Write(self._count, more))
                self._aside[version] = seals + ahead
            ahead = 0  # older ones seal no more
