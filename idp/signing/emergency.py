"""A key may be somebody else's: what is done in one commit, and when each agency is safe.

RFC 7517 section 5 and RFC 9111 section 4.2: who keeps to the age that our key set names has
forgotten the key when that age is over. Until then it believes what the thief signs, and no
message from us can shorten that.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from clients.model import Client
from idp.parts import Parts
from idp.signing.believed import believed
from keys.lives.by import By
from keys.lives.lifecycle import Life, Refused, Step
from keys.lives.moves import Move, signing
from keys.readiness.judge import Readiness
from keys.signing_key import SHOWN, State
from oidc.endpoints.prepared import MAX_AGE
from store.micros import SECOND

RING = SECOND  # at most, and every worker has seen what was committed: ``keys/current.py``


@dataclass(frozen=True, slots=True)
class Safe:
    """``since`` then, nobody at this agency believes what the key signs. ``clients``: who may."""

    agency_id: str
    clients: tuple[str, ...]
    since: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """``successor``: who has the key that signs instead; None where it did not sign."""

    moves: Sequence[Move]
    agencies: Sequence[Safe]
    successor: Readiness | None


async def compromise(
    parts: Parts, kid: str, by: By, now: int, revoke: Collection[str] = ()
) -> Stopped:
    """The key is out, its successor signs, refresh tokens of ``revoke`` are worth nothing.

    Raises ``Refused`` and ``Raced``, and then nothing was done.
    """
    listed = [it for it in await parts.clients.list() if it.disabled_at is None]
    unknown = sorted({*revoke} - {it.client.client_id for it in listed})
    if unknown:
        raise Refused(f"there is no client {', '.join(unknown)}: `motcua clients list` names them")
    also = [
        write for client_id in revoke for write in parts.families.end_of_client(client_id, kid, now)
    ]
    moves = await parts.custody.take(kid, Step.COMPROMISE, by, now, also)
    lost = moves[0].was
    agencies = safe_agencies([it.client for it in listed], lost, now)
    return Stopped(moves, agencies, await _successor(parts, lost, now))


async def _successor(parts: Parts, lost: Life, now: int) -> Readiness | None:
    signs = signing(await parts.custody.lives(), lost.alg)
    if lost.state is not State.ACTIVE or signs is None:
        return None
    [found] = await parts.gate.look([signs], now)
    return found


def safe_agencies(clients: Sequence[Client], lost: Life, now: int) -> Sequence[Safe]:
    """Those whose services never expect its algorithm are safe already."""
    last_seen = now + RING if lost.state in SHOWN else lost.changed_at
    forgotten = max(now, last_seen + MAX_AGE * SECOND)
    found = []
    for agency_id in sorted({client.agency_id for client in clients}):
        its = [client for client in clients if client.agency_id == agency_id]
        may = tuple(sorted(it.client_id for it in its if lost.alg in believed(it)))
        found.append(Safe(agency_id, may, forgotten if may else now))
    return found
