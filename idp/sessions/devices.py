"""In which browsers a person has signed in before: whoever comes from a new one, they are told.

NIST SP 800-63B-4 section 4.6. A browser keeps a random secret for a year, past every sign-out;
here lies its digest together with the account, so the table does not say which people share one.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field

from idp.letters import Letters
from idp.notices.write import NEW_DEVICE, NOTICE
from keys.secrets import digest, new_id, new_secret
from store.cleanup import Rubbish
from store.database import Database, Write
from store.micros import DAY
from store.outbox import OUTBOX, fresh
from store.schema import Row, micros, table

KEPT = 400 * DAY  # as long as a browser may keep a cookie: RFC 6265bis section 5.6.2


class DeviceRow(Row, table=True):
    __tablename__ = "device"

    device_digest: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.account_id", index=True)
    seen_at: int = micros(index=True)


@dataclass(frozen=True, slots=True)
class Device:
    """A browser as it comes. ``secret``: none if it keeps none; ``label``: its kind."""

    secret: str | None
    label: str


_DEVICE = table(DeviceRow)
_NEW = insert(_DEVICE)
_SEEN = _NEW.on_conflict_do_update(
    index_elements=["device_digest"], set_={"seen_at": _NEW.excluded.seen_at}
)
_TELL = insert(OUTBOX).from_select(
    [column.name for column in OUTBOX.c],
    select(*(bindparam(column.name, type_=column.type) for column in OUTBOX.c)).where(
        ~exists().where(_DEVICE.c.device_digest == bindparam("the_device"))
    ),
)
RUBBISH = Rubbish(_DEVICE, "seen_at", KEPT)


class Devices:
    def __init__(self, database: Database, letters: Letters) -> None:
        self._database = database
        self._letters = letters
        self._seen = database.prepare(_SEEN)
        self._tell = database.prepare(_TELL)

    async def enter(self, device: Device, account_id: str, now: int) -> str:
        """The secret for the browser to keep. What has to be told is on disk before that."""
        secret = device.secret or new_secret()
        name, known_as = new_id(now), digest(f"{secret} {account_id}")
        content = {
            "kind": NEW_DEVICE,
            "account_id": account_id,
            "at": now,
            "label": device.label,
        }
        told = {
            "message_id": name,
            "kind": NOTICE,
            "body": self._letters.seal(name, content),
            "the_device": known_as,
            **fresh(now),
        }
        seen = {"device_digest": known_as, "account_id": account_id, "seen_at": now}
        await self._database.commit(Write(self._tell, told), Write(self._seen, seen))
        return secret
