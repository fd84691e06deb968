"""How long a key may do what: NIST SP 800-57 part 1 section 5.3; OpenID Connect Core 10.1.1.

The times bind outside the demonstration, which may try in seconds what otherwise takes months.
"""

from dataclasses import dataclass
from typing import Self

from store.micros import DAY, HOUR, MINUTE

EVERY = 90 * DAY
AHEAD = 48 * HOUR
LEAST_AHEAD = DAY
LONGEST_LIFE = HOUR  # nothing that we sign is good for longer
SKEW = 5 * MINUTE  # how far the clocks of others may be behind
PENDING = 7 * DAY
ARCHIVE = 400 * DAY
STALE = 1.0  # per cent
SOON = 12  # turns of a demonstration's rotation

DUE, OVERDUE, STOPPED = 80, 100, 120
"""Per cent of a cryptoperiod at which somebody is told. Past the last nothing is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """``every``: how long a key signs before its successor does.

    ``ahead``: how long all must have been able to see a key before it signs. ``behind``: how long
    it is shown after it has signed for the last time. ``pending``: the time in which a destruction
    can be thought better of. ``archive``: how long a destroyed key still knows its signature in an
    ``id_token_hint``. ``stale_percent``: of the sign-ins that a key is for, how many may hang on
    services that are known not to have fetched it when it begins to sign; in a demonstration all.
    ``demonstration``: keys that are made bear a mark, and start nowhere else.
    """

    demonstration: bool = False
    every: int = EVERY
    ahead: int = AHEAD
    behind: int = LONGEST_LIFE + SKEW
    pending: int = PENDING
    archive: int = ARCHIVE
    stale_percent: float = STALE

    @classmethod
    def of_demonstration(cls, every: int = EVERY) -> Self:
        """Nothing waits for anybody, and what follows a rotation comes soon after it."""
        return cls(
            demonstration=True,
            every=every,
            ahead=0,
            behind=min(LONGEST_LIFE + SKEW, SOON * every),
            pending=min(PENDING, SOON * every),
            archive=min(ARCHIVE, SOON * every),
        )

    @property
    def cryptoperiod(self) -> int:
        """Rotation is due at 80 % of it: where rotation works, nobody is alarmed.

        At least an hour: who rotates every few seconds is trying out, and is not to be stopped.
        """
        return max(self.every * 100 // DUE, HOUR)

    def reached(self, per_cent: int) -> int:
        """How old a key is then."""
        return self.cryptoperiod * per_cent // 100
