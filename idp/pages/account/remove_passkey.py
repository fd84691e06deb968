"""Removing a passkey: asked first, then done, unless it is the last way in.

NIST SP 800-63B-4 section 4.1.2 (who does it has just signed in as surely as they can).
"""

from idp.authentication.passkeys.store import Passkey
from idp.pages.account.news import tell
from idp.pages.account.owner import owner, room, sent
from idp.pages.account.passkeys import described, just_proven
from idp.pages.door import sign_in_again
from idp.pages.paths import PASSKEYS, SIGN_IN
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Request, see_other

PATH = f"{PASSKEYS}/remove"


async def show(site: Site, request: Request, now: int) -> Answer:
    """What removing means, before it is done."""
    who = await owner(site, request, now)
    if who is None:
        return see_other(SIGN_IN)
    if not await just_proven(site, who.session, now):
        return see_other(sign_in_again(PASSKEYS))
    passkey_id = request.params().get("passkey") or ""
    passkey = await _mine(site, who.account_id, passkey_id)
    if passkey is None:
        return see_other(PASSKEYS)
    values = {"passkey": described(passkey, who.language)}
    return room(site, who, "remove_passkey.html", values, (PATH, {"passkey": passkey_id}))


async def submit(site: Site, request: Request, now: int) -> Answer:
    form, session = await sent(site, request, now)
    if session is None:
        return see_other(SIGN_IN)
    if not await just_proven(site, session, now):
        return see_other(sign_in_again(PASSKEYS))
    passkey = await _mine(site, session.account_id, form.need("passkey"))
    if passkey is None:
        return see_other(PASSKEYS)
    removed = await site.passkeys.enrol.remove(passkey, session, now)
    return await tell(
        site, session.account_id, {"done": "removed" if removed else "last"}, PASSKEYS
    )


async def _mine(site: Site, account_id: str, passkey_id: str) -> Passkey | None:
    mine = await site.passkeys.kept.of_account(account_id)
    return next((passkey for passkey in mine if passkey.passkey_id == passkey_id), None)
