"""Work that is done while a commit is on its way to the disk. Its result still waits for it."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

from consent.ports import Then
from oidc.begun import Begun

Committed = TypeVar("Committed")
Made = TypeVar("Made")
Work = Callable[[], Coroutine[Any, Any, Made]]


async def meanwhile(
    commit: Callable[[Then], Awaitable[Committed]], work: Work[Made], *, waits: bool
) -> tuple[Committed, Made]:
    """Both results, or a fault of one of them; the work of many requests is done in one go.

    ``waits``: whether the work waits for another machine. Then it comes first, and if it fails
    nothing was used up: who asked may ask again.
    """
    if waits:
        made = await work()
        return await commit(None), made
    under_way = UnderWay(work)
    committed = await commit(under_way)
    return committed, await under_way.made()


class UnderWay(Generic[Made]):
    """Work that never gives way. Called by the store, it raises nothing: ``made`` does.

    It is called outside the request it belongs to: what it logs would go without its id.
    """

    def __init__(self, work: Work[Made]) -> None:
        self._work = work
        self._begun: Begun[Made] | None = None
        self._fault: Exception | None = None

    def __call__(self) -> None:
        try:
            self._begun = Begun(self._work())
        except Exception as fault:  # noqa: BLE001  whatever it is, whoever waits for it is told
            self._fault = fault

    async def made(self) -> Made:
        """Done now, if it was not. Raises what it raised."""
        if self._fault is not None:
            raise self._fault
        return await (self._begun or self._work())
