"""Every place where a private part may lie."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from keys.signers.keepers import Keepers
from keys.signers.pkcs11 import Pkcs11
from tests.keys.signers import softhsm
from tests.keys.signers.service import papers, signing_service
from tests.keys.signers.softhsm import Token
from tests.keys.signers.told import Told


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def token(tmp_path: Path) -> Token:
    return softhsm.token(tmp_path)


@pytest.fixture
def my_token(tmp_path: Path) -> Token:
    return softhsm.token(tmp_path, mine=True)


@pytest.fixture
async def keeper(token: Token) -> AsyncIterator[Pkcs11]:
    keeper = token.keeper()
    await keeper.open()
    yield keeper
    keeper.close()


@pytest.fixture(params=["software", "pkcs11", "remote"])
async def keepers(
    request: pytest.FixtureRequest, tmp_path: Path, told: Told
) -> AsyncIterator[Keepers]:
    async with AsyncExitStack() as stack:
        if request.param == "software":
            yield Keepers(watch=told)
            return
        if request.param == "remote":
            known = papers(tmp_path)
            port, _ = stack.enter_context(signing_service(known))
            remote = known.caller(port)
            stack.push_async_callback(remote.close)
            yield Keepers([remote], makes=remote.name, patience=10, watch=told)
            return
        keeper = softhsm.token(tmp_path).keeper()
        await keeper.open()
        stack.callback(keeper.close)
        yield Keepers([keeper], makes=keeper.name, patience=10, watch=told)
