"""A cached value is never older than a second, and nothing is remembered as missing."""

import pytest

from store.cache import Cached
from store.micros import SECOND

pytestmark = pytest.mark.anyio


class Shelf:
    """Where the values are, and how often somebody looked."""

    def __init__(self, **values: str) -> None:
        self.values = values
        self.looked: list[str] = []

    async def load(self, key: str) -> str | None:
        self.looked.append(key)
        return self.values.get(key)


async def test_a_value_is_loaded_again_once_it_is_a_second_old() -> None:
    shelf = Shelf(a="old")
    cached = Cached(shelf.load, most=10)
    assert await cached.get("a", 0) == "old"
    shelf.values["a"] = "new"
    assert await cached.get("a", SECOND - 1) == "old"
    assert await cached.get("a", SECOND) == "new"


async def test_a_clock_that_was_set_back_does_not_keep_a_value_alive() -> None:
    shelf = Shelf(a="old")
    cached = Cached(shelf.load, most=10)
    await cached.get("a", 100 * SECOND)
    shelf.values["a"] = "new"
    assert await cached.get("a", 50 * SECOND) == "new"


async def test_what_is_missing_is_looked_for_each_time() -> None:
    shelf = Shelf()
    cached = Cached(shelf.load, most=10)
    assert await cached.get("a", 0) is None
    shelf.values["a"] = "now it is"
    assert await cached.get("a", 0) == "now it is"


async def test_what_has_gone_is_gone_after_a_second() -> None:
    shelf = Shelf(a="v")
    cached = Cached(shelf.load, most=10)
    await cached.get("a", 0)
    shelf.values.clear()
    assert await cached.get("a", SECOND) is None
    assert await cached.get("a", SECOND) is None


async def test_it_does_not_grow_past_its_bound() -> None:
    shelf = Shelf(a="1", b="2", c="3")
    cached = Cached(shelf.load, most=2)
    for key in ("a", "b", "c", "b", "c", "a"):
        await cached.get(key, 0)
    assert shelf.looked == ["a", "b", "c", "a"]
