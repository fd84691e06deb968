from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import Database
from tests.consent.house import House, furnish, one_time, open_house


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    async with one_time(tmp_path) as store, open_house(database, store) as opened:
        await furnish(opened)
        yield opened
