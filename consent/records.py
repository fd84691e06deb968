"""Decisions, kept: one live record for each (account, client, purpose).

A decision is made by a gesture in a live session, on a notice whose words are kept; it is
written once however often the form is sent. Withdrawing a record and ending its grants is one
commit, and that commit is the moment that counts.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict

from sqlalchemy import ColumnElement

from consent import statements
from consent.model import Decision, Record, Refusal
from consent.statements import record_of, record_values
from keys.secrets import digest, new_id
from ledger.event import Ledger
from ledger.kinds import DecisionMade, DecisionRefused, RecordWithdrawn
from store.database import Conflict, Database, Unavailable, Unchanged, Write

ATTEMPTS = 10  # each loses to another process that decided the same at the same moment

Forget = Callable[[str], Awaitable[None]]


class SqlRecords:
    """``session_is_live`` binds ``session_id`` and ``now``; ``forget`` drops cached values."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        *,
        session_is_live: ColumnElement[bool],
        forget: Forget,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._forget = forget
        self._insert = database.prepare(statements.insert_record(session_is_live))
        self._keep_notice = database.prepare(statements.KEEP_NOTICE)
        self._supersede = database.prepare(statements.SUPERSEDE)
        self._move_grants = database.prepare(statements.MOVE_GRANTS)
        self._answered = database.prepare(statements.ANSWERED)
        self._live = database.prepare(statements.LIVE)
        self._withdraw = database.prepare(statements.WITHDRAW)
        self._end_grants = database.prepare(statements.END_GRANTS)

    async def decide(self, decision: Decision, now: int) -> Record | None:
        """The record of this decision; sent again, the same one.

        None: the session has ended, the purpose has changed, or it was refused before.
        Raises ``Unavailable`` when nothing could be written.
        """
        for _ in range(ATTEMPTS):
            answered = await self._answered_by(decision.interaction_id)
            if answered:
                return answered[0]
            try:
                return await self._write(decision, now)
            except Unchanged:
                return None
            except Conflict:
                continue
        raise Unavailable("too many decide the same at once")

    async def _answered_by(self, interaction_id: str) -> list[Record | None]:
        rows = await self._database.read(self._answered, interaction_digest=digest(interaction_id))
        return [None if row["record_id"] is None else record_of(row) for row in rows]

    async def _write(self, decision: Decision, now: int) -> Record:
        values = record_values(decision, new_id(now), now)
        await self._database.commit(
            Write(self._keep_notice, asdict(decision.notice)),
            Write(self._supersede, values),
            Write(self._insert, values, must_change=True),
            Write(self._move_grants, {**values, "successor": values["record_id"]}),
            self._ledger.insert(_made(decision, values["record_id"]), now),
        )
        return record_of(values)

    async def refuse(self, refusal: Refusal, now: int) -> None:
        """Say so in an event. Sent again, or after *share*, it changes nothing."""
        refused = DecisionRefused(
            event_id=digest(refusal.interaction_id),
            account_id=refusal.account_id,
            client_id=refusal.client_id,
            purpose_id=refusal.purpose.purpose_id,
            purpose_version=refusal.purpose.version,
            asked=tuple(sorted(refusal.asked)),
            notice_sha256=refusal.notice.sha256,
        )
        notice = Write(self._keep_notice, asdict(refusal.notice))
        with suppress(Conflict):
            await self._database.commit(notice, self._ledger.insert(refused, now))

    async def live(self, account_id: str, now: int) -> list[Record]:
        """What this person shares now, the newest first."""
        rows = await self._database.read(self._live, account_id=account_id, now=now)
        return [record_of(row) for row in rows]

    async def withdraw(self, record_id: str, account_id: str, now: int) -> bool:
        """The record, every grant that rests on it and the event, in one commit.

        False: it is not this person's, or it had ended before.
        """
        values = {"the_record": record_id, "the_account": account_id, "now": now}
        withdrawn = RecordWithdrawn(
            event_id=new_id(now), record_id=record_id, account_id=account_id
        )
        try:
            await self._database.commit(
                Write(self._withdraw, values, must_change=True),
                Write(self._end_grants, values),
                self._ledger.insert(withdrawn, now),
            )
        except Unchanged:
            return False
        with suppress(Unavailable):  # tidying: nothing that has ended is delivered from a cache
            await self._forget(account_id)
        return True


def _made(decision: Decision, record_id: str) -> DecisionMade:
    given = decision.allowed & decision.asked
    return DecisionMade(
        event_id=digest(decision.interaction_id),
        record_id=record_id,
        account_id=decision.account_id,
        client_id=decision.client_id,
        purpose_id=decision.purpose.purpose_id,
        purpose_version=decision.purpose.version,
        given=tuple(sorted(given)),
        refused=tuple(sorted(decision.asked - given)),
        acr=decision.acr,
        session_id=decision.session_id,
        notice_sha256=decision.notice.sha256,
        language=decision.notice.language,
    )
