"""A notice leaves with the change it tells of, and the table does not say about whom."""

from typing import get_args

import pytest
from sqlalchemy import false, update

from idp.notices.write import NOTICE, Kind
from store.database import Unchanged, Write
from store.outbox import OutboxRow
from store.schema import table
from tests.world import World

pytestmark = pytest.mark.anyio

NO_ROW = update(table(OutboxRow)).where(false()).values(attempts=0)


@pytest.mark.parametrize("kind", get_args(Kind))
async def test_a_notice_lies_sealed_in_the_outbox(world: World, kind: Kind) -> None:
    parts = world.house.parts
    await parts.storage.database.commit(*parts.notices.write(kind, "an account", world.now, "Anh"))

    [claimed] = await parts.post.outbox.due(world.now)
    message = claimed.message
    assert message.kind == NOTICE
    assert b"account" not in message.body
    assert parts.post.letters.open(message.message_id, message.body) == {
        "kind": kind,
        "account_id": "an account",
        "at": world.now,
        "label": "Anh",
    }


async def test_what_was_not_changed_is_not_told(world: World) -> None:
    parts = world.house.parts
    database = parts.storage.database
    nothing = Write(database.prepare(NO_ROW), {}, must_change=True)
    with pytest.raises(Unchanged):
        await database.commit(*parts.notices.write("totp_added", "an account", world.now), nothing)
    assert await parts.post.outbox.due(world.now) == ()
