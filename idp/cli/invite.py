"""``motcua clients invite``: an initial access token. RFC 7591 section 1.2.

It is shown once and kept as a digest.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from clients.dynamic.invites import Invite, Invites
from idp.cli.console import AsJson, fail, read_settings, run, show
from idp.parts import Parts
from keys.secrets import new_id
from store.database import Violation
from store.micros import DAY

Whose = Annotated[
    str | None, typer.Option("--agency", help="Whose they will be; if left out, their host's.")
]
Why = Annotated[str | None, typer.Option("--purpose", help="Why they may ask people's data.")]
HowMany = Annotated[int, typer.Option("--clients", min=1, max=10_000, help="How many.")]
HowLong = Annotated[int, typer.Option("--days", min=1, max=365, help="For how long.")]


def invite(
    agency_id: Whose = None,
    purpose_id: Why = None,
    clients: HowMany = 1,
    days: HowLong = 7,
    as_json: AsJson = False,
) -> None:
    """Let clients register themselves with a token, which is shown this once."""
    if read_settings().registration.mode == "off":
        fail("registration is off: set MOTCUA_REGISTRATION__MODE to invited")
    said = {"agency_id": agency_id, "purpose_id": purpose_id, "remaining": clients}
    show([made(said, days)], as_json=as_json)


def made(said: Mapping[str, Any], days: int) -> dict[str, str]:
    """Its name and its token. What is not there cannot be named."""

    async def work(parts: Parts, now: int) -> dict[str, str]:
        why = said["purpose_id"]
        if why is not None and await parts.purposes.show(why) is None:
            fail(f"there is no purpose {why}: declare it in a file")
        invited = Invite(invite_id=new_id(now), ends_at=now + days * DAY, **said)
        token = await Invites(parts.storage.database, parts.ledger).make(invited, now)
        return {"invite_id": invited.invite_id, "initial_access_token": token}

    try:
        return run(work)
    except Violation:
        fail("there is no such agency: declare it in a file, with `motcua clients apply`")
