"""Data keys in SQL: made where there are none, unwrapped, and held by the vault.

Not to have the right key-encryption key is found out here, before anything is served (P-05).
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from keys.box import Unsealable
from keys.data_keys import rows
from keys.data_keys.columns import Sample, SealedColumn
from keys.data_keys.states import Kept, Known, known, usable
from keys.kek import LENGTH, KeyFileError
from keys.keks import Keks
from keys.purposes import PURPOSES, SEALING
from keys.vault import Vault
from keys.versions import ID, DataKey, derived
from store.database import Conflict, Database, Write

WRONG = (
    "The key-encryption key is not the one that this database is sealed with. If it was changed,"
    " MOTCUA_PREVIOUS_KEY_ENCRYPTION_KEY_FILE has to name the file of before."
)

LOST = "Data keys are missing from this database: restore it from a backup."


class DataKeys:
    """``begin`` once; then ``load`` again and again, so that what others changed is known here."""

    def __init__(self, database: Database, keks: Keks, vault: Vault) -> None:
        self.keks = keks
        self._database = database
        self._vault = vault
        self._all = database.prepare(rows.ALL)
        self._insert = database.prepare(rows.INSERT)
        self._opened: dict[tuple[str, int, str], DataKey] = {}

    async def begin(self, columns: Sequence[SealedColumn], now: int) -> None:
        """Make what is missing, and hold all. Raises ``KeyFileError``."""
        found = await self.read()
        while missing := [purpose for purpose in PURPOSES if purpose not in found]:
            made = _others(missing) if found else await self._first(columns)
            with suppress(Conflict):
                await self._database.commit(*(self.insert(it, now, now) for it in made))
            found = await self.read()
        try:
            self._hold(found, now)
        except Unsealable as error:
            raise KeyFileError(WRONG) from error

    async def load(self, now: int) -> Known:
        """As it is now. Raises ``Unsealable`` for what nobody here can unwrap."""
        found = await self.read()
        self._hold(found, now)
        return found

    async def read(self) -> dict[str, list[Kept]]:
        names = Kept.__dataclass_fields__
        found = await self._database.read(self._all)
        return known(Kept(**{name: row[name] for name in names}) for row in found)

    def insert(self, key: DataKey, now: int, makes_at: int) -> Write:
        row = {
            "purpose": key.purpose,
            "version": key.version,
            "key_id": key.key_id.hex(),
            "wrapped": self.keks.wrap(key.secret, place(key.purpose, key.version, key.key_id)),
            "uses": 0,
            "created_at": now,
            "makes_at": makes_at,
            "ended_at": None,
        }
        return Write(self._insert, row)

    def unwrapped(self, it: Kept) -> DataKey:
        """What lies in the row; what was unwrapped once stays known. Raises ``Unsealable``."""
        name = it.purpose, it.version, it.key_id
        if name not in self._opened:
            key_id = bytes.fromhex(it.key_id)
            secret = self.keks.unwrap(it.wrapped or b"", place(it.purpose, it.version, key_id))
            key = DataKey(purpose=it.purpose, version=it.version, key_id=key_id, secret=secret)
            self._opened[name] = key
        return self._opened[name]

    def _hold(self, found: Known, now: int) -> None:
        chains = {
            purpose: [self.unwrapped(it) for it in usable(chain, now)]
            for purpose, chain in found.items()
            if purpose in PURPOSES  # others are of a newer program
        }
        self._vault.hold(chains)

    async def _first(self, columns: Sequence[SealedColumn]) -> Sequence[DataKey]:
        """Of a new database; or of one that was sealed before there were data keys."""
        samples = [await column.sample(self._database) for column in columns]
        sealed = [sample for sample in samples if sample is not None]
        return _inherited(self.keks, sealed) if sealed else [fresh(it) for it in PURPOSES]


def fresh(purpose: str, version: int | None = None) -> DataKey:
    """A random one."""
    first = int(purpose == SEALING)  # version 0 would seal in the format of before
    number = first if version is None else version
    key_id, secret = os.urandom(ID), os.urandom(LENGTH)
    return DataKey(purpose=purpose, version=number, key_id=key_id, secret=secret)


def place(purpose: str, version: int, key_id: bytes) -> str:
    return f"data_key.wrapped:{purpose}:{version}:{key_id.hex()}"


def _others(missing: Sequence[str]) -> Sequence[DataKey]:
    """Of purposes that are new, or lost without lasting harm. Raises ``KeyFileError``."""
    if any(PURPOSES[purpose].life is None for purpose in missing):
        raise KeyFileError(LOST)
    return [fresh(it) for it in missing]


def _opens(vault: Vault, sample: Sample) -> bool:
    with suppress(Unsealable):
        return vault.open(sample.sealed, sample.place) is not None
    return False


def _inherited(keks: Keks, samples: Sequence[Sample]) -> Sequence[DataKey]:
    """What the key-encryption key that opens them has made until now. Raises ``KeyFileError``."""
    for secret in keks.secrets:
        vault = Vault(secret)
        if any(_opens(vault, sample) for sample in samples):
            return [key for chain in derived(secret).values() for key in chain]
    raise KeyFileError(WRONG)


def values(it: Kept, **also: Any) -> Mapping[str, Any]:
    """For the statements that change one row."""
    return {"the_purpose": it.purpose, "the_version": it.version, **also}
