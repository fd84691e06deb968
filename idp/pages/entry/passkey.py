"""The sign-in page's passkey: what its script is told, and what comes back in its form.

WebAuthn Level 3 section 7.2. However it fails, the page says what to do next, and the password is
still there.
"""

from http import HTTPStatus

from idp.authentication.passkeys import PasskeyRefused
from idp.authentication.passkeys.sign_in import Presented
from idp.pages.door import Door, enter
from idp.pages.entry.trouble import Trouble
from idp.pages.site import Site
from idp.sessions.label import label
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Answer, Request
from oidc.params import Params

SCRIPT = "passkey.js"
MISSING = Trouble(name="passkey_missing", status=HTTPStatus.BAD_REQUEST)
EXPIRED = Trouble(name="passkey_expired", status=HTTPStatus.BAD_REQUEST)
REFUSED = Trouble(name="passkey_refused", status=HTTPStatus.BAD_REQUEST)


async def by_passkey(
    site: Site, request: Request, to: Door, form: Params, now: int
) -> Answer | Trouble:
    """In, or why not."""
    credential = form.get("credential")
    if credential is None:
        return MISSING
    presented = Presented(
        credential=credential,
        flow=to.flow,
        browser_secret=request.cookie(BROWSER),
        label=label(request.header(b"user-agent") or ""),
    )
    try:
        started = await site.passkeys.sign_in.attempt(presented, now)
    except PasskeyRefused as refused:
        return EXPIRED if refused.why == "expired" else REFUSED
    return await enter(site, to, started, now)
