"""How ready a key is: which services have fetched it, which have not, and what they carry.

OpenID Connect Core section 10.1.1. Values in, values out: the gate, the command line and the
console's page all show what is said here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from keys.lives.lifecycle import Life
from keys.signing_key import SHOWN, State

PER_PERCENT = 1_000_000  # so finely is a limit read


class Has(StrEnum):
    """Unknown: nobody could tell if it had. Where it was seen all the same, it has."""

    FETCHED = "fetched"
    NOT = "not fetched"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """``known``: its fetches are told from those of others. ``algs``: by which it is signed to.

    ``sign_ins``: of the last thirty days.
    """

    client_id: str
    name: str
    agency_id: str
    known: bool
    algs: frozenset[str]
    sign_ins: int


@dataclass(frozen=True, slots=True)
class Fetch:
    """That a service had this key: when it was seen first and, to the hour, last."""

    client_id: str
    kid: str
    first_at: int
    last_at: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One service and one key. ``share``: of the sign-ins that the key is for, 0 to 1."""

    service: Service
    has: Has
    share: float
    first_at: int | None = None
    last_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Of a key that is shown. ``services``: all that it concerns, who carries most first."""

    kid: str
    alg: str
    state: State
    held_at: int | None
    services: tuple[Seen, ...]

    def those(self, has: Has) -> tuple[Seen, ...]:
        return tuple(it for it in self.services if it.has is has)

    def share(self, has: Has) -> float:
        """Of the sign-ins of the last thirty days, by those."""
        return sum(it.share for it in self.those(has))

    def sign_ins(self, *which: Has) -> int:
        return sum(it.service.sign_ins for it in self.services if it.has in which)

    @property
    def fetched(self) -> tuple[Seen, ...]:
        return self.those(Has.FETCHED)

    @property
    def stale(self) -> tuple[Seen, ...]:
        """Those that are known not to have it: tokens that it signs will be refused there."""
        return self.those(Has.NOT)

    @property
    def unknown(self) -> tuple[Seen, ...]:
        return self.those(Has.UNKNOWN)

    @property
    def known(self) -> int:
        """M, of which N have fetched it. Unknown ones are outside."""
        return len(self.fetched) + len(self.stale)

    def is_ready(self, stale_percent: float) -> bool:
        """Whether no more sign-ins than these hang on those that are known not to have it.

        In whole numbers, so that exactly as many never are a rounding too many.
        """
        tolerated = round(stale_percent * PER_PERCENT) * self.sign_ins(*Has)
        return self.sign_ins(Has.NOT) * 100 * PER_PERCENT <= tolerated


def readiness(life: Life, services: Iterable[Service], fetches: Iterable[Fetch]) -> Readiness:
    """Only of services that are signed to by the key's algorithm: no other ever meets it."""
    concerned = [it for it in services if life.alg in it.algs]
    whole = sum(it.sign_ins for it in concerned)
    found = {it.client_id: it for it in fetches if it.kid == life.kid}
    seen = [_seen(it, found.get(it.client_id), life, whole) for it in concerned]
    return Readiness(
        kid=life.kid,
        alg=life.alg,
        state=life.state,
        held_at=life.held_at,
        services=tuple(sorted(seen, key=lambda it: (-it.share, it.service.client_id))),
    )


def of_all(
    lives: Sequence[Life], services: Sequence[Service], fetches: Iterable[Fetch]
) -> Sequence[Readiness]:
    """Of each key that is shown now, in this order."""
    by_key: dict[str, list[Fetch]] = {}
    for fetch in fetches:
        by_key.setdefault(fetch.kid, []).append(fetch)
    shown = [life for life in lives if life.state in SHOWN]
    return [readiness(life, services, by_key.get(life.kid, ())) for life in shown]


def _seen(service: Service, fetch: Fetch | None, life: Life, whole: int) -> Seen:
    """Whoever had it before it was hidden for a while may have forgotten it since."""
    share = service.sign_ins / whole if whole else 0.0
    if fetch is not None and fetch.last_at >= life.published_at:
        return Seen(service, Has.FETCHED, share, fetch.first_at, fetch.last_at)
    return Seen(service, Has.NOT if service.known else Has.UNKNOWN, share)
