"""Work that is done while a commit is on its way to the disk. Its result still waits for it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Committed = TypeVar("Committed")
Made = TypeVar("Made")


async def meanwhile(
    commit: Coroutine[Any, Any, Committed], work: Callable[[], Made]
) -> tuple[Committed, Made]:
    """Both results; or the first fault, and the commit is never left behind unheard."""
    under_way = asyncio.ensure_future(commit)
    try:
        await asyncio.sleep(0)  # it hands its rows over
        made = work()
    except BaseException:
        await asyncio.wait([under_way])
        raise
    return await under_way, made
