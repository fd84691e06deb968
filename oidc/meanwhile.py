"""Work that is done while a commit is on its way to the disk. Its result still waits for it."""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from oidc.begun import Begun

Committed = TypeVar("Committed")
Made = TypeVar("Made")


async def meanwhile(
    commit: Coroutine[Any, Any, Committed], work: Callable[[], Awaitable[Made]], *, waits: bool
) -> tuple[Committed, Made]:
    """Both results; or the first fault, and the commit is never left behind unheard.

    ``waits``: whether the work waits for another machine. Then it comes first, and if it fails
    nothing was used up: who asked may ask again.
    """
    if waits:
        return await _after(commit, work)
    under_way = Begun(commit)  # it has handed its rows over
    try:
        made = await work()  # without giving way
    except BaseException:
        with suppress(Exception):
            await under_way
        raise
    return await under_way, made


async def _after(
    commit: Coroutine[Any, Any, Committed], work: Callable[[], Awaitable[Made]]
) -> tuple[Committed, Made]:
    try:
        made = await work()
    except BaseException:
        commit.close()
        raise
    return await commit, made
