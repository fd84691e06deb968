"""A register that keeps failing is left alone for a while; then one caller tries again."""

from dataclasses import dataclass, replace

from store.micros import SECOND

MOST_FAILURES = 5
PAUSE = 10 * SECOND


@dataclass(frozen=True, slots=True)
class Breaker:
    """The state of one register, as this process knows it."""

    failures: int = 0
    closed_off_until: int = 0

    def may_try(self, now: int) -> bool:
        """Whether a call may be made now."""
        return now >= self.closed_off_until

    def trying(self, now: int) -> "Breaker":
        """A call is being made. After a pause it is the only one until its outcome is known."""
        if self.failures < MOST_FAILURES:
            return self
        return replace(self, closed_off_until=now + PAUSE)

    def failed(self, now: int) -> "Breaker":
        """It did not answer, or not as agreed."""
        failures = self.failures + 1
        closed_off_until = now + PAUSE if failures >= MOST_FAILURES else 0
        return Breaker(failures, closed_off_until)


WORKING = Breaker()
