"""A coroutine that has begun: it ran until it had to wait for the first time, if it had to.

PEP 492: what ``await`` does, in two steps, so that work can be done between them, or nothing need
be set up for a wait that never comes. No task is made for it.
"""

from collections.abc import Coroutine, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Begun(Generic[T]):
    """To be awaited once, by the task that began it. Raises what it raises before its first wait.

    ``over``: it never waited, so awaiting gives the result at once.
    """

    _result: T

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work
        self.over = False
        try:
            self._waits_for = work.send(None)
        except StopIteration as end:
            self.over, self._result = True, end.value

    def __await__(self) -> Generator[Any, Any, T]:
        if self.over:
            return self._result
        awaited = self._waits_for
        try:
            while True:
                try:
                    sent = yield awaited
                except BaseException as error:  # noqa: BLE001  cancelling is one: it is for the work
                    awaited = self._work.throw(error)
                else:
                    awaited = self._work.send(sent)
        except StopIteration as end:
            result: T = end.value
            return result
