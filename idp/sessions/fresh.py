"""Whether somebody proved just now, as surely as they can, who they are.

NIST SP 800-63B-4 section 4.1.2: whoever changes how they sign in does it at the best level the
account has.
"""

from idp.sessions.sql import LiveSession
from store.micros import MINUTE

FRESH = 5 * MINUTE
MULTI_FACTOR = "mfa"  # RFC 8176 section 2


def is_fresh(session: LiveSession, best_level: int, now: int) -> bool:
    """``best_level``: of the authenticators the person has, whatever the account is good for."""
    return now - session.auth_time <= FRESH and proven_level(session.amr) >= best_level


def proven_level(amr: tuple[str, ...]) -> int:
    """What was used to sign in: one factor or two."""
    return 2 if MULTI_FACTOR in amr else 1
