"""Who changes a signing key, and whose word it is. NIST SP 800-57 part 1 section 8."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keys.lives.lifecycle import Life


@dataclass(frozen=True, slots=True)
class Override:
    """That a key may sign although the services ``behind`` have not fetched it.

    ``officers``: whose word it is; at the command line one person's.
    """

    reason: str
    officers: tuple[str, ...]
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and why."""

    actor: str
    reason: str
    override: Override | None = None

    def overridden(self) -> Mapping[str, Any]:
        """What the event of an activation says of it, if anything was overridden."""
        it = self.override
        if it is None:
            return {}
        return {"override": it.reason, "officers": it.officers, "behind": it.behind}


Passed = Callable[[By, Life, int], Awaitable[By]]
"""``keys.readiness.gate.Gate.passed``: asked before a key signs that might as well wait."""
