"""One provider for all of them: each is a client of its own."""

from collections.abc import Iterator

import pytest

from tests.interop.stage import Stage, open_stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("interop")) as opened:
        yield opened
