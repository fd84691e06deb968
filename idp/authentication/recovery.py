"""Recovery codes: ten on paper, each good once in place of the app's.

NIST SP 800-63B-4 sections 3.1.2 and 4.2.1.1. Each is 120 random bits, more than the 112 from which
on a plain digest will do: nobody can try them all, with or without the table. For the same reason
wrong ones need not be counted.
"""

from collections.abc import Sequence
from secrets import choice

from idp.accounts.person import in_our_digits
from keys.secrets import digest

MANY = 10
GROUPS, GROUP = 6, 4  # 24 characters of 5 bits each
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: none looks like another
_READ_AS = str.maketrans("oil", "011", " -\u2010\u2011\u2013\t")


def is_recovery_code(typed: str) -> bool:
    """Whether it has their length; what an app shows never has."""
    return len(_plain(typed)) == GROUPS * GROUP


def new_codes() -> Sequence[str]:
    """Ten of them, as they are printed."""
    return [_new() for _ in range(MANY)]


def _new() -> str:
    return "-".join("".join(choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def code_digest(code: str) -> str:
    """The form in which it is kept, however it was typed: capitals, gaps, O for 0."""
    return digest(_plain(code))


def _plain(typed: str) -> str:
    return in_our_digits(typed).lower().translate(_READ_AS)
