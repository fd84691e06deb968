"""How long an authentication counts, by its level.

NIST SP 800-63B-4 sections 2.1.3 (level 1: thirty days) and 2.2.3 (level 2: a day, and an hour in
which nothing was done). A session is never above the authentication that made it; when the time of
level 2 has run out, it goes on and counts for level 1.
"""

from store.micros import DAY, MINUTE

LIFE = 30 * DAY
LIFE_OF_2 = DAY
IDLE_OF_2 = 60 * MINUTE
SEEN_EVERY = 5 * MINUTE

LOWEST = "urn:nid:acr:1"


def acr_now(acr: str, *, auth_time: int, seen_at: int, now: int) -> str:
    """What is left of ``acr``. Times in microseconds."""
    over = now - auth_time >= LIFE_OF_2 or now - seen_at >= IDLE_OF_2
    return LOWEST if over else acr
