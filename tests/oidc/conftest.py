"""Ada, signed in."""

import pytest

from tests.oidc.front import Browser, browser
from tests.world import World


@pytest.fixture
async def ada(world: World) -> Browser:
    signed_in = browser(world)
    await signed_in.sign_in()
    return signed_in
