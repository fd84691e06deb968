"""The whole, on each engine: for the tests of what is written differently there."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.idp.test_postgres import on_postgres
from tests.world import World, open_world


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> AbstractAsyncContextManager[World]:
    if request.param == "sqlite":
        return open_world(tmp_path)
    return on_postgres(tmp_path, request.getfixturevalue("postgres_url"))


@pytest.fixture
async def each_world(opened: AbstractAsyncContextManager[World]) -> AsyncIterator[World]:
    async with opened as world:
        yield world
