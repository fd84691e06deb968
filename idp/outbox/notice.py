"""Sending a notice: as mail, into the spool. Who has given no address gets none."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from idp.accounts.sql import Accounts
from idp.letters import Letters
from idp.notices.mail import message as mail
from idp.notices.spool import Spool
from idp.pages.languages import Language
from store.outbox import Message

_EMAIL = "person.email"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCarrier:
    """``idp.outbox.carrier.Carrier``. ``host``: the provider's."""

    accounts: Accounts
    letters: Letters
    spool: Spool
    host: str
    languages: Sequence[Language]

    async def __call__(self, message: Message, _: int) -> None:
        name = message.message_id
        notice = self.letters.open(name, message.body)
        contact = await self.accounts.contact(notice["account_id"])
        if _EMAIL not in contact:
            return
        to = contact[_EMAIL]["email"]
        made = mail(notice, name, to=to, host=self.host, languages=self.languages)
        await asyncio.to_thread(self.spool.put, name, made)
