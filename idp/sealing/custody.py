"""The care of data keys inside ``serve``: what others changed is learnt, uses are set aside.

And what is due is done, by one process at a time: ``keys/data_keys/custody.py``.
"""

from contextlib import AbstractAsyncContextManager

import structlog

from idp.beside import beside
from idp.parts import Parts
from idp.sealing.columns import COLUMNS
from keys.box import Unsealable
from keys.data_keys.changes import Changes
from keys.data_keys.custody import Custody
from keys.data_keys.reseal import Reseal
from keys.secrets import new_secret
from store.database import Unavailable
from store.lease import Leases
from store.micros import Clock

TURN = 5.0  # seconds, far less than a new data key waits: keys/data_keys/states.py

_LOG = structlog.get_logger("motcua")


def make_custody(parts: Parts) -> Custody:
    storage = parts.storage
    database, data_keys = storage.database, storage.data_keys
    return Custody(
        data_keys=data_keys,
        changes=Changes(database, parts.ledger, data_keys),
        reseal=Reseal(database, storage.vault, COLUMNS),
        leases=Leases(database),
        me=new_secret(),
    )


class Custodian:
    """One of many: each process has its own."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        self.custody = make_custody(parts)
        self._meter = parts.storage.meter
        self._clock = clock

    async def turn(self) -> float:
        """Returns the seconds to wait. What was learnt before stays known in a failure."""
        try:
            await self._meter.set_aside()
            passed = await self.custody.turn(self._clock())
        except Unavailable:
            _LOG.warning("data_keys", outcome="unavailable")
            return TURN
        except Unsealable:
            _LOG.error("data_keys", outcome="wrapped by a key-encryption key that is not here")
            return TURN
        if passed is not None and passed.done and passed.broken:
            _LOG.error("data_keys", outcome="does not open", values=passed.broken)
        more = passed is not None and not passed.done
        return 0 if more else TURN


def keeping(parts: Parts, clock: Clock) -> AbstractAsyncContextManager[None]:
    """While the program runs."""
    return beside("data_keys", lambda: Custodian(parts, clock).turn)
