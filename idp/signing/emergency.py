"""A key may be somebody else's: what is done in one commit, and when each agency is safe.

RFC 7517 section 5 and RFC 9111 section 4.2: who keeps to the age that our key set names has
forgotten the key when that age is over. Until then it believes what the thief signs, and no
message from us can shorten that.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import structlog

from clients.model import Client
from idp.parts import Parts
from idp.signing.believed import believed
from idp.signing.notices import LOST, message_id
from keys.lives.by import By
from keys.lives.lifecycle import Life, Refused, Step
from keys.lives.moves import Move, Taken
from keys.readiness.judge import Readiness
from keys.signing_key import SHOWN, State
from oidc.prepared import MAX_AGE
from store.database import Unavailable
from store.micros import SECOND

RING = SECOND  # at most, and every worker has seen what was committed: ``keys/current.py``

_LOG = structlog.get_logger("motcua")


@dataclass(frozen=True, slots=True)
class Safe:
    """``since`` then, nobody at this agency believes what the key signs. ``clients``: who may.

    ``told``: those of them that get a notice, by a message of the outbox. What cannot be read may
    believe it, too, and has to be called.
    """

    agency_id: str
    clients: tuple[str, ...]
    since: int
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stopped:
    """``signs``: the key that signs now; None if nobody does. ``unreadable``: clients.

    ``successor``: who has it, where it signs instead; None where that could not be read.
    """

    moves: Sequence[Move]
    agencies: Sequence[Safe]
    signs: Life | None
    successor: Readiness | None
    unreadable: tuple[str, ...] = ()


async def compromise(
    parts: Parts, kid: str, by: By, now: int, revoke: Collection[str] = ()
) -> Stopped:
    """The key is out, its successor signs, refresh tokens of ``revoke`` are worth nothing.

    In that commit lie the notices to all who named an address for them: disabled ones, too, for
    what they have they may still believe, and those that nobody can read now. Raises ``Refused``
    and ``Raced``, and then nothing was done.
    """
    whose = await parts.clients.agencies()
    listed = await parts.clients.list()
    clients = [it.client for it in listed]
    unreadable = {it: whose[it] for it in whose.keys() - {it.client_id for it in clients}}
    _all_known(revoke, {it.client.client_id for it in listed if it.disabled_at is None})
    also = [
        write for client_id in revoke for write in parts.families.end_of_client(client_id, kid, now)
    ]
    also += [
        parts.post.letters.insert(message_id(kid, client_id), LOST, {}, now)
        for client_id in [*sorted(unreadable), *_with_address(clients)]
    ]
    taken = await parts.custody.take(kid, Step.COMPROMISE, by, now, also)
    agencies = safe_agencies(clients, unreadable, taken.moves[0].was, now)
    successor = await _successor(parts, taken, now)
    return Stopped(taken.moves, agencies, taken.signs, successor, tuple(sorted(unreadable)))


def _all_known(named: Collection[str], known: Collection[str]) -> None:
    """Raises ``Refused``."""
    unknown = sorted({*named} - {*known})
    if unknown:
        raise Refused(f"there is no client {', '.join(unknown)}: `motcua clients list` names them")


def _with_address(clients: Sequence[Client]) -> Sequence[str]:
    return [it.client_id for it in clients if it.key_notices_uri is not None]


async def _successor(parts: Parts, taken: Taken, now: int) -> Readiness | None:
    """It is done by now: what cannot be read fails nobody."""
    if taken.moves[0].was.state is not State.ACTIVE or taken.signs is None:
        return None
    try:
        [found] = await parts.gate.look([taken.signs], now)
    except Unavailable:
        _LOG.warning("keys", outcome="who has the successor is not known", kid=taken.signs.kid)
        return None
    return found


def safe_agencies(
    clients: Sequence[Client], unreadable: Mapping[str, str], lost: Life, now: int
) -> Sequence[Safe]:
    """Those whose services never expect its algorithm are safe already.

    ``unreadable``: whose those are of which nobody knows what they expect.
    """
    last_seen = now + RING if lost.state in SHOWN else lost.changed_at
    forgotten = max(now, last_seen + MAX_AGE * SECOND)
    whose = {it.client_id: it.agency_id for it in clients} | {**unreadable}
    believe = {it.client_id for it in clients if lost.alg in believed(it)} | unreadable.keys()
    found = []
    for agency_id in sorted({*whose.values()}):
        may = tuple(sorted(it for it in believe if whose[it] == agency_id))
        told = tuple(sorted({*may} & {*_with_address(clients)}))
        found.append(Safe(agency_id, may, forgotten if may else now, told))
    return found
