"""Every purpose that has a secret of its own: the one table of them (K-10, K-27).

NIST SP 800-57 part 1 section 5.2: a key is used for one purpose. Each of these is made by itself,
at random, and is wrapped by itself; nothing that is derived for one is of use for another. Signing
keys are kept apart, in ``keys/rows.py``: what each may be used for is said by the type of a token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from store.micros import DAY, HOUR

SEALING = "sealing"


@dataclass(frozen=True, slots=True)
class Purpose:
    """``renewable``: the newest secret makes, and all that have not ended check what was made.

    ``life``: so long after it was replaced, nothing that an old one made is good any more; None
    where that is not a matter of time.
    """

    name: str
    does: str
    renewable: bool = True
    life: int | None = None


PURPOSES: Mapping[str, Purpose] = MappingProxyType(
    {
        it.name: it
        for it in (
            Purpose(SEALING, "Seals columns of the database that must be read back."),
            Purpose("one-time values", "Seals the one-time store.", life=2 * DAY),
            Purpose("codes", "Seals what authorization codes carry.", life=HOUR),
            Purpose("csrf", "Marks the forms of our pages, for a day.", life=2 * DAY),
            Purpose("refresh tokens", "Proves that a refresh token is ours.", life=91 * DAY),
            Purpose("password", "The keyed step before a password is hashed."),
            # What these make is looked up, or kept by agencies: another secret, other names.
            Purpose("sid", "Names a session at one agency.", renewable=False),
            Purpose("identifier digest", "Finds a personal number.", renewable=False),
        )
    }
)
