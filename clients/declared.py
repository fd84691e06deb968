"""What is declared, made so: compared with what there is, then written in one commit."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from store.database import Conflict, Database, Unavailable, Unchanged, Write

Change = Literal["added", "changed"]

ATTEMPTS = 50  # each loses to another process that declared at the same moment


@dataclass(frozen=True, slots=True)
class Applied:
    """One line of the report."""

    kind: Literal["agency", "client", "purpose"]
    name: str
    change: Change | Literal["unchanged"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one declaration needs. No writes: it is so already."""

    said: Applied
    writes: Sequence[Write] = ()


async def make_so(
    database: Database, look: Callable[[], Awaitable[Sequence[Step]]]
) -> Sequence[Applied]:
    """All steps in one commit, and a report of each; ``look`` again when others were first.

    Raises ``Unavailable`` when others never stop changing the same.
    """
    for _ in range(ATTEMPTS):
        steps = await look()
        with suppress(Conflict, Unchanged):
            await database.commit(*(write for step in steps for write in step.writes))
            return [step.said for step in steps]
    raise Unavailable("others declare the same all the time")
