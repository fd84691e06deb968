"""New keys, and the one that is to sign instead of a key that was stopped: that one may fail.

K-13: a stop is immediate, so it waits for nothing that cannot be made.
"""

import asyncio
from collections.abc import Iterable, Sequence

import structlog

from keys.signers.held import CannotSign
from keys.signers.keepers import Keepers
from keys.signing_key import KeyFault, SigningKey, State

LONGEST = 5.0  # seconds

_LOG = structlog.get_logger("motcua")


async def made(keepers: Keepers, algs: Iterable[str], state: State) -> Sequence[SigningKey]:
    """Beside each other: an RSA key takes long. Raises ``CannotSign`` and ``KeyFault``."""
    return await asyncio.gather(*(keepers.make(alg, state) for alg in algs))


async def made_instead(keepers: Keepers, alg: str) -> Sequence[SigningKey]:
    """One that signs at once; none if none can be made now: the next turn tries again."""
    try:
        async with asyncio.timeout(LONGEST):
            return await made(keepers, [alg], State.ACTIVE)
    except (CannotSign, KeyFault, TimeoutError) as error:
        _LOG.error("keys", outcome="nothing signs", alg=alg, why=str(error) or "it took too long")
        return ()
