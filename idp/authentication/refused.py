"""That a guess was wrong, or not looked at. NIST SP 800-63B-4 section 3.2.2."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """``wait``: whole seconds until another guess is looked at. ``off``: waiting does not help."""

    wait: int = 0
    off: bool = False
